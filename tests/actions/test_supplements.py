from __future__ import annotations

import pytest

from actions.distress import troubled
from actions.supplements import belongs_to_case
from actions.turn import read_turn
from tests.actions.build import tracker


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bo sung them: thu ca tien rem cua", True),
        ("ngoài ra trường còn thu tiền điều hòa", True),
        ("con thu ca tien rem cua 100k", True),
        ("toi chua thay truong tra tien, de nghi xem lai", True),
        ("minh.pv@example.com, 0900000123", True),
        ("cam on ad nhung truong van thu", True),
        ("chua thay tra loi", False),
        ("con toi bi ban trong lop lay do", False),
        ("cô giáo ép học thêm", False),
        ("cảm ơn cô giáo đã tận tình", False),
    ],
)
def test_what_belongs_to_a_sent_case(text: str, expected: bool) -> None:
    assert belongs_to_case(read_turn(tracker(text, has_open_case=True))) is expected
    assert not belongs_to_case(read_turn(tracker(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dao nay mk ap luc thi cu qa tr, hok ngu dc", True),
        ("em mệt mỏi quá không ai hiểu em", True),
        ("con tôi áp lực thi cử quá, đề nghị giảm bài", False),
        ("học sinh áp lực quá", False),
    ],
)
def test_a_heavy_heart_is_heard(text: str, expected: bool) -> None:
    assert troubled(read_turn(tracker(text))) is expected
