"""The clock of a case with everything that stopped or moved it, and why it ends when it does.

Pure: whoever asks hands in the pauses and extensions. Always reckoned from the beginning, so a
corrected kind or a late entry cannot leave an old sum behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake_api.domain import worktime
from intake_api.domain.catalog import CalendarRule, KindRule
from intake_api.domain.durations import Duration
from intake_api.domain.worktime import LOCAL

WAITING_FOR = {"citizen": "chờ người gửi bổ sung", "external": "chờ cơ quan phối hợp"}
_NAMED_DAYS = 6


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count; ``until`` None while it lasts. ``why``: citizen | external."""

    since: datetime
    until: datetime | None
    why: str = "citizen"


@dataclass(frozen=True, slots=True)
class Extension:
    """A deadline that was moved at ``at``. ``from_receipt``: the length is the whole one."""

    at: datetime
    length: Duration
    from_receipt: bool = False


def resolve(
    calendar: CalendarRule,
    received: datetime,
    length: Duration,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> datetime:
    """When a case received at ``received`` is due (aware UTC).

    A pause that began before the case was due moves the date on by what it took: clock minutes
    for minutes, working time for hours and working days, calendar days for days and months. One
    that began when the case was late already gives nothing back. A pause that still lasts
    counts when it ends.
    """
    total = next((one.length for one in reversed(extensions) if one.from_receipt), None)
    due = worktime.add(calendar, received, total or length)
    changes: list[Pause | Extension] = [
        *pauses,
        *(one for one in extensions if not one.from_receipt),
    ]
    for change in sorted(changes, key=_moment):
        if isinstance(change, Extension):
            due = worktime.later(calendar, due, change.length)
        else:
            due = _held(calendar, due, max(change.since, received), change.until, length.unit)
    return due


def _moment(change: Pause | Extension) -> datetime:
    return change.at if isinstance(change, Extension) else change.since


def _held(
    calendar: CalendarRule, due: datetime, since: datetime, until: datetime | None, unit: str
) -> datetime:
    # A clock that was set back gives an end before the beginning: then nothing has passed.
    if until is None or until <= since or since >= due:
        return due
    if unit == "min":
        return due + (until - since)
    if unit in ("h", "wd"):
        return worktime.advance(calendar, due, worktime.between(calendar, since, until))
    days = (until.astimezone(LOCAL).date() - since.astimezone(LOCAL).date()).days
    if not days:
        return due
    return worktime.later(calendar, due, Duration(days, "cd"))


def consumed(
    calendar: CalendarRule, received: datetime, pauses: Sequence[Pause], now: datetime
) -> timedelta:
    """Working time that counts against the case until ``now``. It never decreases while ``now``
    grows: pauses only stop it."""
    total, reached = timedelta(0), received
    for pause in sorted(pauses, key=lambda one: one.since):
        since = min(max(pause.since, reached), now)
        total += worktime.between(calendar, reached, since)
        reached = max(since, min(pause.until or now, now))
    return total + worktime.between(calendar, reached, now)


def explain(
    calendar: CalendarRule,
    rule: KindRule,
    received: datetime,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> str:
    """Why the case is due at that very minute, in Vietnamese sentences for officers."""
    if rule.resolve is None:
        return f"{rule.name}: không đặt hạn trả lời."
    due = resolve(calendar, received, rule.resolve, pauses, extensions)
    basis = "theo quy định" if rule.basis == "law" else "theo quy chế của Sở"
    said = worktime.moment_in_words
    parts = [
        f"{rule.name}: {rule.resolve} ({basis}), nhận lúc {said(received)}, nên hạn là {said(due)}."
    ]
    if rule.resolve.unit in ("h", "wd"):
        parts += _days_off(calendar, received, due)
    elif rule.resolve.unit in ("cd", "mo"):
        parts += _moved_end(calendar, received, rule.resolve, bool(pauses or extensions))
    parts += [_pause_in_words(one) for one in sorted(pauses, key=_moment)]
    for one in extensions:
        what = f"thành {one.length} kể từ ngày nhận" if one.from_receipt else f"thêm {one.length}"
        parts.append(f"Gia hạn {what}, quyết định lúc {said(one.at)}.")
    return " ".join(parts)


def _days_off(calendar: CalendarRule, received: datetime, due: datetime) -> list[str]:
    day, last = received.astimezone(LOCAL).date(), due.astimezone(LOCAL).date()
    parts, named, weekend = [], [], False
    if worktime.between(calendar, received, worktime.closing(received, calendar)) <= timedelta(0):
        parts.append("Nhận ngoài giờ làm việc nên tính từ ngày làm việc tiếp theo.")
    while day <= last:
        reason = worktime.day_off(calendar, day)
        if reason in worktime.WEEKDAYS:
            weekend = True
        elif reason:
            named.append(f"{worktime.day_in_words(day)} ({reason})")
        day += timedelta(days=1)
    off = [*named[:_NAMED_DAYS], *(["ngày nghỉ cuối tuần"] if weekend else [])]
    if off:
        parts.append(f"Không tính {', '.join(off)}.")
    return parts


def _moved_end(
    calendar: CalendarRule, received: datetime, length: Duration, changed: bool
) -> list[str]:
    """Says that the last day was a day off (Civil Code 2015, Article 148)."""
    if changed:
        return []
    start = received.astimezone(LOCAL).date()
    day = (
        start + timedelta(days=length.amount)
        if length.unit == "cd"
        else worktime.months_later(start, length.amount)
    )
    reason = worktime.day_off(calendar, day)
    if not reason:
        return []
    name = "" if reason in worktime.WEEKDAYS else f" ({reason})"
    weekday = worktime.WEEKDAYS[day.weekday()]
    return [
        f"Ngày cuối là {weekday}, {worktime.day_in_words(day)}{name}, ngày nghỉ, "
        "nên dời sang ngày làm việc tiếp theo."
    ]


def _pause_in_words(pause: Pause) -> str:
    why = WAITING_FOR.get(pause.why, pause.why)
    since = worktime.moment_in_words(pause.since)
    if pause.until is None:
        return f"Đang tạm dừng từ {since} ({why}); hạn lùi lại khi việc chờ kết thúc."
    return f"Tạm dừng từ {since} đến {worktime.moment_in_words(pause.until)} ({why})."
