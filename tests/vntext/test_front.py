"""canonical and views."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from tests.vntext.strategies import any_text, vietnamese
from vntext import canonical, fold, views


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ad ơi cho e hỏi bh có điểm thi tn vậy ạ",
         "quản trị trang ơi cho em hỏi bao giờ có điểm thi tốt nghiệp vậy ạ"),
        ("ielts 4.0 năm nay còn đc tính 10 đ k", "ielts 4.0 năm nay còn được tính 10 đ không"),
        ("truong thcs X thu quy lop 500k ma k co phieu thu",
         "truong thcs x thu quy lop 500 nghìn ma không co phieu thu"),
        ("HAY QUÁAAAA!!!", "hay quá!!!"),
        ("hoàaa", "hòa"),
        ("kkkkkk", "kkk"),
        ("chương III", "chương iii"),
        ("buồn😢😢quá", "buồn 😢 😢 quá"),
        ("cảm ơn ❤️", "cảm ơn ❤"),
        ("TUYEENR SINH", "tuyển sinh"),
        ("https://x.vn/AAAA", "https://x.vn/aaaa"),
        ("dòng 1\ndòng 2 😢\nba", "dòng 1\ndòng 2 😢\nba"),
        ("", ""),
    ],
)  # fmt: skip
def test_canonical(typed: str, expected: str) -> None:
    assert canonical(typed) == expected


@settings(max_examples=600)
@given(vietnamese)
def test_idempotent(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


@given(any_text)
def test_never_raises(text: str) -> None:
    canonical(text)


@given(vietnamese)
def test_views_fold_the_canonical_form(text: str) -> None:
    seen = views(text)
    assert seen.accented == canonical(text)
    assert seen.folded == fold(seen.accented)
    assert len(seen.folded) == len(seen.accented)


def _seconds(text: str) -> float:
    best = 9.0
    for _ in range(3):
        start = time.thread_time()
        canonical(text)
        best = min(best, time.thread_time() - start)
    return best


@pytest.mark.parametrize(
    "piece", ["cho e hỏi k bit đk dk ", "a.b-", "á\u0302\u0303", "@a.", "1.", "aaab"]
)
def test_time_grows_linearly(piece: str) -> None:
    canonical(piece)
    small, large = piece * (2000 // len(piece)), piece * (16000 // len(piece))
    # eight times the text; quadratic would be sixty-four
    assert _seconds(large) < 24 * _seconds(small) + 0.01
