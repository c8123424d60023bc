"""Tables of staff, knowledge, the audit chain and housekeeping."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableData, SealableText


class Event(Base):
    """The append-only audit chain. ``hash`` covers the row and the hash of the row before."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_case", "case_id", "id"),)

    # No autoincrement: the number comes from the chain's head, so a missing row shows as a gap.
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    actor: Mapped[str] = mapped_column(String(60))  # "staff:12", "bot", "citizen", "system"
    action: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ChainHead(Base):
    """One row: number and hash of the newest event; locked while an event is appended."""

    __tablename__ = "chain_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    last_hash: Mapped[str] = mapped_column(String(64))


class Staff(Base):
    """A person who works cases. ``role`` and ``unit`` decide what is seen."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(30))
    unit: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    # Changed at every password change: sessions that carry an older one end.
    session_stamp: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Correction(Base):
    """A person put a classification right: kept (masked) as a candidate training example."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    field: Mapped[str] = mapped_column(String(20))
    old: Mapped[str] = mapped_column(String(60))
    new: Mapped[str] = mapped_column(String(60))
    text_masked: Mapped[str] = mapped_column(SealableText())
    model_version: Mapped[str] = mapped_column(String(60))


class FaqEntry(Base):
    """An approved question; its dated answers are ``FaqVersion`` rows."""

    __tablename__ = "faq_entry"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    short: Mapped[str] = mapped_column(String(40))
    family: Mapped[str] = mapped_column(String(80), default="")
    basis: Mapped[str] = mapped_column(String(20))
    review_by: Mapped[date | None] = mapped_column(Date)
    questions: Mapped[list[str]] = mapped_column(JSON)
    instead: Mapped[list[str]] = mapped_column(JSON)
    related: Mapped[list[str]] = mapped_column(JSON)
    # SHA-256 of the file it came from: an unchanged file is not written again.
    fingerprint: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FaqVersion(Base):
    """One dated answer. ``valid_to`` None: no end known."""

    __tablename__ = "faq_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(ForeignKey("faq_entry.slug"), index=True)
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))  # draft | published
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(Text)
    details: Mapped[list[str]] = mapped_column(JSON)
    more: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[dict[str, str]] = mapped_column(JSON)


class Gap(Base):
    """A question that was declined, only met with choices, or whose answer did not help: masked,
    for the editors. ``decision``: decline | suggest | unhelpful (``offered``: the entry said)."""

    __tablename__ = "gap"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text_masked: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(String(10))
    offered: Mapped[list[str]] = mapped_column(JSON)
    picked: Mapped[str | None] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(20))
    # Keyed hash of the conversation: how many people asked, never who. "" in older rows.
    person: Mapped[str] = mapped_column(String(32), default="", server_default="")
    # The entry that was drafted for it, or when an editor put it away.
    entry: Mapped[str | None] = mapped_column(String(80), index=True)
    away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CatalogSnapshot(Base):
    """The catalogue as it was loaded, so that an old decision can be explained by its rules."""

    __tablename__ = "catalog_snapshot"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IdempotencyKey(Base):
    """Answer already given to a request (draft-ietf-httpapi-idempotency-key-header-07)."""

    __tablename__ = "idempotency_key"

    # "<client>:<method>:<path>:<key>", as the draft scopes it.
    scope: Mapped[str] = mapped_column(String(250), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[dict[str, Any] | None] = mapped_column(SealableData())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
