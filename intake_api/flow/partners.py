"""What other systems do with cases: read what their key allows, and speak on for the senders of
what they sent. A sealed case does not exist for any of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel, Role, State
from intake_api.domain.workflow import TransitionNotAllowed, allowed
from intake_api.flow import citizen, receive, triage, writing
from intake_api.flow.clients import Client
from intake_api.flow.receive import Received
from intake_api.flow.services import Services
from intake_api.store import clients, conversations
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

WITHDRAWN, CONFIRMED, REOPENED = "withdrawn", "confirmed", "reopened"


class NotFound(KeyError):
    """There is no such case for this system: alike for what is not there, is sealed, was erased
    or is not its own."""


class TooLate(ValueError):
    """The time in which a case may be taken up again is over."""


def submit(
    tx: Session,
    services: Services,
    *,
    text: str,
    now: datetime,
    place_text: str | None,
    sender: receive.Sender,
    consent: bool,
    decision: triage.Decision,
    pin: str | None,
    client: Client | None,
    kind: str | None = None,
    open311: bool = False,
) -> Received:
    """Puts a comment on record for another system. Raises TextMissing or TextTooLong.

    With a key the case gets a conversation, so that staff can answer: the system reads it here.
    """
    received = receive.submit(
        tx, services, text=text, channel=Channel.API, now=now, place_text=place_text,
        sender=sender, consent_at=now if consent else None, kind=kind,
        actor=f"client:{client.id}" if client else "api", decision=decision, pin=pin,
    )  # fmt: skip
    if client is not None:
        case = received.case
        clients.note_sent(tx, case_id=case.id, client_id=client.id, open311=open311)
        talk = conversations.get_or_create(
            tx, channel=Channel.FORM, external_id=f"case-{case.id}", now=now
        )
        case.conversation_id = talk.id
    return received


def find(tx: Session, client: Client, code: str) -> Case:
    """The case for reading. Raises NotFound."""
    case = clients.find(tx, client.scope, code)
    if case is None and client.scope.client_id is None:
        # Its own cases it reads wherever they went.
        case = clients.find(tx, client.own, code)
    if case is None:
        raise NotFound(code)
    return case


def own(tx: Session, client: Client, code: str, *, lock: bool = True) -> Case:
    """The case that this system sent, locked for changing. Raises NotFound."""
    case = clients.find(tx, client.own, code, lock=lock)
    if case is None:
        raise NotFound(code)
    return case


@dataclass(frozen=True, slots=True)
class Turned:
    """What became of a wish: the case as it is now, and a sentence where the wish waits."""

    case: Case
    notice: str = ""


def turn(
    tx: Session,
    services: Services,
    case: Case,
    *,
    to: str,
    now: datetime,
    rating: int | None = None,
) -> Turned:
    """Withdraws, confirms or reopens for the sender. Raises TransitionNotAllowed, TooLate."""
    if to == WITHDRAWN:
        if "withdraw" not in allowed(State(case.state), Role.CITIZEN):
            raise TransitionNotAllowed(State(case.state), "withdraw", possible(case))
        if not citizen.withdraw(tx, services, case, now=now):
            return Turned(case, services.catalog.messages["withdrawal_noted"])
        return Turned(case)
    if to == CONFIRMED:
        citizen.confirm(tx, services, case, now=now, rating=rating)
        return Turned(case)
    done = citizen.reopen(tx, services, case, now=now)
    if done == "too_late":
        raise TooLate(services.catalog.messages["reopen_too_late"].format(code=case.code))
    if done == "asked":
        return Turned(case, services.catalog.messages["reopen_asked"].format(code=case.code))
    return Turned(case)


def possible(case: Case) -> list[str]:
    """What a sender may ask for now, in the words of the interface."""
    steps = allowed(State(case.state), Role.CITIZEN)
    words = (("withdraw", WITHDRAWN), ("close", CONFIRMED), ("reopen", REOPENED))
    return [word for step, word in words if step in steps]


def say(
    tx: Session, services: Services, case: Case, *, text: str, once: str, now: datetime
) -> writing.Written:
    """Adds what the sender says; ``once`` names this very saying. Raises TextMissing or
    TextTooLong. Words that accuse or tell of danger become a sealed case of their own."""
    return writing.write(tx, services, case, text=text, once=once, now=now)


def was_said(tx: Session, case: Case, once: str) -> bool:
    """True when this very saying is on record, here or as a sealed case of its own."""
    return writing.known(tx, case, once)


def is_own(tx: Session, client: Client, case: Case) -> bool:
    """True when this system sent the case."""
    found = clients.sent(tx, case.id)
    return found is not None and found.client_id == client.id


def unread(tx: Session, client: Client, case: Case) -> list[int]:
    """Numbers of the answers that wait for this system to fetch them for the sender."""
    if case.conversation_id is None or not is_own(tx, client, case):
        return []
    found = conversations.unseen(tx, case.conversation_id, after=2**31 - 1)
    return [one.id for one in found if one.case_id == case.id]


def mark_read(tx: Session, case: Case, numbers: list[int], *, now: datetime) -> None:
    """The system that sent the case has read these answers: on this channel they have arrived."""
    conversations.mark_fetched(tx, case.conversation_id or "", numbers, now)


def key_of(client: Client, name: str) -> str:
    """Names one saying of a system, for ``say``; short, and alike every time."""
    return f"api{client.id}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
