from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_api.domain import disclosure, period
from intake_api.domain.disclosure import HIDE_BELOW


@pytest.mark.parametrize(
    ("counts", "rows", "total"),
    [
        ([7, 8], set(), False),
        ([0, 8], set(), False),
        ([4, 9, 20], {0, 1}, False),  # 4 alone would be the total less the others
        ([3, 2, 9], {0, 1}, False),
        ([1, 1, 9], {0, 1, 2}, False),  # two that are 2 together are 1 each
        ([3], {0}, True),
        ([0, 3, 0], {1}, True),
        ([], set(), False),
    ],
)
def test_small_counts_and_what_would_give_them_away(
    counts: list[int], rows: set[int], total: bool
) -> None:
    found = disclosure.hide(counts)
    assert (set(found.rows), found.total) == (rows, total)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=7))
def test_no_hidden_count_can_be_worked_out(counts: list[int]) -> None:
    """Whoever knows the total and what is shown finds at least two answers for what is hidden."""
    found = disclosure.hide(counts)
    assert all(place in found.rows for place, n in enumerate(counts) if 0 < n < HIDE_BELOW)
    if found.total or not found.rows:
        return
    rest = sum(counts[place] for place in found.rows)
    hidden = [counts[place] for place in sorted(found.rows)]
    others = (
        one
        for one in itertools.product(range(1, rest + 1), repeat=len(hidden))
        if sum(one) == rest and list(one) != hidden
    )
    assert next(others, None) is not None


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=4))
def test_groups_do_not_tell_of_their_leaves(counts: list[list[int]]) -> None:
    small = [[True] * len(group) for group in counts]
    found = disclosure.hide_tree(counts, small, [False] * len(counts))
    for place, (group, leaves) in enumerate(zip(counts, found.leaves, strict=True)):
        hidden = [n for leaf, n in enumerate(group) if leaf in leaves.rows]
        if place not in found.groups.rows:
            # The group is told: what is hidden below it stays unknown.
            assert len(hidden) != 1
            assert not hidden or sum(hidden) > len(hidden)
        elif not found.groups.total:
            assert hidden or not sum(group)


def test_sealed_cases_are_told_from_five_on_and_only_by_the_calendar() -> None:
    counts = {(2025, number): count for number, count in enumerate([9, 9, 4, 9, 9, 9], 1)}
    today = date(2026, 3, 1)

    def told(one: period.Period) -> int | None:
        return disclosure.sealed_count(one, counts, today)

    assert told(period.year(2025)) == 49
    assert told(period.month(2025, 3)) is None
    # March would be the quarter less January and February: one of them is hidden with it.
    shown = [told(period.month(2025, number)) for number in (1, 2)]
    assert told(period.quarter(2025, 1)) == 22 and shown.count(None) == 1
    assert told(period.between(date(2025, 4, 1), date(2025, 4, 30))) is None
    assert told(period.year(2024)) is None
    assert told(period.month(2027, 1)) is None


def _count(one: period.Period, by_month: dict[tuple[int, int], int]) -> int:
    return sum(by_month[first.year, first.month] for first, _ in one.calendar_months())


@given(st.lists(st.integers(0, 12), min_size=12, max_size=12))
def test_sealed_months_cannot_be_worked_out_of_quarters(counts: list[int]) -> None:
    by_month = {(2025, number): count for number, count in enumerate(counts, 1)}
    today = date(2026, 1, 1)
    for larger, parts in (
        (period.quarter(2025, 1), [period.month(2025, n) for n in (1, 2, 3)]),
        (period.half(2025, 1), [period.quarter(2025, n) for n in (1, 2)]),
        (period.year(2025), [period.half(2025, n) for n in (1, 2)]),
    ):
        whole = disclosure.sealed_count(larger, by_month, today)
        told = [disclosure.sealed_count(one, by_month, today) for one in parts]
        assert all(one is None or one >= HIDE_BELOW for one in (whole, *told))
        if whole is not None:
            unsaid = [one for one, n in zip(parts, told, strict=True) if n is None]
            # One alone could be worked out: that there was none harms nobody.
            assert len(unsaid) != 1 or not _count(unsaid[0], by_month)
        else:
            assert told == [None] * len(parts)
