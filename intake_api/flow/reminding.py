"""Reminders: notices made from the audit chain and from the clock. Who gets a letter of it is
decided when the letter is written (``flow.letters``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import reminding, worktime
from intake_api.domain.reminding import Kind, Matter, Person, Way
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, notices, registry, unsealings
from intake_api.store.notice_tables import Notice, Reach
from intake_api.store.registers import Event, Staff
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

KEEP = timedelta(days=60)


def people(tx: Session) -> dict[int, Person]:
    """Everybody as the rules see them."""
    reaches = notices.reaches(tx)
    return {one.id: person_of(one, reaches.get(one.id)) for one in registry.all_staff(tx)}


def person_of(staff: Staff, reach: Reach | None) -> Person:
    """One member of staff as the rules see them."""
    away = None
    if reach is not None and reach.away_from and reach.away_to:
        away = (reach.away_from, reach.away_to)
    return Person(
        id=staff.id,
        role=staff.role,
        unit=staff.unit,
        active=staff.active,
        deputy=reach.deputy_id if reach else None,
        away=away,
        ways=reach.ways if reach else None,
    )


def from_events(tx: Session, *, now: datetime) -> int:
    """Looks at what happened since the last look; returns how many notices were made."""
    made, everybody = 0, people(tx)
    for event in notices.new_events(tx):
        kind = reminding.from_event(event.action, event.actor, event.data)
        case = cases.by_id(tx, event.case_id) if kind and event.case_id else None
        if kind is None or case is None:
            continue
        who = _who(event)
        once = f"event:{event.id}"
        made += _tell(tx, everybody, kind, case, once=once, now=now, by=who)
    return made


def _who(event: Event) -> int | None:
    number = event.actor.removeprefix("staff:")
    return int(number) if number.isdecimal() else None


def due_now(
    tx: Session, services: Services, *, now: datetime, limit: int = 50
) -> list[tuple[Kind, int]]:
    """What the due dates give to tell, (step, case), at most ``limit`` of each step. Only reads:
    looking through all open cases must hold up nobody who writes."""
    calendar = services.catalog.calendar
    soon = worktime.advance(calendar, now, reminding.working(calendar, reminding.SOON))
    found: list[tuple[Kind, int]] = []
    for kind, before in (
        (Kind.DUE_SOON, soon),
        (Kind.OVERDUE, now),
        (Kind.LATE_LEAD, now - timedelta(hours=12)),
        (Kind.LATE_COORDINATOR, now - timedelta(days=2)),
    ):
        for case in notices.coming_due(tx, kind, before, limit):
            passed = kind == Kind.DUE_SOON and case.due_at is not None and case.due_at < now
            if passed or kind in reminding.stages(calendar, case.due_at, now):
                found.append((kind, case.id))
    found += [(Kind.UNSEEN, case.id) for case in notices.unseen(tx, Kind.UNSEEN, now, limit)]
    return found


def tell_due(
    tx: Session, services: Services, found: Sequence[tuple[Kind, int]], *, now: datetime
) -> int:
    """Tells what ``due_now`` found, once for each due date; returns how many notices were made.
    "Soon" is not told of what is late by now, nor of what came with so short a time."""
    calendar, everybody, made = services.catalog.calendar, people(tx), 0
    for kind, number in found:
        case = cases.by_id(tx, number)
        due = None if case is None else case.acknowledge_at if kind == Kind.UNSEEN else case.due_at
        if case is None or due is None:
            continue
        silent = kind == Kind.DUE_SOON and (
            due < now or reminding.is_short(calendar, case.received_at, due)
        )
        if not silent:
            once = f"{kind}:{case.id}:{due:%Y%m%d%H%M}"
            made += _tell(tx, everybody, kind, case, once=once, now=now)
        notices.mark(tx, case.id, kind, due)
    return made


def tell_people(
    tx: Session,
    kind: Kind,
    wanted: Sequence[int],
    *,
    words: str,
    path: str,
    once: str,
    now: datetime,
) -> int:
    """Tells members of staff of something that is no case: a report, an alert, an entry. ``words``
    is one Vietnamese line without personal data, ``path`` where it leads on this site, ``once``
    what makes it the same notice. Deputies of who is away are told as well. Returns how many
    notices were made."""
    everybody, day, made = people(tx), local_day(now), 0
    told: dict[int, int | None] = {}
    for number in wanted:
        person = everybody.get(number)
        if person is None or not person.active:
            continue
        told[number] = None
        deputy = everybody.get(person.deputy or 0)
        if person.is_away(day) and deputy is not None and deputy.active:
            told.setdefault(deputy.id, number)
    for number, instead_of in told.items():
        person = everybody[number]
        mail = "none" if person.is_away(day) else _MAIL[person.way(kind)]
        made += notices.add(
            tx,
            Notice(
                staff_id=number, kind=kind, words=words, path=path, instead_of=instead_of,
                at=now, mail=mail, once=f"{once}:{number}",
            ),
        )  # fmt: skip
    return made


_MAIL = {Way.MAIL: "pending", Way.DIGEST: "digest", Way.BENCH: "none"}


def _tell(
    tx: Session,
    everybody: dict[int, Person],
    kind: Kind,
    case: Case,
    *,
    once: str,
    now: datetime,
    by: int | None = None,
) -> int:
    named = unsealings.named(tx, case.id)
    matter = Matter(case.unit, case.confidential, case.assignee_id, named)
    day, made = local_day(now), 0
    for one in reminding.told(kind, matter, everybody, day=day, by=by):
        person = everybody[one.person]
        # Who is away reads it on coming back; the letter goes to the deputy.
        mail = "none" if person.is_away(day) else _MAIL[person.way(kind)]
        made += notices.add(
            tx,
            Notice(
                staff_id=one.person,
                kind=kind,
                case_id=case.id,
                instead_of=one.instead_of,
                at=now,
                mail=mail,
                once=f"{once}:{one.person}",
            ),
        )
    return made
