"""The figures of a period: numbers and tables, compared, with small counts hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from intake_api.domain import disclosure
from intake_api.domain.access import Scope
from intake_api.domain.catalog import Catalog
from intake_api.domain.period import Period, between
from intake_api.domain.worktime import LOCAL
from intake_api.reports import counting, hiding, tables, titles
from intake_api.reports.facts import OFFSET, Facts, facts
from intake_api.reports.shapes import CASES, EVERYTHING, Figures, Narrowed, Number, Query, Value
from intake_api.store import figures as reads
from intake_api.store import unsealings
from intake_api.store.figures import Questions

if TYPE_CHECKING:
    from intake_api.store import Session

# What of a number's cases the queue can list, as its address says it.
_LISTED: dict[str, dict[str, str]] = {
    "received": {}, "answered": {"answered": "1"}, "open": {"state": "open"},
    "open_late": {"state": "open", "deadline": "missed"}, "on_time": {"deadline": "met"},
    "reopened": {"reopened": "1"}, "urgent": {"urgent": "1"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: which cases of whom, when, compared or not. ``public``: everybody will
    read it, so every small count is hidden; ``staff_id`` of the scope hides what names them."""

    period: Period
    scope: Scope
    narrowed: Narrowed = EVERYTHING
    compare: bool = True
    public: bool = False


def collect(
    tx: Session,
    catalog: Catalog,
    period: Period,
    scope: Scope,
    *,
    now: datetime,
    narrowed: Narrowed = EVERYTHING,
    compare: bool = True,
    public: bool = False,
) -> Figures:
    """The figures read straight from the database, as of ``now`` (aware UTC).

    Tombstones of erased cases count, spam does not (but as ``spam``). A scope that is not sealed
    never counts sealed cases, but in the number ``sealed`` where that may be told.
    """
    asked = Asked(period, scope, narrowed, compare, public)
    # From January on, so that a sealed count knows the months beside it.
    first = min(one.first for one in periods_of(asked, now)).replace(month=1, day=1)
    sealed = None if scope.units is None and not scope.sealed else scope.sealed
    columns = reads.read(tx, since=between(first, first).since(), sealed=sealed, units=scope.units)
    return measure(tx, facts(columns, catalog), catalog, asked, now=now)


def periods_of(asked: Asked, now: datetime) -> list[Period]:
    """The period and those it is compared with. One that has not ended is compared with as many
    days of them: two months of a quarter say nothing beside three."""
    one, today = asked.period, now.astimezone(LOCAL).date()
    if not asked.compare:
        return [one]
    found = [one, one.previous(), one.last_year()]
    if one.first <= today < one.last:
        days = (today - one.first).days + 1
        return [one, *(other.begin(days) for other in found[1:])]
    return found


def measure(tx: Session, known: Facts, catalog: Catalog, asked: Asked, *, now: datetime) -> Figures:
    """The figures of facts that are at hand; what names the person who asks is looked up."""
    scope, period = asked.scope, asked.period
    without = unsealings.naming(tx, scope.staff_id) if scope.staff_id is not None else set()
    wanted = counting.base(known, scope, asked.narrowed, without=without)
    counted = wanted & ~known.spam
    periods = periods_of(asked, now)
    found = [
        counting.cohort(known, counting.received(known, counted, one.first, one.last), now)
        for one in periods
    ]
    said = hiding.Rules(catalog, asked.narrowed, public=asked.public)
    numbers = [
        {**counting.sums(known, one, now), **_around(known, wanted, counted, when)}
        for one, when in zip(found, periods, strict=True)
    ]
    shown = _numbers(numbers, asked, said)
    shown.update(_asked_numbers(_questions(tx, asked, periods), said))
    if _tells_sealed(asked):
        shown["sealed"] = _sealed(known, period, now)
    return Figures(
        period=period,
        taken_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        scope={"sealed": scope.sealed, "units": list(scope.units) if scope.units else None},
        narrowed=asked.narrowed,
        compared=tuple(periods[1:]),
        numbers=shown,
        tables=tables.all_of(known, catalog, found, _begun(periods, now), said, filter_of(asked)),
    )


def _begun(periods: list[Period], now: datetime) -> list[Period]:
    """Weeks and months that have not come yet are no lines."""
    one, today = periods[0], now.astimezone(LOCAL).date()
    if one.first <= today < one.last:
        return [Period(one.first, today, one.title, one.code), *periods[1:]]
    return periods


def _around(
    known: Facts, wanted: np.ndarray, counted: np.ndarray, period: Period
) -> dict[str, tuple[Value, int | None]]:
    flow = counting.flow_of(known, counted, period)
    spam = counting.received(known, wanted & known.spam, period.first, period.last)
    return {**{name: (value, None) for name, value in flow.items()}, "spam": (len(spam), None)}


def filter_of(asked: Asked) -> dict[str, str]:
    """The queue's filter for the cases of the period that count."""
    days = {"from": asked.period.first.isoformat(), "to": asked.period.last.isoformat()}
    return {"state": "all", "counted": "1", **days, **asked.narrowed.params()}


def _numbers(
    found: list[dict[str, tuple[Value, int | None]]], asked: Asked, said: hiding.Rules
) -> dict[str, Number]:
    shown = {}
    counts = [int(one["received"][0] or 0) for one in found]
    hidden = [said.hides_all(count) for count in counts]
    for name, (title, unit) in titles.NUMBERS.items():
        if name not in found[0]:
            continue
        value, of = found[0][name]
        compared = [None if hidden[n] else found[n][name][0] for n in range(1, len(found))]
        previous, last_year = [*compared, None, None][:2]
        plain = _LISTED.get(name)
        count = value if unit == CASES and isinstance(value, int) else of
        shown[name] = Number(
            name, title, None if hidden[0] else value, unit, None if hidden[0] else of, hidden[0],
            previous, last_year,
            Query(
                f"cases.{name}",
                {} if plain is None or hidden[0] else {**filter_of(asked), **plain},
                None if hidden[0] else count,
            ),
        )  # fmt: skip
    return shown


# ---------------------------------------------------------------- the assistant
def _questions(tx: Session, asked: Asked, periods: list[Period]) -> list[Questions]:
    """What the assistant was asked in each period. Questions have a channel and nothing else:
    other filters leave them out."""
    narrowed = asked.narrowed.params()
    if asked.scope.sealed or asked.scope.units is not None or set(narrowed) - {"channel"}:
        return []
    channel = asked.narrowed.channel
    return [reads.questions(tx, one.since(), one.until(), channel) for one in periods]


def _asked_numbers(found: list[Questions], said: hiding.Rules) -> dict[str, Number]:
    if not found:
        return {}
    shown = {}
    now, previous, last_year = [*map(_of_questions, found), {}, {}][:3]
    total = now["questions"]
    for name in ("questions", "bot_answered", "bot_rate", "gaps"):
        title, unit = titles.NUMBERS[name]
        small = unit == CASES and said.hides_all(int(now[name] or 0))
        shown[name] = Number(
            name, title, None if small else now[name], unit,
            int(total or 0) if name == "bot_rate" else None, small,
            previous.get(name), last_year.get(name), Query(f"questions.{name}"),
        )  # fmt: skip
    return shown


def _of_questions(one: Questions) -> dict[str, Value]:
    total, answered = one.answered + one.chosen + one.open, one.answered + one.chosen
    return {
        "questions": total, "bot_answered": answered, "bot_rate": counting.share(answered, total),
        "gaps": one.open,
    }  # fmt: skip


# ---------------------------------------------------------------- the lane, as a count
def _tells_sealed(asked: Asked) -> bool:
    scope = asked.scope
    everything = scope.units is None and not scope.sealed
    return everything and not asked.narrowed.params()


def _sealed(known: Facts, period: Period, now: datetime) -> Number:
    """How many sealed cases: five and more, in a calendar period, or nothing."""
    at = np.flatnonzero((known.columns.of["confidential"] == 1) & ~known.spam)
    moments = known.columns.of["received_at"][at] + OFFSET
    months = moments.astype("datetime64[s]").astype("datetime64[M]").astype(int)
    by_month: dict[tuple[int, int], int] = {}
    for month, count in zip(*np.unique(months, return_counts=True), strict=True):
        by_month[1970 + int(month) // 12, int(month) % 12 + 1] = int(count)
    told = disclosure.sealed_count(period, by_month, now.astimezone(LOCAL).date())
    title, unit = titles.NUMBERS["sealed"]
    return Number(
        "sealed", title, told, unit, None, told is None, query=Query("sealed.received", {}, told)
    )
