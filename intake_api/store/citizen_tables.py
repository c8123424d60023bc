"""Tables of what senders say about how their case was handled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class Rating(Base):
    """How content the sender was with the answer, 1 (not at all) to 5. No words: those are
    messages. Kept for the statistics when the rest is erased."""

    __tablename__ = "rating"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    score: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
