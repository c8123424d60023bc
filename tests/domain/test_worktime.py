from __future__ import annotations

from datetime import UTC, date, datetime

import holidays
import pytest

from intake_api.domain import deadline, worktime
from intake_api.domain.durations import parse
from intake_api.domain.worktime import LOCAL
from tests.builders import the_catalog


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def due(start: str, length: str) -> str:
    end = worktime.add(the_catalog().calendar, local(start), parse(length))
    return f"{end.astimezone(LOCAL):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "length", "wanted"),
    [
        ("2026-11-23T09:00", "15min", "2026-11-23 09:15"),
        ("2026-11-16T09:00", "2wd", "2026-11-18 17:00"),
        # 24/11 is a public holiday since 2026 (Vietnam Culture Day).
        ("2026-11-23T09:00", "2wd", "2026-11-26 17:00"),
        # After closing time the day of receipt is the next working day.
        ("2026-11-16T17:30", "2wd", "2026-11-19 17:00"),
        ("2026-11-20T16:00", "1wd", "2026-11-23 17:00"),
        ("2026-11-14T10:00", "1wd", "2026-11-17 17:00"),
        # Lunch does not count.
        ("2026-11-23T10:30", "4h", "2026-11-23 16:30"),
        ("2026-11-16T16:00", "4h", "2026-11-17 10:30"),
        ("2026-11-22T12:00", "4h", "2026-11-23 11:30"),
        # Calendar days; an end on a Sunday moves to Monday (Civil Code 2015, Article 148).
        ("2026-11-23T09:00", "15cd", "2026-12-08 17:00"),
        ("2026-11-21T09:00", "15cd", "2026-12-07 17:00"),
        ("2026-11-30T09:00", "3mo", "2027-03-01 17:00"),
    ],
)
def test_clocks_run_out(start: str, length: str, wanted: str) -> None:
    assert due(start, length) == wanted


def test_ten_days_of_acceptance_across_tet_2026_end_after_the_holiday() -> None:
    # Tết 2026: 14 to 22 February are days off with the weekends around them.
    assert due("2026-02-09T09:00", "10cd") >= "2026-02-23"


def test_tet_days_are_no_working_days() -> None:
    assert not worktime.is_working_day(the_catalog().calendar, date(2026, 2, 17))


def test_next_years_holidays_are_known() -> None:
    """Fails when the holidays package has no Tết for the year that is coming."""
    year = datetime.now(UTC).year + 1
    names = " ".join(holidays.country_holidays("VN", years=year).values())
    assert "Tết" in names or "Lunar New Year" in names


def test_words_for_people() -> None:
    assert worktime.moment_in_words(local("2026-11-30T17:00")) == "17h00 thứ Hai, 30/11/2026"


def test_each_kind_has_its_clocks() -> None:
    found = deadline.deadlines(the_catalog(), "complaint", local("2026-11-23T09:00"))
    assert f"{found.acknowledge_at:%Y-%m-%d}" == "2026-12-03"
    assert f"{found.resolve_at:%Y-%m-%d}" == "2026-12-23"
    assert "Khiếu nại" in found.explanation
    assert deadline.deadlines(the_catalog(), "praise", local("2026-11-23T09:00")).resolve_at is None
