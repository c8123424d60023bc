"""The audit chain: append-only events, each bound to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from intake_api.domain.model import State
from intake_api.store.db import at_the_end
from intake_api.store.lane_tables import EventWords
from intake_api.store.open_tables import ChainRoot
from intake_api.store.registers import ChainHead, Event
from intake_api.store.tables import Case

ROOT_HASH = "0" * 64
WAITING = "events"
WORDS = "words"  # where an event's data keep the digest of its words


def append(
    tx: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    case_id: int | None = None,
    data: dict[str, Any] | None = None,
    words: dict[str, str] | None = None,
) -> None:
    """Adds one event to the chain. ``actor``: "staff:12", "citizen", "bot" or "system".

    ``data`` stays readable for ever, so it holds codes, numbers and dates only. What people
    wrote (reasons, names) goes into ``words``: it stands beside the chain, which keeps a salted
    digest, and is encrypted when the case is sealed, now or later.

    It is written as the last thing of the transaction: the head row is locked while events are
    numbered, so that they never fork, and whoever waits for it waits for one commit only.
    """
    waiting: list[dict[str, Any]] | None = tx.info.get(WAITING)
    if waiting is None:
        waiting = tx.info[WAITING] = []
        at_the_end(tx, _write)
    waiting.append(
        {"at": at.astimezone(UTC), "case_id": case_id, "actor": actor, "action": action,
         "data": data or {}, "words": {name: said for name, said in (words or {}).items() if said}}
    )  # fmt: skip


def _write(tx: Session) -> None:
    rows: list[dict[str, Any]] = tx.info.pop(WAITING)
    head = select(ChainHead.last_id, ChainHead.last_hash).where(ChainHead.id == 1)
    number, previous = tx.execute(head.with_for_update()).one()
    beside = []
    for row in rows:
        number += 1
        said = row.pop("words")
        if said:
            said = {"salt": secrets.token_hex(8), **said}
            row["data"] = {**row["data"], WORDS: _digest_of(said)}
            beside.append(EventWords(event_id=number, case_id=row["case_id"], words=said))
        row.update(id=number, previous=previous)
        row["hash"] = previous = _digest(row)
    tx.execute(insert(Event), rows)
    if beside:
        tx.add_all(beside)
        tx.flush()
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
    return _digest_of(content)


def _digest_of(content: Any) -> str:
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
    """Walks the whole chain and yields every edit, gap, reordering or cut end that it finds, in
    the events and in the words that stand beside them. Words may be gone only with their case.
    """
    expected, previous = 1, ROOT_HASH
    for event in tx.execute(
        # What ``of_case`` put together for readers is not what is stored.
        select(Event).order_by(Event.id).execution_options(yield_per=1000, populate_existing=True)
    ).scalars():
        if event.id != expected:
            yield Break(event.id, f"events {expected} to {event.id - 1} are missing")
        elif event.previous != previous:
            yield Break(event.id, "does not follow the event before it")
        if _digest(_row(event)) != event.hash:
            yield Break(event.id, "was changed after it was written")
        if WORDS in event.data and not _words_hold(tx, event):
            yield Break(event.id, "its words were changed or are missing")
        expected, previous = event.id + 1, event.hash
    yield from _roots_hold(tx)
    head = tx.get(ChainHead, 1)
    if head is None:
        yield Break(0, "the chain's head is missing")
    elif (head.last_id, head.last_hash) != (expected - 1, previous):
        yield Break(head.last_id, f"the newest events after {expected - 1} are missing")


def _roots_hold(tx: Session) -> Iterator[Break]:
    """What was published of the chain has to stand in it still: a chain that was written anew from
    an old event on holds in itself, but not against what others have seen."""
    query = select(ChainRoot, Event.hash).outerjoin(Event, Event.id == ChainRoot.event_id)
    for root, stands in tx.execute(query.order_by(ChainRoot.week)):
        if stands != root.hash:
            yield Break(root.event_id, f"is not what was published for the week of {root.week}")


def has_hash(tx: Session, value: str) -> int | None:
    """Number of the event with this hash, for whoever noted a published one; None without."""
    return tx.execute(select(Event.id).where(Event.hash == value)).scalar_one_or_none()


def _words_hold(tx: Session, event: Event) -> bool:
    beside = tx.get(EventWords, event.id)
    if beside is not None and beside.words:
        return _digest_of(dict(beside.words)) == str(event.data[WORDS])
    case = tx.get(Case, event.case_id) if event.case_id else None
    return case is not None and case.state == State.ERASED


def any_since(tx: Session, actions: tuple[str, ...], since: datetime) -> bool:
    """True when one of these things was done since a moment."""
    newest = tx.execute(select(func.max(Event.id))).scalar_one() or 0
    # The newest ten thousand are more than an hour holds; the chain has no index by time.
    query = select(Event.id).where(
        Event.id > newest - 10_000, Event.action.in_(actions), Event.at >= since
    )
    return tx.execute(query.limit(1)).first() is not None


def of_case(tx: Session, case_id: int) -> list[Event]:
    """The events of one case, oldest first, each with the words that stand beside it in
    ``data``, as if they were stored there."""
    found = list(
        tx.execute(select(Event).where(Event.case_id == case_id).order_by(Event.id)).scalars()
    )
    query = select(EventWords).where(EventWords.case_id == case_id)
    beside = {one.event_id: one.words for one in tx.execute(query).scalars()}
    for event in found:
        said = {**(beside.get(event.id) or {})}
        said.pop("salt", None)
        plain = {name: value for name, value in event.data.items() if name != WORDS}
        set_committed_value(event, "data", {**plain, **said})
    return found
