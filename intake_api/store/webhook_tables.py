"""Tables of notices to other systems (Standard Webhooks)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class WebhookEndpoint(Base):
    """Where notices go. Its signing key is derived, never stored; ``generation`` counts keys."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    types: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    generation: Mapped[int] = mapped_column(default=1)
    # Until then the key before is used beside the new one.
    both_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebhookDelivery(Base):
    """One notice to one endpoint. ``id`` is the same on every try and in every replay."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "source"),
        Index("ix_webhook_delivery_due", "state", "next_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"))
    source: Mapped[str] = mapped_column(String(80))  # what it tells, so that it is told once
    type: Mapped[str] = mapped_column(String(40))
    # None: it tells of something that concerns no case.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    body: Mapped[str] = mapped_column(Text)  # exactly what is signed and sent
    state: Mapped[str] = mapped_column(String(10))  # pending → sent | failed | dropped
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_status: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookCursor(Base):
    """One row: up to which event of the audit chain notices have been written."""

    __tablename__ = "webhook_cursor"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
