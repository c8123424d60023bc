"""The audit chain: append-only events, each bound to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from intake_api.store.db import at_the_end
from intake_api.store.registers import ChainHead, Event

ROOT_HASH = "0" * 64
WAITING = "events"


def append(
    tx: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    case_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Adds one event to the chain. ``actor``: "staff:12", "citizen", "bot" or "system".

    It is written as the last thing of the transaction: the head row is locked while events are
    numbered, so that they never fork, and whoever waits for it waits for one commit only.
    """
    waiting: list[dict[str, Any]] | None = tx.info.get(WAITING)
    if waiting is None:
        waiting = tx.info[WAITING] = []
        at_the_end(tx, _write)
    waiting.append(
        {"at": at.astimezone(UTC), "case_id": case_id, "actor": actor, "action": action,
         "data": data or {}}
    )  # fmt: skip


def _write(tx: Session) -> None:
    rows: list[dict[str, Any]] = tx.info.pop(WAITING)
    head = select(ChainHead.last_id, ChainHead.last_hash).where(ChainHead.id == 1)
    number, previous = tx.execute(head.with_for_update()).one()
    for row in rows:
        number += 1
        row.update(id=number, previous=previous)
        row["hash"] = previous = _digest(row)
    tx.execute(insert(Event), rows)
    tx.execute(
        update(ChainHead).where(ChainHead.id == 1).values(last_id=number, last_hash=previous)
    )


def _digest(row: dict[str, Any]) -> str:
    # Milliseconds: what both databases give back exactly.
    content = [
        row["id"],
        row["at"].astimezone(UTC).isoformat(timespec="milliseconds"),
        row["case_id"],
        row["actor"],
        row["action"],
        row["data"],
        row["previous"],
    ]
    raw = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()


def _row(event: Event) -> dict[str, Any]:
    names = ("id", "at", "case_id", "actor", "action", "data", "previous")
    return {name: getattr(event, name) for name in names}


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
        if _digest(_row(event)) != event.hash:
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
