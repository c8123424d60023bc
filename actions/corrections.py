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
# A school named without a word of its own before it ("nhầm rồi, trường THPT B Phủ Lý mới đúng").
_SCHOOL = re.compile(
    r"\b(?:truong )?(?:thpt|thcs|tieu hoc|mam non|mau giao|cap [123]|c[123]|mn|th)\b[^,.;!?]*"
)
_AFTER = re.compile(r"[ ,]*\b(?:moi (?:la )?dung|moi phai|co|nhe|nha|a|day|thoi)?\s*$")
_OLD = re.compile(r"\b(?:khong phai|ko phai|k phai|chu khong|nham (?:thanh|la|voi|sang))\b")
_NO_PLACE = re.compile(
    r"^(?:xin |toi |em |muon |gui |cho )*(?:an danh|giau ten|bo qua|huy|khong (?:co|biet|nho)"
    r"|dong y)\b"
)
_FILL = r"(?:sua|doi|lai|phan|muc|cho|cai|ten|nhe|a|o|toi|em|minh|cua|muon|can|thoi)"
_BARE = re.compile(
    rf"^(?:{_FILL} )*(?P<field>truong(?:,? dia phuong)?|dia phuong|dia chi|noi xay ra"
    rf"|ten truong|noi dung"
    rf"|lien he|so dien thoai|sdt|dien thoai|email|e-mail|ho ten|ho va ten|ten)(?: {_FILL})*$"
)
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
    value = _value(text, folded)
    if field == PLACE or (field is None and value is None):
        school = _school(text, folded)
        if school:
            return PLACE, school
    if field == PLACE and value and _NO_PLACE.match(fold(value).lower()):
        value = None
    return field, value


def named_field(text: str) -> str | None:
    """The field that a few words only name ("tên trường"), after "Sửa"."""
    match = _BARE.match(fold(normalize(text)).lower().strip(" .!?"))
    if not match:
        return None
    word = match["field"]
    if word.startswith(("truong", "dia", "noi xay", "ten truong")):
        return PLACE
    return CONTENT if word == "noi dung" else CONTACT


def _school(text: str, folded: str) -> str | None:
    """The school that shall be right: not the one behind "không phải"."""
    found = [e for e in find_entities(text) if e.kind == "school"]
    for entity in reversed(found):
        before = folded[: entity.start].rstrip()
        if not re.search(_OLD.pattern + r"(?: truong)?$", before):
            return entity.text
    for match in _SCHOOL.finditer(folded):
        if re.search(_OLD.pattern + r"(?: truong)?$", folded[: match.start()].rstrip()):
            continue
        tail = _AFTER.sub("", _NOT.sub("", match.group()))
        value = text[match.start() : match.start() + len(tail)].strip(" ,.;“”\"'")
        if len(value.split()) >= 2:
            return value
    return None


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
