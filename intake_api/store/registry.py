"""Reads and writes of staff, served FAQ entries, idempotency keys and snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake_api.store.registers import (
    CatalogSnapshot,
    FaqEntry,
    FaqVersion,
    IdempotencyKey,
    Staff,
)
from intake_api.store.sealing import sealed
from intake_api.store.tables import RawEvent


def staff_by_username(tx: Session, username: str) -> Staff | None:
    query = select(Staff).where(Staff.username == username.strip().lower())
    return tx.execute(query).scalar_one_or_none()


def staff_by_id(tx: Session, staff_id: int) -> Staff | None:
    return tx.get(Staff, staff_id)


def all_staff(tx: Session) -> list[Staff]:
    return list(tx.execute(select(Staff).order_by(Staff.id)).scalars())


def add_staff(tx: Session, made: Staff) -> Staff:
    tx.add(made)
    tx.flush()
    return made


def add_raw_event(
    tx: Session, *, channel: str, natural_key: str, body: dict[str, Any], now: datetime
) -> bool:
    """Stores a channel's event; False when this very event is here already."""
    try:
        with tx.begin_nested():
            tx.add(RawEvent(channel=channel, natural_key=natural_key, body=body, received_at=now))
    except IntegrityError:
        return False
    return True


def sent_part(tx: Session, key: str) -> str | None:
    """The remote id that was noted for a part of a long message, or None."""
    query = select(RawEvent.body).where(RawEvent.natural_key == f"sent:{key}")
    body = tx.execute(query).scalar_one_or_none()
    return None if body is None else str(body.get("remote_id") or "")


def faq_fingerprints(tx: Session) -> dict[str, str]:
    """Fingerprint of each entry by slug."""
    return {row[0]: row[1] for row in tx.execute(select(FaqEntry.slug, FaqEntry.fingerprint))}


def replace_faq(tx: Session, entry: FaqEntry, versions: list[FaqVersion]) -> None:
    """Writes an entry and its versions in place of what was there."""
    tx.execute(delete(FaqVersion).where(FaqVersion.slug == entry.slug))
    tx.merge(entry)
    tx.flush()
    tx.add_all(versions)


def delete_faq(tx: Session, slugs: set[str]) -> None:
    tx.execute(delete(FaqVersion).where(FaqVersion.slug.in_(slugs)))
    tx.execute(delete(FaqEntry).where(FaqEntry.slug.in_(slugs)))


def faq(tx: Session) -> tuple[list[FaqEntry], list[FaqVersion]]:
    """Every entry and every version, in order."""
    entries = list(tx.execute(select(FaqEntry).order_by(FaqEntry.slug)).scalars())
    versions = list(
        tx.execute(select(FaqVersion).order_by(FaqVersion.slug, FaqVersion.number)).scalars()
    )
    return entries, versions


def snapshot_catalog(tx: Session, *, sha256: str, body: dict[str, Any], now: datetime) -> None:
    """Keeps this state of the catalogue, once."""
    if tx.get(CatalogSnapshot, sha256) is None:
        tx.add(CatalogSnapshot(sha256=sha256, body=body, loaded_at=now))


def idempotency(tx: Session, scope: str) -> IdempotencyKey | None:
    return tx.get(IdempotencyKey, scope)


class AlreadyAnswered(RuntimeError):
    """Somebody used this key before; the transaction must be given up."""


def keep_answer(
    tx: Session, *, scope: str, fingerprint: str, status: int, body: dict[str, Any], now: datetime
) -> None:
    """Keeps the answer to a request under its key, encrypted: it may repeat what a person said,
    and nobody but the same caller asks for it again. Raises AlreadyAnswered.

    The unique key decides between two that come at once: the second waits for the first.
    """
    tx.flush()
    try:
        tx.execute(
            insert(IdempotencyKey).values(
                scope=scope,
                fingerprint=fingerprint,
                status=status,
                body=sealed(body),
                created_at=now,
            )
        )
    except IntegrityError as error:
        raise AlreadyAnswered(scope) from error


def forget_idempotent(tx: Session, before: datetime) -> None:
    """Drops keys older than the time that the interface promises to keep them."""
    tx.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))
