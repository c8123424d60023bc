"""Where this machine may connect to on somebody else's word: public addresses only.

The name is looked up once, every address is checked, and the connection goes to the address that
was checked: a name that answers differently the second time changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(ValueError):
    """This address is not connected to; the reason is for the operator."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address. ``url`` has the number in place of the name."""

    url: str
    host: str
    port: int
    name: str


def check(url: str, *, private: frozenset[str] = frozenset()) -> Target:
    """Looks up and checks an address. ``private``: "host:port" pairs of the operator's own that
    may be private, and plain http. Raises Refused, or OSError when the name is unknown."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Refused("no such port") from error
    name = (parts.hostname or "").rstrip(".")
    own = f"{name}:{port}" in private
    if parts.scheme != "https" and not (own and parts.scheme == "http"):
        raise Refused("only https")
    if not name or parts.username or parts.password or parts.fragment:
        raise Refused("no plain address")
    numbers = list(
        dict.fromkeys(
            str(found[4][0]) for found in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        )
    )
    if not own and not all(is_public(number) for number in numbers):
        raise Refused("a private address")
    number = numbers[0]
    shown = f"[{number}]" if ":" in number else number
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Target(f"{parts.scheme}://{shown}:{port}{path}{query}", parts.netloc, port, name)


def is_public(number: str) -> bool:
    """True for an address that belongs to the open internet."""
    address = ipaddress.ip_address(number.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast
