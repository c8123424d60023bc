"""What the person who sent a case may still do with it: add, withdraw, confirm, reopen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import workflow
from intake_api.domain.model import OPEN_STATES, PAUSED_STATES, Outcome, Role, State
from intake_api.flow import answer
from intake_api.flow.acting import move_by_itself
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events, ledgers, ratings
from intake_api.store.tables import Case, Conversation, Message
from vntext import codes

if TYPE_CHECKING:
    from intake_api.store import Session


def meant(tx: Session, conversation: Conversation, text: str) -> Case | None:
    """The case of this conversation that ``text`` is about: the one whose code it names, else
    the newest that is still open. It is locked: staff may be moving it at this moment."""
    named = codes.find_codes(text)
    own = cases.of_conversation(tx, conversation.id, lock=True)
    if named:
        return next((case for case in own if case.code in named), None)
    return next((case for case in own if case.state in OPEN_STATES), None)


def withdraw(tx: Session, services: Services, case: Case, *, now: datetime) -> bool:
    """Ends a case because its sender takes it back. False for a sealed case: a danger or an
    accusation does not go away with a message, the officer in charge decides (Law on
    Denunciations 2018, Article 33). False too for one that has ended; the wish is on record.
    """
    if case.confidential or case.state not in OPEN_STATES:
        events.append(tx, at=now, actor="citizen", action="asked_to_withdraw", case_id=case.id)
        return False
    if ledgers.followers(tx, case.id):
        # Others told of the same matter: it is worked on whatever one of them decides.
        events.append(tx, at=now, actor="citizen", action="asked_to_withdraw", case_id=case.id)
        return False
    move_by_itself(tx, services, case, "withdraw", Role.CITIZEN, now)
    case.closed_at = now
    return True


def supplement(
    tx: Session,
    services: Services,
    case: Case,
    *,
    now: datetime,
    message: Message | None = None,
) -> None:
    """Notes that the sender wrote more; a case that waited for that goes on. ``message`` is tied
    to the case: beside a sealed matter of the same conversation it would not be shown."""
    if message is not None and message.case_id is None:
        conversations.tie(tx, message, case)
    for one in (case, ledgers.leading(tx, case)):
        if State(one.state) in PAUSED_STATES:
            move_by_itself(tx, services, one, "resume", Role.CITIZEN, now)
    case.version += 1
    events.append(tx, at=now, actor="citizen", action="said_more", case_id=case.id)


def confirm(
    tx: Session, services: Services, case: Case, *, now: datetime, rating: int | None = None
) -> None:
    """The sender is content with the answer (``rating`` 1 to 5, when one was given): the case
    closes. Raises ``workflow.TransitionNotAllowed`` unless it was answered."""
    move_by_itself(tx, services, case, "close", Role.CITIZEN, now, {"outcome": Outcome.ANSWERED})
    if rating:
        rate(tx, case, rating, now=now)
    case.closed_at, case.outcome, case.undelivered = now, Outcome.ANSWERED, False


def rate(tx: Session, case: Case, score: int, *, now: datetime) -> None:
    """Keeps how content the sender was, 1 to 5. Raises ValueError for anything else."""
    if not 1 <= score <= 5:
        raise ValueError("a rating is 1 to 5")
    ratings.rate(tx, case.id, score, now)
    data = {"score": score}
    events.append(tx, at=now, actor="citizen", action="rated", case_id=case.id, data=data)


def reopen(tx: Session, services: Services, case: Case, *, now: datetime) -> str:
    """The sender wants the case taken up again, within thirty days of its end.

    Returns ``reopened`` (the first time), ``asked`` (after that the lead decides; the wish is on
    record) or ``too_late``. Raises ``workflow.TransitionNotAllowed`` for a case that has not
    been answered or closed.
    """
    if case.state == State.MERGED:
        # One of several who told of it: whoever leads the others' unit decides.
        leading = ledgers.leading(tx, case)
        for one in {case.id, leading.id}:
            events.append(tx, at=now, actor="citizen", action="asked_to_reopen", case_id=one)
        return "asked"
    workflow.apply(State(case.state), "reopen", Role.CITIZEN)
    ended = case.closed_at or case.answered_at
    if ended is not None and now - ended > workflow.REOPEN:
        return "too_late"
    if case.reopened:
        events.append(tx, at=now, actor="citizen", action="asked_to_reopen", case_id=case.id)
        return "asked"
    answer.take_up_again(tx, services, case, now=now)
    move_by_itself(tx, services, case, "reopen", Role.CITIZEN, now)
    case.closed_at, case.outcome = None, None
    return "reopened"


def has_open_case(tx: Session, conversation: Conversation) -> bool:
    """True when something that was sent in this conversation is still being handled."""
    return any(case.state in OPEN_STATES for case in cases.of_conversation(tx, conversation.id))
