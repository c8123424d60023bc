"""Views of the queue that people name for themselves: what the address says, under a name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.store import accounts, views
from intake_api.store.registers import Staff
from intake_api.store.view_tables import SavedView
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_NAME, MAX_VIEWS = 60, 20


class Refused(ValueError):
    """It cannot be kept; the message tells the officer why."""


def save(tx: Session, staff: Staff, *, name: str, query: str, now: datetime) -> SavedView:
    """Keeps the filters of an address under a name. A name that the person has already stands
    for the new filters from now on. Raises Refused."""
    name = _named(name)
    if not query:
        raise Refused("Chọn ít nhất một điều kiện lọc rồi mới lưu.")
    accounts.lock_staff(tx, staff.id)  # a double click makes one view, not two
    own = views.of_person(tx, staff.id)
    for one in own:
        if one.name.casefold() == name.casefold():
            one.name, one.query = name, query
            return one
    if len(own) >= MAX_VIEWS:
        raise Refused(f"Mỗi người lưu được nhiều nhất {MAX_VIEWS} góc nhìn; xóa bớt một góc nhìn.")
    return views.add(tx, SavedView(staff_id=staff.id, name=name, query=query, at=now))


def rename(tx: Session, staff: Staff, number: int, *, name: str) -> SavedView:
    """Gives a view another name. Raises Refused, KeyError for a view that is not this person's."""
    accounts.lock_staff(tx, staff.id)
    view = _own(tx, staff, number)
    name = _named(name)
    for one in views.of_person(tx, staff.id):
        if one.id != view.id and one.name.casefold() == name.casefold():
            raise Refused("Anh/chị đã có một góc nhìn tên này.")
    view.name = name
    return view


def forget(tx: Session, staff: Staff, number: int) -> SavedView:
    """Deletes a view; the cases stay where they are. Raises KeyError."""
    view = _own(tx, staff, number)
    views.drop(tx, view)
    return view


def _own(tx: Session, staff: Staff, number: int) -> SavedView:
    view = views.own(tx, staff.id, number)
    if view is None:
        raise KeyError(number)
    return view


def _named(raw: str) -> str:
    name = " ".join(normalize(raw).split())
    if not name:
        raise Refused("Đặt tên cho góc nhìn.")
    if len(name) > MAX_NAME:
        raise Refused(f"Tên góc nhìn dài quá {MAX_NAME} ký tự.")
    return name
