"""Reads and writes of who sent what lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES
from intake_api.store.sender_tables import SenderMark
from intake_api.store.tables import Case


def note(tx: Session, *, case_id: int, sender: str, at: datetime) -> None:
    tx.add(SenderMark(case_id=case_id, sender=sender, at=at))


def cases_of(tx: Session, sender: str, since: datetime, limit: int = 50) -> list[Case]:
    """The open cases of a sender since then, oldest first."""
    query = (
        select(Case)
        .join(SenderMark, SenderMark.case_id == Case.id)
        .where(
            SenderMark.sender == sender,
            SenderMark.at >= since,
            Case.state.in_(sorted(OPEN_STATES)),
        )
        .order_by(SenderMark.at, Case.id)
        .limit(limit)
    )
    return list(tx.execute(query).scalars())


def forget(tx: Session, before: datetime) -> None:
    tx.execute(delete(SenderMark).where(SenderMark.at < before))
