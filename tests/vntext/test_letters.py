"""fold and is_unaccented."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vntext.strategies import any_text
from vntext import fold, is_unaccented
from vntext.letters import fold_chars


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đường Lê Hồng Phong, số 12!", "duong le hong phong, so 12!"),
        ("ƯU TIÊN ở Ấp Ỵ", "uu tien o ap y"),
        (unicodedata.normalize("NFD", "Điểm"), "diem"),
        ("й 한 İ ß", "й 한 i ß"),
        ("abc", "abc"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(any_text)
def test_fold_keeps_length_of_nfc(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert len(fold(composed)) == len(composed)
    assert fold(fold(composed)) == fold(composed)


@given(st.text())
def test_fold_chars_always_keeps_length(text: str) -> None:
    assert len(fold_chars(text)) == len(text)


def test_every_single_character_folds_to_one() -> None:
    assert all(len(fold_chars(chr(c))) == 1 for c in range(0x30000))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("hoc phi 500k?", True), ("", True), ("học phi", False), ("di di đi", False), ("12!", True)],
)
def test_is_unaccented(text: str, expected: bool) -> None:
    assert is_unaccented(text) is expected
