"""Merging: several people told of one matter. Each keeps the own code and channel and gets the
answer; what was merged can be parted again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import workflow
from intake_api.domain.model import OPEN_STATES, Role, State
from intake_api.flow.acting import (
    Acting,
    NotAllowed,
    StaleVersion,
    begin,
    move,
    move_by_itself,
    record,
    tell,
)
from intake_api.flow.services import Services
from intake_api.store import ledgers
from intake_api.store.ledgers import MergeEntry
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session


def merge(
    tx: Session,
    case: Case,
    by: Acting,
    *,
    services: Services,
    into: Case,
    into_version: int | None = None,
) -> None:
    """``case`` follows ``into`` from now on; both are locked and both may be seen by the officer.

    Raises NotAllowed when they lie in different lanes, ``into`` has ended or follows ``case``.
    """
    begin(case, by)
    begin(into, Acting(by.staff, into.version, by.now))
    if into_version is not None and into.version != into_version:
        raise StaleVersion(into.version)
    if case.id == into.id:
        raise NotAllowed("Một ý kiến không gộp vào chính nó.")
    if case.confidential != into.confidential:
        raise NotAllowed("Ý kiến kênh mật không gộp với ý kiến thường.")
    if ledgers.leading(tx, into).id == case.id:
        raise NotAllowed(f"{into.code} đang được gộp vào {case.code}; tách ra trước đã.")
    if State(into.state) not in OPEN_STATES:
        raise NotAllowed(f"{into.code} không còn mở nên không nhận thêm được.")
    before = move(tx, services, case, by, "merge", {"into": into.code})
    ledgers.add(
        tx,
        MergeEntry(
            case_id=case.id, into_id=into.id, state_before=before, at=by.now,
            staff_id=by.staff.id,
        ),
    )  # fmt: skip
    case.closed_at = by.now
    record(tx, into, Acting(by.staff, into.version, by.now), "merged_in", {"case": case.code})
    tell(tx, services, case, "merged", now=by.now)


def unmerge(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """Parts a merged case again; it stands where it stood, its date as it always was."""
    begin(case, by)
    # The workflow says what is possible instead when the case was not merged.
    workflow.apply(State(case.state), "unmerge", Role(by.staff.role))
    into, to = _undo(tx, case, by.now)
    move(tx, services, case, by, "unmerge", {"from_case": into.code}, to=to)
    record(tx, into, Acting(by.staff, into.version, by.now), "unmerged", {"case": case.code})
    tell(tx, services, case, "unmerged", now=by.now)


def part(tx: Session, services: Services, case: Case, *, now: datetime) -> None:
    """Parts a case that is about to be sealed from the one it follows, quietly: nothing about it
    is told there. A case that follows nothing stays as it is."""
    if case.state == State.MERGED:
        _into, to = _undo(tx, case, now)
        move_by_itself(tx, services, case, "unmerge", Role.SERVICE, now, to=to)


def _undo(tx: Session, case: Case, now: datetime) -> tuple[Case, State]:
    link = ledgers.merge_of(tx, case.id)
    if link is None:
        raise NotAllowed("Ý kiến này không được gộp vào ý kiến nào.")
    link.undone_at, case.closed_at = now, None
    tx.flush()
    return tx.get_one(Case, link.into_id), workflow.restored(State(link.state_before))
