"""Signing in: what is put on record about an account. Hashes are made by the door."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.store import accounts, events, registry
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session


def signed_in(
    tx: Session, staff_id: int, *, now: datetime, password_hash: str | None = None
) -> Staff:
    """Notes a sign-in; ``password_hash`` renews one made with older, weaker settings.

    Raises KeyError when the account is gone or was closed meanwhile.
    """
    staff = _active(tx, staff_id)
    staff.last_sign_in_at = now
    if password_hash is not None:
        staff.password_hash = password_hash
    events.append(tx, at=now, actor=f"staff:{staff.id}", action="signed_in")
    return staff


def change_password(tx: Session, staff_id: int, *, password_hash: str, now: datetime) -> Staff:
    """Sets a new password; every session of the account ends. Raises KeyError."""
    staff = _active(tx, staff_id)
    staff.password_hash = password_hash
    staff.session_stamp = secrets.token_hex(16)
    accounts.end_sessions(tx, staff.id, now)
    events.append(tx, at=now, actor=f"staff:{staff.id}", action="password_changed")
    return staff


def _active(tx: Session, staff_id: int) -> Staff:
    staff = registry.staff_by_id(tx, staff_id)
    if staff is None or not staff.active:
        raise KeyError(staff_id)
    return staff
