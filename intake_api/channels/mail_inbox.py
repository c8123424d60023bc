"""Fetches letters from a mailbox over IMAP. A letter is marked as read only after it was stored, so
a crash in between brings it again, and its own number keeps it from being stored twice."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

TIMEOUT = 30.0
MAX_LETTER = 30 * 1024 * 1024
AT_ONCE = 50
_SIZE = re.compile(r"RFC822\.SIZE (\d+)")


class MailboxUnavailable(RuntimeError):
    """The mail server cannot be reached or does not let us in (``refused``)."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Access:
    """Where the mailbox is. ``tls`` False only for a server on the same machine."""

    host: str
    port: int
    user: str
    password: str
    tls: bool = True
    folder: str = "INBOX"


class Inbox:
    """An open mailbox: ``with Inbox(access) as box: for uid, raw in box.unread(): …``."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._box: imaplib.IMAP4 | None = None

    def __enter__(self) -> Inbox:
        access = self._access
        with _spoken():
            self._box = (
                imaplib.IMAP4_SSL(
                    access.host, access.port, timeout=TIMEOUT,
                    ssl_context=ssl.create_default_context(),
                )
                if access.tls
                else imaplib.IMAP4(access.host, access.port, timeout=TIMEOUT)
            )  # fmt: skip
        try:
            self._box.login(access.user, access.password)
        except imaplib.IMAP4.abort as error:
            raise MailboxUnavailable(type(error).__name__) from error
        except imaplib.IMAP4.error:
            # What the server says may repeat the name: it is not kept.
            raise MailboxUnavailable("login refused", refused=True) from None
        with _spoken():
            _asked(self._box.select(f'"{access.folder}"'))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The letters have been stored; the connection is over either way.
        with suppress(OSError, imaplib.IMAP4.error):
            if self._box is not None:
                self._box.logout()

    def unread(self, limit: int = AT_ONCE) -> Iterator[tuple[str, bytes, bool]]:
        """The oldest unread letters: number in the mailbox, the letter as it came, and whether it
        is whole: of one that is too big only the head is fetched. Raises MailboxUnavailable."""
        with _spoken():
            found = _asked(self._open().uid("SEARCH", "UNSEEN"))
            numbers = bytes(found[0] or b"").split()[:limit]
            for uid in (number.decode("ascii") for number in numbers):
                size = _SIZE.search(repr(_asked(self._open().uid("FETCH", uid, "(RFC822.SIZE)"))))
                whole = size is None or int(size[1]) <= MAX_LETTER
                part = "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])"
                for piece in _asked(self._open().uid("FETCH", uid, part)):
                    if isinstance(piece, tuple):
                        yield uid, bytes(piece[1]), whole

    def done(self, uid: str) -> None:
        """The letter has been stored. Raises MailboxUnavailable."""
        with _spoken():
            _asked(self._open().uid("STORE", uid, "+FLAGS", r"(\Seen)"))

    def set_aside(self, uid: str) -> None:
        """Marks a letter that cannot be stored for whoever looks into the mailbox: it stays there
        and does not keep the others waiting. Raises MailboxUnavailable."""
        with _spoken():
            _asked(self._open().uid("STORE", uid, "+FLAGS", r"(\Seen \Flagged)"))

    def _open(self) -> imaplib.IMAP4:
        if self._box is None:
            raise MailboxUnavailable("not open")
        return self._box


def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise MailboxUnavailable(answer[0])
    return answer[1]


@contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxUnavailable(type(error).__name__) from error
