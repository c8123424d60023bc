"""Unsealings as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.model import ROLE_TITLE, Role
from intake_api.flow import unsealing
from intake_api.staff import words
from intake_api.store import registry, unsealings
from intake_api.store.lane_tables import Unsealing
from intake_api.store.registers import Staff
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

HOURS = (1, 4, 24, 48, 72)
_STATE = {
    "asked": "chờ lãnh đạo quyết định",
    "given": "đang mở",
    "refused": "không được chấp thuận",
    "ended": "đã kết thúc",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One unsealing as a page shows it."""

    id: int
    reader: str
    asked_by: str
    asked: str
    reason: str
    hours: int
    state: str
    ends: str
    open: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """What the officer of a sealed case sees of its unsealings; whom they may ask to read."""

    looks: list[Look]
    readers: list[tuple[str, str]]
    hours: tuple[int, ...] = HOURS


def for_officer(tx: Session, case: Case, staff: Staff, now: datetime) -> Lane | None:
    """The unsealings of a sealed case, newest first, for its officer; None for everybody else."""
    if not case.confidential or staff.role != Role.CONFIDENTIAL_OFFICER:
        return None
    people = registry.all_staff(tx)
    names = {person.id: person.name for person in people}
    found = [look(one, names, now) for one in unsealings.of_case(tx, case.id)]
    return Lane(found, readers(people))


def look(one: Unsealing, names: dict[int, str], now: datetime) -> Look:
    """One unsealing as it stands at this moment."""
    over = one.state == unsealings.GIVEN and not unsealing.holds(one, now)
    return Look(
        id=one.id,
        reader=names.get(one.reader_id, ""),
        asked_by=names.get(one.asked_by, ""),
        asked=words.clock(one.asked_at, now),
        reason=one.reason,
        hours=one.hours,
        state=_STATE["ended" if over else one.state],
        ends=words.clock(one.ends_at, now) if one.ends_at else "",
        open=unsealing.holds(one, now),
        waits=one.state == unsealings.ASKED,
    )


def readers(people: list[Staff]) -> list[tuple[str, str]]:
    """(user name, name and role) of everybody who could be asked to read."""
    wanted = (Role.COORDINATOR, Role.HANDLER, Role.LEAD, Role.LEADER)
    return [
        (one.username, f"{one.name} – {ROLE_TITLE[Role(one.role)]}")
        for one in people
        if one.active and one.role in wanted
    ]
