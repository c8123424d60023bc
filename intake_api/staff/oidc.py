"""Signing in through the house's own sign-in: OpenID Connect, code flow with PKCE, by Authlib."""

from __future__ import annotations

from typing import Any, cast

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from joserfc.errors import JoseError
from requests import RequestException

from intake_api.domain import people
from intake_api.flow import arriving, secondfactor
from intake_api.flow.arriving import Arrival
from intake_api.flow.people import Refused
from intake_api.limits import limiter
from intake_api.settings import Settings
from intake_api.staff import accounts, entering

log = structlog.get_logger()
EXTENSION = "authlib.integrations.flask_client"  # where Authlib keeps its registry
TIMEOUT = 10.0
NAME = "so"
AWAY = (
    "Hệ thống đăng nhập chung của Sở chưa trả lời. Anh/chị thử lại sau ít phút, hoặc đăng nhập "
    "bằng mật khẩu."
)
BROKEN = "Lần đăng nhập này không hợp lệ hoặc đã quá lâu. Anh/chị đăng nhập lại từ đầu."


def init_app(app: Flask, settings: Settings) -> None:
    """Registers the provider when there is one. Raises ValueError for a map that names no role."""
    if not settings.oidc_issuer:
        return
    for group in settings.oidc_roles:
        role, unit = role_of(settings, [group])
        wrong = people.fits(role or "", unit)
        if wrong:
            raise ValueError(f"LANGNGHE_OIDC_ROLES: {group}: {wrong}")
    oauth = OAuth(app)
    oauth.register(
        NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
        },
    )


def is_on() -> bool:
    """True when the house has a sign-in of its own."""
    return EXTENSION in current_app.extensions


def role_of(settings: Settings, groups: list[str]) -> tuple[str | None, str | None]:
    """(role, unit) of the first group on the map that somebody is in, or (None, None)."""
    for group, given in settings.oidc_roles.items():
        if group in groups:
            role, _, unit = given.partition(":")
            return role, unit or None
    return None, None


def _client() -> Any:
    return current_app.extensions[EXTENSION].create_client(NAME)


def start() -> ResponseReturnValue:
    """Sends the browser to the provider; the place to go afterwards waits in the session."""
    from intake_api.staff.signin import safe_next

    if not is_on():
        return redirect(url_for("staff.sign_in"), 303)
    browser_session["staff_wanted"] = safe_next(request.args.get("tiep"))
    back = accounts.runtime().settings.public_url.rstrip("/") + url_for("staff.oidc_back")
    try:
        return cast("ResponseReturnValue", _client().authorize_redirect(back))
    except (RequestException, ValueError):
        log.warning("the house's sign-in does not answer")
        return _stop(AWAY, 503)


def _stop(words: str, status: int) -> ResponseReturnValue:
    page = render_template(
        "staff/sign_in.html", errors={"username": words}, username="", house_sign_in=True,
        wanted=url_for("staff.queue"),
    )  # fmt: skip
    return page, status


def _arrival(claims: dict[str, Any]) -> Arrival:
    settings = accounts.runtime().settings
    groups = claims.get(settings.oidc_groups_claim) or []
    role, unit = role_of(settings, [str(one) for one in groups] if groups else [])
    return Arrival(
        issuer=str(claims["iss"])[:200],
        subject=str(claims["sub"])[:200],
        username=str(claims.get("preferred_username") or "").strip().lower()[:60],
        name=str(claims.get("name") or "").strip()[:120],
        role=role,
        unit=unit,
    )


@limiter.limit("30/minute")
def back() -> ResponseReturnValue:
    """Takes what the provider says: state, nonce, signature, issuer and audience are checked."""
    if not is_on():
        return redirect(url_for("staff.sign_in"), 303)
    wanted = str(browser_session.pop("staff_wanted", url_for("staff.queue")))
    try:
        claims = dict(_client().authorize_access_token()["userinfo"])
        who = _arrival(claims)
    except RequestException:
        log.warning("the house's sign-in does not answer")
        return _stop(AWAY, 503)
    except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
        log.warning("sign-in of the house refused", reason=type(error).__name__)
        return _stop(BROKEN, 401)
    return _link(who) if current_user.is_authenticated else _enter(who, claims, wanted)


def _enter(who: Arrival, claims: dict[str, Any], wanted: str) -> ResponseReturnValue:
    run = accounts.runtime()
    try:
        with run.store.transaction() as tx:
            staff = arriving.arrive(tx, who, now=run.clock.now())
            two = secondfactor.is_on(tx, staff.id)
    except Refused as refused:
        return _stop(str(refused), 403)
    if not staff.active:
        return _stop(arriving.CLOSED, 403)
    # RFC 8176: the provider says itself that it asked for several factors.
    strong = "mfa" in (claims.get("amr") or ())
    if two and not strong:
        entering.half_way(staff, how="oidc", wanted=wanted)
        return redirect(url_for("staff.second_step"), 303)
    return entering.enter(staff.id, how="oidc", strong=strong, wanted=wanted)


def _link(who: Arrival) -> ResponseReturnValue:
    run = accounts.runtime()
    try:
        with run.store.transaction() as tx:
            arriving.link(tx, accounts.me(), who, now=run.clock.now())
    except Refused as refused:
        flash(str(refused))
    else:
        flash("Đã nối với tài khoản của Sở.", "ok")
    return redirect(url_for("staff.account"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/dang-nhap/so", "oidc_start", start)
    blueprint.add_url_rule("/dang-nhap/so/ve", "oidc_back", back)
