"""Table of the queue's views that people keep for themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText


class SavedView(Base):
    """Filters of the queue's address under a name; its owner alone sees it. A confidential
    officer's are sealed: what is looked for in the lane tells of it."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(SealableText())
    query: Mapped[str] = mapped_column(SealableText())  # the address after its "?"
    at: Mapped[datetime] = mapped_column(UtcDateTime)
