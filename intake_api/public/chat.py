"""The chat: one page, and two small JSON views that the page's script talks to."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, render_template, request
from flask_limiter.util import get_remote_address

from intake_api.flow import files, webchat
from intake_api.limits import limiter
from intake_api.public import blueprint, house, live

MAX_TEXT = 5000
MAX_PAYLOAD = 500
MAX_NUMBER = 2**31 - 1
# No database holds NUL or half a surrogate pair, and nobody types them.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

EMPTY = "Tin nhắn chưa có nội dung."
TOO_LONG = "Tin nhắn dài quá 5.000 ký tự. Anh/chị chia thành vài tin, hoặc dùng biểu mẫu góp ý."
UNREADABLE = "Máy chủ không đọc được tin nhắn vừa gửi. Anh/chị tải lại trang rồi gửi lại."


class Unsendable(ValueError):
    """What the browser sent is no message; ``status`` and the words to say so."""

    def __init__(self, words: str, status: int = 400) -> None:
        self.words, self.status = words, status
        super().__init__(words)


@blueprint.get("/tro-chuyen")
def chat() -> str:
    kept = house.kept_token()
    return render_template(
        "public/chat.html", token=house.sealed_token(kept), kept=bool(kept), framed=False
    )


def _limit_key() -> str:
    """Counts per conversation; without one it is the address that counts."""
    return house.chat_token() or get_remote_address()


def _number(given: int) -> int:
    """A message's number, whatever a script sends instead."""
    return min(max(given, 0), MAX_NUMBER)


def _incoming() -> dict[str, Any]:
    """The message in the request. Raises Unsendable."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("text"), str):
        raise Unsendable(UNREADABLE)
    text = UNSTORABLE.sub("", body["text"]).strip()
    if not text:
        raise Unsendable(EMPTY)
    if len(text) > MAX_TEXT:
        raise Unsendable(TOO_LONG, 413)
    payload = body.get("payload")
    if payload is not None and (not isinstance(payload, str) or len(payload) > MAX_PAYLOAD):
        raise Unsendable(UNREADABLE)
    try:
        client_id = str(uuid.UUID(str(body.get("client_id"))))
        after = _number(int(body.get("after") or 0))
    except (TypeError, ValueError, OverflowError) as error:
        raise Unsendable(UNREADABLE) from error
    return {"text": text, "payload": payload or None, "client_id": client_id, "after": after}


def said(found: webchat.Said) -> dict[str, Any]:
    """What the page's script is told."""
    return {"messages": [asdict(message) for message in found.messages], "pending": found.pending}


def _refused(error: Unsendable) -> tuple[Response, int]:
    return jsonify(message=error.words), error.status


def _token() -> str:
    """The conversation of this request. Raises Unsendable: a page of another site cannot send
    the header, and one that has been open since the key changed has to be loaded again."""
    token = house.chat_token()
    if token is None:
        raise Unsendable(UNREADABLE)
    return token


# A token costs nothing, so what one address may send has a bound of its own; a whole school
# sits behind one address.
@blueprint.post("/tro-chuyen/tin")
@limiter.limit("600/minute")
@limiter.limit("30/minute", key_func=_limit_key)
def say() -> tuple[Response, int] | Response:
    """Takes one message and answers with what is new."""
    try:
        token, incoming = _token(), _incoming()
    except Unsendable as error:
        return _refused(error)
    return jsonify(said(webchat.say(house.services(), token=token, **incoming)))


@blueprint.post("/tro-chuyen/tep")
@limiter.limit("60/minute")
@limiter.limit("10/minute", key_func=_limit_key)
def send_files() -> tuple[Response, int] | Response:
    """Takes up to five files, as one message without words."""
    try:
        token, kept = _token(), _files()
        client_id = str(uuid.UUID(request.form.get("client_id", "")))
        after = _number(int(request.form.get("after", "0")))
    except Unsendable as error:
        return _refused(error)
    except (ValueError, OverflowError):
        return _refused(Unsendable(UNREADABLE))
    found = webchat.say(
        house.services(), token=token, text="", client_id=client_id, after=after, files=kept
    )
    return jsonify(said(found))


def _files() -> tuple[files.Kept, ...]:
    """What was attached, looked into. Raises Unsendable."""
    sent = [one for one in request.files.getlist("tep") if one.filename]
    if not sent:
        raise Unsendable("Chưa có tệp nào được chọn.")
    if len(sent) > files.MAX_FILES:
        raise Unsendable(f"Chọn tối đa {files.MAX_FILES} tệp mỗi lần.", 413)
    kept = []
    for one in sent:
        name = one.filename or "tep"
        try:
            kept.append(
                files.inspect(name, one.stream.read(files.MAX_FILE + 1), house.services().scanner)
            )
        except files.FileRefused as refused:
            raise Unsendable(f"“{name[:60]}”: {refused.reason_vi}", 422) from refused
    return tuple(kept)


@blueprint.get("/tro-chuyen/tin")
@limiter.limit("120/minute", key_func=_limit_key)
def read() -> Response:
    """What is new in this conversation after the number that the page knows: as JSON, or as an
    event stream for whoever asks for one."""
    after = _number(request.args.get("after", 0, type=int))
    token = house.chat_token()
    if request.accept_mimetypes.best_match(("application/json", live.STREAM)) == live.STREAM:
        return live.stream(token, _number(request.headers.get("Last-Event-ID", after, type=int)))
    if token is None:
        return jsonify(messages=[], pending=False)
    return jsonify(said(webchat.messages_after(house.services(), token=token, after=after)))


def _framed() -> bool:
    return request.args.get("khung") == "1"


@blueprint.post("/tro-chuyen/nho")
def remember() -> tuple[Response, int]:
    """The person agrees that this browser keeps the conversation for 90 days."""
    token = house.chat_token()
    response = jsonify(kept=token is not None)
    if token is not None:
        house.keep_chat_token(response, token, framed=_framed())
    return response, 200 if token else 400


@blueprint.get("/tro-chuyen/nho")
def remembered() -> Response:
    """Whether the browser really kept it: some drop such cookies without a word."""
    token = house.kept_token(framed=_framed())
    return jsonify(kept=token is not None and token == house.chat_token())


@blueprint.post("/tro-chuyen/quen")
def forget() -> Response:
    """The browser forgets the conversation; the conversation itself stays with the Sở."""
    response = jsonify(kept=False)
    if request.headers.get(house.TOKEN_HEADER) is not None:
        house.forget_chat_token(response, framed=_framed())
    return response
