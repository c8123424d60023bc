"""The fault run's own arithmetic: what counts as answered."""

from __future__ import annotations

from benchmarks.bench import options
from benchmarks.platforms import answered


def test_answers_are_read_by_their_number_and_notices_are_none() -> None:
    texts = ["Trả lời: câu số 12 về lịch học", "Trợ lý đã lưu tin nhắn số 3 của", "Trả lời: chào"]
    assert answered(texts) == [12]


def test_the_fault_run_is_asked_for_by_name() -> None:
    given = options(["faults", "--minutes", "0.5", "--seed", "7"])
    assert (given.parts, given.minutes, given.seed) == (["faults"], 0.5, 7)
