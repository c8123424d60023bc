"""What every webhook does alike: reads a bounded body, stores, acknowledges, wakes, refuses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from intake_api.channels import reading
from intake_api.channels.base import Outage
from intake_api.domain.inbound import InboundEvent
from intake_api.flow import converse
from intake_api.store import StoreUnavailable

if TYPE_CHECKING:
    from intake_api.runtime import Runtime

log = structlog.get_logger()

MAX_BODY = 1024 * 1024
REPEAT_AFTER_SECONDS = "30"
DATABASE = Outage("database_unavailable")


class Unreadable(ValueError):
    """The body is not JSON."""


def raw_body() -> bytes | None:
    """The body as it came, or None when it is too large."""
    # The app's own limit, larger or smaller, is for other doors. One byte more than ours is let
    # through: a body that does not say its length is silently cut at the limit.
    request.max_content_length = MAX_BODY + 1
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return None
    return raw if len(raw) <= MAX_BODY else None


def read_json(raw: bytes) -> Any:
    """The parsed body; raises Unreadable."""
    try:
        # NaN and Infinity are not JSON, though Python would read them.
        return json.loads(raw, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error


def keep(channel: str, events: Sequence[InboundEvent], now: datetime) -> Response:
    """Stores first, answers second, and only then wakes whoever works on it."""
    run = runtime()
    waiting: list[str] = []
    if events:
        try:
            with run.store.transaction() as tx:
                waiting = converse.store_events(
                    tx, run.services, channel=channel, events=events, now=now
                )
        except StoreUnavailable as error:
            # Nothing was kept: the platform repeats the call until we say that it was. No
            # traceback: the statement that failed carries people's words.
            DATABASE.failed(reason=str(error))
            log.warning("webhook_not_stored", channel=channel, reason=str(error))
            answer = plain("Service Unavailable", 503)
            answer.headers["Retry-After"] = REPEAT_AFTER_SECONDS
            return answer
        DATABASE.worked()
    kinds = dict(Counter(event.kind for event in events))
    log.info("webhook_stored", channel=channel, kinds=kinds, conversations=len(waiting))
    _wake(run, waiting)
    return plain("EVENT_RECEIVED", 200)


def keep_unreadable(channel: str, raw: bytes, now: datetime) -> Response:
    """Keeps a body that was signed but is not JSON."""
    log.warning("webhook_unreadable", channel=channel, bytes=len(raw))
    return keep(channel, [reading.unreadable(raw, now=now)], now)


def _wake(run: Runtime, conversations: Sequence[str]) -> None:
    for conversation_id in conversations:
        try:
            run.services.queue.process(conversation_id)
        except Exception:
            # It is stored, and the sweep takes up what waits; a repeat would not help.
            log.exception("webhook_not_queued", conversation=conversation_id)


def refuse(channel: str, reason: str, status: int, **facts: int | None) -> Response:
    """Refuses a call; the log never holds what it carried."""
    log.warning(
        "webhook_refused", channel=channel, reason=reason, remote=request.remote_addr, **facts
    )
    return plain("Payload Too Large" if status == 413 else "Forbidden", status)


def plain(text: str, status: int) -> Response:
    """Plain text that no browser takes for a page: a challenge comes from outside."""
    answer = Response(text, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def runtime() -> Runtime:
    """What the process runs on."""
    found: Runtime = current_app.extensions["langnghe"]
    return found


def _not_json(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
