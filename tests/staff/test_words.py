"""Times, deliveries and events in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake_api.staff import words
from intake_api.store.registers import Event
from intake_api.store.tables import Case, Message, Outbox
from tests import builders

NOW = builders.NOW  # 9h00, Monday 23/11/2026


def case(**given: object) -> Case:
    values = {"state": "routed", "due_at": None, "acknowledge_at": None, "first_response_at": None}
    return Case(**{**values, **given})


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "9h00"),
        (NOW - timedelta(days=2), "9h00, 21/11"),
        (datetime(2025, 12, 31, 18, 5, tzinfo=UTC), "1h05, 1/1"),
        (datetime(2025, 12, 31, 3, 5, tzinfo=UTC), "10h05, 31/12/2025"),
    ],
)
def test_clock(moment: datetime, said: str) -> None:
    assert words.clock(moment, NOW) == said


@pytest.mark.parametrize(
    ("hours", "level", "said"),
    [(-1, "late", "quá hạn hôm nay"), (3, "soon", "hôm nay, còn 3 giờ"),
     (54, "soon", "còn 1 ngày làm việc"), (24 * 4, "ok", "còn 3 ngày làm việc")],
)  # fmt: skip
def test_due_has_words_and_a_level(hours: int, level: str, said: str) -> None:
    # 24/11 is a holiday (Vietnamese Culture Day), so Wednesday is the next working day.
    found = words.due(
        case(due_at=NOW + timedelta(hours=hours)), NOW, builders.the_catalog().calendar
    )
    assert (found.level, found.words) == (level, said)
    assert found.exact


def test_an_ended_case_is_never_late() -> None:
    ended = case(state="closed", due_at=NOW - timedelta(days=9), closed_at=NOW)
    assert words.due(ended, NOW, builders.the_catalog().calendar).level == "done"


def test_first_line_is_cut_at_a_word() -> None:
    line = words.first_line("một\n hai   ba " * 60)
    assert len(line) <= 181
    assert line.endswith("…")
    assert "\n" not in line


def test_place_as_written_is_masked() -> None:
    said = words.place(case(school=None, district=None, place_text="nhà tôi, 0912345678"))
    assert "0912345678" not in said


@pytest.mark.parametrize(
    ("state", "error", "level", "said"),
    [
        ("sent", None, "done", "đã gửi lúc 9h00"),
        ("pending", None, "wait", "đang chờ gửi"),
        ("sending", None, "wait", "đang chờ gửi"),
        ("pending", "kênh bận", "bad", "chưa gửi được: kênh bận; thử lại lúc 9h00"),
        ("held", "quá hạn", "bad", "chưa gửi được: quá hạn"),
        ("failed", None, "bad", "chưa gửi được: kênh từ chối"),
    ],
)
def test_delivery(state: str, error: str | None, level: str, said: str) -> None:
    row = Outbox(state=state, last_error=error, next_at=NOW, sent_at=NOW)
    message = Message(direction="out", state="queued")
    assert words.delivery(message, row, NOW) == (level, said)
    assert words.delivery(Message(direction="in", state="done"), None, NOW) is None
    assert words.delivery(Message(direction="out", state="draft"), None, NOW) is None


@pytest.mark.parametrize(
    ("action", "data", "said"),
    [
        ("take", {}, "nhận xử lý"),
        ("reply", {"drafted_by": 7}, "gửi trả lời"),
        ("reply", {"drafted_by": 9}, "duyệt và gửi trả lời do Bình soạn"),
        ("close", {"outcome": "noted"}, "kết thúc: ghi nhận, tiếp thu"),
        ("corrected", {"urgent": ["False", "True"], "sentiment": ["negative", "neutral"]},
         "sửa phân loại: khẩn không → có; sắc thái Tiêu cực → Trung tính"),
        ("route", {"unit": ["VP", "TCCB"], "reason": "đúng việc"},
         "chuyển từ Văn phòng Sở sang Phòng Tổ chức cán bộ: đúng việc"),
        ("erase", {}, "xóa theo yêu cầu"),
        ("something_new", {}, "something_new"),
    ],
)  # fmt: skip
def test_events_in_words(action: str, data: dict[str, object], said: str) -> None:
    event = Event(action=action, data=data, actor="staff:7")
    assert words.event_words(event, builders.the_catalog(), {7: "An", 9: "Bình"}, ()) == said


def test_actors() -> None:
    names = {7: "An"}
    assert [
        words.actor_name(who, names) for who in ("staff:7", "staff:8", "citizen", "bot", "system")
    ] == ["An", "Cán bộ", "Người gửi", "Trợ lý tự động", "Hệ thống"]


def test_staff_do_not_read_the_pin_of_a_receipt() -> None:
    receipt = "Mã ý kiến: PA-2611-7K3M-9QX4\nMã PIN: 482913 (dùng khi tra cứu ở nơi khác)"
    assert "482913" not in words.without_pin(receipt)
    assert "PA-2611-7K3M-9QX4" in words.without_pin(receipt)
