"""Reads of the citizen-reception register: normal cases of a time, in portions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer

from intake_api.domain.access import Scope
from intake_api.domain.model import State
from intake_api.store import queue, reports, unsealings
from intake_api.store.ledgers import MergeEntry
from intake_api.store.report_tables import TransferLetter
from intake_api.store.tables import Case, Contact

PORTION = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One case with what the register says of it. ``contact`` None: not asked for, or none left;
    ``people``: how many wrote of the same matter; ``into``: the case that it was merged into."""

    case: Case
    contact: Contact | None
    people: int
    into: str
    letters: Sequence[TransferLetter]


def _wanted(scope: Scope, since: datetime, until: datetime) -> Select[Case]:
    if scope.sealed:
        raise ValueError("the register never holds sealed cases")
    return queue.visible(scope).where(
        Case.received_at >= since,
        Case.received_at < until,
        Case.state.not_in((str(State.REJECTED_SPAM), str(State.RECEIVED))),
    )


def count(tx: Session, scope: Scope, *, since: datetime, until: datetime) -> int:
    """How many cases the register of a time holds."""
    query = _wanted(scope, since, until).with_only_columns(func.count(Case.id))
    return int(tx.execute(query).scalar_one())


def entries(
    tx: Session, scope: Scope, *, since: datetime, until: datetime, contacts: bool
) -> Iterator[Entry]:
    """The cases of a time, oldest first, read in portions so that memory stays flat."""
    query = _wanted(scope, since, until).options(
        defer(Case.text), defer(Case.folded), defer(Case.classification)
    )
    after: tuple[datetime, int] | None = None
    while True:
        part = query.order_by(Case.received_at, Case.id).limit(PORTION)
        if after is not None:
            moment, number = after
            part = part.where(
                (Case.received_at > moment) | ((Case.received_at == moment) & (Case.id > number))
            )
        cases = list(tx.execute(part).scalars())
        if not cases:
            return
        yield from _with_the_rest(tx, cases, scope, contacts=contacts)
        after = (cases[-1].received_at, cases[-1].id)
        tx.expunge_all()


def _with_the_rest(
    tx: Session, cases: list[Case], scope: Scope, *, contacts: bool
) -> Iterator[Entry]:
    ids = [case.id for case in cases]
    people = {}
    if contacts:
        query = select(Contact).where(Contact.case_id.in_(ids))
        people = {one.case_id: one for one in tx.execute(query).scalars()}
    in_force = MergeEntry.undone_at.is_(None)
    grouped = (
        select(MergeEntry.into_id, func.count())
        .where(MergeEntry.into_id.in_(ids), in_force)
        .group_by(MergeEntry.into_id)
    )
    followers = {number: int(count) for number, count in tx.execute(grouped)}
    leading = (
        select(MergeEntry.case_id, Case.code)
        .join(Case, Case.id == MergeEntry.into_id)
        .where(
            MergeEntry.case_id.in_(ids), in_force, Case.confidential.is_(False),
            unsealings.not_naming(Case.id, scope.staff_id),
        )
    )  # fmt: skip
    into = {number: str(code) for number, code in tx.execute(leading)}
    letters = reports.letters_of(tx, ids)
    for case in cases:
        yield Entry(
            case, people.get(case.id), 1 + followers.get(case.id, 0),
            into.get(case.id, ""), letters.get(case.id, ()),
        )  # fmt: skip
