"""Forwarding: a matter that belongs to another agency goes there, and its sender is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_api.flow.acting import Acting, begin, move, reason_of, tell
from intake_api.flow.services import Services
from intake_api.flow.waiting import MAX_AGENCY
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session


def forward(
    tx: Session, case: Case, by: Acting, *, services: Services, agency: str, reason: str
) -> None:
    """Ends the case here because ``agency`` is competent. Both are on record; the sender is told
    where the matter went, not the internal reason."""
    begin(case, by)
    agency = reason_of(agency, "Cần ghi tên cơ quan nhận.")[:MAX_AGENCY]
    reason = reason_of(reason, "Cần ghi lý do chuyển.")
    move(tx, services, case, by, "forward_outside", words={"agency": agency, "reason": reason})
    case.forwarded_to, case.closed_at = agency, by.now
    tell(tx, services, case, "forwarded", now=by.now, agency=agency)
