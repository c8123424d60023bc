"""Reads and writes of reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES
from intake_api.store.notice_tables import Notice, Reach, ReminderCursor, ReminderMark
from intake_api.store.registers import ChainHead, Event
from intake_api.store.tables import Case

_OPEN = [str(state) for state in OPEN_STATES]


def reach(tx: Session, staff_id: int) -> Reach:
    """How this person is reached; a fresh row when nothing was chosen yet."""
    known = tx.get(Reach, staff_id)
    if known is None:
        known = Reach(staff_id=staff_id, ways={}, digest=True)
        tx.add(known)
        tx.flush()
    return known


def reaches(tx: Session) -> dict[int, Reach]:
    return {one.staff_id: one for one in tx.execute(select(Reach)).scalars()}


def new_events(tx: Session, limit: int = 500) -> list[Event]:
    """Events of cases after the cursor, oldest first; the cursor is locked, and begins at the
    end of what happened before anybody was reminded of anything."""
    cursor = _cursor(tx)
    if cursor is None:
        return []
    found = tx.execute(
        select(Event).where(Event.id > cursor.event_id).order_by(Event.id).limit(limit)
    ).scalars()
    events = list(found)
    if events:
        cursor.event_id = events[-1].id
    return events


def _cursor(tx: Session) -> ReminderCursor | None:
    query = select(ReminderCursor).where(ReminderCursor.id == 1).with_for_update()
    cursor = tx.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if cursor is None:
        last = tx.execute(select(ChainHead.last_id).where(ChainHead.id == 1)).scalar_one()
        tx.add(ReminderCursor(id=1, event_id=last))
        tx.flush()
        return None
    return cursor


def anything_new(tx: Session) -> bool:
    """True when events wait to be looked at: asked before a transaction is opened."""
    cursor = tx.execute(select(ReminderCursor.event_id)).scalar_one_or_none()
    last = tx.execute(select(ChainHead.last_id).where(ChainHead.id == 1)).scalar_one()
    return cursor is None or last > cursor


def coming_due(tx: Session, kind: str, before: datetime, limit: int = 50) -> list[Case]:
    """Open cases due before a moment of which this step was not told for that due date. While
    somebody is waited for the clock stands still: nobody is reminded."""
    told = exists().where(
        ReminderMark.case_id == Case.id,
        ReminderMark.kind == kind,
        ReminderMark.due_at == Case.due_at,
    )
    query = select(Case).where(
        Case.state.in_(_OPEN), Case.paused_at.is_(None), Case.due_at <= before, ~told
    )
    return list(tx.execute(query.order_by(Case.due_at).limit(limit)).scalars())


def unseen(tx: Session, kind: str, now: datetime, limit: int = 50) -> list[Case]:
    """Open cases whose first clock ran out before anybody took notice, not told yet."""
    told = exists().where(
        ReminderMark.case_id == Case.id,
        ReminderMark.kind == kind,
        ReminderMark.due_at == Case.acknowledge_at,
    )
    query = select(Case).where(
        Case.state.in_(_OPEN),
        Case.acknowledge_at <= now,
        Case.acknowledge_at > Case.received_at,
        Case.first_response_at.is_(None),
        ~told,
    )
    return list(tx.execute(query.order_by(Case.acknowledge_at).limit(limit)).scalars())


def mark(tx: Session, case_id: int, kind: str, due: datetime) -> None:
    tx.merge(ReminderMark(case_id=case_id, kind=kind, due_at=due))


def add(tx: Session, made: Notice) -> bool:
    """Keeps a notice; False when this very one is there already."""
    if tx.execute(select(Notice.id).where(Notice.once == made.once)).first() is not None:
        return False
    tx.add(made)
    tx.flush()
    return True


def unread(tx: Session, staff_id: int) -> int:
    query = select(func.count()).where(Notice.staff_id == staff_id, Notice.read_at.is_(None))
    return tx.execute(query).scalar_one()


def of_person(tx: Session, staff_id: int, limit: int = 100) -> Sequence[tuple[Notice, Case | None]]:
    """The newest notices of one person with their cases (None: of something else), unread
    first."""
    query = (
        select(Notice, Case)
        .outerjoin(Case, Case.id == Notice.case_id)
        .where(Notice.staff_id == staff_id)
        .order_by(Notice.read_at.is_not(None), Notice.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in tx.execute(query)]


def one(tx: Session, notice_id: int) -> tuple[Notice, Case | None] | None:
    """One notice with its case, if it is of one."""
    query = select(Notice, Case).outerjoin(Case, Case.id == Notice.case_id)
    row = tx.execute(query.where(Notice.id == notice_id)).one_or_none()
    return None if row is None else (row[0], row[1])


def read(
    tx: Session,
    staff_id: int,
    now: datetime,
    *,
    case_id: int | None = None,
    path: str | None = None,
) -> None:
    """Marks notices as read: of one case, of what one path leads to, or all."""
    change = update(Notice).where(Notice.staff_id == staff_id, Notice.read_at.is_(None))
    if case_id is not None:
        change = change.where(Notice.case_id == case_id)
    if path is not None:
        change = change.where(Notice.path == path)
    tx.execute(change.values(read_at=now).execution_options(synchronize_session=False))


def waiting_letters(tx: Session) -> dict[int, list[Notice]]:
    """Notices that are to go out by mail at once, by person; read ones need no letter."""
    query = select(Notice).where(Notice.mail == "pending", Notice.read_at.is_(None))
    found: dict[int, list[Notice]] = {}
    for one in tx.execute(query.order_by(Notice.id)).scalars():
        found.setdefault(one.staff_id, []).append(one)
    return found


def for_digest(tx: Session, staff_id: int) -> list[Notice]:
    """Unread notices of one person that no letter has told yet."""
    query = select(Notice).where(
        Notice.staff_id == staff_id,
        Notice.mail.in_(("pending", "digest")),
        Notice.read_at.is_(None),
    )
    return list(tx.execute(query).scalars())


def sent(tx: Session, ids: Sequence[int]) -> None:
    change = update(Notice).where(Notice.id.in_(ids)).values(mail="sent")
    tx.execute(change.execution_options(synchronize_session=False))


def in_hand(tx: Session, staff_id: int, now: datetime, soon: datetime) -> tuple[int, int, int]:
    """(open, due before ``soon``, overdue) among the cases in one person's hands."""
    late = and_(Case.due_at.is_not(None), Case.due_at < now)
    near = and_(Case.due_at >= now, Case.due_at <= soon)
    query = select(func.count(), func.count().filter(near), func.count().filter(late)).where(
        Case.assignee_id == staff_id, Case.state.in_(_OPEN), Case.confidential.is_(False)
    )
    row = tx.execute(query).one()
    return row[0], row[1], row[2]


def forget(tx: Session, before: datetime) -> None:
    """Drops notices that were read, or grew old, before a moment."""
    tx.execute(delete(Notice).where(or_(Notice.read_at < before, Notice.at < before)))
