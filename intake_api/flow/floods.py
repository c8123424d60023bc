"""Floods: the fourth and every further copy of one text from one sender joins the first case."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import floods
from intake_api.domain.model import Channel
from intake_api.flow.services import Services
from intake_api.store import conversations, events, senders
from intake_api.store.tables import Case, Message

if TYPE_CHECKING:
    from intake_api.store import Session

KEEP = timedelta(days=2)


def _mark_of(services: Services, what: str) -> str:
    """A keyed hash of an address: the same for the same sender, and nobody's address."""
    return hmac.new(services.pin_key, f"sender:{what}".encode(), hashlib.sha256).hexdigest()[:32]


def note(tx: Session, services: Services, *, case_id: int, origin: str, now: datetime) -> None:
    """Remembers for two days where a case came from, as a keyed hash."""
    senders.note(tx, case_id=case_id, sender=_mark_of(services, origin), at=now)


def joined(
    tx: Session,
    services: Services,
    *,
    origin: str,
    text: str,
    message: Message,
    confidential: bool,
    now: datetime,
) -> Case | None:
    """The case that a copy joins, the message tied to it; None when it gets one of its own. What
    is sealed joins only what is sealed."""
    before = senders.cases_of(tx, _mark_of(services, origin), now - floods.WINDOW)
    case = _first(before, text, confidential)
    if case is not None:
        _tie(tx, case, message, now)
    return case


def joined_in_talk(
    tx: Session, *, text: str, message: Message, confidential: bool, now: datetime
) -> Case | None:
    """The same for what is said again and again in one conversation, which is one sender; among
    the cases whose draft is still there, for it names the PIN that was told."""
    before = senders.told_in(tx, message.conversation_id, now - floods.WINDOW)
    case = _first(before, text, confidential)
    if case is not None:
        _tie(tx, case, message, now)
    return case


def joined_from(
    tx: Session, services: Services, *, origin: str, text: str, confidential: bool, now: datetime
) -> Case | None:
    """The same for what comes from one address without a conversation. The copy stands beside the
    case that it joins, where staff read it."""
    before = senders.cases_of(tx, _mark_of(services, origin), now - floods.WINDOW)
    case = _first(before, text, confidential)
    if case is None:
        return None
    talk = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if talk is None:
        talk = conversations.get_or_create(
            tx, channel=Channel.FORM, external_id=f"case-{case.id}", now=now
        )
        case.conversation_id = talk.id
    message = conversations.add_inbound(
        tx, talk, text=text, payload=None, channel_message_id=None, now=now, state="done",
        sealed=case.confidential,
    )  # fmt: skip
    _tie(tx, case, message, now)
    return case


def _first(before: Sequence[Case], text: str, confidential: bool) -> Case | None:
    number = floods.folds_into(text, [(case.id, case.text) for case in before])
    case = next((one for one in before if one.id == number), None)
    return case if case is not None and case.confidential == confidential else None


def _tie(tx: Session, case: Case, message: Message, now: datetime) -> None:
    message.case_id, message.sealed = case.id, case.confidential
    events.append(tx, at=now, actor="citizen", action="folded", case_id=case.id)
