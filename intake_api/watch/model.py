"""What the early warning works with: levels, seasons of the year, a panel of counts, alerts.

Nothing here names a person or an opinion: subjects are topics, schools and phrases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Level(IntEnum):
    """Levels of the department's plan (II.1.đ), in order."""

    WATCHING = 1
    WARNING = 2
    INCIDENT = 3
    CRISIS = 4


LEVEL_TITLE: dict[Level, str] = {
    Level.WATCHING: "theo dõi",
    Level.WARNING: "cảnh báo",
    Level.INCIDENT: "sự cố",
    Level.CRISIS: "khủng hoảng",
}


@dataclass(frozen=True, slots=True)
class Season:
    """An entry of a calendar, both days included. ``topics`` None: it concerns all of them.

    ``sure``: somebody entered it for this year; the catalogue's yearly seasons are only likely.
    """

    name: str
    first: date
    last: date
    topics: tuple[str, ...] | None = None
    sure: bool = True

    def concerns(self, code: str) -> bool:
        """True when it names the topic, or its first level ("i" names "i.de_thi")."""
        if self.topics is None:
            return True
        return any(
            one == code or code.startswith(one.rstrip("*").rstrip(".") + ".") for one in self.topics
        )


@dataclass(frozen=True, slots=True)
class Series:
    """One subject, day by day. Each array has one number a day; NaN is a day without data.

    ``people``: distinct people, no more than distinct texts. ``negative``: how many of them were
    angry, None when nobody counted. ``channels``: messages by channel. ``hourly``: day × 24.
    ``prior``: messages a year before, day for day.
    """

    code: str
    count: Numbers
    people: Numbers
    negative: Numbers | None = None
    channels: Mapping[str, Numbers] = field(default_factory=dict)
    hourly: Numbers | None = None
    prior: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """All subjects over the same days; the first ``warmup`` of them are only learned from."""

    start: date
    days: int
    warmup: int
    series: tuple[Series, ...]
    seasons: tuple[Season, ...] = ()
    # Subjects that were chosen because they rise say nothing about everybody.
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an alert fired: the window that decided, what was seen and what was to be expected."""

    # people | negative | share | both | season | jump | channels | hours
    test: str
    days: int
    observed: float
    expected: float
    people: float
    negative: float | None
    share: float | None
    usual_share: float | None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert opens, or its level rises, at the end of a day (index of the panel)."""

    code: str
    day: int
    level: Level
    evidence: Evidence
    opened: bool


def no_data(days: int) -> Numbers:
    """A row of days without data."""
    return np.full(days, np.nan)


def as_row(values: Sequence[float | int | None]) -> Numbers:
    """A row of numbers; None becomes a day without data."""
    return np.array([np.nan if one is None else float(one) for one in values], dtype=np.float64)


def people_of(count: Numbers, senders: Numbers | None, texts: Numbers | None) -> Numbers:
    """Distinct people of each day: no more than messages, senders or texts. A flood by few, or
    of one text, is few people."""
    found = count
    for cap in (senders, texts):
        if cap is not None:
            found = np.where(np.isnan(cap), found, np.fmin(found, cap))
    return found


# A person who writes twice on a day is nothing unusual; beyond so many copies each, negative
# messages are taken to be the copies.
_COPIES = 0.5
# A flood beside people: how many of these are angry can only be told when many must be.
_FLOOD, _SURE = 4.0, 5.0


def negative_people(count: Numbers, people: Numbers, negative: Numbers) -> Numbers:
    """How many of the people were angry, from messages that were: what one person repeats counts
    once, and what exceeds usual repetition is taken for the repeated message. NaN on a day whose
    flood hides it."""
    share = np.divide(people, count, out=np.zeros_like(people), where=count > 0)
    more = count - people
    angry = np.minimum(negative, count)
    likely = np.minimum(
        angry * share, np.maximum(0.0, angry - np.maximum(0.0, more - _COPIES * people))
    )
    least = np.maximum(0.0, angry - more)
    flooded = more > np.maximum(_FLOOD, people)
    found: Numbers = np.where(flooded, np.where(least >= _SURE, least, np.nan), likely)
    return found
