"""Reads and writes of who follows the OA."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake_api.store.channel_tables import Follower


def left_at(tx: Session, conversation_id: str) -> datetime | None:
    """When this person stopped following, or None."""
    found = tx.get(Follower, conversation_id)
    return found.left_at if found is not None else None


def note(tx: Session, conversation_id: str, *, following: bool, at: datetime) -> None:
    """Notes that somebody follows, or no longer does. Events may come out of order: the one
    that happened last counts."""
    found = tx.get(Follower, conversation_id)
    if found is None:
        found = Follower(conversation_id=conversation_id)
        tx.add(found)
    newest = max((one for one in (found.followed_at, found.left_at) if one), default=at)
    if at < newest:
        return
    if following:
        found.followed_at, found.left_at = at, None
    else:
        found.left_at = at
    tx.flush()
