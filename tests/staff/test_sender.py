"""The person behind a case: contact data behind a reason, and what reached them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake_api.flow import receive
from intake_api.store import conversations, events, outbox
from tests import builders
from tests.staff import house
from tests.staff.test_case import ANSWER, page_of


def test_contact_is_hidden_until_a_reason_is_on_record(app: Any) -> None:
    case = house.make_case(
        app,
        house.FEES + ". Số tôi 0912345678",
        sender=receive.Sender("Trần Văn Bình", "0987654321", "binh@example.vn"),
    )
    desk = house.desk(app)
    page = page_of(desk, case)
    for secret in ("Trần Văn Bình", "0987654321", "binh@example.vn", "0912345678"):
        assert secret not in page
    path = f"/can-bo/y-kien/{case.code}/nguoi-gui"
    page = desk.post(path, 422, version=case.version, why=" ").get_data(as_text=True)
    assert "Ghi lý do xem" in page
    assert "0987654321" not in page
    answer = desk.post(path, 200, version=case.version, why="Gọi hỏi thêm số 0911222333")
    page = answer.get_data(as_text=True)
    for secret in ("Trần Văn Bình", "0987654321", "binh@example.vn", "0912345678"):
        assert secret in page
    assert "data-poll" not in page
    assert house.reload(app, case).version == case.version  # others' open pages stay good
    with house.services_of(app).store.reading() as tx:
        event = events.of_case(tx, case.id)[-1]
    assert event.action == "revealed"
    assert event.data["reason"] == "Gọi hỏi thêm số [số điện thoại]"
    page = page_of(desk, case)
    assert "0987654321" not in page
    assert "xem thông tin người gửi: Gọi hỏi thêm" in page
    assert desk.client.get(path).location.endswith(case.code)


@pytest.mark.parametrize(
    ("role", "unit", "take", "status"),
    [("handler", "KHTC", False, 403), ("handler", "KHTC", True, 200), ("leader", None, False, 403),
     ("coordinator", "VP", False, 200)],
)  # fmt: skip
def test_who_may_see_contact_data(
    app: Any, role: str, unit: str | None, take: bool, status: int
) -> None:
    case = house.make_case(app, sender=receive.Sender("Trần Văn Bình", "0987654321"))
    desk = house.desk(app, "ai-do", role, unit)
    page = page_of(desk, case)
    if take:
        desk.act(case, "nhan")
        page = page_of(desk, case)
    assert ("/nguoi-gui" in page) == (status == 200)
    path = f"/can-bo/y-kien/{case.code}/nguoi-gui"
    page = desk.post(path, status, version=1, why="xác minh").get_data(as_text=True)
    assert ("0987654321" in page) == (status == 200)


def test_delivery_is_told_for_each_message(app: Any, clock: builders.MovingClock) -> None:
    case = house.make_case(app, channel="messenger")
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "tra-loi", text=ANSWER)
    assert "đang chờ gửi" in page_of(desk, case)
    store, row_id = house.services_of(app).store, None
    with store.transaction() as tx:
        row = outbox.take_next(tx, str(case.conversation_id), clock.at)
        assert row is not None
        row_id = row.id
        outbox.mark_retry(tx, row_id, at=clock.at + timedelta(minutes=5), error="kênh quá tải")
    assert "chưa gửi được: kênh quá tải; thử lại lúc 9h05" in page_of(desk, case)
    with store.transaction() as tx:
        outbox.mark_held(tx, row_id, reason="quá thời hạn")
    assert "chưa gửi được: quá thời hạn" in page_of(desk, case)
    with store.transaction() as tx:
        outbox.mark_sent(tx, row_id, now=clock.at, remote_id="m1")
    assert "đã gửi lúc 9h00" in page_of(desk, case)


def test_the_web_tells_when_the_answer_was_seen(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "tra-loi", text=ANSWER)
    with house.services_of(app).store.transaction() as tx:
        talk = conversations.messages(tx, str(case.conversation_id))
        conversations.mark_fetched(
            tx, str(case.conversation_id), [m.id for m in talk], builders.NOW
        )
    assert "đã xem lúc 9h00" in page_of(desk, case)


def test_the_role_has_a_title_and_the_pin_is_covered(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    with house.services_of(app).store.transaction() as tx:
        found = tx.merge(case)
        found.role_of_sender = "giao_vien"
        found.text_masked = "Mã PIN: 424916 không dùng được"
        found.classification = {"reasons": ["có lời tố cáo", "từ “tien”, “hoa”"]}
    page = desk.get(f"/can-bo/y-kien/{case.code}")
    assert "Vai trò: giáo viên." in page
    assert "giao_vien" not in page
    assert "424916" not in page
    told, raw = page.index("có lời tố cáo"), page.index("từ “tien”")
    assert told < page.index("<summary>Chi tiết</summary>") < raw


def test_answered_is_no_outcome_before_an_answer(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    assert 'value="answered"' not in desk.get(f"/can-bo/y-kien/{case.code}").split("ket-thuc")[1]
    refused = desk.act(case, "ket-thuc", 403, outcome="answered").get_data(as_text=True)
    assert "Chưa có trả lời nào gửi tới người gửi" in refused
    desk.act(case, "tra-loi", text="Sở đã kiểm tra.")
    answered = house.reload(app, case)
    desk.act(answered, "ket-thuc", outcome="answered")
    assert house.reload(app, case).outcome == "answered"
