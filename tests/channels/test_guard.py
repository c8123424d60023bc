from __future__ import annotations

import socket
from typing import Any

import pytest

from intake_api.channels import guard

PRIVATE = [  # nothing is bound to any of them
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1",
]  # fmt: skip


def names(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> list[str]:
    """Makes every name answer with these numbers; returns what was asked."""
    asked: list[str] = []

    def look_up(name: str, port: int, **_: Any) -> list[Any]:
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in numbers]

    monkeypatch.setattr(guard.socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("number", PRIVATE)
def test_private_addresses_are_refused_under_any_name(
    monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    assert not guard.is_public(number)
    names(monkeypatch, number)
    with pytest.raises(guard.Refused, match="private"):
        guard.check("https://he-thong.vidu.example/hook")
    names(monkeypatch, "93.184.215.14", number)  # one of several is enough
    with pytest.raises(guard.Refused, match="private"):
        guard.check("https://he-thong.vidu.example/hook")


def test_the_connection_goes_to_the_number_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = names(monkeypatch, "93.184.215.14")
    target = guard.check("https://He-Thong.vidu.example:8443/hook?a=1")
    assert target.url == "https://93.184.215.14:8443/hook?a=1"
    assert target.name == "he-thong.vidu.example"
    assert asked == ["he-thong.vidu.example"]
    names(monkeypatch, "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert "[2606:" in guard.check("https://a.example").url


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "ftp://a.example/", "file:///etc/passwd", "https://", "https:///x",
     "https://u:p@a.example/", "https://a.example:99999/", "https://a.example/#x", "a.example"],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    names(monkeypatch, "93.184.215.14")
    with pytest.raises(guard.Refused):
        guard.check(url)


def test_only_the_operators_own_pair_of_host_and_port_may_be_private() -> None:
    own = frozenset({"127.0.0.1:9000"})
    assert guard.check("http://127.0.0.1:9000/hook", private=own).port == 9000
    for url in ("http://127.0.0.1:9001/hook", "https://127.0.0.1/hook", "http://127.0.0.2:9000/"):
        with pytest.raises(guard.Refused):
            guard.check(url, private=own)
