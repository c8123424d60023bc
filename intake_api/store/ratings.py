"""Reads and writes of ratings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake_api.store.citizen_tables import Rating


def rating(tx: Session, case_id: int) -> Rating | None:
    return tx.get(Rating, case_id)


def rate(tx: Session, case_id: int, score: int, now: datetime) -> None:
    """Keeps a rating; a later one of the same sender takes its place."""
    known = tx.get(Rating, case_id)
    if known is None:
        tx.add(Rating(case_id=case_id, score=score, at=now))
    else:
        known.score, known.at = score, now
    tx.flush()
