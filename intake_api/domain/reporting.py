"""Reports of periods: which there are, when they are due, who makes, checks and signs them.

Pure rules. The plan of 2023 (III.2) wants the report of the half-year before 10 May and that of the
year before 10 November; what they count ends before, so that there is something to count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from intake_api.domain import period, worktime
from intake_api.domain.catalog import CalendarRule
from intake_api.domain.durations import Duration
from intake_api.domain.model import Role
from intake_api.domain.period import Period, PeriodProblem


class Kind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ADHOC = "adhoc"


KIND_TITLE: dict[Kind, str] = {
    Kind.MONTH: "Tháng",
    Kind.QUARTER: "Quý",
    Kind.HALF: "6 tháng",
    Kind.YEAR: "Năm",
    Kind.ADHOC: "Đột xuất",
}
PERIODIC = (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR)


class State(StrEnum):
    DRAFT = "draft"
    CHECKED = "checked"
    SIGNED = "signed"


STATE_TITLE: dict[State, str] = {
    State.DRAFT: "Đang soạn",
    State.CHECKED: "Đã kiểm tra, chờ ký",
    State.SIGNED: "Đã ký duyệt",
}


@dataclass(frozen=True, slots=True)
class DayOfYear:
    month: int
    day: int

    def in_year(self, year: int) -> date:
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class KindRule:
    """``ends``: the last day that a half-year's or a year's report counts (None: the calendar's
    own periods). ``before``: to be handed in before that day; otherwise ``within`` so much working
    time after the period."""

    name: str
    ends: DayOfYear | None = None
    before: DayOfYear | None = None
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues documents: as they stand in the head (capitals) and within a sentence."""

    parent: str
    issuer: str
    name: str
    place: str
    sign: str


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A part of a report. ``level``: part, clause, or lead for what has no heading; ``above``: a
    larger heading that stands before it. ``text`` with holes for figures; ``empty`` for a period
    without a case and ``unit_text`` for one unit take its place when there are any; ``tables``
    follow it."""

    code: str
    title: str
    level: str
    text: str
    heading: str = ""
    above: str = ""
    empty: str = ""
    unit_text: str = ""
    tables: tuple[str, ...] = ()


# What a section's text may name; the words beside it tell what will stand there.
HOLES: dict[str, str] = {
    "period": "kỳ báo cáo", "year": "năm", "from": "ngày đầu", "to": "ngày cuối",
    "issuer": "cơ quan, trong câu", "Issuer": "cơ quan, đầu câu",
    "received": "số tiếp nhận", "compared": "so với cùng kỳ", "carried": "kỳ trước chuyển sang",
    "urgent": "số khẩn", "anonymous": "số không nêu tên", "answered": "số đã trả lời",
    "forwarded": "số chuyển cơ quan khác", "open": "số đang xử lý", "open_late": "số quá hạn",
    "due": "số đã tới hạn", "on_time": "số đúng hạn", "on_time_rate": "tỷ lệ đúng hạn",
    "answer_median": "thời gian trả lời, trung vị", "answer_p90": "thời gian trả lời, 90%",
    "reopened": "số mở lại", "reopened_rate": "tỷ lệ mở lại", "rated": "số người chấm điểm",
    "satisfaction": "điểm trung bình", "questions": "số câu hỏi", "bot_rate": "tỷ lệ trả lời được",
    "gaps": "số câu hỏi chưa có trả lời", "top_groups": "nhóm chủ đề nhiều nhất",
    "top_topics": "chủ đề nhiều nhất", "top_topic": "chủ đề đứng đầu",
    "top_channels": "kênh nhiều nhất", "incidents": "sự cố, khủng hoảng đã được xác nhận",
    "no_incident": "để trống; dòng này bỏ đi khi có sự cố",
}  # fmt: skip
LETTER_HOLES = frozenset(
    {"issuer", "Issuer", "kind", "topic", "code", "day", "summary", "to", "wants", "due"}
)
TABLES = frozenset(
    {"summary", "channel", "sender", "kind", "group", "topic", "unit", "district", "level",
     "month", "week", "outcome"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterRule:
    """The transfer letter's texts, and how long its addressee has."""

    subject: str
    body: str
    wants: str
    recipients: tuple[str, ...]
    due: Duration


@dataclass(frozen=True, slots=True)
class ReportRules:
    """What the department's catalogue says about reports and letters (reports.yml)."""

    letterhead: Letterhead
    kinds: Mapping[Kind, KindRule]
    remind: tuple[int, ...]  # working days before the day
    signers: Mapping[str, tuple[str, ...]]  # code → lines above the signature
    subject: str
    unit_subject: str
    sections: tuple[SectionRule, ...]
    recipients: tuple[str, ...]
    unit_recipients: tuple[str, ...]
    letter: LetterRule


@dataclass(frozen=True, slots=True)
class Due:
    """``day``: the day that is named; ``last``: the last working day that is in time."""

    day: date
    last: date
    before: bool

    def words(self) -> str:
        """For people, in Vietnamese."""
        exact = f"{worktime.WEEKDAYS[self.last.weekday()]}, {worktime.day_in_words(self.last)}"
        if self.before:
            named = worktime.day_in_words(self.day)
            return f"trước ngày {named} (chậm nhất {exact})"
        return f"chậm nhất {exact}"


@dataclass(frozen=True, slots=True)
class About:
    """Whose cases a report counts: all (``unit`` None), those of one unit, or the lane's."""

    unit: str | None = None
    sealed: bool = False


# ---------------------------------------------------------------- periods and days
def ending_in(rules: ReportRules, kind: Kind, day: date) -> Period:
    """The newest period of a kind that had ended before ``day``."""
    rule = rules.kinds[kind]
    if rule.ends is not None:
        last = rule.ends.in_year(day.year)
        return fixed(rules, kind, last.year if last < day else last.year - 1)
    if kind == Kind.QUARTER:
        return period.quarter(day.year, (day.month - 1) // 3 + 1).previous()
    return period.month(day.year, day.month).previous()


def fixed(rules: ReportRules, kind: Kind, year: int) -> Period:
    """The half-year or year that ends in a year on the day that the catalogue names."""
    ends = rules.kinds[kind].ends
    if ends is None:
        raise ValueError(f"{kind} has no day of its own")
    last = ends.in_year(year)
    months = 6 if kind == Kind.HALF else 12
    first = worktime.months_later(last + timedelta(days=1), -months)
    title = f"6 tháng đầu năm {year}" if kind == Kind.HALF else f"năm {year}"
    return replace(period.between(first, last), title=title)


def chosen(
    rules: ReportRules, kind: Kind, *, year: int, number: int, first: str, last: str, today: date
) -> Period:
    """The period that somebody chose on the page. Raises PeriodProblem (one Vietnamese sentence)
    for reversed days, a number that no month or quarter has, or a period that has not ended."""
    if kind == Kind.ADHOC:
        found = period.read("", first, last)
    elif not period.FIRST_YEAR < year < period.LAST_YEAR:
        raise PeriodProblem("Năm báo cáo gồm bốn chữ số, ví dụ 2027.")
    elif kind in (Kind.HALF, Kind.YEAR):
        found = fixed(rules, kind, year)
    elif not 1 <= number <= (4 if kind == Kind.QUARTER else 12):
        raise PeriodProblem("Quý từ 1 đến 4." if kind == Kind.QUARTER else "Tháng từ 1 đến 12.")
    else:
        found = (period.quarter if kind == Kind.QUARTER else period.month)(year, number)
    if found.last >= today:
        raise PeriodProblem(
            f"Kỳ báo cáo chưa kết thúc: đến hết ngày {worktime.day_in_words(found.last)} mới đủ "
            "số liệu để chốt."
        )
    return found


def due(rules: ReportRules, calendar: CalendarRule, kind: Kind, of: Period) -> Due | None:
    """When the report of a period is due; None for one that nobody laid down a day for."""
    rule = rules.kinds.get(kind)
    if rule is None:
        return None
    if rule.before is not None:
        day = rule.before.in_year(of.last.year)
        if day <= of.last:
            day = rule.before.in_year(of.last.year + 1)
        return Due(day, back(calendar, day, 1), before=True)
    if rule.within is None:
        return None
    day = worktime.working_days_later(calendar, of.last, rule.within.amount)
    return Due(day, day, before=False)


def back(calendar: CalendarRule, day: date, working_days: int) -> date:
    """The working day so many working days before ``day``."""
    for _ in range(working_days):
        day -= timedelta(days=1)
        while not worktime.is_working_day(calendar, day):
            day -= timedelta(days=1)
    return day


def reminders(rules: ReportRules, calendar: CalendarRule, day: date) -> dict[int, date]:
    """Working days before ``day`` → on which day that is told."""
    return {ahead: back(calendar, day, ahead) for ahead in rules.remind}


@dataclass(frozen=True, slots=True)
class Coming:
    """A periodic report that is due soon or late: ``ahead`` working days (0: the day has passed)
    are what is to be told of it now."""

    kind: Kind
    period: Period
    due: Due
    ahead: int

    @property
    def key(self) -> str:
        return once_of(self.kind, self.period)


def once_of(kind: Kind, of: Period) -> str:
    """What makes a periodic report of the whole department the same one."""
    return f"{kind}:{of.last.isoformat()}"


def coming(rules: ReportRules, calendar: CalendarRule, today: date) -> list[Coming]:
    """What there is to remind of on a day. The first reminder comes before the period has ended:
    the day in May is named by the plan, and its text can be prepared."""
    found = []
    for kind in PERIODIC:
        newest = ending_in(rules, kind, today)
        for of in (newest, _next(rules, kind, newest)):
            when = due(rules, calendar, kind, of)
            if when is None or (today - when.day).days > LATE_DAYS:
                continue
            ripe = [n for n, day in reminders(rules, calendar, when.day).items() if day <= today]
            if ripe:
                found.append(Coming(kind, of, when, 0 if today > when.last else min(ripe)))
    return found


# So long after its day a report that was never made is told of no more.
LATE_DAYS = 30


def _next(rules: ReportRules, kind: Kind, of: Period) -> Period:
    if rules.kinds[kind].ends is not None:
        return fixed(rules, kind, of.last.year + 1)
    first = of.last + timedelta(days=1)
    if kind == Kind.QUARTER:
        return period.quarter(first.year, (first.month + 2) // 3)
    return period.month(first.year, first.month)


# ---------------------------------------------------------------- who may
_UNIT_ROLES = (Role.HANDLER, Role.LEAD)


def may_read(role: str, unit: str | None, about: About) -> bool:
    """True when a member of staff may open such a report. It holds counts, never a case."""
    if about.sealed:
        return role in (Role.CONFIDENTIAL_OFFICER, Role.LEADER)
    if role in (Role.COORDINATOR, Role.LEADER):
        return True
    return role in _UNIT_ROLES and about.unit is not None and about.unit == unit


def may_make(role: str, unit: str | None, about: About) -> bool:
    """Interfaces 6.1: the coordinator makes, units make for their unit, the confidential officer
    counts the lane. Who makes also writes."""
    if about.sealed:
        return role == Role.CONFIDENTIAL_OFFICER
    if role == Role.COORDINATOR:
        return True
    return role in _UNIT_ROLES and about.unit is not None and about.unit == unit


def may_check(
    role: str, unit: str | None, about: About, *, staff_id: int, written_by: int | None
) -> bool:
    """A second pair of eyes: never whoever wrote it last."""
    if staff_id == written_by or not may_read(role, unit, about):
        return False
    return role in (Role.COORDINATOR, Role.LEAD, Role.LEADER, Role.CONFIDENTIAL_OFFICER)


def may_sign(role: str, *, staff_id: int, written_by: int | None) -> bool:
    """Leaders sign, what others wrote."""
    return role == Role.LEADER and staff_id != written_by


def listed(role: str, unit: str | None) -> tuple[bool, tuple[str, ...] | None, bool]:
    """What the list of reports shows somebody: (the whole department's, units or None for all,
    the lane's)."""
    whole = role in (Role.COORDINATOR, Role.LEADER)
    lane = role in (Role.CONFIDENTIAL_OFFICER, Role.LEADER)
    own = (unit,) if role in _UNIT_ROLES and unit else ()
    return whole, None if whole else own, lane
