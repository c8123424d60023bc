"""The learned tagger: what no list and no frame knows, and what it must leave alone."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from pathlib import Path

import pytest

from vntext import find_pii, mask
from vntext.letters import fold_chars
from vntext.tagger import LABELS, WEIGHTS, allowed, features, tagged, words_of

DATA = Path(__file__).resolve().parents[2] / "data" / "pii"


def test_the_weights_were_trained_from_the_messages_that_are_here() -> None:
    total = hashlib.sha256()
    for path in sorted(DATA.glob("*.yml")):
        total.update(path.read_bytes())
    with gzip.open(WEIGHTS, "rt", encoding="utf-8") as file:
        stored = json.load(file)
    assert stored["trained_on"] == total.hexdigest()[:16], "run python -m devtools.names"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cho toi gap khuc thi nhai phong tai vu", "khuc thi nhai"),
        ("con gai toi ten lo thi pan hoc lop 9c", "lo thi pan"),
        ("chủ tài khoản: Đậu Thanh Bình, nhờ hoàn lại", "Đậu Thanh Bình"),
    ],
)
def test_rare_surnames_without_a_frame(text: str, name: str) -> None:
    assert name in [span.text for span in find_pii(text)]


def test_words_in_no_name_are_left() -> None:
    text = "nha truong thu tien la sai, em vi pham noi quy thi nhac nho chu khong phat tien"
    assert find_pii(text) == []


def test_an_inside_needs_a_beginning_of_its_kind() -> None:
    assert allowed("Bn", "In")
    assert not allowed("Ba", "In")
    assert not allowed("O", "Ia")
    assert all(allowed(label, "O") for label in LABELS)


def test_every_word_has_features_and_an_empty_text_has_none() -> None:
    text = "em Hà, lớp 6B"
    spans = words_of(text)
    assert len(features(text, fold_chars(text), spans, [])) == len(spans)
    assert tagged("", "", []) == []


def test_a_long_message_costs_little() -> None:
    text = "cháu Nguyễn Văn An học lớp 6 bị bạn đánh, " * 120
    mask("khởi động")
    start = time.thread_time()
    find_pii(text)
    assert time.thread_time() - start < 1.0
