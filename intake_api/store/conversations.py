"""Reads and writes of conversations and their messages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from intake_api.store.db import changed_rows
from intake_api.store.tables import Conversation, Message, Outbox

# Channels whose page fetches its messages itself: stored is queued, fetched is delivered.
PULLED = frozenset({"web", "form"})
# A worker that died gives its conversation back after this long.
CLAIM = timedelta(seconds=90)


def get_or_create(tx: Session, *, channel: str, external_id: str, now: datetime) -> Conversation:
    """The conversation of this person on this channel."""
    found = find(tx, channel=channel, external_id=external_id)
    if found is not None:
        return found
    made = Conversation(
        id=uuid.uuid4().hex, channel=channel, external_id=external_id, created_at=now
    )
    tx.add(made)
    tx.flush()
    return made


def find(tx: Session, *, channel: str, external_id: str) -> Conversation | None:
    return tx.execute(
        select(Conversation).where(
            Conversation.channel == channel, Conversation.external_id == external_id
        )
    ).scalar_one_or_none()


def get(tx: Session, conversation_id: str) -> Conversation | None:
    return tx.get(Conversation, conversation_id)


def known_message(tx: Session, channel_message_id: str) -> Message | None:
    """The message with this natural key, when the channel repeats itself."""
    return tx.execute(
        select(Message).where(Message.channel_message_id == channel_message_id)
    ).scalar_one_or_none()


def add_inbound(
    tx: Session,
    conversation: Conversation,
    *,
    text: str,
    payload: dict[str, Any] | None,
    channel_message_id: str | None,
    now: datetime,
    state: str = "waiting",
    author: str = "citizen",
) -> Message:
    """Stores what a person wrote, exactly as it came."""
    message = Message(
        conversation_id=conversation.id,
        direction="in",
        author=author,
        text=text,
        payload=payload,
        channel_message_id=channel_message_id,
        state=state,
        created_at=now,
    )
    conversation.last_inbound_at = now
    tx.add(message)
    tx.flush()
    return message


def add_outbound(
    tx: Session,
    conversation: Conversation,
    *,
    text: str,
    payload: dict[str, Any] | None,
    author: str,
    now: datetime,
    case_id: int | None = None,
    staff_id: int | None = None,
    sealed: bool = False,
) -> Message:
    """Stores what goes out together with its outbox row; a job sends it after the commit."""
    message = Message(
        conversation_id=conversation.id,
        case_id=case_id,
        direction="out",
        author=author,
        staff_id=staff_id,
        text=text,
        payload=payload,
        sealed=sealed,
        state="queued",
        created_at=now,
    )
    tx.add(message)
    tx.flush()
    if conversation.channel in PULLED:
        return message
    tx.add(
        Outbox(
            conversation_id=conversation.id,
            message_id=message.id,
            channel=conversation.channel,
            state="pending",
            next_at=now,
        )
    )
    tx.flush()
    return message


def claim(tx: Session, conversation_id: str, now: datetime) -> bool:
    """True when the caller alone may now work on the conversation (until ``release``)."""
    changed = tx.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            or_(Conversation.busy_until.is_(None), Conversation.busy_until < now),
        )
        .values(busy_until=now + CLAIM)
        .execution_options(synchronize_session=False)
    )
    return changed_rows(changed) > 0


def release(tx: Session, conversation_id: str) -> None:
    tx.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(busy_until=None)
        .execution_options(synchronize_session=False)
    )


def next_waiting(tx: Session, conversation_id: str) -> Message | None:
    """The oldest message that the assistant has not answered yet."""
    return tx.execute(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == "in",
            Message.state == "waiting",
        )
        .order_by(Message.id)
        .limit(1)
    ).scalar_one_or_none()


def with_waiting(tx: Session, now: datetime, limit: int = 500) -> list[str]:
    """Conversations that somebody must take up: messages wait and nobody works on them."""
    waiting = exists().where(
        Message.conversation_id == Conversation.id,
        Message.direction == "in",
        Message.state == "waiting",
    )
    free = or_(Conversation.busy_until.is_(None), Conversation.busy_until < now)
    rows = tx.execute(select(Conversation.id).where(waiting, free).limit(limit))
    return [row[0] for row in rows]


def messages(
    tx: Session, conversation_id: str, *, after: int = 0, limit: int = 200
) -> Sequence[Message]:
    """Messages after a number, oldest first."""
    return (
        tx.execute(
            select(Message)
            .where(Message.conversation_id == conversation_id, Message.id > after)
            .order_by(Message.id)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def newest_messages(tx: Session, conversation_id: str, limit: int = 100) -> list[Message]:
    """The last messages of a conversation, oldest first."""
    rows = tx.execute(
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.id.desc())
        .limit(limit)
    ).scalars()
    return list(rows)[::-1]


def mark_fetched(tx: Session, conversation_id: str, up_to: int, now: datetime) -> None:
    """The person's page has shown the messages up to this number: they are delivered."""
    tx.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == "out",
            Message.state == "queued",
            Message.id <= up_to,
        )
        .values(state="sent", done_at=now)
        .execution_options(synchronize_session=False)
    )


def count_waiting(tx: Session) -> int:
    """How many messages wait for the assistant (for the operator)."""
    return tx.execute(
        select(func.count())
        .select_from(Message)
        .where(Message.direction == "in", Message.state == "waiting")
    ).scalar_one()
