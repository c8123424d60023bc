"""Table of who sent what lately, to tell floods from people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class SenderMark(Base):
    """A case and a keyed hash of where it came from; forgotten after two days."""

    __tablename__ = "sender_mark"
    __table_args__ = (Index("ix_sender_mark_sender", "sender", "at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    sender: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
