"""Stretches of whole local days that figures and reports are made for, and what they are compared
with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from intake_api.domain.worktime import LOCAL, day_in_words, months_later

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_DAYS = 3660
_ROMAN = ("I", "II", "III", "IV")
_HALVES = ("6 tháng đầu năm", "6 tháng cuối năm")
_FORM = re.compile(r"^(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])))?$")


class PeriodProblem(ValueError):
    """The words or days name no period; the message is one Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, both ends included. ``code`` names it in an address: ``2026-11``,
    ``2026-Q4``, ``2026-H1``, ``2026``, or "" where only the two days do."""

    first: date
    last: date
    title: str
    code: str = ""

    @property
    def months(self) -> int:
        """How many calendar months a named period has; 0 for days of somebody's choice."""
        return _length(self.code) if self.code else 0

    def since(self) -> datetime:
        """Its first moment (aware UTC)."""
        return datetime.combine(self.first, time(), LOCAL).astimezone(UTC)

    def until(self) -> datetime:
        """The first moment after it (aware UTC)."""
        return datetime.combine(self.last + timedelta(days=1), time(), LOCAL).astimezone(UTC)

    def previous(self) -> Period:
        """The month before a month, the quarter before a quarter; otherwise as many days."""
        if self.months:
            return _of_months(months_later(self.first, -self.months), self.months)
        days = self.last - self.first + timedelta(days=1)
        return between(self.first - days, self.last - days)

    def last_year(self) -> Period:
        """The same days a year before."""
        if self.months:
            return _of_months(months_later(self.first, -12), self.months)
        return between(months_later(self.first, -12), months_later(self.last, -12))

    def begin(self, days: int) -> Period:
        """Its first ``days`` days; itself where it has no more."""
        last = self.first + timedelta(days=days - 1)
        if last >= self.last:
            return self
        return Period(self.first, last, f"{days} ngày đầu {self.title}")

    def weeks(self) -> Iterator[tuple[date, date]]:
        """Its weeks from Monday to Sunday, cut at both ends of the period."""
        start = self.first
        while start <= self.last:
            end = min(self.last, start + timedelta(days=6 - start.weekday()))
            yield start, end
            start = end + timedelta(days=1)

    def calendar_months(self) -> Iterator[tuple[date, date]]:
        """Its calendar months, cut at both ends of the period."""
        start = self.first
        while start <= self.last:
            end = min(self.last, months_later(start.replace(day=1), 1) - timedelta(days=1))
            yield start, end
            start = end + timedelta(days=1)


def _length(code: str) -> int:
    if "Q" in code:
        return 3
    if "H" in code:
        return 6
    return 1 if "-" in code else 12


def _of_months(first: date, months: int) -> Period:
    last = months_later(first, months) - timedelta(days=1)
    year, number = first.year, (first.month - 1) // months
    code, title = {
        1: (f"{year}-{first.month:02d}", f"tháng {first.month}/{year}"),
        3: (f"{year}-Q{number + 1}", f"quý {_ROMAN[number % 4]}/{year}"),
        6: (f"{year}-H{number + 1}", f"{_HALVES[number % 2]} {year}"),
        12: (str(year), f"năm {year}"),
    }[months]
    return Period(first, last, title, code)


def month(year: int, number: int) -> Period:
    """Month 1 to 12 of a year."""
    return _of_months(date(year, number, 1), 1)


def quarter(year: int, number: int) -> Period:
    """Quarter 1 to 4 of a year."""
    return _of_months(date(year, 3 * number - 2, 1), 3)


def half(year: int, number: int) -> Period:
    """Half 1 or 2 of a year."""
    return _of_months(date(year, 6 * number - 5, 1), 6)


def year(number: int) -> Period:
    """A calendar year."""
    return _of_months(date(number, 1, 1), 12)


def between(first: date, last: date) -> Period:
    """Days of somebody's choice. Raises PeriodProblem when they are reversed or too many."""
    if last < first:
        raise PeriodProblem(
            f"Ngày bắt đầu {day_in_words(first)} đứng sau ngày kết thúc {day_in_words(last)}; "
            "anh/chị đổi lại hai ngày."
        )
    if (last - first).days >= LONGEST_DAYS:
        raise PeriodProblem("Khoảng thời gian dài quá 10 năm; anh/chị chọn ngắn hơn.")
    title = f"từ {day_in_words(first)} đến {day_in_words(last)}"
    return Period(first, last, f"ngày {day_in_words(first)}" if first == last else title)


def of_code(code: str) -> Period:
    """The period of ``2026-11``, ``2026-Q4``, ``2026-H1`` or ``2026``. Raises PeriodProblem."""
    found = _FORM.match(code)
    number = int(found[1]) if found else 0
    if found is None or not FIRST_YEAR <= number <= LAST_YEAR or found[2] in _NO_MONTHS:
        raise PeriodProblem(
            f"Không có kỳ “{code[:20]}”; anh/chị chọn tháng, quý, nửa năm, năm hoặc hai ngày."
        )
    if found[2]:
        return month(number, int(found[2]))
    if found[3]:
        return quarter(number, int(found[3]))
    return half(number, int(found[4])) if found[4] else year(number)


_NO_MONTHS = frozenset(f"{n:02d}" for n in (0, *range(13, 100)))


def read(code: str, first: str, last: str) -> Period:
    """What an address says: a code, or two ISO days. Raises PeriodProblem."""
    if code:
        return of_code(code)
    return between(_day(first, "bắt đầu"), _day(last, "kết thúc"))


def _day(raw: str, which: str) -> date:
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        found = date.min
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        said = f"“{raw[:20]}” không phải là ngày" if raw else f"Chưa có ngày {which}"
        raise PeriodProblem(f"{said}; anh/chị chọn ngày {which} của khoảng thời gian.")
    return found
