"""What the figures say of cases, on both databases."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from intake_api.domain import ledger, period
from intake_api.domain.access import Scope
from intake_api.flow import clocks
from intake_api.reports import facts, figures
from intake_api.reports.shapes import Figures, Narrowed, Row
from intake_api.store import Store, ledgers, ratings
from intake_api.store import figures as reads
from intake_api.store.lane_tables import NamedPerson
from intake_api.store.ledgers import PauseEntry
from intake_api.store.registers import Gap
from intake_api.store.tables import Case
from tests.builders import NOW, make_staff, the_catalog
from tests.reports.rows import answered, put, row

NOVEMBER = period.month(2026, 11)
EVERYTHING = Scope(sealed=False, units=None)


def collect(store: Store, scope: Scope = EVERYTHING, **given: Any) -> Figures:
    with store.reading() as tx:
        wanted = {"period": NOVEMBER, **given}
        return figures.collect(tx, the_catalog(), wanted.pop("period"), scope, now=NOW, **wanted)


def rows_of(found: Figures, table: str) -> dict[str, Row]:
    return {one.code: one for one in found.tables[table].rows}


def received(found: Figures, table: str) -> dict[str, Any]:
    return {code: one.values[0] for code, one in rows_of(found, table).items()}


def test_an_empty_period_has_numbers_and_no_lines(store: Store) -> None:
    found = collect(store)
    assert found.numbers["received"].value == 0
    assert found.numbers["on_time_rate"].value is None
    assert found.tables["kind"].rows == () and not found.tables["kind"].withheld
    assert len(found.tables["week"].rows) == 5  # up to today


def test_cases_are_counted_by_what_they_are(store: Store) -> None:
    put(
        store,
        *[row(channel="zalo", level="thcs") for _ in range(6)],
        *[answered(kind="question", topic="i.ts_lop10", unit="KTQLCL") for _ in range(5)],
        row(received_at=NOW - timedelta(days=31)),
        row(received_at=NOW - timedelta(days=365)),
    )
    found = collect(store)
    number = found.numbers["received"]
    assert (number.value, number.previous, number.last_year) == (11, 1, 1)
    assert received(found, "channel") == {"web": 5, "zalo": 6}
    assert received(found, "kind") == {"criticism": 6, "question": 5}
    assert received(found, "group") == {"dd": 6, "i": 5}
    assert received(found, "topic") == {"dd.khoan_thu": 6, "i.ts_lop10": 5}
    assert rows_of(found, "topic")["i.ts_lop10"].group == "i"
    assert received(found, "unit") == {"KHTC": 6, "KTQLCL": 5}
    assert received(found, "level") == {"thcs": 6, "": 5}
    assert rows_of(found, "channel")["web"].values[1:3] == (1, 1)
    assert found.numbers["answered"].value == 5
    assert found.tables["unit"].total.values[0] == 11


def test_a_month_ends_at_local_midnight(store: Store) -> None:
    put(
        store,
        row(received_at=datetime(2026, 10, 31, 16, 59, tzinfo=UTC)),
        row(received_at=datetime(2026, 10, 31, 17, 0, tzinfo=UTC)),
    )
    assert collect(store).numbers["received"].value == 1
    assert collect(store, period=period.month(2026, 10)).numbers["received"].value == 1


def test_a_period_that_has_not_ended_is_compared_with_as_many_days(store: Store) -> None:
    put(store, *[row(received_at=NOW - timedelta(days=days)) for days in (1, 25, 31, 365, 360)])
    found = collect(store)  # on the 23rd of November
    number = found.numbers["received"]
    assert (number.value, number.previous, number.last_year) == (1, 1, 1)
    assert [one.title for one in found.compared] == [
        "23 ngày đầu tháng 10/2026", "23 ngày đầu tháng 11/2025",
    ]  # fmt: skip
    assert found.numbers["received"].query.filter["to"] == "2026-11-30"


def test_deadlines_count_when_they_are_met_or_have_run_out(store: Store) -> None:
    day = timedelta(days=1)
    put(
        store,
        answered(day),
        answered(20 * day, received_at=NOW - 21 * day, state="closed", closed_at=NOW),
        row(received_at=NOW - 16 * day, due_at=NOW - day),  # late and open
        row(due_at=NOW + day),  # its time has not come
        row(kind="praise"),  # nobody waits
        row(due_at=NOW - day, paused_at=NOW - 2 * day, state="awaiting_citizen",
            received_at=NOW - 16 * day),  # it waited before it was due
        row(due_at=NOW - day, closed_at=NOW, state="merged", received_at=NOW - 3 * day),
    )  # fmt: skip
    numbers = collect(store).numbers
    assert (numbers["on_time"].value, numbers["due"].value) == (1, 3)
    assert numbers["on_time_rate"].value == 33.3
    assert (numbers["open"].value, numbers["open_late"].value) == (4, 1)


def test_spam_is_no_opinion_and_a_tombstone_still_is_one(store: Store) -> None:
    put(
        store,
        row(state="rejected_spam"),
        row(kind="spam", state="closed"),
        row(state="erased", ended_as="rejected_spam"),
        answered(state="erased", ended_as="closed"),
        row(state="erased", ended_as="forwarded_outside"),
    )
    numbers = collect(store).numbers
    assert (numbers["received"].value, numbers["spam"].value) == (2, 3)
    assert (numbers["erased"].value, numbers["forwarded"].value) == (2, 1)


def test_what_was_carried_over_and_what_ended(store: Store) -> None:
    october = NOW - timedelta(days=40)
    put(
        store,
        row(received_at=october),
        answered(timedelta(days=30), received_at=october),
        answered(timedelta(days=1), received_at=october),
        answered(timedelta(days=1), received_at=NOW - timedelta(days=3)),
    )
    numbers = collect(store).numbers
    assert (numbers["carried"].value, numbers["finished"].value) == (2, 2)
    assert numbers["carried"].query.filter == {}


def test_satisfaction_and_reopening(store: Store) -> None:
    first, second, _third = put(store, answered(), answered(reopened=1), answered())
    with store.transaction() as tx:
        ratings.rate(tx, first, 5, NOW)
        ratings.rate(tx, second, 2, NOW)
    numbers = collect(store).numbers
    assert (numbers["satisfaction"].value, numbers["rated"].value) == (3.5, 2)
    assert numbers["satisfied_rate"].value == 50.0
    assert (numbers["reopened"].value, numbers["reopened_rate"].value) == (1, 33.3)


def test_working_time_is_the_clock_of_the_case(store: Store) -> None:
    """Against the rule that explains a case's date to an officer, over moments of a whole year."""
    rng = random.Random(7)
    start = datetime(2026, 1, 5, 1, tzinfo=UTC)

    def moment(after: datetime, most: int) -> datetime:
        return after + timedelta(minutes=rng.randrange(1, most * 24 * 60))

    rows = []
    for _ in range(60):
        got = moment(start, 300)
        rows.append(row(received_at=got, first_response_at=moment(got, 9),
                        answered_at=moment(got, 30), state="answered"))  # fmt: skip
    numbers = put(store, *rows)
    with store.transaction() as tx:
        for number, one in zip(numbers, rows, strict=True):
            for _ in range(rng.randrange(3)):
                since = moment(one["received_at"] - timedelta(days=1), 20)
                until = moment(since, 9) if rng.random() < 0.8 else None
                tx.add(
                    PauseEntry(case_id=number, why="citizen", asked="", since=since, until=until)
                )
    calendar = the_catalog().calendar
    with store.reading() as tx:
        known = facts.facts(reads.read(tx), the_catalog())
        for place, one in enumerate(rows):
            expected = ledger.consumed(
                calendar, one["received_at"], ledgers.pauses(tx, numbers[place]), one["answered_at"]
            )
            assert known.answer[place] == pytest.approx(expected.total_seconds() / 60, abs=1.1)
            case = tx.get_one(Case, numbers[place])
            ended = clocks.ended_at(case)
            assert ended is not None and int(ended.timestamp()) == known.ended[place]


def test_medians_leave_out_what_has_no_answer_yet(store: Store) -> None:
    monday = datetime(2026, 11, 2, 1, tzinfo=UTC)  # eight in the morning
    put(
        store,
        *[answered(timedelta(hours=hours), received_at=monday) for hours in (1, 2, 3)],
        row(received_at=monday),
    )
    numbers = collect(store).numbers
    assert (numbers["answer_median"].value, numbers["answer_median"].of) == (120, 3)
    assert numbers["answer_p90"].value == 168
    assert numbers["first_median"].value == 60


def test_a_unit_counts_its_own_cases_only(store: Store) -> None:
    put(store, *[row() for _ in range(3)], row(unit="CTTT"))
    found = collect(store, Scope(sealed=False, units=("CTTT",)))
    assert found.numbers["received"].value == 1
    assert "sealed" not in found.numbers and "questions" not in found.numbers
    assert collect(store, Scope(sealed=False, units=())).numbers["received"].value == 0


def test_sealed_cases_are_a_count_from_five_on_and_the_lane_counts_its_own(store: Store) -> None:
    october = NOW - timedelta(days=33)
    sealed = [row(confidential=True, kind="denunciation", received_at=october) for _ in range(5)]
    put(store, row(received_at=october), *sealed[:4])
    given = {"period": period.month(2026, 10)}
    found = collect(store, **given)
    assert (found.numbers["sealed"].value, found.numbers["sealed"].hidden) == (None, True)
    put(store, sealed[4])
    found = collect(store, **given)
    assert found.numbers["sealed"].value == 5
    assert found.numbers["received"].value == 1
    assert "denunciation" not in json.dumps(found.plain()["tables"])
    assert "sealed" not in collect(store, narrowed=Narrowed(kind="denunciation"), **given).numbers
    lane = collect(store, Scope(sealed=True, units=None), **given)
    assert lane.numbers["received"].value == 5


def test_a_case_that_names_somebody_is_not_counted_for_them(store: Store) -> None:
    first, _second = put(store, row(), row())
    staff = make_staff(store, role="leader", unit=None)
    with store.transaction() as tx:
        tx.add(NamedPerson(case_id=first, staff_id=staff.id))
    assert collect(store).numbers["received"].value == 2
    asked = Scope(sealed=False, units=None, staff_id=staff.id)
    assert collect(store, asked).numbers["received"].value == 1


def test_few_cases_of_a_place_are_hidden_and_cannot_be_worked_out(store: Store) -> None:
    put(
        store,
        *[row(district="Phủ Lý") for _ in range(9)],
        *[row(district="Kim Bảng") for _ in range(3)],
        *[row(district="Lý Nhân") for _ in range(6)],
    )
    found = collect(store)
    lines = rows_of(found, "district")
    assert {code for code, one in lines.items() if one.hidden} == {"Kim Bảng", "Lý Nhân"}
    for code in ("Kim Bảng", "Lý Nhân"):
        assert set(lines[code].values) == {None}
        assert (lines[code].query.count, lines[code].query.filter) == (None, {})
    assert found.tables["district"].total.values[0] == 18
    assert received(found, "unit") == {"KHTC": 18}  # a unit is no child


def test_nothing_is_told_where_nothing_could_stay_hidden(store: Store) -> None:
    put(store, *[row(district="Kim Bảng", level="thcs") for _ in range(3)])
    found = collect(store)
    assert found.tables["district"].withheld and found.tables["district"].rows == ()
    assert found.tables["district"].total.hidden
    assert found.numbers["received"].value == 3
    close = collect(store, narrowed=Narrowed(district="Kim Bảng"))
    assert close.numbers["received"].hidden and close.numbers["received"].value is None
    assert close.numbers["received"].query.filter == {}
    assert all(table.withheld for name, table in close.tables.items() if table.rows == ())


def test_topics_of_children_are_hidden_with_what_would_tell_of_them(store: Store) -> None:
    put(
        store,
        *[row(topic="b.bao_luc_hoc_duong") for _ in range(2)],
        *[row(topic="b.dich_benh") for _ in range(4)],
        *[row(topic="dd.khoan_thu") for _ in range(3)],
    )
    found = collect(store)
    topics, groups = rows_of(found, "topic"), rows_of(found, "group")
    assert topics["b.bao_luc_hoc_duong"].hidden and topics["b.dich_benh"].hidden
    assert not topics["dd.khoan_thu"].hidden and topics["dd.khoan_thu"].values[0] == 3
    assert groups["b"].values[0] == 6


def test_for_the_public_every_small_count_is_hidden(store: Store) -> None:
    put(store, *[row() for _ in range(3)], *[row(unit="CTTT") for _ in range(8)])
    assert received(collect(store), "unit") == {"CTTT": 8, "KHTC": 3}
    lines = rows_of(collect(store, public=True), "unit")
    assert all(one.hidden for one in lines.values())


def test_questions_are_counted_and_what_the_assistant_knew(store: Store) -> None:
    with store.transaction() as tx:
        for _ in range(6):
            reads.note_answer(tx, slug="lop-10", channel="web", now=NOW)
        for picked in (None, "lop-10"):
            tx.add(Gap(at=NOW, text_masked="", decision="suggest", offered=["lop-10"],
                       picked=picked, channel="zalo"))  # fmt: skip
    numbers = collect(store).numbers
    assert (numbers["questions"].value, numbers["bot_answered"].value) == (8, 7)
    assert (numbers["bot_rate"].value, numbers["gaps"].value) == (87.5, 1)
    assert collect(store, narrowed=Narrowed(channel="zalo")).numbers["questions"].value == 2
    assert "questions" not in collect(store, narrowed=Narrowed(kind="question")).numbers


def test_what_is_frozen_is_plain_and_the_same_every_time(store: Store) -> None:
    put(store, *[answered(level="th") for _ in range(6)])
    first, second = (
        json.dumps(collect(store).plain(), sort_keys=True, allow_nan=False) for _ in range(2)
    )
    assert first == second
    assert json.loads(first) == collect(store).plain()
    assert collect(store).numbers["received"].query.filter == {
        "state": "all", "counted": "1", "from": "2026-11-01", "to": "2026-11-30",
    }  # fmt: skip


def test_narrowing_and_what_it_leaves_of_the_tables(store: Store) -> None:
    put(store, *[row(channel="zalo") for _ in range(2)], row(topic="i.de_thi"))
    found = collect(store, narrowed=Narrowed(group="dd"))
    assert found.numbers["received"].value == 2
    assert "group" not in found.tables and "topic" in found.tables
    assert (
        collect(store, narrowed=Narrowed(topic="i.de_thi", channel="zalo"))
        .numbers["received"]
        .value
        == 0
    )
    assert rows_of(found, "channel")["zalo"].query.filter["group"] == "dd"


def test_a_year_of_days_is_told_by_month_and_a_month_by_week(store: Store) -> None:
    put(store, row(received_at=NOW), row(received_at=NOW - timedelta(days=200)))
    year = collect(store, period=period.between(date(2026, 1, 1), date(2026, 12, 31)))
    assert sum(n or 0 for n in received(year, "month").values()) == 2
    assert len(year.tables["month"].rows) == 11
    assert sum(n or 0 for n in received(year, "week").values()) == 2
    assert "month" not in collect(store).tables
    day = collect(store, period=period.between(date(2026, 11, 23), date(2026, 11, 23)))
    assert "week" not in day.tables


def test_codes_that_are_known_keep_their_place(store: Store) -> None:
    put(store, row(channel="web"), row(channel="zalo"))
    with store.reading() as tx:
        first = reads.read(tx)
        again = reads.read_again(tx, [int(first.id[1])], first.words)
    assert np.array_equal(again.of["channel"], first.of["channel"][1:])
    assert again.words is first.words
