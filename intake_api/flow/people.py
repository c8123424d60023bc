"""Accounts: asked for by one person, approved by another; closing one needs nobody else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import people
from intake_api.domain.model import Role
from intake_api.domain.people import Wish
from intake_api.flow import secondfactor, sessions
from intake_api.store import accounts, events, registry
from intake_api.store.account_tables import AccountRequest
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

# No password has this hash: the account opens with the link that sets the first one.
NO_PASSWORD = "!"  # noqa: S105


class Refused(ValueError):
    """It may not be done; the message tells the person at the page why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of an account and why."""

    wish: Wish
    role: str | None = None
    unit: str | None = None
    reason: str = ""


def create(
    tx: Session, *, username: str, name: str, asked: Asked, by: Staff | None, now: datetime
) -> AccountRequest:
    """A new account, closed until somebody else approves it. Raises Refused."""
    username = username.strip().lower()
    if registry.staff_by_username(tx, username) is not None:
        raise Refused("Tên đăng nhập này đã có người dùng.")
    made = registry.add_staff(
        tx,
        Staff(
            username=username,
            name=name.strip(),
            password_hash=NO_PASSWORD,
            role=asked.role or "",
            unit=asked.unit,
            active=False,
            session_stamp=secrets.token_hex(16),
            created_at=now,
        ),
    )
    return ask(tx, made, asked, by=by, now=now)


def ask(
    tx: Session, staff: Staff, asked: Asked, *, by: Staff | None, now: datetime
) -> AccountRequest:
    """Puts a change before a second person. ``by`` None: the house's own sign-in asks.

    Raises Refused for a role without its unit, a missing reason, one's own account, or when
    another request for the account waits already.
    """
    if by is not None and not people.may_manage(by.role):
        raise Refused("Vai trò của anh/chị không quản lý tài khoản.")
    if by is not None and by.id == staff.id:
        raise Refused("Việc trên tài khoản của chính mình do quản trị viên khác đề nghị.")
    if asked.wish in (Wish.CREATE, Wish.CHANGE):
        wrong = people.fits(asked.role or "", asked.unit)
        if wrong:
            raise Refused(wrong)
    if not asked.reason.strip():
        raise Refused("Ghi lý do để người duyệt hiểu ngay.")
    if accounts.open_requests(tx, staff.id):
        raise Refused("Tài khoản này đang có một đề nghị chờ duyệt.")
    made = accounts.add_request(
        tx,
        AccountRequest(
            kind=asked.wish,
            staff_id=staff.id,
            role=asked.role,
            unit=asked.unit,
            reason=asked.reason.strip(),
            asked_by=by.id if by else None,
            asked_at=now,
        ),
    )
    _record(tx, made, "account_asked", actor=f"staff:{by.id}" if by else "system", now=now)
    return made


def decide(
    tx: Session, request_id: int, *, by: Staff, approve: bool, now: datetime
) -> tuple[AccountRequest, Staff]:
    """Approves or refuses a request. Raises Refused for the one who asked, the one it is about,
    other roles, and a request that is decided already."""
    found = accounts.request_by_id(tx, request_id)
    staff = accounts.lock_staff(tx, found.staff_id) if found else None
    if found is None or staff is None or found.decided_at is not None:
        raise Refused("Đề nghị này đã được giải quyết.")
    if not people.may_decide(by.role, by.id, asked_by=found.asked_by, subject=found.staff_id):
        raise Refused("Đề nghị này cần một người khác duyệt.")
    found.decided_by, found.decided_at, found.approved = by.id, now, approve
    if approve:
        _carry_out(tx, found, staff, actor=f"staff:{by.id}", now=now)
    done = "account_approved" if approve else "account_refused"
    _record(tx, found, done, actor=f"staff:{by.id}", now=now)
    return found, staff


def take_back(tx: Session, request_id: int, *, by: Staff, now: datetime) -> None:
    """The one who asked thinks better of it. Raises Refused."""
    found = accounts.request_by_id(tx, request_id)
    if found is None or found.decided_at is not None or found.asked_by != by.id:
        raise Refused("Đề nghị này đã được giải quyết.")
    found.decided_by, found.decided_at, found.approved = by.id, now, False
    _record(tx, found, "account_taken_back", actor=f"staff:{by.id}", now=now)


def _carry_out(
    tx: Session, asked: AccountRequest, staff: Staff, *, actor: str, now: datetime
) -> None:
    if asked.kind in (Wish.CREATE, Wish.CHANGE):
        _keep_an_admin(tx, staff, role=asked.role or "", active=True)
        staff.role, staff.unit = asked.role or "", asked.unit
    if asked.kind in (Wish.CREATE, Wish.REOPEN):
        staff.active = True
    if asked.kind == Wish.SECOND_FACTOR:
        secondfactor.take_away(tx, staff, actor=actor, now=now)
    if asked.kind == Wish.PASSWORD:
        staff.password_hash = NO_PASSWORD
    # Whatever changed, the person signs in anew and sees what the new rights show.
    renew_stamp(staff)
    accounts.end_sessions(tx, staff.id, now)


def renew_stamp(staff: Staff) -> None:
    """Ends what was signed for the account before: sessions and links to set a password."""
    staff.session_stamp = secrets.token_hex(16)


def close(tx: Session, staff_id: int, *, by: Staff, now: datetime) -> Staff:
    """Closes an account at once and ends its sessions. Raises Refused for one's own account and
    for the last administrator's."""
    staff = accounts.lock_staff(tx, staff_id)
    if staff is None or not people.may_manage(by.role) or staff.id == by.id:
        raise Refused("Không thể tự khóa tài khoản của mình; cần quản trị viên khác.")
    _keep_an_admin(tx, staff, role=staff.role, active=False)
    staff.active = False
    renew_stamp(staff)
    sessions.end_all(tx, staff, by=f"staff:{by.id}", now=now)
    events.append(
        tx, at=now, actor=f"staff:{by.id}", action="account_closed", data={"account": staff.id}
    )
    return staff


def _keep_an_admin(tx: Session, staff: Staff, *, role: str, active: bool) -> None:
    """Somebody must be left who can open the door again."""
    if staff.role != Role.ADMIN or (active and role == Role.ADMIN):
        return
    if all(one.id == staff.id for one in accounts.active_with_role(tx, Role.ADMIN)):
        raise Refused("Đây là quản trị viên duy nhất; mở thêm một quản trị viên trước.")


def _record(tx: Session, asked: AccountRequest, action: str, *, actor: str, now: datetime) -> None:
    data = {
        "account": asked.staff_id, "wish": asked.kind, "role": asked.role, "unit": asked.unit,
    }  # fmt: skip
    events.append(tx, at=now, actor=actor, action=action, data=data)
