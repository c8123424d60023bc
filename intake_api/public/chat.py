"""The chat: one page, and two small JSON views that the page's script talks to."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, render_template, request
from flask_limiter.util import get_remote_address

from intake_api.flow import webchat
from intake_api.limits import limiter
from intake_api.public import blueprint, house

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
    return render_template("public/chat.html")


def _limit_key() -> str:
    """Counts per conversation; a browser without one is counted by its address."""
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


def _said(said: webchat.Said) -> dict[str, Any]:
    return {"messages": [asdict(message) for message in said.messages], "pending": said.pending}


@blueprint.post("/tro-chuyen/tin")
@limiter.limit("30/minute", key_func=_limit_key)
def say() -> tuple[Response, int] | Response:
    """Takes one message. The cookie that names the conversation is made with the first one."""
    try:
        incoming = _incoming()
    except Unsendable as error:
        return jsonify(message=error.words), error.status
    token = house.chat_token() or webchat.new_token()
    response = jsonify(_said(webchat.say(house.services(), token=token, **incoming)))
    house.keep_chat_token(response, token)
    return response


@blueprint.get("/tro-chuyen/tin")
@limiter.limit("120/minute", key_func=_limit_key)
def read() -> Response:
    """What is new in this browser's conversation after the number it knows."""
    after = _number(request.args.get("after", 0, type=int))
    token = house.chat_token()
    if token is None:
        return jsonify(messages=[], pending=False)
    return jsonify(_said(webchat.messages_after(house.services(), token=token, after=after)))
