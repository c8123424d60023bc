"""Reads and writes of the open page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import batched

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from intake_api.domain.access import Scope
from intake_api.domain.model import State
from intake_api.store import queue
from intake_api.store.lane_tables import Unsealing
from intake_api.store.open_tables import ChainRoot, OpenMonth, Publication
from intake_api.store.registers import ChainHead
from intake_api.store.tables import Case

PROPOSED, AGREED, DECLINED = "proposed", "agreed", "declined"
PUBLISHED, TAKEN_BACK = "published", "taken_back"


# -------------------------------------------------------------------------------------- months


def months(tx: Session) -> list[date]:
    """First days of the frozen months, the newest first."""
    return list(tx.execute(select(OpenMonth.month).order_by(OpenMonth.month.desc())).scalars())


def month(tx: Session, first: date) -> OpenMonth | None:
    return tx.get(OpenMonth, first)


def keep_month(tx: Session, made: OpenMonth) -> None:
    """Freezes a month; one that is frozen already is replaced."""
    tx.merge(made)
    tx.flush()


def first_received(tx: Session) -> datetime | None:
    """When the first case came in."""
    return tx.execute(select(func.min(Case.received_at))).scalar_one_or_none()


def unsealings(tx: Session, since: datetime, until: datetime) -> tuple[int, int, int]:
    """How many unsealings were asked for in [since, until): all, given, refused."""
    asked = (Unsealing.asked_at >= since, Unsealing.asked_at < until)

    def count(*more: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(Unsealing).where(*asked, *more)
        return tx.execute(query).scalar_one()

    return count(), count(Unsealing.ends_at.is_not(None)), count(Unsealing.state == "refused")


# --------------------------------------------------------------------------------- the chain


def roots(tx: Session, limit: int | None = None) -> list[ChainRoot]:
    """The roots that were published, the newest first."""
    query = select(ChainRoot).order_by(ChainRoot.week.desc())
    return list(tx.execute(query.limit(limit) if limit else query).scalars())


def has_root(tx: Session, week: date) -> bool:
    return tx.get(ChainRoot, week) is not None


def keep_root(tx: Session, *, week: date, now: datetime) -> bool:
    """Keeps the chain's head as the root of a week, once. False while there is no event yet."""
    head = tx.execute(select(ChainHead).where(ChainHead.id == 1).with_for_update()).scalar_one()
    if not head.last_id or has_root(tx, week):
        return False
    made = ChainRoot(week=week, event_id=head.last_id, hash=head.last_hash, taken_at=now)
    tx.add(made)
    tx.flush()
    return True


# --------------------------------------------------------------------------- published answers


def of_case(tx: Session, case_id: int, *, lock: bool = False) -> Publication | None:
    """What is proposed or published of a case; ``lock`` holds it until the transaction ends."""
    query = select(Publication).where(Publication.case_id == case_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.execute(query).scalar_one_or_none()


def add(tx: Session, made: Publication) -> Publication:
    tx.add(made)
    tx.flush()
    return made


def forget(tx: Session, found: Publication) -> None:
    tx.delete(found)
    tx.flush()


def _told() -> tuple[ColumnElement[bool], ...]:
    # What was sealed since is gone from here the same moment.
    return (
        Publication.state == PUBLISHED, Case.confidential.is_(False), Case.state != State.ERASED,
    )  # fmt: skip


def published(
    tx: Session, *, topic: str = "", before: int | None = None, limit: int
) -> Sequence[tuple[Publication, str]]:
    """Published answers with their topics, the newest first; those before a number."""
    query = select(Publication, Case.topic).join(Case, Case.id == Publication.case_id)
    query = query.where(*_told())
    if topic:
        query = query.where(Case.topic == topic)
    if before is not None:
        query = query.where(Publication.id < before)
    rows = tx.execute(query.order_by(Publication.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def told_of(tx: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """The published questions of these cases."""
    found: dict[int, str] = {}
    for part in batched(case_ids, 500):
        query = select(Publication.case_id, Publication.question).join(
            Case, Case.id == Publication.case_id
        )
        rows = tx.execute(query.where(*_told(), Publication.case_id.in_(part)))
        found.update((number, question) for number, question in rows)
    return found


def topics(tx: Session) -> dict[str, int]:
    """How many published answers each topic has."""
    query = select(Case.topic, func.count()).join(Publication, Case.id == Publication.case_id)
    rows = tx.execute(query.where(*_told()).group_by(Case.topic))
    return {topic: int(count) for topic, count in rows}


def waiting(tx: Session, scope: Scope, states: Sequence[str]) -> list[tuple[Publication, Case]]:
    """What is proposed, agreed to or published of the cases within a scope, the newest first."""
    numbers = queue.visible(scope).with_only_columns(Case.id)
    query = (
        select(Publication, Case)
        .join(Case, Case.id == Publication.case_id)
        .where(Publication.state.in_(states), Case.id.in_(numbers))
        .order_by(Publication.proposed_at.desc())
        .limit(200)
    )
    return [(row[0], row[1]) for row in tx.execute(query)]
