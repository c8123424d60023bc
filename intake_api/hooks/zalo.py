"""/webhooks/zalo: events of the OA are stored and acknowledged, well within Zalo's two seconds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from intake_api.channels import zalo, zalo_events
from intake_api.channels.reading import identity
from intake_api.domain.model import Channel
from intake_api.hooks import keeping

blueprint = Blueprint("zalo_hook", __name__, url_prefix="/webhooks")


@blueprint.post("/zalo")
def receive() -> Response:
    """Stores the event of a signed call and answers 200; anything unsigned is refused."""
    raw = keeping.raw_body()
    if raw is None:
        return keeping.refuse(Channel.ZALO, "too_large", 413, bytes=request.content_length)
    runtime = keeping.runtime()
    try:
        body = keeping.read_json(raw)
    except keeping.Unreadable:
        body = None
    timestamp = _timestamp(body)
    header = request.headers.get("X-ZEvent-Signature")
    if timestamp is None or not zalo.signature_ok(
        raw,
        header,
        app_id=runtime.settings.zalo_app_id,
        secret=runtime.settings.zalo_oa_secret.get_secret_value(),
        timestamp=timestamp,
    ):
        reason = "signature_wrong" if header else "signature_missing"
        return keeping.refuse(Channel.ZALO, reason, 403, bytes=len(raw))
    now = runtime.clock.now()
    if body is None:
        return keeping.keep_unreadable(Channel.ZALO, raw, now)
    return keeping.keep(Channel.ZALO, zalo_events.parse(body, now=now), now)


def _timestamp(body: Any) -> str | None:
    """The time that was signed: the body's, or the header's where the body cannot be read; None
    when both are there and differ."""
    header = request.headers.get("X-ZEvent-Timestamp")
    inside = identity(body.get("timestamp")) if isinstance(body, dict) else ""
    if header and inside and header != inside:
        return None
    return inside or header
