"""Small counts: which numbers of a table stay unsaid so that nobody can be recognised by them.

A count from 1 to 4 is hidden (primary); where a total would give it away again, further counts are
hidden with it (complementary), smallest first. Pure arithmetic; what is sensitive says the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intake_api.domain.period import Period

HIDE_BELOW = 5


@dataclass(frozen=True, slots=True)
class Hidden:
    """Positions of hidden counts; ``total``: nothing else is left to hide, so the whole table,
    its total and whose counts there are stays unsaid."""

    rows: frozenset[int]
    total: bool = False


NOTHING = Hidden(frozenset())


def hide(
    counts: Sequence[int],
    sensitive: Sequence[bool] | None = None,
    *,
    forced: frozenset[int] = frozenset(),
) -> Hidden:
    """What to hide of ``counts`` whose sum is told.

    ``sensitive``: where a small count must be hidden (default everywhere); ``forced``: hidden
    whatever they are.
    """
    rows = {
        place
        for place, count in enumerate(counts)
        if 0 < count < HIDE_BELOW and (sensitive is None or sensitive[place])
    } | forced
    if not rows:
        return NOTHING
    others = sorted(
        (count, place) for place, count in enumerate(counts) if place not in rows and count > 0
    )
    # One alone is the total less the others; where they are one each, all are known.
    while len(rows) < 2 or sum(counts[place] for place in rows) <= len(rows):
        if not others:
            return Hidden(frozenset(rows), total=True)
        rows.add(others.pop(0)[1])
    return Hidden(frozenset(rows))


@dataclass(frozen=True, slots=True)
class HiddenTree:
    """The same for a table of two levels: ``groups`` by position, ``leaves`` by group."""

    groups: Hidden
    leaves: tuple[Hidden, ...]


def hide_tree(
    counts: Sequence[Sequence[int]],
    sensitive: Sequence[Sequence[bool]],
    sensitive_groups: Sequence[bool],
) -> HiddenTree:
    """What to hide of groups and their leaves when groups, leaves and the whole sum are told."""
    leaves = [hide(group, sensitive[place]) for place, group in enumerate(counts)]
    must = frozenset(place for place, one in enumerate(leaves) if one.total)
    groups = hide([sum(group) for group in counts], sensitive_groups, forced=must)
    for place in groups.rows - must:
        # Its leaves would add up to it.
        there = frozenset(leaf for leaf, count in enumerate(counts[place]) if count)
        leaves[place] = Hidden(there)
    return HiddenTree(groups, tuple(leaves))


def sealed_count(
    period: Period, by_month: Mapping[tuple[int, int], int], today: date
) -> int | None:
    """How many sealed cases may be told for a calendar month, quarter, half or year: five and
    more, and only where neither the larger period nor its neighbours give a smaller one away.
    None stays unsaid. Days of somebody's choice are never told: two of them would differ by one
    case. ``by_month``: (year, month) → count.
    """
    if not period.months:
        return None
    year = period.first.year
    last = 12 if year < today.year else today.month if year == today.year else 0
    months = [by_month.get((year, number), 0) for number in range(1, last + 1)]
    start, length = period.first.month - 1, period.months
    told = _told(months, 0, 12)
    return sum(months[start : start + length]) if (start, length) in told else None


def _told(months: Sequence[int], start: int, length: int) -> set[tuple[int, int]]:
    """(first month, length) of every part of a year that may be told, from the whole down."""
    if sum(months[start : start + length]) < HIDE_BELOW:
        return set()
    told, inner = {(start, length)}, {12: 6, 6: 3, 3: 1}.get(length)
    if inner is None:
        return told
    parts = [one for one in range(start, start + length, inner) if one < len(months)]
    hidden = hide([sum(months[one : one + inner]) for one in parts])
    for place, one in enumerate(parts):
        if place not in hidden.rows and len(parts) > 1:
            told |= _told(months, one, inner)
    if len(parts) == 1:
        told |= _told(months, parts[0], inner)
    return told
