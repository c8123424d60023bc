"""What happens in the platform's own inbox: people of the Page answer there, and take threads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel
from intake_api.flow import outgoing, takeover
from intake_api.flow.services import Services
from intake_api.store import conversations, outbox, registry
from intake_api.store.tables import Conversation, Message

if TYPE_CHECKING:
    from intake_api.domain.inbound import InboundEvent
    from intake_api.store import Session

# An echo of our own words comes within this time.
ECHO_TIME = timedelta(hours=1)


def change_hands(
    tx: Session, services: Services, channel: str, event: InboundEvent, now: datetime
) -> None:
    """Another application took the conversation, or gives it to us."""
    talk = conversations.find(tx, channel=channel, external_id=event.external_id)
    if talk is None:
        return
    if event.detail == "ours":
        takeover.hand_back(tx, services, talk, actor="system", now=now, ours=True)
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
    if channel == Channel.ZALO and _said_ourselves(tx, conversation, event.text, now):
        return
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


def own_echo(tx: Session, channel: str, event: InboundEvent, now: datetime) -> None:
    """The platform has what we sent: a delivery that was in doubt is none any more, and a part
    that arrived is never sent again."""
    remote_id = str(event.raw.get("mid") or "")
    part = outbox.part_arrived(tx, event.payload or "", now=now, remote_id=remote_id)
    if part is not None:
        registry.add_raw_event(
            tx, channel="sent", natural_key=f"sent:{part}", body={"remote_id": remote_id}, now=now
        )


def _said_ourselves(tx: Session, conversation: Conversation, text: str, now: datetime) -> bool:
    """True when an echo repeats what we sent lately. Zalo's echoes do not name the application
    that spoke, so the words have to tell (a long message comes back in parts)."""
    opening = " ".join(text.split())[:60]
    if outbox.text_arrived(tx, conversation.id, opening, now=now):
        return True
    return any(
        message.direction == "out"
        # What waited for days goes out late; what is still under way has no time yet.
        and now - (message.done_at or now) < ECHO_TIME
        and opening in " ".join(message.text.split())
        for message in conversations.newest_messages(tx, conversation.id, limit=20)
    )
