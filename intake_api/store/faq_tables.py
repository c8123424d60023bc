"""Tables of the FAQ workbench: the register of legal documents, revisions of entries, imports,
questions that were answered, clusters of those that were not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class LegalDocument(Base):
    """A document that answers stand on. ``valid_to``: the last day it held."""

    __tablename__ = "legal_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)  # domain.legal.key_of
    title: Mapped[str] = mapped_column(String(300))
    about: Mapped[str] = mapped_column(String(500), default="")
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("legal_document.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class FaqState(Base):
    """What is known of an entry beside what it says: the file it was last taken from, and what
    was told of it already."""

    __tablename__ = "faq_state"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    # Fingerprint of the shipped file as it was last taken in; None: never shipped.
    shipped: Mapped[str | None] = mapped_column(String(64))
    expired_told: Mapped[date | None] = mapped_column(Date)
    review_told: Mapped[date | None] = mapped_column(Date)


class FaqRevision(Base):
    """One wording of a whole entry, kept for good. ``body`` is the plain form (domain.faq)."""

    __tablename__ = "faq_revision"
    __table_args__ = (
        UniqueConstraint("slug", "number"),
        Index("ix_faq_revision_stage", "stage", "publish_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    stage: Mapped[str] = mapped_column(String(12))  # domain.faq.Stage
    origin: Mapped[str] = mapped_column(String(12))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    base: Mapped[int | None]  # number of the revision that was published when this was written
    note: Mapped[str] = mapped_column(String(300), default="")
    refusal: Mapped[str] = mapped_column(String(500), default="")
    lock: Mapped[int] = mapped_column(default=1)
    # Everybody who wrote in it; none of them approves it.
    writers: Mapped[list[int]] = mapped_column(JSON)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    publish_on: Mapped[date | None] = mapped_column(Date)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Which known questions would be answered differently, and of which ``lock`` that is true.
    check: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("faq_import.id"))


class FaqStill(Base):
    """Somebody looked: the entry stays right although this document has ended."""

    __tablename__ = "faq_still"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("legal_document.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class FaqImport(Base):
    """A file of entries that was read, row by row, and waits for a decision."""

    __tablename__ = "faq_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))  # waiting | taken | dropped


class Asked(Base):
    """A question that was answered at once, masked: what a new wording is tried on before it is
    published. Nothing of the confidential lane; forgotten after 180 days."""

    __tablename__ = "asked"
    __table_args__ = (Index("ix_asked_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text_masked: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(String(80))
    person: Mapped[str] = mapped_column(String(32))  # keyed hash of the conversation
    channel: Mapped[str] = mapped_column(String(20))


class GapCluster(Base):
    """Gaps that ask the same thing, as they were last put together."""

    __tablename__ = "gap_cluster"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)  # the question in the middle, masked
    people: Mapped[int]
    count: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decisions: Mapped[dict[str, int]] = mapped_column(JSON)
    offered: Mapped[list[str]] = mapped_column(JSON)  # entries that were offered most
    members: Mapped[list[int]] = mapped_column(JSON)  # numbers of the gaps, nearest first
