"""Who is told of approved answers: that one waits for approval, is to be looked at again, has
ended, or stands on a document that was replaced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import faq, legal, reminding
from intake_api.domain.model import Entry, Role
from intake_api.domain.reminding import Kind
from intake_api.flow import reminding as people
from intake_api.flow.documents import register
from intake_api.flow.entries import entry_of, owner_on
from intake_api.flow.publish import read_entries
from intake_api.flow.services import Services, local_day
from intake_api.store import events
from intake_api.store import faq as rows
from intake_api.store.faq_tables import FaqRevision

if TYPE_CHECKING:
    from intake_api.store import Session

# An entry is to be looked at again; its owner hears of it so long before.
BEFORE_REVIEW = timedelta(days=14)


def _path(slug: str) -> str:
    return f"/can-bo/hoi-dap/muc/{slug}"


def _in_charge(everybody: Iterable[reminding.Person], owner: str) -> list[reminding.Person]:
    """Who answers for entries of a unit: its lead, else its officers, else the editors."""
    active = [one for one in everybody if one.active]
    for roles, unit in (
        ((Role.LEAD,), owner), ((Role.HANDLER,), owner), ((Role.EDITOR, Role.COORDINATOR), None),
    ):  # fmt: skip
        found = [one for one in active if one.role in roles and (unit is None or one.unit == unit)]
        if found:
            return found
    return []


def _tell(
    tx: Session, to: Iterable[reminding.Person], *, words: str, path: str, once: str, now: datetime
) -> int:
    # A notice's name has 120 letters, a line of a list two hundred.
    return people.tell_people(
        tx, Kind.FAQ, [one.id for one in to], words=words[:200], path=path, once=once[:105], now=now
    )


def waiting(tx: Session, services: Services, revision: FaqRevision, *, now: datetime) -> int:
    """A revision waits: its lead hears of it, or the leaders when the lead wrote it."""
    owner = owner_on(services, entry_of(revision), local_day(now))
    able = [one for one in people.people(tx).values() if one.id not in revision.writers]
    leads = [one for one in able if one.active and one.role == Role.LEAD and one.unit == owner]
    to = leads or [one for one in able if one.active and one.role == Role.LEADER]
    title = entry_of(revision).title
    return _tell(
        tx, to, words=f"Chờ duyệt: {title}", path=f"/can-bo/hoi-dap/ban/{revision.id}",
        once=f"faq:w:{revision.id}:{revision.lock}", now=now,
    )  # fmt: skip


def refused(tx: Session, revision: FaqRevision, *, now: datetime) -> int:
    """A revision came back to its writers."""
    everybody = people.people(tx)
    to = [everybody[one] for one in revision.writers if one in everybody]
    return _tell(
        tx, to, words=f"Trả lại để sửa: {entry_of(revision).title}",
        path=f"/can-bo/hoi-dap/ban/{revision.id}", once=f"faq:r:{revision.id}:{revision.lock}",
        now=now,
    )  # fmt: skip


def look_through(tx: Session, services: Services, *, now: datetime) -> int:
    """Tells of every entry that has ended or comes to its review date, each day once."""
    today, made = local_day(now), 0
    states = rows.states(tx)
    everybody = people.people(tx).values()

    def about(entry: Entry, words: str, once: str) -> int:
        return _about(tx, services, everybody, entry, words, once, now)

    for entry in read_entries(tx):
        state = states.get(entry.slug) or rows.state(tx, entry.slug)
        end = faq.ended_on(entry)
        if end is not None and end < today and state.expired_told != end:
            state.expired_told = end
            events.append(
                tx, at=now, actor="system", action="faq_expired",
                data={"slug": entry.slug, "ended_on": end.isoformat()},
            )  # fmt: skip
            made += about(entry, "Hết hiệu lực", f"e:{end}")
        due = entry.review_by
        # What has ended needs no review: it answers for its own time only.
        over = end is not None and end < today
        if due and not over and due - BEFORE_REVIEW <= today and state.review_told != due:
            state.review_told = due
            made += about(entry, "Đến ngày rà soát", f"v:{due}")
    return made


def replaced(tx: Session, services: Services, document_id: int, *, now: datetime) -> int:
    """Tells the owners of every entry that goes on after this document has ended."""
    everybody, made = people.people(tx), 0
    ended = [one for one in register(tx) if one.id == document_id]
    for entry in read_entries(tx):
        for flag in legal.flags(entry, ended)[:1]:
            words = f"{flag.document.title} hết hiệu lực"
            once = f"d:{document_id}:{flag.document.valid_to}"
            made += _about(tx, services, everybody.values(), entry, words, once, now)
    return made


def _about(
    tx: Session,
    services: Services,
    everybody: Iterable[reminding.Person],
    entry: Entry,
    words: str,
    once: str,
    now: datetime,
) -> int:
    to = _in_charge(everybody, owner_on(services, entry, local_day(now)))
    return _tell(
        tx, to, words=f"{words}: {entry.title}", path=_path(entry.slug),
        once=f"faq:{once}:{entry.slug}", now=now,
    )  # fmt: skip
