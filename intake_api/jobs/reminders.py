"""The clock of reminders: what happened, what is coming due, and the letters about it."""

from __future__ import annotations

import time
from datetime import datetime

import structlog

from intake_api.channels.mail import Envelope, MailDown, Mailer, MailRefused, SmtpMailer
from intake_api.flow import deciding, letters, reminding
from intake_api.runtime import Runtime
from intake_api.settings import Settings
from intake_api.store import notices

log = structlog.get_logger()
BEAT_SECONDS = 5.0
CLOCK_SECONDS = 60.0
LETTER_SECONDS = 30.0
LONGEST_WAIT = 900.0


def mailer_for(settings: Settings) -> Mailer | None:
    """The house's mail server, or None where none is set: then the workbench alone reminds."""
    if not settings.smtp_host:
        return None
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        security=settings.smtp_security,
    )


class Reminders:
    """Each ``beat`` does what is due; nothing is lost when it is not called for a day."""

    def __init__(self, runtime: Runtime, mailer: Mailer | None) -> None:
        self._runtime, self._mailer = runtime, mailer
        self._clock = self._letters = float("-inf")
        self._failures = 0

    def beat(self) -> None:
        """Notices first, then the letters about them."""
        store, now = self._runtime.store, self._runtime.clock.now()
        with store.reading() as tx:
            new = notices.anything_new(tx)
        if new:
            with store.transaction() as tx:
                reminding.from_events(tx, now=now)
        moment = time.monotonic()
        if moment - self._clock >= CLOCK_SECONDS:
            self._clock = moment
            self._look_at_due_dates(now)
        wait = min(LONGEST_WAIT, LETTER_SECONDS * 2**self._failures)
        if self._mailer is not None and moment - self._letters >= wait:
            self._letters = moment
            self.post(self._mailer)

    def _look_at_due_dates(self, now: datetime) -> None:
        """In small steps: whoever writes in between waits for one of them only."""
        store, services = self._runtime.store, self._runtime.services
        while True:
            with store.reading() as tx:
                found = reminding.due_now(tx, services, now=now)
            if not found:
                break
            with store.transaction() as tx:
                reminding.tell_due(tx, services, found, now=now)
        with store.transaction() as tx:
            deciding.remind(tx, now=now)
            notices.forget(tx, now - reminding.KEEP)

    def post(self, mailer: Mailer) -> int:
        """Sends what is due, each letter on record by itself; returns how many were taken."""
        store, now = self._runtime.store, self._runtime.clock.now()
        base = self._runtime.settings.public_url
        with store.reading() as tx:
            due = letters.due(tx, self._runtime.services, base_url=base, now=now)
        taken = 0
        for letter in due:
            once = f"{letter.staff_id}.{int(now.timestamp())}"
            try:
                mailer.send(Envelope(letter.address, letters.SUBJECT, letter.text, once))
            except MailDown as error:
                if not self._failures:  # once per outage: an operator reads this
                    log.error("mail server away", reason=str(error))
                self._failures += 1
                return taken
            except MailRefused as error:
                log.warning("address refused", account=letter.staff_id)
                with store.transaction() as tx:
                    letters.refused(tx, letter, reason=error.reason)
                continue
            self._failures = 0
            with store.transaction() as tx:
                letters.gone(tx, letter, now=now)
            taken += 1
        return taken
