from __future__ import annotations

import pytest

from actions.turn import bare_wish, question_shaped, read_turn
from tests.actions.build import tracker


@pytest.mark.parametrize(
    "text",
    [
        "bao giờ có điểm thi",
        "bao gio co diem thi vay a",
        "trường có được thu tiền nước không",
        "truong co duoc thu tien nuoc k ad",
        "ad ơi cho e hỏi bh có điểm thi tn vậy ạ",
        "Lịch thi?",
        "con mấy tuổi được vào lớp 1",
        "hồ sơ gồm những gì",
    ],
)
def test_questions_are_recognised(text: str) -> None:
    assert question_shaped(text)


@pytest.mark.parametrize(
    "text",
    ["THCS Trần Phú", "cô giáo ép học thêm", "Nguyễn Văn A 0900000123", "ẩn danh", "trường xa nhà"],
)
def test_statements_are_not_questions(text: str) -> None:
    assert not question_shaped(text)


@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn góp ý",
        "cho em phản ánh chuyện này",
        "toi muon to cao hieu truong",
        "e mún p.á 1 chuyện",
        "gop y",
        "bức xúc quá",
        "tôi muốn góp ý dự thảo",
        "gop y ban du thao so a",
    ],
)
def test_a_bare_wish_has_no_content(text: str) -> None:
    assert bare_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "cô giáo dữ lắm, ác",
        "góp ý dự thảo dạy thêm",
        "lạm thu",
        "tôi muốn góp ý về việc thu tiền",
        "thuc an oi thiu",
        "ép học thêm",
    ],
)
def test_a_matter_is_content(text: str) -> None:
    assert not bare_wish(text)


def test_buttons_are_commands_without_typed_text() -> None:
    turn = read_turn(tracker("/give_feedback", "give_feedback"))
    assert turn.command
    assert turn.typed == ""
    assert turn.key("draft") == "web:c0ffee12/41/draft"


def test_missing_metadata_is_survived() -> None:
    said = tracker("x")
    said.latest_message = {"text": None, "intent": None, "metadata": None}
    turn = read_turn(said)
    assert (turn.text, turn.intent, turn.message_id) == ("", "", 0)
