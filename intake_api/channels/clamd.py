"""ClamAV through clamd's socket (INSTREAM, as its manual describes it)."""

from __future__ import annotations

import socket
import struct

from intake_api.domain.scanning import ScannerAway

PIECE = 64 * 1024
MAX_ANSWER = 4096


class Clamd:
    """``address``: path of the Unix socket, or "host:port". May be shared between threads."""

    def __init__(self, address: str, *, timeout: float = 30.0) -> None:
        self._address, self._timeout = address, timeout

    def scan(self, data: bytes) -> str | None:
        """The name of what was found, or None for a clean file. Raises ScannerAway."""
        try:
            with self._connect() as line:
                line.settimeout(self._timeout)
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(data), PIECE):
                    piece = data[start : start + PIECE]
                    line.sendall(struct.pack("!L", len(piece)) + piece)
                line.sendall(struct.pack("!L", 0))
                answer = self._answer(line)
        except OSError as error:
            raise ScannerAway(type(error).__name__) from error
        verdict = answer.partition(": ")[2]
        if verdict == "OK":
            return None
        if verdict.endswith(" FOUND"):
            return verdict.removesuffix(" FOUND")[:100]
        # "INSTREAM size limit exceeded. ERROR" and the like: not looked at, so not clean.
        raise ScannerAway(answer[:100] or "no answer")

    def _connect(self) -> socket.socket:
        host, colon, port = self._address.rpartition(":")
        if colon and port.isdigit() and "/" not in port:
            return socket.create_connection((host, int(port)), timeout=self._timeout)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(self._timeout)
            line.connect(self._address)
        except OSError:
            line.close()
            raise
        return line

    def _answer(self, line: socket.socket) -> str:
        answer = b""
        while b"\0" not in answer and len(answer) < MAX_ANSWER:
            piece = line.recv(1024)
            if not piece:
                break
            answer += piece
        return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
