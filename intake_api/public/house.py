"""What every view of this door takes from the running application."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

if TYPE_CHECKING:
    from flask import Response

    from intake_api.flow.services import Services
    from intake_api.runtime import Runtime
    from intake_api.store import Store

COOKIE = "langnghe_chat"
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


def chat_token() -> str | None:
    """The conversation this browser holds; None without one, or with a forged one."""
    sealed = request.cookies.get(COOKIE)
    if not sealed:
        return None
    try:
        token = _signer().loads(sealed)
    except BadSignature:
        return None
    return token if isinstance(token, str) else None


def keep_chat_token(response: Response, token: str) -> None:
    """Lets the browser come back to its conversation."""
    response.set_cookie(
        COOKIE,
        str(_signer().dumps(token)),
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
    )
