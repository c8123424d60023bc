"""Read a name, a telephone number, an e-mail address out of what people answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vntext import find_pii, normalize, views

_LABEL = re.compile(
    r"\b(?:số điện thoại|điện thoại|đt|sđt|sdt|dt|số|so|e-?mail|gmail|mail|họ và tên|họ tên|ho ten"
    r"|tên tôi là|tôi tên là|tôi tên|tên em là|em tên là|tên là|tên|ten|toi|tôi là|em là|zalo"
    r"|liên hệ|lien he|của tôi là|của tôi|cua toi|của em|là|la|nhé|nhe|ạ|dạ|da|a)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d .\-]{3,}\d")
_MOST_NAME_WORDS = 6


@dataclass(frozen=True)
class Contact:
    """What was found; ``broken`` when something looks like a number or address but is not one."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    broken: bool = False

    @property
    def empty(self) -> bool:
        """Nothing usable was found."""
        return not (self.name or self.phone or self.email)

    def fields(self) -> dict[str, str]:
        """The fields of the intake's PATCH."""
        found = {"name": self.name, "phone": self.phone, "email": self.email}
        return {k: v for k, v in found.items() if v}


def read_contact(text: str) -> Contact:
    """Find the contact details in an answer to "họ tên, số điện thoại hoặc e-mail"."""
    text = normalize(text)
    phone = email = None
    rest = text
    for span in find_pii(text):
        if span.kind == "phone":
            phone = phone or re.sub(r"[^\d+]", "", span.text)
        elif span.kind == "email":
            email = email or span.text.replace(" ", "")
        else:
            continue
        rest = rest.replace(span.text, " ")
    broken = (phone is None and bool(_DIGITS.search(rest))) or (email is None and "@" in rest)
    rest = _LABEL.sub(" ", rest)
    words = re.findall(r"[^\W\d_]+", rest)
    name = " ".join(words) if 0 < len(words) <= _MOST_NAME_WORDS and not broken else None
    return Contact(name, phone, email, broken)


def is_contact(text: str) -> bool:
    """Whether an answer is contact details rather than another sentence of the complaint."""
    contact = read_contact(text)
    if contact.phone or contact.email or contact.broken:
        return True
    return contact.name is not None and not re.search(r"[.?!,;]\s", views(text).folded)
