"""Danger in what somebody wrote is met in the transaction that stores it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.model import Classification
from intake_api.flow import receive
from intake_api.flow.services import Services
from intake_api.store import conversations
from intake_api.store.tables import Case, Conversation, Message

if TYPE_CHECKING:
    from intake_api.store import Session


def meet(
    tx: Session,
    services: Services,
    talk: Conversation,
    message: Message,
    understood: Classification,
    *,
    text: str,
    now: datetime,
) -> None:
    """Opens the emergency of a message, or adds to the open one, and sends the numbers to call.
    ``text``: the words that go on record. Never held back: better twice than not."""
    opened = receive.open_emergency(tx, services, conversation=talk, text=text, now=now)
    case = opened if isinstance(opened, Case) else opened.case
    message.case_id, message.sealed = case.id, True
    message.payload = {**(message.payload or {}), "danger": True, "code": case.code}
    own = understood.topic == "b.tam_ly"
    conversations.add_outbound(
        tx,
        talk,
        text=services.catalog.messages["self_harm" if own else "danger"],
        payload={"emergency": True},
        author="system",
        now=now,
        case_id=case.id,
        sealed=True,
    )
