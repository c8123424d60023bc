"""The queue: order, filters in the address, search, pages, export."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.flow import receive
from intake_api.staff import export
from intake_api.staff.queue import how_many
from intake_api.store import cases, registry
from intake_api.store.lane_tables import EventWords
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
        ("kind=criticism&view=overdue", [fees]),
        ("view=overdue&unit=CTTT", []),
        ("view=mine", []),
        ("view=unassigned", [fees, bullied]),
        ("urgent=1", []),
        ("kind=khong-co&unit=XYZ&sau=lung-tung&assignee=x", [fees, bullied]),
    ):
        assert codes(desk.get(f"/can-bo/?{query}")) == wanted, query
    page = desk.get("/can-bo/?channel=form&q=truong")
    assert codes(page) == [bullied]
    assert 'name="q" value="truong"' in page  # the search goes on while filters change


def test_every_view_holds_what_it_says(app: Any, desk: house.Desk) -> None:
    mine, today, late, waiting, reopened, drafted = (house.make_case(app).code for _ in range(6))
    now = builders.NOW
    far = now + timedelta(days=9)
    for code in (mine, waiting, reopened, drafted):
        change(app, code, due_at=far)
    with house.services_of(app).store.reading() as tx:
        me = registry.staff_by_username(tx, "vanphong")
    assert me is not None
    change(app, mine, assignee_id=me.id, unit="VP", state="in_progress")
    change(app, today, due_at=now + timedelta(hours=3))
    change(app, late, due_at=now - timedelta(hours=3))
    # The clock of a paused case stands still: it is waiting, not late.
    asked = now - timedelta(days=2)
    change(app, waiting, state="awaiting_citizen", due_at=now - timedelta(days=1), paused_at=asked)
    change(app, reopened, state="reopened")
    change(app, drafted, state="answer_drafted")
    tree = house.lint(desk.get("/can-bo/"))
    counts = [n.text for n in tree.iter("span") if n.get("class") == "st-view__n"]
    assert counts == ["6", "1", "1", "5", "1", "1", "1", "1", "1", "0"]
    for view, wanted in (
        ("mine", mine), ("unit", mine), ("today", today), ("overdue", late),
        ("waiting", waiting), ("reopened", reopened), ("drafted", drafted),
    ):  # fmt: skip
        assert codes(desk.get(f"/can-bo/?view={view}")) == [wanted], view


def test_search_with_and_without_marks_and_by_code(app: Any, desk: house.Desk) -> None:
    case = house.make_case(app)
    house.make_case(app, house.BULLYING)
    spaced = case.code.lower().replace("-", " ")
    for query in (
        "quỹ lớp", "quy lop", "QUY  LỚP", "lớp, quỹ", "Tran Phu", "“Trần Phú”", case.code,
        spaced, case.code.replace("-", ""), case.code[3:], "phieu th*",
    ):  # fmt: skip
        page = desk.client.get("/can-bo/", query_string={"q": query}).get_data(as_text=True)
        assert codes(page) == [case.code], query
    change(app, case.code, state="closed")
    for query in (case.code, "quy lop"):  # a search looks at ended cases as well
        assert codes(desk.get(f"/can-bo/?q={query.replace(' ', '+')}")) == [case.code]
    assert codes(desk.get("/can-bo/?q=quy+lop&state=routed")) == []
    page = desk.client.get("/can-bo/?q=khong+co+tu+nay&channel=form").get_data(as_text=True)
    assert "Tìm trong tất cả" in page
    for query in ("%25", "_____", "%22", "*", "AND+OR", "NEAR(a", "words:a", "-", "a:*&|!()", "'"):
        assert codes(desk.get(f"/can-bo/?q={query}")) in ([], codes(desk.get("/can-bo/?state=all")))


def test_a_search_finds_the_sender_for_those_who_may_read_it(app: Any, desk: house.Desk) -> None:
    case = house.make_case(
        app, sender=receive.Sender("Trần Văn Đông", "+84 912 345 678", "dong@vi-du.vn")
    )
    house.make_case(app)
    handler = house.desk(app, "khtc.cv", "handler", "KHTC")
    for query in ("tran van dong", "0912345678", "0912 345 678", "dong%40vi-du.vn", "Đông"):
        query = query.replace(" ", "+")
        assert codes(desk.get(f"/can-bo/?q={query}")) == [case.code], query
        assert codes(handler.get(f"/can-bo/?q={query}")) == [], query


def test_a_search_that_finds_nothing_offers_more_only_where_there_is_more(
    app: Any, desk: house.Desk
) -> None:
    assert "Tìm trong tất cả" not in desk.get("/can-bo/?q=khongcogi")
    assert "Tìm trong tất cả" in desk.get("/can-bo/?q=khongcogi&kind=question")


def test_empty_states_teach(app: Any, desk: house.Desk) -> None:
    assert "Không còn ý kiến nào đang chờ" in desk.get("/can-bo/")
    assert "thời gian chờ người gửi" in desk.get("/can-bo/?view=overdue")
    assert "Bớt một điều kiện" in desk.get("/can-bo/?view=overdue&channel=form")


def test_pages_go_on_where_the_last_one_ended(app: Any, desk: house.Desk) -> None:
    made = [house.make_case(app).code for _ in range(53)]
    for number, code in enumerate(made):
        change(app, code, due_at=builders.NOW + timedelta(hours=number // 2), urgent=number > 50)
    change(app, made[7], due_at=None)
    first = desk.get("/can-bo/")
    assert len(codes(first)) == 50
    assert "53 ý kiến" in first
    onwards = re.search(r'rel="next" href="([^"]+)"', first)
    assert onwards is not None
    # What is answered meanwhile shifts nothing: no case is skipped, none is shown twice.
    change(app, codes(first)[0], state="closed")
    second = desk.get(html.unescape(onwards[1]))
    assert set(codes(first)) | set(codes(second)) == set(made)
    assert codes(second)[-1] == made[7]
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back is not None
    assert codes(desk.get(html.unescape(back[1]))) == codes(first)[1:]
    # Nothing comes after that place any more: the first page is better than an empty one.
    assert len(codes(desk.get("/can-bo/?sau=1~9999-12-31~999999"))) == 50
    newest = desk.get("/can-bo/?sort=new")
    assert codes(newest) == sorted(codes(newest), key=made.index, reverse=True)


def test_a_page_of_the_queue_asks_few_questions(app: Any, desk: house.Desk) -> None:
    for _ in range(53):
        house.make_case(app)
    asked: list[str] = []
    engine = house.services_of(app).store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for path in ("/can-bo/", "/can-bo/?q=quy+lop", "/can-bo/?channel=form&view=overdue"):
        asked.clear()
        desk.get(path)
        assert len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 7, path


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
        said = tx.get_one(EventWords, event.id).words
    assert event.data["rows"] == 1
    assert event.data["filter"] == {"topic": "dd.khoan_thu"}
    assert said["q"] == "[số điện thoại]"


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
    assert export.safe_cell('bình thường, "ngoặc"') == 'bình thường, "ngoặc"'


def test_part_of_a_code_finds_the_case(app: Any, desk: house.Desk) -> None:
    case = house.make_case(app)
    with house.services_of(app).store.transaction() as tx:
        found = tx.merge(case)
        found.code = "PA-2611-V0AY-81HY"
        found.folded = receive.search_text(found)
    for query in ("v0ay", "V0AY", "voay", "ay81", "v0ay81hy", "v0ay-81", "2611-v0", "voay-8ihy"):
        assert codes(desk.get(f"/can-bo/?q={query}")) == ["PA-2611-V0AY-81HY"], query
    assert codes(desk.get("/can-bo/?q=v1ay")) == []


def test_the_list_does_not_tell_a_pin(app: Any, desk: house.Desk) -> None:
    code = house.make_case(app).code
    change(app, code, text_masked="Mã PIN: 424916 của tôi không dùng được")
    assert "424916" not in desk.get("/can-bo/")
    assert "424916" not in desk.get("/can-bo/xuat.csv")


@pytest.mark.parametrize(
    ("total", "words"),
    [(0, "0"), (999, "999"), (1000, "1.000"), (1001, "hơn 1.000"), (8824, "8.824")],
)
def test_numbers_of_cases_are_written_as_people_write_them(total: int, words: str) -> None:
    assert how_many(total) == words
