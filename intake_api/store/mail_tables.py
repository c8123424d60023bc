"""Table of letters: which conversation a Message-ID belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText


class MailLetter(Base):
    """One letter of a conversation, theirs or ours. The words are with the message."""

    __tablename__ = "mail_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(250), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    # Always sealed: who writes a subject says what it is about. "" in a letter of ours.
    subject: Mapped[str] = mapped_column(SealableText(250))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
