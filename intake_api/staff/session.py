"""The signed-in session: renewed at sign-in, ended after a day's work or a long pause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import session

LONGEST, PAUSE = timedelta(hours=12), timedelta(hours=2)
# The idle clock is written at most this often, so that not every answer sets a cookie.
STEP = timedelta(minutes=5)
_OURS = (
    "_user_id", "_fresh", "_id", "_remember", "csrf_token", "staff_since", "staff_seen",
    "staff_key", "staff_half",
)  # fmt: skip


def renew(now: datetime) -> None:
    """Drops everything of the session before, its CSRF token included, and starts the clocks."""
    forget()
    session["staff_since"] = session["staff_seen"] = now.timestamp()


def forget() -> None:
    """Takes the member of staff out of the session; a chat of the same browser goes on."""
    for name in _OURS:
        session.pop(name, None)


def still_good(
    now: datetime, noted: Callable[[], None] = lambda: None, *, touched: bool = True
) -> bool:
    """True while neither the day nor the pause is over; notes that the person is at work, and
    calls ``noted`` when it did. A page that asks by itself is not ``touched``."""
    since, seen = session.get("staff_since"), session.get("staff_seen")
    if not isinstance(since, float) or not isinstance(seen, float):
        return False
    moment = now.timestamp()
    if moment - since > LONGEST.total_seconds() or moment - seen > PAUSE.total_seconds():
        return False
    if touched and moment - seen > STEP.total_seconds():
        session["staff_seen"] = moment
        noted()
    return True
