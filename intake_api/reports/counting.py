"""Counting over facts: which cases a question means, sums and medians of them, by any dimension."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from intake_api.domain.access import Scope
from intake_api.domain.period import Period
from intake_api.reports.facts import Facts, day_number
from intake_api.reports.shapes import Narrowed, Value
from intake_api.store.figures import NONE


@dataclass(frozen=True, slots=True)
class Cohort:
    """The cases received in a period, by position, and what became of them as of a moment.
    ``quickest``: those with a first action and those with an answer, the quickest first."""

    at: np.ndarray
    answered: np.ndarray
    on_time: np.ndarray
    due: np.ndarray
    quickest: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.at)


def base(facts: Facts, scope: Scope, narrowed: Narrowed, *, without: Collection[int]) -> np.ndarray:
    """Which cases count at all: those of the scope, narrowed, spam included; ``without``: numbers
    of cases that do not exist for whoever asks."""
    if scope.client_id is not None:
        raise ValueError("which cases another system sent is not among the facts")
    of = facts.columns.of
    wanted: np.ndarray = of["confidential"] == int(scope.sealed)
    if scope.units is not None:
        wanted = wanted & np.isin(of["unit"], [facts.code("unit", one) for one in scope.units])
    for name, word in narrowed.params().items():
        wanted = wanted & (facts.codes(name)[0] == facts.code(name, word))
    if without:
        wanted = wanted & ~np.isin(facts.columns.id, list(without))
    return wanted


def received(facts: Facts, wanted: np.ndarray, first: date, last: date) -> np.ndarray:
    """Positions of the wanted cases that were received on these days."""
    inside = (facts.day >= day_number(first)) & (facts.day <= day_number(last))
    return np.flatnonzero(wanted & inside)


def cohort(facts: Facts, at: np.ndarray, now: datetime) -> Cohort:
    """What became of cases. A deadline counts once it was met or has run out; one that waits is
    late only if it was late when the waiting began."""
    of, ended = facts.columns.of, facts.ended[at]
    due, paused = of["due_at"][at], of["paused_at"][at]
    judged = np.where(ended != NONE, ended, np.where(paused != NONE, paused, _seconds(now)))
    has = (due != NONE) & ~facts.unanswerable[at]
    late = has & (judged > due)
    met = has & (ended != NONE) & ~late
    quickest = {
        name: _quickest(at, minutes, facts.quickest[name])
        for name, minutes in (("first", facts.first), ("answer", facts.answer))
    }
    return Cohort(at, of["answered_at"][at] != NONE, met, late | met, quickest)


def _quickest(at: np.ndarray, minutes: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Those of ``at`` with minutes, the quickest first: few are sorted, many read off."""
    if len(at) * 8 < len(order):
        known = at[minutes[at] >= 0]
        few: np.ndarray = known[np.argsort(minutes[known], kind="stable")]
        return few
    here = np.zeros(len(minutes), bool)
    here[at] = True
    many: np.ndarray = order[here[order]]
    return many


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def share(part: int, whole: int) -> Value:
    """``part`` of ``whole`` in percent, one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def quantile(ordered: np.ndarray, part: float) -> Value:
    """A quantile of minutes that are in order, in whole minutes; None of nothing."""
    if not len(ordered):
        return None
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(float(ordered[low] + (ordered[high] - ordered[low]) * (place - low)))


def sums(facts: Facts, one: Cohort, now: datetime) -> dict[str, tuple[Value, int | None]]:
    """Every number of a cohort: id → (value, of how many)."""
    of, at = facts.columns.of, one.at
    due, met = int(one.due.sum()), int(one.on_time.sum())
    scores = of["score"][at]
    scores = scores[scores > 0]
    reopened, open_now = int((of["reopened"][at] > 0).sum()), facts.open[at]
    count, answered = len(one), int(one.answered.sum())
    found: dict[str, tuple[Value, int | None]] = {
        "received": (count, None),
        "answered": (answered, count),
        "forwarded": (_count(facts, at, "ended", "forwarded_outside"), count),
        "open": (int(open_now.sum()), count),
        "open_late": (int((open_now & one.due).sum()), count),
        "due": (due, count),
        "on_time": (met, due),
        "on_time_rate": (share(met, due), due),
        "reopened": (reopened, count),
        "reopened_rate": (share(reopened, answered), answered),
        "rated": (len(scores), count),
        "satisfaction": (round(float(scores.mean()), 2) if len(scores) else None, len(scores)),
        "satisfied_rate": (share(int((scores >= 4).sum()), len(scores)), len(scores)),
        "urgent": (int((of["urgent"][at] > 0).sum()), count),
        "anonymous": (int((of["anonymous"][at] > 0).sum()), count),
        "erased": (_count(facts, at, "state", "erased"), count),
    }
    for name, minutes in (("first", facts.first), ("answer", facts.answer)):
        ordered = minutes[one.quickest[name]]
        for title, part in (("median", 0.5), ("p90", 0.9)):
            found[f"{name}_{title}"] = quantile(ordered, part), len(ordered)
    return found


def _count(facts: Facts, at: np.ndarray, name: str, word: str) -> int:
    return int((facts.codes(name)[0][at] == facts.code(name, word)).sum())


def flow_of(facts: Facts, wanted: np.ndarray, period: Period) -> dict[str, int]:
    """What was open when the period began, and what ended in it, whenever it was received."""
    since, until = _seconds(period.since()), _seconds(period.until())
    older = wanted & (facts.columns.of["received_at"] < since)
    still = facts.open | (facts.ended >= since)
    ended = wanted & (facts.ended >= since) & (facts.ended < until)
    return {"carried": int((older & still).sum()), "finished": int(ended.sum())}


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension: how many, and what became of them."""

    received: int
    answered: int
    on_time_rate: Value
    answer_median: Value
    reopened: int


def lines(
    facts: Facts, one: Cohort, key: Callable[[np.ndarray], np.ndarray], size: int
) -> list[Line]:
    """A line for every key from 0 to ``size``; keys that are NONE come last, at ``size``.
    ``key``: the keys of cases by their positions."""
    # Four flags beside the key: one count tells all of them.
    flags = one.answered + 2 * one.due + 4 * one.on_time
    flags = flags + 8 * (facts.columns.of["reopened"][one.at] > 0)
    place = _placed(key(one.at), size) * np.int32(16) + flags
    table = np.bincount(place, minlength=16 * (size + 1)).reshape(size + 1, 16)
    count, answered, due, met, reopened = (
        table[:, [n for n in range(16) if n & bit == bit]].sum(axis=1) for bit in (0, 1, 2, 4, 8)
    )
    quickest = one.quickest["answer"]
    theirs = _placed(key(quickest), size)
    order = quickest[np.argsort(theirs, kind="stable")]
    ends = np.cumsum(np.bincount(theirs, minlength=size + 1))
    minutes = np.split(facts.answer[order], ends[:-1])
    return [
        Line(
            int(count[at]), int(answered[at]), share(int(met[at]), int(due[at])),
            quantile(minutes[at], 0.5), int(reopened[at]),
        )
        for at in range(size + 1)
    ]  # fmt: skip


def _placed(keys: np.ndarray, size: int) -> np.ndarray:
    return np.where(keys < 0, size, keys).astype(np.int16)


def per_key(keys: np.ndarray, size: int) -> list[int]:
    """How many of each key from 0 to ``size``; NONE at ``size``."""
    return [int(n) for n in np.bincount(np.where(keys < 0, size, keys), minlength=size + 1)]
