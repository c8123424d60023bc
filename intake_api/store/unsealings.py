"""Reads and writes of unsealings, and of who is named in a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from intake_api.store.lane_tables import NamedPerson, Unsealing
from intake_api.store.registers import Staff
from intake_api.store.tables import Case

ASKED, GIVEN, REFUSED, ENDED = "asked", "given", "refused", "ended"


def add(tx: Session, made: Unsealing) -> Unsealing:
    tx.add(made)
    tx.flush()
    return made


def get(tx: Session, number: int, *, lock: bool = False) -> Unsealing | None:
    """The unsealing with this number; ``lock`` holds it until the transaction ends."""
    return tx.get(Unsealing, number, with_for_update=lock or None, populate_existing=lock)


def of_case(tx: Session, case_id: int) -> list[Unsealing]:
    """Every unsealing of a case, newest first."""
    query = select(Unsealing).where(Unsealing.case_id == case_id).order_by(Unsealing.id.desc())
    return list(tx.execute(query).scalars())


def asked(tx: Session, reader: int | None = None) -> list[Unsealing]:
    """What waits for the second person, oldest first, without what names ``reader``."""
    return _in_state(tx, ASKED, reader)


def given(tx: Session, reader: int | None = None) -> list[Unsealing]:
    """What is open, oldest first; whether it still is at this moment is the caller's question."""
    return _in_state(tx, GIVEN, reader)


def _in_state(tx: Session, state: str, reader: int | None) -> list[Unsealing]:
    query = select(Unsealing).where(Unsealing.state == state, not_naming(Unsealing.case_id, reader))
    return list(tx.execute(query.order_by(Unsealing.id)).scalars())


def is_named(tx: Session, case_id: int, staff_id: int) -> bool:
    """True when the case itself names this member of staff."""
    return tx.get(NamedPerson, (case_id, staff_id)) is not None


def named(tx: Session, case_id: int) -> set[int]:
    """Everybody of the staff whom the case itself names."""
    query = select(NamedPerson.staff_id).where(NamedPerson.case_id == case_id)
    return set(tx.execute(query).scalars())


def not_naming(case_id: Any, reader: int | None) -> ColumnElement[bool]:
    """The condition that the case with the number ``case_id`` (a column) does not name this member
    of staff, for whom it then does not exist. None: whoever reads is not of the staff."""
    if reader is None:
        return true()
    named = select(NamedPerson.case_id).where(NamedPerson.staff_id == reader)
    return cast("ColumnElement[bool]", case_id.not_in(named))


def naming(tx: Session, staff_id: int) -> set[int]:
    """Every case that names this member of staff."""
    query = select(NamedPerson.case_id).where(NamedPerson.staff_id == staff_id)
    return set(tx.execute(query).scalars())


def talks_naming(tx: Session, staff_id: int) -> list[str]:
    """Conversations in which a case was sent that names this member of staff."""
    query = (
        select(Case.conversation_id)
        .join(NamedPerson, NamedPerson.case_id == Case.id)
        .where(NamedPerson.staff_id == staff_id, Case.conversation_id.is_not(None))
    )
    return [one for one in tx.execute(query.distinct()).scalars() if one]


def name(tx: Session, case_id: int, staff_ids: Iterable[int]) -> None:
    """Notes who is named; what is noted already stays."""
    for number in staff_ids:
        if not is_named(tx, case_id, number):
            tx.add(NamedPerson(case_id=case_id, staff_id=number))
    tx.flush()


def names_of_staff(tx: Session) -> list[tuple[int, str]]:
    """(number, name) of everybody with an open account."""
    rows = tx.execute(select(Staff.id, Staff.name).where(Staff.active))
    return [(row[0], row[1]) for row in rows]
