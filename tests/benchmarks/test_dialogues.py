"""How a turn of a held-out dialogue is judged: by what was done, never by the words alone."""

from __future__ import annotations

import pytest

from benchmarks.dialogues import ACTS, done
from intake_api.knowledge import load_entries
from intake_api.settings import ROOT

ENTRY = next(one for one in load_entries(ROOT / "data") if one.versions)


def test_an_answer_is_known_by_its_entry_with_what_stands_around_it() -> None:
    acts, answered, offered = done([f"{ENTRY.versions[-1].answer}\nThêm một câu."])
    assert (acts, offered) == (set(), set())
    assert ENTRY.slug in answered


def test_choices_are_offered_and_not_answered() -> None:
    said = (
        "Trợ lý chưa chắc anh/chị hỏi việc nào. Có phải một trong các việc sau?\n"
        f"1. {ENTRY.title}\nAnh/chị bấm nút hoặc nhắn số thứ tự."
    )
    acts, answered, offered = done([said])
    assert (acts, answered, offered) == ({"suggest"}, set(), {ENTRY.slug})


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("Trợ lý chưa có thông tin chính thức về việc này. Anh/chị có muốn Sở trả lời riêng không?",
         "none"),
        ("Trợ lý ghi nhận việc: học phí.", "record"),
        ("Nếu trẻ đang gặp nguy hiểm, xin gọi ngay: 111 (bảo vệ trẻ em), 113 (công an), "
         "115 (cấp cứu).\nTrợ lý đã chuyển khẩn nội dung này tới cán bộ phụ trách kênh mật của Sở; "
         "nội dung được giữ kín.", "danger"),
    ],
)  # fmt: skip
def test_texts_are_traced_to_what_they_do(said: str, act: str) -> None:
    acts, answered, _ = done([said])
    assert acts & ACTS[act] and not answered


def test_words_of_nobody_do_nothing() -> None:
    assert done(["Một câu không ở đâu cả."]) == (set(), set(), set())
