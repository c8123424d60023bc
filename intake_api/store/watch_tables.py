"""Tables of the early warning: what was counted each day; alerts, and what people did about them.

Counts and codes only. Whose words are behind an alert is looked up when somebody looks, so that
what is erased or sealed later is gone from here as well.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class WatchDay(Base):
    """One subject on one day. ``kind``: topic | school."""

    __tablename__ = "watch_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    people: Mapped[int] = mapped_column(Integer)  # distinct senders
    texts: Mapped[int] = mapped_column(Integer)  # distinct texts
    negative: Mapped[int] = mapped_column(Integer)  # distinct senders who were angry
    channels: Mapped[dict[str, int]] = mapped_column(JSON)


class WatchState(Base):
    """One row: since when days have been counted, up to which, and when that was last done."""

    __tablename__ = "watch_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Alert(Base):
    """Something rises. ``level`` is what people confirmed, ``proposed`` what the numbers say."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_state", "state", "opened_at"),
        Index("ix_alert_subject", "kind", "code", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # topic | school | phrase
    code: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)  # on which it fired
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))  # open | closed
    level: Mapped[int] = mapped_column(Integer)
    proposed: Mapped[int] = mapped_column(Integer)
    # Numbers, codes, phrases of several people, numbers of cases.
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lesson: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)


class AlertEntry(Base):
    """One line of an alert's log: who decided what, and who spoke for the department."""

    __tablename__ = "alert_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: the machine
    # opened | proposed | acknowledged | snoozed | raised | spoke | noted | closed
    action: Mapped[str] = mapped_column(String(20))
    level: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(Text, default="")


class RumourCase(Base):
    """A case whose rumour has a correction: the entry's name."""

    __tablename__ = "rumour_case"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
