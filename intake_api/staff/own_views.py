"""The views of the queue that a person keeps: saving, naming, deleting. The address stays the
truth: a view is nothing but an address with a name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.flow import views
from intake_api.staff import accounts, filters, queue
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.runtime import Runtime


def _worker() -> Staff:
    staff = accounts.me()
    if access.scope(staff.role, staff.unit).units == ():
        abort(404)  # there is no queue to look at
    return staff


def _asked(run: Runtime, staff: Staff) -> filters.Wanted:
    """The address that the form came from, checked like any other."""
    args = dict(parse_qsl(request.form.get("filter", "")))
    return filters.read(args, run.services.catalog, staff, run.clock.now())


def save() -> ResponseReturnValue:
    """Keeps the filters of the page under a name."""
    run, staff = accounts.runtime(), _worker()
    wanted, name = _asked(run, staff), request.form.get("name", "")
    try:
        with run.store.transaction() as tx:
            view = views.save(
                tx, staff, name=name, query=urlencode(wanted.params), now=run.clock.now()
            )
    except views.Refused as refused:
        return queue.shown(wanted, queue.Naming(str(refused), name)), 422
    flash(f"Đã lưu góc nhìn “{view.name}”.", "ok")
    return redirect(filters.link(wanted.params), 303)


def rename(number: int) -> ResponseReturnValue:
    """Gives a view another name."""
    run, staff = accounts.runtime(), _worker()
    wanted, name = _asked(run, staff), request.form.get("name", "")
    try:
        with run.store.transaction() as tx:
            views.rename(tx, staff, number, name=name)
    except views.Refused as refused:
        return queue.shown(wanted, queue.Naming(str(refused), name)), 422
    except KeyError:
        abort(404)
    flash("Đã đổi tên góc nhìn.", "ok")
    return redirect(filters.link(wanted.params), 303)


def forget(number: int) -> ResponseReturnValue:
    """Deletes a view; the filters stay as they are on the page."""
    run, staff = accounts.runtime(), _worker()
    try:
        with run.store.transaction() as tx:
            view = views.forget(tx, staff, number)
    except KeyError:
        abort(404)
    flash(f"Đã xóa góc nhìn “{view.name}”; các ý kiến không đổi.", "ok")
    return redirect(filters.link(_asked(run, staff).params), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these on the door."""
    add = blueprint.add_url_rule
    add("/goc-nhin", "save_view", save, methods=["POST"])
    add("/goc-nhin/<int:number>/ten", "rename_view", rename, methods=["POST"])
    add("/goc-nhin/<int:number>/xoa", "forget_view", forget, methods=["POST"])
