"""Who speaks in a conversation: the assistant, or a person who took it over or was asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class Takeover(Base):
    """One row per conversation that ever needed a person; what is past stands in the audit chain.

    ``until`` repeats the conversation's ``bot_paused_until``, which is what keeps the assistant
    quiet; this row says who and why.
    """

    __tablename__ = "takeover"
    __table_args__ = (Index("ix_takeover_until", "until"), Index("ix_takeover_asked", "asked_at"))

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    # The person asks for somebody, or waits without an answer; None once somebody answered.
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # workbench, page_inbox (somebody answers there) or inbox_thread (the platform gave the whole
    # conversation to it); "" while the assistant speaks.
    source: Mapped[str] = mapped_column(String(12), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    # The case from whose page it was taken over: what is said meanwhile belongs to it.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When a person of the department last said something.
    spoke_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
