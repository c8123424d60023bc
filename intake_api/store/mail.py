"""Reads and writes of letters and their threads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake_api.domain.model import Channel
from intake_api.store import outbox
from intake_api.store.mail_tables import MailLetter
from intake_api.store.tables import Case, Conversation, Message, Outbox


def note(
    tx: Session, *, message_id: str, conversation_id: str, subject: str, now: datetime
) -> None:
    """Notes a letter, once."""
    known = select(MailLetter.id).where(MailLetter.message_id == message_id)
    if tx.execute(known).first() is None:
        tx.add(
            MailLetter(
                message_id=message_id, conversation_id=conversation_id, subject=subject[:250],
                at=now,
            )
        )  # fmt: skip
        tx.flush()


def conversation_of(tx: Session, message_ids: Sequence[str]) -> Conversation | None:
    """The conversation of the first of these letters that is known."""
    for name in message_ids:
        found = tx.execute(
            select(Conversation)
            .join(MailLetter, MailLetter.conversation_id == Conversation.id)
            .where(MailLetter.message_id == name)
        ).scalar_one_or_none()
        if found is not None:
            return found
    return None


def conversation_of_code(tx: Session, codes: Sequence[str]) -> Conversation | None:
    """The conversation by e-mail in which a case with one of these codes was sent."""
    return (
        tx.execute(
            select(Conversation)
            .join(Case, Case.conversation_id == Conversation.id)
            .where(Case.code.in_(codes), Conversation.channel == Channel.EMAIL)
            .order_by(Case.id)
        )
        .scalars()
        .first()
    )


def letters(tx: Session, conversation_id: str) -> list[MailLetter]:
    """The letters of a conversation, oldest first."""
    query = select(MailLetter).where(MailLetter.conversation_id == conversation_id)
    return list(tx.execute(query.order_by(MailLetter.id)).scalars())


def told_since(tx: Session, address: str, since: datetime) -> int:
    """How many letters our programs have sent to an address since then."""
    return tx.execute(
        select(func.count())
        .select_from(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.channel == Channel.EMAIL,
            Conversation.external_id.startswith(f"{address}#", autoescape=True),
            Message.author == "system",
            Message.created_at >= since,
        )
    ).scalar_one()


def returned(tx: Session, message_id: str, *, reason: str) -> bool:
    """A letter of ours came back: staff see it beside the message. False when it is not ours."""
    row = tx.execute(select(Outbox).where(Outbox.remote_id == message_id)).scalars().first()
    if row is None:
        return False
    outbox.mark_failed(tx, row.id, reason=reason)
    message = tx.get_one(Message, row.message_id)
    case = tx.get(Case, message.case_id) if message.case_id and message.author == "staff" else None
    if case is not None:
        case.undelivered = True
    return True
