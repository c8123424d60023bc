"""Many cases at once: every row checked, every row told."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.flow import bulk
from intake_api.store import cases, events, registry
from intake_api.store.tables import Case
from tests import builders
from tests.staff import house


@pytest.fixture
def desk(app: Any) -> house.Desk:
    made = house.desk(app, "vanphong", "coordinator", "VP")
    made.get("/can-bo/mat-khau")
    return made


def many(desk: house.Desk, chosen: list[Case], do: str, status: int = 200, **form: Any) -> str:
    rows = [f"{case.code}:{case.version}" for case in chosen]
    page: str = desk.post("/can-bo/hang-loat", status, do=do, row=rows, **form).get_data(
        as_text=True
    )
    return page


def test_chosen_rows_are_given_to_a_colleague(app: Any, desk: house.Desk) -> None:
    house.desk(app, "khtc.cv", "handler", "KHTC")
    with house.services_of(app).store.reading() as tx:
        to = registry.staff_by_username(tx, "khtc.cv")
    assert to is not None
    fees, bullied = house.make_case(app), house.make_case(app, house.BULLYING)
    page = many(desk, [fees, bullied], "giao", to=str(to.id))
    assert "Xong 1, còn 1 ý kiến chưa làm được" in page
    assert "Người thử khtc.cv không xử lý được ý kiến của đơn vị này" in page
    now = house.reload(app, fees)
    assert (now.assignee_id, now.state) == (to.id, "in_progress")
    assert house.reload(app, bullied).version == bullied.version
    assert f"giao cho {to.name}" in desk.get(f"/can-bo/y-kien/{fees.code}")


def test_each_row_is_checked_by_itself(app: Any, desk: house.Desk) -> None:
    good, stale, moved, sealed = (
        house.make_case(app), house.make_case(app), house.make_case(app),
        house.make_case(app, house.BRIBE),
    )  # fmt: skip
    other = house.desk(app)
    other.act(stale, "nhan")
    other.act(moved, "tra-loi", text="Đã xong.")
    page = many(
        desk, [good, stale, house.reload(app, moved), sealed], "chuyen", unit="CTTT",
        reason="thuộc phòng khác",
    )  # fmt: skip
    assert "Xong 1, còn 3 ý kiến chưa làm được" in page
    for words in (
        "vừa có người khác thay đổi", "đang ở trạng thái “đã trả lời”, không chuyển đơn vị được",
        "không có trong phần việc của anh/chị", "đã chuyển tới Phòng Chính trị",
    ):  # fmt: skip
        assert words in page, words
    assert house.reload(app, good).unit == "CTTT"
    assert house.reload(app, sealed).unit == sealed.unit


@pytest.mark.parametrize("state", ["answered", "answer_approved", "closed"])
def test_a_row_that_is_refused_stays_as_it_was(app: Any, desk: house.Desk, state: str) -> None:
    case = house.make_case(app)
    lead = house.desk(app)
    lead.act(case, "nhan")
    with house.services_of(app).store.transaction() as tx:
        found = cases.by_code(tx, case.code)
        assert found is not None
        found.state = state
    before = vars(house.reload(app, case)).copy()
    lead.get("/can-bo/mat-khau")
    for who in (desk, lead):
        page = many(who, [house.reload(app, case)], "chuyen", unit="CTTT", reason="nhầm phòng")
        assert "không chuyển đơn vị được" in page
    after = vars(house.reload(app, case)).copy()
    del before["_sa_instance_state"], after["_sa_instance_state"]
    assert after == before


def test_what_came_after_the_page_was_made_is_not_done_with_the_rest(
    app: Any, desk: house.Desk
) -> None:
    seen, changed = house.make_case(app), house.make_case(app)
    page = desk.get("/can-bo/?topic=dd.khoan_thu")
    number = re.search(r'name="seen" value="(\d+)"', page)
    assert number is not None
    house.desk(app).act(changed, "nhan")
    unread = house.make_case(app, house.FEES + " và cháu bị đuổi học vì chưa nộp")
    page = many(
        desk, [seen], "ket-thuc", outcome="noted", all="1", filter="topic=dd.khoan_thu",
        seen=number[1],
    )  # fmt: skip
    assert "Xong 1, còn 2 ý kiến chưa làm được" in page
    assert "mới tới hoặc vừa có người khác thay đổi" in page
    assert house.reload(app, seen).state == "closed"
    for one in (changed, unread):
        assert house.reload(app, one).closed_at is None


@pytest.mark.parametrize(
    ("role", "wanted"),
    [("handler", {"giao"}), ("lead", {"giao", "chuyen", "gop", "ket-thuc"}), ("leader", set())],
)
def test_only_what_a_role_can_do_is_offered(app: Any, role: str, wanted: set[str]) -> None:
    house.make_case(app)
    page = house.desk(app, "ai", role, None if role == "leader" else "KHTC").get("/can-bo/")
    assert set(re.findall(r'name="do" value="([a-z-]+)"', page)) == wanted
    assert ('type="checkbox" name="row"' in page) == bool(wanted)


def test_a_template_answers_and_ends(app: Any, desk: house.Desk) -> None:
    chosen = [house.make_case(app) for _ in range(3)]
    complaint = house.make_case(app, "Tôi khiếu nại việc " + house.FEES)
    page = many(
        desk, [*chosen, complaint], "ket-thuc", outcome="answered", template="da_chan_chinh"
    )
    assert "Xong 3, còn 1 ý kiến chưa làm được" in page
    assert "một người soạn và một người khác duyệt" in page
    services = house.services_of(app)
    for case in chosen:
        now = house.reload(app, case)
        assert (now.state, now.outcome) == ("closed", "answered")
        with services.store.reading() as tx:
            texts = [m.text for m in cases.messages(tx, now) if m.direction == "out"]
            told = [one.action for one in events.of_case(tx, now.id)]
        assert f"Sở đã kiểm tra nội dung {case.code}" in texts[0]
        assert told == ["received", "reply", "close"]
        assert case.conversation_id in services.queue.delivered  # type: ignore[attr-defined]
    assert house.reload(app, complaint).state == complaint.state


def test_without_an_answer_nothing_ends_as_answered(app: Any, desk: house.Desk) -> None:
    case = house.make_case(app)
    page = many(desk, [case], "ket-thuc", outcome="answered")
    assert "Chưa có trả lời nào gửi tới người gửi" in page
    many(desk, [case], "ket-thuc", outcome="noted")
    assert house.reload(app, case).state == "closed"


@pytest.mark.parametrize(
    ("do", "form", "words"),
    [
        ("chuyen", {"unit": "", "reason": "x"}, "Chọn đơn vị nhận"),
        ("chuyen", {"unit": "CTTT", "reason": " "}, "Ghi lý do chuyển"),
        ("ket-thuc", {"outcome": "xong"}, "Chọn kết quả xử lý"),
        ("ket-thuc", {"outcome": "noted", "template": "khong_co"}, "Mẫu trả lời này không có"),
        ("giao", {"to": "99999"}, "Chọn người nhận"),
        ("gop", {"into": "lung tung"}, "Ghi mã của ý kiến"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(
    app: Any, desk: house.Desk, do: str, form: dict[str, str], words: str
) -> None:
    case = house.make_case(app)
    assert words in many(desk, [case], do, 422, **form)
    assert house.reload(app, case).version == case.version


def test_nothing_chosen_and_nonsense(app: Any, desk: house.Desk) -> None:
    assert "Chưa chọn ý kiến nào" in many(desk, [], "giao", 422)
    desk.post("/can-bo/hang-loat", 400, do="xoa", row="PA-2611-0000-0000:1")
    desk.post("/can-bo/hang-loat", 400, do="giao", row="lung tung")


def test_all_that_the_filter_finds(app: Any, desk: house.Desk) -> None:
    fees = [house.make_case(app) for _ in range(3)]
    other = house.make_case(app, house.BULLYING)
    page = many(
        desk, [fees[0]], "giao", all="1", filter="topic=dd.khoan_thu&view=unassigned", to=""
    )
    assert "Đã xong 3 ý kiến" in page
    assert house.reload(app, other).assignee_id is None


def test_chosen_cases_follow_one_of_them(app: Any, desk: house.Desk) -> None:
    first, *others = [house.make_case(app) for _ in range(3)]
    ended = house.make_case(app)
    desk.act(ended, "ket-thuc", outcome="noted")
    page = many(desk, [first, *others, house.reload(app, ended)], "gop", into=first.code.lower())
    assert "Xong 2, còn 1 ý kiến chưa làm được" in page
    assert "không gộp được" in page
    assert house.reload(app, first).state == first.state
    assert [house.reload(app, one).state for one in others] == ["merged"] * 2
    again = house.make_case(app)
    sealed = house.make_case(app, house.BRIBE)
    page = many(desk, [again], "gop", into=sealed.code)
    assert f"không có ý kiến {sealed.code} trong phần việc" in page


def test_a_handler_takes_but_does_not_give(app: Any) -> None:
    lead = house.desk(app)
    handler = house.desk(app, "khtc.cv", "handler", "KHTC")
    handler.get("/can-bo/mat-khau")
    lead.get("/can-bo/mat-khau")
    with house.services_of(app).store.reading() as tx:
        people = {one.username: one for one in registry.all_staff(tx)}
    first, second = house.make_case(app), house.make_case(app)
    assert "chỉ nhận xử lý cho mình" in many(handler, [first], "giao", to=str(people["khtc"].id))
    assert "Đã xong 1 ý kiến" in many(handler, [first], "giao", to="")
    assert "Đã xong 1 ý kiến" in many(lead, [second], "giao", to=str(people["khtc.cv"].id))


def test_a_thousand_rows_are_few_questions_each(app: Any, desk: house.Desk) -> None:
    """Time is measured by ``./dev bench workbench``; what it rests on is told here."""
    services = house.services_of(app)
    made = [house.make_case(app) for _ in range(60)]
    rows = [bulk.Row(one.code, one.version) for one in made]
    step = bulk.close_with(services, outcome="answered", template="cam_on")
    with services.store.reading() as tx:
        staff = registry.staff_by_username(tx, "vanphong")
    assert staff is not None
    asked: list[str] = []
    sa.event.listen(
        services.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2])
    )
    sizes, told = [], []
    for portion in bulk.portions([*rows, rows[0]]):
        sizes.append(len(portion))
        with services.store.transaction() as tx:
            told += bulk.do(tx, portion, staff=staff, now=builders.NOW, step=step)
    assert sizes == [50, 10]  # a row that was chosen twice counts once
    assert all(one.done for one in told)
    assert len(asked) <= 12 * len(rows)
