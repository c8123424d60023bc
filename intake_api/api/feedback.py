"""The public API: another system puts a comment on record and asks after it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from intake_api.api import idempotency, payloads
from intake_api.api.bot import body_of, runtime
from intake_api.api.problems import Problem
from intake_api.domain.model import Channel
from intake_api.flow import receive, say, status, triage
from intake_api.limits import limiter, pin_tries

if TYPE_CHECKING:
    from intake_api.store import Session

blueprint = Blueprint("feedback_api", __name__, url_prefix="/api/v1")


@blueprint.post("/feedback")
@limiter.limit(lambda: runtime().settings.api_limit)
def submit() -> Response:
    """Stores, classifies and routes one comment; answers with its code, PIN, unit and date."""
    body: payloads.FeedbackBody = body_of(payloads.FeedbackBody)
    run = runtime()
    now = run.clock.now()
    contact = body.contact
    if (contact.name or contact.phone or contact.email) and not body.consent:
        # Silence is no consent (Law 91/2025/QH15): contact data needs an explicit yes.
        detail = [
            {"detail": "cần đồng ý rõ ràng khi gửi thông tin liên hệ", "pointer": "#/consent"}
        ]
        raise Problem("validation", 422, "1 trường sai", errors=detail)

    decision = triage.decide(
        run.services, text=body.description, place_text=body.place, channel=Channel.API, now=now
    )

    key = idempotency.key_of_request()
    mark = hashlib.sha256(request.get_data()).hexdigest()
    pin = receive.steady_pin(run.services, f"api:{key}:{mark}")

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        try:
            received = receive.submit(
                tx,
                run.services,
                text=body.description,
                channel=Channel.API,
                now=now,
                place_text=body.place,
                sender=receive.Sender(
                    contact.name, contact.phone, contact.email, body.anonymous, body.sender_role
                ),
                consent_at=now if body.consent else None,
                actor="api",
                decision=decision,
                pin=pin,
            )
        except receive.TextMissing:
            raise Problem("validation", 422, "Chưa có nội dung.") from None
        made = say.receipt(run.services, received)
        del made["receipt"]
        return 201, made

    return idempotency.once(run.store, client="api", key=key, now=now, work=work, pin=pin)


@blueprint.get("/feedback/<code>")
@limiter.limit("5/minute")
@pin_tries(
    lambda: (request.view_args or {}).get("code"), wrong=lambda answer: answer.status_code == 404
)
def look_up(code: str) -> Response:
    """The state of one case for whoever has its PIN (header ``X-Pin``, never in the address)."""
    run = runtime()
    with run.store.reading() as tx:
        found = status.look_up(
            tx, run.services, code_text=code, pin=request.headers.get("X-Pin"), now=run.clock.now()
        )
    if found is None:
        raise Problem("not-found", 404)
    return jsonify(
        {
            "code": found.code,
            "state": found.state,
            "state_label": found.state_label,
            "unit_name": found.unit_name,
            "received": found.received,
            "due": found.due,
            "last_reply": found.last_reply,
        }
    )
