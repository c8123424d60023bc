"""Fetches files that people sent through a platform, from addresses that somebody else wrote.

An address may name a machine of the house, redirect there, or resolve to something else the second
time it is asked for. So each hop's name is resolved here, every address it has must be public, and
the connection goes to the very address that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

from intake_api.channels.guard import is_public

MAX_HOPS = 4
CONNECT_SECONDS = 5.0
IDLE_SECONDS = 10.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = "tệp không còn trên nền tảng"
NOT_PUBLIC = "địa chỉ của tệp không được phép tải"
TOO_LARGE = "tệp quá lớn"

Resolve = Callable[[str, int], Sequence[str]]


class Refused(Exception):
    """It will never be fetched. ``reason`` is one Vietnamese phrase without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Refused):
    """Not now: the other side or the line is in trouble."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class _Backend(httpcore.NetworkBackend):
    """Connects to addresses that were checked, never to names."""

    def __init__(self, allowed: Callable[[str], bool], resolver: Resolve) -> None:
        self._allowed, self._resolve = allowed, resolver
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("not resolved") from error
        # One private address among public ones is a trap, not a mistake.
        if not addresses or not all(self._allowed(one) for one in addresses):
            raise Refused(NOT_PUBLIC)
        return self._plain.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise Refused(NOT_PUBLIC)


class Fetcher:
    """Fetches over HTTPS, at most ``max_bytes`` in at most ``seconds``. May be shared.

    ``allow``: networks that may be fetched from though they are not public, over plain HTTP too:
    simulated platforms in development.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        seconds: float = 30.0,
        allow: Sequence[str] = (),
        resolver: Resolve = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._max, self._seconds = max_bytes, seconds
        self._networks = [ipaddress.ip_network(one) for one in allow]
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            network_backend=_Backend(self._allowed, resolver),
            max_connections=8,
            keepalive_expiry=5.0,
        )

    def get(self, url: str) -> bytes:
        """The file's bytes. Raises Refused or TryLater."""
        end = time.monotonic() + self._seconds
        for _ in range(MAX_HOPS):
            self._check(url)
            status, where, body = self._hop(url, end)
            if status in REDIRECTS and where:
                url = urljoin(url, where)
                continue
            if status == 200:
                return body
            if status in (408, 425, 429) or status >= 500:
                raise TryLater(f"nền tảng chưa đưa tệp (HTTP {status})")
            raise Refused(GONE)
        raise Refused(NOT_PUBLIC)

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()

    def _allowed(self, address: str) -> bool:
        if is_public(address):
            return True
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise Refused(NOT_PUBLIC) from None
        plain = bool(self._networks) and parts.scheme == "http"
        if not (parts.scheme == "https" or plain) or not parts.hostname or "@" in parts.netloc:
            raise Refused(NOT_PUBLIC)
        if not self._networks and port not in (None, 443):
            raise Refused(NOT_PUBLIC)

    def _hop(self, url: str, end: float) -> tuple[int, str, bytes]:
        timeouts = {"connect": CONNECT_SECONDS, "read": IDLE_SECONDS, "write": IDLE_SECONDS,
                    "pool": self._seconds}  # fmt: skip
        # Unpacked bytes only: nothing that swells.
        headers = [("Accept-Encoding", "identity"), ("User-Agent", "langnghe")]
        try:
            with self._pool.stream(
                "GET", url, headers=headers, extensions={"timeout": timeouts}
            ) as answer:
                if answer.status != 200:
                    return answer.status, _location(answer), b""
                return 200, "", self._read(answer, end)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise TryLater(f"chưa tải được tệp ({type(error).__name__})") from None
        except (ValueError, UnicodeError, httpcore.UnsupportedProtocol):
            raise Refused(NOT_PUBLIC) from None

    def _read(self, answer: httpcore.Response, end: float) -> bytes:
        pieces, size = [], 0
        for piece in answer.iter_stream():
            size += len(piece)
            if size > self._max:
                raise Refused(TOO_LARGE)
            if time.monotonic() > end:
                raise TryLater("tải tệp quá lâu")
            pieces.append(piece)
        return b"".join(pieces)


def _location(answer: httpcore.Response) -> str:
    for name, value in answer.headers:
        if name.lower() == b"location":
            return value.decode("latin-1")
    return ""
