"""Who may change accounts: four eyes on everything that lets somebody see or do more.

Interfaces 6.1: the administrator asks, another administrator or a leader approves. What only
takes away (closing an account, ending its sessions) is done at once by one person.
"""

from __future__ import annotations

from enum import StrEnum

from intake_api.domain.model import Role

STAFF_ROLES = tuple(role for role in Role if role not in (Role.SERVICE, Role.CITIZEN))
UNIT_ROLES = frozenset({Role.HANDLER, Role.LEAD})
# Whoever holds one of these sees sealed matters, decides about others or about accounts: no
# directory of the house gives them by itself.
GUARDED_ROLES = frozenset({Role.ADMIN, Role.CONFIDENTIAL_OFFICER, Role.LEADER})


class Wish(StrEnum):
    """What may be asked for an account."""

    CREATE = "create"
    CHANGE = "change"
    REOPEN = "reopen"
    PASSWORD = "password"  # noqa: S105 - a kind of request
    SECOND_FACTOR = "second_factor"


WISH_TITLE: dict[Wish, str] = {
    Wish.CREATE: "Mở tài khoản mới",
    Wish.CHANGE: "Đổi vai trò, đơn vị",
    Wish.REOPEN: "Mở lại tài khoản",
    Wish.PASSWORD: "Cấp lại mật khẩu",
    Wish.SECOND_FACTOR: "Bỏ lớp xác thực thứ hai",
}


def may_manage(role: str) -> bool:
    """True when this role may open the page of accounts and ask for changes."""
    return role == Role.ADMIN


def may_decide(role: str, staff_id: int, *, asked_by: int | None, subject: int) -> bool:
    """True when this person may decide about a request: never one's own, never about oneself."""
    return role in (Role.ADMIN, Role.LEADER) and staff_id not in (asked_by, subject)


def fits(role: str, unit: str | None) -> str | None:
    """Why a role and a unit do not go together (Vietnamese), or None when they do."""
    if role not in STAFF_ROLES:
        return "Chọn một vai trò trong danh sách."
    if role in UNIT_ROLES and not unit:
        return "Vai trò này cần chọn đơn vị."
    return None
