"""Long messages in parts, short titles, the source below."""

from hypothesis import given
from hypothesis import strategies as st

from intake_api.channels.base import Button
from intake_api.domain.rendering import length, short_titles, shorten, split, with_source

SENTENCE = "Học phí được miễn theo nghị định. "


def test_a_text_that_fits_is_one_part():
    assert split("a" * 2000, 2000) == ["a" * 2000]
    assert split("  chào \n", 2000) == ["chào"]
    assert split(" \n ", 2000) == []


def test_it_is_cut_at_the_end_of_a_sentence():
    parts = split(SENTENCE * 70, 2000)
    assert len(parts) == 2
    assert all(part.endswith("nghị định.") for part in parts)


def test_a_line_end_is_a_better_place_than_a_sentence_end():
    text = SENTENCE * 40 + "\n" + SENTENCE * 40
    first, second = split(text, 2000)
    assert first == (SENTENCE * 40).strip()
    assert second == (SENTENCE * 40).strip()


def test_a_sentence_that_fits_exactly_is_not_cut():
    text = "a" * 1999 + ". " + "b" * 50
    assert split(text, 2000) == ["a" * 1999 + ".", "b" * 50]


def test_without_any_space_it_is_cut_all_the_same():
    assert [len(part) for part in split("x" * 4500, 2000)] == [2000, 2000, 500]


def test_characters_outside_the_first_plane_count_twice():
    parts = split("😀" * 1500, 2000)
    assert [length(part) for part in parts] == [2000, 1000]


def test_a_joined_emoji_or_a_combining_mark_is_not_torn_apart():
    family = "👩\u200d👩\u200d👧"
    parts = split("x" * 1995 + family, 2000)
    assert parts == ["x" * 1995, family]
    assert split("x" * 1999 + "e\u0301", 2000) == ["x" * 1999, "e\u0301"]


@given(st.text(alphabet="ab. \né😀\u0301\u200d,", max_size=300), st.integers(2, 40))
def test_parts_fit_and_lose_nothing_but_white_space(text, limit):
    parts = split(text, limit)
    assert all(0 < length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_short_title_stays_and_a_long_one_ends_at_a_word():
    assert shorten("Gửi phản ánh", 20) == "Gửi phản ánh"
    assert shorten("a" * 20, 20) == "a" * 20
    assert shorten("Thi tốt nghiệp THPT năm 2025", 20) == "Thi tốt nghiệp THPT…"
    assert shorten("Chuyển trường, hồ sơ gồm gì", 16) == "Chuyển trường…"
    assert shorten("x" * 30, 20) == "x" * 19 + "…"


@given(st.text(max_size=60), st.integers(4, 30))
def test_a_title_never_exceeds_its_limit(title, limit):
    assert length(shorten(title, limit)) <= limit


def test_titles_that_would_look_the_same_are_numbered():
    buttons = [
        Button("Thi tốt nghiệp năm học 2024", "a"),
        Button("Thi tốt nghiệp năm học 2025", "b"),
    ]
    titles = short_titles(buttons, 20)
    assert titles == ["1. Thi tốt nghiệp…", "2. Thi tốt nghiệp…"]
    assert all(length(title) <= 20 for title in titles)


def test_the_source_stands_below_once():
    source = {"source": "Nguồn: Điều 3, NĐ 238/2025", "validity": "Áp dụng đến 31/12/2026"}
    below = "Nguồn: Điều 3, NĐ 238/2025\nÁp dụng đến 31/12/2026"
    assert with_source("Được miễn.", source) == f"Được miễn.\n\n{below}"
    assert with_source(f"Được miễn.\n\n{below}", source) == f"Được miễn.\n\n{below}"
    assert with_source("Được miễn.", {"source": "NĐ 238/2025"}).endswith("\n\nNguồn: NĐ 238/2025")


def test_without_a_source_nothing_is_added():
    for source in (None, {}, {"source": "", "validity": None}):
        assert with_source("Chào bạn. ", source) == "Chào bạn."
