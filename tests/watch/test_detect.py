"""What alarms and what does not, one matter at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from intake_api.watch.model import Level, Panel, Season, Series
from tests.watch import build

DAYS = 120


def _calm(count: int = 6, days: int = DAYS) -> list[Series]:
    made = []
    for n in range(count):
        row = build.counts(3.0, days, n)
        angry = np.random.default_rng(50 + n).binomial(row, 0.2)
        made.append(build.series(f"e.t{n}", row, [int(one) for one in angry]))
    return made


def _with(code: str, day: int, people: list[int], angry: list[int], level: float = 0.0) -> Panel:
    row = np.array(build.counts(level, DAYS, 9) if level else [0] * DAYS)
    mood = np.array([round(0.3 * one) for one in row])
    row[day : day + len(people)] += people
    mood[day : day + len(angry)] += angry
    return build.panel(build.series(code, row.tolist(), mood.tolist()), *_calm())


def test_a_silent_topic_on_which_six_people_write_alarms_the_same_day() -> None:
    found = build.alerts(_with("b.dich_benh", 90, [6], [4]))
    assert [(one.code, one.day, one.level) for one in found] == [("b.dich_benh", 90, Level.WARNING)]
    why = found[0].evidence
    assert why.people == 6 and why.expected < 1


def test_three_people_are_too_few_to_wake_anybody() -> None:
    assert build.alerts(_with("b.dich_benh", 90, [3], [3])) == []


def test_a_large_topic_needs_more_than_a_busy_day() -> None:
    assert build.alerts(_with("dd.khoan_thu", 90, [12], [4], level=20.0)) == []
    found = build.alerts(_with("dd.khoan_thu", 90, [90], [70], level=20.0))
    assert [(one.code, one.day) for one in found] == [("dd.khoan_thu", 90)]
    assert found[0].level >= Level.INCIDENT


def test_an_alert_is_told_when_it_opens_and_rises_not_each_day() -> None:
    made = _with("b.dich_benh", 90, [8, 12, 12, 40, 12], [6, 10, 10, 36, 10])
    found = [(one.day, one.level, one.opened) for one in build.alerts(made)]
    assert found == [(90, Level.WARNING, True), (93, Level.INCIDENT, False)]


def test_a_second_incident_is_not_hidden_by_the_first() -> None:
    first = _with("b.dich_benh", 75, [15, 10, 4], [12, 8, 3])
    row, mood = first.series[0].people.copy(), first.series[0].negative.copy()  # type: ignore[union-attr]
    row[100], mood[100] = 14, 12
    both = replace(first, series=(replace(first.series[0], count=row, people=row, negative=mood),
                                  *first.series[1:]))  # fmt: skip
    assert [one.day for one in build.alerts(both)] == [75, 100]


def test_what_creeps_up_for_a_week_is_found_within_it() -> None:
    made = _with("dd.khoan_thu", 85, [3, 4, 4, 5, 5, 6, 6, 7, 7, 8], [3, 4, 4, 4, 5, 5, 6, 6, 7, 7],
                 level=2.0)  # fmt: skip
    found = build.alerts(made)
    assert found and found[0].code == "dd.khoan_thu" and found[0].day <= 92


def test_thanks_and_questions_of_many_are_no_alarm() -> None:
    row, mood = np.array(build.counts(4.0, DAYS, 9)), np.array(build.counts(2.0, DAYS, 8))
    mood = np.minimum(mood, row)
    row[90] += 40
    made = build.panel(build.series("d.dao_duc_nha_giao", row.tolist(), mood.tolist()), *_calm())
    assert build.alerts(made) == []


def test_when_the_whole_house_rises_no_topic_alarms() -> None:
    rows = _calm(12)
    for one in rows:
        one.people[90:95] *= 3
        assert one.negative is not None
        one.negative[90:95] *= 3
    assert build.alerts(build.panel(*rows)) == []


def test_in_a_named_season_the_share_of_anger_decides() -> None:
    def year(upset: int) -> Panel:
        row = np.array(build.counts(2.0, DAYS, 9))
        mood = np.array([round(0.2 * one) for one in row])
        row[80:110] *= 5
        mood[80:110] = [round(0.2 * one) for one in row[80:110]]
        row[100], mood[100] = 60, upset
        exam = Season("Kỳ thi", build.START + timedelta(days=80),
                      build.START + timedelta(days=110), ("i",))  # fmt: skip
        return build.panel(build.series("i.de_thi", row.tolist(), mood.tolist()), *_calm(),
                           seasons=(exam,))  # fmt: skip

    assert build.alerts(year(12)) == []
    assert [one.day for one in build.alerts(year(45))] == [100]


def test_a_rumour_on_three_channels_is_told_from_the_same_number_on_one() -> None:
    def year(split: tuple[int, int, int]) -> list[int]:
        row = np.array(build.counts(0.6, DAYS, 9), dtype=np.float64)
        mood = np.floor(row * 0.4)
        rng = np.random.default_rng(4)
        parts = np.array([rng.multinomial(int(one), (0.6, 0.2, 0.2)) for one in row], float)
        parts[90] += split
        row[90] += sum(split)
        mood[90] += 2
        names = ("messenger", "zalo", "web")
        one = Series("b.dich_benh", row, row, mood, dict(zip(names, parts.T, strict=True)))
        return [alert.day for alert in build.alerts(build.panel(one, *_calm()))]

    assert year((2, 3, 2)) == [90]
    assert year((7, 0, 0)) == []


def test_days_without_data_and_a_short_warm_up_are_borne() -> None:
    made = _with("b.dich_benh", 90, [9], [8])
    holes = made.series[1].people.copy()
    holes[30:70] = np.nan
    rows = (made.series[0], replace(made.series[1], people=holes), *made.series[2:])
    assert [one.day for one in build.alerts(replace(made, series=rows, warmup=0))] == [90]


@pytest.mark.parametrize("days", [0, 1, 5])
def test_hardly_any_days_say_nothing(days: int) -> None:
    rows = [build.series("a.x", [50] * days, [50] * days)]
    assert build.alerts(build.panel(*rows, warmup=0)) == []
    assert build.alerts(Panel(build.START, days, 0, ())) == []


def test_zeros_for_a_year_say_nothing() -> None:
    rows = [build.series(f"a.{n}", [0] * 365, [0] * 365) for n in range(5)]
    assert build.alerts(build.panel(*rows)) == []


def test_the_warm_up_only_teaches() -> None:
    assert build.alerts(_with("b.dich_benh", 40, [30], [30])) == []


def test_it_knows_nothing_of_later_days() -> None:
    whole = _with("b.dich_benh", 80, [9, 12, 30, 4], [8, 11, 28, 3], level=0.4)
    told = [(one.code, one.day, one.level) for one in build.alerts(whole)]
    for last in (80, 81, 95):
        cut = tuple(
            replace(
                one, count=one.count[: last + 1], people=one.people[: last + 1],
                negative=one.negative[: last + 1] if one.negative is not None else None,
            )
            for one in whole.series
        )  # fmt: skip
        part = replace(whole, days=last + 1, series=cut)
        expected = [one for one in told if one[1] <= last]
        assert [(one.code, one.day, one.level) for one in build.alerts(part)] == expected
