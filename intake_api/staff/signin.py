"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user

from intake_api.flow import signing
from intake_api.limits import limiter
from intake_api.staff import accounts, session
from intake_api.store import registry

log = structlog.get_logger()
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


def safe_next(wanted: str | None) -> str:
    """Where to go after signing in: only a path of this door, else the queue."""
    home = url_for("staff.queue")
    if not wanted or "\\" in wanted or any(ord(char) < 33 for char in wanted):
        return home
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not parts.path.startswith(home):
        return home
    return wanted


def _username() -> str:
    return request.form.get("username", "").strip().lower()[:60]


def _failed(response: Response) -> bool:
    return response.status_code != 303


# Only failures count: a whole office signs in from one address at half past seven.
@limiter.limit("10/minute", methods=["POST"], key_func=get_remote_address, deduct_when=_failed)
@limiter.limit(
    "10/minute;60/hour",
    methods=["POST"],
    key_func=lambda: f"username:{_username()}",
    deduct_when=_failed,
)
def sign_in() -> ResponseReturnValue:
    """The sign-in page. A wrong name and a wrong password look and last the same."""
    wanted = safe_next(request.values.get("tiep"))
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(wanted, 303)
        return render_template("staff/sign_in.html", errors={}, username="", wanted=wanted)
    run = accounts.runtime()
    password = request.form.get("password", "")
    with run.store.reading() as tx:
        staff = registry.staff_by_username(tx, _username())
    if not accounts.check(staff, password) or staff is None:
        log.info("sign-in refused", address=get_remote_address())
        page = render_template(
            "staff/sign_in.html", errors={"username": WRONG}, username=_username(), wanted=wanted
        )
        return page, 401
    now = run.clock.now()
    with run.store.transaction() as tx:
        staff = signing.signed_in(
            tx, staff.id, now=now, password_hash=accounts.renewed_hash(staff, password)
        )
    session.renew(now)
    login_user(accounts.SignedIn(staff))
    return redirect(wanted, 303)


def sign_out() -> ResponseReturnValue:
    """Ends the session on this browser."""
    logout_user()
    session.forget()
    flash("Anh/chị đã đăng xuất.")
    return redirect(url_for("staff.sign_in"), 303)


def _password_errors(old: str, new: str, again: str) -> dict[str, str]:
    staff = accounts.me()
    if not accounts.check(staff, old):
        return {"old": "Mật khẩu hiện tại không đúng."}
    if not accounts.MIN_LENGTH <= len(new) <= accounts.MAX_LENGTH:
        return {"new": f"Mật khẩu mới cần từ {accounts.MIN_LENGTH} ký tự trở lên."}
    if staff.username in new.lower():
        return {"new": "Mật khẩu mới không được chứa tên đăng nhập."}
    if new == old:
        return {"new": "Mật khẩu mới cần khác mật khẩu hiện tại."}
    if new != again:
        return {"again": "Hai lần gõ mật khẩu mới chưa giống nhau."}
    return {}


@limiter.limit("10/minute", methods=["POST"], key_func=get_remote_address, deduct_when=_failed)
def password() -> ResponseReturnValue:
    """Changes one's own password; every other session of the account ends."""
    if request.method == "GET":
        return render_template("staff/password.html", errors={})
    form = request.form
    new = form.get("new", "")
    errors = _password_errors(form.get("old", ""), new, form.get("again", ""))
    if errors:
        return render_template("staff/password.html", errors=errors), 422
    run, now = accounts.runtime(), accounts.runtime().clock.now()
    hashed = accounts.hash_password(new)
    with run.store.transaction() as tx:
        staff = signing.change_password(tx, accounts.me().id, password_hash=hashed, now=now)
    session.renew(now)
    login_user(accounts.SignedIn(staff))
    flash("Đã đổi mật khẩu. Các phiên đăng nhập khác của anh/chị đã kết thúc.", "ok")
    return redirect(url_for("staff.password"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/dang-nhap", "sign_in", sign_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/dang-xuat", "sign_out", sign_out, methods=["POST"])
    blueprint.add_url_rule("/mat-khau", "password", password, methods=["GET", "POST"])
