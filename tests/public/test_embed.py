from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests import builders
from tests.public import house
from tests.public.lint import Reader

SITES = "https://hanam.edu.vn https://*.hanam.edu.vn"


@pytest.fixture
def framed(tmp_path: Path) -> Any:
    made = house.make_app(tmp_path, settings={"embed_origins": SITES})
    yield made
    made.extensions["langnghe"].store.close()


def test_nobody_may_frame_anything_unless_the_settings_say_so(reader: Reader) -> None:
    answer = reader.client.get("/nhung")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_named_sites_may_frame_the_chat_and_nothing_else(framed: Any) -> None:
    reader = Reader(framed)
    answer = reader.client.get("/nhung")
    assert f"frame-ancestors {SITES}" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    for path in ("/", "/tro-chuyen", "/gop-y", "/tra-cuu", "/can-bo/dang-nhap"):
        other = reader.client.get(path)
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
        assert other.headers["X-Frame-Options"] == "DENY"


def test_the_frame_sets_no_cookie_and_offers_what_the_chat_offers(framed: Any) -> None:
    reader = Reader(framed)
    answer = reader.client.get("/nhung")
    assert answer.headers.getlist("Set-Cookie") == []
    page = reader.get("/nhung")
    assert page.find(".//header") is None
    box = page.find(".//*[@id='hop-thoai']")
    assert box is not None and box.get("data-framed") == "true"
    assert {one.get("target") for one in page.findall(".//main//a[@href='/gop-y']")} == {"_blank"}


def test_the_script_knows_the_sites_and_where_the_chat_is(framed: Any) -> None:
    answer = Reader(framed).client.get("/nhung.js")
    assert answer.mimetype == "text/javascript"
    assert '"https://hanam.edu.vn"' in answer.text
    assert '"base": "http' in answer.text
    assert "FACTS" not in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "wrong",
    ["hanam.edu.vn", "http://hanam.edu.vn", "https://*", "https://a.vn; script-src *", "*",
     "https://a.vn/duong-dan", "'self'"],
)  # fmt: skip
def test_an_address_that_is_no_origin_stops_the_start(wrong: str) -> None:
    with pytest.raises(ValidationError, match="EMBED_ORIGINS"):
        builders.make_settings(embed_origins=wrong)
