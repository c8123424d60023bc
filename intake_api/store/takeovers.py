"""Reads and writes of takeovers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from intake_api.store.tables import Case, Conversation, Message
from intake_api.store.takeover_tables import Takeover

# Platforms try for so long to deliver what was said.
LATE = timedelta(days=7)


def of(tx: Session, conversation_id: str) -> Takeover | None:
    return tx.get(Takeover, conversation_id)


def row(tx: Session, conversation_id: str) -> Takeover:
    """The row of a conversation, made when there is none."""
    found = tx.get(Takeover, conversation_id)
    if found is None:
        found = Takeover(conversation_id=conversation_id, source="")
        tx.add(found)
        tx.flush()
    return found


def ended(tx: Session, now: datetime, limit: int = 200) -> list[str]:
    """Conversations whose time with a person is over."""
    query = select(Takeover.conversation_id).where(Takeover.source != "", Takeover.until <= now)
    return list(tx.execute(query.limit(limit)).scalars())


def open_ones(
    tx: Session, *, sealed: bool, limit: int = 100
) -> list[tuple[Takeover, Conversation]]:
    """Conversations in which somebody waits for a person or speaks with one, of one lane: whoever
    waits first, longest first. One word of a sealed matter puts the whole talk into its lane."""
    kept = in_lane()
    query = (
        select(Takeover, Conversation)
        .join(Conversation, Conversation.id == Takeover.conversation_id)
        .where(
            or_(Takeover.asked_at.is_not(None), Takeover.source != ""),
            kept if sealed else ~kept,
        )
        .order_by(Takeover.asked_at.is_(None), Takeover.asked_at, Takeover.taken_at)
        .limit(limit)
    )
    return [(found, talk) for found, talk in tx.execute(query)]


def in_lane() -> ColumnElement[bool]:
    """True of a conversation (of the enclosing query) of which anything is sealed."""
    # Names of their own: the enclosing query may read messages or cases itself.
    message, case = aliased(Message), aliased(Case)
    return or_(
        exists().where(message.conversation_id == Conversation.id, message.sealed),
        exists().where(case.conversation_id == Conversation.id, case.confidential),
    )


def became_no_case() -> ColumnElement[bool]:
    """True of a conversation (of the enclosing query) that stands for itself."""
    message, case = aliased(Message), aliased(Case)
    return and_(
        ~exists().where(case.conversation_id == Conversation.id),
        ~exists().where(message.conversation_id == Conversation.id, message.case_id.is_not(None)),
    )


def without_case(
    tx: Session, since: datetime, until: datetime, *, sealed: bool, limit: int = 200
) -> list[tuple[Conversation, Message]]:
    """Conversations of one lane that became no case, each with the first thing that somebody said
    in it between two moments, in that order."""
    said = (
        select(func.min(Message.id))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            # So that only conversations of about that time are looked into; what a platform
            # delivers late was said before.
            Conversation.created_at < until,
            Conversation.last_inbound_at >= since - LATE,
            Message.direction == "in",
            Message.created_at >= since,
            Message.created_at < until,
            became_no_case(),
            in_lane() if sealed else ~in_lane(),
        )
        .group_by(Message.conversation_id)
    )
    query = (
        select(Conversation, Message)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(Message.id.in_(said))
        .order_by(Message.id)
        .limit(limit)
    )
    return [(talk, message) for talk, message in tx.execute(query)]


def is_sealed(tx: Session, conversation_id: str) -> bool:
    """True when anything of a conversation belongs into the confidential lane."""
    message = select(Message.id).where(Message.conversation_id == conversation_id, Message.sealed)
    case = select(Case.id).where(Case.conversation_id == conversation_id, Case.confidential)
    return any(tx.execute(query.limit(1)).first() is not None for query in (message, case))


def unanswered_since(tx: Session, conversation_id: str, since: datetime) -> bool:
    """True when the person wrote after a moment and nobody answered: neither a person of the
    department (``since`` is her last word) nor the assistant, which kept quiet."""
    query = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.direction == "in",
        Message.state == "ignored",
        Message.created_at > since,
    )
    return tx.execute(query.limit(1)).first() is not None
