"""What the simulated platforms share: a small JSON server on loopback."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

MAX_BODY = 1024 * 1024


class Server:
    """A running HTTP server on loopback."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int) -> None:
        self._http = _Http(("127.0.0.1", port), handler)
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops listening and waits for the thread."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        # Without the name look-up of the base class, which can hang where there is no DNS.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that goes away in the middle, or is killed, is no news here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class JsonHandler(BaseHTTPRequestHandler):
    """Reads and answers JSON; says nothing on its own."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def raw_body(self) -> bytes:
        """The bytes of the call; raises ValueError when they are too many."""
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 <= size <= MAX_BODY:
            raise ValueError("too large")
        return self.rfile.read(size)

    def json_body(self) -> Any:
        """The parsed body; raises ValueError."""
        raw = self.raw_body()
        try:
            return json.loads(raw) if raw else {}
        except RecursionError:
            raise ValueError("too deep") from None

    def answer(self, status: int, body: Any) -> None:
        """Answers with JSON, or with bytes as they are."""
        as_is = isinstance(body, bytes)
        raw = body if as_is else json.dumps(body, ensure_ascii=False).encode()
        kind = "application/octet-stream" if as_is else "application/json; charset=utf-8"
        with contextlib.suppress(OSError):  # the caller may have gone
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(raw)

    def hang_up(self) -> None:
        """Ends the connection without an answer."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: whoever wants to see what came in asks for it."""


class ControlledHandler(JsonHandler):
    """Adds what people may look at and ask for under /twin. A platform's handler is a class of its
    own; ``of`` ties it to one twin."""

    twin: Any  # a platform's handler says which kind
    usage: ClassVar[Mapping[str, Any]]
    who: ClassVar[str]  # the parameter that names a person

    @classmethod
    def of(cls, twin: Any) -> type[BaseHTTPRequestHandler]:
        """The handler of this very twin."""
        return type(cls.__name__, (cls,), {"twin": twin})

    def do_GET(self) -> None:
        """The messages that were taken, what the platform has itself, or how to use this."""
        address = urlsplit(self.path)
        if address.path == "/twin/messages":
            person = parse_qs(address.query).get(self.who, [""])[0]
            found = self.twin.sent_to(person) if person else list(self.twin.received)
            self.answer(200, [one.as_dict() for one in found])
            return
        found = self.look_up(address.path)
        if found is not None:
            self.answer(200, found)
        else:
            self.answer(200 if address.path in ("/", "/twin") else 404, self.usage)

    def control(self, path: str, body: Any) -> None:
        """POST /twin/<verb>."""
        verb, given = path.removeprefix("/twin/"), body if isinstance(body, dict) else {}
        try:
            self.answer(200, self.do(verb, given))
        except (KeyError, TypeError, ValueError) as error:
            self.answer(400, {"error": f"{type(error).__name__}: {error}", "usage": self.usage})

    def look_up(self, path: str) -> Any:
        """What else the platform shows at an address, or None."""
        raise NotImplementedError

    def do(self, verb: str, given: dict[str, Any]) -> Any:
        """Does what a person asks for; raises KeyError, TypeError or ValueError."""
        raise NotImplementedError
