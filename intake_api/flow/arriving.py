"""Signing in through the house's own sign-in (OpenID Connect): who comes, and as what.

The provider says who somebody is and in which groups; the operator's map says which role a group
has. A role that sees sealed matters or decides about others is never given by a map alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import people
from intake_api.domain.people import Wish
from intake_api.flow.people import NO_PASSWORD, Asked, Refused, ask
from intake_api.store import accounts, events, registry
from intake_api.store.account_tables import StaffIdentity
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

BY_MAP = "Nhóm trong hệ thống đăng nhập chung của Sở ứng với vai trò này."
CLOSED = "Tài khoản này đang khóa hoặc chờ người thứ hai duyệt."
NO_ROLE = "Tài khoản của anh/chị chưa được giao việc ở đây; liên hệ quản trị hệ thống của Sở."
TAKEN = (
    "Ở đây đã có tài khoản cùng tên. Anh/chị đăng nhập bằng mật khẩu, rồi nối hai tài khoản trong "
    "mục Tài khoản của tôi."
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the provider vouches for. ``role`` None: no group of the person is on the map."""

    issuer: str
    subject: str
    username: str
    name: str
    role: str | None
    unit: str | None


def arrive(tx: Session, who: Arrival, *, now: datetime) -> Staff:
    """The account of whoever comes, made on the first arrival; it may be closed, or wait for a
    second person (``active`` is False: nobody enters). Raises Refused when there is no role."""
    known = accounts.identity(tx, who.issuer, who.subject)
    if known is None:
        return _newcomer(tx, who, now=now)
    staff = registry.staff_by_id(tx, known.staff_id)
    if staff is None:
        raise Refused(CLOSED)
    if staff.active and known.born_there:
        _follow(tx, staff, who, now=now)
    return staff


def _newcomer(tx: Session, who: Arrival, *, now: datetime) -> Staff:
    if who.role is None or people.fits(who.role, who.unit):
        raise Refused(NO_ROLE)
    if not who.username or registry.staff_by_username(tx, who.username) is not None:
        raise Refused(TAKEN)
    guarded = who.role in people.GUARDED_ROLES
    staff = registry.add_staff(
        tx,
        Staff(
            username=who.username,
            name=who.name or who.username,
            password_hash=NO_PASSWORD,
            role=who.role,
            unit=who.unit,
            active=not guarded,
            session_stamp=secrets.token_hex(16),
            created_at=now,
        ),
    )
    _link(tx, staff, who, born_there=True, now=now)
    if guarded:
        ask(tx, staff, Asked(Wish.CREATE, who.role, who.unit, BY_MAP), by=None, now=now)
    return staff


def _follow(tx: Session, staff: Staff, who: Arrival, *, now: datetime) -> None:
    """Whoever left every group is refused; another group is a request for a second person."""
    if who.role is None:
        raise Refused(NO_ROLE)
    if (staff.role, staff.unit) == (who.role, who.unit) or accounts.open_requests(tx, staff.id):
        return
    if people.fits(who.role, who.unit) is None:
        ask(tx, staff, Asked(Wish.CHANGE, who.role, who.unit, BY_MAP), by=None, now=now)


def link(tx: Session, staff: Staff, who: Arrival, *, now: datetime) -> None:
    """Ties an account that its owner is signed in to, to the house's sign-in. Raises Refused."""
    if accounts.identity(tx, who.issuer, who.subject) is not None:
        raise Refused("Tài khoản của Sở này đã nối với một người khác ở đây.")
    if accounts.identity_of(tx, staff.id) is not None:
        raise Refused("Tài khoản của anh/chị đã nối từ trước.")
    _link(tx, staff, who, born_there=False, now=now)


def _link(tx: Session, staff: Staff, who: Arrival, *, born_there: bool, now: datetime) -> None:
    accounts.add_identity(
        tx,
        StaffIdentity(
            staff_id=staff.id,
            issuer=who.issuer,
            subject=who.subject,
            born_there=born_there,
            linked_at=now,
        ),
    )
    events.append(tx, at=now, actor=f"staff:{staff.id}", action="identity_linked")
