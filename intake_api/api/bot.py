"""The assistant's door: what Rasa's actions may ask of the intake. Bearer token, loopback."""

from __future__ import annotations

import functools
import hmac
import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from intake_api.api import bot_answers, payloads
from intake_api.api.bot_answers import plain
from intake_api.api.callers import runtime
from intake_api.api.operations import ASSISTANT, Answer, Call, operation
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
    from intake_api.store import Session

blueprint = Blueprint("bot", __name__, url_prefix="/bot/v1")


# Every operation here is the assistant's: with the service's token, its calls not counted.
asked = functools.partial(
    operation, blueprint, tag="Trợ lý", key=ASSISTANT, problems=(("not-found", 404),), limited=False
)


@blueprint.before_request
def only_the_assistant() -> None:
    """Refuses every call without the service token."""
    wanted = f"Bearer {runtime().settings.bot_token.get_secret_value()}"
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Problem("unauthenticated", 401)


def _conversation(tx: Session, sender: str) -> Conversation:
    found = conversations.get(tx, sender.partition(":")[2])
    if found is None:
        raise Problem("not-found", 404)
    return found


@asked(
    "POST", "/answer", summary="Hỏi một câu",
    answers={200: bot_answers.Found}, body=payloads.AnswerBody,
)  # fmt: skip
def answer(call: Call) -> Answer:
    """Một câu trả lời đã duyệt với nguồn, tối đa ba gợi ý, hoặc không có."""
    body: payloads.AnswerBody = call.body
    run = call.run
    with run.store.transaction() as tx:
        conversation = _conversation(tx, body.sender)
        found = ask.ask(
            tx, run.services, conversation=conversation, text=body.text, slug=body.slug,
            channel=conversation.channel, now=call.now,
        )  # fmt: skip
    return Answer(bot_answers.Found.model_validate(found))


@asked(
    "POST", "/drafts", summary="Bắt đầu một ý kiến",
    answers={201: bot_answers.DraftView}, body=payloads.DraftBody, idempotent=True,
)  # fmt: skip
def open_draft(call: Call) -> Response:
    """Giữ lời đầu tiên; trả về những gì đã hiểu và còn thiếu."""
    body: payloads.DraftBody = call.body
    run = call.run

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        conversation = _conversation(tx, body.sender)
        draft = receive.open_draft(
            tx, run.services, conversation=conversation, message_id=body.message_id,
            text=converse.whole_words(tx, conversation, body.message_id, body.text),
            now=call.now,
        )  # fmt: skip
        return 201, _view(call, draft, conversation.channel)

    return call.once(work)


def _view(call: Call, draft: Draft, channel: str) -> dict[str, Any]:
    told = say.draft_view(call.run.services, draft, channel, call.now)
    return plain(bot_answers.DraftView, told)


def _draft(tx: Session, draft_id: str) -> Draft:
    draft = cases.draft(tx, draft_id)
    if draft is None or draft.case_id is not None:
        raise Problem("not-found", 404)
    return draft


@asked(
    "PATCH", "/drafts/<draft_id>", summary="Sửa ý kiến đang soạn",
    answers={200: bot_answers.DraftView}, body=payloads.DraftChange, idempotent=True,
)  # fmt: skip
def change_draft(call: Call, draft_id: str) -> Response:
    """Chỉ những gì được gửi mới đổi."""
    body: payloads.DraftChange = call.body
    sender = None
    if body.anonymous is not None or body.name or body.phone or body.email:
        sender = receive.Sender(body.name, body.phone, body.email, bool(body.anonymous))

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        draft = _draft(tx, draft_id)
        try:
            receive.change_draft(
                draft, now=call.now, text_append=body.text_append,
                text_replace=body.text_replace, place_text=body.place_text, sender=sender,
                consent=body.consent,
            )  # fmt: skip
        except receive.TextTooLong:
            raise Problem("validation", 422, "Nội dung dài quá 5.000 ký tự.") from None
        talk = conversations.get(tx, draft.conversation_id)
        channel = talk.channel if talk else "web"
        return 200, _view(call, draft, channel)

    return call.once(work)


@asked(
    "POST", "/drafts/<draft_id>/submit", summary="Gửi ý kiến đã soạn",
    answers={201: bot_answers.BotReceipt}, body=payloads.SubmitBody, idempotent=True,
)  # fmt: skip
def submit_draft(call: Call, draft_id: str) -> Response:
    """Ý kiến được phân loại, chuyển đơn vị; gửi lại thì nhận lại cùng mã và PIN."""
    run = call.run

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        draft = cases.draft(tx, draft_id)
        conversation = conversations.get(tx, draft.conversation_id) if draft else None
        if draft is None or conversation is None:
            raise Problem("not-found", 404)
        received = receive.submit_draft(
            tx, run.services, draft=draft, conversation=conversation, now=call.now
        )
        comments.adopt(tx, conversation, received.case, now=call.now)
        asked = consult_chat.adopt(tx, run.services, conversation, received.case, now=call.now)
        told = say.receipt(run.services, received)
        if asked is not None:
            told["next"] = {"text": asked.text, "buttons": list(asked.buttons)}
        return 201, plain(bot_answers.BotReceipt, told)

    return call.once(work, pin=receive.draft_pin(run.services, draft_id))


@asked("DELETE", "/drafts/<draft_id>", summary="Bỏ ý kiến đang soạn", answers={204: None})
def delete_draft(call: Call, draft_id: str) -> Response:
    """Bỏ rồi bỏ lần nữa cũng được; ý kiến đã gửi thì còn nguyên."""
    if not re.fullmatch(payloads.DRAFT_ID, draft_id):
        raise Problem("not-found", 404)
    with call.run.store.transaction() as tx:
        draft = cases.draft(tx, draft_id)
        if draft is not None and draft.case_id is None:
            cases.delete_draft(tx, draft)
    return Response("", 204)


def _asked_code() -> str | None:
    body = request.get_json(silent=True)
    given = body if isinstance(body, dict) and body.get("pin") else {}
    return next(iter(find_codes(str(given.get("text") or ""))), None)


def _not_found(answer: Response) -> bool:
    found = answer.get_json(silent=True)
    return _asked_code() is not None and isinstance(found, dict) and found.get("found") is False


@asked(
    "POST", "/status", summary="Tra cứu ý kiến của người đang nói",
    answers={200: bot_answers.StatusOf}, body=payloads.StatusBody,
)  # fmt: skip
@pin_tries(_asked_code, wrong=_not_found)
def tell_status(call: Call) -> Response:
    """Theo mã trong câu, hoặc mọi ý kiến của cuộc trò chuyện này. Mã của người khác cần PIN."""
    body: payloads.StatusBody = call.body
    run = call.run
    with run.store.reading() as tx:
        conversation = _conversation(tx, body.sender)
        found = status.for_conversation(
            tx, run.services, conversation=conversation, text=body.text, pin=body.pin,
            now=call.now,
        )  # fmt: skip
    return jsonify(plain(bot_answers.StatusOf, found))


@asked(
    "POST", "/handoff", summary="Gặp cán bộ, bổ sung, rút",
    answers={201: bot_answers.Handed}, body=payloads.TellBody, idempotent=True,
)  # fmt: skip
def handoff(call: Call) -> Response:
    """Lời kể một việc thành ý kiến; lời nhắn suông chỉ gọi cán bộ."""
    body: payloads.TellBody = call.body
    run = call.run

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        if body.reason in ("withdraw", "supplement"):
            conversation = _conversation(tx, body.sender)
            found = citizen.meant(tx, conversation, body.text)
            if found is not None:
                said = conversations.own_message(tx, conversation.id, body.message_id)
                return 201, _about(call, tx, found, body.reason, said)
        code = None
        # A bare "cho gặp cán bộ" is no case yet; words that tell the matter are.
        if body.reason == "unanswered" or len(body.text.split()) > 8:
            code = _submit(call, tx, kind="question").case.code
        takeover.ask(tx, _conversation(tx, body.sender), now=call.now)
        words = run.services.catalog.messages["handoff"].format(
            hours=hours_in_words(run.services.catalog.calendar)
        )
        return 201, plain(bot_answers.Handed, {"code": code, "notice": words})

    return call.once(work)


def _about(
    call: Call, tx: Session, case: Case, reason: str, said: Message | None
) -> dict[str, Any]:
    """Withdraws or supplements a case and says so."""
    run = call.run
    if reason == "supplement":
        citizen.supplement(tx, run.services, case, now=call.now, message=said)
        name = "supplemented"
    else:
        done = citizen.withdraw(tx, run.services, case, now=call.now)
        name = "withdrawn" if done else "withdrawal_noted"
    words = run.services.catalog.messages[name].format(code=case.code)
    return plain(bot_answers.Handed, {"code": case.code, "notice": words})


@asked(
    "POST", "/press", summary="Ghi yêu cầu của báo chí",
    answers={201: bot_answers.Press}, body=payloads.TellBody, idempotent=True,
)  # fmt: skip
def press(call: Call) -> Response:
    """Văn phòng là đầu mối; người phát ngôn trả lời nội dung."""
    run = call.run
    pin = receive.steady_pin(run.services, f"press:{call.key}")

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        received = _submit(call, tx, kind="press_inquiry", pin=pin)
        case = received.case
        told = {
            "code": case.code,
            "pin": received.pin,
            "due": deadline.due_in_words(case.due_at),
            "unit_name": run.services.catalog.units[case.unit].name,
            "notice": texts.PRESS_NOTICE,
        }
        return 201, plain(bot_answers.Press, told)

    return call.once(work, pin=pin)


@asked(
    "POST", "/danger", summary="Báo trẻ em gặp nguy hiểm",
    answers={201: bot_answers.Danger}, body=payloads.TellBody, idempotent=True,
)  # fmt: skip
def danger(call: Call) -> Response:
    """Mở ngay một ý kiến khẩn trong kênh mật; nhắn thêm trong 24 giờ vào cùng ý kiến đó."""
    body: payloads.TellBody = call.body
    run = call.run

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        conversation = _conversation(tx, body.sender)
        words = converse.whole_words(tx, conversation, body.message_id, body.text)
        opened = receive.open_emergency(
            tx, run.services, conversation=conversation, text=words, now=call.now
        )
        case = opened if isinstance(opened, Case) else opened.case
        lines = run.services.catalog.messages["danger"].splitlines()
        return 201, plain(bot_answers.Danger, {"code": case.code, "notice": lines})

    return call.once(work)


def _submit(call: Call, tx: Session, *, kind: str, pin: str | None = None) -> Received:
    run, body = call.run, call.body
    conversation = _conversation(tx, body.sender)
    return receive.submit(
        tx, run.services, channel=conversation.channel, now=call.now,
        text=converse.whole_words(tx, conversation, body.message_id, body.text),
        conversation=conversation, kind=kind, pin=pin,
    )  # fmt: skip
