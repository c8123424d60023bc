"""The queue's reads: filters, keyset pages, the counts of the views, what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Select,
    and_,
    cast,
    false,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, defer

from intake_api.domain.access import Scope
from intake_api.domain.model import OPEN_STATES, State
from intake_api.store import consultations, notes, prints, search, unsealings
from intake_api.store.api_tables import ApiSubmission
from intake_api.store.counted import Counted, conditions
from intake_api.store.registers import ChainHead, Event
from intake_api.store.tables import Case

PAUSED = (str(State.AWAITING_CITIZEN), str(State.AWAITING_EXTERNAL))
COUNT_UP_TO = 1000
_PORTION = 1000
_OPEN = frozenset(str(state) for state in OPEN_STATES)
# What no list shows; each is read again where it is needed.
_UNLISTED = (Case.text, Case.folded, Case.classification, Case.due_explanation, Case.pin_hash)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the queue shows. Empty fields do not filter."""

    state: str = ""  # a State value, "open" or ""
    kind: str = ""
    topic: str = ""
    channel: str = ""
    unit: str = ""
    urgent: bool = False
    overdue: bool = False
    waiting: bool = False
    due_until: datetime | None = None  # due from now on until this moment
    unassigned: bool = False
    assignee_id: int | None = None
    naming: int | None = None  # an unread note names this member of staff
    code: str = ""  # the one case with this code
    words: tuple[search.Word, ...] = ()  # as ``search.words_of`` gives them
    senders: bool = False  # the words may also be found in who sent the case
    counted: Counted | None = None  # only what a figure counts


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the queue. ``after`` False: the page that ends just before it."""

    calm: bool
    due: str  # the sort key of the due date as the database writes it; "" where only id counts
    id: int
    after: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """One page and the places to go on from; None where there is nothing more."""

    cases: list[Case]
    before: Cursor | None
    after: Cursor | None


def visible(scope: Scope) -> Select[Case]:
    """The query every list, search, count and export of cases starts from."""
    query = select(Case).where(Case.confidential.is_(scope.sealed))
    if scope.staff_id is not None:
        query = query.where(unsealings.not_naming(Case.id, scope.staff_id))
    if scope.client_id is not None:
        sent = select(ApiSubmission.case_id).where(ApiSubmission.client_id == scope.client_id)
        query = query.where(Case.id.in_(sent))
    if scope.units is None:
        return query
    if not scope.units:
        return query.where(false())
    return query.where(Case.unit.in_(scope.units))


def filtered(tx: Session, scope: Scope, wanted: Filter, now: datetime) -> Select[Case]:
    """``visible`` narrowed by a filter."""
    query = visible(scope)
    if wanted.state == "open" or wanted.state in _OPEN or _is_late(wanted):
        query = query.where(search.is_open())
    if wanted.state not in ("", "open"):
        query = query.where(Case.state == wanted.state)
    for column, value in (
        (Case.kind, wanted.kind),
        (Case.topic, wanted.topic),
        (Case.channel, wanted.channel),
        (Case.unit, wanted.unit),
        (Case.code, wanted.code),
    ):
        if value:
            query = query.where(column == value)
    if not (wanted.kind or wanted.words or wanted.code or wanted.naming is not None):
        query = query.where(_to_work_on(scope))
    if wanted.urgent:
        query = query.where(Case.urgent.is_(True))
    if wanted.waiting:
        query = query.where(Case.state.in_(PAUSED))
    if wanted.overdue:
        query = query.where(_late(now))
    if wanted.due_until is not None:
        query = query.where(_due(now, wanted.due_until))
    if wanted.unassigned:
        query = query.where(Case.assignee_id.is_(None))
    if wanted.assignee_id is not None:
        query = query.where(Case.assignee_id == wanted.assignee_id)
    if wanted.naming is not None:
        query = query.where(notes.naming(wanted.naming))
    if wanted.counted is not None:
        query = query.where(*conditions(wanted.counted, now))
    return _searched(tx, scope, query, wanted)


def _to_work_on(scope: Scope) -> ColumnElement[bool]:
    """Comments on drafts are answered together, on the page of their consultation: the queue holds
    them only for who asks for their kind."""
    return true() if scope.sealed else Case.id.not_in(consultations.being_sorted())


def _is_late(wanted: Filter) -> bool:
    return wanted.overdue or wanted.waiting or wanted.due_until is not None


def _late(now: datetime) -> ColumnElement[bool]:
    # A case that waits was late only if it was late when the waiting began.
    return Case.due_at < func.coalesce(Case.paused_at, now)


def _due(now: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(Case.due_at >= now, Case.due_at <= until, Case.paused_at.is_(None))


def _searched(tx: Session, scope: Scope, query: Select[Case], wanted: Filter) -> Select[Case]:
    if not scope.sealed:
        units = [wanted.unit] if wanted.unit else scope.units or ()
        return search.narrowed(tx, query, wanted.words, senders=wanted.senders, units=units)
    if not wanted.words:
        return query
    # The index knows no sealed case and the database cannot look into what is encrypted; there
    # are few of them, so each is looked at here.
    rows = tx.execute(select(Case.id, Case.code, Case.folded).where(Case.confidential))
    return query.where(
        Case.id.in_([number for number, code, folded in rows if _holds(code, folded, wanted.words)])
    )


def _holds(code: str, folded: str, words: tuple[search.Word, ...]) -> bool:
    held = f"{folded} {folded.replace('-', ' ')} {code.lower().replace('-', '')}"
    return all(any(way.rstrip("*") in held for way in word) for word in words)


def page(
    tx: Session,
    scope: Scope,
    wanted: Filter,
    *,
    now: datetime,
    newest_first: bool = False,
    cursor: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """One page, found by where the page before ended, never by counting rows.

    In the order of ``search.order_key``, or the newest first.
    """
    if cursor is not None and not cursor.due and not newest_first:
        cursor = None  # a place of the other order means nothing here
    calm, due, number = search.order_key(tx)
    if newest_first and wanted.words and not scope.sealed:
        number = search.number(tx, wanted.words)
    due_text = literal_column("''") if newest_first else _as_text(tx, due)
    query = filtered(tx, scope, wanted, now).options(*(defer(one) for one in _UNLISTED))
    query = query.add_columns(calm, due_text)
    back = cursor is not None and not cursor.after
    key: Any
    ordered: list[Any]
    if newest_first:
        key = number
        ordered = [number.asc() if back else number.desc()]
    else:
        key = tuple_(calm, due, number)
        ordered = [one.desc() if back else one.asc() for one in (calm, due, number)]
    if cursor is not None:
        at = cursor.id if newest_first else _place(tx, cursor)
        query = query.where(key < at if back == (not newest_first) else key > at)
    rows: list[Any] = list(tx.execute(query.order_by(*ordered).limit(limit + 1)))
    more, rows = len(rows) > limit, rows[:limit]
    if back:
        rows.reverse()
    if not rows and cursor is not None:
        # What stood here is done meanwhile: better the first page than an empty one.
        return page(tx, scope, wanted, now=now, newest_first=newest_first, limit=limit)
    if not rows:
        return Page([], None, None)
    places = [Cursor(bool(calm), str(due), case.id) for case, calm, due in (rows[0], rows[-1])]
    first = Cursor(places[0].calm, places[0].due, places[0].id, after=False)
    return Page(
        [row[0] for row in rows],
        first if (more if back else cursor is not None) else None,
        places[1] if back or more else None,
    )


def _as_text(tx: Session, due: ColumnElement[Any]) -> ColumnElement[Any]:
    if tx.get_bind().dialect.name == "sqlite":
        return due
    return literal_column("coalesce(cases.due_at, 'infinity'::timestamptz)::text")


def _place(tx: Session, cursor: Cursor) -> Any:
    if tx.get_bind().dialect.name == "sqlite":
        return tuple_(int(cursor.calm), cursor.due, cursor.id)
    return tuple_(cursor.calm, cast(cursor.due, TIMESTAMP(timezone=True)), cursor.id)


def count(tx: Session, scope: Scope, wanted: Filter, now: datetime) -> int:
    """How many cases the filter finds; COUNT_UP_TO + 1 stands for every larger number."""
    inner = filtered(tx, scope, wanted, now).with_only_columns(Case.id).limit(COUNT_UP_TO + 1)
    return tx.execute(select(func.count()).select_from(inner.subquery())).scalar_one()


def extent(tx: Session, scope: Scope, wanted: Filter, *, now: datetime) -> tuple[int, int]:
    """How many cases the filter finds, all counted, and the number of the newest."""
    query = filtered(tx, scope, wanted, now)
    count, newest = tx.execute(
        query.with_only_columns(func.count(Case.id), func.max(Case.id))
    ).one()
    return count, newest or 0


def walk(
    tx: Session, scope: Scope, wanted: Filter, *, now: datetime, newest: int, limit: int
) -> Iterator[Case]:
    """The cases of a filter from number ``newest`` on backwards, read in portions; what was
    handed out is forgotten."""
    at = newest + 1
    while limit > 0:
        query = filtered(tx, scope, wanted, now).where(Case.id < at).order_by(Case.id.desc())
        options = (defer(Case.text), defer(Case.folded), defer(Case.classification))
        found = list(tx.execute(query.options(*options).limit(min(limit, _PORTION))).scalars())
        if not found:
            return
        yield from found
        limit, at = limit - len(found), found[-1].id
        tx.expunge_all()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases each standing view holds."""

    open: int = 0
    mine: int = 0
    unit: int = 0
    unassigned: int = 0
    today: int = 0
    overdue: int = 0
    waiting: int = 0
    reopened: int = 0
    drafted: int = 0
    named: int = 0


def counts(
    tx: Session,
    scope: Scope,
    *,
    staff_id: int,
    unit: str | None,
    now: datetime,
    until: datetime,
) -> Counts:
    """Counts every view in one walk over the open cases' index."""
    tests: Sequence[ColumnElement[bool]] = (
        Case.assignee_id == staff_id,
        Case.unit == (unit or ""),
        Case.assignee_id.is_(None),
        _due(now, until),
        _late(now),
        Case.state.in_(PAUSED),
        Case.state == str(State.REOPENED),
        Case.state == str(State.ANSWER_DRAFTED),
    )
    sums = [func.count().filter(one) for one in tests]
    named = visible(scope).where(notes.naming(staff_id)).with_only_columns(func.count(Case.id))
    query = (
        visible(scope)
        .where(search.is_open(), _to_work_on(scope))
        .with_only_columns(func.count(Case.id), *sums, named.correlate(None).scalar_subquery())
    )
    return Counts(*(int(number) for number in tx.execute(query).one()))


# ---------------------------------------------------------------- what changed
def newest_event(tx: Session) -> int:
    """Number of the newest event of the chain."""
    return tx.execute(select(ChainHead.last_id).where(ChainHead.id == 1)).scalar_one()


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody (``actor`` of an event) did to a case in event ``number``."""

    number: int
    case_id: int
    code: str
    action: str
    actor: str


def changes(tx: Session, scope: Scope, since: int, *, limit: int = 200) -> list[Change]:
    """What happened after event ``since`` to cases within the scope, oldest first.

    The events are read before the cases: of both together the database made lists of all cases
    of a unit, on every open page every few seconds.
    """
    found: list[Change] = []
    happened = select(Event.id, Event.case_id, Event.action, Event.actor)
    happened = happened.where(Event.case_id.is_not(None)).order_by(Event.id).limit(_PORTION)
    while len(found) < limit:
        events = tx.execute(happened.where(Event.id > since)).all()
        if not events:
            break
        since = events[-1].id
        ids = {event.case_id for event in events}
        seen = visible(scope).where(Case.id.in_(ids)).with_only_columns(Case.id, Case.code)
        codes = {case.id: case.code for case in tx.execute(seen)}
        found += [
            Change(event.id, event.case_id, codes[event.case_id], event.action, event.actor)
            for event in events
            if event.case_id in codes
        ]
    return found[:limit]


def by_codes(tx: Session, scope: Scope, codes: Sequence[str], *, lock: bool = False) -> list[Case]:
    """The cases with these codes within the scope, oldest first; ``lock`` holds
    them, in the same order for everybody."""
    query = visible(scope).where(Case.code.in_(codes)).order_by(Case.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(tx.execute(query).scalars())


def matching(
    tx: Session, scope: Scope, wanted: Filter, ids: Iterable[int], now: datetime
) -> set[str]:
    """The codes of those of the cases ``ids`` that the filter finds."""
    query = filtered(tx, scope, wanted, now).where(Case.id.in_(list(ids)))
    return set(tx.execute(query.with_only_columns(Case.code)).scalars())


def sharing(
    tx: Session,
    scope: Scope,
    near: int,
    marks: Sequence[int],
    *,
    since: datetime,
    until: datetime,
    limit: int,
) -> list[Case]:
    """The cases of a time around case ``near`` that share one of its marks
    (``domain.likeness.prints``), those with the most of them first."""
    if not marks:
        return []
    # More than are wanted: some lie outside the scope or the time.
    found = prints.sharing(near, marks, 5 * limit)
    query = visible(scope).join(found, found.c.case_id == Case.id)
    query = query.where(Case.received_at >= since, Case.received_at <= until)
    query = query.options(*(defer(one) for one in _UNLISTED if one is not Case.text))
    query = query.order_by(found.c.hits.desc(), Case.id.desc())
    return list(tx.execute(query.limit(limit)).scalars())
