"""The gate on the held-out sets: understanding does not get worse unnoticed."""

from __future__ import annotations

from benchmarks import evaluate, gate
from tests import builders


def test_no_measure_dropped_by_more_than_a_point() -> None:
    core = evaluate.Core(builders.the_classifier(), builders.the_index(), builders.the_catalog())
    results = evaluate.evaluate(core, intents=False)
    assert gate.dropped(results, intents=False) == []
