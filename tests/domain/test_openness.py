from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_api.domain import openness
from tests.builders import the_catalog


@pytest.mark.parametrize(
    ("part", "whole", "said", "told"),
    [
        (115, 120, "96% (115 trên 120)", (115, 120, 96)),
        (0, 120, "0% (0 trên 120)", (0, 120, 0)),
        (120, 120, "100% (120 trên 120)", (120, 120, 100)),
        (3, 120, "dưới 5 trên 120", (None, 120, None)),
        (118, 120, "tất cả 120, trừ dưới 5", (None, 120, None)),
        (2, 4, "trong dưới 5 ý kiến, không nêu", (None, None, None)),
        (0, 0, "không có", (0, 0, None)),
        (None, 9, "không nêu", (None, None, None)),
        (800, 1200, "67% (800 trên 1.200)", (800, 1200, 67)),
    ],
)
def test_a_share_is_told_without_small_counts(
    part: int | None, whole: int, said: str, told: tuple[int | None, ...]
) -> None:
    one = openness.share(part, whole)
    assert (one.said, (one.part, one.of, one.percent)) == (said, told)


@given(st.integers(0, 60), st.integers(0, 60))
def test_no_share_gives_a_small_count_away(part: int, rest: int) -> None:
    one = openness.share(part, part + rest)
    if one.part is not None:
        assert one.of is not None
        assert all(n == 0 or n >= 5 for n in (one.part, one.of - one.part))


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_no_piece_gives_a_small_count_away(given_: int, refused: int, open_: int) -> None:
    whole, *pieces = openness.parts(given_ + refused + open_, given_, refused)
    for told in (whole, *pieces):
        assert told is None or told == 0 or told >= 5
    if whole is not None and None not in pieces:
        rest = whole - sum(one or 0 for one in pieces)
        assert rest == 0 or rest >= 5


def test_working_time_is_said_as_people_say_it() -> None:
    calendar = the_catalog().calendar
    said = [openness.minutes_in_words(n, calendar) for n in (None, 0, 59, 90, 420, 450, 1125)]
    assert said == [
        "không nêu", "0 phút làm việc", "59 phút làm việc", "1,5 giờ làm việc",
        "7 giờ làm việc", "1 ngày làm việc", "2,5 ngày làm việc",
    ]  # fmt: skip


def moment(day: int, hour: int = 2, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_a_week_ends_on_sunday_night_here() -> None:
    assert openness.week_before(moment(23)) == date(2026, 11, 16)
    # 17:30 UTC on Sunday is Monday in Hà Nam.
    assert openness.week_before(moment(22, 17)) == date(2026, 11, 16)
    assert openness.week_before(moment(22, 16)) == date(2026, 11, 9)


def test_months_are_frozen_on_the_fifth_and_not_for_ever_back() -> None:
    first = moment(20, month=9)
    assert list(openness.months_to_freeze(None, moment(23))) == []
    before, after = (list(openness.months_to_freeze(first, moment(n))) for n in (4, 5))
    assert before == [date(2026, 9, 1)] and after == [date(2026, 9, 1), date(2026, 10, 1)]
    assert list(openness.months_to_freeze(moment(20), moment(23))) == []
    old = list(openness.months_to_freeze(datetime(2009, 1, 1, tzinfo=UTC), moment(23)))
    assert len(old) == openness.MOST_MONTHS and old[-1] == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"confidential": True}, "kênh mật"),
        ({"kind": "complaint"}, "Loại ý kiến"),
        ({"kind": "denunciation"}, "Loại ý kiến"),
        ({"topic": "b.bao_luc_hoc_duong"}, "việc riêng của từng em"),
        ({"topic": "i.tieu_cuc_thi"}, "việc riêng"),
        ({"topic": "khong.co"}, "việc riêng"),
        ({"state": "in_progress"}, "đã trả lời"),
        ({"state": "erased"}, "đã trả lời"),
    ],
)
def test_what_may_be_published(changes: dict[str, object], why: str) -> None:
    case: dict[str, object] = {
        "kind": "question", "topic": "dd.khoan_thu", "confidential": False, "state": "answered",
        **changes,
    }  # fmt: skip
    found = openness.why_not(the_catalog(), **case)  # type: ignore[arg-type]
    assert (why in found) if why else (found == "")
