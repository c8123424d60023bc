"""Reads and writes of channels' tokens. What is in the box, only its owner can read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from intake_api.store.channel_tables import ChannelToken
from intake_api.store.db import changed_rows

# Whoever renews and dies gives the claim back after this long.
CLAIM = timedelta(seconds=30)


def get(tx: Session, channel: str) -> ChannelToken | None:
    return tx.get(ChannelToken, channel)


def put(tx: Session, *, channel: str, box: str, seed: str, now: datetime) -> ChannelToken:
    """Begins anew with what the settings hold."""
    found = tx.get(ChannelToken, channel)
    if found is None:
        found = ChannelToken(channel=channel)
        tx.add(found)
    found.box, found.seed, found.renewed_at, found.claimed_until = box, seed, now, None
    found.generation = (found.generation or 0) + 1
    tx.flush()
    return found


def claim(tx: Session, channel: str, *, generation: int, now: datetime) -> bool:
    """True when the caller alone may renew this very generation now."""
    changed = tx.execute(
        update(ChannelToken)
        .where(
            ChannelToken.channel == channel,
            ChannelToken.generation == generation,
            or_(ChannelToken.claimed_until.is_(None), ChannelToken.claimed_until < now),
        )
        .values(claimed_until=now + CLAIM)
        .execution_options(synchronize_session=False)
    )
    return changed_rows(changed) > 0


def renew(tx: Session, channel: str, *, box: str, now: datetime) -> None:
    """Puts the new pair in place of the old one."""
    found = tx.get_one(ChannelToken, channel, populate_existing=True)
    found.box, found.renewed_at, found.claimed_until = box, now, None
    found.generation += 1


def give_back(tx: Session, channel: str) -> None:
    found = tx.get(ChannelToken, channel, populate_existing=True)
    if found is not None:
        found.claimed_until = None
