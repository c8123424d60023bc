"""Fetches the department's mailbox: each letter is stored first and marked as read afterwards."""

from __future__ import annotations

import structlog

from intake_api.channels import mail_letter
from intake_api.channels.base import Outage, operator_alarm
from intake_api.channels.email import Thread
from intake_api.channels.mail_inbox import Access, Inbox, MailboxUnavailable
from intake_api.domain import letters
from intake_api.domain.model import Channel
from intake_api.flow import mail as taking
from intake_api.flow.services import Services
from intake_api.settings import Settings
from intake_api.store import Store, StoreUnavailable, cases, conversations, mail

log = structlog.get_logger()


def access(settings: Settings) -> Access | None:
    """The mailbox that the settings name, or None."""
    password = settings.email_imap_password.get_secret_value()
    if not (settings.email_address and settings.email_imap_host and password):
        return None
    return Access(
        host=settings.email_imap_host,
        port=settings.email_imap_port,
        user=settings.email_imap_user or settings.email_address,
        password=password,
        tls=settings.email_imap_tls,
        folder=settings.email_imap_folder,
    )


class Postman:
    """Goes to the mailbox; tells an operator once per outage."""

    def __init__(self, services: Services, where: Access, *, own: str) -> None:
        self._services, self._where, self._own = services, where, own
        self._mailbox = Outage("mailbox cannot be read")

    def fetch(self) -> int:
        """Takes what is unread; returns how many letters there were. Raises StoreUnavailable: the
        letter stays unread and comes again."""
        count = 0
        try:
            with Inbox(self._where) as box:
                for number, raw, whole in box.unread():
                    if self._taken(raw, whole):
                        box.done(number)
                    else:
                        box.set_aside(number)
                    count += 1
        except MailboxUnavailable as error:
            self._mailbox.failed(refused=str(error.refused))
            return count
        self._mailbox.worked()
        return count

    def _taken(self, raw: bytes, whole: bool) -> bool:
        try:
            self._take(raw, whole)
        except StoreUnavailable:
            raise
        except Exception as error:
            operator_alarm("letter set aside, flagged in the mailbox", why=type(error).__name__)
            return False
        return True

    def _take(self, raw: bytes, whole: bool) -> None:
        letter = mail_letter.read(raw, own=self._own, whole=whole)
        with self._services.store.transaction() as tx:
            taken = taking.take(tx, self._services, letter, now=self._services.now())
        log.info("letter", what=taken.what)
        if taken.conversation_id:
            self._services.queue.deliver(taken.conversation_id)


class KeptThreads:
    """What the store knows of threads, for the way out."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def _store(self) -> Store:
        return self._services.store

    def thread(self, recipient: str) -> Thread | None:
        """The thread of a conversation. Nothing of a sealed matter is quoted back, not even its
        subject: letters lie about on screens."""
        with self._store.reading() as tx:
            talk = conversations.find(tx, channel=Channel.EMAIL, external_id=recipient)
            address = taking.address_of(recipient)
            if talk is None or not address:
                return None
            found = mail.letters(tx, talk.id)
            sealed = any(case.confidential for case in cases.of_conversation(tx, talk.id))
        subject = next((one.subject for one in found if one.subject), "")
        return Thread(
            address,
            "" if sealed else letters.bare_subject(subject),
            tuple(one.message_id for one in found),
        )

    def sent(self, recipient: str, message_id: str) -> None:
        """Notes a letter of ours."""
        with self._store.transaction() as tx:
            talk = conversations.find(tx, channel=Channel.EMAIL, external_id=recipient)
            if talk is not None:
                mail.note(
                    tx, message_id=message_id, conversation_id=talk.id, subject="",
                    now=self._services.now(),
                )  # fmt: skip
