"""Erasing one case: by rule once it was kept long enough, or because its sender asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain.model import Role, State
from intake_api.flow.acting import move_by_itself
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, erasing, events, holds
from intake_api.store.retention_tables import ErasureWish
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

# Decree 13/2023/NĐ-CP, Article 16: within 72 hours. The first day is for thinking better of it.
THINKING, PROMISED = timedelta(hours=24), timedelta(hours=72)


def erase(
    tx: Session, services: Services, case: Case, *, why: str, now: datetime
) -> dict[str, int] | None:
    """Takes everything out but the tombstone; returns what went, None for a case that is held.

    ``case`` is locked. Raises ``workflow.TransitionNotAllowed`` for one that has not ended.
    """
    # Locked like the case: a hold that is placed at this moment comes before or after.
    conversations.get(tx, case.conversation_id or "", lock=True)
    if holds.case_is_kept(tx, case.id):
        return None
    role = Role.CITIZEN if why == "request" else Role.SERVICE
    case.ended_as = case.state
    move_by_itself(tx, services, case, "erase", role, now, {"why": why})
    return erasing.take_out(tx, case)


def may_ask(services: Services, case: Case) -> bool:
    """True when the page may offer erasure: an ended case of a kind that is erased on request."""
    rule = services.catalog.kinds[case.kind]
    return State(case.state) in erasing.ERASABLE and rule.erase_on_request and not case.confidential


def ask(tx: Session, services: Services, case: Case, *, now: datetime) -> str:
    """The sender asks for erasure. ``waiting``: done within 72 hours; ``kept``: the law or a hold
    keeps it, the wish is on record; ``open``: it has to end or be withdrawn first."""
    if State(case.state) not in erasing.ERASABLE:
        return "open"
    state = "waiting"
    if not may_ask(services, case) or holds.case_is_kept(tx, case.id):
        state = "kept"
    known = erasing.wish(tx, case.id)
    if known is not None and known.state == state:
        return state
    if known is None:
        erasing.add(tx, ErasureWish(case_id=case.id, asked_at=now, state=state))
    else:
        known.asked_at, known.state = now, state
    events.append(
        tx, at=now, actor="citizen", action="asked_to_erase", case_id=case.id,
        data={"state": state},
    )  # fmt: skip
    return state


def take_back(tx: Session, case: Case, *, now: datetime) -> bool:
    """The sender thinks better of it; False when there is nothing to take back."""
    known = erasing.wish(tx, case.id)
    if known is None or known.state != "waiting":
        return False
    known.state = "taken_back"
    events.append(tx, at=now, actor="citizen", action="erasure_taken_back", case_id=case.id)
    return True


def grant(tx: Session, services: Services, *, now: datetime) -> int:
    """Erases what was asked for a day ago and not taken back. Returns how many."""
    done = 0
    for wish in erasing.ripe_wishes(tx, now - THINKING):
        case = cases.by_id(tx, wish.case_id, lock=True)
        if case is None or State(case.state) not in erasing.ERASABLE:
            wish.state = "kept"  # it was taken up again meanwhile: it is being worked on
            continue
        gone = erase(tx, services, case, why="request", now=now)
        wish.state, wish.done_at = ("done", now) if gone is not None else ("kept", None)
        done += gone is not None
    return done
