"""Entries that the training did not know are found by the few ways of asking that they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake_api.domain.model import Entry, Source, Version
from intake_api.knowledge import Index
from intake_api.knowledge.ranker import Ranker
from tests.builders import MODELS, the_entries

DAY = date(2026, 11, 23)
BUS = Entry(
    slug="xe-dua-don", topic="b.atgt_xe_dua_don", owner="CTTT", title="Giá xe đưa đón học sinh",
    short="Giá xe đưa đón",
    questions=("xe đưa đón học sinh giá bao nhiêu", "gia xe dua don", "tiền xe đưa đón ai thu"),
    versions=(
        Version(date(2026, 1, 1), None, "Giá xe do hợp đồng với phụ huynh quyết định.", (), "",
                Source("Thông tư 29/2024/TT-BGDĐT", "", "")),
    ),
)  # fmt: skip
ASKED = (
    "nhà trường thu tiền xe bus đưa rước các cháu mỗi tháng bao nhiêu vậy ạ",
    "xe dua don con em thu phi the nao",
    "cho hỏi phí đi xe đưa đón của trường",
)


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker.load(MODELS)


@pytest.fixture(scope="module")
def few() -> list[Entry]:
    return [one for one in the_entries() if one.topic.startswith(("e.", "dd."))]


def test_found_by_words_it_does_not_have(ranker: Ranker, few: list[Entry]) -> None:
    index = Index([*few, BUS], ranker)
    for text in ASKED:
        offered = [one.entry.slug for one in index.answer(text, DAY).answers]
        assert BUS.slug in offered, (text, offered)
    assert index.answer(BUS.questions[0], DAY).answers[0].entry.slug == BUS.slug


def test_the_others_keep_their_questions(ranker: Ranker, few: list[Entry]) -> None:
    before, after = Index(few, ranker), Index([*few, BUS], ranker)
    moved = 0
    for entry in few:
        for text in entry.questions[::8]:
            one, two = before.answer(text, DAY), after.answer(text, DAY)
            moved += bool(two.answers) and two.answers[0].entry.slug == BUS.slug
            assert one.decision == two.decision or one.decision != "answer", text
    assert moved == 0


def test_publishing_one_fits_one(ranker: Ranker, few: list[Entry]) -> None:
    ranker.columns.clear()
    Index([*few, BUS], ranker)
    Index([*few, replace(BUS, short="Xe")], ranker)  # no word that is asked or answered changed
    assert len(ranker.columns) == 1
    Index([*few, BUS, replace(BUS, slug="xe-khac", title="Xe khác")], ranker)
    assert len(ranker.columns) == 2


def test_without_any_trained_entry_there_is_nothing_to_compare_with(ranker: Ranker) -> None:
    assert Index([BUS], ranker).answer(BUS.questions[0], DAY).decision in ("answer", "suggest")
