"""The second factor: asked for at sign-in, set up, renewed and removed by its owner."""

from __future__ import annotations

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from intake_api.flow import secondfactor, sessions
from intake_api.flow.secondfactor import NoSecret
from intake_api.limits import limiter
from intake_api.staff import accounts, entering
from intake_api.store import accounts as account_store
from intake_api.store import registry

WRONG = "Mã không đúng hoặc đã dùng rồi. Mã trong ứng dụng đổi sau mỗi 30 giây."
UNREADABLE = (
    "Lớp xác thực thứ hai của tài khoản này không đọc được nữa. Liên hệ quản trị hệ thống của Sở "
    "để thiết lập lại."
)


def _failed(response: Response) -> bool:
    return response.status_code in (401, 422)


def _who() -> str:
    half = entering.who_is_half_way()
    return f"second:{half[0]}" if half else get_remote_address()


# A code has six digits: twenty wrong ones an hour leave a guesser a chance of 1 in 16,000.
@limiter.limit("5/minute;20/hour", methods=["POST"], key_func=_who, deduct_when=_failed)
def second_step() -> ResponseReturnValue:
    """Asks whoever showed the first factor for the code."""
    half = entering.who_is_half_way()
    if half is None:
        flash("Anh/chị đăng nhập lại từ đầu.")
        return redirect(url_for("staff.sign_in"), 303)
    if request.method == "GET":
        return render_template("staff/second_step.html", errors={})
    staff_id, stamp, _how, wanted = half
    run = accounts.runtime()
    try:
        with run.store.transaction() as tx:
            staff = registry.staff_by_id(tx, staff_id)
            passed = None
            if staff is not None and staff.active and staff.session_stamp == stamp:
                code = request.form.get("code", "")[:40]
                passed = secondfactor.passes(
                    tx, run.services, staff, code=code, now=run.clock.now()
                )
    except NoSecret:
        return render_template("staff/second_step.html", errors={"code": UNREADABLE}), 401
    if passed is None:
        return render_template("staff/second_step.html", errors={"code": WRONG}), 401
    if passed == "recovery":
        flash("Anh/chị vừa dùng một mã dự phòng; mã đó không dùng lại được.")
    return entering.enter(staff_id, how=passed, strong=True, wanted=wanted)


def _square(uri: str) -> str:
    """The square to scan, as an image that needs no request of its own."""
    return segno.make(uri, error="m").svg_data_uri(scale=5, border=2)


def _setup_page(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    run, me = accounts.runtime(), accounts.me()
    with run.store.transaction() as tx:
        secret = secondfactor.begin(tx, run.services, me, now=run.clock.now())
    parts = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    page = render_template(
        "staff/second_setup.html", errors=errors, secret=parts,
        square=_square(secondfactor.uri(secret, me.username)),
        must=run.settings.totp_required and not accounts.is_strong(),
    )  # fmt: skip
    return page, status


def _mine() -> str:
    return f"second:{accounts.me().id}"


@limiter.limit("10/minute", methods=["POST"], key_func=_mine, deduct_when=_failed)
def setup() -> ResponseReturnValue:
    """Shows the square; a code from the app makes it count."""
    run, me = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        if secondfactor.is_on(tx, me.id):
            return redirect(url_for("staff.account"), 303)
    if request.method == "GET":
        return _setup_page({})
    now = run.clock.now()
    with run.store.transaction() as tx:
        codes = secondfactor.confirm(
            tx, run.services, me, code=request.form.get("code", "")[:20], now=now
        )
        if codes is not None:
            # Sessions that showed one factor only end; this one has shown both now.
            sessions.end_all(tx, me, by=f"staff:{me.id}", now=now, but=accounts.my_session())
            mine = account_store.session_by_id(tx, accounts.my_session())
            if mine is not None:
                mine.strong = True
    if codes is None:
        return _setup_page({"code": WRONG}, 422)
    return render_template("staff/recovery_codes.html", codes=codes, fresh=True)


def _proved() -> bool:
    """True when the form carries a right code: a session left open is not enough for this."""
    run, me = accounts.runtime(), accounts.me()
    try:
        with run.store.transaction() as tx:
            code = request.form.get("code", "")[:40]
            passed = secondfactor.passes(tx, run.services, me, code=code, now=run.clock.now())
    except NoSecret:
        return False
    return passed is not None


@limiter.limit("5/minute;20/hour", key_func=_mine, deduct_when=_failed)
def renew_codes() -> ResponseReturnValue:
    """Ten new recovery codes in place of the old ones."""
    if not _proved():
        return _account_again()
    run, me = accounts.runtime(), accounts.me()
    with run.store.transaction() as tx:
        codes = secondfactor.new_recovery_codes(tx, me, now=run.clock.now())
    return render_template("staff/recovery_codes.html", codes=codes, fresh=False)


@limiter.limit("5/minute;20/hour", key_func=_mine, deduct_when=_failed)
def remove() -> ResponseReturnValue:
    """Takes one's own second factor away, unless the house demands one of everybody."""
    run, me = accounts.runtime(), accounts.me()
    if run.settings.totp_required:
        flash("Sở yêu cầu mọi cán bộ dùng lớp xác thực thứ hai nên không bỏ được.")
        return redirect(url_for("staff.account"), 303)
    if not _proved():
        return _account_again()
    with run.store.transaction() as tx:
        secondfactor.take_away(tx, me, actor=f"staff:{me.id}", now=run.clock.now())
    flash("Đã bỏ lớp xác thực thứ hai.", "ok")
    return redirect(url_for("staff.account"), 303)


def _account_again() -> ResponseReturnValue:
    from intake_api.staff import me

    return me.page({"code": WRONG}), 422


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/dang-nhap/ma", "second_step", second_step, methods=["GET", "POST"])
    both = ["GET", "POST"]
    blueprint.add_url_rule("/tai-khoan/hai-lop", "second_setup", setup, methods=both)
    blueprint.add_url_rule("/tai-khoan/hai-lop/bo", "second_remove", remove, methods=["POST"])
    blueprint.add_url_rule(
        "/tai-khoan/ma-du-phong", "recovery_codes", renew_codes, methods=["POST"]
    )
