"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import current_user, logout_user

from intake_api.flow import secondfactor, sessions, signing
from intake_api.limits import limiter
from intake_api.staff import accounts, entering, oidc, session
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
        return _page(wanted, {})
    password = request.form.get("password", "")
    with accounts.runtime().store.reading() as tx:
        staff = registry.staff_by_username(tx, _username())
        two = staff is not None and secondfactor.is_on(tx, staff.id)
    if not accounts.check(staff, password) or staff is None:
        log.info("sign-in refused", address=get_remote_address())
        return _page(wanted, {"username": WRONG}, 401)
    if two:
        entering.half_way(staff, how="password", wanted=wanted)
        return redirect(url_for("staff.second_step"), 303)
    renewed = accounts.renewed_hash(staff, password)
    return entering.enter(
        staff.id, how="password", strong=False, wanted=wanted, password_hash=renewed
    )


def _page(wanted: str, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "staff/sign_in.html", errors=errors, username=_username(), wanted=wanted,
        house_sign_in=oidc.is_on(),
    )  # fmt: skip
    return page, status


def sign_out() -> ResponseReturnValue:
    """Ends the session on this browser."""
    run = accounts.runtime()
    with run.store.transaction() as tx:
        sessions.end(tx, accounts.my_session(), by=accounts.me(), now=run.clock.now())
    logout_user()
    session.forget()
    flash("Anh/chị đã đăng xuất.")
    return redirect(url_for("staff.sign_in"), 303)


def new_password_errors(username: str, new: str, again: str) -> dict[str, str]:
    """What is wrong with a new password, field → sentence."""
    if not accounts.MIN_LENGTH <= len(new) <= accounts.MAX_LENGTH:
        return {"new": f"Mật khẩu mới cần từ {accounts.MIN_LENGTH} ký tự trở lên."}
    if username in new.lower():
        return {"new": "Mật khẩu mới không được chứa tên đăng nhập."}
    if new != again:
        return {"again": "Hai lần gõ mật khẩu mới chưa giống nhau."}
    return {}


def _password_errors(old: str, new: str, again: str) -> dict[str, str]:
    staff = accounts.me()
    if not accounts.check(staff, old):
        return {"old": "Mật khẩu hiện tại không đúng."}
    if new == old:
        return {"new": "Mật khẩu mới cần khác mật khẩu hiện tại."}
    return new_password_errors(staff.username, new, again)


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
    origin = sessions.From(
        "password", accounts.is_strong(), entering.device(request.user_agent.string),
        get_remote_address(),
    )  # fmt: skip
    with run.store.transaction() as tx:
        staff = signing.change_password(tx, accounts.me().id, password_hash=hashed, now=now)
        key = sessions.begin(tx, staff, origin, now=now)
    entering.keep(staff, key, now)
    flash("Đã đổi mật khẩu. Các phiên đăng nhập khác của anh/chị đã kết thúc.", "ok")
    return redirect(url_for("staff.password"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/dang-nhap", "sign_in", sign_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/dang-xuat", "sign_out", sign_out, methods=["POST"])
    blueprint.add_url_rule("/mat-khau", "password", password, methods=["GET", "POST"])
