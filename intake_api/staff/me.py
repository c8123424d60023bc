"""One's own account: where it is signed in, and its second factor."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from intake_api.flow import secondfactor, sessions
from intake_api.staff import accounts, oidc, session
from intake_api.store import accounts as account_store

HOW = {
    "password": "mật khẩu",
    "totp": "mật khẩu và mã trong ứng dụng",
    "recovery": "mật khẩu và mã dự phòng",
    "oidc": "tài khoản của Sở",
}


def page(errors: dict[str, str]) -> str:
    """The page of one's own account."""
    run, me = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        open_now = account_store.open_sessions(tx, me.id, now - session.PAUSE)
        two = secondfactor.is_on(tx, me.id)
        left = account_store.recovery_codes_left(tx, me.id)
        linked = account_store.identity_of(tx, me.id) is not None
    return render_template(
        "staff/account.html", errors=errors, sessions=open_now, this=accounts.my_session(),
        how=HOW, two=two, codes_left=left, linked=linked, house_sign_in=oidc.is_on(),
        demanded=run.settings.totp_required,
    )  # fmt: skip


def account() -> str:
    """Shows the account."""
    return page({})


def end_session(session_id: int) -> ResponseReturnValue:
    """Ends one of one's own sessions; 404 for any other."""
    run = accounts.runtime()
    with run.store.transaction() as tx:
        if not sessions.end(tx, session_id, by=accounts.me(), now=run.clock.now()):
            abort(404)
    flash("Đã kết thúc phiên đó.", "ok")
    return redirect(url_for("staff.account"), 303)


def end_others() -> ResponseReturnValue:
    """Ends every session but this one."""
    run, me = accounts.runtime(), accounts.me()
    with run.store.transaction() as tx:
        sessions.end_all(
            tx, me, by=f"staff:{me.id}", now=run.clock.now(), but=accounts.my_session()
        )
    flash("Đã kết thúc mọi phiên khác.", "ok")
    return redirect(url_for("staff.account"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/tai-khoan", "account", account)
    path = "/tai-khoan/phien/<int:session_id>/ket-thuc"
    blueprint.add_url_rule(path, "end_session", end_session, methods=["POST"])
    blueprint.add_url_rule("/tai-khoan/phien-khac", "end_others", end_others, methods=["POST"])
