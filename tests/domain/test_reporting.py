"""Periods, days and permissions of reports."""

from __future__ import annotations

from datetime import date

import pytest

from intake_api.domain import catalog, reporting
from intake_api.domain.period import PeriodProblem
from intake_api.domain.reporting import About, Kind
from tests.builders import the_catalog

RULES, CALENDAR = the_catalog().reports, the_catalog().calendar
TODAY = date(2026, 11, 23)


def due(kind: Kind, day: date) -> reporting.Due:
    found = reporting.due(RULES, CALENDAR, kind, reporting.ending_in(RULES, kind, day))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "title"),
    [
        (Kind.MONTH, TODAY, (2026, 10, 1), (2026, 10, 31), "tháng 10/2026"),
        (Kind.QUARTER, TODAY, (2026, 7, 1), (2026, 9, 30), "quý III/2026"),
        (Kind.HALF, date(2027, 5, 1), (2026, 11, 1), (2027, 4, 30), "6 tháng đầu năm 2027"),
        (Kind.HALF, date(2027, 4, 30), (2025, 11, 1), (2026, 4, 30), "6 tháng đầu năm 2026"),
        (Kind.YEAR, TODAY, (2025, 11, 1), (2026, 10, 31), "năm 2026"),
    ],
)
def test_the_newest_period_that_has_ended(
    kind: Kind, day: date, first: tuple[int, ...], last: tuple[int, ...], title: str
) -> None:
    found = reporting.ending_in(RULES, kind, day)
    assert (found.first, found.last, found.title) == (date(*first), date(*last), title)


def test_the_days_of_the_plan() -> None:
    half, year = due(Kind.HALF, date(2027, 5, 1)), due(Kind.YEAR, TODAY)
    assert (half.day, year.day) == (date(2027, 5, 10), date(2026, 11, 10))
    # 8 and 9 May 2027 are a Saturday and a Sunday.
    assert (half.last, year.last) == (date(2027, 5, 7), date(2026, 11, 9))
    assert half.words() == "trước ngày 10/5/2027 (chậm nhất thứ Sáu, 7/5/2027)"
    assert due(Kind.MONTH, TODAY).words() == "chậm nhất thứ Sáu, 6/11/2026"
    year_of = reporting.fixed(RULES, Kind.YEAR, 2026)
    assert reporting.due(RULES, CALENDAR, Kind.ADHOC, year_of) is None


def test_reminders_count_working_days_over_holidays() -> None:
    # 30 April and 1 May are holidays, 3 May 2027 is the day in lieu.
    assert reporting.reminders(RULES, CALENDAR, date(2027, 5, 10)) == {
        10: date(2027, 4, 22), 3: date(2027, 5, 5),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "ahead"),
    [
        (date(2027, 4, 21), None), (date(2027, 4, 22), 10), (date(2027, 5, 4), 10),
        (date(2027, 5, 5), 3), (date(2027, 5, 7), 3), (date(2027, 5, 8), 0),
        (date(2027, 6, 8), 0), (date(2027, 6, 12), None),
    ],
)  # fmt: skip
def test_what_is_told_of_the_half_years_report(day: date, ahead: int | None) -> None:
    found = [one for one in reporting.coming(RULES, CALENDAR, day) if one.kind == Kind.HALF]
    assert [one.ahead for one in found] == ([] if ahead is None else [ahead])
    assert all(one.key == "half:2027-04-30" for one in found)


def chosen(kind: Kind, **given: object) -> reporting.Period:
    form = {"year": 2026, "number": 0, "first": "", "last": "", "today": TODAY, **given}
    return reporting.chosen(RULES, kind, **form)  # type: ignore[arg-type]


def test_a_period_that_somebody_chose() -> None:
    assert chosen(Kind.MONTH, number=10).code == "2026-10"
    assert chosen(Kind.QUARTER, number=3).code == "2026-Q3"
    assert chosen(Kind.YEAR).last == date(2026, 10, 31)
    assert chosen(Kind.ADHOC, first="2026-11-01", last="2026-11-22").first == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (Kind.ADHOC, {"first": "2026-11-10", "last": "2026-11-01"}, "đứng sau ngày kết thúc"),
        (Kind.ADHOC, {"first": "", "last": "2026-11-01"}, "Chưa có ngày bắt đầu"),
        (Kind.ADHOC, {"first": "2026-11-01", "last": "2026-11-23"}, "chưa kết thúc"),
        (Kind.MONTH, {"number": 11}, "chưa kết thúc"), (Kind.MONTH, {"number": 13}, "1 đến 12"),
        (Kind.QUARTER, {"number": 5}, "1 đến 4"), (Kind.YEAR, {"year": 20260}, "bốn chữ số"),
        (Kind.HALF, {"year": 2027}, "chưa kết thúc"),
    ],
)  # fmt: skip
def test_a_period_that_is_none_is_one_sentence(
    kind: Kind, given: dict[str, object], said: str
) -> None:
    with pytest.raises(PeriodProblem, match=said):
        chosen(kind, **given)


WHOLE, UNIT, LANE = About(), About("KHTC"), About(sealed=True)
ROLES = (
    ("coordinator", "VP"), ("leader", None), ("lead", "KHTC"), ("handler", "KHTC"),
    ("lead", "CTTT"), ("confidential_officer", None), ("editor", None), ("admin", None),
    ("service", None), ("lead", None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("about", "makes", "reads"),
    [
        (WHOLE, {0}, {0, 1}), (UNIT, {0, 2, 3}, {0, 1, 2, 3}), (LANE, {5}, {1, 5}),
    ],
)  # fmt: skip
def test_who_makes_and_reads(about: About, makes: set[int], reads: set[int]) -> None:
    numbers = range(len(ROLES))
    assert {n for n in numbers if reporting.may_make(*ROLES[n], about)} == makes
    assert {n for n in numbers if reporting.may_read(*ROLES[n], about)} == reads
    for n in numbers:
        whole, units, lane = reporting.listed(*ROLES[n])
        sees = lane if about.sealed else whole if about.unit is None else (
            units is None or about.unit in units
        )  # fmt: skip
        assert sees == (n in reads)


def test_nobody_checks_or_signs_their_own_and_only_leaders_sign() -> None:
    assert reporting.may_check("coordinator", "VP", WHOLE, staff_id=2, written_by=1)
    assert not reporting.may_check("coordinator", "VP", WHOLE, staff_id=1, written_by=1)
    assert not reporting.may_check("handler", "KHTC", UNIT, staff_id=2, written_by=1)
    assert not reporting.may_check("lead", "CTTT", UNIT, staff_id=2, written_by=1)
    signs = [role for role, _unit in ROLES if reporting.may_sign(role, staff_id=2, written_by=1)]
    assert signs == ["leader"]
    assert not reporting.may_sign("leader", staff_id=1, written_by=1)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{received} ý kiến", "{recieved} ý kiến", "names {recieved}"),
        ("before: \"05-10\"", "before: \"05-32\"", "report half"),
        ("within: 5wd", "within: 5cd", "counted in wd"),
        ("remind: [10, 3]", "remind: [ten]", "remind are numbers"),
        ("tables: [summary]", "tables: [sumary]", "no table sumary"),
        ("  place: Hà Nam\n", "", "place is missing"),
        ("    level: lead", "    level: led", "are needed"),
    ],
)  # fmt: skip
def test_a_wrong_catalogue_names_file_and_fault(
    tmp_path: object, before: str, after: str, said: str
) -> None:
    import shutil
    from pathlib import Path

    from intake_api.settings import ROOT

    folder = Path(str(tmp_path)) / "catalog"
    shutil.copytree(ROOT / "intake_api" / "catalog", folder)
    text = (folder / "reports.yml").read_text(encoding="utf-8")
    assert before in text
    (folder / "reports.yml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(catalog.CatalogError, match=said) as caught:
        catalog.load(folder)
    assert all(one.file == "reports.yml" for one in caught.value.problems)
