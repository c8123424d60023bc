"""What every view of this door takes from the running application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from intake_api.flow import webchat

if TYPE_CHECKING:
    from flask import Response

    from intake_api.flow.services import Services
    from intake_api.runtime import Runtime
    from intake_api.store import Store

COOKIE = "langnghe_chat"
FRAMED_COOKIE = "langnghe_chat_frame"
TOKEN_HEADER = "X-Langnghe-Chat"  # noqa: S105 - the name of a header
COOKIE_DAYS = 90  # as long as an answer may be on its way


def runtime() -> Runtime:
    """The runtime this application was made with."""
    return cast("Runtime", current_app.extensions["langnghe"])


def services() -> Services:
    return runtime().services


def store() -> Store:
    return runtime().store


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="chat-token")


def _opened(sealed: str | None) -> str | None:
    if not sealed:
        return None
    try:
        token = _signer().loads(sealed)
    except BadSignature:
        return None
    return token if isinstance(token, str) else None


def sealed_token(token: str | None = None) -> str:
    """A signed name for a conversation, for the page to hold; a new one when none is given."""
    return str(_signer().dumps(token or webchat.new_token()))


def chat_token() -> str | None:
    """The conversation that the page's script names; None without one, or with a forged one.

    It comes in a header of its own, which no other site's page can send: that is the protection
    against forged requests too, and it works in a frame, where browsers hold cookies back.
    """
    return _opened(request.headers.get(TOKEN_HEADER))


def kept_token(*, framed: bool = False) -> str | None:
    """The conversation that this browser keeps because the person agreed to it."""
    return _opened(request.cookies.get(FRAMED_COOKIE if framed else COOKIE))


def keep_chat_token(response: Response, token: str, *, framed: bool = False) -> None:
    """Lets the browser come back to its conversation.

    In a frame on another site browsers hold plain cookies back; a partitioned one belongs to the
    pair of that site and ours, so it follows nobody from school to school.
    """
    response.set_cookie(
        FRAMED_COOKIE if framed else COOKIE,
        sealed_token(token),
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        **_kind(framed),
    )


def forget_chat_token(response: Response, *, framed: bool = False) -> None:
    """Lets the browser forget its conversation."""
    response.delete_cookie(FRAMED_COOKIE if framed else COOKIE, httponly=True, **_kind(framed))


def _kind(framed: bool) -> dict[str, Any]:
    if framed:
        return {"samesite": "None", "secure": True, "partitioned": True}
    return {"samesite": "Lax", "secure": bool(current_app.config.get("SESSION_COOKIE_SECURE"))}
