"""Choices on channels without buttons: which one a number stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel
from intake_api.store import conversations
from intake_api.store.tables import Conversation

if TYPE_CHECKING:
    from intake_api.store import Session

NUMBERED = frozenset({Channel.ZALO})
_NUMBER = re.compile(r"\s*(?:số\s+|chọn\s+)?(\d{1,2})\s*[.)]?\s*", re.IGNORECASE)


def chosen(tx: Session, conversation: Conversation, text: str) -> str | None:
    """The payload of the choice that a bare number names, when the newest words of the bot
    offered choices; else None."""
    if conversation.channel not in NUMBERED:
        return None
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    for message in reversed(conversations.newest_messages(tx, conversation.id, limit=10)):
        if message.direction == "in" or message.author == "staff":
            return None  # something was said since: a number may answer anything
        buttons = [
            one
            for one in (message.payload or {}).get("buttons", ())
            if str(one.get("title", "")).strip()
        ]
        if buttons:
            number = int(found[1])
            return str(buttons[number - 1]["payload"]) if 1 <= number <= len(buttons) else None
    return None
