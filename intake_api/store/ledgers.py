"""Ledgers of a case: when its clock stood still, what moved its date, what it was merged into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake_api.domain import durations, ledger
from intake_api.domain.model import State
from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText
from intake_api.store.tables import Case, Message


class PauseEntry(Base):
    """A stretch in which a case waited; open while ``until`` is None."""

    __tablename__ = "pause"
    __table_args__ = (Index("ix_pause_open", "until", "limit_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    why: Mapped[str] = mapped_column(String(10))  # citizen | external
    asked: Mapped[str] = mapped_column(
        SealableText()
    )  # what is waited for, as the officer wrote it
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Until when the citizen's silence is waited for; None where nobody's silence ends it.
    limit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(60))


class ExtensionEntry(Base):
    """A later date that was asked for or given. ``at`` None: asked, not decided."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(SealableText())
    given_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    length: Mapped[str] = mapped_column(String(10))  # as the catalogue writes it: "30cd"
    from_receipt: Mapped[bool] = mapped_column(default=False)
    due_before: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MergeEntry(Base):
    """A case that was merged into another one; in force while ``undone_at`` is None."""

    __tablename__ = "merge_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    state_before: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def open_pause(tx: Session, case_id: int) -> PauseEntry | None:
    """The pause that lasts, or None."""
    query = select(PauseEntry).where(PauseEntry.case_id == case_id, PauseEntry.until.is_(None))
    return tx.execute(query.order_by(PauseEntry.id.desc()).limit(1)).scalar_one_or_none()


def pause_entries(tx: Session, case_id: int) -> list[PauseEntry]:
    """Every pause of a case, oldest first."""
    query = select(PauseEntry).where(PauseEntry.case_id == case_id).order_by(PauseEntry.id)
    return list(tx.execute(query).scalars())


def pauses(tx: Session, case_id: int) -> list[ledger.Pause]:
    """The pauses of a case as the rules of the clock take them."""
    return [ledger.Pause(one.since, one.until, one.why) for one in pause_entries(tx, case_id)]


def lapsed(tx: Session, now: datetime, limit: int = 200) -> list[int]:
    """Numbers of cases whose sender was silent for longer than is waited for."""
    query = (
        select(PauseEntry.case_id)
        .join(Case, Case.id == PauseEntry.case_id)
        .where(
            PauseEntry.until.is_(None),
            PauseEntry.limit_at <= now,
            Case.state == State.AWAITING_CITIZEN,
        )
        .order_by(PauseEntry.id)
    )
    return list(tx.execute(query.limit(limit)).scalars())


def silent(tx: Session, before: datetime, limit: int = 200) -> list[int]:
    """Numbers of answered cases whose answer arrived before a moment."""
    query = (
        select(Case.id)
        .where(
            Case.state == State.ANSWERED,
            Case.undelivered.is_(False),
            Case.answered_at <= before,
            ~select(Message.id)
            .where(Message.case_id == Case.id, Message.author == "staff", Message.done_at > before)
            .exists(),
        )
        .order_by(Case.id)
    )
    return list(tx.execute(query.limit(limit)).scalars())


def extension_entries(tx: Session, case_id: int) -> list[ExtensionEntry]:
    """Every extension asked for or given, oldest first."""
    query = select(ExtensionEntry).where(ExtensionEntry.case_id == case_id)
    return list(tx.execute(query.order_by(ExtensionEntry.id)).scalars())


def extensions(tx: Session, case_id: int) -> list[ledger.Extension]:
    """The extensions that were given, as the rules of the clock take them."""
    return [
        ledger.Extension(one.at, durations.parse(one.length), one.from_receipt)
        for one in extension_entries(tx, case_id)
        if one.at is not None
    ]


def asked_extension(tx: Session, case_id: int) -> ExtensionEntry | None:
    """The extension that somebody asked for and nobody has given, or None."""
    waiting = [one for one in extension_entries(tx, case_id) if one.at is None]
    return waiting[-1] if waiting else None


def merge_of(tx: Session, case_id: int) -> MergeEntry | None:
    """The merge in force by which this case follows another, or None."""
    query = select(MergeEntry).where(MergeEntry.case_id == case_id, MergeEntry.undone_at.is_(None))
    return tx.execute(query.order_by(MergeEntry.id.desc()).limit(1)).scalar_one_or_none()


def leading(tx: Session, case: Case) -> Case:
    """The case that is worked on for this one: itself unless it was merged."""
    seen = {case.id}
    while (link := merge_of(tx, case.id)) is not None and link.into_id not in seen:
        seen.add(link.into_id)
        case = tx.get_one(Case, link.into_id)
    return case


def followers(tx: Session, case_id: int) -> list[Case]:
    """Every case that follows this one, directly or through another, oldest first."""
    found: dict[int, Case] = {}
    heads: Sequence[int] = [case_id]
    while heads:
        query = (
            select(Case)
            .join(MergeEntry, MergeEntry.case_id == Case.id)
            .where(MergeEntry.into_id.in_(heads), MergeEntry.undone_at.is_(None))
            .order_by(Case.id)
        )
        fresh = [one for one in tx.execute(query).scalars() if one.id not in found]
        found.update((one.id, one) for one in fresh)
        heads = [one.id for one in fresh]
    found.pop(case_id, None)
    return list(found.values())


def add(tx: Session, made: PauseEntry | ExtensionEntry | MergeEntry) -> None:
    tx.add(made)
    tx.flush()
