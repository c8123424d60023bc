"""What is kept for the figures alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class BotAnswer(Base):
    """A question was answered at once with an approved entry: when, where, which. Neither the
    question nor who asked; questions without an answer are ``Gap`` rows."""

    __tablename__ = "bot_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    channel: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80))
