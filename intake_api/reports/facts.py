"""The cases' columns with what is reckoned from them: local days, working time, how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

import numpy as np

from intake_api.domain import worktime
from intake_api.domain.catalog import CalendarRule, Catalog
from intake_api.domain.model import OPEN_STATES, State
from intake_api.store.figures import NONE, Columns

_DAY = 86_400
_EPOCH = date(1970, 1, 1)
_FIRST = date(2010, 1, 1)  # nothing that is imported is older; before it no time passes
# Vietnam has kept this offset since 1975 and has no summer time.
OFFSET = int(timedelta(hours=7).total_seconds())


@dataclass(frozen=True, slots=True)
class Facts:
    """``columns`` and, case by case: ``day`` of receipt (local, counted from 1970), ``ended``
    (seconds of UTC or NONE), ``first`` and ``answer`` (working minutes from receipt to the first
    action and to the answer, without the time that it waited; NONE where there is none yet),
    ``quickest`` (positions by ``first``, by ``answer``: sorted once, every median is read off),
    ``group`` (topic's first level), ``spam``, ``unanswerable`` (merged or withdrawn: no deadline
    counts), ``open``."""

    columns: Columns
    day: np.ndarray
    ended: np.ndarray
    first: np.ndarray
    answer: np.ndarray
    quickest: dict[str, np.ndarray]
    group: np.ndarray
    groups: list[str]
    spam: np.ndarray
    unanswerable: np.ndarray
    open: np.ndarray

    def code(self, name: str, word: str) -> int:
        """Position of a code; one that nothing has matches nothing."""
        words = self.groups if name == "group" else self.columns.words[name]
        return words.index(word) if word in words else -2

    def codes(self, name: str) -> tuple[np.ndarray, list[str]]:
        """A dimension's positions and what they stand for."""
        if name == "group":
            return self.group, self.groups
        return self.columns.of[name], self.columns.words[name]


def day_number(day: date) -> int:
    """A local day as ``Facts.day`` counts it."""
    return (day - _EPOCH).days


def facts(columns: Columns, catalog: Catalog) -> Facts:
    """Reckons everything anew; a million cases take a fraction of a second."""
    of, calendar = columns.of, catalog.calendar
    is_open = _is(columns, "state", {str(state) for state in OPEN_STATES})
    begun = np.maximum(of["received_at"], of["clock_from"])
    answered_now = (of["answered_at"] != NONE) & (of["answered_at"] >= begun)
    ended = np.where(answered_now, of["answered_at"], of["closed_at"])
    ended = np.where(is_open, NONE, ended)
    groups = list(dict.fromkeys(word.split(".")[0] for word in columns.words["topic"]))
    place = [groups.index(word.split(".")[0]) for word in columns.words["topic"]]
    first = _minutes(calendar, of["received_at"], of["first_response_at"])
    answer = _answer(calendar, columns)
    return Facts(
        columns=columns,
        day=((of["received_at"] + OFFSET) // _DAY).astype(np.int32),
        ended=ended,
        first=first,
        answer=answer,
        quickest={"first": _order(first), "answer": _order(answer)},
        group=np.array([*place, NONE], np.int16)[of["topic"]],
        groups=groups,
        spam=_is(columns, "ended", {State.REJECTED_SPAM}) | _is(columns, "kind", {"spam"}),
        unanswerable=_is(columns, "ended", {State.MERGED, State.WITHDRAWN}),
        open=is_open,
    )


def _order(minutes: np.ndarray) -> np.ndarray:
    order = np.argsort(minutes, kind="stable")
    return order[np.searchsorted(minutes[order], 0) :].astype(np.int32)


def _is(columns: Columns, name: str, wanted: set[str]) -> np.ndarray:
    found = [word in wanted for word in columns.words[name]]
    flags: np.ndarray = np.array([*found, False], bool)
    found_at: np.ndarray = flags[columns.of[name]]
    return found_at


def _answer(calendar: CalendarRule, columns: Columns) -> np.ndarray:
    """Working minutes to the answer less those of waits that lie between (``ledger.consumed``)."""
    received, answered = columns.of["received_at"], columns.of["answered_at"]
    minutes = _minutes(calendar, received, answered)
    if not len(columns.waits):
        return minutes
    at = np.searchsorted(columns.id, columns.waits[:, 0])
    until = np.where(columns.waits[:, 2] == NONE, answered[at], columns.waits[:, 2])
    start = np.clip(columns.waits[:, 1], received[at], None)
    end = np.minimum(until, answered[at])
    counts = (end > start) & (answered[at] != NONE)
    lost = np.zeros(len(minutes), np.float32)
    if counts.any():
        waited = _minutes(calendar, start[counts], end[counts])
        np.add.at(lost, at[counts], waited)
    left: np.ndarray = np.maximum(minutes - lost, 0)
    return np.where(minutes == NONE, minutes, left).astype(np.float32)


def _minutes(calendar: CalendarRule, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    known = end != NONE
    found = np.full(len(start), NONE, np.float32)
    if known.any():
        passed = _passed(calendar, end[known]) - _passed(calendar, start[known])
        found[known] = np.maximum(passed, 0) / 60
    return found


def _passed(calendar: CalendarRule, moments: np.ndarray) -> np.ndarray:
    """Working seconds from the beginning of ``_FIRST`` to each moment."""
    local = moments + OFFSET
    day, second = np.clip(local // _DAY - day_number(_FIRST), 0, None), local % _DAY
    years = int(day.max()) // 365 + 1
    before, works = _days(
        calendar.hours, calendar.weekdays, calendar.extra_holidays,
        calendar.swapped_working_days, years,
    )  # fmt: skip
    today = np.zeros(len(moments), np.int64)
    for opens, closes in calendar.hours:
        first, last = _second(opens), _second(closes)
        today += np.clip(second, first, last) - first
    passed: np.ndarray = before[day] + np.where(works[day], today, 0)
    return passed


def _second(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60


@lru_cache(maxsize=8)
def _days(
    hours: tuple[tuple[time, time], ...],
    weekdays: frozenset[int],
    extra_holidays: frozenset[date],
    swapped: frozenset[date],
    years: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Working seconds before each day from ``_FIRST`` on, and whether it is a working day."""
    calendar = CalendarRule(hours, weekdays, extra_holidays, swapped)
    days = [_FIRST + timedelta(days=n) for n in range(366 * years)]
    works = np.array([worktime.is_working_day(calendar, day) for day in days], bool)
    whole = worktime.day_length(calendar) // timedelta(seconds=1)
    before = np.concatenate([[0], np.cumsum(works * whole)[:-1]])
    return before.astype(np.int64), works
