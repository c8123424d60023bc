"""Personal data in people's messages: where it is, and a readable text without it.

What counts as personal: domain facts and interface design (telephone, e-mail, identity and
account numbers, persons' names, home addresses). Hotlines, money, dates, codes and document
numbers are not. Rules prefer to leave an unsure name: a masked word that was no name destroys
the sense of a message, and staff see the original only with a reason.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vntext.addresses import find_addresses
from vntext.align import Aligned
from vntext.letters import fold_chars
from vntext.names import find_names


class Span(NamedTuple):
    """``text`` is exactly ``original[start:end]``; kind is phone, email, id_number, name or
    address."""

    start: int
    end: int
    kind: str
    text: str


LABELS = {
    "phone": "[số điện thoại]",
    "email": "[email]",
    "id_number": "[số giấy tờ]",
    "name": "[tên]",
    "address": "[địa chỉ]",
}
_LABEL = re.compile("|".join(re.escape(label) for label in LABELS.values()))
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?<![-.])")
_GAP = r"[ .\-\u2010-\u2015\u00a0]{0,2}"
# Mobile prefixes 03 05 07 08 09 (ten digits), landlines 02x (eleven, some ten), the province's
# old 0351/0350 numbers (eleven); plans of Circular 22/2014 and its 2017-2018 conversions.
_PHONE = re.compile(
    rf"(?<![\w+])(?<!\d[.,/])(?:"
    rf"(?:\+|00)?84{_GAP}(?:\(0\){_GAP})?(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{8,9}})"
    rf"|\(?0{_GAP}(?:[35789](?:{_GAP}\d){{8}}|2{_GAP}\d{_GAP}\d?\)?(?:{_GAP}\d){{7,8}}"
    rf"|35[01]\)?(?:{_GAP}\d){{7}})"
    rf")(?!\d)(?![\u2010-\u2015\-/]\d)"
)
_DIGITS = r"\d(?:[ .\-]?\d)"
# The number follows its cue within a few words ("stk của cô giáo là 1903...").
_CUED = re.compile(
    r"(?:\b(?:cccd|cmnd|cmtnd|cmt|cmt nd|chung minh(?: nhan dan| thu)?|can cuoc(?: cong dan)?|"
    r"ho chieu|so bao danh|sbd|ma (?:so )?dinh danh(?: ca nhan)?|so dinh danh(?: ca nhan)?|"
    r"ma hoc sinh|ma hs|stk|so tk|so tai khoan|tai khoan|bhyt|bao hiem y te|bhxh|ma the|so the|"
    r"bien so(?: xe)?|bks)\b)"
    r"(?P<gap>[^\d\n]{0,40}?)"
    rf"(?P<number>\b(?:[a-z]{{2}}[ -]?{_DIGITS}{{7,14}}|[a-z]\d{{7,8}}|{_DIGITS}{{3,19}}"
    r"|\d{2}[a-z]\d?[ -]?\d{3}\.?\d{2}))(?!\w)"
)
_CCCD = re.compile(r"(?<![\w.,/+-])0\d{2}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?![\w/]|[.,]\d)")
_CCCD_FOURS = re.compile(r"(?<![\w.,/+-])0\d{3}[ .]\d{4}[ .]\d{4}(?![\w/]|[.,]\d)")
_CMND = re.compile(r"(?<![\w.,/+-])[0-3]\d{8}(?![\w/]|[.,]\d| ?(?:d|dong|vnd|k|nghin|trieu)\b)")
_BHYT = re.compile(r"(?<!\w)[a-z]{2}[ -]?[1-5][ -]?\d{2}[ -]?\d{10}(?!\w)")
_CODE = re.compile(r"\bpa[- ]?\d{4}[- ]?\w{4}[- ]?\w{4}\b")
_MONEY_AFTER = re.compile(r" ?(?:d|đ|dong|vnd|k|nghin|ngan|trieu|tr|cu)\b")


def _numbers(text: str, folded: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    codes = [m.span() for m in _CODE.finditer(folded)]

    def add(start: int, end: int, kind: str) -> None:
        if any(a < end and start < b for a, b in codes):
            return
        found.append((start, end, kind))

    if "@" in text:
        for match in _EMAIL.finditer(text):
            add(*match.span(), "email")
    for match in _CUED.finditer(folded):
        start, end = match.span("number")
        digits = sum(c.isdigit() for c in match["number"])
        gap = match["gap"]
        exam = match.group().startswith(("sbd", "so bao danh"))
        # "số tài khoản ... 500.000đ", "thẻ ... 2025": money and years are not a card's number.
        if not exam and (digits == 4 or _MONEY_AFTER.match(folded, end)):
            continue
        if re.search(r"[!?;]|\. ", gap) or (_PHONE.fullmatch(text, start, end) and "sdt" in gap):
            continue
        add(start, end, "id_number")
    for pattern in (_CCCD, _CCCD_FOURS, _BHYT):
        for match in pattern.finditer(folded):
            add(*match.span(), "id_number")
    for match in _PHONE.finditer(text):
        add(*match.span(), "phone")
    for match in _CMND.finditer(folded):
        if not match.group().endswith("000"):
            add(*match.span(), "id_number")
    return found


def find_pii(text: str) -> list[Span]:
    """Personal data in ``text``: exact, non-overlapping spans in order. Never raises.

    Kinds: phone, email, id_number, name, address. Where two readings overlap the number wins
    over the address, the address over the name, the earlier over the later.
    """
    aligned = Aligned(text)
    plain = aligned.text
    folded = fold_chars(plain)
    labels = [m.span() for m in _LABEL.finditer(plain)]
    candidates = _numbers(plain, folded)
    candidates += [(a, b, "address") for a, b in find_addresses(plain, folded)]
    candidates += [(a, b, "name") for a, b in find_names(plain, folded)]
    taken = list(labels)
    chosen: list[Span] = []
    for start, end, kind in candidates:
        if start >= end or any(a < end and start < b for a, b in taken):
            continue
        taken.append((start, end))
        first, last = aligned.back(start, end)
        if first < last:
            chosen.append(Span(first, last, kind, text[first:last]))
    return sorted(chosen)


def mask(text: str) -> str:
    """Replace personal data by a label in brackets ("cháu [tên], lớp 6B"). Idempotent."""
    # Masking one thing can uncover another ("[tên], 0912..." joins cues), so repeat until calm.
    for _ in range(4):
        spans = find_pii(text)
        if not spans:
            break
        for span in reversed(spans):
            text = text[: span.start] + LABELS[span.kind] + text[span.end :]
    return text
