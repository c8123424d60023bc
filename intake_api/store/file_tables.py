"""Table of files that are still on their way: to be fetched from a platform, or looked over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class FileStep(Base):
    """How far a file has come. No row: nothing was tried yet."""

    __tablename__ = "file_step"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(String(10))  # waiting | refused
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")
