"""Who is reminded of what, when, and by which way. Pure rules.

An open case that comes near its date is told to whoever has it; late, to the same; later still to
the lead of the unit and then to the coordinator. Each step is told once for each due date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from intake_api.domain import access, consulting, worktime
from intake_api.domain.catalog import CalendarRule
from intake_api.domain.model import Role, State


class Kind(StrEnum):
    """What a notice tells."""

    ASSIGNED = "assigned"  # it is in your hands
    ARRIVED = "arrived"  # new in your unit
    WROTE = "wrote"  # the sender wrote, or wants something
    UNSEEN = "unseen"  # nobody has taken notice in time
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LATE_LEAD = "late_lead"
    LATE_COORDINATOR = "late_coordinator"
    ALERT = "alert"  # the early warning opened an alert, or proposes a higher level
    REPORT = "report"  # a report is to be made, checked or signed
    DRAFT = "draft"  # a consultation on a draft waits for this person
    DECIDE = "decide"  # somebody asks for what a second person decides
    FAQ = "faq"  # an approved answer is to be looked at, corrected or approved


TITLE: dict[Kind, str] = {
    Kind.ASSIGNED: "Được giao cho anh/chị",
    Kind.ARRIVED: "Ý kiến mới của đơn vị",
    Kind.WROTE: "Người gửi nhắn thêm hoặc có đề nghị",
    Kind.UNSEEN: "Quá hạn tiếp nhận mà chưa ai xem",
    Kind.DUE_SOON: "Sắp đến hạn trả lời",
    Kind.OVERDUE: "Quá hạn trả lời",
    Kind.LATE_LEAD: "Đơn vị để quá hạn",
    Kind.LATE_COORDINATOR: "Quá hạn nhiều ngày, cần điều phối",
    Kind.ALERT: "Cảnh báo sớm",
    Kind.REPORT: "Báo cáo đến kỳ, chờ kiểm tra hoặc ký",
    Kind.DRAFT: "Dự thảo lấy ý kiến đến bước của anh/chị",
    Kind.DECIDE: "Đề nghị chờ người thứ hai duyệt",
    Kind.FAQ: "Mục hỏi đáp cần xem",
}


class Way(StrEnum):
    """How somebody wants to be told; the list in the workbench has everything anyway."""

    MAIL = "mail"
    DIGEST = "digest"
    BENCH = "bench"


WAY_TITLE: dict[Way, str] = {
    Way.MAIL: "Gửi thư ngay",
    Way.DIGEST: "Gom vào thư hằng ngày",
    Way.BENCH: "Chỉ trên bàn làm việc",
}
_MILD = frozenset({Kind.ARRIVED, Kind.DUE_SOON, Kind.FAQ})
# What is told at once unless somebody chose otherwise: work in one's hands, and what is late.
DEFAULT: dict[Kind, Way] = {kind: Way.DIGEST if kind in _MILD else Way.MAIL for kind in Kind}

_OF_CASES = (
    Kind.ASSIGNED, Kind.ARRIVED, Kind.WROTE, Kind.UNSEEN, Kind.DUE_SOON, Kind.OVERDUE,
    Kind.LATE_LEAD,
)  # fmt: skip
_REACHES: dict[str, tuple[Kind, ...]] = {
    Role.ADMIN: (Kind.DECIDE,),
    Role.EDITOR: (Kind.FAQ,),
    Role.CONFIDENTIAL_OFFICER: (*_OF_CASES, Kind.LATE_COORDINATOR),
    Role.HANDLER: (*_OF_CASES, Kind.REPORT, Kind.DRAFT, Kind.FAQ),
    Role.LEAD: (*_OF_CASES, Kind.REPORT, Kind.DRAFT, Kind.FAQ),
}


def choices(role: str) -> tuple[Kind, ...]:
    """What may reach somebody of this role, also in the place of who is away: only about that
    there is something to choose."""
    return _REACHES.get(role, tuple(Kind))


# In working days: so long before the due date it is soon, so long after it goes up.
SOON, TO_LEAD, TO_COORDINATOR = 1, 1, 3
# One person gets no more than one letter in this time, however much happens.
BETWEEN_LETTERS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules need to know of a member of staff."""

    id: int
    role: str
    unit: str | None
    active: bool = True
    deputy: int | None = None
    away: tuple[date, date] | None = None  # both days included
    ways: Mapping[str, str] | None = None

    def is_away(self, day: date) -> bool:
        return self.away is not None and self.away[0] <= day <= self.away[1]

    def way(self, kind: Kind) -> Way:
        """How this person wants to be told of ``kind``. What is sealed may be a child in danger:
        of that a letter goes out at once unless its officer chose otherwise."""
        chosen = (self.ways or {}).get(kind)
        if chosen in list(Way):
            return Way(chosen)
        return Way.MAIL if self.role == Role.CONFIDENTIAL_OFFICER else DEFAULT[kind]


@dataclass(frozen=True, slots=True)
class Matter:
    """What the rules need to know of a case. ``named``: members of staff whom it names."""

    unit: str
    confidential: bool
    assignee: int | None
    named: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: to whom, of what kind, and for whom the person stands in (or None)."""

    person: int
    kind: Kind
    instead_of: int | None = None


def stages(
    calendar: CalendarRule,
    due: datetime | None,
    now: datetime,
) -> list[Kind]:
    """The steps that a case with this due date has come to, in order."""
    if due is None:
        return []
    if now <= due:
        return [] if _longer(calendar, now, due, SOON) else [Kind.DUE_SOON]
    found = [Kind.OVERDUE]
    if _longer(calendar, due, now, TO_LEAD, equal=True):
        found.append(Kind.LATE_LEAD)
    if _longer(calendar, due, now, TO_COORDINATOR, equal=True):
        found.append(Kind.LATE_COORDINATOR)
    return found


# No stretch without work is as long, Tết included: beyond it days need not be counted one by one.
_LONG = timedelta(days=30)


def _longer(
    calendar: CalendarRule, start: datetime, end: datetime, days: int, *, equal: bool = False
) -> bool:
    """True when more than so many working days (or just as many) lie between."""
    if end - start > _LONG:
        return True
    between, wanted = worktime.between(calendar, start, end), working(calendar, days)
    return between >= wanted if equal else between > wanted


def working(calendar: CalendarRule, days: int) -> timedelta:
    """The working time of so many whole working days."""
    return worktime.day_length(calendar) * days


def is_short(calendar: CalendarRule, received: datetime, due: datetime) -> bool:
    """True when the whole time is so short that "soon" would be told with the case itself."""
    return not _longer(calendar, received, due, SOON)


def from_event(action: str, actor: str, data: Mapping[str, Any]) -> Kind | None:
    """What an event of the audit chain gives to tell, or None."""
    if action == "take":
        return Kind.ASSIGNED if "given_to" in data else None
    if action == "received" and data.get("rule") == consulting.RULE:
        return None  # a comment on a draft is read with the others, when the time is over
    if action in ("received", "route", "sealed", "unmerge"):
        return Kind.ARRIVED
    if action == "extension_asked":
        return Kind.DECIDE
    if action == "draft_answer":
        # A draft that is written over is told of once.
        return None if data.get("from") == State.ANSWER_DRAFTED else Kind.DECIDE
    if actor == "citizen" and action in (
        "said_more", "reopen", "asked_to_reopen", "asked_to_withdraw", "own_data_withheld",
    ):  # fmt: skip
        return Kind.WROTE
    return None


def told(
    kind: Kind, matter: Matter, people: Mapping[int, Person], *, day: date, by: int | None = None
) -> list[Told]:
    """Who is told, deputies put in for who is away. Nobody is told who may not see the case, nor
    whoever did it (``by``)."""
    found: dict[int, Told] = {}
    for person in _meant(kind, matter, people, by):
        for one in _or_deputy(person, matter, people, kind, day):
            if one.person != by:
                found.setdefault(one.person, one)
    return list(found.values())


def _sees(person: Person, matter: Matter) -> bool:
    if not person.active or person.id in matter.named:
        return False
    return access.may_act(
        person.role, person.unit, confidential=matter.confidential, case_unit=matter.unit
    )


def _meant(
    kind: Kind, matter: Matter, people: Mapping[int, Person], by: int | None
) -> list[Person]:
    able = [one for one in people.values() if _sees(one, matter)]
    if matter.confidential:
        # Nobody but the confidential lane: escalation ends there too.
        return [one for one in able if one.role == Role.CONFIDENTIAL_OFFICER]
    holder = [one for one in able if one.id == matter.assignee]
    leads = [one for one in able if one.role == Role.LEAD and one.unit == matter.unit]
    coordinators = [one for one in able if one.role == Role.COORDINATOR]
    if kind == Kind.LATE_COORDINATOR:
        return coordinators
    if kind == Kind.DECIDE:
        # The second person: where the only lead asks, the leader of the department.
        others = [one for one in leads if one.id != by]
        return others or [one for one in able if one.role == Role.LEADER]
    if kind in (Kind.LATE_LEAD, Kind.ARRIVED, Kind.UNSEEN):
        return leads or coordinators
    return holder or leads or coordinators


def _or_deputy(
    person: Person, matter: Matter, people: Mapping[int, Person], kind: Kind, day: date
) -> list[Told]:
    """The person, and while they are away the deputy as well, who then is the one to act."""
    own = Told(person.id, kind)
    if not person.is_away(day):
        return [own]
    deputy = people.get(person.deputy or 0)
    if deputy is None or deputy.is_away(day) or not _sees(deputy, matter):
        return [own]
    return [Told(deputy.id, kind, instead_of=person.id), own]


def may_stand_in(person: Person, deputy: Person) -> bool:
    """True when ``deputy`` can do what ``person`` does: same lane, and the unit within reach."""
    if deputy.id == person.id or not deputy.active:
        return False
    mine, theirs = (access.scope(one.role, one.unit) for one in (person, deputy))
    if mine.units == () or theirs.units == ():
        return person.role == deputy.role
    if mine.sealed != theirs.sealed:
        return False
    return theirs.units is None or (mine.units is not None and set(mine.units) <= {*theirs.units})
