from __future__ import annotations

from typing import Any

from tests import builders
from tests.public.lint import Reader, words


def test_home_offers_the_three_ways_and_the_emergency_numbers(reader: Reader) -> None:
    page = reader.get("/")
    links = {one.get("href") for one in page.findall(".//main//a")}
    assert {"/tro-chuyen", "/gop-y", "/tra-cuu", "tel:111", "tel:113", "tel:115"} <= links


def test_home_says_how_long_from_the_catalogue_and_that_names_are_not_needed(
    reader: Reader,
) -> None:
    said = words(reader.get("/"))
    assert "2 ngày làm việc" in said
    assert "Tôi không muốn nêu tên" in said


def test_every_page_is_well_made(reader: Reader) -> None:
    for path in ("/", "/tro-chuyen", "/nhung", "/gop-y", "/tra-cuu", "/tra-cuu?ma=PA-2611"):
        reader.get(path)


def test_only_the_chat_page_may_use_inline_styles(reader: Reader) -> None:
    for path in ("/", "/gop-y", "/tra-cuu", "/tro-chuyen"):
        policy = reader.client.get(path).headers["Content-Security-Policy"]
        assert ("'unsafe-inline'" in policy) == (path == "/tro-chuyen")


def test_an_open_draft_stands_on_the_front_page(
    app: Any, reader: Reader, clock: builders.MovingClock
) -> None:
    from tests.public.test_consultations import Board

    assert "Dự thảo đang lấy ý kiến" not in words(reader.get("/"))
    Board(app, clock).open()
    assert "đến hết 23/12/2026" in words(reader.get("/"))
