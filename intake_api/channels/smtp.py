"""Hands one letter to the department's mail relay. DKIM is the relay's business (docs/kenh.md)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Literal

from intake_api.channels.base import GiveUp, Retry, Unknown, operator_alarm

TIMEOUT = 20.0
AGAIN = 60.0  # seconds; the outbox lengthens it from try to try
LOGIN_AGAIN = 600.0
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Relay:
    """Where letters are handed in. ``security``: "starttls", "tls", or "none" for a relay on the
    same machine."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: Security = "starttls"


def send(relay: Relay, letter: EmailMessage, *, sender: str, recipient: str) -> None:
    """Hands in one letter. Raises Retry, GiveUp or Unknown (the connection broke after the relay
    had the whole letter and before it said yes)."""
    try:
        with connected(relay) as line:
            _envelope(line, sender, recipient)
            _hand_in(line, letter)
    except smtplib.SMTPAuthenticationError as error:
        operator_alarm("mail relay refuses the login", code=error.smtp_code)
        raise Retry(LOGIN_AGAIN, "máy chủ thư từ chối đăng nhập", channel_wide=True) from None
    except smtplib.SMTPResponseException as error:
        _refused(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        # Nothing was handed in yet: whatever broke after that is raised as Unknown.
        # It holds for every letter, so none loses one of its own tries.
        reason = f"không nối được máy chủ thư ({type(error).__name__})"
        raise Retry(AGAIN, reason, channel_wide=True) from error


def connected(relay: Relay) -> smtplib.SMTP:
    """An open line to the relay, signed in. Raises OSError or smtplib.SMTPException."""
    context = ssl.create_default_context()
    line = (
        smtplib.SMTP_SSL(relay.host, relay.port, timeout=TIMEOUT, context=context)
        if relay.security == "tls"
        else smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT)
    )
    try:
        if relay.security == "starttls":
            line.starttls(context=context)
        if relay.user:
            line.login(relay.user, relay.password)
    except BaseException:
        line.close()
        raise
    return line


def _envelope(line: smtplib.SMTP, sender: str, recipient: str) -> None:
    line.ehlo_or_helo_if_needed()
    code, _said = line.mail(sender)
    if code != 250:
        _refused(code)
    code, _said = line.rcpt(recipient)
    if code not in (250, 251):
        _refused(code)


def _hand_in(line: smtplib.SMTP, letter: EmailMessage) -> None:
    try:
        code, _said = line.data(letter.as_bytes(policy=WIRE))
    except smtplib.SMTPDataError as error:  # the relay did not even want to begin
        _refused(error.smtp_code)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise Unknown("mất kết nối với máy chủ thư khi vừa gửi xong") from error
    else:
        if code != 250:
            _refused(code)


def _refused(code: int) -> None:
    """What the relay's number means (RFC 5321, 4.2)."""
    if 500 <= code < 600:
        what = "địa chỉ không nhận thư" if code in (550, 551, 553) else "máy chủ thư từ chối"
        raise GiveUp(f"{what} (mã {code})")
    raise Retry(AGAIN, f"máy chủ thư bận (mã {code})")
