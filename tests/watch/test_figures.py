"""The gate of the early warning: thirty-four invented seasons, half of them quiet."""

from __future__ import annotations

from benchmarks import watching


def test_quiet_years_stay_quiet_and_incidents_are_found_in_time() -> None:
    found = watching.measure()
    assert sum(one.seasons for one in found.values()) >= 30
    assert sum(one.quiet for one in found.values()) * 2 >= 30
    for name, score in found.items():
        assert score.false_a_year <= 2, score.false
        for kind in ("burst", "slow"):
            soon, at_all, of = score.found(kind)
            assert at_all == of, (name, kind, score.delays)
            assert soon >= 0.8 * of, (name, kind, score.delays)


def test_the_written_seasons_are_those_that_the_generators_make() -> None:
    first = next(watching.scenarios())
    text = (watching.FOLDER / f"{first['id']}.yml").read_text(encoding="utf-8")
    assert watching.as_text(first) == text
