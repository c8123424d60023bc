from __future__ import annotations

import pytest

from intake_api.domain.letters import bare_subject, split

OWN = "Tôi gửi thêm phiếu thu.\nMong Sở xem giúp."


@pytest.mark.parametrize(
    "quoted",
    [
        "Vào 09:00 Th 2, 23 thg 11, 2026 Lắng nghe <gopy@so.example.vn> đã viết:\n> Sở đã nhận.",
        "Vào Th 2, 23 thg 11, 2026 vào lúc 09:00 Lắng nghe – Sở GDĐT Hà Nam\n"
        "<gopy@so.example.vn> đã viết:\n\n> Sở đã nhận.\n> Mã ý kiến",
        "On Mon, Nov 23, 2026 at 9:00 AM So GDDT <gopy@so.example.vn> wrote:\n> Sở đã nhận.",
        "-----Original Message-----\nFrom: So\nSent: Monday\nTo: Hoa\nSubject: Re\n\nSở đã nhận.",
        "________________________________\nTừ: Sở <gopy@so.example.vn>\nĐã gửi: Thứ Hai\n"
        "Đến: Hoa\nChủ đề: Re\n\nSở đã nhận.",
        "Từ: Sở <gopy@so.example.vn>\nNgày: 23/11/2026\nTới: Hoa\n\nSở đã nhận.",
        "*From:* So <gopy@so.example.vn>\n*Sent:* Monday\n\nSở đã nhận.",
        "> Sở đã nhận.\n> Mã ý kiến",
    ],
)
@pytest.mark.parametrize("between", ["\n\n", "\n\nTrân trọng,\nNguyễn Thị Hoa\n0912 345 678\n\n"])
def test_own_words_stand_apart_from_what_is_quoted(quoted: str, between: str) -> None:
    parts = split(OWN + between + quoted)
    assert parts.fresh == OWN
    assert "Sở đã nhận" in parts.quoted
    assert ("Nguyễn Thị Hoa" in parts.signature) == ("Hoa" in between)


@pytest.mark.parametrize(
    "below",
    ["-- \nHoa", "Kính thư,\nNguyễn Thị Hoa\nTrường A", "Gửi từ iPhone của tôi",
     "Sent from my iPhone", "Trân trọng cảm ơn!\nHoa\n\nTải Outlook cho iOS"],
)  # fmt: skip
def test_signatures_and_what_telephones_add_are_cut(below: str) -> None:
    assert split(f"{OWN}\n\n{below}").fresh == OWN


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        "Trân trọng kính gửi Sở,\ntôi có ý kiến sau: trường thu tiền.",
        "Trân trọng,\nđó là cách trường mở đầu mọi thông báo thu tiền: " + "một câu rất dài " * 20,
        "Cô giáo viết: “phải nộp tiền” rồi gửi từng phụ huynh.",
        "Từ đầu năm: trường thu 3 khoản.\nĐến nay: chưa có phiếu thu.",
        "Gửi từng lớp một tờ giấy thu tiền, không đóng dấu.",
    ],
)
def test_words_that_only_look_like_it_stay(text: str) -> None:
    parts = split(text)
    assert parts.fresh == text.strip()
    assert parts.quoted == ""


def test_a_letter_that_passes_another_one_on_is_about_what_it_passes_on() -> None:
    text = (
        "Nhờ Sở xem giúp.\n\n---------- Forwarded message ---------\nTừ: Trường A <a@truong.vn>\n"
        "Date: Th 2\nSubject: Thu tiền\n\nĐề nghị phụ huynh nộp 500.000 đồng.\n\nTrân trọng,\nBan"
    )
    assert "nộp 500.000 đồng" in split(text).fresh


def test_words_between_the_quoted_lines_stay() -> None:
    parts = split("> Anh/chị cho biết tên trường?\nTrường A Kim Bảng\n> Lớp nào?\nLớp 6A")
    assert parts.fresh == "Trường A Kim Bảng\nLớp 6A"


def test_only_quoted_words_leave_nothing() -> None:
    assert split("> Sở đã nhận.\n").fresh == ""


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: RE: Trả lời: Thu quỹ", "Thu quỹ"), ("Fwd: [A] B", "[A] B"), ("Reo hò", "Reo hò"),
     ("TL: hỏi\n thi", "hỏi thi"), ("", "")],
)  # fmt: skip
def test_subjects_lose_their_reply_marks(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare
