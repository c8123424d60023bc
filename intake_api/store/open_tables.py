"""Tables of the open page: frozen months, weekly roots of the audit chain, published answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText


class OpenMonth(Base):
    """The figures of a month as they were told to everybody. Frozen: two readings of the same month
    that differ would give small counts away."""

    __tablename__ = "open_month"

    month: Mapped[date] = mapped_column(Date, primary_key=True)  # its first day
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChainRoot(Base):
    """Number and hash of the newest event of the audit chain when a week had ended."""

    __tablename__ = "chain_root"

    week: Mapped[date] = mapped_column(Date, primary_key=True)  # its Monday
    event_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    hash: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Publication(Base):
    """A question and its answer for everybody, in words of staff and without personal data.
    proposed → agreed | declined → published → taken_back. Goes with its case."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    question: Mapped[str] = mapped_column(SealableText())
    answer: Mapped[str] = mapped_column(SealableText())
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The sender's answer to these very words; other words are asked about anew.
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
