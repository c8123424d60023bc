"""Reads and writes of files that are still on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, undefer

from intake_api.store.file_tables import FileStep
from intake_api.store.tables import Attachment


@dataclass(frozen=True, slots=True)
class Due:
    """A file with work to do: ``url`` to fetch it from, or None when it is here and has to be
    looked over. ``tries``: how often that failed."""

    attachment_id: int
    url: str | None
    tries: int


def due(tx: Session, now: datetime, limit: int = 20) -> list[Due]:
    """Files to fetch or to look over now, oldest first."""
    query = (
        select(Attachment.id, Attachment.remote_url, FileStep.tries)
        .outerjoin(FileStep, FileStep.attachment_id == Attachment.id)
        .where(
            Attachment.shown.is_(None),
            or_(
                and_(Attachment.remote_url.is_not(None), Attachment.remote_url != ""),
                Attachment.original.is_not(None),
            ),
            or_(
                FileStep.attachment_id.is_(None),
                and_(FileStep.state == "waiting", FileStep.next_at <= now),
            ),
        )
        .order_by(Attachment.id)
        .limit(limit)
    )
    return [Due(number, url, tries or 0) for number, url, tries in tx.execute(query)]


def open_one(tx: Session, attachment_id: int) -> Attachment | None:
    """The file, when nobody has finished it meanwhile; with its bytes."""
    found = tx.execute(
        select(Attachment)
        .where(Attachment.id == attachment_id, Attachment.shown.is_(None))
        .options(undefer(Attachment.original), undefer(Attachment.shown))
    ).scalar_one_or_none()
    step = tx.get(FileStep, attachment_id)
    return None if step is not None and step.state == "refused" else found


def later(tx: Session, attachment_id: int, *, at: datetime, reason: str) -> None:
    """It did not work; tried again at a moment."""
    step = _step(tx, attachment_id, at)
    step.state, step.next_at, step.reason = "waiting", at, reason[:300]
    step.tries += 1


def refused(tx: Session, attachment_id: int, *, reason: str, now: datetime) -> None:
    """It will never be here."""
    step = _step(tx, attachment_id, now)
    step.state, step.next_at, step.reason = "refused", now, reason[:300]


def finished(tx: Session, attachment_id: int) -> None:
    step = tx.get(FileStep, attachment_id)
    if step is not None:
        tx.delete(step)


def _step(tx: Session, attachment_id: int, now: datetime) -> FileStep:
    step = tx.get(FileStep, attachment_id)
    if step is None:
        step = FileStep(attachment_id=attachment_id, state="waiting", tries=0, next_at=now)
        tx.add(step)
    return step
