from __future__ import annotations

import pytest

from benchmarks.measures import MEASURES, Results, wilson


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 1), round(high, 1)) == (49.0, 94.3)
    assert wilson(0, 0) == (0.0, 100.0)
    assert wilson(20, 20)[1] == pytest.approx(100.0)


def test_a_count_stands_under_its_form_and_under_all() -> None:
    results = Results()
    results.count("kind", "accented", 1)
    results.count("kind", "unaccented", 0)
    one, both = results.figure("kind", "accented"), results.figure("kind", "all")
    assert one is not None
    assert both is not None
    assert (one.value, both.value, both.n) == (100.0, 50.0, 2)
    assert results.figure("kind", "shorthand") is None


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(KeyError):
        Results().count("kindness", "accented", 1)


@pytest.mark.parametrize(
    ("measure", "form", "value", "reached"),
    [
        ("faq.first", "accented", 94.9, False),
        ("faq.first", "shorthand", 90.0, True),
        ("danger.false", "all", 1.1, False),
        ("faq.first", "all", 10.0, None),
        ("sentiment", "accented", 10.0, None),
    ],
)
def test_aims(measure: str, form: str, value: float, reached: bool | None) -> None:
    assert MEASURES[measure].reached(form, value) is reached


def test_confusions_are_ordered_and_leave_out_what_was_right() -> None:
    results = Results()
    for expected, got in (("a", "b"), ("a", "b"), ("c", "c"), ("a", "d")):
        results.confuse("Topic", expected, got)
    assert results.worst("Topic") == [("a", "b", 2), ("a", "d", 1)]
