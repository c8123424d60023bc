"""The dates of a case, reckoned anew from everything that stopped or moved them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import deadline, ledger
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import OPEN_STATES
from intake_api.store import ledgers
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session


def reckon(tx: Session, catalog: Catalog, case: Case) -> None:
    """Sets both clocks and the explanation from kind, unit, pauses and extensions. What happened
    before the case was taken up again belongs to the clock that ended then."""
    start = case.clock_from or case.received_at
    found = deadline.deadlines(
        catalog,
        case.kind,
        start,
        unit=case.unit,
        pauses=[one for one in ledgers.pauses(tx, case.id) if not one.until or one.until > start],
        extensions=[one for one in ledgers.extensions(tx, case.id) if one.at >= start],
    )
    case.acknowledge_at, case.due_at = found.acknowledge_at, found.resolve_at
    case.due_explanation = found.explanation


def ended_at(case: Case) -> datetime | None:
    """Since when the clock stands because the case was answered or has ended; None while open."""
    if case.state in OPEN_STATES:
        return None
    answered = case.answered_at
    if answered is not None and answered >= (case.clock_from or case.received_at):
        return answered
    return case.closed_at


def restart(tx: Session, catalog: Catalog, case: Case, *, now: datetime) -> None:
    """A new clock for a case that is taken up again: what passed while it counted as ended is
    nobody's delay. Call it before the state changes."""
    since = ended_at(case)
    if since is not None:
        ledgers.add(
            tx,
            ledgers.PauseEntry(
                case_id=case.id, why="settled", asked="", since=since, until=max(now, since),
                ended_by="system",
            ),
        )  # fmt: skip
    case.clock_from = now
    reckon(tx, catalog, case)


def consumed(tx: Session, catalog: Catalog, case: Case, now: datetime) -> timedelta:
    """Working time that counts against the case so far; it stands still while the case waits
    and once it has ended."""
    return ledger.consumed(
        deadline.calendar_for(catalog, case.kind, None),
        case.received_at,
        ledgers.pauses(tx, case.id),
        min(now, ended_at(case) or now),
    )
