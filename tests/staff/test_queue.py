"""The queue: order, filters in the address, search, pages, export."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.staff import queue
from intake_api.store import cases
from intake_api.store.registers import Event
from tests import builders
from tests.staff import house


def change(app: Any, code: str, **values: Any) -> None:
    with house.services_of(app).store.transaction() as tx:
        case = cases.by_code(tx, code)
        assert case is not None
        for name, value in values.items():
            setattr(case, name, value)


def codes(page: str) -> list[str]:
    """Codes of the rows, in order."""
    return [
        node.text
        for node in house.lint(page).iter("span")
        if node.get("class") == "st-code" and node.text.startswith("PA-")
    ]


@pytest.fixture
def desk(app: Any) -> house.Desk:
    return house.desk(app, "vanphong", "coordinator", "VP")


def test_urgent_first_then_due_first(app: Any, desk: house.Desk) -> None:
    late, soon, none, urgent = (house.make_case(app).code for _ in range(4))
    now = builders.NOW
    change(app, late, due_at=now - timedelta(days=1))
    change(app, soon, due_at=now + timedelta(hours=3))
    change(app, none, due_at=None)
    change(app, urgent, urgent=True, due_at=now + timedelta(days=9))
    page = desk.get("/can-bo/")
    assert codes(page) == [urgent, late, soon, none]
    for words in ("quá hạn 1 ngày", "hôm nay, còn 3 giờ", "không đặt hạn", "Khẩn"):
        assert words in page
    assert "16h00 Chủ nhật" not in page
    assert (
        'title="9h00 Chủ nhật, 22/11/2026"' in page or 'title="09h00 Chủ nhật, 22/11/2026"' in page
    )


def test_open_cases_are_the_default(app: Any, desk: house.Desk) -> None:
    first, ended = house.make_case(app).code, house.make_case(app).code
    change(app, ended, state="closed", closed_at=builders.NOW, outcome="noted")
    assert codes(desk.get("/can-bo/")) == [first]
    assert set(codes(desk.get("/can-bo/?state=all"))) == {first, ended}
    page = desk.get("/can-bo/?state=closed")
    assert codes(page) == [ended]
    assert "kết thúc 9h00" in page


def test_filters_combine(app: Any, desk: house.Desk) -> None:
    fees = house.make_case(app).code
    bullied = house.make_case(app, house.BULLYING, channel="form").code
    change(app, fees, due_at=builders.NOW - timedelta(days=1))
    for query, wanted in (
        ("unit=CTTT", [bullied]),
        ("topic=dd.khoan_thu", [fees]),
        ("channel=form", [bullied]),
        ("channel=form&topic=dd.khoan_thu", []),
        ("kind=criticism&overdue=1", [fees]),
        ("overdue=1&unit=CTTT", []),
        ("mine=1", []),
        ("unassigned=1", [fees, bullied]),
        ("kind=khong-co&unit=XYZ&page=-3", [fees, bullied]),
        ("page=99999", [fees, bullied]),
    ):
        assert codes(desk.get(f"/can-bo/?{query}")) == wanted, query
    page = desk.get("/can-bo/?channel=form&q=truong")
    assert 'name="q" value="truong"' in page  # the search goes on while filters change
    assert "channel=form&amp;overdue=1" in page or "overdue=1" in page


def test_search_with_and_without_marks_and_by_code(app: Any, desk: house.Desk) -> None:
    case = house.make_case(app)
    house.make_case(app, house.BULLYING)
    spaced = case.code.lower().replace("-", " ")
    for query in (
        "quỹ lớp", "quy lop", "QUY  LỚP", "lớp, quỹ", "Tran Phu", "“Trần Phú”", case.code,
        spaced, case.code.replace("-", ""), case.code[3:],
    ):  # fmt: skip
        page = desk.client.get("/can-bo/", query_string={"q": query}).get_data(as_text=True)
        assert codes(page) == [case.code], query
    change(app, case.code, state="closed")
    assert codes(desk.get(f"/can-bo/?q={case.code}")) == [case.code]  # a code is found anywhere
    page = desk.client.get("/can-bo/?q=khong+co+tu+nay").get_data(as_text=True)
    assert "Tìm trong tất cả" in page
    assert codes(desk.get("/can-bo/?q=%25")) == []
    assert codes(desk.get("/can-bo/?q=_____")) == []


def test_empty_states_teach(app: Any, desk: house.Desk) -> None:
    assert "Không còn ý kiến nào đang chờ" in desk.get("/can-bo/")
    assert "Bớt một điều kiện" in desk.get("/can-bo/?overdue=1")


def test_pages_of_fifty_with_few_queries(app: Any, desk: house.Desk) -> None:
    for _ in range(53):
        house.make_case(app)
    asked: list[str] = []
    engine = house.services_of(app).store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    page = desk.get("/can-bo/")
    assert len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 10
    assert len(codes(page)) == 50
    assert "1–50 trong 53" in page
    page = desk.get("/can-bo/?page=2")
    assert len(codes(page)) == 3
    assert "51–53 trong 53" in page


def test_the_first_clock_is_shown_until_somebody_acts(
    app: Any, clock: builders.MovingClock
) -> None:
    sealed = house.make_case(app, house.BRIBE)
    change(app, sealed.code, acknowledge_at=builders.NOW + timedelta(minutes=15))
    desk = house.desk(app, "kenhmat", "confidential_officer", None)
    assert "nhận: còn 15 phút" in desk.get("/can-bo/")
    clock.at += timedelta(minutes=40)
    assert "nhận: quá hạn 25 phút" in desk.get("/can-bo/")
    desk.act(sealed, "nhan")
    assert "nhận:" not in desk.get("/can-bo/")


def read_export(answer: Any) -> list[list[str]]:
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_export_is_masked_filtered_and_on_record(app: Any, desk: house.Desk) -> None:
    case = house.make_case(app, house.FEES + ", gọi 0912345678")
    house.make_case(app, house.BULLYING)
    answer = desk.client.get("/can-bo/xuat.csv?topic=dd.khoan_thu&q=0912345678")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="y-kien-2026-11-23.csv"'
    heading, *rows = read_export(answer)
    assert heading[0] == "Mã"
    assert [row[0] for row in rows] == [case.code]
    assert rows[0][1] == "2026-11-23 09:00"
    assert "[số điện thoại]" in rows[0][-1]
    with house.services_of(app).store.reading() as tx:
        event = tx.execute(sa.select(Event).where(Event.action == "exported")).scalar_one()
    assert event.data["rows"] == 1
    assert event.data["filter"] == {"topic": "dd.khoan_thu", "q": "[số điện thoại]"}


@pytest.mark.parametrize(
    ("role", "status"),
    [("coordinator", 200), ("lead", 200), ("leader", 200), ("confidential_officer", 200),
     ("handler", 403), ("editor", 403), ("admin", 403)],
)  # fmt: skip
def test_export_is_a_permission_of_its_own(app: Any, role: str, status: int) -> None:
    house.make_case(app)
    desk = house.desk(app, "ai-do", role, "KHTC")
    assert desk.client.get("/can-bo/xuat.csv").status_code == status
    assert ("Xuất CSV" in desk.get("/can-bo/")) == (
        status == 200 and role != "confidential_officer"
    )


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1+1"]
)
def test_no_cell_is_a_formula(app: Any, desk: house.Desk, text: str) -> None:
    house.make_case(app, text + " thu tiền")
    rows = read_export(desk.client.get("/can-bo/xuat.csv"))
    assert rows[1][-1].startswith("'")
    assert queue.safe_cell('bình thường, "ngoặc"') == 'bình thường, "ngoặc"'


def test_part_of_a_code_finds_the_case(app: Any, desk: house.Desk) -> None:
    case = house.make_case(app)
    with house.services_of(app).store.transaction() as tx:
        found = tx.merge(case)
        found.code, found.folded = "PA-2611-V0AY-81HY", "pa-2611-v0ay-81hy thu quy lop"
    for query in ("v0ay", "V0AY", "voay", "ay81", "v0ay81hy", "v0ay-81", "2611-v0"):
        assert codes(desk.get(f"/can-bo/?q={query}")) == ["PA-2611-V0AY-81HY"], query
    assert codes(desk.get("/can-bo/?q=v1ay")) == []


def test_a_search_tells_of_ended_cases(app: Any, desk: house.Desk) -> None:
    code = house.make_case(app).code
    change(app, code, state="closed", closed_at=builders.NOW, outcome="noted")
    page = desk.get(f"/can-bo/?q={code[8:12]}")
    assert codes(page) == []
    assert "Có 1 ý kiến đã kết thúc khớp từ khóa" in page
    assert codes(desk.get(f"/can-bo/?q={code[8:12]}&state=all")) == [code]


def test_the_list_does_not_tell_a_pin(app: Any, desk: house.Desk) -> None:
    code = house.make_case(app).code
    change(app, code, text_masked="Mã PIN: 424916 của tôi không dùng được")
    assert "424916" not in desk.get("/can-bo/")
    assert "424916" not in desk.get("/can-bo/xuat.csv")
