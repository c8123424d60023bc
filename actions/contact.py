"""Read a name, a telephone number, an e-mail address out of what people answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vntext import find_pii, fold, normalize, views

_LABEL = re.compile(
    r"\b(?:số điện thoại|điện thoại|đt|sđt|sdt|dt|số|so|e-?mail|gmail|mail|họ và tên|họ tên|ho ten"
    r"|tên tôi là|tôi tên là|tôi tên|tên em là|em tên là|tên là|tên|ten|toi|tôi là|em là|zalo"
    r"|liên hệ|lien he|của tôi là|của tôi|cua toi|của em|là|la|nhé|nhe|ạ|dạ|da|a)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d .\-]{3,}\d")
_MOST_NAME_WORDS = 4
_MOST_OTHER_WORDS = 4
_CUE = re.compile(r"\b(?:ten|toi la|em la|minh la|ho ten)\b")
# Words of a sentence, not of a name (folded; none of these is a usual given name).
_NO_NAME = frozenset(
    [
        "khong",
        "ko",
        "k",
        "chua",
        "duoc",
        "co",
        "cho",
        "gi",
        "sao",
        "nao",
        "truong",
        "hoc",
        "thu",
        "tien",
        "con",
        "nua",
        "cung",
        "vay",
        "thi",
        "ma",
        "nhung",
        "va",
        "cua",
        "nguoi",
        "biet",
        "can",
        "muon",
        "gui",
        "lam",
        "roi",
        "xong",
        "dau",
        "day",
        "kia",
        "cai",
        "viec",
        "phan",
        "so",
        "bao",
        "mat",
        "day",
        "du",
        "moi",
        "nguoi",
        "thoi",
        "ok",
        "uh",
        "u",
        "vang",
        "gui",
        "nhe",
        "chi",
        "nay",
        "ho",
        "cac",
        "nhung",
        "rat",
        "qua",
        "bat",
        "phai",
        "bi",
        "de",
        "nghi",
        "them",
        "tra",
        "chau",
        "lop",
        "giao",
        "vien",
        "hieu",
        "truong",
        "phu",
        "huynh",
        "hs",
        "gv",
        "bao",
        "nhieu",
        "tai",
        "vi",
        "nen",
        "hay",
        "hoac",
        "voi",
        "vao",
        "ra",
    ]
) - {"chi", "hay"}


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
    return Contact(None if broken else _name(text, rest), phone, email, broken)


def _name(text: str, rest: str) -> str | None:
    """A plausible name: one that ``vntext`` finds, or up to four words that read like one."""
    spans = [span.text for span in find_pii(text) if span.kind == "name"]
    # Labels are no part of a name; what is left may hold more of it than the finder saw.
    words = re.findall(r"[^\W\d_]+", _LABEL.sub(" ", rest))
    folded = [fold(word).lower() for word in words]
    if 0 < len(words) <= _MOST_NAME_WORDS and not _NO_NAME.intersection(folded):
        titled = all(word[0].isupper() for word in words)
        # A label alone ("Liên hệ") takes all words away; lower-case words need a cue or be few.
        if titled or len(words) <= 2 or spans or _CUE.search(fold(text).lower()):
            return " ".join(words)
    return spans[0] if spans else None


def is_contact(text: str) -> bool:
    """Whether an answer is contact details rather than another sentence of the complaint."""
    contact = read_contact(text)
    if contact.phone or contact.email or contact.broken:
        return True
    if contact.name is None or re.search(r"[.?!;]\s", views(text).folded):
        return False
    # A name inside a sentence ("cô Lan bắt học thêm") is not the sender's.
    return len(re.findall(r"\w+", text)) <= len(contact.name.split()) + _MOST_OTHER_WORDS
