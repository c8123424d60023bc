"""Reads and writes of the early warning. Sealed cases never appear here, nor what was erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import String, Text, and_, cast, delete, func, insert, literal, or_, select
from sqlalchemy import type_coerce as raw
from sqlalchemy.orm import Session

from intake_api.domain.access import Scope
from intake_api.domain.model import Sentiment, State
from intake_api.store import queue
from intake_api.store.sender_tables import SenderMark
from intake_api.store.tables import Case
from intake_api.store.watch_tables import Alert, AlertEntry, RumourCase, WatchDay, WatchState

TOPIC, SCHOOL, PHRASE = "topic", "school", "phrase"
_GONE = (str(State.REJECTED_SPAM), str(State.ERASED))
# Who wrote: the address it came from, while that is remembered; else the conversation; else each
# case is somebody else.
_PERSON = func.coalesce(
    SenderMark.sender, Case.conversation_id, literal("case:").concat(cast(Case.id, String))
)
_TEXT = raw(Case.text_masked, Text)
_SUBJECT = {TOPIC: Case.topic, SCHOOL: raw(Case.school, Text)}


@dataclass(frozen=True, slots=True)
class Written:
    """A case as the search for phrases reads it."""

    case_id: int
    person: str
    text: str  # masked
    topic: str


class Counted(NamedTuple):
    """One subject on one day."""

    day: date
    code: str
    people: int
    texts: int
    negative: int
    channels: dict[str, int]


def state(tx: Session) -> WatchState | None:
    return tx.get(WatchState, 1)


def set_state(tx: Session, *, first: date, last: date, at: datetime) -> None:
    tx.merge(WatchState(id=1, first_day=first, last_day=last, at=at))


def first_case(tx: Session) -> datetime | None:
    """When the oldest case was received."""
    return tx.execute(select(Case.received_at).order_by(Case.received_at).limit(1)).scalar()


def _open(start: datetime, end: datetime) -> tuple[object, ...]:
    return (
        Case.received_at >= start,
        Case.received_at < end,
        Case.confidential.is_(False),
        Case.state.not_in(_GONE),
    )


def count_day(tx: Session, day: date, start: datetime, end: datetime) -> int:
    """Counts one day anew, from ``start`` to before ``end``; returns how many subjects it had."""
    tx.execute(delete(WatchDay).where(WatchDay.day == day))
    rows = []
    for kind, subject in _SUBJECT.items():
        wanted = and_(*_open(start, end), subject.is_not(None))  # type: ignore[arg-type]
        angry = Case.sentiment == Sentiment.NEGATIVE
        counted = (
            select(
                subject, func.count(), func.count(_PERSON.distinct()), func.count(_TEXT.distinct()),
                func.count(_PERSON.distinct()).filter(angry),
            )
            .select_from(Case)
            .outerjoin(SenderMark, SenderMark.case_id == Case.id)
            .where(wanted)
            .group_by(subject)
        )  # fmt: skip
        split = select(subject, Case.channel, func.count()).where(wanted)
        channels: dict[str, dict[str, int]] = {}
        for code, channel, count in tx.execute(split.group_by(subject, Case.channel)):
            channels.setdefault(code, {})[channel] = count
        rows += [
            {"day": day, "kind": kind, "code": code[:200], "count": count, "people": people,
             "texts": texts, "negative": negative, "channels": channels.get(code, {})}
            for code, count, people, texts, negative in tx.execute(counted)
        ]  # fmt: skip
    if rows:
        tx.execute(insert(WatchDay), rows)
    return len(rows)


def busy(tx: Session, kind: str, since: date, people: int) -> set[str]:
    """Subjects of which so many people wrote since a day."""
    query = (
        select(WatchDay.code)
        .where(WatchDay.kind == kind, WatchDay.day >= since)
        .group_by(WatchDay.code)
        .having(func.sum(WatchDay.people) >= people)
    )
    return set(tx.execute(query).scalars())


def days_of(tx: Session, kind: str, codes: Sequence[str], since: date) -> list[Counted]:
    """What was counted of some subjects since a day."""
    query = select(
        WatchDay.day, WatchDay.code, WatchDay.people, WatchDay.texts, WatchDay.negative,
        WatchDay.channels,
    ).where(WatchDay.kind == kind, WatchDay.code.in_(codes), WatchDay.day >= since)  # fmt: skip
    return [Counted(*row) for row in tx.execute(query)]


def _written(start: datetime, end: datetime) -> Any:
    return (
        select(Case.id, _PERSON, _TEXT, Case.topic)
        .select_from(Case)
        .outerjoin(SenderMark, SenderMark.case_id == Case.id)
        .where(*_open(start, end))  # type: ignore[arg-type]
    )


def written(tx: Session, start: datetime, end: datetime, limit: int) -> list[Written]:
    """What was written in a time, newest first, at most ``limit``."""
    query = _written(start, end).order_by(Case.received_at.desc(), Case.id.desc()).limit(limit)
    return [Written(*row) for row in tx.execute(query)]


def behind(
    tx: Session, kind: str, code: str, start: datetime, end: datetime, limit: int = 200
) -> list[Written]:
    """The cases behind a topic or school in a time, newest first."""
    query = _written(start, end).where(_SUBJECT[kind] == code)
    found = tx.execute(query.order_by(Case.received_at.desc()).limit(limit))
    return [Written(*row) for row in found]


def shown(tx: Session, scope: Scope, ids: Sequence[int]) -> list[Case]:
    """Those of some cases that may still be shown to somebody, newest first."""
    query = queue.visible(scope).where(Case.id.in_(ids), Case.state.not_in(_GONE))
    return list(tx.execute(query.order_by(Case.received_at.desc())).scalars())


def of_kind(tx: Session, scope: Scope, kind: str, since: datetime, limit: int = 500) -> list[Case]:
    """Cases of a kind since a moment that may be shown to somebody, newest first."""
    query = queue.visible(scope).where(
        Case.kind == kind, Case.received_at >= since, Case.state.not_in(_GONE)
    )
    return list(tx.execute(query.order_by(Case.received_at.desc()).limit(limit)).scalars())


# ------------------------------------------------------------------------------------ alerts


def add(tx: Session, made: Alert) -> Alert:
    tx.add(made)
    tx.flush()
    return made


def log(tx: Session, entry: AlertEntry) -> None:
    tx.add(entry)


def alert(tx: Session, number: int, *, lock: bool = False) -> Alert | None:
    return tx.get(Alert, number, with_for_update=True if lock else None)


def entries(tx: Session, alert_id: int) -> list[AlertEntry]:
    """The log of an alert, oldest first."""
    query = select(AlertEntry).where(AlertEntry.alert_id == alert_id).order_by(AlertEntry.id)
    return list(tx.execute(query).scalars())


def alerts(tx: Session, *, closed: bool = False, limit: int = 100) -> list[Alert]:
    """Open alerts, or closed ones, newest first."""
    query = select(Alert).where(Alert.state == ("closed" if closed else "open"))
    return list(tx.execute(query.order_by(Alert.opened_at.desc()).limit(limit)).scalars())


def fired(tx: Session, since: date) -> set[tuple[str, str]]:
    """(kind, code) of what is open, and of what fired since a day."""
    query = select(Alert.kind, Alert.code).where(or_(Alert.state == "open", Alert.day >= since))
    return {(row[0], row[1]) for row in tx.execute(query)}


def latest(tx: Session, kind: str, code: str) -> Alert | None:
    """The newest alert of a subject."""
    query = select(Alert).where(Alert.kind == kind, Alert.code == code)
    return tx.execute(query.order_by(Alert.day.desc(), Alert.id.desc()).limit(1)).scalar()


# ----------------------------------------------------------------------------------- rumours


def corrections(tx: Session) -> dict[int, str]:
    """The entry that corrects a case's rumour, by case."""
    return {row[0]: row[1] for row in tx.execute(select(RumourCase.case_id, RumourCase.slug))}


def correct(tx: Session, ids: Sequence[int], slug: str, *, by: int, now: datetime) -> None:
    """Notes that an entry corrects the rumour of some cases."""
    for number in ids:
        tx.merge(RumourCase(case_id=number, slug=slug, staff_id=by, at=now))
