"""Reads and writes of other systems: their keys, what they sent, and what they may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from sqlalchemy import ColumnElement, func, literal, select, tuple_
from sqlalchemy.orm import Session

from intake_api.domain.access import Scope
from intake_api.domain.model import OPEN_STATES, State
from intake_api.store import queue
from intake_api.store.api_tables import ApiClient, ApiSubmission
from intake_api.store.db import UtcDateTime
from intake_api.store.registers import Event
from intake_api.store.tables import Case, Message

COUNT_UP_TO = 1000
_OPEN = tuple(sorted(str(state) for state in OPEN_STATES))


def by_mark(tx: Session, mark: str) -> ApiClient | None:
    """The system whose key begins like this."""
    return tx.execute(select(ApiClient).where(ApiClient.mark == mark)).scalar_one_or_none()


def by_id(tx: Session, number: int) -> ApiClient | None:
    return tx.get(ApiClient, number)


def all_clients(tx: Session) -> list[ApiClient]:
    """Every system that was ever given a key, oldest first."""
    return list(tx.execute(select(ApiClient).order_by(ApiClient.id)).scalars())


def add(tx: Session, made: ApiClient) -> ApiClient:
    tx.add(made)
    tx.flush()
    return made


def note_sent(tx: Session, *, case_id: int, client_id: int, open311: bool = False) -> None:
    """Notes that a system sent this case."""
    tx.add(ApiSubmission(case_id=case_id, client_id=client_id, open311=open311))
    tx.flush()


def sent(tx: Session, case_id: int) -> ApiSubmission | None:
    """Which system sent this case, if one did."""
    return tx.get(ApiSubmission, case_id)


def sent_by(tx: Session, case_ids: Sequence[int], client_id: int) -> set[int]:
    """Those of these cases that a system sent."""
    found: set[int] = set()
    for part in batched(case_ids, 500):
        query = select(ApiSubmission.case_id).where(
            ApiSubmission.client_id == client_id, ApiSubmission.case_id.in_(part)
        )
        found.update(tx.execute(query).scalars())
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. Empty fields do not filter; times are aware, both ends included."""

    open: bool | None = None
    state: str | None = None
    kind: str | None = None
    topics: tuple[str, ...] = ()
    unit: str | None = None
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    codes: tuple[str, ...] | None = None
    # Through Open311 only what came in that way, and no spam.
    open311: bool = False


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    # Of what was erased nothing is told; statistics alone keep its tombstone.
    found: list[ColumnElement[bool]] = [Case.state != State.ERASED]
    if wanted.open is not None:
        found.append(Case.state.in_(_OPEN) if wanted.open else Case.state.not_in(_OPEN))
    for column, value in (
        (Case.state, wanted.state), (Case.unit, wanted.unit), (Case.channel, wanted.channel),
        (Case.kind, wanted.kind),
    ):  # fmt: skip
        if value is not None:
            found.append(column == value)
    if wanted.topics:
        found.append(Case.topic.in_(wanted.topics))
    if wanted.since is not None:
        found.append(Case.received_at >= wanted.since)
    if wanted.until is not None:
        found.append(Case.received_at <= wanted.until)
    if wanted.codes is not None:
        found.append(Case.code.in_(wanted.codes))
    if wanted.open311:
        came = select(ApiSubmission.case_id).where(ApiSubmission.open311)
        found += [Case.id.in_(came), Case.state != State.REJECTED_SPAM]
    return found


def page(
    tx: Session,
    scope: Scope,
    wanted: Wanted,
    *,
    after: tuple[datetime, int] | None = None,
    skip: int = 0,
    limit: int,
) -> list[Case]:
    """Cases that the filter finds, the newest first: those after a place (moment of receipt and
    number), or after ``skip`` rows."""
    query = queue.visible(scope).where(*_filters(wanted))
    if after is not None:
        at, number = literal(after[0], UtcDateTime()), literal(after[1])
        query = query.where(tuple_(Case.received_at, Case.id) < tuple_(at, number))
    query = query.order_by(Case.received_at.desc(), Case.id.desc()).offset(skip).limit(limit)
    return list(tx.execute(query).scalars())


def count(tx: Session, scope: Scope, wanted: Wanted) -> int:
    """How many cases the filter finds; COUNT_UP_TO + 1 stands for every larger number."""
    inner = queue.visible(scope).where(*_filters(wanted)).with_only_columns(Case.id)
    inner = inner.limit(COUNT_UP_TO + 1)
    return tx.execute(select(func.count()).select_from(inner.subquery())).scalar_one()


def find(tx: Session, scope: Scope, code: str, *, lock: bool = False) -> Case | None:
    """The case with this code within the scope; None for what was erased."""
    found = queue.by_codes(tx, scope, [code], lock=lock)
    return found[0] if found and found[0].state != State.ERASED else None


def changed_at(tx: Session, case_ids: Sequence[int], actions: Sequence[str]) -> dict[int, datetime]:
    """When one of these things happened last to each case."""
    found: dict[int, datetime] = {}
    for part in batched(case_ids, 500):
        newest = (
            select(func.max(Event.id))
            .where(Event.case_id.in_(part), Event.action.in_(actions))
            .group_by(Event.case_id)
        )
        rows = tx.execute(select(Event.case_id, Event.at).where(Event.id.in_(newest)))
        found.update((number, at) for number, at in rows if number is not None)
    return found


def history(
    tx: Session, case_id: int, actions: Sequence[str], *, after: int, limit: int
) -> list[Event]:
    """What happened to a case after an event of the chain, oldest first."""
    query = select(Event).where(
        Event.case_id == case_id, Event.action.in_(actions), Event.id > after
    )
    return list(tx.execute(query.order_by(Event.id).limit(limit)).scalars())


def last_answers(tx: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """The newest answer of staff that went out for each of these very cases."""
    newest = (
        select(func.max(Message.id))
        .where(
            Message.case_id.in_(case_ids), Message.direction == "out", Message.author == "staff",
            Message.state != "draft",
        )
        .group_by(Message.case_id)
    )  # fmt: skip
    rows = tx.execute(select(Message.case_id, Message.text).where(Message.id.in_(newest)))
    return {number: text for number, text in rows if number is not None}
