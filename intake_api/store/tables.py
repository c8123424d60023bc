"""Tables of conversations, cases and what was sent. Times are aware UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableBytes, SealableData, SealableText


class Conversation(Base):
    """One person on one channel. ``external_id`` is the channel's id of the person."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_inbound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # One request to Rasa in flight per conversation: whoever sets this first works, until then.
    busy_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bot_paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Set when the person was told that the message is kept while the assistant is away.
    told_waiting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_slug: Mapped[str | None] = mapped_column(String(80))
    # The gap whose choices are before this person now: forgotten with the next question or pick,
    # so that what was asked is tied to nobody.
    open_gap_id: Mapped[int | None]


class Message(Base):
    """One message in or out, as it was. Nothing here is ever changed but the delivery state."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("channel_message_id"),
        Index("ix_message_conversation", "conversation_id", "id"),
        Index("ix_message_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    direction: Mapped[str] = mapped_column(String(3))  # in | out
    author: Mapped[str] = mapped_column(String(10))  # citizen | bot | staff | system
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(SealableText())
    payload: Mapped[dict[str, Any] | None] = mapped_column(SealableData())  # buttons, sources …
    # "<channel>:<id on the channel>": the natural key against repeats.
    channel_message_id: Mapped[str | None] = mapped_column(String(250))
    sealed: Mapped[bool] = mapped_column(default=False)
    # in: waiting → done | ignored;  out: queued → sent | held | failed
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Case(Base):
    """One comment, criticism or question on record, with what was understood and decided."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_queue", "unit", "confidential", "state", "due_at", "id"),
        Index("ix_cases_conversation", "conversation_id"),
        Index("ix_cases_received", "received_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(100))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)

    text: Mapped[str] = mapped_column(SealableText())  # exactly as the person wrote it
    text_masked: Mapped[str] = mapped_column(SealableText())
    folded: Mapped[str] = mapped_column(
        SealableText()
    )  # search column: code, text, place without marks

    kind: Mapped[str] = mapped_column(String(30))
    topic: Mapped[str] = mapped_column(String(40))
    issues: Mapped[list[str] | None] = mapped_column(JSON)
    sentiment: Mapped[str] = mapped_column(String(10))
    urgent: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    toxic: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float] = mapped_column(default=0.0)
    classification: Mapped[dict[str, Any]] = mapped_column(SealableData())  # reasons, model

    school: Mapped[str | None] = mapped_column(SealableText(200))
    level: Mapped[str | None] = mapped_column(String(10))
    district: Mapped[str | None] = mapped_column(SealableText(50))
    place_text: Mapped[str | None] = mapped_column(SealableText())

    unit: Mapped[str] = mapped_column(String(20))
    copies: Mapped[list[str] | None] = mapped_column(JSON)
    route_rule: Mapped[str] = mapped_column(String(20))
    route_reason: Mapped[str] = mapped_column(SealableText())
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledge_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_explanation: Mapped[str] = mapped_column(Text, default="")
    first_response_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(20))
    # Of a tombstone: the state it was erased from, so that what was counted stays counted.
    ended_as: Mapped[str | None] = mapped_column(String(20))

    anonymous: Mapped[bool] = mapped_column(default=False)
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role_of_sender: Mapped[str | None] = mapped_column(SealableText(30))

    # How often units sent it on, and how often it was taken up again.
    bounces: Mapped[int] = mapped_column(default=0)
    reopened: Mapped[int] = mapped_column(default=0)
    # Answered, but no channel has confirmed yet that the answer arrived.
    undelivered: Mapped[bool] = mapped_column(default=False)
    # While it waits: since when. Lateness is asked at that moment, not now.
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The clock of a case that was taken up again starts here, not when it was received.
    clock_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_to: Mapped[str | None] = mapped_column(SealableText(200))


class Contact(Base):
    """Who to answer, apart from the case so that it is read only where it is needed."""

    __tablename__ = "contact"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    name: Mapped[str | None] = mapped_column(SealableText(200))
    phone: Mapped[str | None] = mapped_column(SealableText(30))
    email: Mapped[str | None] = mapped_column(SealableText(200))
    # Search words of a sender who is not sealed; blanked the moment the case is.
    folded: Mapped[str] = mapped_column(Text, default="", server_default="")


class Draft(Base):
    """What a person is about to send, while the assistant asks; forgotten after 24 hours."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    text: Mapped[str] = mapped_column(SealableText())
    place_text: Mapped[str | None] = mapped_column(SealableText())
    name: Mapped[str | None] = mapped_column(SealableText(200))
    phone: Mapped[str | None] = mapped_column(SealableText(30))
    email: Mapped[str | None] = mapped_column(SealableText(200))
    anonymous: Mapped[bool | None]
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    classification: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_message_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))


class Attachment(Base):
    """A file as it came (``original``) and the copy that may be shown (metadata stripped)."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    filename: Mapped[str] = mapped_column(SealableText(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original: Mapped[bytes | None] = mapped_column(SealableBytes(), deferred=True)
    shown: Mapped[bytes | None] = mapped_column(SealableBytes(), deferred=True)
    # Where the channel keeps it until it is fetched; None once it is here.
    remote_url: Mapped[str | None] = mapped_column(SealableText())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Outbox(Base):
    """Something to send, written in the transaction that decided it, sent by a job."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "next_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    # pending → sending → sent | held | failed (dead letter)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str | None] = mapped_column(String(250))


class RawEvent(Base):
    """A channel's event before anything was made of it; the natural key stops repeats."""

    __tablename__ = "raw_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    natural_key: Mapped[str] = mapped_column(String(250), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(SealableData())
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
