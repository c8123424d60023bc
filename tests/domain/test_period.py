from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

import pytest

from intake_api.domain import period
from intake_api.domain.period import PeriodProblem


@pytest.mark.parametrize(
    ("code", "first", "last", "title"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "tháng 2/2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "tháng 2/2024"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "quý IV/2026"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "năm 2026"),
    ],
)
def test_a_code_names_its_days(code: str, first: date, last: date, title: str) -> None:
    found = period.of_code(code)
    assert (found.first, found.last, found.title, found.code) == (first, last, title, code)


@pytest.mark.parametrize(
    ("code", "previous", "last_year"),
    [
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-H1", "2025-H2", "2025-H1"),
        ("2026", "2025", "2025"),
    ],
)
def test_what_it_is_compared_with(code: str, previous: str, last_year: str) -> None:
    found = period.of_code(code)
    assert (found.previous().code, found.last_year().code) == (previous, last_year)


def test_days_of_choice_are_compared_with_as_many_days() -> None:
    found = period.between(date(2024, 2, 20), date(2024, 2, 29))
    assert found.previous().last == date(2024, 2, 19)
    assert found.previous().first == date(2024, 2, 10)
    assert found.last_year().last == date(2023, 2, 28)


def test_a_period_begins_and_ends_at_local_midnight() -> None:
    found = period.month(2026, 11)
    assert found.since() == datetime(2026, 10, 31, 17, tzinfo=UTC)
    assert found.until() == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_weeks_and_months_cover_every_day_once() -> None:
    found = period.between(date(2026, 1, 14), date(2026, 4, 2))
    for stretches in (list(found.weeks()), list(found.calendar_months())):
        assert stretches[0][0] == found.first and stretches[-1][1] == found.last
        assert all(
            (later[0] - earlier[1]).days == 1 for earlier, later in itertools.pairwise(stretches)
        )
    assert all(first.weekday() == 0 for first, _ in list(found.weeks())[1:])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("2026-13", "", ""), "Không có kỳ “2026-13”"),
        (("nam-nay", "", ""), "Không có kỳ “nam-nay”"),
        (("1999", "", ""), "Không có kỳ"),
        (("", "2026-11-30", "2026-11-01"), "đứng sau ngày kết thúc"),
        (("", "", "2026-11-01"), "Chưa có ngày bắt đầu"),
        (("", "2026-11-01", "2026-02-30"), "“2026-02-30” không phải là ngày"),
        (("", "0001-01-01", "2026-02-03"), "không phải là ngày"),
        (("", "2001-01-01", "2026-02-03"), "quá 10 năm"),
    ],
)
def test_a_wrong_period_is_one_clear_sentence(given: tuple[str, str, str], said: str) -> None:
    with pytest.raises(PeriodProblem, match=said) as caught:
        period.read(*given)
    assert "\n" not in str(caught.value)
