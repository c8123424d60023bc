"""Tables of the confidential lane: words of events, unsealings, and who is named in a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableData, SealableText


class EventWords(Base):
    """What people wrote as part of an event: reasons, names of agencies.

    The chain itself can never be encrypted afterwards, so it holds no such words: only their
    digest, salted with what stands here.
    """

    __tablename__ = "event_words"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id"),
        type_=BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    )
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    words: Mapped[dict[str, Any]] = mapped_column(SealableData())


class Unsealing(Base):
    """A second pair of eyes on a sealed case, for a while. asked → given | refused → ended."""

    __tablename__ = "unsealing"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(SealableText())
    hours: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), index=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NamedPerson(Base):
    """A member of staff whom the case itself names: it does not exist for them."""

    __tablename__ = "named_person"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
