"""Tables of reports: what was counted and frozen, what was written, who checked and signed; and the
letters that pass a case on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableText


class ReportSnapshot(Base):
    """Figures as they were at one moment. ``body`` is canonical JSON, byte for byte what
    ``sha256`` was made of; it is never changed."""

    __tablename__ = "report_snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Report(Base):
    """One report of a period. ``unit`` None: the whole department; ``sealed``: the lane's counts.

    ``wanted_at`` is set while figures are to be taken, ``progress`` (0 to 100) tells how far that
    is, ``problem`` why it failed. ``document`` is the content as it was signed.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("once"),
        Index("ix_report_wanted", "wanted_at"),
        Index("ix_report_newest", "last", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str | None] = mapped_column(String(20))
    sealed: Mapped[bool] = mapped_column(default=False)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(120))
    # The one periodic report of the whole department; None for all others.
    once: Mapped[str | None] = mapped_column(String(40))
    due_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)

    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("report_snapshot.id"))
    wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")

    sections: Mapped[dict[str, Any]] = mapped_column(JSON)  # code → text
    edited: Mapped[list[str]] = mapped_column(JSON)  # codes that somebody wrote themselves
    signer: Mapped[str] = mapped_column(String(20))
    signer_name: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(20), default="")
    number_on: Mapped[date | None] = mapped_column(Date)

    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned: Mapped[str] = mapped_column(Text, default="")  # why it came back
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    document_sha256: Mapped[str | None] = mapped_column(String(64))


class TransferLetter(Base):
    """A công văn that passes a case on; it goes with the case when that is erased or sealed."""

    __tablename__ = "transfer_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    addressee: Mapped[str] = mapped_column(SealableText())
    subject: Mapped[str] = mapped_column(SealableText())
    body: Mapped[str] = mapped_column(SealableText())
    due_on: Mapped[date] = mapped_column(Date)
    mark: Mapped[str] = mapped_column(String(10), default="")
    signer: Mapped[str] = mapped_column(String(20))
    signer_name: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(20), default="")
    number_on: Mapped[date | None] = mapped_column(Date)
