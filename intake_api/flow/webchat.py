"""The chat on our own page: what a browser may send and read of its own conversation."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel
from intake_api.flow import converse
from intake_api.flow.files import Kept
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Conversation, Message

if TYPE_CHECKING:
    from intake_api.store import Session

SHOWN_STATES = frozenset({"waiting", "done", "ignored", "queued", "sent", "held", "failed"})
# The assistant's actions call this very process back: were every thread waiting for the
# assistant, none would be left to answer it, and all would wait until they give up.
TURNS_AT_ONCE = 8
# Without a word for so long nobody sits before the page and waits.
QUIET_AFTER = timedelta(minutes=2)
_ROOM = threading.BoundedSemaphore(TURNS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class PublicMessage:
    """One message as its own writer may see it. ``at`` is ISO 8601 with offset."""

    id: int
    author: str  # citizen | bot | staff | system
    text: str
    at: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    source: str = ""
    validity: str = ""
    emergency: bool = False
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """Messages after the number the page knew; ``pending``: an answer is still to come."""

    messages: list[PublicMessage]
    pending: bool


def new_token() -> str:
    """An unguessable name for a conversation; the page holds it signed."""
    return secrets.token_urlsafe(24)


def public_message(message: Message, files: Sequence[str] = ()) -> PublicMessage:
    """The part of a message that its own writer may see; ``files``: names of what came with it."""
    from intake_api.domain.worktime import LOCAL

    payload = message.payload or {}
    return PublicMessage(
        id=message.id,
        author=message.author,
        text=message.text,
        at=message.created_at.astimezone(LOCAL).isoformat(timespec="seconds"),
        buttons=list(payload.get("buttons", ())),
        source=str(payload.get("source", "")),
        validity=str(payload.get("validity", "")),
        emergency=bool(payload.get("emergency")),
        files=list(files),
    )


def shown(
    found: Sequence[Message], files: Mapping[int, Sequence[str]] | None = None
) -> list[PublicMessage]:
    """What the writer may see: no answer that is still a draft."""
    names = files or {}
    return [
        public_message(message, names.get(message.id, ()))
        for message in found
        if message.state in SHOWN_STATES
    ]


def say(
    services: Services,
    *,
    token: str,
    text: str,
    payload: str | None = None,
    client_id: str | None = None,
    after: int = 0,
    files: Sequence[Kept] = (),
) -> Said:
    """Stores one message, lets the assistant answer it and returns what is new after ``after``.

    ``client_id`` makes a repeated sending harmless. When the assistant is away the message is
    kept and ``pending`` is true; the jobs process answers it later.
    """
    now = services.now()
    with services.store.transaction() as tx:
        conversation = _conversation(tx, token, now)
        key = f"web:{conversation.id}:{client_id}" if client_id else None
        incoming = converse.Incoming(
            text=text, channel_message_id=key, payload=payload, files=tuple(files)
        )
        message = converse.store_incoming(tx, services, conversation, incoming, now=now)
        conversation_id, first = conversation.id, message.id
    if not _turn_now(services, conversation_id):
        services.queue.process(conversation_id)
    return _new(services, conversation_id, min(after, first) if after else first - 1)


def _turn_now(services: Services, conversation_id: str) -> bool:
    """Answers in this very request while there is room; False leaves it to the jobs process."""
    if not _ROOM.acquire(blocking=False):
        return False
    try:
        return converse.take_turn(services, conversation_id)
    finally:
        _ROOM.release()


def messages_after(services: Services, *, token: str, after: int) -> Said:
    """What a browser has not shown yet; an unknown token has no messages."""
    with services.store.reading() as tx:
        conversation = conversations.find(tx, channel=Channel.WEB, external_id=token)
    if conversation is None:
        return Said([], pending=False)
    return _new(services, conversation.id, after)


def quiet(services: Services, *, token: str) -> bool:
    """True when the person has not written for a while: nobody sits and waits."""
    with services.store.reading() as tx:
        found = conversations.find(tx, channel=Channel.WEB, external_id=token)
    wrote = found.last_inbound_at if found else None
    return wrote is None or services.now() - wrote > QUIET_AFTER


def _conversation(tx: Session, token: str, now: datetime) -> Conversation:
    return conversations.get_or_create(tx, channel=Channel.WEB, external_id=token, now=now)


def _new(services: Services, conversation_id: str, after: int) -> Said:
    with services.store.reading() as tx:
        found = conversations.unseen(tx, conversation_id, after=after)
        pending = conversations.next_waiting(tx, conversation_id) is not None
        files = cases.file_names(tx, [one.id for one in found if one.direction == "in"])
    unseen = [m.id for m in found if m.direction == "out" and m.state == "queued"]
    if unseen:
        with services.store.transaction() as tx:
            conversations.mark_fetched(tx, conversation_id, unseen, services.now())
    return Said(shown(found, files), pending)
