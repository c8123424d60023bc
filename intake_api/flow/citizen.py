"""What the person who sent a case may still do with it: add to it, or withdraw it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import workflow
from intake_api.domain.model import OPEN_STATES, Role, State
from intake_api.store import cases, events
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


def withdraw(tx: Session, case: Case, *, now: datetime) -> bool:
    """Ends a case because its sender takes it back. False for a sealed case: a danger or an
    accusation does not go away with a message, the officer in charge decides (Law on
    Denunciations 2018, Article 33). False too for one that has ended; the wish is on record."""
    if case.confidential or case.state not in OPEN_STATES:
        events.append(tx, at=now, actor="citizen", action="asked_to_withdraw", case_id=case.id)
        return False
    before = State(case.state)
    case.state = workflow.apply(before, "withdraw", Role.CITIZEN)
    case.closed_at = now
    case.version += 1
    data = {"from": before, "to": case.state}
    events.append(tx, at=now, actor="citizen", action="withdraw", case_id=case.id, data=data)
    return True


def supplement(tx: Session, case: Case, *, now: datetime, message: Message | None = None) -> None:
    """Notes that the sender wrote more; a case that waited for that goes on. ``message`` is tied
    to the case: beside a sealed matter of the same conversation it would not be shown."""
    if message is not None and message.case_id is None:
        message.case_id, message.sealed = case.id, case.confidential
    before = State(case.state)
    if before == State.AWAITING_CITIZEN:
        case.state = workflow.apply(before, "resume", Role.CITIZEN)
    case.version += 1
    data = {"from": before, "to": case.state}
    events.append(tx, at=now, actor="citizen", action="said_more", case_id=case.id, data=data)


def has_open_case(tx: Session, conversation: Conversation) -> bool:
    """True when something that was sent in this conversation is still being handled."""
    return any(case.state in OPEN_STATES for case in cases.of_conversation(tx, conversation.id))
