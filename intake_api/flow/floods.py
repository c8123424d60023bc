"""Floods: the fourth and every further copy of one text from one sender joins the first case."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import floods
from intake_api.flow.services import Services
from intake_api.store import events, senders
from intake_api.store.tables import Case, Message

if TYPE_CHECKING:
    from intake_api.store import Session

KEEP = timedelta(days=2)


def mark_of(services: Services, what: str) -> str:
    """A keyed hash of an address: the same for the same sender, and nobody's address."""
    return hmac.new(services.pin_key, f"sender:{what}".encode(), hashlib.sha256).hexdigest()[:32]


def note(tx: Session, services: Services, *, case_id: int, origin: str, now: datetime) -> None:
    """Remembers for two days where a case came from, as a keyed hash."""
    senders.note(tx, case_id=case_id, sender=mark_of(services, origin), at=now)


def joined(
    tx: Session, *, sender: str, text: str, message: Message, confidential: bool, now: datetime
) -> Case | None:
    """The case that a copy joins, the message tied to it; None when it gets one of its own. What
    is sealed joins only what is sealed."""
    before = senders.cases_of(tx, sender, now - floods.WINDOW)
    number = floods.folds_into(text, [(case.id, case.text) for case in before])
    case = next((one for one in before if one.id == number), None)
    if case is None or case.confidential != confidential:
        return None
    message.case_id, message.sealed = case.id, case.confidential
    events.append(tx, at=now, actor="citizen", action="folded", case_id=case.id)
    return case
