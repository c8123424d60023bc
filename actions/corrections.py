"""Understand "sửa tên trường là …": which field, and what it shall be."""

from __future__ import annotations

import re

from vntext import find_entities, fold, normalize

CONTENT, PLACE, CONTACT = "content", "place", "contact"

_CONTACT = re.compile(
    r"\b(?:sdt|so dien thoai|dien thoai|dt|e-?mail|gmail|ho ten|ho va ten"
    r"|ten (?:toi|em|minh|nguoi gui)|lien he|lien lac)\b"
)
_PLACE = re.compile(r"\b(?:truong|dia chi|dia phuong|xa|phuong|huyen|mam non|thcs|thpt|tieu hoc)\b")
_CONTENT = re.compile(r"\b(?:noi dung|tom tat|doan|cau|y)\b")
# The new value stands behind the last of these.
_VALUE = re.compile(r"(?:\b(?:la|thanh|dung la|phai la|thay bang)\b|[:=])\s*")
_NOT = re.compile(r"\b(?:chu|ma)? ?(?:khong phai|ko phai|k phai)\b.*$")


def read_correction(text: str) -> tuple[str | None, str | None]:
    """Return (field, new value); either may be None.

    ``fold`` keeps every character's place, so positions in the folded text cut the original.
    """
    text = normalize(text).strip()
    folded = fold(text).lower()
    if len(folded) != len(text):
        folded = text.lower()
    field = _field(folded)
    return field, _value(text, folded)


def _field(folded: str) -> str | None:
    before = _VALUE.split(folded, maxsplit=1)[0]
    for part in (before, folded):
        if _CONTACT.search(part):
            return CONTACT
        if _PLACE.search(part):
            return PLACE
        if _CONTENT.search(part):
            return CONTENT
    if any(e.kind in ("school", "district") for e in find_entities(folded)):
        return PLACE
    return None


def _value(text: str, folded: str) -> str | None:
    found = list(_VALUE.finditer(folded))
    if not found:
        return None
    start = found[0].end()
    tail = _NOT.sub("", folded[start:])
    value = text[start : start + len(tail)].strip(" ,.;“”\"'")
    return value or None
