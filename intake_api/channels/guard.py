"""Where this machine may connect to on somebody else's word: public addresses only.

The name is looked up once, every address is checked, and the connection goes to the address that
was checked: a name that answers differently the second time changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

# Ranges that lead on to an IPv4 address written inside, or to whoever runs the relay: where a
# packet ends is not to be seen from outside, so none of them is public (RFC 4291 2.5.5.1, 6052,
# 8215, 7915, 3056, 7526, 4380). Behind them what Python still takes for global: site-local
# addresses (RFC 3879), documentation (RFC 9637), segment identifiers (RFC 9602).
_ELSEWHERE = tuple(
    ipaddress.ip_network(one)
    for one in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "2002::/16",
                "2001::/32", "192.88.99.0/24", "fec0::/10", "3fff::/20", "5f00::/16")
)  # fmt: skip
# An ISATAP interface carries its IPv4 address below any prefix (RFC 5214 6.1).
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


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
    """True for an address that belongs to the open internet, and leads nowhere else."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
            return False
    if any(address in one for one in _ELSEWHERE if one.version == address.version):
        return False
    return address.is_global and not address.is_multicast
