"""E-mail, the way out: an answer goes into the thread of the letter that it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Protocol

from intake_api.channels import smtp
from intake_api.channels.base import GiveUp, Outgoing, Sent
from intake_api.domain.rendering import with_source

MAX_SUBJECT = 150
NEUTRAL = "Ý kiến gửi Sở Giáo dục và Đào tạo Hà Nam"


@dataclass(frozen=True, slots=True)
class Thread:
    """Where an answer belongs. ``subject`` "" when nothing may be quoted back; ``answers``: the
    letters so far, oldest first."""

    address: str
    subject: str
    answers: tuple[str, ...] = ()


class Threads(Protocol):
    """What is known of a conversation by e-mail."""

    def thread(self, recipient: str) -> Thread | None:
        """The thread of a conversation, or None when it has no address."""

    def sent(self, recipient: str, message_id: str) -> None:
        """Notes a letter of ours, so that the answer to it is recognised."""


class EmailAdapter:
    """Sends through the department's relay."""

    def __init__(
        self,
        *,
        relay: smtp.Relay,
        address: str,
        name: str,
        threads: Threads,
        now: Callable[[], datetime],
    ) -> None:
        self._relay, self._address, self._name = relay, address, name
        self._threads, self._now = threads, now

    def send(self, outgoing: Outgoing) -> Sent:
        """Sends one letter; raises Retry, GiveUp or Unknown."""
        thread = self._threads.thread(outgoing.recipient)
        if thread is None:
            raise GiveUp("không có địa chỉ thư để trả lời")
        letter = self._letter(outgoing, thread)
        # Before it goes: an answer may come back sooner than the relay's yes.
        self._threads.sent(outgoing.recipient, str(letter["Message-ID"]))
        smtp.send(self._relay, letter, sender=self._address, recipient=thread.address)
        return Sent(str(letter["Message-ID"]))

    def _letter(self, outgoing: Outgoing, thread: Thread) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = formataddr((self._name, self._address))
        letter["To"] = thread.address
        letter["Subject"] = f"Re: {thread.subject}"[:MAX_SUBJECT] if thread.subject else NEUTRAL
        letter["Date"] = format_datetime(self._now())
        letter["Message-ID"] = message_id(outgoing.idempotency, self._address)
        if thread.answers:
            letter["In-Reply-To"] = thread.answers[-1]
            letter["References"] = " ".join(thread.answers[-20:])
        if outgoing.automatic:
            # RFC 3834: whoever answers letters by program does not answer this one.
            letter["Auto-Submitted"] = "auto-replied"
            letter["X-Auto-Response-Suppress"] = "All"
        letter["X-Loop"] = self._address
        letter.set_content(with_source(outgoing.text, outgoing.source) + "\n", charset="utf-8")
        return letter


def message_id(idempotency: str, address: str) -> str:
    """The same for every try of the same message: mailboxes show a repeat once."""
    mark = hashlib.sha256(f"{idempotency}:{address}".encode()).hexdigest()[:24]
    return f"<{idempotency or 'letter'}.{mark}@{address.rpartition('@')[2]}>"
