"""Telephone, identity, account and insurance numbers and e-mail addresses, as people type them."""

from __future__ import annotations

import re

_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?<![-.])")
# The letter o for a zero: in a run that is otherwise digits and separators.
_WITH_O = re.compile(r"(?<![^\W\d_])[o\d](?:[ .\-]?[o\d]){6,17}(?![^\W\d])")
_GAP = r"[ .\-\u2010-\u2015\u00a0]{0,2}"
# Mobile prefixes 03 05 07 08 09 (ten digits), landlines 02x (eleven, some ten), the province's
# old 0351/0350 numbers and the old 01x mobiles (eleven); plans of Circular 22/2014 and its
# 2017-2018 conversions. A word like "sđt" or "zalo" may be glued to the number.
_PHONE = re.compile(
    rf"(?:(?<![\w+])|(?<=sdt)|(?<=\bdt)|(?<=zalo)|(?<=tel)|(?<=\blh))(?<!\d[.,])(?:(?<!\d/)|(?<=\d{{9}}/))(?:"
    rf"\(?(?:\+|00)?84\)?{_GAP}(?:\(0\){_GAP})?(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{8,9}})"
    rf"|\(?0{_GAP}(?:[35789](?:{_GAP}\d){{8}}|2{_GAP}\d{_GAP}\d?\)?(?:{_GAP}\d){{7,8}}"
    rf"|1{_GAP}[2689](?:{_GAP}\d){{8}}|35[01]\)?(?:{_GAP}\d){{7}})"
    rf")(?!\d)(?!\w*[\u2010-\u2015\-]\d)(?!/\d{{1,8}}(?!\d))"
)
_SEP = r"[ .\-]?"
_DIGITS = rf"\d(?:{_SEP}\d)"
_BANK = (
    r"vietcombank|vcb|techcombank|tcb|mb ?bank|mb|bidv|agribank|agri|vietinbank|vietin|ctg|acb|"
    r"sacombank|vpbank|tpbank|vib|shb|hdbank|ocb|msb|seabank|lpbank|lienvietpostbank|ncb|abbank"
)
# Groups of insured persons that open a health card's number, where a blank follows them.
_INSURED = "hs|te|gd|gb|dn|hc|ht|sv|hn|cn|dk|xd|tc|qn|bt|hx|nn"
# The number follows its cue within a few words ("stk của cô giáo là 1903...").
_CUED = re.compile(
    r"(?:\b(?:cccd|cmnd|cmtnd|cmt|cmt nd|chung minh(?: nhan dan| thu)?|can cuoc(?: cong dan)?|"
    r"ho chieu|so bao danh|sbd|ma (?:so )?dinh danh(?: ca nhan)?|so dinh danh(?: ca nhan)?|"
    r"ma hoc sinh|ma hs|stk|so tk|so tai khoan|tai khoan|tk|bhyt|bao hiem y te|bhxh|ma the|so the|"
    rf"bien so(?: xe)?|bien|bks|{_BANK})\b)"
    r"(?P<gap>[^\d\n]{0,40}?)"
    rf"(?P<number>\b(?:(?:[a-z]{{2}}-?|(?:{_INSURED})[ -]?){_DIGITS}{{7,16}}|"
    rf"[a-z]\d{{7,8}}|{_DIGITS}{{3,19}}"
    r"|\d{2}[a-z]\d?[ -]?\d{3}\.?\d{2}))(?!\w)"
)
_PLATE = re.compile(r"\d{2}[a-z]\d?[ -]?\d{3}\.?\d{2}\Z")
_BEFORE_BANK = re.compile(rf"(?<![\w.,/+-])\d{{8,16}}(?= (?:{_BANK})\b)")
_CCCD = re.compile(
    r"(?<![\w.,/+-])0\d{2}[ .\-]?\d{3}[ .\-]?\d{3}[ .\-]?\d{3}(?![\w/]|[.,\-]\d)"
    r"|(?<![\w.,/+-])0\d{3}[ .\-]\d{4}[ .\-]\d{4}(?![\w/]|[.,\-]\d)"
    r"|(?<![\w.,/+-])0\d{2}[ .\-]\d{2}[ .\-]\d{7}(?![\w/]|[.,\-]\d)"
    r"|(?<![\w.,/+-])0\d{2}[ .\-]\d{3}[ .\-]\d{6}(?![\w/]|[.,\-]\d)"
)
_CMND = re.compile(r"(?<![\w.,/+-])[0-3]\d{8}(?![\w/]|[.,]\d| ?(?:d|dong|vnd|k|nghin|trieu)\b)")
_BHYT = re.compile(
    r"(?<!\w)[a-z]{2}[ -]?[1-5][ -]?\d{2}[ -]?(?:\d{2}[ -]?\d{3}[ -]?\d{5}|\d{2}[ -]?\d{8}|\d{10})"
    r"(?!\w)"
)
_PHONE_CUE = re.compile(
    r"\b(?:sdt|dt|dien thoai|zalo|so may|goi|lh|lien he)(?: la| qua)?[ :]{1,2}\Z"
)
_SHORT_PHONE = re.compile(r"(?<![\w.,/+-])0\d{8}(?![\w/]|[.,]\d)")
_CODE = re.compile(r"\bpa[- ]?\d{4}[- ]?\w{4}[- ]?\w{4}\b")
_MONEY_AFTER = re.compile(r" ?(?:d|đ|dong|vnd|k|nghin|ngan|trieu|tr|cu)\b")
_MONEY = re.compile(r"\d{1,3}(?:\.\d{3}){1,3}\Z")
_SENTENCE = re.compile(r"[!?;]|\. ")
# Cues with other readings need a long number right behind them.
_WEAK_CUE = re.compile(rf"(?:tk|bien|bhyt|bao hiem y te|bhxh|{_BANK})\b")


def _zeros(folded: str) -> str:
    """``folded`` with the letter o read as 0 inside numbers; same length."""
    if "o" not in folded:
        return folded

    def read(match: re.Match[str]) -> str:
        run = match.group()
        if sum(c.isdigit() for c in run) * 5 < 8:
            return run
        return run.replace("o", "0")

    return _WITH_O.sub(read, folded)


def _is_number(match: re.Match[str], text: str) -> bool:
    """Whether what follows a cue word is its number, not money, a year or a later sentence."""
    number, gap, cue = match["number"], match["gap"], match.group()
    digits = sum(c.isdigit() for c in number)
    plate = _PLATE.match(number) is not None
    exam = cue.startswith(("sbd", "so bao danh"))
    if cue.startswith("bien") and not plate:
        return False
    if plate:
        return cue.startswith(("bien", "bks"))
    if not exam and (digits <= 5 or _MONEY_AFTER.match(text, match.end()) or _MONEY.match(number)):
        return False
    if _WEAK_CUE.match(cue) and digits < 8:
        return False
    return not _SENTENCE.search(gap)


def find_numbers(text: str, folded: str) -> list[tuple[int, int, str]]:
    """(start, end, kind) of e-mails and numbers in NFC ``text``; ``folded`` is its fold."""
    found: list[tuple[int, int, str]] = []
    codes = [m.span() for m in _CODE.finditer(folded)]
    if "@" in text:
        found += [(*m.span(), "email") for m in _EMAIL.finditer(text)]
    plain = _zeros(folded)
    if _DIGIT.search(plain) is None:
        return found
    for match in _CUED.finditer(plain):
        start, end = match.span("number")
        if not _is_number(match, plain):
            continue
        phone = _PHONE.fullmatch(plain, start, end)
        if phone and (_PHONE_CUE.search(plain[max(0, start - 24) : start])):
            continue
        found.append((start, end, "id_number"))
    found += [(*m.span(), "id_number") for m in _BEFORE_BANK.finditer(plain)]
    for pattern in (_CCCD, _BHYT):
        found += [(*m.span(), "id_number") for m in pattern.finditer(plain)]
    found += [(*m.span(), "phone") for m in _PHONE.finditer(plain)]
    for match in _SHORT_PHONE.finditer(plain):
        if _PHONE_CUE.search(plain[max(0, match.start() - 24) : match.start()]):
            found.append((*match.span(), "phone"))
    for match in _CMND.finditer(plain):
        if not match.group().endswith("000"):
            found.append((*match.span(), "id_number"))
    if not codes:
        return found
    inside = bytearray(len(folded))
    for a, b in codes:
        inside[a:b] = b"\1" * (b - a)
    return [f for f in found if not any(inside[f[0] : f[1]])]
