"""The assistant's door: what Rasa's actions may ask of the intake. Bearer token, loopback."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, jsonify, request

from intake_api.api import idempotency, payloads
from intake_api.api.problems import Problem
from intake_api.domain import deadline, texts
from intake_api.domain.worktime import hours_in_words
from intake_api.flow import (
    ask,
    citizen,
    comments,
    consult_chat,
    converse,
    receive,
    say,
    status,
    takeover,
)
from intake_api.flow.receive import Received
from intake_api.limits import pin_tries
from intake_api.store import cases, conversations
from intake_api.store.tables import Case, Conversation, Draft, Message
from vntext import find_codes

if TYPE_CHECKING:
    from intake_api.runtime import Runtime
    from intake_api.store import Session

blueprint = Blueprint("bot", __name__, url_prefix="/bot/v1")


def runtime() -> Runtime:
    return cast("Runtime", current_app.extensions["langnghe"])


@blueprint.before_request
def only_the_assistant() -> None:
    """Refuses every call without the service token."""
    wanted = f"Bearer {runtime().settings.bot_token.get_secret_value()}"
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Problem("unauthenticated", 401)


def body_of(model: type[payloads.Body]) -> Any:
    """The request's body as ``model``. Raises Problem (malformed) or ValidationError."""
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        raise Problem("malformed", 400, "Cần một đối tượng JSON.")
    return model.model_validate(data)


def _conversation(tx: Session, sender: str) -> Conversation:
    found = conversations.get(tx, sender.partition(":")[2])
    if found is None:
        raise Problem("not-found", 404)
    return found


def _once(work: Any, *, pin: str | None = None) -> Response:
    now, key = runtime().clock.now(), idempotency.key_of_request()
    return idempotency.once(runtime().store, client="bot", key=key, now=now, work=work, pin=pin)


@blueprint.post("/answer")
def answer() -> Response:
    body: payloads.AnswerBody = body_of(payloads.AnswerBody)
    run = runtime()
    with run.store.transaction() as tx:
        conversation = _conversation(tx, body.sender)
        found = ask.ask(
            tx, run.services, conversation=conversation, text=body.text, slug=body.slug,
            channel=conversation.channel, now=run.clock.now(),
        )  # fmt: skip
    return jsonify(found)


@blueprint.post("/drafts")
def open_draft() -> Response:
    body: payloads.DraftBody = body_of(payloads.DraftBody)
    run = runtime()

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        conversation = _conversation(tx, body.sender)
        try:
            draft = receive.open_draft(
                tx, run.services, conversation=conversation, message_id=body.message_id,
                text=converse.whole_words(tx, conversation, body.message_id, body.text),
                now=run.clock.now(),
            )  # fmt: skip
        except receive.TextMissing:
            raise Problem("validation", 422, "Chưa có nội dung.") from None
        return 201, say.draft_view(run.services, draft, conversation.channel, run.clock.now())

    return _once(work)


def _draft(tx: Session, draft_id: str) -> Draft:
    draft = cases.draft(tx, draft_id)
    if draft is None or draft.case_id is not None:
        raise Problem("not-found", 404)
    return draft


@blueprint.patch("/drafts/<draft_id>")
def change_draft(draft_id: str) -> Response:
    body: payloads.DraftChange = body_of(payloads.DraftChange)
    run = runtime()
    sender = None
    if body.anonymous is not None or body.name or body.phone or body.email:
        sender = receive.Sender(body.name, body.phone, body.email, bool(body.anonymous))

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        draft = _draft(tx, draft_id)
        try:
            receive.change_draft(
                draft, now=run.clock.now(), text_append=body.text_append,
                text_replace=body.text_replace, place_text=body.place_text, sender=sender,
                consent=body.consent,
            )  # fmt: skip
        except receive.TextTooLong:
            raise Problem("validation", 422, "Nội dung dài quá 5.000 ký tự.") from None
        talk = conversations.get(tx, draft.conversation_id)
        channel = talk.channel if talk else "web"
        return 200, say.draft_view(run.services, draft, channel, run.clock.now())

    return _once(work)


@blueprint.post("/drafts/<draft_id>/submit")
def submit_draft(draft_id: str) -> Response:
    body_of(payloads.SubmitBody)
    run = runtime()

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        draft = cases.draft(tx, draft_id)
        conversation = conversations.get(tx, draft.conversation_id) if draft else None
        if draft is None or conversation is None:
            raise Problem("not-found", 404)
        received = receive.submit_draft(
            tx, run.services, draft=draft, conversation=conversation, now=run.clock.now()
        )
        now = run.clock.now()
        comments.adopt(tx, conversation, received.case, now=now)
        asked = consult_chat.adopt(tx, run.services, conversation, received.case, now=now)
        told = say.receipt(run.services, received)
        if asked is not None:
            told["next"] = {"text": asked.text, "buttons": list(asked.buttons)}
        return 201, told

    return _once(work, pin=receive.draft_pin(run.services, draft_id))


@blueprint.delete("/drafts/<draft_id>")
def delete_draft(draft_id: str) -> tuple[str, int]:
    with runtime().store.transaction() as tx:
        draft = cases.draft(tx, draft_id)
        if draft is not None and draft.case_id is None:
            cases.delete_draft(tx, draft)
    return "", 204


def _asked_code() -> str | None:
    body = request.get_json(silent=True)
    given = body if isinstance(body, dict) and body.get("pin") else {}
    return next(iter(find_codes(str(given.get("text") or ""))), None)


def _not_found(answer: Response) -> bool:
    found = answer.get_json(silent=True)
    return _asked_code() is not None and isinstance(found, dict) and found.get("found") is False


@blueprint.post("/status")
@pin_tries(_asked_code, wrong=_not_found)
def look_up() -> Response:
    body: payloads.StatusBody = body_of(payloads.StatusBody)
    run = runtime()
    with run.store.reading() as tx:
        conversation = _conversation(tx, body.sender)
        found = status.for_conversation(
            tx, run.services, conversation=conversation, text=body.text, pin=body.pin,
            now=run.clock.now(),
        )  # fmt: skip
    return jsonify(found)


@blueprint.post("/handoff")
def handoff() -> Response:
    body: payloads.TellBody = body_of(payloads.TellBody)
    run = runtime()

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        if body.reason in ("withdraw", "supplement"):
            conversation = _conversation(tx, body.sender)
            found = citizen.meant(tx, conversation, body.text)
            if found is not None:
                said = conversations.own_message(tx, conversation.id, body.message_id)
                return 201, _about(tx, found, body.reason, said)
        code = None
        # A bare "cho gặp cán bộ" is no case yet; words that tell the matter are.
        if body.reason == "unanswered" or len(body.text.split()) > 8:
            code = _submit(tx, body, kind="question").case.code
        takeover.ask(tx, _conversation(tx, body.sender), now=run.clock.now())
        words = run.services.catalog.messages["handoff"].format(
            hours=hours_in_words(run.services.catalog.calendar)
        )
        return 201, {"code": code, "notice": words}

    return _once(work)


def _about(tx: Session, case: Case, reason: str, said: Message | None) -> dict[str, Any]:
    """Withdraws or supplements a case and says so."""
    run = runtime()
    if reason == "supplement":
        citizen.supplement(tx, run.services, case, now=run.clock.now(), message=said)
        name = "supplemented"
    else:
        done = citizen.withdraw(tx, run.services, case, now=run.clock.now())
        name = "withdrawn" if done else "withdrawal_noted"
    return {"code": case.code, "notice": run.services.catalog.messages[name].format(code=case.code)}


@blueprint.post("/press")
def press() -> Response:
    body: payloads.TellBody = body_of(payloads.TellBody)
    run = runtime()
    pin = receive.steady_pin(run.services, f"press:{idempotency.key_of_request()}")

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        received = _submit(tx, body, kind="press_inquiry", pin=pin)
        case = received.case
        return 201, {
            "code": case.code,
            "pin": received.pin,
            "due": deadline.due_in_words(case.due_at),
            "unit_name": run.services.catalog.units[case.unit].name,
            "notice": texts.PRESS_NOTICE,
        }

    return _once(work, pin=pin)


@blueprint.post("/danger")
def danger() -> Response:
    body: payloads.TellBody = body_of(payloads.TellBody)
    run = runtime()

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        conversation = _conversation(tx, body.sender)
        words = converse.whole_words(tx, conversation, body.message_id, body.text)
        try:
            opened = receive.open_emergency(
                tx, run.services, conversation=conversation, text=words, now=run.clock.now()
            )
        except receive.TextMissing:
            raise Problem("validation", 422, "Chưa có nội dung.") from None
        case = opened if isinstance(opened, Case) else opened.case
        lines = run.services.catalog.messages["danger"].splitlines()
        return 201, {"code": case.code, "notice": lines}

    return _once(work)


def _submit(tx: Session, body: payloads.TellBody, *, kind: str, pin: str | None = None) -> Received:
    run = runtime()
    conversation = _conversation(tx, body.sender)
    try:
        return receive.submit(
            tx, run.services, channel=conversation.channel, now=run.clock.now(),
            text=converse.whole_words(tx, conversation, body.message_id, body.text),
            conversation=conversation, kind=kind, pin=pin,
        )  # fmt: skip
    except receive.TextMissing:
        raise Problem("validation", 422, "Chưa có nội dung.") from None
