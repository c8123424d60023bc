"""What happens in the platform's own inbox: people of the Page answer there, and take threads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.flow import outgoing, takeover
from intake_api.flow.services import Services
from intake_api.store import conversations
from intake_api.store.tables import Message

if TYPE_CHECKING:
    from intake_api.domain.inbound import InboundEvent
    from intake_api.store import Session


def change_hands(
    tx: Session, services: Services, channel: str, event: InboundEvent, now: datetime
) -> None:
    """Another application took the conversation, or gives it to us."""
    talk = conversations.find(tx, channel=channel, external_id=event.external_id)
    if talk is None:
        return
    if event.detail == "ours":
        takeover.hand_back(tx, services, talk, actor="system", now=now)
        outgoing.release_held(tx, talk, now)
    else:
        takeover.from_inbox(tx, services, talk, now=now, spoke=False)


def store_echo(
    tx: Session, services: Services, channel: str, event: InboundEvent, key: str, now: datetime
) -> None:
    """A person answered in the platform's own inbox: on record beside the rest, and the
    assistant keeps quiet."""
    conversation = conversations.get_or_create(
        tx, channel=channel, external_id=event.external_id, now=now
    )
    takeover.from_inbox(tx, services, conversation, now=now, spoke=True)
    message = Message(
        conversation_id=conversation.id,
        direction="out",
        author="staff",
        text=event.text,
        channel_message_id=key,
        state="sent",
        created_at=now,
        done_at=now,
    )
    takeover.tie(tx, conversation, message)
    tx.add(message)
