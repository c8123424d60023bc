"""Waiting: for the sender or for another agency. The clock stands still and is put right after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import workflow, worktime
from intake_api.domain.durations import Duration
from intake_api.domain.model import PAUSED_STATES, Outcome, Role, State
from intake_api.flow import answer, clocks
from intake_api.flow.acting import Acting, begin, move, move_by_itself, reason_of, tell
from intake_api.flow.services import Services
from intake_api.store import cases, ledgers
from intake_api.store.tables import Case, Conversation

if TYPE_CHECKING:
    from intake_api.store import Session

# So long the sender's silence is waited for, then the case ends with a notice (interfaces 6.3).
PATIENCE = Duration(10, "wd")
MAX_AGENCY = 200


def ask_citizen(tx: Session, case: Case, by: Acting, *, services: Services, question: str) -> None:
    """Asks the sender for what is missing; the clock stands still until they write anything on
    any path, at most ten working days."""
    begin(case, by)
    question = reason_of(question, "Cần ghi rõ cần người gửi bổ sung gì.")
    answer.channel_of(case)
    limit = worktime.add(services.catalog.calendar, by.now, PATIENCE)
    move(tx, services, case, by, "ask_citizen", {"until": limit.isoformat()})
    _pause(tx, services, case, by.now, why="citizen", asked=question, limit=limit)
    tell(
        tx, services, case, "ask_citizen", now=by.now, staff_id=by.staff.id,
        unit=services.catalog.units[case.unit].name, text=question,
        until=worktime.day_in_words(limit.astimezone(worktime.LOCAL).date()),
    )  # fmt: skip


def wait_external(
    tx: Session, case: Case, by: Acting, *, services: Services, agency: str, reason: str
) -> None:
    """Waits for another agency; why is on record."""
    begin(case, by)
    agency = reason_of(agency, "Cần ghi cơ quan phối hợp.")[:MAX_AGENCY]
    reason = reason_of(reason, "Cần ghi lý do chờ.")
    move(tx, services, case, by, "wait_external", words={"agency": agency, "reason": reason})
    _pause(tx, services, case, by.now, why="external", asked=f"{agency}: {reason}", limit=None)
    tell(tx, services, case, "wait_external", now=by.now, agency=agency)


def _pause(
    tx: Session,
    services: Services,
    case: Case,
    now: datetime,
    *,
    why: str,
    asked: str,
    limit: datetime | None,
) -> None:
    case.paused_at = now
    entry = ledgers.PauseEntry(case_id=case.id, why=why, asked=asked, since=now, limit_at=limit)
    ledgers.add(tx, entry)
    clocks.reckon(tx, services.catalog, case)


def resume(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """An officer goes on working: what was waited for has come some other way."""
    begin(case, by)
    move(tx, services, case, by, "resume")


def citizen_wrote(
    tx: Session, services: Services, talk: Conversation, *, now: datetime
) -> list[Case]:
    """Whatever a person writes, on whatever path, ends the waiting of every case of theirs in
    this conversation. Returns the cases that go on."""
    going = []
    for case in cases.of_conversation(tx, talk.id, lock=True):
        for one in (case, ledgers.leading(tx, case)):
            if State(one.state) in PAUSED_STATES:
                move_by_itself(tx, services, one, "resume", Role.CITIZEN, now)
                going.append(one)
    return going


def expire(tx: Session, services: Services, *, now: datetime) -> int:
    """Ends, with a notice, cases whose sender was silent for ten working days. Returns how many."""
    done = 0
    for number in ledgers.lapsed(tx, now):
        case = cases.by_id(tx, number, lock=True)
        if case is None or case.state != State.AWAITING_CITIZEN:
            continue
        move_by_itself(tx, services, case, "lapse", Role.SERVICE, now, {"outcome": Outcome.LAPSED})
        case.closed_at, case.outcome = now, Outcome.LAPSED
        tell(tx, services, case, "lapsed", now=now)
        done += 1
    return done


def settle(tx: Session, services: Services, *, now: datetime) -> int:
    """Closes answered cases after seven days of silence, counted from when the answer arrived.
    Returns how many."""
    done, before = 0, now - workflow.SETTLE
    for number in ledgers.silent(tx, before):
        case = cases.by_id(tx, number, lock=True)
        if case is None or case.state != State.ANSWERED or _wrote_since(tx, case, before):
            continue
        move_by_itself(
            tx, services, case, "close", Role.SERVICE, now, {"outcome": Outcome.ANSWERED}
        )
        case.closed_at, case.outcome = now, Outcome.ANSWERED
        done += 1
    return done


def _wrote_since(tx: Session, case: Case, moment: datetime) -> bool:
    """True when the sender has written in the conversation since: that is no silence."""
    return any(m.direction == "in" and m.created_at > moment for m in cases.messages(tx, case))
