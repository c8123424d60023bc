"""The last step of every way in: the session begins, on record and on its owner's list."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import login_user

from intake_api.domain import access, people
from intake_api.flow import sessions, signing
from intake_api.flow.sessions import From
from intake_api.staff import accounts, session
from intake_api.store.registers import Staff

HALF_SECONDS = 300
_BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "máy Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """``Chrome, Windows`` from what a browser says of itself; only so that its owner knows it."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "Trình duyệt khác")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "máy khác")
    return f"{browser}, {system}"


def enter(
    staff_id: int, *, how: str, strong: bool, wanted: str, password_hash: str | None = None
) -> ResponseReturnValue:
    """Begins the session of somebody who has proved who they are, and leads on."""
    run = accounts.runtime()
    now = run.clock.now()
    origin = From(how, strong, device(request.user_agent.string), get_remote_address())
    with run.store.transaction() as tx:
        staff = signing.signed_in(tx, staff_id, now=now, password_hash=password_hash)
        key = sessions.begin(tx, staff, origin, now=now)
    keep(staff, key, now)
    if wanted == url_for("staff.queue"):
        wanted = _first_page(staff)
    return redirect(wanted, 303)


def _first_page(staff: Staff) -> str:
    """The queue, but for whoever sees no content: there it would be empty."""
    if people.may_manage(staff.role):
        return url_for("staff.people")
    if access.scope(staff.role, staff.unit).units == () and access.may_read_faq(staff.role):
        return url_for("staff.faq")
    return url_for("staff.queue")


def keep(staff: Staff, key: str, now: datetime) -> None:
    """Hands the browser a fresh session of this person."""
    session.renew(now)
    browser_session["staff_key"] = key
    login_user(accounts.SignedIn(staff))


def half_way(staff: Staff, *, how: str, wanted: str) -> None:
    """The first factor was right: remembered in the signed cookie for five minutes."""
    moment = accounts.runtime().clock.now().timestamp()
    session.forget()
    browser_session["staff_half"] = [staff.id, staff.session_stamp, how, wanted, moment]


def who_is_half_way() -> tuple[int, str, str, str] | None:
    """(id, stamp, how, wanted) of whoever showed the first factor lately."""
    half = browser_session.get("staff_half")
    if not isinstance(half, list) or len(half) != 5:
        return None
    staff_id, stamp, how, wanted, moment = half
    if accounts.runtime().clock.now().timestamp() - moment > HALF_SECONDS:
        return None
    return int(staff_id), str(stamp), str(how), str(wanted)
