"""Letters to staff: a small SMTP client with a timeout on every step."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Protocol

from intake_api.channels import smtp


class MailDown(RuntimeError):
    """The server does not take letters now: none was taken, all may be tried again later."""


class MailRefused(RuntimeError):
    """The server will not take a letter for this address; ``reason`` is what it answered."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One letter. ``once`` names it, so that a letter that went out twice is one in the inbox."""

    to: str
    subject: str
    text: str
    once: str


class Mailer(Protocol):
    """Takes letters to people."""

    def send(self, letter: Envelope) -> None:
        """Hands one letter over. Raises MailDown or MailRefused."""


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands letters to the house's mail server. ``security``: starttls, tls or none."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: smtp.Security = "starttls"

    def send(self, letter: Envelope) -> None:
        """Hands one letter over. Raises MailDown or MailRefused."""
        try:
            relay = smtp.Relay(self.host, self.port, self.user, self.password, self.security)
            with smtp.connected(relay) as server:
                server.send_message(self._message(letter))
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            if code >= 500:
                raise MailRefused(f"{code} {said.decode('utf-8', 'replace')[:200]}") from error
            raise MailDown(f"{code}") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # What it is about does not matter to the letters: they wait.
            raise MailDown(type(error).__name__) from error

    def _message(self, letter: Envelope) -> EmailMessage:
        made = EmailMessage()
        made["From"] = Address("Lắng nghe", addr_spec=self.sender)
        made["To"] = letter.to
        made["Subject"] = letter.subject
        made["Message-ID"] = make_msgid(letter.once, domain=self.sender.rpartition("@")[2])
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(letter.text)
        return made
