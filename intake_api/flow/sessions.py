"""Sessions of staff: begun at sign-in, listed for their owner, ended one by one or all."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.store import accounts, events
from intake_api.store.account_tables import StaffSession
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

KEEP = timedelta(days=90)  # how long ended sessions stay on the list of what happened


@dataclass(frozen=True, slots=True)
class From:
    """Where somebody signs in: how it was proved, on which kind of device, from which address."""

    how: str
    strong: bool
    device: str
    address: str


def key_hash(key: str) -> str:
    """What is stored of a session's key: 256 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()


def begin(tx: Session, staff: Staff, origin: From, *, now: datetime) -> str:
    """Begins a session; returns the key that only the browser keeps."""
    key = secrets.token_urlsafe(32)
    accounts.add_session(
        tx,
        StaffSession(
            staff_id=staff.id,
            key_hash=key_hash(key),
            how=origin.how,
            strong=origin.strong,
            device=origin.device[:80],
            address=origin.address[:60],
            started_at=now,
            seen_at=now,
        ),
    )
    return key


def touch(tx: Session, session_id: int, *, now: datetime) -> None:
    """Notes that a session is still in use."""
    found = accounts.session_by_id(tx, session_id)
    if found is not None:
        found.seen_at = now


def end(tx: Session, session_id: int, *, by: Staff, now: datetime) -> bool:
    """Ends one session of one's own; False when it is not one's own or has ended."""
    found = accounts.session_by_id(tx, session_id)
    if found is None or found.staff_id != by.id or found.ended_at is not None:
        return False
    found.ended_at = now
    events.append(tx, at=now, actor=f"staff:{by.id}", action="session_ended")
    return True


def end_all(tx: Session, staff: Staff, *, by: str, now: datetime, but: int | None = None) -> None:
    """Ends every session of an account, or all but the one in use. ``by`` is an event's actor."""
    accounts.end_sessions(tx, staff.id, now, but=but)
    events.append(tx, at=now, actor=by, action="sessions_ended", data={"account": staff.id})
