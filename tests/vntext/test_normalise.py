"""normalize: one spelling, nothing lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from tests.vntext.strategies import any_text
from vntext import normalize


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hoà uý thuỷ Hoà BÌNH HOÀ", "hòa úy thủy Hòa BÌNH HÒA"),
        ("quý gìn khuya già giá quà của mía huỳnh toán", None),
        ("hòan tóan ngừơi đựơc tíên cuả taị", "hoàn toán người được tiến của tại"),
        ("ngoài xoáy thuế thuở khuỷu rượu yếu uống", None),
        ("giếng giết gì quốc quyển", None),
        ("café São Tomé naïve", None),
        (unicodedata.normalize("NFD", "Trường tiểu học"), "Trường tiểu học"),
        ("trư\u200bờng\u202e \u00adhọc\ufeff", "trường học"),
        ("trường hỌс", "trường hỌc"),  # Cyrillic с
        ("ｈｅｌｌｏ １２ 𝐡𝐨̣𝐜", "hello 12 học"),
        ("Ðiểm", "Điểm"),
        ("Москва и Αθήνα", None),
        ("a\tb\x00c\u00a0\u3000d", "a b c d"),
        ("một  dòng \r\n hai\u2028ba", "một dòng\nhai\nba"),
        ("h\u0316\u0317\u0318\u0319ọ\u0316\u0317\u0318\u0319c", "học"),
        ("Giữ CHỮ, dấu!!! (1/2)", None),
        ("\n\nxuống dòng\n\n", None),
        ("", None),
    ],
)
def test_spelling(typed: str, expected: str | None) -> None:
    assert normalize(typed) == (typed if expected is None else expected)


def test_two_foreign_marks_stay() -> None:
    assert normalize("x\u0316\u0317") == "x\u0316\u0317"


@given(any_text)
def test_idempotent_and_nfc(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(any_text)
def test_no_visible_character_lost(text: str) -> None:
    def visible(t: str) -> int:
        return sum(unicodedata.category(c)[0] in "LNPS" for c in unicodedata.normalize("NFC", t))

    invisible_letters = "\u115f\u1160\u3164\uffa0"
    clean = text.translate(dict.fromkeys(map(ord, invisible_letters)))
    assert visible(normalize(clean)) >= visible(unicodedata.normalize("NFC", clean)) - sum(
        unicodedata.category(c) == "Cf" for c in clean
    ) - clean.count("\u2028")
