from __future__ import annotations

import socket
from typing import Any

import pytest

from intake_api.channels import guard

PRIVATE = [  # nothing is bound to any of them
    "127.0.0.1", "10.1.2.3", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
    "3fff::1", "5f00::1",
]  # fmt: skip
# Each leads to an IPv4 address of a house, or to one of the open internet by somebody's relay.
TUNNELS = [
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "::101:101", "64:ff9b::7f00:1",
    "64:ff9b::101:101", "64:ff9b:1::7f00:1", "64:ff9b:1:fffe::101:101", "::ffff:0:7f00:1",
    "2002:7f00:1::", "2002:101:101::1", "2001:0:1::1", "2001::f5ff:fffe", "192.88.99.1",
    "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1",
]  # fmt: skip


def names(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> list[str]:
    """Makes every name answer with these numbers; returns what was asked."""
    asked: list[str] = []

    def look_up(name: str, port: int, **_: Any) -> list[Any]:
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in numbers]

    monkeypatch.setattr(guard.socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("number", [*PRIVATE, *TUNNELS])
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


@pytest.mark.parametrize(
    "number",
    ["1.1.1.1", "31.13.82.1", "192.88.98.1", "::ffff:1.1.1.1", "2606:4700:4700::1111",
     "2a03:2880:f12f:83:face:b00c::25de"],
)  # fmt: skip
def test_the_open_internet_is_public(number: str) -> None:
    assert guard.is_public(number)


@pytest.mark.parametrize("number", ["", "x", "1.1.1", "1.1.1.1.1", "0x7f.1", "2130706433", "::g"])
def test_what_is_no_address_is_not_public(number: str) -> None:
    assert not guard.is_public(number)


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
