"""Which day a question is about, and which entry of a family holds on it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from intake_api.domain.model import Entry, Version

# Days of a named year in the order they are tried: the exam, the new school year, both ends.
_DAYS_OF_A_YEAR = ((6, 30), (9, 15), (12, 31), (1, 1))
_EXAM = (6, 30)


def member_on(members: Iterable[Entry], day: date) -> tuple[Entry, Version] | None:
    """The entry of a family that holds on ``day``; of several, the one in force latest."""
    holding = [(entry, version) for entry in members if (version := entry.version_on(day))]
    return max(holding, key=lambda pair: pair[1].valid_from, default=None)


def day_for(members: Sequence[Entry], year: int | None, as_of: date) -> date:
    """The day meant by a question that named ``year`` (None: today, ``as_of``).

    "2026" said in November 2026 means now; said in March of an exam it means the coming exam.
    """
    if year is None:
        return as_of
    days = [date(year, month, day) for month, day in _DAYS_OF_A_YEAR]
    if year == as_of.year:
        exam = date(year, *_EXAM)
        exam_ahead = exam > as_of and any(entry.topic.startswith("i.") for entry in members)
        if exam_ahead and member_on(members, exam):
            return exam
        days.insert(0, as_of)
    return next((day for day in days if member_on(members, day)), days[0])
