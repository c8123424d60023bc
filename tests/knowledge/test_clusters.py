"""Questions that ask the same thing, put together: pure."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from intake_api.knowledge.clusters import Asking, cluster


def asked(*pairs: tuple[str, str]) -> list[Asking]:
    return [Asking(text, person) for text, person in pairs]


def test_the_same_question_in_other_letters_is_one() -> None:
    found = cluster(
        asked(
            ("Xe đưa đón học sinh giá bao nhiêu ạ?", "a"),
            ("xe dua don hoc sinh gia bao nhieu", "b"),
            ("cho em hỏi giá xe đưa đón học sinh với", "c"),
            ("thư viện trường mở cửa mấy giờ", "a"),
        )
    )
    assert [(set(one.members), one.people) for one in found] == [({0, 1, 2}, 3), ({3}, 1)]


def test_a_flood_of_one_person_counts_once() -> None:
    flood = [(f"bao giờ nghỉ tết {n}", "x") for n in range(30)]
    found = cluster(asked(*flood, ("lịch tiêm phòng cho học sinh", "a"),
                          ("lich tiem phong hoc sinh", "b")))  # fmt: skip
    assert found[0].people == 2 and set(found[0].members) == {30, 31}
    assert found[1].people == 1


def test_no_words_are_no_trouble() -> None:
    assert cluster([]) == []
    assert {len(one.members) for one in cluster(asked(("?", "a"), ("", "b"), ("ạ", "c")))} == {1}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text("abc đêm học phí?", max_size=20), st.sampled_from("abc"))))
def test_every_question_stands_in_exactly_one_cluster(pairs: list[tuple[str, str]]) -> None:
    found = cluster(asked(*pairs))
    assert sorted(n for one in found for n in one.members) == list(range(len(pairs)))
    for one in found:
        assert one.people == len({pairs[n][1] for n in one.members})
    assert [one.people for one in found] == sorted((o.people for o in found), reverse=True)
