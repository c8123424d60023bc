"""Tables of consultations on draft documents: the draft, its clauses, groups of like opinions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText


class Consultation(Base):
    """One draft that is put before the public. Whether it is open now is a question of its dates
    (``domain.consulting.phase``), never a state."""

    __tablename__ = "consultation"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(Text, default="")  # why opinions are asked for
    unit: Mapped[str] = mapped_column(String(20))  # who drafts, and answers
    # preparing → announced → waiting (for approval) → published;  withdrawn
    state: Mapped[str] = mapped_column(String(12))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)  # no longer open from this moment on
    asked_count: Mapped[int | None]  # offices that were written to
    filename: Mapped[str] = mapped_column(String(200))
    original: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    shown: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    warnings: Mapped[list[str]] = mapped_column(JSON)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when that was told
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who asked for approval
    returned: Mapped[str] = mapped_column(Text, default="")  # why it was given back
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class DraftClause(Base):
    """One part of a draft (``domain.clauses.Clause``); ``number`` is its place, from 1."""

    __tablename__ = "draft_clause"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    parent: Mapped[int | None]  # number of the clause that holds it


class OpinionGroup(Base):
    """Opinions that say the same of one clause (None: of the whole draft), answered together.
    ``summary`` is empty until somebody writes one: then it stands for the words of the people."""

    __tablename__ = "opinion_group"
    __table_args__ = (Index("ix_opinion_group_clause", "consultation_id", "clause_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("draft_clause.id"))
    summary: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[str | None] = mapped_column(String(10))  # accepted | partly | explained
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Opinion(Base):
    """A case that is a contribution to a consultation."""

    __tablename__ = "opinion"
    __table_args__ = (Index("ix_opinion_told", "consultation_id", "told_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("draft_clause.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("opinion_group.id"), index=True)
    organisation: Mapped[str | None] = mapped_column(SealableText())  # as the sender says
    named: Mapped[bool] = mapped_column(default=False)  # agreed that the own name is shown
    late: Mapped[bool] = mapped_column(default=False)  # came after the closing time
    asking: Mapped[bool] = mapped_column(default=False)  # the chat has asked which clause
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the published answer
