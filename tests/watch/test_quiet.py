"""What must not wake anybody although it looks like much, and what must beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from intake_api.watch.model import Panel, Series, negative_people, people_of
from tests.watch import build

DAYS = 200
NAMES = ("messenger", "zalo", "web")


def _uneven(level: float, days: int, rng: np.random.Generator, k: float = 12.0) -> np.ndarray:
    """People of days of which some are busy for no reason."""
    return rng.poisson(level * rng.gamma(k, 1 / k, days)).astype(float)


def _house(rng: np.random.Generator, days: int = DAYS, factor: float = 1.0) -> list[Series]:
    levels = (0.05, 0.3, 0.8, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0)
    made = []
    for number, level in enumerate(levels):
        row = _uneven(level * factor, days, rng)
        made.append(Series(f"e.t{number}", row, row, rng.binomial(row.astype(int), 0.2) * 1.0))
    return made


def _told(rows: list[Series]) -> list[tuple[str, int]]:
    return [(one.code, one.day) for one in build.alerts(Panel(build.START, DAYS, 56, tuple(rows)))]


# ------------------------------------------------------------------------------- channels


def test_a_busy_day_of_a_busy_topic_is_busy_on_all_its_channels() -> None:
    found: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        row = _uneven(10.0, DAYS, rng)
        row[120:124] = [9, 17, 17, 18]
        parts = np.array([rng.multinomial(int(one), (0.4, 0.4, 0.2)) for one in row], float)
        parts[123] = [8, 7, 3]
        one = Series("b.dich_benh", row, row, rng.binomial(row.astype(int), 0.2) * 1.0)
        split = replace(one, channels=dict(zip(NAMES, parts.T, strict=True)))
        rest = _house(rng)
        for told, series in ((True, split), (False, one)):
            found[told] += [(seed, day) for code, day in _told([series, *rest]) if code == one.code]
    assert found[True] == found[False]
    assert all(day != 123 for _, day in found[True])


# --------------------------------------------------------------------------------- floods


@pytest.mark.parametrize("flooded", [1, 3])
@pytest.mark.parametrize("level", [2.0, 30.0])
def test_one_persons_angry_flood_alarms_no_more_than_nothing_does(
    level: float, flooded: int
) -> None:
    rng = np.random.default_rng(int(level))
    count = _uneven(level, DAYS, rng, 30.0)
    angry = rng.binomial(count.astype(int), 0.2) * 1.0
    rest = _house(rng)

    def told(more: tuple[int, int, int, int]) -> list[tuple[str, int]]:
        arrays = [count.copy(), count.copy(), count.copy(), angry.copy()]
        for array, add in zip(arrays, more, strict=True):
            array[150 : 150 + flooded] += add
        people = people_of(arrays[0], arrays[1], arrays[2])
        return _told([Series("e.mam_non", arrays[0], people, arrays[3]), *rest])

    assert told((150, 2, 75, 145)) == told((0, 0, 0, 0))


def test_a_flood_hides_how_many_are_angry_but_not_that_many_must_be() -> None:
    def angry(count: float, people: float, negative: float) -> float:
        return float(
            negative_people(*(np.array([float(one)]) for one in (count, people, negative)))[0]
        )

    assert angry(30, 30, 6) == 6
    assert np.isnan(angry(180, 32, 151))  # 148 of the 151 may be the flood's
    assert angry(180, 32, 175) == 27  # even if all 148 were angry, 27 are other people's
    assert angry(40, 30, 20) <= 20


def test_many_angry_people_are_found_beside_a_flood() -> None:
    rng = np.random.default_rng(3)
    count = _uneven(4.0, DAYS, rng)
    angry = rng.binomial(count.astype(int), 0.2) * 1.0
    people, texts = count.copy(), count.copy()
    for array, add in ((count, 150 + 40), (people, 2 + 40), (texts, 75 + 40), (angry, 145 + 38)):
        array[150] += add
    one = Series("e.mam_non", count, people_of(count, people, texts), angry)
    assert ("e.mam_non", 150) in _told([one, *_house(rng)])


# --------------------------------------------------------------- subjects that begin, and repeats


def test_a_subject_that_begins_alarms_once_at_the_most() -> None:
    for seed in range(4):
        rng = np.random.default_rng(70 + seed)
        shape = np.clip((np.arange(DAYS) - 80) / 75, 0, 1)
        row = np.array([rng.poisson(4.0 * one * rng.gamma(12, 1 / 12)) for one in shape], float)
        mood = rng.binomial(row.astype(int), 0.2) * 1.0
        hits = [one for one in _told([Series("k.nq29", row, row, mood), *_house(rng)])
                if one[0] == "k.nq29"]  # fmt: skip
        assert len(hits) <= 1


def test_after_one_alert_an_incident_on_the_new_level_is_still_found() -> None:
    rng = np.random.default_rng(5)
    row = np.concatenate([np.zeros(80), rng.poisson(4.0, DAYS - 80)]).astype(float)
    mood = rng.binomial(row.astype(int), 0.2) * 1.0
    row[150] += 25
    mood[150] += 22
    days = [day for code, day in _told([Series("k.nq29", row, row, mood), *_house(rng)])
            if code == "k.nq29"]  # fmt: skip
    assert 150 in days and len(days) <= 2


# ----------------------------------------------------------------- today, and everybody at once


def test_no_alert_opens_on_a_day_on_which_fewer_people_write_than_usual() -> None:
    seen = 0
    for seed in range(8):
        rng = np.random.default_rng(40 + seed)
        rows = [
            replace(one, code=f"e.t{number}", count=row, people=row, negative=np.floor(row * 0.3))
            for number, one in enumerate(_house(rng))
            if (row := _uneven(0.5 + number, DAYS, rng, 1.5)) is not None
        ]
        panel = Panel(build.START, DAYS, 56, tuple(rows))
        for alert in build.alerts(panel):
            row = next(one for one in rows if one.code == alert.code)
            assert row.negative is not None
            more = row.people[alert.day] > np.median(row.people)
            assert more or row.negative[alert.day] > np.median(row.negative)
            seen += 1
    assert seen > 3


def test_an_import_nobody_told_of_is_one_thing_but_what_stands_out_of_it_is_another() -> None:
    rng = np.random.default_rng(11)
    rows = _house(rng)
    for one in rows:
        one.people[150] += 30
        assert one.negative is not None
        one.negative[150] += 8
    assert [day for _, day in _told(rows) if 150 <= day < 165] == []
    rows[1].people[150] += 120
    assert rows[1].negative is not None
    rows[1].negative[150] += 100
    assert [one for one in _told(rows) if one[1] == 150] == [("e.t1", 150)]


def test_three_weeks_of_more_people_everywhere_are_one_thing() -> None:
    for seed in range(3):
        rng = np.random.default_rng(90 + seed)
        rows, more = _house(rng), _house(rng, factor=1.5)
        for one, add in zip(rows, more, strict=True):
            one.people[130:151] += add.people[130:151]
            assert one.negative is not None and add.negative is not None
            one.negative[130:151] += add.negative[130:151]
        assert len([day for _, day in _told(rows) if 130 <= day < 160]) <= 1
