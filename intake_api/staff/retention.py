"""Keeping and erasing: the rules, a dry run, runs that two people decide."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import people
from intake_api.domain.model import Role
from intake_api.flow import retention as flow
from intake_api.flow.people import Refused
from intake_api.staff import accounts
from intake_api.store import erasing, registry

MAY = (Role.ADMIN, Role.LEADER)


def _only() -> None:
    if accounts.me().role not in MAY:
        abort(403, "Vai trò của anh/chị không xem được trang này.")


def _page(errors: dict[str, str], status: int = 200, plan: Any = None) -> ResponseReturnValue:
    run, me = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        runs = erasing.runs(tx)
        names = {one.id: one.name for one in registry.all_staff(tx)}
    page = render_template(
        "staff/retention.html", errors=errors, kinds=run.services.catalog.kinds, runs=runs,
        keep_talks=run.services.catalog.keep_talks,
        names=names, plan=plan,
        asks=people.may_manage(me.role), told=lambda found: flow.told(found, run.services),
        may=lambda one: people.may_decide(me.role, me.id, asked_by=one.asked_by, subject=0),
    )  # fmt: skip
    return page, status


def retention() -> ResponseReturnValue:
    """The rules, what waits, what was done."""
    _only()
    return _page({})


def dry_run() -> ResponseReturnValue:
    """Counts what would go today; changes nothing."""
    _only()
    run = accounts.runtime()
    with run.store.reading() as tx:
        plan = flow.plan(tx, run.services, now=run.clock.now())
    return _page({}, plan=plan)


def ask() -> ResponseReturnValue:
    """Puts today's plan before a second person."""
    _only()
    run = accounts.runtime()
    try:
        with run.store.transaction() as tx:
            flow.ask(tx, run.services, by=accounts.me(), now=run.clock.now())
    except Refused as refused:
        return _page({"xoa": str(refused)}, 422)
    flash("Đã đề nghị đợt xóa; chờ một người khác duyệt.", "ok")
    return redirect(url_for("staff.retention"), 303)


def decide(run_id: int) -> ResponseReturnValue:
    """Approves or refuses a run; the jobs process does it."""
    _only()
    run = accounts.runtime()
    approve = request.form.get("verdict") == "yes"
    try:
        with run.store.transaction() as tx:
            flow.decide(tx, run_id, by=accounts.me(), approve=approve, now=run.clock.now())
    except Refused as refused:
        return _page({"xoa": str(refused)}, 409)
    words = (
        "Đã duyệt; việc xóa chạy trong giờ tới, báo cáo hiện ở đây." if approve else "Đã từ chối."
    )
    flash(words, "ok")
    return redirect(url_for("staff.retention"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/luu-giu", "retention", retention)
    add("/luu-giu/chay-thu", "retention_dry", dry_run, methods=["POST"])
    add("/luu-giu/de-nghi", "retention_ask", ask, methods=["POST"])
    add("/luu-giu/<int:run_id>", "retention_decide", decide, methods=["POST"])
