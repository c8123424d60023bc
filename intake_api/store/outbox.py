"""The queue of what has to be sent. One row in flight per conversation keeps the order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from intake_api.store.db import changed_rows
from intake_api.store.tables import Case, Conversation, Message, Outbox

# A sender that died in the middle gives its row back after this long.
LEASE = timedelta(seconds=60)
UNKNOWN = "máy chủ dừng giữa lúc gửi, không rõ đã tới hay chưa"


# Given up, or not known whether it arrived: only staff decide what becomes of these.
UNSENT = ("failed", "unknown")
# What channels without marks take as one message.
ONE_PART = 1800
_PART = re.compile(r"outbox-(\d{1,9})#(\d{1,3})/(\d{1,3})")


def due_conversations(
    tx: Session, now: datetime, limit: int = 500, *, without: Collection[str] = ()
) -> list[str]:
    """Conversations whose oldest unsent row may be tried now, but for channels ``without`` use."""
    rows = tx.execute(
        select(Outbox.conversation_id)
        .where(
            Outbox.state.in_(("pending", "sending")),
            Outbox.next_at <= now,
            Outbox.channel.not_in(without),
        )
        .group_by(Outbox.conversation_id)
        .order_by(func.min(Outbox.id))
        .limit(limit)
    )
    return [row[0] for row in rows]


def take_next(tx: Session, conversation_id: str, now: datetime) -> Outbox | None:
    """Claims the oldest unsent row of a conversation, or None when it is not due or taken.

    A row whose sender died in the middle may have reached the platform: it is not sent again,
    staff see that it is unknown. Only the emergency numbers are better sent twice than not.
    """
    while True:
        row = tx.execute(
            select(Outbox)
            .where(
                Outbox.conversation_id == conversation_id,
                Outbox.state.in_(("pending", "sending")),
            )
            .order_by(Outbox.id)
            .limit(1)
            .execution_options(populate_existing=True)
        ).scalar_one_or_none()
        if row is None or row.next_at > now:
            return None
        if row.state == "sending" and not (message_of(tx, row).payload or {}).get("emergency"):
            mark_unknown(tx, row.id, reason=UNKNOWN)
            tx.flush()
            continue
        taken = tx.execute(
            update(Outbox)
            .where(
                Outbox.id == row.id,
                Outbox.next_at == row.next_at,
                Outbox.attempts == row.attempts,
            )
            .values(state="sending", next_at=now + LEASE, attempts=row.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if not changed_rows(taken):
            return None
        tx.refresh(row)
        return row


def mark_sent(tx: Session, row_id: int, *, now: datetime, remote_id: str | None) -> None:
    row, message = _both(tx, row_id)
    row.state, row.sent_at, row.remote_id, row.last_error = "sent", now, remote_id, None
    message.state, message.done_at = "sent", now
    answers_arrived(tx, [message.id])


def answers_arrived(tx: Session, message_ids: Sequence[int]) -> None:
    """The channel has confirmed these messages: cases that were answered with one of them are
    answered for the person too."""
    answered = select(Message.case_id).where(
        Message.id.in_(message_ids), Message.author == "staff", Message.case_id.is_not(None)
    )
    tx.execute(
        update(Case)
        .where(Case.id.in_(answered), Case.undelivered)
        .values(undelivered=False)
        .execution_options(synchronize_session="fetch")
    )


def mark_retry(tx: Session, row_id: int, *, at: datetime, error: str) -> None:
    row, _message = _both(tx, row_id)
    row.state, row.next_at, row.last_error = "pending", at, error


def put_off(tx: Session, row_id: int, *, at: datetime, error: str | None = None) -> None:
    """The channel cannot be used now: the row waits, and this was none of its tries."""
    row, _message = _both(tx, row_id)
    row.state, row.next_at, row.attempts = "pending", at, max(row.attempts - 1, 0)
    row.last_error = error or row.last_error


def hasten(tx: Session, channel: str, now: datetime) -> None:
    """The channel can be used again: what was put off is due."""
    tx.execute(
        update(Outbox)
        .where(Outbox.channel == channel, Outbox.state == "pending", Outbox.next_at > now)
        .values(next_at=now)
        .execution_options(synchronize_session=False)
    )


def mark_unknown(tx: Session, row_id: int, *, reason: str) -> None:
    """The platform may have it or not. It is not sent again unless staff say so."""
    row, message = _both(tx, row_id)
    row.state, row.last_error, message.state = "unknown", reason, "failed"


def mark_again(tx: Session, row_id: int, *, now: datetime) -> None:
    """Staff have it sent again."""
    row, message = _both(tx, row_id)
    row.state, row.next_at, row.attempts, message.state = "pending", now, 0, "queued"


def part_arrived(tx: Session, mark: str, *, now: datetime, remote_id: str) -> str | None:
    """The platform's echo of something that we sent: the proof that it arrived. ``mark``: what
    was sent along with it. Returns the key of the part, None for no mark of ours."""
    found = _PART.fullmatch(mark)
    row = tx.get(Outbox, int(found[1])) if found else None
    if found is None or row is None:
        return None
    if found[2] == found[3] and row.state in ("sending", "unknown"):
        mark_sent(tx, row.id, now=now, remote_id=remote_id)
    return mark


def text_arrived(tx: Session, conversation_id: str, opening: str, *, now: datetime) -> bool:
    """The same where echoes carry no mark but the words: the oldest row in doubt that begins so
    has arrived. False when there is none."""
    query = (
        select(Outbox, Message.text)
        .join(Message, Message.id == Outbox.message_id)
        .where(Outbox.conversation_id == conversation_id, Outbox.state.in_(("sending", "unknown")))
        .order_by(Outbox.id)
    )
    for row, text in tx.execute(query).all():
        # Of a long message every part comes back by itself: one of them proves nothing.
        if len(text) <= ONE_PART and " ".join(text.split()).startswith(opening):
            mark_sent(tx, row.id, now=now, remote_id=row.remote_id)
            return True
    return False


def get(tx: Session, row_id: int) -> Outbox | None:
    return tx.get(Outbox, row_id)


def unsent(tx: Session, limit: int = 500) -> list[tuple[Outbox, Message]]:
    """What only staff can move on, newest first."""
    query = (
        select(Outbox, Message)
        .join(Message, Message.id == Outbox.message_id)
        .where(Outbox.state.in_(UNSENT))
        .order_by(Outbox.id.desc())
        .limit(limit)
    )
    return [(row, message) for row, message in tx.execute(query)]


def mark_held(tx: Session, row_id: int, *, reason: str) -> None:
    """Keeps the row until the person writes again (``release_held``)."""
    row, message = _both(tx, row_id)
    row.state, row.last_error, message.state = "held", reason, "held"


def mark_dropped(tx: Session, row_id: int, *, reason: str) -> None:
    """Lets a notice go that would be wrong later than now."""
    row, message = _both(tx, row_id)
    row.state, row.last_error, message.state = "dropped", reason, "dropped"


def mark_failed(tx: Session, row_id: int, *, reason: str) -> None:
    """Gives up; staff see the reason beside the message."""
    row, message = _both(tx, row_id)
    row.state, row.last_error, message.state = "failed", reason, "failed"


def release_held(tx: Session, conversation_id: str, now: datetime) -> int:
    """Makes held rows of a conversation due: the person has written again."""
    rows = tx.execute(
        select(Outbox).where(Outbox.conversation_id == conversation_id, Outbox.state == "held")
    ).scalars()
    count = 0
    for row in rows:
        row.state, row.next_at = "pending", now
        message = tx.get(Message, row.message_id)
        if message is not None:
            message.state = "queued"
        count += 1
    return count


def of_messages(tx: Session, message_ids: list[int]) -> dict[int, Outbox]:
    """Outbox rows by message, to show what was delivered."""
    if not message_ids:
        return {}
    rows = tx.execute(select(Outbox).where(Outbox.message_id.in_(message_ids))).scalars()
    return {row.message_id: row for row in rows}


def texts_sent_since(tx: Session, conversation_id: str, since: datetime) -> list[str]:
    """What the channel took of a conversation since a moment, as far as is known."""
    query = (
        select(Message.text)
        .join(Outbox, Outbox.message_id == Message.id)
        .where(
            Outbox.conversation_id == conversation_id,
            Outbox.state == "sent",
            Outbox.sent_at >= since,
        )
    )
    return list(tx.execute(query).scalars())


def message_of(tx: Session, row: Outbox) -> Message:
    return tx.get_one(Message, row.message_id)


def conversation_of(tx: Session, row: Outbox) -> Conversation:
    return tx.get_one(Conversation, row.conversation_id)


def _both(tx: Session, row_id: int) -> tuple[Outbox, Message]:
    row = tx.get_one(Outbox, row_id)
    return row, tx.get_one(Message, row.message_id)
