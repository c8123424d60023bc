"""The link with which a person sets a first password: signed, three days, good once.

It carries the account's stamp; setting the password changes the stamp, and with it the link.
Nobody else ever learns the password, not even who approved the account.
"""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from intake_api.flow import signing
from intake_api.limits import limiter
from intake_api.staff import accounts
from intake_api.store import registry
from intake_api.store.registers import Staff

GOOD_FOR = 3 * 24 * 3600


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="set-password")


def link_for(staff: Staff) -> str:
    """The whole address, to be handed to the person."""
    token = str(_signer().dumps([staff.id, staff.session_stamp]))
    base = accounts.runtime().settings.public_url.rstrip("/")
    return base + url_for("staff.set_password", token=token)


def _staff(token: str) -> Staff | None:
    try:
        staff_id, stamp = _signer().loads(token, max_age=GOOD_FOR)
    except (BadSignature, TypeError, ValueError):
        return None
    with accounts.runtime().store.reading() as tx:
        staff = registry.staff_by_id(tx, int(staff_id))
    if staff is None or not staff.active or staff.session_stamp != stamp:
        return None
    return staff


@limiter.limit("30/hour", methods=["POST"])
def set_password(token: str) -> ResponseReturnValue:
    """Asks for the new password twice and leads to the sign-in."""
    from intake_api.staff.signin import new_password_errors

    staff = _staff(token)
    if staff is None:
        flash("Liên kết đặt mật khẩu đã dùng hoặc đã hết hạn; xin quản trị hệ thống cấp lại.")
        return redirect(url_for("staff.sign_in"), 303)
    new = request.form.get("new", "")
    errors = {}
    if request.method == "POST":
        errors = new_password_errors(staff.username, new, request.form.get("again", ""))
    if request.method == "GET" or errors:
        page = render_template("staff/set_password.html", errors=errors, who=staff, token=token)
        return page, 422 if errors else 200
    run = accounts.runtime()
    hashed = accounts.hash_password(new)
    with run.store.transaction() as tx:
        signing.change_password(tx, staff.id, password_hash=hashed, now=run.clock.now())
    flash("Đã đặt mật khẩu. Mời anh/chị đăng nhập.", "ok")
    return redirect(url_for("staff.sign_in"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts the page on the door."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/dat-mat-khau/<token>", "set_password", set_password, methods=both)
