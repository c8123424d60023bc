"""The one rate limiter. Doors name their limits; the numbers stand beside the views."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from vntext import parse_code

TRIES = "20/hour"
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)


def pin_tries[**P, R](
    code_of: Callable[[], str | None], *, wrong: Callable[[Response], bool]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limits wrong PINs for one code, whoever tries and through whichever door: a PIN has six
    digits, and addresses and chats are cheap. ``code_of`` reads the code from the request."""

    def key() -> str:
        code = parse_code(code_of() or "")
        return f"code:{code}" if code else get_remote_address()

    return limiter.shared_limit(TRIES, scope="pin", key_func=key, deduct_when=wrong)
