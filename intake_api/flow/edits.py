"""A person changes what they sent: the new words stand beside the old ones, in the same case.

The assistant is not asked again, for it has answered the old words; staff are told.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.flow import citizen, danger, receive, takeover, triage, waiting
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Conversation, Message

if TYPE_CHECKING:
    from intake_api.domain.inbound import InboundEvent
    from intake_api.store import Session


def store(
    tx: Session,
    services: Services,
    talk: Conversation,
    event: InboundEvent,
    *,
    key: str,
    now: datetime,
) -> bool:
    """Stores the new words of a message; False when there is nothing here that they change: then
    they are what the person says."""
    before = conversations.wordings(tx, talk.id, talk.channel, event.of) if event.of else []
    if not before:
        return False
    understood = services.classifier.classify(event.text, channel=talk.channel)
    accuses, sealed = triage.sealed(services, understood), any(one.sealed for one in before)
    number = next((one.case_id for one in reversed(before) if one.case_id is not None), None)
    case = cases.by_id(tx, number, lock=True) if number is not None else None
    message = conversations.add_inbound(
        tx,
        talk,
        text=event.text,
        payload={"edited": True},
        channel_message_id=key,
        now=now,
        # No platform says that a change opens its window.
        said_at=talk.last_inbound_at,
        state="done",
        sealed=accuses or sealed or cases.has_sealed(tx, talk.id),
    )
    waiting.citizen_wrote(tx, services, talk, now=now)
    if understood.danger:
        danger.meet(tx, services, talk, message, understood, text=event.text, now=now)
    elif case is not None and (case.confidential or not accuses):
        citizen.supplement(tx, services, case, now=now, message=message)
    elif accuses and not sealed:
        _apart(tx, services, talk, message, now)
    elif takeover.paused(talk, now):
        takeover.tie(tx, talk, message)
    return True


def _apart(
    tx: Session, services: Services, talk: Conversation, message: Message, now: datetime
) -> None:
    """Words that accuse somebody, where the old ones did not, are a matter of their own: whoever
    works with the old ones must not read them, and no assistant will ask about them."""
    received = receive.submit(
        tx, services, text=message.text[: receive.MAX_TEXT], channel=talk.channel, now=now,
        conversation=talk,
    )  # fmt: skip
    case = received.case
    message.case_id = case.id
    conversations.add_outbound(
        tx,
        talk,
        text=services.catalog.messages["edit_sealed"].format(code=case.code, pin=received.pin),
        payload=None,
        author="system",
        now=now,
        case_id=case.id,
        sealed=True,
    )
