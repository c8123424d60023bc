"""Tables of keeping and erasing: holds, runs with their plan and report, wishes of senders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText


class LegalHold(Base):
    """A case, or a whole conversation, that must be kept whatever the rules say; in force while
    ``lifted_at`` is None. In the confidential lane lifting is asked for first (``lift_…``)."""

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    # One of the two.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    reason: Mapped[str] = mapped_column(SealableText())
    placed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lift_asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lift_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lift_why: Mapped[str | None] = mapped_column(SealableText())
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RetentionRun(Base):
    """One erasing of what has been kept long enough: planned, approved by another, done."""

    __tablename__ = "retention_run"
    __table_args__ = (Index("ix_retention_run_open", "approved", "done_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)  # counts by kind
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved: Mapped[bool | None]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ErasureWish(Base):
    """A sender asked for erasure. state: waiting → done | taken_back | kept."""

    __tablename__ = "erasure_wish"
    __table_args__ = (Index("ix_erasure_wish_open", "state", "asked_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
