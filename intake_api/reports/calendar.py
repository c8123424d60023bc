"""What the calendar brings: drafts of periods that have ended, and what is to be told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake_api.domain import reporting, worktime
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import Role
from intake_api.domain.reporting import About, Coming, State
from intake_api.reports import desk
from intake_api.store import registry, reports
from intake_api.store.report_tables import Report

if TYPE_CHECKING:
    from intake_api.store import Session

# A house that was away for so long still makes the draft of what ended meanwhile.
CATCH_UP_DAYS = 45
PATH = "/can-bo/bao-cao"


@dataclass(frozen=True, slots=True)
class ToTell:
    """One line for some people, told once. ``path`` leads there on this site."""

    people: tuple[int, ...]
    words: str
    path: str
    once: str


def open_drafts(tx: Session, catalog: Catalog, *, today: date, now: datetime) -> list[Report]:
    """Makes the drafts of periods that have ended. A period that ended before the house had a
    case, and whose day has passed, is nobody's work."""
    made = []
    for kind in reporting.PERIODIC:
        period = reporting.ending_in(catalog.reports, kind, today)
        if (today - period.last).days > CATCH_UP_DAYS:
            continue
        if reports.by_once(tx, reporting.once_of(kind, period)) is not None:
            continue
        when = reporting.due(catalog.reports, catalog.calendar, kind, period)
        late = when is None or today > when.last
        if late and not reports.any_received(tx, since=period.since(), until=period.until()):
            continue
        made.append(desk.make(tx, catalog, kind=kind, period=period, of=About(), by=None, now=now))
    return made


def to_remind(tx: Session, catalog: Catalog, *, today: date) -> list[ToTell]:
    """What is to be told of reports that are due, by those who make them; the leaders hear of it
    when little time is left. Nothing of what has been signed."""
    makers, leaders = people(tx, Role.COORDINATOR), people(tx, Role.LEADER)
    nearest = min(catalog.reports.remind, default=0)
    found = []
    for one in reporting.coming(catalog.reports, catalog.calendar, today):
        report = reports.by_once(tx, one.key)
        if report is not None and report.state == State.SIGNED:
            continue
        who = (*makers, *leaders) if one.ahead <= nearest else makers
        path = f"{PATH}/{report.id}" if report else PATH
        found.append(ToTell(who, _words(one), path, f"report:{one.key}:{one.ahead}"))
    return found


def letters_to_ask_about(tx: Session, catalog: Catalog, *, today: date) -> list[ToTell]:
    """Letters whose day has come while the case is open: whoever wrote one asks its addressee."""
    ahead = min(catalog.reports.remind, default=1)
    soon = worktime.working_days_later(catalog.calendar, today, ahead)
    found = []
    for letter, code in reports.letters_due(tx, soon):
        late = letter.due_on < today
        day = worktime.day_in_words(letter.due_on)
        words = (
            f"Công văn chuyển {code}: {'đã quá hạn trả lời' if late else 'đến hạn trả lời'} {day}"
        )
        once = f"letter:{letter.id}:{letter.due_on.isoformat()}:{late}"
        path = f"/can-bo/y-kien/{code}/cong-van"
        found.append(ToTell((letter.made_by,), words, path, once))
    return found


def _words(one: Coming) -> str:
    name = f"Báo cáo {one.period.title}"
    if one.ahead == 0:
        return f"{name} đã quá hạn: {one.due.words()}"
    return f"{name} còn {one.ahead} ngày làm việc: {one.due.words()}"


def after(tx: Session, report: Report, action: str) -> ToTell | None:
    """Who waits for what was done: the leaders for a report that was checked, its writer for one
    that came back or was signed."""
    name, path = f"Báo cáo {report.title}", f"{PATH}/{report.id}"
    once = f"report:{report.id}:{action}:{report.version}"
    writers = tuple(one for one in (desk.author(report),) if one)
    if action == "check":
        return ToTell(people(tx, Role.LEADER), f"{name} chờ ký duyệt", path, once)
    if action == "give_back":
        return ToTell(writers, f"{name} được trả lại để sửa", path, once)
    if action == "sign":
        return ToTell(writers, f"{name} đã được ký duyệt", path, once)
    return None


def people(tx: Session, role: Role) -> tuple[int, ...]:
    """Numbers of everybody at work in a role."""
    return tuple(one.id for one in registry.all_staff(tx) if one.active and one.role == role)
