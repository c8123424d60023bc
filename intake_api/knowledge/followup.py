"""Short questions that only make sense after an answer: "thế năm 2023 thì sao"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vntext import fold

_LONGEST = 11  # words; a longer text carries its own subject
# Words that carry no subject of their own.
_EMPTY = frozenset(
    """
    con the vay roi thi sao a ad oi da nhung va ma neu nao nhi ha nhe u nhu khong cho em minh hoi
    toi chau nam nay ngoai truoc sau vua do trong gi quan tri trang ? ! ... ky ki khoa nua luon
    xin duoc so biet voi giup y ay do co chu luc hien gio bay quy dinh thang ngay kieu ben
    """.split()  # noqa: SIM905 - a list of words reads better as a text
)
_FRAME = re.compile(
    r"^(con|the con|vay con|the|vay|roi|the thi|vay thi|z|r)\b"
    r"|\b(thi sao|thi the nao|thi (?:\w+ ){1,2}(?:sao|the nao|ra sao|kieu gi))\b"
)
_THEN = re.compile(r"\b(?:hoi|khi|luc|thoi|nam) (?:do|ay|day)\b")
_LEVEL = re.compile(
    r"\b(?:lop \d{1,2}|cap (?:[123]|mot|hai|ba)|tieu hoc|trung hoc(?: co so| pho thong)?|thcs|thpt"
    r"|mam non|mau giao|(?:hoc|di hoc) (?=lop|cap|tieu|mam|mau|th))\b ?"
)
_YEAR = re.compile(r"(20)?\d\d\Z")


@dataclass(frozen=True, slots=True)
class Followup:
    """``words``: what is left of the text without its frame; empty when nothing new was named."""

    words: tuple[str, ...]
    only_a_year: bool


def means_then(words: Sequence[str]) -> bool:
    """Whether a text asks about the time that was spoken of ("hồi đó tính ra sao")."""
    return bool(_THEN.search(" ".join(fold(word) for word in words)))


def swapped(words: Sequence[str], title: Sequence[str]) -> list[str] | None:
    """The question of ``title`` for another level of school, when ``words`` name only a level.

    "Thế lớp 6 thì sao" after an answer on primary pupils asks the same of pupils of grade 6.
    """
    if _LEVEL.sub("", " ".join(fold(word) for word in words)).strip():
        return None
    bare, kept, at = " ".join(fold(word) for word in title), [], 0
    spans = [found.span() for found in _LEVEL.finditer(bare)]
    for word in title:
        if not any(start <= at < end for start, end in spans):
            kept.append(word)
        at += len(word) + 1
    return [*kept, *words]


def read_followup(words: Sequence[str]) -> Followup | None:
    """How a text leans on the answer before it, or None when it stands alone."""
    if not words or len(words) > _LONGEST:
        return None
    bare = [fold(word) for word in words]
    rest = [
        word
        for word, plain in zip(words, bare, strict=True)
        if plain not in _EMPTY and not _YEAR.match(plain)
    ]
    framed = bool(_FRAME.search(" ".join(bare)))
    year = (
        any(_YEAR.match(plain) and len(plain) == 4 for plain in bare)
        or " ".join(bare).find("nam ") >= 0
    )
    if not rest:
        return Followup((), year)
    return Followup(tuple(rest), False) if framed else None
