"""/webhooks/messenger: Meta's events are stored, then acknowledged, then worked on."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request

from intake_api.channels import messenger
from intake_api.domain.model import Channel
from intake_api.hooks import keeping

blueprint = Blueprint("messenger_hook", __name__, url_prefix="/webhooks")
log = structlog.get_logger()


@blueprint.get("/messenger")
def verify() -> Response:
    """Answers Meta's challenge when the webhook is subscribed."""
    token = keeping.runtime().settings.messenger_verify_token.get_secret_value()
    challenge = messenger.verify_subscription(request.args, token)
    if challenge is None:
        log.warning("webhook_refused", channel=Channel.MESSENGER, reason="verify_token")
        return keeping.plain("Forbidden", 403)
    return keeping.plain(challenge, 200)


@blueprint.post("/messenger")
def receive() -> Response:
    """Stores every event of a signed call and answers 200; anything unsigned is refused."""
    raw = keeping.raw_body()
    if raw is None:
        return keeping.refuse(Channel.MESSENGER, "too_large", 413, bytes=request.content_length)
    runtime = keeping.runtime()
    header = request.headers.get("X-Hub-Signature-256")
    if not messenger.signature_ok(
        raw, header, runtime.settings.messenger_app_secret.get_secret_value()
    ):
        reason = "signature_wrong" if header else "signature_missing"
        return keeping.refuse(Channel.MESSENGER, reason, 403, bytes=len(raw))
    now = runtime.clock.now()
    try:
        body = keeping.read_json(raw)
    except keeping.Unreadable:
        return keeping.keep_unreadable(Channel.MESSENGER, raw, now)
    events = messenger.parse(body, now=now, app_id=runtime.settings.messenger_app_id)
    return keeping.keep(Channel.MESSENGER, events, now)
