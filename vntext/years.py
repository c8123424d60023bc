"""Which calendar year a question is about."""

from __future__ import annotations

import re
from datetime import date

from vntext.align import Aligned
from vntext.letters import fold_chars

# Years inside the names of documents and curricula are not asked about.
DOCUMENT = re.compile(
    r"\b(?:thong tu|tt|nghi quyet|nq|nghi dinh|nd|quyet dinh|qd|cong van|cv|luat|ke hoach|kh"
    r"|chi thi|huong dan|hd|vbhn|van ban)(?: so)?[ :]{0,2}\d{1,5}(?:[/\-][\w\-/]{1,30})?"
    r"(?: (?:nam |ngay \d{1,2}/\d{1,2}/)?(?:19|20)\d\d)?"
    r"|\b(?:luat|bo luat)(?: [^\W\d]{1,7}){1,5} (?:nam )?(?:19|20)\d\d"
    r"|\b\d{1,5}/(?:19|20)\d\d/[a-z][\w\-]{1,20}"
    r"|\b(?:chuong trinh|ct|ctgdpt|gdpt|sach|sgk|bo sach)(?: (?:gdpt|giao duc pho thong|moi|cu|gd"
    r"|hien hanh|pho thong))*(?: nam)? ?(?:2018|2006)(?:[/\-]20\d\d)?"
)
_SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d) ?[-/\u2010-\u2015] ?(20\d\d|\d\d)(?![\d/])")
_SHORT_SCHOOL_YEAR = re.compile(r"\b(?:nam hoc|nien khoa) (\d\d) ?[-/\u2013] ?(\d\d)(?![\d/])")
BORN = re.compile(
    r"(?:\b(?:(?:(?<!giao )khoa|hs)|(?:(?<!tuyen )(?<!hoc )(?<!thi )sinh|sn|lua|the he)(?: nam)?)"
    r" ((?:19|20)\d\d)"
    r"|\b(2k(?:[12]\d|\d)))(?!\w|[-/\u2013]\d)"
)
_YEAR = r"((?:19|20)\d\d)(?![\d])"
_CUED = re.compile(
    rf"\b(?:nam hoc|nam|tot nghiep|tn|thpt|thcs|ky thi|ki thi|k thi|tuyen sinh|ts|mua thi|mua|thi"
    rf"|vao 10|lop 10|diem chuan|diem thi|de thi|de|lich thi|hoc ky|hk|he|dai hoc|hoc phi"
    rf"|nien khoa|dot|de minh hoa|cua)(?: nam)? {_YEAR}"
)
_MONTH = re.compile(rf"(?<!\d)\d{{1,2}}[/.\-]{_YEAR}|\bthang \d{{1,2}} nam {_YEAR}")
_LOOSE = re.compile(rf"(?<![\w/.,\-]){_YEAR}(?![\w/]|[.,]\d| ?(?:dong|d|k|hs|hoc sinh|em|nguoi)\b)")
# "nam" is also the second half of Hà Nam and Việt Nam.
_NAM = r"(?<!ha )(?<!viet )(?<!mien )(?<!phia )nam"
_NEXT_SCHOOL = re.compile(
    rf"\b{_NAM} hoc (?:toi|sau|moi|den|ke tiep|tiep theo)\b|\bvao nam hoc moi"
)
_LAST_SCHOOL = re.compile(rf"\b{_NAM} hoc (?:truoc|vua roi|vua qua|ngoai|roi)\b")
_THIS_SCHOOL = re.compile(rf"\b{_NAM} hoc (?:nay|hien tai)\b")
_RELATIVE = (
    (re.compile(rf"\b{_NAM} kia\b"), -2),
    (re.compile(rf"\b{_NAM} (?:ngoai|truoc|vua roi|vua qua|roi)\b"), -1),
    (re.compile(rf"\bsang nam\b|\b{_NAM} (?:sau|toi|ke)\b"), 1),
    (re.compile(rf"\b{_NAM} (?:nay|hien tai|ni|ny)\b"), 0),
)
_NEXT_EXAM = re.compile(
    r"\b(?:ky|ki|dot|mua) (?:thi|tuyen sinh|xet tuyen)(?: [^\W\d_]{1,7}){0,5}"
    r" (?:toi|sap toi|sap den|tiep theo)\b"
)
# "Mất bằng từ năm 2009": when it happened, not which year's rule is asked for.
_SINCE = re.compile(
    rf"\b(?:ke )?tu (?:hoi |dot |ky thi |dau |cuoi |tan ){{0,2}}(?:{_NAM} )?{_YEAR}"
    rf"(?! ?(?:den|toi|[-/\u2013]))"
)
# "Trước năm 2025", "trước 14/2/2025": the rule that held before.
_BEFORE = re.compile(
    rf"\b(?:truoc|truoc khi co|truoc hoi) (?:ngay \d{{1,2}}[/.\-])?"
    rf"(?:\d{{1,2}}[/.\-]){{0,2}}(?:thang \d{{1,2}} )?(?:{_NAM} )?{_YEAR}"
)
_EXAM_MONTH = 7  # the graduation and entrance exams are over by the end of June
_SCHOOL_START = 9


def _school_year_start(today: date) -> int:
    return today.year if today.month >= _SCHOOL_START else today.year - 1


def _explicit(folded: str) -> int | None:
    pair = _SCHOOL_YEAR.search(folded)
    if pair and int(pair[2]) % 100 == (int(pair[1]) + 1) % 100:
        return int(pair[1])
    short = _SHORT_SCHOOL_YEAR.search(folded)
    if short and int(short[2]) == int(short[1]) + 1:
        return 2000 + int(short[1])
    unborn = BORN.sub(" ", folded)
    before = _BEFORE.search(unborn)
    if before:
        return int(before[1]) - 1
    for pattern in (_CUED, _MONTH, _LOOSE):
        match = pattern.search(unborn)
        if match:
            year = int(next(g for g in match.groups() if g))
            if 1990 <= year <= 2060:
                return year
    return None


def _relative(folded: str, today: date) -> int | None:
    if _NEXT_SCHOOL.search(folded):
        return _school_year_start(today) + 1
    if _LAST_SCHOOL.search(folded):
        return _school_year_start(today) - 1
    if _THIS_SCHOOL.search(folded):
        return _school_year_start(today)
    for pattern, offset in _RELATIVE:
        if pattern.search(folded):
            return today.year + offset
    if _NEXT_EXAM.search(folded):
        return today.year + (today.month >= _EXAM_MONTH)
    return None


def birth_year_of(folded: str) -> int | None:
    """Birth year named in folded text ("khoa 2007", "sinh nam 2007", "2k7"), or None.

    "Khóa" with a year still to come or of the last decade is read as an exam cohort by nobody
    here: parents use it for the children's year of birth.
    """
    match = BORN.search(folded)
    if match is None:
        return None
    return int(match[1]) if match[1] else 2000 + int(match[2][2:])


def asked_year(text: str, today: date) -> int | None:
    """Calendar year ``text`` asks about as seen on ``today``; None when it means none.

    An explicit year wins over "năm ngoái" and the like, these over a year of birth (which gives
    the year its cohort finishes grade 12, birth year + 18). A school year gives its first year.
    Numbers and years of documents and curricula do not count, nor does the past year since when
    something is so ("mất bằng từ năm 2009"). Never raises.
    """
    folded = DOCUMENT.sub(" ; ", fold_chars(Aligned(text).text))
    folded = _SINCE.sub(lambda m: m[0] if int(m[1]) >= today.year else " ", folded)
    found = _explicit(folded)
    if found is None:
        found = _relative(folded, today)
    if found is None:
        born = birth_year_of(folded)
        found = born + 18 if born is not None and 1980 <= born <= today.year else None
    return found
