"""Cases of the period by week, month and every dimension of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from intake_api.domain.catalog import Catalog
from intake_api.domain.period import Period
from intake_api.domain.worktime import day_in_words
from intake_api.reports import counting, titles
from intake_api.reports.counting import Cohort, Line
from intake_api.reports.facts import Facts, day_number
from intake_api.reports.hiding import Rules
from intake_api.reports.shapes import Query, Row, Table, Value
from intake_api.store.figures import NONE

# What the queue's address can narrow by.
_LISTED: Final = frozenset({"channel", "kind", "group", "topic", "unit", "district", "level"})
_MOST_WEEKS = 60


@dataclass(frozen=True, slots=True)
class _Counted:
    """The lines of one dimension, in order: codes, names, and the counts of each period."""

    codes: list[str]
    names: list[str]
    lines: list[Line]
    before: list[list[int]]  # previous, a year before
    filters: list[dict[str, str]]


def all_of(
    known: Facts,
    catalog: Catalog,
    found: list[Cohort],
    periods: list[Period],
    rules: Rules,
    listed: dict[str, str],
) -> dict[str, Table]:
    """Every table of the period. ``found``: the cohorts of the period and of those it is compared
    with; ``listed``: the queue's filter for all of it. What the figures are narrowed to has no
    table of its own."""
    made = {}
    whole = counting.lines(known, found[0], lambda at: np.zeros(len(at), np.int16), 0)[0]
    for name in titles.TABLES:
        if name in listed or (name == "group" and "topic" in listed):
            continue
        if name in ("week", "month"):
            counted = _by_time(known, found, periods, name, listed)
            if counted is None:
                continue
        else:
            counted = _by_code(known, catalog, found, name, listed)
        made[name] = _table(name, counted, whole, known, found, rules, listed)
    return made


# ---------------------------------------------------------------- counting
def _by_code(
    known: Facts, catalog: Catalog, found: list[Cohort], name: str, listed: dict[str, str]
) -> _Counted:
    keys, words = known.codes(name)
    size = len(words)
    lines = counting.lines(known, found[0], lambda at: keys[at], size)
    before = [counting.per_key(keys[one.at], size) for one in found[1:]]
    expected = {code: place for place, code in enumerate(titles.order(catalog, name))}
    # Codes that the catalogue no longer has come last, always in the same order.
    order = sorted(range(size), key=lambda n: (expected.get(words[n], len(expected)), words[n]))
    order = [n for n in (*order, size) if lines[n].received or any(one[n] for one in before)]
    codes = [words[n] if n < size else "" for n in order]
    return _Counted(
        codes=codes,
        names=[titles.name(catalog, name, code) for code in codes],
        lines=[lines[n] for n in order],
        before=[[one[n] for n in order] for one in before],
        filters=[{**listed, name: code} if code and name in _LISTED else {} for code in codes],
    )


def _by_time(
    known: Facts, found: list[Cohort], periods: list[Period], name: str, listed: dict[str, str]
) -> _Counted | None:
    stretches = list(_stretches(periods[0], name))
    if len(stretches) < 2 or len(stretches) > _MOST_WEEKS:
        return None
    size, years = len(stretches), stretches[0][0].year != stretches[-1][1].year
    lines = counting.lines(known, found[0], lambda at: _place(known.day[at], stretches), size)
    before = []
    for one, when in zip(found[1:], periods[1:], strict=True):
        # The third week is compared with the third week.
        theirs = list(_stretches(when, name))
        counts = counting.per_key(_place(known.day[one.at], theirs), len(theirs))[:-1]
        before.append([*counts, *[0] * size][:size])
    return _Counted(
        codes=[first.isoformat() for first, _ in stretches],
        names=[_time_name(name, first, last, years=years) for first, last in stretches],
        lines=lines[:size],
        before=before,
        filters=[
            {**listed, "from": first.isoformat(), "to": last.isoformat()}
            for first, last in stretches
        ],
    )


def _stretches(period: Period, name: str) -> list[tuple[date, date]]:
    return list(period.weeks() if name == "week" else period.calendar_months())


def _place(days: np.ndarray, stretches: list[tuple[date, date]]) -> np.ndarray:
    """Which stretch each day lies in; NONE for days outside."""
    lengths = [(last - first).days + 1 for first, last in stretches]
    places = np.append(np.repeat(np.arange(len(stretches), dtype=np.int16), lengths), NONE)
    found: np.ndarray = days - day_number(stretches[0][0])
    return places[np.where((found >= 0) & (found < len(places) - 1), found, len(places) - 1)]


def _time_name(name: str, first: date, last: date, *, years: bool) -> str:
    if name == "month":
        return f"Tháng {first.month}/{first.year}"
    start, end = (day_in_words(day) if years else f"{day.day}/{day.month}" for day in (first, last))
    return start if first == last else f"{start} – {end}"


# ---------------------------------------------------------------- hiding, and one table
def _table(
    name: str,
    counted: _Counted,
    whole: Line,
    known: Facts,
    found: list[Cohort],
    rules: Rules,
    listed: dict[str, str],
) -> Table:
    now = [line.received for line in counted.lines]
    hidden, nothing = _hidden(name, counted.codes, now, known, found[0], rules)
    before = [
        _hidden(name, counted.codes, counts, known, one, rules)
        for counts, one in zip(counted.before, found[1:], strict=True)
    ]
    rows = []
    for place, (code, line) in enumerate(zip(counted.codes, counted.lines, strict=True)):
        concealed = code in hidden
        earlier: list[Value] = [
            None if concealed or all_gone or code in gone else counts[place]
            for counts, (gone, all_gone) in zip(counted.before, before, strict=True)
        ]
        values = _values(line, [*earlier, None, None][:2])
        query = Query(f"cases.by_{name}", counted.filters[place], line.received)
        rows.append(
            Row(
                code, counted.names[place],
                tuple(None for _ in values) if concealed else values,
                code.split(".")[0] if name == "topic" else "", concealed,
                Query(f"cases.by_{name}") if concealed else query,
            )
        )  # fmt: skip
    title, dimension = titles.TABLES[name]
    return Table(
        name, title, dimension, titles.COLUMNS, () if nothing else tuple(rows),
        _total(name, whole, found, rules, listed, withheld=nothing), nothing,
    )  # fmt: skip


def _values(line: Line, earlier: list[Value]) -> tuple[Value, ...]:
    return (
        line.received, *earlier, line.answered, line.on_time_rate, line.answer_median,
        line.reopened,
    )  # fmt: skip


def _total(
    name: str,
    line: Line,
    found: list[Cohort],
    rules: Rules,
    listed: dict[str, str],
    *,
    withheld: bool,
) -> Row:
    concealed = withheld or rules.hides_all(line.received)
    earlier: list[Value] = [None if rules.hides_all(len(one)) else len(one) for one in found[1:]]
    values = _values(line, [*earlier, None, None][:2])
    query = Query(f"cases.by_{name}", listed, line.received)
    return Row(
        "", "Tổng", tuple(None for _ in values) if concealed else values, "", concealed,
        Query(f"cases.by_{name}") if concealed else query,
    )  # fmt: skip


def _hidden(
    name: str, codes: list[str], counts: list[int], known: Facts, one: Cohort, rules: Rules
) -> tuple[frozenset[str], bool]:
    """Codes to hide of one column of counts, and whether nothing of it is told."""
    if name not in ("topic", "group"):
        return rules.hidden(name, dict(zip(codes, counts, strict=True)))
    keys, words = known.codes("topic")
    every = counting.per_key(keys[one.at], len(words))
    topics, groups, nothing = rules.hidden_topics(
        {code: count for code, count in zip([*words, ""], every, strict=True) if count}
    )
    return (topics if name == "topic" else groups), nothing
