"""Which days of a panel are seasons, silences and returns, for each subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np

from intake_api.domain.catalog import YearlySeason
from intake_api.watch.model import Flags, Numbers, Panel, Season
from vntext import fold

# What a name says: a rise is expected, or fewer people write than usual.
_RISE = re.compile(
    r"\b(thi|tuyen sinh|diem|khai giang|nhap hoc|dang ky|nguyen vong|phuc khao|xet|chieu sinh|"
    r"dau nam|tuu truong|tong ket|hoc ba|ket qua|tra loi)\b"
)
_SILENCE = re.compile(r"\b(tet|nghi|le|quoc khanh|gio to|giang sinh)\b")
# A term is no season: what lasts so long is how things are.
_LONGEST_RISE, _LONGEST_SILENCE = 110, 24
# People come back from a silence with what they kept; a rise has a beginning and an end.
BACK_DAYS, BEFORE_DAYS, AFTER_DAYS = 6, 4, 5
# How many times the usual: at the edges of a season, in a season that comes every year, and in the
# days after a silence.
_EDGE, _YEARLY, _BACK = 2.2, 1.6, 1.8
_TET_BEFORE, _TET_AFTER = 4, 2


@dataclass(frozen=True, slots=True)
class Marks:
    """By subject and day. ``rise``: a named season, where volume alone says little; ``silent``,
    ``back``: fewer people than usual, and their return; ``allow``: how many times the usual is
    nothing special (edges of a season, seasons of the catalogue; 1 elsewhere)."""

    rise: Flags
    silent: Flags
    back: Flags
    allow: Numbers


def tet(year: int) -> Season | None:
    """The Lunar New Year's silence of a year, with the days around it."""
    days = [
        day
        for day, name in holidays.country_holidays("VN", years=year).items()
        if "Tết" in name and "Dương" not in name
    ]
    if not days:
        return None
    first, last = min(days), max(days)
    if last - first > timedelta(days=15):  # bridge days elsewhere in the year
        first = last = sorted(days)[len(days) // 2]
    return Season(
        "Tết Nguyên đán", first - timedelta(days=_TET_BEFORE), last + timedelta(days=_TET_AFTER)
    )


def is_silence(season: Season) -> bool:
    """True when a season's name tells of fewer people, not of more."""
    name = fold(season.name)
    return bool(_SILENCE.search(name)) and not _RISE.search(name)


def marks(panel: Panel) -> Marks:
    """The flags of every subject and day of a panel."""
    shape = (len(panel.series), panel.days)
    rise, silent, back = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    made = Marks(rise, silent, back, np.ones(shape))
    end = panel.start + timedelta(days=panel.days)
    own = [one for year in range(panel.start.year, end.year + 2) if (one := tet(year))]
    named = np.array(
        [any(_names(season, one.code) for season in panel.seasons) for one in panel.series],
        dtype=np.bool_,
    )
    for season in (*panel.seasons, *own):
        rows = np.array([season.concerns(one.code) for one in panel.series], dtype=np.bool_)
        if not season.sure:
            rows &= ~named  # whoever wrote down this year's days knows better
        _mark(made, season, rows, panel)
    return made


def _names(season: Season, code: str) -> bool:
    return (
        season.sure and season.topics is not None and not is_silence(season)
        and season.concerns(code)
    )  # fmt: skip


def _mark(made: Marks, season: Season, rows: Flags, panel: Panel) -> None:
    first = (season.first - panel.start).days
    last = (season.last - panel.start).days
    length = last - first + 1

    def put(flags: Flags, start: int, stop: int) -> None:
        low, high = max(0, start), min(panel.days, stop)
        if low < high:
            flags[rows, low:high] = True

    def allow(times: float, start: int, stop: int) -> None:
        low, high = max(0, start), min(panel.days, stop)
        if low < high:
            made.allow[rows, low:high] = np.maximum(made.allow[rows, low:high], times)

    if is_silence(season):
        if length <= _LONGEST_SILENCE:
            put(made.silent, first, last + 1)
        put(made.back, last + 1, last + 1 + BACK_DAYS)
        allow(_BACK, last + 1, last + 1 + BACK_DAYS)
    elif not season.sure:
        allow(_YEARLY, first, last + 1)
    elif season.topics is None or length > _LONGEST_RISE:
        # Named for everything, it is the whole house that rises: that is seen in the counts.
        allow(_EDGE, first, min(last + 1, first + 2 * AFTER_DAYS))
    else:
        put(made.rise, first, last + 1)
        allow(_EDGE, first - BEFORE_DAYS, last + 1 + AFTER_DAYS)


def of_rules(rules: Sequence[YearlySeason], years: Sequence[int]) -> list[Season]:
    """The catalogue's yearly seasons in each of some years; sure only where the days are fixed."""
    found = []
    for rule in rules:
        for year in years if rule.year is None else [rule.year]:
            first = date(year, *rule.first)
            last = date(year + (rule.last < rule.first), *rule.last)
            found.append(Season(rule.name, first, last, rule.topics or None, rule.fixed))
    return found
