"""Reads and writes of unsealings, and of who is named in a case."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake_api.store.lane_tables import NamedPerson, Unsealing
from intake_api.store.registers import Staff

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


def asked(tx: Session) -> list[Unsealing]:
    """What waits for the second person, oldest first."""
    query = select(Unsealing).where(Unsealing.state == ASKED).order_by(Unsealing.id)
    return list(tx.execute(query).scalars())


def given(tx: Session) -> list[Unsealing]:
    """What is open, oldest first; whether it still is at this moment is the caller's question."""
    query = select(Unsealing).where(Unsealing.state == GIVEN).order_by(Unsealing.id)
    return list(tx.execute(query).scalars())


def is_named(tx: Session, case_id: int, staff_id: int) -> bool:
    """True when the case itself names this member of staff."""
    return tx.get(NamedPerson, (case_id, staff_id)) is not None


def named(tx: Session, case_id: int) -> set[int]:
    """Everybody of the staff whom the case itself names."""
    query = select(NamedPerson.staff_id).where(NamedPerson.case_id == case_id)
    return set(tx.execute(query).scalars())


def naming(tx: Session, staff_id: int) -> set[int]:
    """Every case that names this member of staff."""
    query = select(NamedPerson.case_id).where(NamedPerson.staff_id == staff_id)
    return set(tx.execute(query).scalars())


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
