"""Facts a message names: districts, school levels, grades, schools, years, sums, dates."""

from __future__ import annotations

import re
from typing import NamedTuple

from vntext.align import Aligned
from vntext.letters import fold_chars
from vntext.money import find_money
from vntext.schools import LEVEL_OF_TYPE, find_schools
from vntext.shorthand import district_of
from vntext.shorthand_rules import DISTRICTS
from vntext.years import BORN, DOCUMENT


class Entity(NamedTuple):
    """``text`` is exactly ``original[start:end]``; ``value`` is the clean form.

    Kinds: district, level (mn th thcs thpt gdtx), grade ("7"), school, school_year ("2023-2024"),
    year, birth_year, money (đồng), date (ISO 8601, "--09-05" and "--09" without a year).
    """

    kind: str
    value: str
    start: int
    end: int
    text: str


_Found = tuple[str, str, int, int]

_FULL = {"".join(fold_chars(c) for c in name): name.title() for name in DISTRICTS.values()}
_DISTRICT = re.compile(r"(?<!\w)(?:" + "|".join(_FULL) + r")(?!\w)")
_SHORT = re.compile(r"(?<!\w)(?:" + "|".join(DISTRICTS) + r")(?!\w)")
_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"[.!?;,\n:()]")

_LEVELS = (
    ("gdtx", re.compile(r"(?<!\w)(?:gdnn-gdtx|gdtx|ttgdtx|giao duc thuong xuyen|bo tuc)(?!\w)")),
    ("thpt", re.compile(r"(?<!\w)(?:thpt|trung hoc pho thong|cap 3|cap ba|cap iii|c3)(?!\w)")),
    ("thcs", re.compile(r"(?<!\w)(?:thcs|trung hoc co so|cap 2|cap hai|cap ii|c2)(?!\w)")),
    ("th", re.compile(r"(?<!\w)(?:tieu hoc|cap 1|cap mot|cap i|(?<=truong )th|c1)(?!\w)")),
    (
        "mn",
        re.compile(
            r"(?<!\w)(?:mam non|mau giao|nha tre|nhom tre|(?<=truong )mn|(?<=lop )mn|(?<=gv )mn"
            r"|(?:tre|lop|be|con|chau) (?:[1-5]|mot|hai|ba|bon|nam) tuoi)(?!\w)"
        ),
    ),
)
_GRADE_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_GRADE = re.compile(
    r"(?<!\w)(?:(?:lop|khoi) ?(?P<num>1[0-2]|[1-9])(?:[a-n]\d{0,2})?(?![\w]|[.,/]\d)"
    r"|(?:lop|khoi) (?P<word>muoi mot|muoi hai|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)(?!\w)"
    r"|k(?P<k>1[0-2])(?!\w)"
    r"|(?P<room>(?:1[0-2]|[1-9])[a-h]\d{0,2})(?!\w)"
    r"|(?:ts|vao|len|thi) ?(?P<into>10)(?!\w|[.,/]\d| ?(?:diem|mon|nam|d\b|nghin|trieu|thang))"
    r"|(?:ts|vao) ?(?P<into6>6)(?!\w|[.,/]\d| ?(?:diem|mon|nam|gio|h\b|nghin|trieu|thang)))"
)
# "lop nam nay" is this year's class, "lop ba mẹ" is parents: a spelt grade must end its phrase.
_WORD_GRADE_NEXT = re.compile(r" (?:nay|nao|ngoai|hoc|sau|me|con|tuoi|thang|ngay|nguoi|em|duoi|\d)")
_ROOM_BAD = re.compile(r"\b(?:so|nha|ngo|duong|phong|gia|size|uu|unit|toeic|ielts|khoi) ?\Z")
_LEVEL_OF_GRADE = ((5, "th"), (9, "thcs"), (12, "thpt"))

_PAIR = re.compile(r"(?<!\d)(20\d\d) ?[-/\u2010-\u2015] ?(20\d\d|\d\d)(?![\d/])")
_SHORT_PAIR = re.compile(r"(?<!\w)(?:nam hoc|nien khoa) (\d\d) ?[-/\u2013] ?(\d\d)(?![\d/])")
_YEAR = re.compile(
    r"(?<!\w)(?:nam hoc|nam|ky thi|ki thi|k thi|tot nghiep|tn|thpt|thcs|tuyen sinh|ts|thi|mua thi|"
    r"vao 10|lop 10|diem chuan|diem thi|de thi|lich thi|dot|he)(?: nam)? ((?:19|20)\d\d)(?![\d/])"
    r"(?! ?[-\u2013] ?\d)"
)
_YMD = re.compile(r"(?<![\w/.,])(\d{1,2}) ?([/.\-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})(?![\w/]|[.,]\d)")
_DM_CUED = re.compile(
    r"(?<!\w)(?:ngay|hom|sang|chieu|toi|tu|den|truoc|sau|han|thu [2-7]|cn|mung)(?: ngay| hom)? "
    r"(\d{1,2})[/\-.](\d{1,2})(?![\w/]|[.,]\d)"
)
_SPOKEN = re.compile(
    r"(?<!\w)(?:ngay |mung |hom )?(\d{1,2}) thang (\d{1,2})(?: ?(?:nam|/|,) ?(20\d\d))?(?!\w)"
)
_MONTH = re.compile(r"(?<!\w)thang ?(\d{1,2})(?: nam |/| )?(20\d\d)?(?![\w/]|[.,]\d)")


def _districts(plain: str, folded: str) -> list[_Found]:
    found: list[_Found] = [
        ("district", _FULL[m.group()], m.start(), m.end()) for m in _DISTRICT.finditer(folded)
    ]
    for match in _SHORT.finditer(folded):
        clause = folded[max(0, match.start() - 60) : match.start()]
        before = _WORD.findall(_CLAUSE.split(clause)[-1])
        name = district_of(match.group(), before)
        if name:
            found.append(("district", name.title(), match.start(), match.end()))
    return found


def _levels(folded: str) -> list[_Found]:
    return [
        ("level", level, m.start(), m.end())
        for level, pattern in _LEVELS
        for m in pattern.finditer(folded)
    ]


def _grades(plain: str, folded: str) -> list[_Found]:
    found: list[_Found] = []
    for match in _GRADE.finditer(folded):
        digits = match["num"] or match["k"] or match["into"] or match["into6"]
        if match["room"]:
            before = folded[max(0, match.start() - 7) : match.start()]
            typed = plain[match.start() : match.end()]
            # "10đ" is a mark, "5đ" a sum: only an unbarred d is a class.
            if _ROOM_BAD.search(before) or "đ" in typed.lower():
                continue
            digits = match["room"].split(match["room"].lstrip("0123456789")[0])[0]
        if match["word"]:
            if _WORD_GRADE_NEXT.match(folded, match.end()):
                continue
            digits = str(_GRADE_WORDS[match["word"]])
        grade = int(digits)
        level = next(name for top, name in _LEVEL_OF_GRADE if grade <= top)
        found.append(("grade", str(grade), match.start(), match.end()))
        found.append(("level", level, match.start(), match.end()))
    return found


def _years(folded: str) -> list[_Found]:
    found: list[_Found] = []
    # Blank out document numbers with the same length, so that spans stay right.
    text = DOCUMENT.sub(lambda m: " " * len(m.group()), folded)
    for match in _PAIR.finditer(text):
        if int(match[2]) % 100 == (int(match[1]) + 1) % 100:
            found.append(("school_year", f"{match[1]}-{int(match[1]) + 1}", *match.span()))
    for match in _SHORT_PAIR.finditer(text):
        if int(match[2]) == int(match[1]) + 1:
            found.append(("school_year", f"20{match[1]}-20{match[2]}", match.start(1), match.end()))
    for match in BORN.finditer(text):
        value = match[1] or str(2000 + int(match[2][2:]))
        found.append(("birth_year", value, *match.span()))
    taken = [(a, b) for _, _, a, b in found]
    for match in _YEAR.finditer(text):
        if not any(a < match.end() and match.start(1) < b for a, b in taken):
            found.append(("year", match[1], match.start(1), match.end(1)))
    return found


_NOT_MONTH = re.compile(r"\bth[ẳắăằặ]ng(?= ?\d)", re.IGNORECASE)


def _date_value(day: str, month: str, year: str | None) -> str | None:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    if year and len(year) == 2:
        year = "20" + year
    return f"{year or '-'}-{int(month):02d}-{int(day):02d}"


def _dates(plain: str, folded: str) -> list[_Found]:
    found: list[_Found] = []
    for match in _NOT_MONTH.finditer(plain):
        # "tuyển thẳng 10 em" folds like "tháng 10"; blanking keeps the positions.
        folded = folded[: match.start()] + "-" * len(match.group()) + folded[match.end() :]

    def add(value: str | None, start: int, end: int) -> None:
        if value and not any(a < end and start < b for _, _, a, b in found):
            found.append(("date", value, start, end))

    for match in _YMD.finditer(folded):
        add(_date_value(match[1], match[3], match[4]), *match.span())
    for match in _SPOKEN.finditer(folded):
        add(_date_value(match[1], match[2], match[3]), *match.span())
    for match in _DM_CUED.finditer(folded):
        add(_date_value(match[1], match[2], None), match.start(1), match.end())
    for match in _MONTH.finditer(folded):
        if 1 <= int(match[1]) <= 12:
            year = match[2] or "-"
            add(f"{year}-{int(match[1]):02d}", match.start(), match.end())
    return found


def find_entities(text: str) -> list[Entity]:
    """Entities of ``text`` ordered by position; spans are exact. Never raises.

    Works with and without diacritics. Entities of different kinds may share a span: "lớp 7"
    gives a grade and a level.
    """
    aligned = Aligned(text)
    plain = aligned.text
    folded = fold_chars(plain)
    found = _districts(plain, folded) + _levels(folded) + _grades(plain, folded)
    for start, end, name, kind in find_schools(plain, folded):
        found.append(("school", name, start, end))
        level = LEVEL_OF_TYPE.get(kind)
        if level and not any(k == "level" and start <= a < end for k, _, a, _ in found):
            found.append(("level", level, start, end))
    found += _years(folded) + _dates(plain, folded)
    found += [("money", str(value), a, b) for a, b, value in find_money(folded)]
    entities = []
    for kind, value, start, end in found:
        first, last = aligned.back(start, end)
        entities.append(Entity(kind, value, first, last, text[first:last]))
    return sorted(set(entities), key=lambda e: (e.start, e.end, e.kind, e.value))
