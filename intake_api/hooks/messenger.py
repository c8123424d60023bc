"""/webhooks/messenger: Meta's events are stored, then acknowledged, then worked on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from intake_api.channels import messenger
from intake_api.domain.inbound import InboundEvent
from intake_api.domain.model import Channel
from intake_api.flow import converse
from intake_api.store import StoreUnavailable

if TYPE_CHECKING:
    from intake_api.runtime import Runtime

blueprint = Blueprint("messenger_hook", __name__, url_prefix="/webhooks")
log = structlog.get_logger()

MAX_BODY = 1024 * 1024
REPEAT_AFTER_SECONDS = "30"


@blueprint.get("/messenger")
def verify() -> Response:
    """Answers Meta's challenge when the webhook is subscribed."""
    token = _runtime().settings.messenger_verify_token.get_secret_value()
    challenge = messenger.verify_subscription(request.args, token)
    if challenge is None:
        log.warning("webhook_refused", channel=Channel.MESSENGER, reason="verify_token")
        return _plain("Forbidden", 403)
    return _plain(challenge, 200)


@blueprint.post("/messenger")
def receive() -> Response:
    """Stores every event of a signed call and answers 200; anything unsigned is refused."""
    raw = _raw()
    if raw is None:
        return _refuse("too_large", 413, bytes=request.content_length)
    runtime = _runtime()
    header = request.headers.get("X-Hub-Signature-256")
    if not messenger.signature_ok(
        raw, header, runtime.settings.messenger_app_secret.get_secret_value()
    ):
        reason = "signature_wrong" if header else "signature_missing"
        return _refuse(reason, 403, bytes=len(raw))
    now = runtime.clock.now()
    try:
        # NaN and Infinity are not JSON, though Python would read them.
        body = json.loads(raw, parse_constant=_not_json)
    except (ValueError, RecursionError):
        log.warning("webhook_unreadable", channel=Channel.MESSENGER, bytes=len(raw))
        return _keep([messenger.unreadable(raw, now=now)], now)
    return _keep(messenger.parse(body, now=now, app_id=runtime.settings.messenger_app_id), now)


def _raw() -> bytes | None:
    """The body as it came, or None when it is too large."""
    # The app's own limit, larger or smaller, is for other doors. One byte more than ours is let
    # through: a body that does not say its length is silently cut at the limit.
    request.max_content_length = MAX_BODY + 1
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return None
    return raw if len(raw) <= MAX_BODY else None


def _keep(events: Sequence[InboundEvent], now: datetime) -> Response:
    """Stores first, answers second, and only then wakes whoever works on it."""
    runtime = _runtime()
    waiting: list[str] = []
    if events:
        try:
            with runtime.store.transaction() as tx:
                waiting = converse.store_events(
                    tx, runtime.services, channel=Channel.MESSENGER, events=events, now=now
                )
        except StoreUnavailable as error:
            # Nothing was kept: Meta repeats the call until we say that it was. No traceback:
            # the statement that failed carries people's words.
            log.error("webhook_not_stored", channel=Channel.MESSENGER, reason=str(error))
            answer = _plain("Service Unavailable", 503)
            answer.headers["Retry-After"] = REPEAT_AFTER_SECONDS
            return answer
    kinds = dict(Counter(event.kind for event in events))
    log.info("webhook_stored", channel=Channel.MESSENGER, kinds=kinds, conversations=len(waiting))
    _wake(runtime, waiting)
    return _plain("EVENT_RECEIVED", 200)


def _wake(runtime: Runtime, conversations: Sequence[str]) -> None:
    for conversation_id in conversations:
        try:
            runtime.services.queue.process(conversation_id)
        except Exception:
            # It is stored, and the sweep takes up what waits; a repeat by Meta would not help.
            log.exception("webhook_not_queued", conversation=conversation_id)


def _refuse(reason: str, status: int, **facts: int | None) -> Response:
    """Refuses a call; the log never holds what it carried."""
    log.warning(
        "webhook_refused",
        channel=Channel.MESSENGER,
        reason=reason,
        remote=request.remote_addr,
        **facts,
    )
    return _plain("Payload Too Large" if status == 413 else "Forbidden", status)


def _plain(text: str, status: int) -> Response:
    # Plain text that no browser takes for a page: the challenge comes from outside.
    answer = Response(text, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _not_json(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _runtime() -> Runtime:
    runtime: Runtime = current_app.extensions["langnghe"]
    return runtime
