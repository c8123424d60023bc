"""The case page and its moves: what may be done, what goes out, what a lost race keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake_api.flow import receive
from intake_api.store import cases, events
from tests import builders
from tests.staff import house
from tests.staff.desk_case import ANSWER, page_of, sent


def test_the_page_shows_what_was_understood_and_why(app: Any) -> None:
    case = house.make_case(app, house.FEES + " khẩn")
    page = page_of(house.desk(app), case)
    for words in (
        case.code, house.FEES, "Khẩn", "81%", "gợi chủ đề khoản thu", "Mô hình thu-1",
        "Phòng Kế hoạch - Tài chính", f"quy tắc {case.route_rule}", "nên hạn là", "gửi ý kiến",
        "Học phí", "Ba chủ đề gần nhất",
    ):  # fmt: skip
        assert words in page, words


def test_other_spellings_of_a_code_lead_to_the_one_address(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    answer = desk.client.get(f"/can-bo/y-kien/{case.code.lower().replace('-', '')}")
    assert answer.location == f"/can-bo/y-kien/{case.code}"
    desk.get("/can-bo/y-kien/lung-tung", 404)


def test_reply_goes_out_and_is_told(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "tra-loi", text=ANSWER)
    (message,) = sent(app, case)
    assert ANSWER in message.text
    assert "Phòng Kế hoạch - Tài chính" in message.text
    now = house.reload(app, case)
    assert (now.state, now.answered_at) == ("answered", builders.NOW)
    queue = house.services_of(app).queue
    assert queue.delivered == [case.conversation_id]  # type: ignore[attr-defined]
    page = page_of(desk, case)
    assert "Đã gửi trả lời" in page
    assert "người gửi chưa xem" in page


def test_a_handler_drafts_and_the_lead_sends(app: Any) -> None:
    case = house.make_case(app)
    handler = house.desk(app, "khtc.cv", "handler", "KHTC")
    page = page_of(handler, case)
    assert "Gửi trả lời" not in page
    assert "Soạn chờ duyệt" in page
    refused = handler.act(case, "tra-loi", 409, text=ANSWER).get_data(as_text=True)
    assert ANSWER in refused
    handler.act(case, "soan", text=ANSWER)
    assert sent(app, case) == []
    assert "Bản soạn, chưa gửi" in page_of(handler, case)
    lead = house.desk(app)
    page = page_of(lead, case)
    assert "Duyệt và gửi" in page
    assert "Bản soạn của Người thử khtc.cv" in page
    lead.act(house.reload(app, case), "tra-loi", text=ANSWER)
    assert len(sent(app, case)) == 1
    assert "duyệt và gửi trả lời do Người thử khtc.cv soạn" in page_of(lead, case)


def test_a_complaint_needs_two_people(app: Any) -> None:
    case = house.make_case(app, "Tôi khiếu nại việc " + house.FEES)
    assert case.kind == "complaint"
    username, unit = "vanphong", case.unit
    lead = house.desk(app, username, "lead", unit)
    assert "cần hai người" in page_of(lead, case)
    page = lead.act(case, "tra-loi", 403, text=ANSWER).get_data(as_text=True)
    assert "một người soạn và một người khác duyệt" in page
    assert ANSWER in page
    lead.act(case, "soan", text=ANSWER)
    page = page_of(lead, case)
    assert "một người khác của đơn vị duyệt và gửi" in page
    assert "Duyệt và gửi</button>" not in page
    other = house.desk(app, "lanhdao", "leader", None)
    other.act(house.reload(app, case), "tra-loi", text=ANSWER)
    assert len(sent(app, case)) == 1


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("tra-loi", {"text": "  \u200b "}, "Chưa có nội dung trả lời"),
        ("tra-loi", {"text": "a" * 5001}, "quá 5.000"),
        ("chuyen", {"unit": "", "reason": "vì sao"}, "Chọn đơn vị nhận"),
        ("chuyen", {"unit": "VP", "reason": " "}, "Ghi lý do chuyển"),
        ("ket-thuc", {"outcome": ""}, "Chọn kết quả"),
    ],
)
def test_mistakes_are_told_beside_the_field(
    app: Any, name: str, form: dict[str, str], words: str
) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    page = desk.act(case, name, 422, **form).get_data(as_text=True)
    assert words in page
    assert "Cần xem lại 1 chỗ" in page
    if form.get("reason", "").strip():
        assert form["reason"] in page
    assert house.reload(app, case).version == case.version


def test_transfer_needs_a_unit_of_the_catalogue_and_hides_the_case(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    page = desk.act(case, "chuyen", 403, unit="XYZ", reason="thử").get_data(as_text=True)
    assert "không có trong danh mục" in page
    answer = desk.act(case, "chuyen", unit="CTTT", reason="thuộc lĩnh vực khác")
    assert answer.location == "/can-bo/"
    assert "Đã chuyển" in desk.get("/can-bo/")
    page_of(desk, case, 404)
    office = house.desk(app, "vanphong", "coordinator", "VP")
    assert "thuộc lĩnh vực khác" in page_of(office, case)


def test_correcting_keeps_an_example_and_recounts_the_deadline(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "phan-loai", kind="question", topic="dd.hoc_phi", sentiment="neutral",
             urgent="1")  # fmt: skip
    now = house.reload(app, case)
    assert (now.kind, now.topic, now.sentiment, now.urgent) == (
        "question", "dd.hoc_phi", "neutral", True,
    )  # fmt: skip
    assert now.due_at != case.due_at
    with house.services_of(app).store.reading() as tx:
        assert {one.field for one in cases.corrections(tx)} == {
            "kind", "topic", "sentiment", "urgent",
        }  # fmt: skip
    leader = house.desk(app, "lanhdao", "leader", None)
    assert "Sửa phân loại" not in page_of(leader, case)
    leader.act(now, "phan-loai", 403, kind="praise", topic="dd.hoc_phi", sentiment="neutral")


def test_taking_rejecting_closing_and_reopening(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "nhan")
    now = house.reload(app, case)
    assert now.state == "in_progress"
    assert "Nhận xử lý" not in page_of(desk, case)
    desk.act(now, "ket-thuc", outcome="guided")
    assert "Đã hướng dẫn gửi đúng nơi" in page_of(desk, case)
    desk.act(house.reload(app, case), "mo-lai")
    desk.act(house.reload(app, case), "rac")
    assert house.reload(app, case).state == "rejected_spam"
    with house.services_of(app).store.reading() as tx:
        assert list(events.verify(tx)) == []


def test_sealing_takes_the_case_out_of_sight(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    answer = desk.act(case, "kenh-mat")
    assert answer.location == "/can-bo/"
    page_of(desk, case, 404)
    leader_case = house.make_case(app)
    house.desk(app, "lanhdao", "leader", None).act(leader_case, "kenh-mat", 403)


def test_a_closed_window_is_told_before_writing(app: Any, clock: builders.MovingClock) -> None:
    case = house.make_case(app, channel="messenger")
    desk = house.desk(app)
    assert "chưa nhận được ngay" not in page_of(desk, case)
    clock.at += timedelta(days=2)
    desk = house.sign_in(app, "khtc")
    assert "chưa nhận được ngay: quá thời hạn nền tảng" in page_of(desk, case)


def test_a_case_without_a_conversation_says_how_to_answer(app: Any) -> None:
    services = house.services_of(app)
    with services.store.transaction() as tx:
        case = receive.submit(tx, services, text=house.FEES, channel="api", now=builders.NOW).case
    desk = house.desk(app)
    page = page_of(desk, case)
    assert "không có kênh trả lời" in page
    assert "/viec/tra-loi" not in page
    desk.act(case, "tra-loi", 403, text=ANSWER)


def test_templates_are_filled_in_with_and_without_script(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page = desk.get(f"/can-bo/y-kien/{case.code}?mau=da_tiep_nhan")
    tree = house.lint(page)
    area = next(one for one in tree.iter("textarea") if one.get("id") == "text")
    assert case.code in area.text
    assert "{" not in area.text
    assert all("{" not in (one.get("data-text") or "") for one in tree.iter("option"))
    desk.get(f"/can-bo/y-kien/{case.code}?mau=khong-co")


def test_the_conversation_alone_for_a_page_that_stays_open(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    answer = desk.client.get(f"/can-bo/y-kien/{case.code}/hoi-thoai")
    assert answer.headers["X-Case-Version"] == "1"
    assert house.FEES in answer.get_data(as_text=True)
    assert "<html" not in answer.get_data(as_text=True)


def test_what_people_wrote_is_never_markup(app: Any) -> None:
    nasty = "<script>alert(1)</script> thu tiền \"><img src=x onerror=alert(2)> ' OR 1=1 --"
    case = house.make_case(app, nasty)
    desk = house.desk(app)
    for page in (desk.get("/can-bo/"), page_of(desk, case)):
        assert "<script>alert" not in page
        assert "<img" not in page
    page = desk.client.get("/can-bo/", query_string={"q": nasty}).get_data(as_text=True)
    assert "<script>alert" not in page


def test_every_post_carries_a_version(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    tree = house.lint(page_of(desk, case))
    forms = [f for f in tree.iter("form") if f.get("method") == "post"]
    moving = [f for f in forms if "/y-kien/" in (f.get("action") or "")]
    assert len(moving) >= 7
    for form in moving:
        names = {one.get("name") for one in form.iter("input")}
        assert {"version", "csrf_token"} <= names
    for version in ("", "abc", "-1", "9" * 20):
        answer = desk.client.post(
            f"/can-bo/y-kien/{case.code}/viec/nhan",
            data={"csrf_token": desk.token, "version": version},
        )
        assert answer.status_code == 400
    assert desk.act(case, "khong-co", 404) is not None


def test_an_old_form_is_told_and_nothing_is_lost(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.token = "cũ"
    page = desk.act(case, "tra-loi", 400, text=ANSWER).get_data(as_text=True)
    assert "Trang đã mở quá lâu" in page
    assert sent(app, case) == []


def test_a_form_sent_after_the_session_has_ended_leads_back_to_its_case(
    app: Any, clock: builders.MovingClock
) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    clock.at += timedelta(hours=3)
    # The page saved what is typed meanwhile: with the session the form's key went, too.
    desk.post(f"/can-bo/y-kien/{case.code}/dang-viet", text=ANSWER)
    answer = desk.act(case, "tra-loi", text=ANSWER)
    assert answer.location.startswith("/can-bo/dang-nhap?tiep=")
    signing = desk.get(answer.location)
    assert "Phiên làm việc đã hết" in signing
    answer = desk.post(
        "/can-bo/dang-nhap", username="khtc", password=builders.PASSWORD,
        tiep=f"/can-bo/y-kien/{case.code}/viec/tra-loi",
    )  # fmt: skip
    assert desk.client.get(answer.location).location == f"/can-bo/y-kien/{case.code}"
    assert sent(app, case) == []


def test_an_erased_case_is_gone(app: Any) -> None:
    case = house.make_case(app)
    with house.services_of(app).store.transaction() as tx:
        found = cases.by_code(tx, case.code)
        assert found is not None
        found.state = "erased"
    page_of(house.desk(app), case, 404)


def test_what_is_no_spam_comes_back_from_its_lane(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    page_of(desk, case)
    desk.act(case, "rac")
    row = f'data-code="{case.code}"'
    assert row in desk.client.get("/can-bo/?view=spam").text
    assert "Không phải rác" in page_of(desk, case)
    desk.act(house.reload(app, case), "khong-rac")
    back = house.reload(app, case)
    assert (back.state, back.closed_at) == ("triaged", None)
    assert row not in desk.client.get("/can-bo/?view=spam").text
