"""The two clocks of a case, and why they run out when they do."""

from __future__ import annotations

from datetime import datetime

from intake_api.domain import worktime
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import Deadline


def deadlines(catalog: Catalog, kind: str, received_at: datetime) -> Deadline:
    """Returns both clocks for a case of ``kind`` received at ``received_at`` (aware UTC).

    Raises KeyError for a kind that the catalogue does not have.
    """
    rule = catalog.kinds[kind]
    acknowledge = (
        worktime.add(catalog.calendar, received_at, rule.acknowledge)
        if rule.acknowledge and rule.acknowledge.amount
        else None
    )
    if rule.resolve is None:
        return Deadline(acknowledge, None, f"{rule.name}: không đặt hạn trả lời.")
    resolve = worktime.add(catalog.calendar, received_at, rule.resolve)
    basis = "theo quy định" if rule.basis == "law" else "theo quy chế của Sở"
    explanation = (
        f"{rule.name}: {rule.resolve} ({basis}), nhận lúc "
        f"{worktime.moment_in_words(received_at)}, nên hạn là {worktime.moment_in_words(resolve)}."
    )
    return Deadline(acknowledge, resolve, explanation)


def due_in_words(resolve_at: datetime | None) -> str | None:
    """``trước 17h00 thứ Hai, 24/11/2026`` for a receipt; None when there is no such clock."""
    return f"trước {worktime.moment_in_words(resolve_at)}" if resolve_at else None
