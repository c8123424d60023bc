"""Reads and writes of notices to other systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES
from intake_api.store.db import changed_rows
from intake_api.store.registers import ChainHead, Event
from intake_api.store.tables import Case
from intake_api.store.webhook_tables import WebhookCursor, WebhookDelivery, WebhookEndpoint

LEASE = timedelta(seconds=60)


def endpoints(tx: Session) -> list[WebhookEndpoint]:
    return list(tx.execute(select(WebhookEndpoint).order_by(WebhookEndpoint.id)).scalars())


def endpoint(tx: Session, number: int) -> WebhookEndpoint | None:
    return tx.get(WebhookEndpoint, number)


def add_endpoint(tx: Session, made: WebhookEndpoint) -> WebhookEndpoint:
    tx.add(made)
    tx.flush()
    return made


def remove_endpoint(tx: Session, number: int) -> None:
    """Forgets an endpoint and everything that was sent there."""
    tx.execute(delete(WebhookDelivery).where(WebhookDelivery.endpoint_id == number))
    tx.execute(delete(WebhookEndpoint).where(WebhookEndpoint.id == number))


def cursor(tx: Session) -> WebhookCursor:
    """The cursor, locked. It begins at the newest event: what was before is nobody's news."""
    found = tx.get(WebhookCursor, 1, with_for_update=True)
    if found is None:
        head = tx.get(ChainHead, 1)
        found = WebhookCursor(id=1, event_id=head.last_id if head else 0)
        tx.add(found)
        tx.flush()
    return found


def begin(tx: Session) -> None:
    """While nobody listened nobody missed anything: whoever begins now begins at the newest."""
    if not any(one.active for one in endpoints(tx)):
        cursor(tx).event_id = newest_event(tx)


def idle(tx: Session) -> bool:
    """True when there is nobody to tell."""
    return not any(one.active for one in endpoints(tx))


def newest_event(tx: Session) -> int:
    head = tx.get(ChainHead, 1)
    return head.last_id if head else 0


def events_after(tx: Session, event_id: int, limit: int = 500) -> list[tuple[Event, Case | None]]:
    """Events after a number with their cases, oldest first."""
    query = (
        select(Event, Case)
        .outerjoin(Case, Case.id == Event.case_id)
        .where(Event.id > event_id)
        .order_by(Event.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in tx.execute(query)]


def due_between(tx: Session, start: datetime, end: datetime, limit: int = 500) -> list[Case]:
    """Open cases, none of them sealed or waiting, whose date lies between two moments."""
    query = select(Case).where(
        Case.state.in_(sorted(OPEN_STATES)),
        Case.confidential.is_(False),
        Case.paused_at.is_(None),
        Case.due_at > start,
        Case.due_at <= end,
    )
    return list(tx.execute(query.order_by(Case.due_at, Case.id).limit(limit)).scalars())


def known_sources(tx: Session, endpoint_id: int, sources: Sequence[str]) -> set[str]:
    query = select(WebhookDelivery.source).where(
        WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.source.in_(sources)
    )
    return set(tx.execute(query).scalars())


def add(tx: Session, made: WebhookDelivery) -> None:
    tx.add(made)


def take_due(
    tx: Session, now: datetime
) -> tuple[WebhookDelivery, WebhookEndpoint, Case | None] | None:
    """Claims the oldest notice that is due, for a minute; None when there is none."""
    row = (
        tx.execute(
            select(WebhookDelivery)
            .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
            .where(
                WebhookDelivery.state == "pending",
                WebhookDelivery.next_at <= now,
                WebhookEndpoint.active,
            )
            .order_by(WebhookDelivery.next_at, WebhookDelivery.created_at)
            .limit(1)
        )
        .scalars()
        .first()
    )
    if row is None:
        return None
    taken = tx.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.id == row.id,
            WebhookDelivery.attempts == row.attempts,
            WebhookDelivery.state == "pending",
        )
        .values(attempts=row.attempts + 1, next_at=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    if not changed_rows(taken):
        return None
    tx.refresh(row)
    case = tx.get_one(Case, row.case_id) if row.case_id else None
    return row, tx.get_one(WebhookEndpoint, row.endpoint_id), case


def by_id(tx: Session, name: str) -> WebhookDelivery | None:
    return tx.get(WebhookDelivery, name)


def recent(tx: Session, *, state: str | None = None, limit: int = 50) -> list[WebhookDelivery]:
    """The newest notices, for the operator."""
    query = (
        select(WebhookDelivery)
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id)
        .limit(limit)
    )
    return list(
        tx.execute(query.where(WebhookDelivery.state == state) if state else query).scalars()
    )


def send_again(
    tx: Session, now: datetime, *, name: str | None = None, endpoint_id: int | None = None,
    since: datetime | None = None,
) -> int:  # fmt: skip
    """Makes notices due once more: one by its name, or all of an endpoint since a moment (those
    that were dropped stay dropped). Returns how many."""
    wanted = update(WebhookDelivery).where(WebhookDelivery.state.in_(("sent", "failed")))
    if name is not None:
        wanted = wanted.where(WebhookDelivery.id == name)
    if endpoint_id is not None:
        wanted = wanted.where(WebhookDelivery.endpoint_id == endpoint_id)
    if since is not None:
        wanted = wanted.where(WebhookDelivery.created_at >= since)
    done = tx.execute(
        wanted.values(state="pending", attempts=0, next_at=now).execution_options(
            synchronize_session=False
        )
    )
    return changed_rows(done)


def forget(tx: Session, before: datetime) -> None:
    """Drops what was sent or given up before a moment."""
    tx.execute(
        delete(WebhookDelivery).where(
            WebhookDelivery.created_at < before, WebhookDelivery.state != "pending"
        )
    )


def count(tx: Session, state: str) -> int:
    query = select(func.count()).select_from(WebhookDelivery).where(WebhookDelivery.state == state)
    return tx.execute(query).scalar_one()
