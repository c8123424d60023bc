"""What two revisions of an entry differ in, field by field, in words an editor reads. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from intake_api.domain.model import Entry, Version
from intake_api.domain.worktime import day_in_words


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; ``what``: same, gone or new."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed, as pieces of its text."""

    field: str
    pieces: tuple[Piece, ...]


def _words(before: str, after: str) -> tuple[Piece, ...]:
    old, new = (re.findall(r"\S+\s*|\s+", text) for text in (before, after))
    pieces: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(new[c:d])))
    return tuple(pieces)


def _lines(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Piece, ...]:
    gone = [Piece("gone", f"{one}\n") for one in before if one not in after]
    return (*gone, *(Piece("new", f"{one}\n") for one in after if one not in before))


def held(version: Version) -> str:
    """ "từ 1/7/2012 đến 13/2/2025"."""
    if version.valid_from == date.min:  # not filled in yet
        return "từ ngày chưa ghi"
    start = f"từ {day_in_words(version.valid_from)}"
    return start if version.valid_to is None else f"{start} đến {day_in_words(version.valid_to)}"


def _of_version(name: str, old: Version | None, new: Version | None) -> list[Difference]:
    def parts(one: Version | None) -> dict[str, str]:
        if one is None:
            return {}
        source = one.source
        where = ", ".join(x for x in (source.article, source.document, source.issuer) if x)
        return {
            "hiệu lực": held(one),
            "câu trả lời": "\n".join([one.answer, *one.details]),
            "xem thêm": one.more,
            "căn cứ": where,
            "trạng thái": "" if one.published else "chưa dùng",
        }

    before, after = parts(old), parts(new)
    found = []
    for field in after or before:
        a, b = before.get(field, ""), after.get(field, "")
        if a != b:
            found.append(Difference(f"{name}: {field}", _words(a, b)))
    return found


def differences(
    before: Entry | None, after: Entry, units: Mapping[str, str], topics: Mapping[str, str]
) -> list[Difference]:
    """Everything that ``after`` says differently; ``units`` and ``topics`` give names to codes.
    Dated answers are compared by the day they begin on."""
    old = before or Entry(after.slug, "", "", "", "", (), ())
    found = []
    for field, a, b in (
        ("Tên mục", old.title, after.title),
        ("Tên ngắn", old.short, after.short),
        ("Chủ đề", topics.get(old.topic, old.topic), topics.get(after.topic, after.topic)),
        ("Đơn vị", units.get(old.owner, old.owner), units.get(after.owner, after.owner)),
        ("Nhóm", old.family, after.family),
        ("Rà soát trước", *(day_in_words(d) if (d := e.review_by) else "" for e in (old, after))),
    ):
        if a != b:
            found.append(Difference(field, _words(a, b)))
    for field, one, two in (
        ("Cách hỏi", old.questions, after.questions),
        ("Mục liên quan", old.related, after.related),
        ("Thay bằng", old.instead, after.instead),
    ):
        if pieces := _lines(one, two):
            found.append(Difference(field, pieces))
    was = {one.valid_from: one for one in old.versions}
    now = {one.valid_from: one for one in after.versions}
    for start in sorted(was.keys() | now.keys()):
        name = f"Trả lời từ {day_in_words(start)}"
        if start not in now:
            name += " (bỏ)"
        elif start not in was and before is not None:
            name += " (mới)"
        found += _of_version(name, was.get(start), now.get(start))
    return found
