from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import gate
from benchmarks.measures import Results


def make_results(hits: int, n: int = 200, measure: str = "kind") -> Results:
    results = Results()
    results.count(measure, "accented", hits, n)
    return results


def test_a_drop_of_more_than_a_point_closes_the_gate(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert gate.accept(make_results(180), path) == 2
    assert gate.dropped(make_results(178), intents=False, path=path) == []
    found = gate.dropped(make_results(177), intents=False, path=path)
    assert [line.split(":")[0] for line in found] == ["kind / accented", "kind / all"]


def test_more_false_alarms_are_a_drop_and_fewer_are_none(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.accept(make_results(4, measure="danger.false"), path)
    assert gate.dropped(make_results(0, measure="danger.false"), intents=False, path=path) == []
    assert gate.dropped(make_results(8, measure="danger.false"), intents=False, path=path)


def test_one_text_of_a_small_column_is_no_drop(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.accept(make_results(20, 20), path)
    assert gate.dropped(make_results(19, 20), intents=False, path=path) == []
    assert gate.dropped(make_results(18, 20), intents=False, path=path)


def test_a_measure_that_is_gone_closes_the_gate_and_intents_may_be_left_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "baseline.json"
    both = make_results(180)
    both.count("intent", "accented", 90, 100)
    gate.accept(both, path)
    assert "not measured" in gate.dropped(Results(), intents=False, path=path)[0]
    assert gate.dropped(make_results(180), intents=False, path=path) == []
    assert len(gate.dropped(make_results(180), intents=True, path=path)) == 2


def test_without_accepted_figures_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(gate.BaselineMissing, match="--accept"):
        gate.dropped(Results(), intents=False, path=tmp_path / "none.json")


def test_accepting_keeps_what_was_not_measured_this_time(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.accept(make_results(90, 100, "intent"), path)
    assert gate.accept(make_results(180), path) == 4
