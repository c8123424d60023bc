from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_api.domain import deadline, ledger, worktime
from intake_api.domain.catalog import Closure
from intake_api.domain.durations import parse
from intake_api.domain.ledger import Extension, Pause
from intake_api.domain.worktime import LOCAL
from tests.builders import the_catalog


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def due(start: str, length: str, *changes: Pause | Extension) -> str:
    end = ledger.resolve(
        the_catalog().calendar,
        local(start),
        parse(length),
        [one for one in changes if isinstance(one, Pause)],
        [one for one in changes if isinstance(one, Extension)],
    )
    return f"{end.astimezone(LOCAL):%Y-%m-%d %H:%M}"


def pause(since: str, until: str | None) -> Pause:
    return Pause(local(since), local(until) if until else None)


@pytest.mark.parametrize(
    ("length", "change", "wanted"),
    [
        ("2wd", pause("2026-11-16T10:00", "2026-11-17T10:00"), "2026-11-19 17:00"),
        # Two hours of waiting are two hours, lunch and nights left out.
        ("2wd", pause("2026-11-16T10:30", "2026-11-16T14:30"), "2026-11-19 09:30"),
        ("15min", pause("2026-11-16T09:05", "2026-11-16T12:05"), "2026-11-16 12:15"),
        ("4h", pause("2026-11-16T10:00", "2026-11-18T10:00"), "2026-11-18 15:00"),
        # Calendar days wait by calendar days; the same day gives nothing.
        ("15cd", pause("2026-11-17T10:00", "2026-11-20T08:00"), "2026-12-04 17:00"),
        ("15cd", pause("2026-11-17T10:00", "2026-11-17T16:00"), "2026-12-01 17:00"),
        # What is late already does not become punctual by waiting.
        ("2wd", pause("2026-11-19T08:00", "2026-11-25T08:00"), "2026-11-18 17:00"),
        # A pause that lasts counts when it ends.
        ("2wd", pause("2026-11-17T08:00", None), "2026-11-18 17:00"),
        # A clock that was set back: the pause took no time, and never less than none.
        ("2wd", pause("2026-11-17T08:00", "2026-11-16T08:00"), "2026-11-18 17:00"),
        ("30cd", Extension(local("2026-12-01T09:00"), parse("30cd")), "2027-01-15 17:00"),
        ("30cd", Extension(local("2026-12-01T09:00"), parse("45cd"), True), "2026-12-31 17:00"),
    ],
)
def test_what_stops_or_moves_a_clock(length: str, change: Pause | Extension, wanted: str) -> None:
    assert due("2026-11-16T09:00", length, change) == wanted


def test_an_extension_after_a_pause_keeps_what_the_pause_gave() -> None:
    stopped = pause("2026-11-17T08:00", "2026-11-19T08:00")
    more = Extension(local("2026-11-20T09:00"), parse("2wd"))
    assert due("2026-11-16T09:00", "2wd", stopped) == "2026-11-20 17:00"
    # 24 November is a holiday.
    assert due("2026-11-16T09:00", "2wd", stopped, more) == "2026-11-25 17:00"


MOMENTS = st.integers(0, 60 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=4), st.lists(MOMENTS, min_size=2, max_size=8))
def test_consumed_time_never_decreases(
    spans: list[tuple[datetime, datetime]], moments: list[datetime]
) -> None:
    calendar, received = the_catalog().calendar, datetime(2026, 1, 21, tzinfo=UTC)
    pauses = [Pause(a, b) for a, b in spans]
    seen = [ledger.consumed(calendar, received, pauses, now) for now in sorted(moments)]
    assert seen == sorted(seen)
    assert seen[0] >= timedelta(0)


@given(MOMENTS, MOMENTS, st.sampled_from(["15min", "4h", "2wd", "15cd", "3mo"]))
def test_a_pause_never_brings_a_date_forward(since: datetime, until: datetime, length: str) -> None:
    calendar, received = the_catalog().calendar, datetime(2026, 1, 21, 2, tzinfo=UTC)
    plain = ledger.resolve(calendar, received, parse(length))
    assert ledger.resolve(calendar, received, parse(length), [Pause(since, until)]) >= plain


@given(MOMENTS, st.integers(0, 5000))
def test_advancing_and_measuring_agree(start: datetime, minutes: int) -> None:
    calendar = the_catalog().calendar
    end = worktime.advance(calendar, start, timedelta(minutes=minutes))
    assert worktime.between(calendar, start, end) == timedelta(minutes=minutes)


def explained(kind: str, start: str, *changes: Pause | Extension) -> str:
    return deadline.deadlines(
        the_catalog(),
        kind,
        local(start),
        pauses=[one for one in changes if isinstance(one, Pause)],
        extensions=[one for one in changes if isinstance(one, Extension)],
    ).explanation


def test_the_explanation_names_what_was_left_out() -> None:
    said = explained("question", "2026-11-20T17:30")
    assert "2 ngày làm việc" in said and "nên hạn là 17h00 thứ Năm, 26/11/2026" in said
    assert "Nhận ngoài giờ làm việc" in said
    assert "24/11/2026 (Ngày Văn hóa Việt Nam)" in said and "cuối tuần" in said


def test_the_explanation_says_that_the_last_day_was_a_day_off() -> None:
    said = explained("criticism", "2026-11-21T09:00")
    assert "Ngày cuối là Chủ nhật, 6/12/2026, ngày nghỉ, nên dời" in said


def test_the_explanation_tells_pauses_and_extensions() -> None:
    said = explained(
        "complaint", "2026-11-16T09:00",
        pause("2026-11-17T10:00", "2026-11-20T08:00"),
        Pause(local("2026-11-25T08:00"), None, "external"),
        Extension(local("2026-12-01T09:00"), parse("45cd"), True),
    )  # fmt: skip
    assert "Tạm dừng từ 10h00 thứ Ba, 17/11/2026 đến 08h00 thứ Sáu, 20/11/2026" in said
    assert "Đang tạm dừng từ" in said and "chờ cơ quan phối hợp" in said
    assert "Gia hạn thành 45 ngày kể từ ngày nhận" in said


def test_a_closed_unit_has_more_time_unless_the_law_sets_it() -> None:
    catalog = the_catalog()
    closed = Closure("KHTC", date(2026, 12, 8), date(2026, 12, 9), "chuyển trụ sở")
    catalog = replace(catalog, calendar=replace(catalog.calendar, closures=(closed,)))
    start = local("2026-11-23T09:00")

    def day(kind: str, unit: str) -> str:
        found = deadline.deadlines(catalog, kind, start, unit=unit)
        return f"{found.resolve_at:%Y-%m-%d}"

    assert day("criticism", "TCCB") == "2026-12-08"
    assert day("criticism", "KHTC") == "2026-12-10"
    assert day("complaint", "KHTC") == day("complaint", "TCCB")
    said = deadline.deadlines(catalog, "criticism", start, unit="KHTC").explanation
    assert "chuyển trụ sở" in said


def test_a_swapped_saturday_counts_and_its_bridge_day_does_not() -> None:
    # 22/8/2026 is worked for 31/8/2026 (announced; in the holidays package).
    calendar = the_catalog().calendar
    assert worktime.is_working_day(calendar, date(2026, 8, 22))
    assert not worktime.is_working_day(calendar, date(2026, 8, 31))
    assert due("2026-08-21T09:00", "1wd") == "2026-08-22 17:00"
    assert due("2026-08-28T09:00", "1wd") == "2026-09-03 17:00"


def test_the_departments_own_swap_counts() -> None:
    calendar = replace(
        the_catalog().calendar,
        swapped_working_days=frozenset({date(2026, 11, 28)}),
        extra_holidays=frozenset({date(2026, 11, 27)}),
    )
    end = ledger.resolve(calendar, local("2026-11-26T09:00"), parse("1wd"))
    assert end == local("2026-11-28T17:00")


def test_tet_2027_lies_between() -> None:
    # 4 to 10 February 2027 are Tết.
    assert due("2027-02-03T09:00", "2wd") == "2027-02-12 17:00"


def test_next_years_calendar_is_whole() -> None:
    """Fails when the holidays package or the department's file lacks the year that is coming."""
    year = datetime.now(UTC).year + 1
    assert worktime.missing(the_catalog().calendar, year) == []


def test_a_year_nobody_checked_is_said() -> None:
    lacks = worktime.missing(the_catalog().calendar, 2031)
    assert lacks == ["nobody has checked 2031 against the announced days (checked_years)"]


@pytest.fixture(params=["Europe/Berlin", "America/New_York", "Pacific/Apia"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine whose own clock is set to a zone with summer time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("start", ["2026-03-27T16:00", "2026-10-23T16:00"])
def test_the_machines_summer_time_changes_nothing(start: str) -> None:
    # Over the last weekends of March and October, when clocks change in Europe.
    day = date.fromisoformat(start[:10])
    assert due(start, "4h") == f"{day + timedelta(days=3)} 10:30"
    assert due(start, "1wd") == f"{day + timedelta(days=3)} 17:00"
    moment = local(start)
    assert worktime.between(the_catalog().calendar, moment, moment + timedelta(days=3)) == (
        timedelta(hours=7, minutes=30)
    )
