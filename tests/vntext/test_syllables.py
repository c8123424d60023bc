"""Legal syllables and the place of the tone."""

from __future__ import annotations

import pytest

from vntext.listing import listed
from vntext.syllables import BARE, TONELESS, is_bare_syllable, is_syllable, place_tone, with_tone


@pytest.mark.parametrize(
    "word",
    sorted(
        listed(
            "học trường nghỉ ghế kỳ quý gì gìn giếng khuya quyển huýt oan yên yêu ủy ngoèo "
            "thuở quở xoong Đường HỌC hoà quốc nguyễn"
        )
    ),
)
def test_legal(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word",
    sorted(
        listed(
            "test hoc ngha ka cê ngi zoom school họcc trườngg a00 hòá hộcs đ th bcd ielts sách_ quo"
        )
    ),
)
def test_illegal(word: str) -> None:
    assert not is_syllable(word)


def test_empty_is_no_syllable() -> None:
    assert not is_syllable("")


def test_bare() -> None:
    assert is_bare_syllable("hoc")
    assert is_bare_syllable("Duoc")
    assert not is_bare_syllable("test")
    assert "truong" in BARE


@pytest.mark.parametrize(
    ("word", "expected"),
    [("hoà", "hòa"), ("hòan", "hoàn"), ("Thuỷ", "Thủy"), ("QUÍ", "QUÍ"), ("giừơng", "giường"),
     ("test", "test"), ("hoá1", "hoá1")],
)  # fmt: skip
def test_place_tone(word: str, expected: str) -> None:
    assert place_tone(word) == expected


def test_tone_is_stable_on_every_syllable() -> None:
    for toneless in TONELESS:
        for tone in "sfrxj":
            word = with_tone(toneless, tone)
            assert word != toneless
            assert place_tone(word) == word
