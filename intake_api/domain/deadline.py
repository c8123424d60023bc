"""The two clocks of a case, and why they run out when they do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from intake_api.domain import ledger, worktime
from intake_api.domain.catalog import CalendarRule, Catalog
from intake_api.domain.ledger import Extension, Pause
from intake_api.domain.model import Deadline


def calendar_for(catalog: Catalog, kind: str, unit: str | None) -> CalendarRule:
    """The calendar that counts: closures of the unit, unless the law sets the time."""
    if unit is None or catalog.kinds[kind].basis == "law":
        return catalog.calendar
    return catalog.calendar.for_unit(unit)


def deadlines(
    catalog: Catalog,
    kind: str,
    received_at: datetime,
    *,
    unit: str | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Deadline:
    """Returns both clocks for a case of ``kind`` received at ``received_at`` (aware UTC), with
    what has stopped or moved the second one since.

    Raises KeyError for a kind that the catalogue does not have.
    """
    rule = catalog.kinds[kind]
    calendar = calendar_for(catalog, kind, unit)
    acknowledge = (
        worktime.add(calendar, received_at, rule.acknowledge)
        if rule.acknowledge and rule.acknowledge.amount
        else None
    )
    due = (
        ledger.resolve(calendar, received_at, rule.resolve, pauses, extensions)
        if rule.resolve
        else None
    )
    return Deadline(
        acknowledge, due, ledger.explain(calendar, rule, received_at, pauses, extensions)
    )


def due_in_words(resolve_at: datetime | None) -> str | None:
    """``trước 17h00 thứ Hai, 24/11/2026`` for a receipt; None when there is no such clock."""
    return f"trước {worktime.moment_in_words(resolve_at)}" if resolve_at else None
