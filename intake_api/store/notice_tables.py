"""Tables of reminders: what somebody was told, how they want to be told, how far we have looked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class Reach(Base):
    """How a member of staff is reached, and who stands in while they are away."""

    __tablename__ = "staff_reach"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    email: Mapped[str | None] = mapped_column(String(200))
    ways: Mapped[dict[str, Any]] = mapped_column(JSON)  # kind → mail | digest | bench
    digest: Mapped[bool] = mapped_column(default=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    away_from: Mapped[date | None] = mapped_column(Date)
    away_to: Mapped[date | None] = mapped_column(Date)
    last_letter_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_digest_on: Mapped[date | None] = mapped_column(Date)
    # Why the mail server takes nothing for this address; until the address is changed.
    refused: Mapped[str | None] = mapped_column(Text)


class Notice(Base):
    """One thing one person was told: of a case, or of something else with ``words`` (one line that
    may stand in any list) and the ``path`` that leads there. ``mail``: none | pending | digest |
    sent."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("once"),
        Index("ix_notice_reader", "staff_id", "read_at", "id"),
        Index("ix_notice_mail", "mail", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    words: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(String(200))
    instead_of: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail: Mapped[str] = mapped_column(String(8))
    once: Mapped[str] = mapped_column(String(120))


class ReminderMark(Base):
    """A step that was told of a case with this due date, whoever there was to tell."""

    __tablename__ = "reminder_mark"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)


class ReminderCursor(Base):
    """One row: the last event of the audit chain that was looked at."""

    __tablename__ = "reminder_cursor"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
