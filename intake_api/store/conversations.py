"""Reads and writes of conversations and their messages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake_api.store import outbox
from intake_api.store.db import changed_rows, savepoint
from intake_api.store.tables import Case, Conversation, Message, Outbox

# Channels whose page fetches its messages itself: stored is queued, fetched is delivered.
PULLED = frozenset({"web", "form"})
# A worker that died gives its conversation back after this long.
CLAIM = timedelta(seconds=90)


class AlreadyStored(RuntimeError):
    """The channel repeated itself while the first one was being stored."""


def get_or_create(tx: Session, *, channel: str, external_id: str, now: datetime) -> Conversation:
    """The conversation of this person on this channel.

    Two first messages may come at once: the second waits for the first one's transaction and
    then takes the conversation that was made there.
    """
    found = find(tx, channel=channel, external_id=external_id)
    if found is not None:
        return found
    made = Conversation(
        id=uuid.uuid4().hex, channel=channel, external_id=external_id, created_at=now
    )
    try:
        with savepoint(tx):
            tx.add(made)
            tx.flush()
    except IntegrityError:
        found = find(tx, channel=channel, external_id=external_id)
        if found is None:
            raise
        return found
    return made


def find(tx: Session, *, channel: str, external_id: str) -> Conversation | None:
    return tx.execute(
        select(Conversation).where(
            Conversation.channel == channel, Conversation.external_id == external_id
        )
    ).scalar_one_or_none()


def get(tx: Session, conversation_id: str, *, lock: bool = False) -> Conversation | None:
    """The conversation with this number; ``lock`` holds the row until the transaction ends."""
    return tx.get(
        Conversation, conversation_id, with_for_update=lock or None, populate_existing=lock
    )


def known_message(tx: Session, channel_message_id: str) -> Message | None:
    """The message with this natural key, when the channel repeats itself."""
    return tx.execute(
        select(Message).where(Message.channel_message_id == channel_message_id)
    ).scalar_one_or_none()


def wordings(tx: Session, conversation_id: str, channel: str, mid: str) -> list[Message]:
    """What a person said under the channel's id ``mid`` and every later wording of it, oldest
    first."""
    keys = (f"{channel}:{mid}", f"{channel}:standby:{mid}")
    later = Message.channel_message_id.startswith(f"{channel}:edit:{mid}:", autoescape=True)
    query = select(Message).where(
        Message.conversation_id == conversation_id,
        Message.direction == "in",
        or_(Message.channel_message_id.in_(keys), later),
    )
    return list(tx.execute(query.order_by(Message.id)).scalars())


def tie(tx: Session, message: Message, case: Case) -> None:
    """Ties what a person said to a case, and with it every later wording that is tied to none."""
    message.case_id, message.sealed = case.id, case.confidential
    channel, _, mid = (message.channel_message_id or "").partition(":")
    for one in wordings(tx, message.conversation_id, channel, mid.removeprefix("standby:")):
        if one.case_id is None:
            one.case_id, one.sealed = case.id, case.confidential


def seal_since(tx: Session, conversation_id: str, message_id: int | None) -> None:
    """Seals what was said in a conversation from a message on and belongs to no other case."""
    query = select(Message).where(
        Message.conversation_id == conversation_id,
        Message.case_id.is_(None),
        Message.sealed.is_(False),
        Message.id >= (message_id or 0),
    )
    if message_id is not None:
        for message in tx.execute(query).scalars():
            message.sealed = True
        tx.flush()


def own_message(tx: Session, conversation_id: str, message_id: int | None) -> Message | None:
    """What a person wrote under this number in this very conversation, or None."""
    message = tx.get(Message, message_id) if message_id else None
    own = message is not None and message.conversation_id == conversation_id
    return message if own and message is not None and message.direction == "in" else None


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
    said_at: datetime | None = None,
    sealed: bool = False,
) -> Message:
    """Stores what a person wrote, exactly as it came. ``said_at``: when that was, where the
    platform tells. Raises AlreadyStored when a message with this natural key came in at the same
    moment."""
    message = Message(
        conversation_id=conversation.id,
        direction="in",
        author=author,
        text=text,
        payload=payload,
        channel_message_id=channel_message_id,
        sealed=sealed,
        state=state,
        created_at=now,
    )
    try:
        with savepoint(tx) if channel_message_id else nullcontext():
            tx.add(message)
            tx.flush()
    except IntegrityError as error:
        raise AlreadyStored from error
    heard(conversation, said_at or now)
    tx.flush()
    return message


def heard(conversation: Conversation, at: datetime) -> None:
    """The person did something at this moment. The platforms' windows count from there, not from
    a late delivery, and a late event never moves it back."""
    if conversation.last_inbound_at is None or at > conversation.last_inbound_at:
        conversation.last_inbound_at = at


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


def keep_claim(tx: Session, conversation_id: str, now: datetime) -> None:
    """Whoever works on the conversation goes on with its next message."""
    tx.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(busy_until=now + CLAIM)
        .execution_options(synchronize_session=False)
    )


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
    return _oldest_first(tx, conversation_id, Message.id > after, limit)


def unseen(tx: Session, conversation_id: str, *, after: int, limit: int = 200) -> Sequence[Message]:
    """What a page that knows everything up to a number has not shown.

    An answer that nobody fetched yet counts whatever its number: PostgreSQL gives numbers before
    the commit, so a lower one can appear after a higher one was shown.
    """
    waits = and_(Message.direction == "out", Message.state == "queued")
    return _oldest_first(tx, conversation_id, or_(Message.id > after, waits), limit)


def _oldest_first(
    tx: Session, conversation_id: str, wanted: ColumnElement[bool], limit: int
) -> Sequence[Message]:
    query = select(Message).where(Message.conversation_id == conversation_id, wanted)
    return tx.execute(query.order_by(Message.id).limit(limit)).scalars().all()


def newest_messages(tx: Session, conversation_id: str, limit: int = 100) -> list[Message]:
    """The last messages of a conversation, oldest first."""
    rows = tx.execute(
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.id.desc())
        .limit(limit)
    ).scalars()
    return list(rows)[::-1]


def was_offered(tx: Session, conversation_id: str, payload: str) -> bool:
    """True when one of the newest messages carried a button with this payload."""
    for message in reversed(newest_messages(tx, conversation_id, limit=30)):
        buttons = (message.payload or {}).get("buttons", ())
        if any(button.get("payload") == payload for button in buttons):
            return True
    return False


def mark_fetched(tx: Session, conversation_id: str, numbers: Sequence[int], now: datetime) -> None:
    """The person's page has shown these messages: they are delivered."""
    outbox.answers_arrived(tx, numbers)
    tx.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == "out",
            Message.state == "queued",
            Message.id.in_(numbers),
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
