"""Shorthand: both sides of each context rule, with and without diacritics."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.vntext.strategies import any_text
from vntext import expand
from vntext.shorthand import is_open
from vntext.shorthand_rules import RULES
from vntext.shorthand_table import PHRASES, PLAIN


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ko bit nộp ở đâu", "không biết nộp ở đâu"),
        ("thu 500k", "thu 500 nghìn"),
        ("thu 500 k", "thu 500 nghìn"),
        ("25k/bữa", "25 nghìn/bữa"),
        ("1tr2 và 2 củ", "1 triệu 2 và 2 triệu"),
        ("lop 6 k co cho", "lop 6 không co cho"),
        ("k12 và k 12", "khối 12 và khối 12"),
        ("2k7", "2k7"),
        ("k được", "không được"),
        ("hk 1 va hk2", "học kỳ 1 va học kỳ 2"),
        ("điểm hk", "điểm học kỳ"),
        ("cuoi hk", "cuoi học kỳ"),
        ("hk tốt", "hạnh kiểm tốt"),
        ("xếp loại hk", "xếp loại hạnh kiểm"),
        ("hk biết", "không biết"),
        ("đk dự thi", "đăng ký dự thi"),
        ("đủ đk", "đủ điều kiện"),
        ("không đk đâu", "không được đâu"),
        ("dk", "dk"),
        ("thpt a dt", "thpt a duy tiên"),
        ("số dt của cô", "số điện thoại của cô"),
        ("thpt a tl", "thpt a thanh liêm"),
        ("ad tl giúp em", "quản trị trang trả lời giúp em"),
        ("đề tl", "đề tự luận"),
        ("hết bn tiền", "hết bao nhiêu tiền"),
        ("các bn ơi", "các bạn ơi"),
        ("đóng hp", "đóng học phí"),
        ("thầy hp", "thầy hiệu phó"),
        ("gv cn", "giáo viên chủ nhiệm"),
        ("học sáng cn", "học sáng chủ nhật"),
        ("môn cn", "môn công nghệ"),
        ("bài kt", "bài kiểm tra"),
        ("kt và pháp luật", "kt và pháp luật"),
        ("thi tn", "thi tốt nghiệp"),
        ("khoa học tn", "khoa học tự nhiên"),
        ("đọc tn", "đọc tin nhắn"),
        ("ở hn", "ở hn"),
        ("mn cho hỏi", "mọi người cho hỏi"),
        ("MN Hoa Sen", "mầm non Hoa Sen"),
        ("truong mn hoa", "truong mầm non hoa"),
        ("thcs tran phu pl", "thcs tran phu phủ lý"),
        ("pl", "pl"),
        ("ở kb, ở ln", "ở kim bảng, ở lý nhân"),
        ("huyện bl", "huyện bình lục"),
        ("bl điểm", "bảo lưu điểm"),
        ("nhiều ng", "nhiều người"),
        ("sở gd ơi", "sở giáo dục và đào tạo ơi"),
        ("Sở ơi cho e hỏi j z", "Sở ơi cho em hỏi gì vậy"),
        ("lớp 9 e", "lớp 9 e"),
        ("thpt a kim bảng", "thpt a kim bảng"),
        ("đóng bh", "đóng bảo hiểm"),
        ("bh có điểm", "bao giờ có điểm"),
        ("quên mk", "quên mật khẩu"),
        ("mk hỏi", "mình hỏi"),
        ("A00 12A1 TT29 NV1 thcs gdtx bhyt", "A00 12A1 TT29 NV1 thcs gdtx bhyt"),
        ("15/2025/TT-BGDĐT", "15/2025/TT-BGDĐT"),
        ("bị bn đánh", "bị bạn đánh"),
        ("cứ thế ạ, hỏng rồi", "cứ thế ạ, hỏng rồi"),
    ],
)
def test_expand(typed: str, expected: str) -> None:
    assert expand(typed) == expected


def test_no_expansion_contains_a_key() -> None:
    outs = {*PLAIN.values(), *PHRASES.values(), *(r.out for rules in RULES.values() for r in rules)}
    outs -= {"e", "b", "c", "t", "v"}  # rules that say: leave it
    assert not [(out, w) for out in outs for w in out.split() if is_open(w)]


@given(any_text)
def test_never_raises_and_keeps_gaps(text: str) -> None:
    expand(text)
