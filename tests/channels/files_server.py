"""Two small servers on loopback: one that serves files as it likes, one that speaks clamd."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BAD = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def serving(answers: dict[str, object]) -> Iterator[tuple[str, list[str]]]:
    """Serves by path: bytes, a status, ("to", address), or "slow"/"endless"."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            given = answers.get(self.path, 404)
            body = given if isinstance(given, bytes) else b""
            with suppress(OSError):
                if isinstance(given, tuple):
                    self.send_response(302)
                    self.send_header("Location", given[1])
                elif given in ("slow", "endless"):
                    self.send_response(200)
                else:
                    self.send_response(given if isinstance(given, int) else 200)
                if given in ("slow", "endless"):
                    self.end_headers()
                    self._trickle(given == "slow")
                    return
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def _trickle(self, slow: bool) -> None:
            for _ in range(200):
                self.wfile.write(b"x" if slow else b"x" * 65536)
                self.wfile.flush()
                time.sleep(0.02 if slow else 0)
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def clamd(address: str | tuple[str, int], *, most: int = 1 << 20) -> Iterator[str]:
    """Speaks clamd's INSTREAM on a Unix socket or a port; finds EICAR, refuses what is longer
    than ``most``. Yields its address as the settings write it."""
    unix = isinstance(address, str)
    listener = socket.socket(socket.AF_UNIX if unix else socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen()

    def exactly(line: socket.socket, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = line.recv(count - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line, suppress(OSError):
                assert exactly(line, 10) == b"zINSTREAM\0"
                data = b""
                while (size := struct.unpack("!L", exactly(line, 4))[0]) and len(data) <= most:
                    data += exactly(line, size)
                if len(data) > most:
                    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                elif BAD in data:
                    line.sendall(b"stream: Eicar-Test-Signature FOUND\0")
                else:
                    line.sendall(b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield address if isinstance(address, str) else "{}:{}".format(*listener.getsockname())
    finally:
        listener.close()
