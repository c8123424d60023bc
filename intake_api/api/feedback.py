"""The public API: another system puts a comment on record and asks after it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from flask_limiter.util import get_remote_address

from intake_api.api import answers, payloads
from intake_api.api.operations import MAY_SHOW_KEY, Answer, Call, Header, operation
from intake_api.api.problems import Problem
from intake_api.domain import access
from intake_api.domain.model import Channel
from intake_api.flow import floods, partners, receive, say, status, triage
from intake_api.limits import limiter, pin_tries
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

blueprint = Blueprint("feedback_api", __name__, url_prefix="/api/v1")
TAG = "Gửi và tra cứu"


@operation(
    blueprint, "POST", "/feedback", summary="Gửi một ý kiến", tag=TAG,
    answers={201: answers.Receipt}, key=MAY_SHOW_KEY, scope=access.FEEDBACK_WRITE,
    body=payloads.FeedbackBody, idempotent=True,
)  # fmt: skip
def submit(call: Call) -> Any:
    """Ý kiến được lưu, phân loại và chuyển đơn vị ngay; trả về mã, PIN, đơn vị và hạn. Gửi được cả
    khi không có khóa; có khóa thì ý kiến thuộc hệ thống đó, đọc và bổ sung được ở /cases."""
    body: payloads.FeedbackBody = call.body
    run, now, contact = call.run, call.now, call.body.contact
    if (contact.name or contact.phone or contact.email) and not body.consent:
        # Silence is no consent (Law 91/2025/QH15): contact data needs an explicit yes.
        detail = [
            {"detail": "cần đồng ý rõ ràng khi gửi thông tin liên hệ", "pointer": "#/consent"}
        ]
        raise Problem("validation", 422, "1 trường sai", errors=detail)
    decision = triage.decide(
        run.services, text=body.description, place_text=body.place, channel=Channel.API, now=now
    )
    mark = hashlib.sha256(request.get_data()).hexdigest()
    pin = receive.steady_pin(run.services, f"{call.caller}:{call.key}:{mark}")

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        copy = _copy_of(tx, call, decision)
        if copy is not None:
            # Whoever sends from this address need not be who was told the PIN.
            return 201, {**_receipt(call, receive.Received(copy, "")), "pin": None}
        received = partners.submit(
            tx, run.services, text=body.description, now=now, place_text=body.place,
            sender=receive.Sender(
                contact.name, contact.phone, contact.email, body.anonymous, body.sender_role
            ),
            consent=body.consent, decision=decision, pin=pin, client=call.client,
        )  # fmt: skip
        if call.client is None:  # without a key it is a person, and one address is one person
            floods.note(
                tx, run.services, case_id=received.case.id, origin=get_remote_address(), now=now
            )
        return 201, _receipt(call, received)

    return call.once(work, pin=pin)


def _receipt(call: Call, received: receive.Received) -> dict[str, Any]:
    made = say.receipt(call.run.services, received)
    del made["receipt"]  # its lines are for the assistant to say
    return answers.Receipt(**made).model_dump(mode="json")


def _copy_of(tx: Session, call: Call, decision: triage.Decision) -> Case | None:
    """The case that a flood from one address joins. Never danger, never with somebody's contact
    data, and never what another system passes on: it speaks for many people."""
    body: payloads.FeedbackBody = call.body
    contact, understood = body.contact, decision.classification
    if call.client is not None or understood.danger:
        return None
    if contact.name or contact.phone or contact.email:
        return None
    return floods.joined_from(
        tx, call.run.services, origin=get_remote_address(), text=body.description,
        confidential=triage.sealed(call.run.services, understood), now=call.now,
    )  # fmt: skip


@operation(
    blueprint, "GET", "/feedback/<code>", summary="Tra cứu bằng mã và PIN", tag=TAG,
    answers={200: answers.CaseStatus}, problems=(("not-found", 404),),
    headers=(Header("X-Pin", "PIN 6 số của biên nhận; không bao giờ nằm trong địa chỉ"),),
    limited=False,
)  # fmt: skip
@limiter.limit("5/minute")
@pin_tries(
    lambda: (request.view_args or {}).get("code"), wrong=lambda answer: answer.status_code == 404
)
def look_up(call: Call, code: str) -> Answer:
    """Tình trạng một ý kiến, cho người có PIN. Sai mã và sai PIN được trả lời như nhau. Tối đa 5
    lần mỗi phút từ một địa chỉ."""
    with call.run.store.reading() as tx:
        found = status.look_up(
            tx, call.run.services, code_text=code, pin=request.headers.get("X-Pin"), now=call.now
        )
    if found is None:
        raise Problem("not-found", 404)
    return Answer(
        answers.CaseStatus(
            code=found.code,
            state=found.state,
            state_label=found.state_label,
            unit_name=found.unit_name,
            received=found.received,
            due=found.due,
            last_reply=found.last_reply,
        )
    )
