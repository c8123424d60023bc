"""Accounts of others: the administrator's list, what is asked for, and who approves it.

Nothing here reads a case: the administrator sees no content.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import people
from intake_api.domain.model import ROLE_TITLE, Role
from intake_api.domain.people import WISH_TITLE, Wish
from intake_api.flow import people as flow
from intake_api.flow import sessions
from intake_api.flow.people import Asked, Refused
from intake_api.flow.services import local_day
from intake_api.staff import accounts, setpassword
from intake_api.store import accounts as account_store
from intake_api.store import registry
from intake_api.store.account_tables import AccountRequest
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


def _only(allowed: bool) -> None:
    if not allowed:
        abort(403, "Vai trò của anh/chị không xem được trang này.")


def unit_name(code: str | None) -> str:
    unit = accounts.runtime().services.catalog.units.get(code or "")
    return unit.name if unit else ""


def _choices() -> dict[str, Any]:
    run = accounts.runtime()
    today = local_day(run.clock.now())
    units = run.services.catalog.units.values()
    return {
        "roles": [(str(role), ROLE_TITLE[role]) for role in people.STAFF_ROLES],
        "units": [(unit.code, unit.name) for unit in units if unit.exists_on(today)],
        "role_title": ROLE_TITLE,
        "wish_title": WISH_TITLE,
        "unit_name": unit_name,
    }


def _list_page(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    run = accounts.runtime()
    with run.store.reading() as tx:
        everybody = registry.all_staff(tx)
        two = account_store.with_second_factor(tx)
        waiting = {one.staff_id for one in account_store.open_requests(tx)}
    lane = [one for one in everybody if one.active and one.role == Role.CONFIDENTIAL_OFFICER]
    page = render_template(
        "staff/people.html", errors=errors, everybody=everybody, two=two, waiting=waiting,
        in_lane=len(lane), typed=request.form, **_choices(),
    )  # fmt: skip
    return page, status


def everybody() -> ResponseReturnValue:
    """The list of accounts, and the form for a new one."""
    _only(people.may_manage(accounts.me().role))
    if request.method == "GET":
        return _list_page({})
    form, run = request.form, accounts.runtime()
    username, name = form.get("username", "").strip().lower(), form.get("name", "").strip()
    errors = {}
    if not _USERNAME.fullmatch(username):
        errors["username"] = "Tên đăng nhập từ 3 ký tự: chữ không dấu, số, dấu chấm, gạch nối."
    if not 2 <= len(name) <= 120:
        errors["name"] = "Ghi họ tên (tối đa 120 ký tự)."
    errors |= _wrong_in(_asked(Wish.CREATE))
    if errors:
        return _list_page(errors, 422)
    try:
        with run.store.transaction() as tx:
            flow.create(
                tx, username=username, name=name, asked=_asked(Wish.CREATE), by=accounts.me(),
                now=run.clock.now(),
            )  # fmt: skip
    except Refused as refused:
        return _list_page({"username": str(refused)}, 422)
    flash(f"Đã đề nghị mở tài khoản {username}; chờ một người khác duyệt.", "ok")
    return redirect(url_for("staff.people"), 303)


def _wrong_in(asked: Asked) -> dict[str, str]:
    """What stands wrong in which field; the flow refuses the same without naming a field."""
    wrong = people.fits(asked.role or "", asked.unit)
    errors = {"unit" if asked.role in people.STAFF_ROLES else "role": wrong} if wrong else {}
    if not asked.reason.strip():
        errors["reason"] = "Ghi lý do để người duyệt hiểu ngay."
    return errors


def _asked(wish: Wish) -> Asked:
    form = request.form
    role = form.get("role") or None
    unit = form.get("unit") or None
    known = accounts.runtime().services.catalog.units
    return Asked(wish, role, unit if unit in known else None, form.get("reason", "")[:500])


def _one(tx: Session, staff_id: int) -> Staff:
    found = registry.staff_by_id(tx, staff_id)
    if found is None:
        abort(404)
    return found


def _person_page(staff_id: int, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    run = accounts.runtime()
    now = run.clock.now()
    with run.store.reading() as tx:
        who = _one(tx, staff_id)
        open_now = account_store.open_sessions(tx, staff_id, now - sessions.KEEP)
        waiting = list(account_store.open_requests(tx, staff_id))
        two = account_store.with_second_factor(tx)
    page = render_template(
        "staff/person.html", errors=errors, who=who, sessions=open_now, two=who.id in two,
        waiting=waiting, myself=who.id == accounts.me().id, typed=request.form, **_choices(),
    )  # fmt: skip
    return page, status


def person(staff_id: int) -> ResponseReturnValue:
    """One account."""
    _only(people.may_manage(accounts.me().role))
    return _person_page(staff_id, {})


def ask(staff_id: int) -> ResponseReturnValue:
    """Asks for a change of one account."""
    _only(people.may_manage(accounts.me().role))
    wish = request.form.get("wish", "")
    if wish not in list(Wish) or wish == Wish.CREATE:
        abort(400)
    run = accounts.runtime()
    try:
        with run.store.transaction() as tx:
            flow.ask(
                tx, _one(tx, staff_id), _asked(Wish(wish)), by=accounts.me(), now=run.clock.now()
            )
    except Refused as refused:
        return _person_page(staff_id, {"viec": str(refused)}, 422)
    flash("Đã gửi đề nghị; chờ một người khác duyệt.", "ok")
    return redirect(url_for("staff.person", staff_id=staff_id), 303)


def close(staff_id: int) -> ResponseReturnValue:
    """Closes an account at once, or only ends its sessions."""
    _only(people.may_manage(accounts.me().role))
    run = accounts.runtime()
    now, me = run.clock.now(), accounts.me()
    try:
        with run.store.transaction() as tx:
            if request.form.get("only") == "sessions":
                sessions.end_all(tx, _one(tx, staff_id), by=f"staff:{me.id}", now=now)
                done = "Đã kết thúc mọi phiên của tài khoản này."
            else:
                flow.close(tx, staff_id, by=me, now=now)
                done = "Đã khóa tài khoản và kết thúc mọi phiên."
    except Refused as refused:
        return _person_page(staff_id, {"viec": str(refused)}, 422)
    flash(done, "ok")
    return redirect(url_for("staff.person", staff_id=staff_id), 303)


def _waiting_page(errors: dict[str, str], link: str = "", who: str = "") -> str:
    me = accounts.me()
    with accounts.runtime().store.reading() as tx:
        waiting, decided = account_store.open_requests(tx), account_store.decided_requests(tx)
        names = {one.id: one for one in registry.all_staff(tx)}

    def may(one: AccountRequest) -> bool:
        return people.may_decide(me.role, me.id, asked_by=one.asked_by, subject=one.staff_id)

    return render_template(
        "staff/approvals.html", errors=errors, waiting=waiting, decided=decided, staff=names,
        may=may, link=link, link_for=who, me=me, **_choices(),
    )  # fmt: skip


def approvals() -> ResponseReturnValue:
    """What waits for a second person."""
    _only(accounts.me().role in (Role.ADMIN, Role.LEADER))
    return _waiting_page({})


def decide(request_id: int) -> ResponseReturnValue:
    """Approves, refuses or takes back; a new password is set by its owner through a link."""
    me, run = accounts.me(), accounts.runtime()
    _only(me.role in (Role.ADMIN, Role.LEADER))
    verdict, now = request.form.get("verdict"), run.clock.now()
    try:
        with run.store.transaction() as tx:
            if verdict == "back":
                flow.take_back(tx, request_id, by=me, now=now)
                flash("Đã rút đề nghị.", "ok")
                return redirect(url_for("staff.approvals"), 303)
            asked, who = flow.decide(tx, request_id, by=me, approve=verdict == "yes", now=now)
    except Refused as refused:
        return _waiting_page({"de-nghi": str(refused)}), 409
    if asked.approved and asked.kind in (Wish.CREATE, Wish.PASSWORD):
        return _waiting_page({}, setpassword.link_for(who), who.name)
    flash("Đã duyệt." if asked.approved else "Đã từ chối.", "ok")
    return redirect(url_for("staff.approvals"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/nguoi-dung", "people", everybody, methods=["GET", "POST"])
    add("/nguoi-dung/<int:staff_id>", "person", person)
    add("/nguoi-dung/<int:staff_id>/de-nghi", "ask_account", ask, methods=["POST"])
    add("/nguoi-dung/<int:staff_id>/khoa", "close_account", close, methods=["POST"])
    add("/duyet-tai-khoan", "approvals", approvals)
    add("/duyet-tai-khoan/<int:request_id>", "decide_account", decide, methods=["POST"])
