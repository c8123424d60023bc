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


def day_off(calendar: CalendarRule, day: date) -> str:
    """Why the office does not work on ``day``, in Vietnamese; empty on a working day."""
    if is_working_day(calendar, day):
        return ""
    if day in calendar.extra_holidays:
        return calendar.notes.get(day, "ngày nghỉ riêng của Sở")
    name = _national(day.year).get(day)
    return str(name) if name else WEEKDAYS[day.weekday()]


# What Article 112 of the Labour Code 2019 gives every year; a calendar without them is no
# calendar. 24 November is a holiday from 2026 on.
_YEARLY = ("Tết Dương lịch", "Tết Nguyên Đán", "Giỗ Tổ", "Chiến thắng", "Lao động", "Quốc khánh")


def missing(calendar: CalendarRule, year: int) -> list[str]:
    """What the calendar of ``year`` still lacks, one English sentence each; empty when whole.

    Holidays move with the moon and bridge days are announced year by year, so a person has to
    have looked at each year and said so in calendar.yml.
    """
    found = _national(year)
    names = list(found.values())
    lacks = [f"{name} {year} is not known" for name in _YEARLY if not any(name in n for n in names)]
    if sum("Tết" in name and "Dương" not in name for name in names) < 5:
        lacks.append(f"Tết {year} has fewer than five days")
    if year not in calendar.checked_years:
        lacks.append(f"nobody has checked {year} against the announced days (checked_years)")
    return lacks


def next_working_day(calendar: CalendarRule, day: date) -> date:
    """The first working day after ``day``."""
    step = day + timedelta(days=1)
    while not is_working_day(calendar, step):
        step += timedelta(days=1)
    return step


def working_days_later(calendar: CalendarRule, day: date, count: int) -> date:
    """The working day so many working days after ``day``."""
    for _ in range(count):
        day = next_working_day(calendar, day)
    return day


def _end_of(calendar: CalendarRule, day: date) -> datetime:
    return datetime.combine(day, calendar.hours[-1][1], LOCAL)


def day_length(calendar: CalendarRule) -> timedelta:
    """The working time of a whole working day."""
    day = date(2000, 1, 1)
    return sum(
        (
            datetime.combine(day, closes) - datetime.combine(day, opens)
            for opens, closes in calendar.hours
        ),
        timedelta(),
    )


def closing(moment: datetime, calendar: CalendarRule) -> datetime:
    """Closing time of the day of ``moment``, whether the office works that day or not."""
    return _end_of(calendar, moment.astimezone(LOCAL).date())


def windows(calendar: CalendarRule, day: date) -> list[tuple[datetime, datetime]]:
    """The stretches of ``day`` in which the office works (local); empty on a day off."""
    if not is_working_day(calendar, day):
        return []
    return [
        (datetime.combine(day, opens, LOCAL), datetime.combine(day, closes, LOCAL))
        for opens, closes in calendar.hours
    ]


def advance(calendar: CalendarRule, start: datetime, working: timedelta) -> datetime:
    """The moment (aware UTC) at which ``working`` time from ``start`` has passed.

    No time at all gives ``start`` back, whenever that is.
    """
    if working <= timedelta(0):
        return start.astimezone(UTC)
    local, left = start.astimezone(LOCAL), working
    day = local.date()
    while True:
        for opens, closes in windows(calendar, day):
            begin = max(opens, local)
            if begin >= closes:
                continue
            if left <= closes - begin:
                return (begin + left).astimezone(UTC)
            left -= closes - begin
        day += timedelta(days=1)


def between(calendar: CalendarRule, start: datetime, end: datetime) -> timedelta:
    """Working time from ``start`` to ``end`` (aware); nothing when the end lies before it."""
    total, day = timedelta(0), start.astimezone(LOCAL).date()
    last = end.astimezone(LOCAL).date()
    while day <= last:
        for opens, closes in windows(calendar, day):
            total += max(timedelta(0), min(closes, end) - max(opens, start))
        day += timedelta(days=1)
    return total


def later(calendar: CalendarRule, moment: datetime, length: Duration) -> datetime:
    """Moves a due moment on by ``length`` (an extension): unlike ``add`` the moment itself is
    the end of a counted day, so nothing is lost or given away at closing time."""
    local = moment.astimezone(LOCAL)
    if length.unit == "min":
        return (moment + timedelta(minutes=length.amount)).astimezone(UTC)
    if length.unit == "h":
        return advance(calendar, moment, timedelta(hours=length.amount))
    if length.unit == "wd":
        day = working_days_later(calendar, local.date(), length.amount)
        return _end_of(calendar, day).astimezone(UTC)
    day = (
        local.date() + timedelta(days=length.amount)
        if length.unit == "cd"
        else months_later(local.date(), length.amount)
    )
    return closing_time_from(calendar, day)


def closing_time_from(calendar: CalendarRule, day: date) -> datetime:
    """Closing time (aware UTC) of ``day``, or of the next working day when it is a day off."""
    if not is_working_day(calendar, day):
        day = next_working_day(calendar, day)
    return _end_of(calendar, day).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """The same day some months on, or the last one of a shorter month."""
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
        return advance(calendar, start, timedelta(hours=length.amount))
    if length.unit == "wd":
        day = local.date()
        if not is_working_day(calendar, day) or local >= _end_of(calendar, day):
            day = next_working_day(calendar, day)
        day = working_days_later(calendar, day, length.amount)
        return _end_of(calendar, day).astimezone(UTC)
    day = (
        local.date() + timedelta(days=length.amount)
        if length.unit == "cd"
        else months_later(local.date(), length.amount)
    )
    return closing_time_from(calendar, day)


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
