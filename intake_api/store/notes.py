"""Internal notes of a case, who was named in them, and answers that are still being typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText
from intake_api.store.tables import Case


class Note(Base):
    """What staff tell each other about a case; its sender never reads it."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(SealableText())


class Mention(Base):
    """Somebody was named in a note; ``seen_at`` None: not read yet."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_unseen", "staff_id", "seen_at", "case_id"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TypedAnswer(Base):
    """An answer as far as one person has typed it: an expired session loses nothing."""

    __tablename__ = "typed_answer"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(SealableText())
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def add(tx: Session, note: Note, mentioned: Sequence[int]) -> Note:
    """Adds a note and tells those who are named in it."""
    tx.add(note)
    tx.flush()
    for staff_id in dict.fromkeys(mentioned):
        tx.add(Mention(note_id=note.id, staff_id=staff_id, case_id=note.case_id))
    tx.flush()
    return note


def of_case(tx: Session, case_id: int) -> list[Note]:
    """The notes of a case, oldest first."""
    return list(tx.execute(select(Note).where(Note.case_id == case_id).order_by(Note.id)).scalars())


def unseen(tx: Session, staff_id: int, case_id: int) -> int:
    """How many notes of a case name this person and were not read yet."""
    query = select(func.count()).select_from(Mention)
    query = query.where(
        Mention.staff_id == staff_id, Mention.case_id == case_id, Mention.seen_at.is_(None)
    )
    return tx.execute(query).scalar_one()


def mark_seen(tx: Session, staff_id: int, case_id: int, now: datetime) -> None:
    """This person has read the notes of this case."""
    tx.execute(
        update(Mention)
        .where(Mention.staff_id == staff_id, Mention.case_id == case_id, Mention.seen_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def naming(staff_id: int) -> ColumnElement[bool]:
    """The condition that a case has an unread note which names this person."""
    return Case.id.in_(
        select(Mention.case_id).where(Mention.staff_id == staff_id, Mention.seen_at.is_(None))
    )


def typed(tx: Session, staff_id: int, case_id: int) -> TypedAnswer | None:
    """What this person has typed and not sent."""
    return tx.get(TypedAnswer, (staff_id, case_id))


def keep_typed(tx: Session, staff_id: int, case_id: int, text: str, now: datetime) -> None:
    """Keeps what stands in the field now; an empty field is forgotten."""
    if not text.strip():
        drop_typed(tx, staff_id, case_id)
        return
    tx.merge(TypedAnswer(staff_id=staff_id, case_id=case_id, text=text, at=now))
    tx.flush()


def drop_typed(tx: Session, staff_id: int, case_id: int) -> None:
    """Forgets what this person has typed: it was sent, or thrown away."""
    tx.execute(
        delete(TypedAnswer)
        .where(TypedAnswer.staff_id == staff_id, TypedAnswer.case_id == case_id)
        .execution_options(synchronize_session=False)
    )


def drop_old_typed(tx: Session, before: datetime) -> None:
    """Forgets what nobody has touched since a moment."""
    tx.execute(
        delete(TypedAnswer)
        .where(TypedAnswer.at < before)
        .execution_options(synchronize_session=False)
    )
