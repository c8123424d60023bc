"""Reads and writes of who sent what lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES
from intake_api.store.sender_tables import SenderMark
from intake_api.store.tables import Case, Draft


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


def told_in(tx: Session, conversation_id: str, since: datetime, limit: int = 50) -> list[Case]:
    """The open cases of a conversation since then whose draft is still there, oldest first."""
    query = (
        select(Case)
        .where(
            Case.conversation_id == conversation_id,
            Case.received_at >= since,
            Case.state.in_(sorted(OPEN_STATES)),
            exists().where(Draft.case_id == Case.id),
        )
        .order_by(Case.id.desc())
        .limit(limit)
    )
    return list(tx.execute(query).scalars())[::-1]


def forget(tx: Session, before: datetime) -> None:
    tx.execute(delete(SenderMark).where(SenderMark.at < before))
