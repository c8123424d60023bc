"""Raw Telex and VNI: repaired when surely Vietnamese, left alone otherwise."""

from __future__ import annotations

import pytest

from vntext import canonical
from vntext.listing import listed
from vntext.telex import repair_word, repair_words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tuyeenr sinh hocj phis", "tuyển sinh học phí"),
        ("truowngf ddieemr ddang kys", "trường điểm đang ký"),
        ("tuyeern tuyener", "tuyển tuyển"),
        ("nguwowif dduwowcj", "người được"),
        ("hopwj luwu uwu tieen", "hợp lưu ưu tiên"),
        ("thuaanj quaan quyeets", "thuận quân quyết"),
        ("coong khai", "công khai"),
        ("lớps", "lớps"),
        ("lơps quôcs", "lớp quốc"),
        ("tru7o7ng2", "trường"),
        ("truong72 d9ie6m3", "trường điểm"),
        ("hoc5 phi1", "học phí"),
        ("d9a8ng ky1", "đăng ky1"),
        ("ddaay laf cos", "đây là có"),
    ],
)
def test_repaired(typed: str, expected: str) -> None:
    assert " ".join(repair_words(typed.split())) == expected


@pytest.mark.parametrize(
    "word",
    sorted(
        listed(
            "test a00 12a1 tt29 nv1 a1 b1 lop5 de1 khoi1 hoc thu tax bus max box text ielts "
            "toeic zoom google facebook covid19 win10 mp3 u23 h2o reset there virus basis "
            "visa data zalo tik hs gv được trường hk1 c00 d01 ban chuyen 2k7 500k 1tr2 link "
            "form app email excel word"
        )
    ),
)
def test_left_alone(word: str) -> None:
    assert repair_words([word]) == [word]


def test_ambiguous_needs_evidence() -> None:
    assert canonical("cos") == "cos"
    assert canonical("cos ddieemr chuwa") == "có điểm chưa"
    assert repair_word("hoc5") == ("học", False)
    assert canonical("hoc5") == "hoc5"


def test_codes_links_and_mails_stay() -> None:
    text = "pa-2611-7k3m-9qxm a.doos@b.vn https://x.vn/hocj 29/2024/tt-bgdđt #hocj"
    assert canonical(text) == text
