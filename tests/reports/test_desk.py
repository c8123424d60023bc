"""A report from its frozen figures to the signature, on both databases."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.domain import period
from intake_api.domain.reporting import About, Kind, State
from intake_api.reports import desk, snapshot
from intake_api.store import Store, cases, erasing, events, reports
from intake_api.store.registers import Event
from intake_api.store.report_tables import ReportSnapshot
from intake_api.store.watch_tables import Alert
from intake_api.watch.model import Level
from tests.builders import make_staff, the_catalog
from tests.reports import house


@pytest.fixture
def people(store: Store) -> dict[str, Any]:
    return {
        name: make_staff(store, username=name, role=role, unit=unit)
        for name, role, unit in (
            ("vanphong", "coordinator", "VP"), ("vanphong2", "coordinator", "VP"),
            ("lanhdao", "leader", None), ("khtc", "lead", "KHTC"), ("khtc.cv", "handler", "KHTC"),
            ("kenhmat", "confidential_officer", None), ("quantri", "admin", None),
        )
    }  # fmt: skip


def actions(store: Store) -> list[str]:
    with store.reading() as tx:
        return list(tx.execute(sa.select(Event.action).order_by(Event.id)).scalars())


def test_from_draft_to_signature(store: Store, people: dict[str, Any]) -> None:
    house.add_cases(store, 40)
    number = house.make(store, people["vanphong"])
    report = house.get(store, number)
    assert (report.state, report.progress, report.due_on) == ("draft", 100, date(2027, 5, 10))
    assert "tiếp nhận 40 ý kiến" in report.sections["received"]
    with pytest.raises(desk.Refused, match="một người khác"):
        house.do(store, number, people["vanphong"], desk.check)
    with pytest.raises(desk.Refused, match="Còn 1 chỗ phải viết lại"):
        house.do(store, number, people["vanphong2"], desk.check)
    with pytest.raises(desk.Refused, match="đã được kiểm tra"):
        house.sign(store, number, people["lanhdao"])
    report = house.write(store, number, people["vanphong"], plans="Việc một.\n\nViệc hai.")
    assert report.edited == ["issues", "plans"]
    assert house.do(store, number, people["vanphong2"], desk.check).state == State.CHECKED
    with pytest.raises(desk.Refused, match="không còn ở bước soạn"):
        house.write(store, number, people["vanphong"])
    with pytest.raises(desk.Refused, match="Ghi lý do"):
        house.do(store, number, people["lanhdao"], desk.give_back, reason=" ")
    back = house.do(store, number, people["lanhdao"], desk.give_back, reason="Thiếu phụ lục")
    assert (back.state, back.returned) == (State.DRAFT, "Thiếu phụ lục")
    house.write(store, number, people["vanphong"])
    house.do(store, number, people["vanphong2"], desk.check)
    with pytest.raises(desk.Refused, match="Chỉ lãnh đạo"):
        house.sign(store, number, people["vanphong2"])
    signed = house.sign(store, number, people["lanhdao"])
    assert signed.state == State.SIGNED
    assert [one for one in actions(store) if one.startswith("report_")] == [
        "report_made", "report_frozen", "report_written", "report_checked", "report_returned",
        "report_written", "report_checked", "report_signed",
    ]  # fmt: skip
    with store.reading() as tx:
        assert list(events.verify(tx)) == []


def _signed(store: Store, people: dict[str, Any]) -> int:
    number = house.make(store, people["vanphong"])
    house.write(store, number, people["vanphong"])
    house.do(store, number, people["vanphong2"], desk.check)
    house.sign(store, number, people["lanhdao"])
    return number


def test_what_was_signed_stays_but_for_number_and_day(store: Store, people: dict[str, Any]) -> None:
    house.add_cases(store, 12)
    number = _signed(store, people)
    before = house.document(store, number)
    assert before.number == "Số:        /BC-SGDĐT"
    assert before.place_date == "Hà Nam, ngày       tháng 5 năm 2027"
    house.do(store, number, people["vanphong"], desk.number, given="8", day=date(2027, 5, 7))
    after = house.document(store, number)
    assert (after.number, after.place_date) == (
        "Số: 08/BC-SGDĐT", "Hà Nam, ngày 07 tháng 5 năm 2027",
    )  # fmt: skip
    assert (after.body, after.annexes) == (before.body, before.annexes)
    with pytest.raises(desk.Refused, match="cả số và ngày"):
        house.do(store, number, people["vanphong"], desk.number, given="9", day=None)
    with store.transaction() as tx:
        found = desk.find(tx, number, people["lanhdao"])
        found.document = {**(found.document or {}), "subject": "Khác"}
    with pytest.raises(desk.Refused, match="không còn khớp mã băm"):
        house.document(store, number)


def test_the_hash_is_printed_and_names_exactly_these_figures(
    store: Store, people: dict[str, Any]
) -> None:
    house.add_cases(store, 12)
    number = house.make(store, people["vanphong"])
    frozen = house.frozen(store, number)
    assert frozen.whole
    assert snapshot.digest(snapshot.canonical(frozen.body)) == frozen.sha256
    assert any(frozen.sha256 in words for words in house.document(store, number).words())
    with store.transaction() as tx:
        kept = tx.get(ReportSnapshot, house.get(store, number).snapshot_id)
        assert kept is not None
        kept.body = kept.body.replace('"value":12', '"value":13')
    assert not house.frozen(store, number).whole
    with pytest.raises(desk.Refused, match="không còn khớp mã băm"):
        house.document(store, number)


def test_every_figure_names_its_query_and_filter(store: Store, people: dict[str, Any]) -> None:
    house.add_cases(store, 40)
    number = house.make(store, people["vanphong"])
    figures = house.frozen(store, number).figures
    for one in figures["numbers"].values():
        assert one["query"]["id"]
    received = figures["numbers"]["received"]["query"]
    assert (received["count"], received["filter"]["from"]) == (40, "2026-11-01")
    document = house.document(store, number)
    named = {row[0] for row in document.annexes[1].blocks[-1].rows}
    assert named == {one["query"]["id"] for one in figures["numbers"].values()} | {
        *figures["tables"]
    }  # fmt: skip
    # Nobody has to guess what a number counts.
    sources = {row[0]: row[2] for row in document.annexes[1].blocks[-1].rows}
    assert sources["cases.carried"] == "nhận trước kỳ, chưa kết thúc lúc kỳ bắt đầu"
    assert sources["cases.received"].startswith("nhận từ 01/11/2026 đến 30/4/2027")
    assert "trong kỳ báo cáo" not in sources.values()
    # Every table of the text and of the annex is among them.
    for block in (*document.body, *document.annexes[0].blocks):
        note = getattr(block, "note", "")
        assert not note or note.split(": ")[1].split(".")[0] in named


def test_figures_taken_again_keep_what_somebody_wrote(store: Store, people: dict[str, Any]) -> None:
    house.add_cases(store, 10)
    number = house.make(store, people["vanphong"])
    first = house.frozen(store, number).sha256
    house.write(store, number, people["vanphong"], plans="Của người viết")
    house.add_cases(store, 5, unit="TCCB")
    house.do(store, number, people["vanphong"], desk.take_again)
    with pytest.raises(desk.Refused, match="đang được chốt"):
        house.write(store, number, people["vanphong"])
    told: list[int] = []
    snapshot.take(store, the_catalog(), number, now=house.NOW, told=told.append)
    assert told == sorted(set(told))
    assert told[0] == 5 and 80 in told and told[-1] == 95
    report = house.get(store, number)
    assert "tiếp nhận 15 ý kiến" in report.sections["received"]
    assert report.sections["plans"] == "Của người viết"
    assert house.frozen(store, number).sha256 != first


def test_numbers_of_cases_that_were_erased_since_stay(
    store: Store, people: dict[str, Any], services: Any
) -> None:
    from intake_api.flow import erasing as flow

    numbers = house.add_cases(store, 12)
    report = house.make(store, people["vanphong"])
    before = house.frozen(store, report)
    with store.transaction() as tx:
        case = cases.by_id(tx, numbers[1], lock=True)
        assert case is not None and case.state in erasing.ERASABLE
        flow.erase(tx, services, case, why="retention", now=house.NOW)
    after = house.frozen(store, report)
    assert (after.sha256, after.whole) == (before.sha256, True)
    assert after.figures["numbers"]["received"]["value"] == 12
    assert house.document(store, report).body
    # Counted anew, the tombstone is still among them.
    again = house.make(store, people["vanphong"], kind=Kind.ADHOC)
    assert house.frozen(store, again).figures["numbers"]["received"]["value"] == 12
    assert house.frozen(store, again).body["erased"] == before.body["erased"] + 1


def test_a_period_without_a_case_gives_a_whole_report(store: Store, people: dict[str, Any]) -> None:
    number = _signed(store, people)
    words = "\n".join(house.document(store, number).words())
    assert "Trong kỳ không tiếp nhận ý kiến nào" in words
    assert "{" not in words
    assert "Bảng 1" not in words


def test_sealed_cases_are_nowhere_but_as_the_lanes_counts(
    store: Store, people: dict[str, Any]
) -> None:
    house.add_cases(store, 10)
    house.add_cases(store, 9, confidential=True, kind="denunciation", unit="TTR")
    number = house.make(store, people["vanphong"])
    figures = json.dumps(house.frozen(store, number).figures)
    assert house.frozen(store, number).figures["numbers"]["received"]["value"] == 10
    assert "denunciation" not in figures and "TTR" not in figures
    lane = house.make(store, people["kenhmat"], of=About(sealed=True), kind=Kind.ADHOC)
    assert house.frozen(store, lane).figures["numbers"]["received"]["value"] == 9
    assert house.get(store, lane).once is None
    with store.reading() as tx:
        desk.find(tx, lane, people["lanhdao"])
        for name in ("vanphong", "khtc", "quantri"):
            with pytest.raises(KeyError):
                desk.find(tx, lane, people[name])
        with pytest.raises(KeyError):
            desk.find(tx, number, people["kenhmat"])


def test_a_units_report_counts_its_own_cases(store: Store, people: dict[str, Any]) -> None:
    house.add_cases(store, 40)
    number = house.make(store, people["khtc.cv"], of=About("KHTC"))
    document = house.document(store, number)
    assert house.frozen(store, number).figures["numbers"]["received"]["value"] == 20
    assert document.parent == "SỞ GIÁO DỤC VÀ ĐÀO TẠO"
    assert document.issuer == "PHÒNG KẾ HOẠCH - TÀI CHÍNH"
    assert document.number.endswith("/BC-KHTC")
    assert document.signature.titles == ("TRƯỞNG PHÒNG",)
    house.write(store, number, people["khtc.cv"])
    assert house.do(store, number, people["khtc"], desk.check).state == State.CHECKED
    with pytest.raises(desk.Refused, match="không lập"):
        house.make(store, people["khtc.cv"], of=About("CTTT"))
    with pytest.raises(desk.Refused, match="không lập"):
        house.make(store, people["khtc.cv"])


def test_one_report_of_a_period(store: Store, people: dict[str, Any]) -> None:
    house.make(store, people["vanphong"])
    with pytest.raises(desk.Refused, match="đã có, trạng thái: đang soạn"):
        house.make(store, people["vanphong2"])
    days = period.between(date(2027, 4, 1), date(2027, 4, 2))
    for _ in range(2):
        house.make(store, people["vanphong"], kind=Kind.ADHOC, period=days)


def test_incidents_that_people_declared_are_told_without_schools_and_words(
    store: Store, people: dict[str, Any]
) -> None:
    house.add_cases(store, 10)
    given = {"opened_at": house.NOW, "proposed": 3, "evidence": {}, "state": "closed"}
    with store.transaction() as tx:
        for kind, code, level, day in (
            ("topic", "dd.khoan_thu", Level.INCIDENT, date(2027, 3, 5)),
            ("school", "Trường Mẫu", Level.CRISIS, date(2027, 4, 1)),
            ("topic", "dd.hoc_phi", Level.WARNING, date(2027, 4, 2)),
            ("topic", "dd.hoc_phi", Level.INCIDENT, date(2027, 5, 2)),
        ):
            tx.add(Alert(kind=kind, code=code, level=int(level), day=day, **given))
    number = house.make(store, people["vanphong"])
    said = house.get(store, number).sections["issues"]
    assert "ghi nhận sự cố về các khoản thu, lạm thu (ngày 05/3/2027, đang xử lý)" in said
    assert "khủng hoảng về một nội dung được nhiều người nêu (ngày 01/4/2027" in said
    assert "Mẫu" not in said and "học phí" not in said.split("ghi nhận")[1] and "[" not in said
    unit = house.make(store, people["khtc"], of=About("KHTC"))
    assert "ghi nhận" not in house.get(store, unit).sections["issues"]


def test_a_draft_made_by_mistake_goes_away_on_record(store: Store, people: dict[str, Any]) -> None:
    mistake = house.make(store, people["khtc.cv"], of=About("KHTC"))
    with pytest.raises(KeyError):
        house.do(store, mistake, people["kenhmat"], desk.drop)
    with store.transaction() as tx:
        found = desk.find(tx, mistake, people["khtc"], lock=True)
        desk.drop(tx, found, desk.By(people["khtc"], house.NOW, found.version))
    with store.reading() as tx:
        assert reports.one(tx, mistake) is None
    assert actions(store)[-1] == "report_dropped"
    by_itself = house.make(store, None)
    with pytest.raises(desk.Refused, match="bản nháp do người dùng lập"):
        house.do(store, by_itself, people["vanphong"], desk.drop)


def test_an_old_version_changes_nothing(store: Store, people: dict[str, Any]) -> None:
    number = house.make(store, people["vanphong"])
    with pytest.raises(desk.Stale), store.transaction() as tx:
        report = desk.find(tx, number, people["vanphong2"], lock=True)
        desk.check(tx, report, desk.By(people["vanphong2"], house.NOW, report.version - 1))
    assert house.get(store, number).state == State.DRAFT


def test_figures_are_of_one_moment(store: Store) -> None:
    house.add_cases(store, 3)
    count = sa.text("SELECT count(*) FROM cases")
    with store.frozen() as tx:
        assert tx.execute(count).scalar_one() == 3
        house.add_cases(store, 2, unit="TCCB")
        assert tx.execute(count).scalar_one() == 3
    with store.reading() as tx:
        assert tx.execute(count).scalar_one() == 5
