"""Who is told what: holders, leads, coordinators, deputies; never who may not see."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from intake_api.domain import reminding
from intake_api.domain.reminding import Kind, Matter, Person, Told, Way
from tests import builders

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 11, 23)
ALL = {
    one.id: one
    for one in (
        Person(1, "handler", "KHTC"), Person(2, "handler", "KHTC"), Person(3, "lead", "KHTC"),
        Person(4, "coordinator", "VP"), Person(5, "lead", "CTTT"), Person(6, "admin", None),
        Person(7, "confidential_officer", None), Person(8, "leader", None),
    )
}  # fmt: skip
OWN = Matter("KHTC", False, 1)
FREE = Matter("KHTC", False, None)
SEALED = Matter("KHTC", True, None)


def told(kind: Kind, matter: Matter, people: dict[int, Person] | None = None) -> set[int]:
    return {one.person for one in reminding.told(kind, matter, people or ALL, day=DAY)}


@pytest.mark.parametrize(
    ("kind", "matter", "wanted"),
    [
        (Kind.DUE_SOON, OWN, {1}), (Kind.OVERDUE, OWN, {1}), (Kind.DUE_SOON, FREE, {3}),
        (Kind.LATE_LEAD, OWN, {3}), (Kind.LATE_COORDINATOR, OWN, {4}), (Kind.ARRIVED, FREE, {3}),
        (Kind.ARRIVED, Matter("TCCB", False, None), {4}), (Kind.WROTE, OWN, {1}),
    ],
)  # fmt: skip
def test_each_step_has_its_person(kind: Kind, matter: Matter, wanted: set[int]) -> None:
    assert told(kind, matter) == wanted


def test_who_decides_is_told_of_what_waits_for_them() -> None:
    assert told(Kind.DECIDE, OWN) == {3}
    lead_asks = reminding.told(Kind.DECIDE, OWN, ALL, day=DAY, by=3)
    assert [one.person for one in lead_asks] == [8]
    assert reminding.from_event("extension_asked", "staff:1", {}) == Kind.DECIDE
    assert reminding.from_event("draft_answer", "staff:1", {"from": "routed"}) == Kind.DECIDE
    assert reminding.from_event("draft_answer", "staff:1", {"from": "answer_drafted"}) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_of_sealed_matters_only_the_confidential_officer_is_told(kind: Kind) -> None:
    assert told(kind, SEALED) == {7}
    assert told(kind, Matter("KHTC", True, 1)) == {7}


def test_nobody_is_told_of_what_they_did_themselves() -> None:
    assert reminding.told(Kind.ARRIVED, FREE, ALL, day=DAY, by=3) == []


def _away(deputy: int | None, **changes: object) -> dict[int, Person]:
    gone = Person(1, "handler", "KHTC", deputy=deputy, away=(DAY, date(2026, 11, 27)))
    return {**ALL, 1: gone}


def test_a_deputy_is_told_instead_while_somebody_is_away() -> None:
    found = reminding.told(Kind.DUE_SOON, OWN, _away(2), day=DAY)
    assert Told(2, Kind.DUE_SOON, instead_of=1) in found
    found = reminding.told(Kind.DUE_SOON, OWN, _away(2), day=date(2026, 11, 28))
    assert found == [Told(1, Kind.DUE_SOON)]


def test_a_deputy_who_may_not_see_the_case_is_not_told() -> None:
    assert told(Kind.DUE_SOON, OWN, _away(5)) == {1}
    assert told(Kind.DUE_SOON, OWN, _away(None)) == {1}


def test_whom_a_case_names_is_not_told_of_it_and_somebody_else_is() -> None:
    assert told(Kind.ARRIVED, Matter("KHTC", False, None, {3})) == {4}
    assert told(Kind.OVERDUE, Matter("KHTC", False, 1, {1})) == {3}
    assert told(Kind.DUE_SOON, Matter("KHTC", False, 1, {2}), _away(2)) == {1}
    assert told(Kind.ARRIVED, Matter("KHTC", True, None, {7})) == set()


def test_who_may_stand_in_for_whom() -> None:
    may = {
        (mine.id, other.id)
        for mine in ALL.values()
        for other in ALL.values()
        if reminding.may_stand_in(mine, other)
    }
    assert {(1, 2), (1, 3), (1, 4), (3, 4), (4, 8)} <= may
    assert not {(1, 5), (7, 3), (3, 7), (6, 1), (1, 6), (1, 1), (4, 3), (8, 1)} & may


def test_steps_follow_working_days() -> None:
    calendar = builders.the_catalog().calendar

    def at(day: int, hour: int = 17) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=HANOI)

    due = at(20)  # a Friday
    assert reminding.stages(calendar, due, at(18, 10)) == []
    assert reminding.stages(calendar, due, at(19, 18)) == [Kind.DUE_SOON]
    assert reminding.stages(calendar, due, at(22)) == [Kind.OVERDUE]  # the weekend counts for none
    assert reminding.stages(calendar, due, at(23, 18)) == [Kind.OVERDUE, Kind.LATE_LEAD]
    # The 24th is a holiday.
    assert reminding.stages(calendar, due, at(25, 18))[-1] == Kind.LATE_LEAD
    assert reminding.stages(calendar, due, at(26, 18))[-1] == Kind.LATE_COORDINATOR
    assert reminding.stages(calendar, None, at(25)) == []


def test_nobody_chooses_about_what_never_reaches_them() -> None:
    assert reminding.choices("admin") == (Kind.DECIDE,)
    assert reminding.choices("editor") == (Kind.FAQ,)
    for person in ALL.values():
        for kind in list(Kind)[:8]:  # those of cases
            for matter in (OWN, SEALED):
                told_now = {one.person for one in reminding.told(kind, matter, ALL, day=DAY)}
                assert person.id not in told_now or kind in reminding.choices(person.role)
    # Who may stand in for a leader or a coordinator gets theirs.
    assert set(reminding.choices("leader")) == set(reminding.choices("coordinator")) == set(Kind)


def test_each_person_chooses_and_sealed_matters_are_told_at_once() -> None:
    assert Person(1, "handler", "KHTC").way(Kind.ARRIVED) == Way.DIGEST
    assert Person(7, "confidential_officer", None).way(Kind.ARRIVED) == Way.MAIL
    chosen = Person(1, "handler", "KHTC", ways={"arrived": "bench", "overdue": "drum"})
    assert chosen.way(Kind.ARRIVED) == Way.BENCH
    assert chosen.way(Kind.OVERDUE) == Way.MAIL  # a choice that is none is no choice
