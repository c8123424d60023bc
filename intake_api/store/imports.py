"""Reads and writes of what was brought in from before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake_api.store.import_tables import ImportBatch, ImportItem
from intake_api.store.tables import Case


def batch(tx: Session, sha256: str) -> ImportBatch | None:
    """The batch of a file that was begun before, or None."""
    return tx.execute(select(ImportBatch).where(ImportBatch.sha256 == sha256)).scalar_one_or_none()


def batch_by_id(tx: Session, batch_id: int) -> ImportBatch:
    """The batch, held until the transaction ends: two runs of one file must not cross."""
    query = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    return tx.execute(query).scalar_one()


def add_batch(tx: Session, made: ImportBatch) -> ImportBatch:
    tx.add(made)
    tx.flush()
    return made


def add_item(
    tx: Session, *, key: str, fingerprint: str, batch_id: int, case_id: int | None
) -> None:
    tx.add(ImportItem(key=key, fingerprint=fingerprint, batch_id=batch_id, case_id=case_id))
    tx.flush()


def known(tx: Session, key: str) -> bool:
    """True when this very thing was brought in before."""
    return tx.get(ImportItem, key) is not None


def same_words(tx: Session, fingerprint: str) -> bool:
    """True when the same words of the same day were brought in, whatever file they stood in."""
    query = select(ImportItem.key).where(ImportItem.fingerprint == fingerprint).limit(1)
    return tx.execute(query).first() is not None


def texts_of_day(tx: Session, at: datetime, limit: int = 2000) -> Sequence[str]:
    """What was put on record around a moment, for finding the same words again."""
    day = timedelta(days=1)
    brought = select(ImportItem.case_id).where(ImportItem.case_id.is_not(None))
    query = select(Case.text).where(
        Case.received_at > at - day, Case.received_at < at + day, Case.id.not_in(brought)
    )
    return tx.execute(query.limit(limit)).scalars().all()
