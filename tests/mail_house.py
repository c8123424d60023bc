"""A mail server for tests, over real sockets: an IMAP server of another project (pymap) and an SMTP
server (aiosmtpd) that refuses, defers, drops the line and keeps what it received."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
USER, PASSWORD = "gopy@so.example.vn", "mat-khau-hop-thu"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Relay:
    """aiosmtpd's handler. ``answers``: what to say to the next letters instead of yes, oldest
    first; "drop" closes the line after the letter was taken."""

    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # address → answer
    received: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = self.answers.pop(0) if self.answers else "250 OK"
        if said.startswith("250") or said == "drop":
            letter = BytesParser(policy=policy.default).parsebytes(envelope.content)
            assert isinstance(letter, EmailMessage)
            self.received.append(letter)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if said == "drop":
            server.transport.close()
        return said


class MailHouse:
    """Both servers; ``with MailHouse() as mail``."""

    def __init__(self) -> None:
        self.relay = Relay()
        self.imap_port = free_port()
        self._smtp = Controller(self.relay, hostname=HOST, port=free_port())
        self._imap: subprocess.Popen[bytes] | None = None

    @property
    def smtp_port(self) -> int:
        return self._smtp.port

    def __enter__(self) -> MailHouse:
        program = Path(sys.executable).with_name("pymap")
        self._imap = subprocess.Popen(
            [str(program), "--host", HOST, "--port", str(self.imap_port), "--no-tls", "dict",
             "--demo-user", USER, "--demo-password", PASSWORD],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._smtp.start()
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                self._box().logout()
                return self
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.1)
        raise AssertionError("the IMAP server did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._smtp.stop()
        self.stop_imap()

    def stop_imap(self) -> None:
        if self._imap is not None:
            self._imap.kill()
            self._imap.wait()
            self._imap = None

    def _box(self) -> imaplib.IMAP4:
        box = imaplib.IMAP4(HOST, self.imap_port, timeout=10)
        box.login(USER, PASSWORD)
        return box

    def deliver(self, raw: bytes) -> None:
        """Puts a letter into the department's mailbox."""
        box = self._box()
        box.append("INBOX", "", None, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        box.logout()

    def flags(self) -> list[set[str]]:
        """The flags of every letter in the mailbox, oldest first."""
        box = self._box()
        box.select("INBOX", readonly=True)
        _ok, found = box.fetch("1:*", "(FLAGS)")
        box.logout()
        return [
            {flag.decode().strip("\\") for flag in imaplib.ParseFlags(one)} - {"Recent"}
            for one in found
            if isinstance(one, bytes)
        ]

    def settings(self) -> dict[str, Any]:
        """What the service is told about this server."""
        return {
            "email_address": USER,
            "mail_from": USER,
            "email_imap_host": HOST,
            "email_imap_port": self.imap_port,
            "email_imap_password": PASSWORD,
            "email_imap_tls": False,
            "smtp_host": HOST,
            "smtp_port": self.smtp_port,
            "smtp_security": "none",
        }


def letter(
    text: str = "Trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu.",
    *,
    sender: str = "Chị Hoa <hoa@vidu.example>",
    subject: str = "Về việc thu quỹ lớp",
    message_id: str = "<mot@vidu.example>",
    files: tuple[tuple[str, bytes], ...] = (),
    html: str = "",
    **headers: str,
) -> bytes:
    """A letter as a mail program writes it; ``In_Reply_To`` and the like become headers."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, USER, subject
    if message_id:
        made["Message-ID"] = message_id
    made["Date"] = "Mon, 23 Nov 2026 09:00:00 +0700"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    if html:
        made.set_content(html, subtype="html")
    else:
        made.set_content(text)
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()
