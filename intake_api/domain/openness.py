"""The open page: what may be told to everybody, and how. Pure rules.

A count from 1 to 4 is never told, nor one that a told count would give away (the same rule as in
``domain.disclosure``, for a part and its whole).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from intake_api.domain import disclosure, worktime
from intake_api.domain.catalog import CalendarRule, Catalog
from intake_api.domain.disclosure import HIDE_BELOW
from intake_api.domain.model import State
from intake_api.domain.worktime import LOCAL, months_later

# Figures of a month are frozen on this day of the next one: most answers are out by then.
FREEZE_DAY = 5
# How far back months are frozen when the service finds none.
MOST_MONTHS = 24
FEW = f"dưới {HIDE_BELOW}"
MAX_WORDS = 3000

# Kinds that a person may agree to have told; the others have their own law or their own lane.
PUBLISHABLE = frozenset({"question", "suggestion", "criticism", "misinformation", "praise"})


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole as it may be told; None where it may not. ``said``: in words."""

    part: int | None
    of: int | None
    percent: int | None
    said: str


def count(number: int | None) -> tuple[int | None, str]:
    """A count as it may be told, and in words."""
    if number is None:
        return None, "không nêu"
    if 0 < number < HIDE_BELOW:
        return None, FEW
    return number, f"{number:,}".replace(",", ".")


def share(part: int | None, whole: int | None) -> Share:
    """A part of a whole. Where the part is small, or what is left of the whole, the words say so
    and no number does."""
    if whole is None or part is None:
        return Share(None, None, None, "không nêu")
    told, words = count(whole)
    if told is None:
        return Share(None, None, None, f"trong {FEW} ý kiến, không nêu")
    if whole == 0:
        return Share(0, 0, None, "không có")
    if 0 < part < HIDE_BELOW:
        return Share(None, whole, None, f"{FEW} trên {words}")
    if 0 < whole - part < HIDE_BELOW:
        return Share(None, whole, None, f"tất cả {words}, trừ {FEW}")
    percent = round(100 * part / whole)
    return Share(part, whole, percent, f"{percent}% ({count(part)[1]} trên {words})")


def parts(whole: int, *pieces: int) -> tuple[int | None, ...]:
    """The whole and its pieces (whatever they leave over is one more); None: not told."""
    if 0 < whole < HIDE_BELOW:
        return (None,) * (1 + len(pieces))
    hidden = disclosure.hide([*pieces, whole - sum(pieces)])
    if hidden.total:
        return (None,) * (1 + len(pieces))
    return whole, *(None if n in hidden.rows else one for n, one in enumerate(pieces))


def minutes_in_words(minutes: float | None, calendar: CalendarRule) -> str:
    """Working minutes as people say them: minutes, hours, working days (one decimal)."""
    if minutes is None:
        return "không nêu"
    day = worktime.day_length(calendar) / timedelta(minutes=1)
    if minutes < 60:
        return f"{round(minutes)} phút làm việc"
    number, unit = (minutes / 60, "giờ") if minutes < day else (minutes / day, "ngày")
    return f"{number:.1f}".rstrip("0").rstrip(".").replace(".", ",") + f" {unit} làm việc"


# ---------------------------------------------------------------------------------- when


def week_before(now: datetime) -> date:
    """Monday of the week that ended last (local days)."""
    today = now.astimezone(LOCAL).date()
    return today - timedelta(days=today.weekday() + 7)


def months_to_freeze(first: datetime | None, now: datetime) -> Iterator[date]:
    """First days of the months whose figures may be frozen by now, the oldest first. ``first``:
    when the first case came in."""
    if first is None:
        return
    today = now.astimezone(LOCAL).date()
    newest = months_later(today.replace(day=1), -1 if today.day >= FREEZE_DAY else -2)
    month = max(
        first.astimezone(LOCAL).date().replace(day=1), months_later(newest, 1 - MOST_MONTHS)
    )
    while month <= newest:
        yield month
        month = months_later(month, 1)


# ---------------------------------------------------------------------------------- answers


def why_not(catalog: Catalog, *, kind: str, topic: str, confidential: bool, state: str) -> str:
    """Why a case may not be published, in words for the officer; "" when it may."""
    if confidential:
        return "Ý kiến trong kênh mật không bao giờ được đăng."
    if kind not in PUBLISHABLE:
        return "Loại ý kiến này không đăng công khai."
    subject = catalog.topics.get(topic)
    if subject is None or subject.child or subject.confidential:
        # Law 91/2025/QH15, Article 24: the private life of a child.
        return "Chủ đề này là việc riêng của từng em nên không đăng công khai."
    if state not in (State.ANSWERED, State.CLOSED):
        return "Chỉ đăng ý kiến đã trả lời."
    return ""
