"""The bell, the list of notices, and each person's choices."""

from __future__ import annotations

from typing import Any

from intake_api.flow import reminding
from intake_api.store import notices, registry
from tests import builders
from tests.staff import house

LIST, SETTINGS = "/can-bo/thong-bao", "/can-bo/thong-bao/cach-nhac"
GOOD = {"email": "lan@example.edu.vn", "digest": "1", "away_from": "", "away_to": "", "deputy": ""}


def look(app: Any) -> None:
    with house.services_of(app).store.transaction() as tx:
        reminding.from_events(tx, now=builders.NOW)


def test_the_bell_counts_and_the_list_leads_to_the_case(app: Any) -> None:
    desk = house.desk(app)
    assert "Chưa có thông báo nào" in desk.get(LIST)
    look(app)
    case = house.make_case(app)
    look(app)
    page = desk.get("/can-bo/")
    assert "Thông báo: 1 chưa đọc" in page
    page = desk.get(LIST)
    assert case.code in page
    assert "Ý kiến mới của đơn vị" in page
    with house.services_of(app).store.reading() as tx:
        staff = registry.staff_by_username(tx, "khtc")
        assert staff is not None
        ((note, _case),) = notices.of_person(tx, staff.id)
    sent = desk.post(f"{LIST}/{note.id}")
    assert sent.location.endswith(case.code)
    assert "chưa đọc" not in desk.get("/can-bo/")


def test_a_case_that_is_sealed_by_now_is_not_named(app: Any) -> None:
    desk = house.desk(app)
    look(app)
    case = house.make_case(app)
    look(app)
    with house.services_of(app).store.transaction() as tx:
        tx.merge(case).confidential = True
    assert case.code not in desk.get(LIST)
    assert desk.post(f"{LIST}/1").location == LIST


def test_nobody_opens_or_reads_away_the_notices_of_another(app: Any) -> None:
    desk = house.desk(app)
    other = house.desk(app, "vanphong", "coordinator", "VP")
    look(app)
    house.make_case(app)
    look(app)
    other.get(LIST)
    assert other.post(f"{LIST}/1").location == LIST
    other.post(f"{LIST}/da-doc")
    assert "1 chưa đọc" in desk.get("/can-bo/")


def test_choices_are_kept_and_wrong_ones_told(app: Any) -> None:
    desk = house.desk(app)
    house.desk(app, "khtc.cv", "handler", "KHTC")
    house.desk(app, "cttt", "lead", "CTTT")
    page = desk.get(SETTINGS)
    assert "Người thử khtc.cv" in page
    assert "Người thử cttt" not in page  # does not see this unit's cases
    assert "Quá hạn trả lời" in page
    assert "Đề nghị chờ người thứ hai duyệt" not in page  # no lead decides about accounts
    for change, words in (
        ({"email": "lan@"}, "cần dạng"), ({"away_from": "2026-12-01"}, "cả ngày bắt đầu"),
        ({"away_from": "2026-12-05", "away_to": "2026-12-01"}, "sau ngày bắt đầu"),
        ({"away_from": "2026-10-01", "away_to": "2026-10-02"}, "đã qua"),
        ({"deputy": "3"}, "trong danh sách"), ({"deputy": "abc"}, "trong danh sách"),
    ):  # fmt: skip
        page = desk.post(SETTINGS, 422, **{**GOOD, **change}).get_data(as_text=True)
        assert words in page
    desk.get(SETTINGS)
    desk.post(
        SETTINGS, **{**GOOD, "away_from": "2026-12-01", "away_to": "2026-12-05", "deputy": "2",
                     "arrived": "mail", "overdue": "nonsense"}
    )  # fmt: skip
    page = desk.get(SETTINGS)
    assert 'value="lan@example.edu.vn"' in page
    with house.services_of(app).store.reading() as tx:
        reach = notices.reaches(tx)[1]
    assert (reach.deputy_id, reach.ways) == (2, {"arrived": "mail"})


def test_a_notice_of_something_else_than_a_case_leads_where_it_says(app: Any) -> None:
    desk, away = house.desk(app), house.desk(app, "khtc2", "lead", "KHTC")
    store = house.services_of(app).store
    with store.transaction() as tx:
        staff, other = (registry.staff_by_username(tx, name) for name in ("khtc", "khtc2"))
        assert staff is not None
        assert other is not None
        reach = notices.reach(tx, staff.id)
        reach.deputy_id, reach.away_from = other.id, builders.NOW.date()
        reach.away_to = builders.NOW.date()
        told = {"words": "Báo cáo tháng 10/2026 đến hạn", "path": "/can-bo/mat-khau", "once": "r:1"}
        for wanted in (2, 0):  # told once only
            made = reminding.tell_people(
                tx, reminding.Kind.REPORT, [staff.id, 999], now=builders.NOW, **told
            )
            assert made == wanted
    assert "thay Người thử khtc đang vắng" in away.get(LIST)
    page = desk.get(LIST)
    assert "Báo cáo tháng 10/2026 đến hạn" in page
    with store.reading() as tx:
        ((note, case),) = notices.of_person(tx, staff.id)
    assert case is None
    assert desk.post(f"{LIST}/{note.id}").location == "/can-bo/mat-khau"
    assert "chưa đọc" not in desk.get("/can-bo/")
