"""Reads and writes of reports, their frozen figures, and letters that pass a case on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES, State
from intake_api.store.db import changed_rows
from intake_api.store.report_tables import Report, ReportSnapshot, TransferLetter
from intake_api.store.tables import Case
from intake_api.store.watch_tables import Alert


def add(tx: Session, made: Report | ReportSnapshot | TransferLetter) -> None:
    tx.add(made)
    tx.flush()


def one(tx: Session, number: int, *, lock: bool = False) -> Report | None:
    """The report with this number; ``lock`` holds it until the transaction ends."""
    return tx.get(Report, number, with_for_update=lock or None, populate_existing=lock)


def drop(tx: Session, report: Report) -> None:
    """Takes a draft away; its snapshot stays."""
    tx.delete(report)
    tx.flush()


def by_once(tx: Session, once: str) -> Report | None:
    """The periodic report that this key names."""
    return tx.execute(select(Report).where(Report.once == once)).scalar_one_or_none()


def listed(
    tx: Session,
    *,
    whole: bool,
    units: tuple[str, ...] | None,
    lane: bool,
    limit: int = 100,
) -> Sequence[Report]:
    """The newest reports of the whole department, of units (None: of all), of the lane."""
    wanted: list[ColumnElement[bool]] = []
    if whole:
        wanted.append(and_(Report.unit.is_(None), Report.sealed.is_(False)))
    if units is None:
        wanted.append(Report.unit.is_not(None))
    elif units:
        wanted.append(Report.unit.in_(units))
    if lane:
        wanted.append(Report.sealed.is_(True))
    if not wanted:
        return []
    query = select(Report).where(or_(*wanted)).order_by(Report.last.desc(), Report.id.desc())
    return tx.execute(query.limit(limit)).scalars().all()


def wanted(tx: Session) -> Sequence[int]:
    """Numbers of reports whose figures are to be taken, the oldest wish first."""
    query = select(Report.id).where(Report.wanted_at.is_not(None)).order_by(Report.wanted_at)
    return tx.execute(query).scalars().all()


def progress(tx: Session, number: int, percent: int) -> None:
    """Tells how far the figures of a report are."""
    change = update(Report).where(Report.id == number, Report.wanted_at.is_not(None))
    tx.execute(change.values(progress=percent).execution_options(synchronize_session=False))


def give_up(tx: Session, number: int, problem: str) -> bool:
    """Ends a wish for figures with the reason why there are none."""
    change = update(Report).where(Report.id == number, Report.wanted_at.is_not(None))
    change = change.values(wanted_at=None, progress=0, problem=problem)
    return changed_rows(tx.execute(change.execution_options(synchronize_session=False))) > 0


def snapshot(tx: Session, number: int) -> ReportSnapshot | None:
    return tx.get(ReportSnapshot, number)


def erased(tx: Session, *, since: datetime, until: datetime, unit: str | None, sealed: bool) -> int:
    """How many cases received in a time have lost their words since, tombstones as they are."""
    query = select(func.count()).where(
        Case.received_at >= since, Case.received_at < until, Case.state == str(State.ERASED),
        Case.confidential.is_(sealed),
    )  # fmt: skip
    if unit is not None:
        query = query.where(Case.unit == unit)
    return tx.execute(query).scalar_one()


def incidents(tx: Session, first: date, last: date, levels: tuple[int, ...]) -> Sequence[Alert]:
    """Alerts that fired within days and that people raised to one of these levels, oldest
    first."""
    query = select(Alert).where(Alert.day >= first, Alert.day <= last, Alert.level.in_(levels))
    return tx.execute(query.order_by(Alert.day, Alert.id)).scalars().all()


def any_received(tx: Session, *, since: datetime, until: datetime) -> bool:
    """True when a case came in at a time."""
    query = select(Case.id).where(Case.received_at >= since, Case.received_at < until)
    return tx.execute(query.limit(1)).first() is not None


def letters(tx: Session, case_id: int) -> Sequence[TransferLetter]:
    """The letters that passed a case on, newest first."""
    query = select(TransferLetter).where(TransferLetter.case_id == case_id)
    return tx.execute(query.order_by(TransferLetter.id.desc())).scalars().all()


def letters_due(tx: Session, until: date) -> Sequence[tuple[TransferLetter, str]]:
    """Letters whose addressee has until a day or had until lately, with the code of their case
    while that is open; the oldest day first."""
    query = (
        select(TransferLetter, Case.code)
        .join(Case, Case.id == TransferLetter.case_id)
        .where(
            TransferLetter.due_on <= until,
            TransferLetter.due_on >= until - timedelta(days=30),
            Case.confidential.is_(False),
            Case.state.in_([str(state) for state in OPEN_STATES]),
        )
    )
    found = tx.execute(query.order_by(TransferLetter.due_on, TransferLetter.id))
    return [(row[0], row[1]) for row in found]


def letter(tx: Session, number: int) -> TransferLetter | None:
    return tx.get(TransferLetter, number)


def letters_of(tx: Session, case_ids: Sequence[int]) -> dict[int, list[TransferLetter]]:
    """Letters by case, oldest first."""
    found: dict[int, list[TransferLetter]] = {}
    for start in range(0, len(case_ids), 500):
        query = select(TransferLetter).where(
            TransferLetter.case_id.in_(case_ids[start : start + 500])
        )
        for one_ in tx.execute(query.order_by(TransferLetter.id)).scalars():
            found.setdefault(one_.case_id, []).append(one_)
    return found
