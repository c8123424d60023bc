"""Accounts of staff: hashing passwords, checking them in constant time, the signed-in person."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask import session as browser_session
from flask_login import LoginManager, UserMixin, current_user

from intake_api.domain import access
from intake_api.domain.access import Scope
from intake_api.flow.sessions import key_hash
from intake_api.store import accounts as account_store
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.runtime import Runtime

MIN_LENGTH, MAX_LENGTH = 10, 200
# RFC 9106, second recommended setting: about a tenth of a second and 64 MiB.
hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
login_manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person behind a request, and the session it came in.

    The cookie carries id, stamp and the session's key, nothing else. ``strong``: two factors
    were shown in this session.
    """

    def __init__(
        self, staff: Staff, session_id: int = 0, *, strong: bool = False, unread: int = 0
    ) -> None:
        self.staff, self.session_id, self.strong = staff, session_id, strong
        self.unread = unread  # notices

    def get_id(self) -> str:
        return f"{self.staff.id}:{self.staff.session_stamp}"


def runtime() -> Runtime:
    """What this process runs on."""
    return cast("Runtime", current_app.extensions["langnghe"])


def me() -> Staff:
    """The member of staff who sent this request; only behind the blueprint's guard."""
    return cast(SignedIn, current_user).staff


def my_scope() -> Scope:
    """The cases that this person may list; those that name them are not among them."""
    staff = me()
    return access.scope(staff.role, staff.unit, staff.id)


def my_session() -> int:
    """Number of the session that this request came in."""
    return cast(SignedIn, current_user).session_id


def is_strong() -> bool:
    """True when two factors were shown in this session."""
    return cast(SignedIn, current_user).strong


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(identity: str) -> SignedIn | None:
    """The person of a session, or None when the session was ended, the account is closed or its
    stamp has changed."""
    number, _, stamp = identity.partition(":")
    key = browser_session.get("staff_key")
    if not number.isdecimal() or not isinstance(key, str):
        return None
    with runtime().store.reading() as tx:
        found = account_store.open_session(tx, int(number), key_hash(key))
    if found is None or not found[0].active or found[0].session_stamp != stamp:
        return None
    staff, session, unread = found
    return SignedIn(staff, session.id, strong=session.strong, unread=unread)


def hash_password(plain: str) -> str:
    """The argon2id hash that is stored. Raises ValueError for a password that is too short."""
    if not MIN_LENGTH <= len(plain) <= MAX_LENGTH:
        raise ValueError(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    return hasher.hash(plain)


def new_stamp() -> str:
    """A fresh session stamp for a new account."""
    return secrets.token_hex(16)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_urlsafe(24))


def warm_up() -> None:
    """Makes the hash that unknown names are checked against: the first one is no slower."""
    _nobodys_hash()


def check(staff: Staff | None, plain: str) -> bool:
    """True when ``plain`` is the password of an active account.

    An unknown name costs the same work as a wrong password: the time tells nothing.
    """
    known = staff is not None and staff.active
    try:
        hasher.verify(staff.password_hash if staff and known else _nobodys_hash(), plain[:1000])
    except (VerificationError, InvalidHashError):
        return False
    return known


def renewed_hash(staff: Staff, plain: str) -> str | None:
    """A new hash when the stored one was made with other settings, else None."""
    return hasher.hash(plain) if hasher.check_needs_rehash(staff.password_hash) else None
