"""Files that people send in a chat: inspected like those of the form, kept beside their message."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.flow import files
from intake_api.flow.services import Services
from intake_api.store import conversations
from intake_api.store import files as steps
from intake_api.store.tables import Attachment, Conversation, Message

if TYPE_CHECKING:
    from intake_api.store import Session

# Platforms keep files for days at best: after this many tries there is nothing left to fetch.
MOST_TRIES = 12
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
GAVE_UP = "không tải được tệp từ nền tảng"


def take(tx: Session, attachment_id: int, kept: files.Kept, *, now: datetime) -> None:
    """Keeps the file and the copy that may be shown; the platform's address is forgotten. What
    could not be looked over yet is kept and shown to nobody."""
    found = steps.open_one(tx, attachment_id)
    if found is None:
        return
    found.original, found.size = kept.original, len(kept.original)
    found.sha256 = hashlib.sha256(kept.original).hexdigest()
    found.filename, found.content_type = kept.filename[:200], kept.content_type
    found.remote_url = None
    if kept.unseen:
        later(tx, attachment_id, 0, reason="chưa quét được mã độc", now=now)
        return
    found.shown = kept.shown
    steps.finished(tx, attachment_id)


def refuse(
    tx: Session, services: Services, attachment_id: int, *, reason: str, now: datetime
) -> None:
    """The file is not taken: its bytes go, staff see why, and whoever sent it is told once."""
    found = steps.open_one(tx, attachment_id)
    if found is None:
        return
    found.remote_url, found.original = None, None
    steps.refused(tx, attachment_id, reason=reason, now=now)
    talk, message = _talk(tx, found)
    if talk is not None and message is not None:
        conversations.add_outbound(
            tx, talk, text=services.catalog.messages["file_refused"].format(reason=reason),
            payload=None, author="system", now=now, case_id=message.case_id, sealed=message.sealed,
        )  # fmt: skip


def later(tx: Session, attachment_id: int, tries: int, *, reason: str, now: datetime) -> None:
    """Tries again after a while, longer each time."""
    wait = min(FIRST_WAIT * 2**tries, LONGEST_WAIT)
    steps.later(tx, attachment_id, at=now + wait, reason=reason)


def _talk(tx: Session, found: Attachment) -> tuple[Conversation | None, Message | None]:
    message = tx.get(Message, found.message_id) if found.message_id else None
    return (conversations.get(tx, message.conversation_id) if message else None), message
