"""Working time of a Vietnamese office: when a clock of the catalogue runs out.

National holidays, Tết and announced swaps come from the ``holidays`` package; the department's
own days from the catalogue's calendar.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from intake_api.domain.catalog import CalendarRule
from intake_api.domain.durations import Duration

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@lru_cache(maxsize=32)
def _national(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("VN", years=year)


def is_working_day(calendar: CalendarRule, day: date) -> bool:
    """True when the office works on ``day``."""
    if day in calendar.extra_holidays:
        return False
    if day in calendar.swapped_working_days:
        return True
    national = _national(day.year)
    # The package knows the announced working Saturdays that pay for a bridge day.
    if day in getattr(national, "weekend_workdays", ()):
        return True
    return day.isoweekday() in calendar.weekdays and day not in national


def next_working_day(calendar: CalendarRule, day: date) -> date:
    """The first working day after ``day``."""
    step = day + timedelta(days=1)
    while not is_working_day(calendar, step):
        step += timedelta(days=1)
    return step


def _end_of(calendar: CalendarRule, day: date) -> datetime:
    return datetime.combine(day, calendar.hours[-1][1], LOCAL)


def _working_hours(calendar: CalendarRule, start: datetime, hours: int) -> datetime:
    """Walks ``hours`` of working time on from ``start`` (local)."""
    left = timedelta(hours=hours)
    day = start.date()
    while True:
        if is_working_day(calendar, day):
            for opens, closes in calendar.hours:
                begin = max(datetime.combine(day, opens, LOCAL), start)
                end = datetime.combine(day, closes, LOCAL)
                if begin >= end:
                    continue
                if left <= end - begin:
                    return begin + left
                left -= end - begin
        day += timedelta(days=1)


def _months_later(day: date, months: int) -> date:
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add(calendar: CalendarRule, start: datetime, length: Duration) -> datetime:
    """Returns the moment (aware UTC) at which ``length`` from ``start`` (aware) runs out.

    Working days: the day of receipt does not count; what comes after closing time counts as
    received on the next working day. Calendar days and months end at closing time; an end on a
    day off moves to the next working day (Civil Code 2015, Article 148).
    """
    local = start.astimezone(LOCAL)
    if length.unit == "min":
        return (start + timedelta(minutes=length.amount)).astimezone(UTC)
    if length.unit == "h":
        return _working_hours(calendar, local, length.amount).astimezone(UTC)
    if length.unit == "wd":
        day = local.date()
        if not is_working_day(calendar, day) or local >= _end_of(calendar, day):
            day = next_working_day(calendar, day)
        for _ in range(length.amount):
            day = next_working_day(calendar, day)
        return _end_of(calendar, day).astimezone(UTC)
    day = (
        local.date() + timedelta(days=length.amount)
        if length.unit == "cd"
        else _months_later(local.date(), length.amount)
    )
    if not is_working_day(calendar, day):
        day = next_working_day(calendar, day)
    return _end_of(calendar, day).astimezone(UTC)


def moment_in_words(moment: datetime) -> str:
    """``17h00 thứ Hai, 24/11/2026`` for people, in local time."""
    local = moment.astimezone(LOCAL)
    return f"{local:%H}h{local:%M} {WEEKDAYS[local.weekday()]}, {day_in_words(local.date())}"


def day_in_words(day: date) -> str:
    """``5/7/2026``: day and month without leading zeros, as people write them."""
    return f"{day.day}/{day.month}/{day.year}"


def hours_in_words(calendar: CalendarRule) -> str:
    """``7h30-11h30, 13h30-17h00`` for people."""

    def clock(value: time) -> str:
        return f"{value.hour}h{value.minute:02d}"

    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in calendar.hours)


def left_in_words(calendar: CalendarRule, due: datetime, now: datetime) -> str:
    """``còn 2 ngày làm việc``, ``còn 3 giờ``, ``hết hạn hôm nay`` or ``quá hạn 3 ngày``."""
    due_day, today = due.astimezone(LOCAL).date(), now.astimezone(LOCAL).date()
    if now > due:
        late = (today - due_day).days
        return f"quá hạn {late} ngày" if late else "quá hạn hôm nay"
    if due_day == today:
        hours = int((due - now).total_seconds() // 3600)
        return f"hôm nay, còn {hours} giờ" if hours else "hôm nay, dưới 1 giờ"
    working, day = 0, today
    while day < due_day:
        day += timedelta(days=1)
        working += is_working_day(calendar, day)
    return f"còn {working} ngày làm việc"
