"""The audit chain: append-only events, each bound to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake_api.store.registers import ChainHead, Event

ROOT_HASH = "0" * 64


def append(
    tx: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    case_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Adds one event to the chain. ``actor``: "staff:12", "citizen", "bot" or "system".

    The head row stays locked until the transaction ends, so events never fork.
    """
    head = tx.execute(select(ChainHead).where(ChainHead.id == 1).with_for_update()).scalar_one()
    body = data or {}
    event = Event(
        id=head.last_id + 1,
        at=at.astimezone(UTC),
        case_id=case_id,
        actor=actor,
        action=action,
        data=body,
        previous=head.last_hash,
        hash="",
    )
    event.hash = _digest(event)
    head.last_id, head.last_hash = event.id, event.hash
    tx.add(event)
    tx.flush()
    return event


def _digest(event: Event) -> str:
    # Milliseconds: what both databases give back exactly.
    content = [
        event.id,
        event.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        event.case_id,
        event.actor,
        event.action,
        event.data,
        event.previous,
    ]
    raw = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold and why (English, for operators)."""

    event_id: int
    reason: str


def verify(tx: Session) -> Iterator[Break]:
    """Walks the whole chain and yields every edit, gap, reordering or cut end that it finds."""
    expected, previous = 1, ROOT_HASH
    for event in tx.execute(
        select(Event).order_by(Event.id).execution_options(yield_per=1000)
    ).scalars():
        if event.id != expected:
            yield Break(event.id, f"events {expected} to {event.id - 1} are missing")
        elif event.previous != previous:
            yield Break(event.id, "does not follow the event before it")
        if _digest(event) != event.hash:
            yield Break(event.id, "was changed after it was written")
        expected, previous = event.id + 1, event.hash
    head = tx.get(ChainHead, 1)
    if head is None:
        yield Break(0, "the chain's head is missing")
    elif (head.last_id, head.last_hash) != (expected - 1, previous):
        yield Break(head.last_id, f"the newest events after {expected - 1} are missing")


def of_case(tx: Session, case_id: int) -> list[Event]:
    """The events of one case, oldest first."""
    return list(
        tx.execute(select(Event).where(Event.case_id == case_id).order_by(Event.id)).scalars()
    )
