"""Fetching from addresses that strangers write: never into the house."""

from __future__ import annotations

import pytest

from intake_api.channels.fetching import Fetcher, Refused, TryLater
from tests.channels.files_server import serving

HERE = ("127.0.0.1/32",)


@pytest.mark.parametrize(
    "url",
    ["http://cdn.example/a", "ftp://cdn.example/a", "file:///etc/passwd", "https://", "x", "",
     "https://u:p@cdn.example/a", "https://cdn.example:22/a", "https://cdn.example:99999/a",
     "https://127.0.0.1/a", "https://[::1]/a", "https://2130706433/a", "https://0x7f.1/a"],
)  # fmt: skip
def test_other_schemes_ports_and_written_addresses_are_refused(url):
    fetcher = Fetcher(max_bytes=100)
    with pytest.raises(Refused) as caught:
        fetcher.get(url)
    assert not isinstance(caught.value, TryLater)
    assert "127" not in caught.value.reason


@pytest.mark.parametrize(
    "addresses", [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:192.168.0.1"], []]
)
def test_a_name_that_leads_into_the_house_is_refused(addresses):
    fetcher = Fetcher(max_bytes=100, resolver=lambda host, port: addresses)
    with pytest.raises(Refused):
        fetcher.get("https://rebinding.example/a")


def test_the_connection_goes_to_the_very_address_that_was_checked():
    """A name that answers differently the second time (DNS rebinding) is asked once a hop."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    with serving({"/a": b"anh"}) as (base, _):
        port = base.rpartition(":")[2]
        fetcher = Fetcher(max_bytes=100, allow=HERE, resolver=lambda h, p: answers.pop(0))
        assert fetcher.get(f"http://cdn.example:{port}/a") == b"anh"
    assert answers == [["10.0.0.1"]]


def test_redirects_are_followed_and_each_is_checked():
    with serving({"/b": b"xin"}) as (inner, _), serving({}) as (other, asked):
        hosts = {"good.example": ["127.0.0.1"], "house.example": ["10.0.0.7"]}
        fetcher = Fetcher(max_bytes=100, allow=HERE, resolver=lambda h, p: hosts.get(h, [h]))
        port = inner.rpartition(":")[2]
        with serving(
            {"/ok": ("to", f"http://good.example:{port}/b"), "/in": ("to", "http://house.example/x"),
             "/file": ("to", "file:///etc/passwd"), "/loop": ("to", "/loop"),
             "/meta": ("to", "http://169.254.169.254/latest")}
        ) as (base, _):  # fmt: skip
            assert fetcher.get(f"{base}/ok") == b"xin"
            for path in ("/in", "/file", "/loop", "/meta"):
                with pytest.raises(Refused):
                    fetcher.get(base + path)
        assert (other, asked) == (other, [])


def test_size_and_time_have_an_end():
    with serving({"/endless": "endless", "/slow": "slow", "/big": b"x" * 101}) as (base, _):
        fetcher = Fetcher(max_bytes=100, allow=HERE, seconds=0.3)
        with pytest.raises(Refused, match="quá lớn"):
            fetcher.get(f"{base}/big")
        with pytest.raises(Refused, match="quá lớn"):
            fetcher.get(f"{base}/endless")
        with pytest.raises(TryLater):
            fetcher.get(f"{base}/slow")


def test_what_is_gone_is_refused_and_what_is_in_trouble_is_tried_later():
    with serving({"/gone": 410, "/busy": 503, "/limit": 429}) as (base, _):
        fetcher = Fetcher(max_bytes=100, allow=HERE)
        for path, wanted in (("/gone", Refused), ("/none", Refused), ("/busy", TryLater),
                             ("/limit", TryLater)):  # fmt: skip
            with pytest.raises(wanted) as caught:
                fetcher.get(base + path)
            assert type(caught.value) is wanted
    with pytest.raises(TryLater):
        fetcher.get(f"{base}/gone")  # nobody listens any more
