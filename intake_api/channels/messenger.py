"""Messenger: proof that a call comes from Meta, and the way out through the Send API.

Reading of webhook bodies stands in ``messenger_events``, Meta's error codes in
``messenger_errors``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any, Literal

import httpx

from intake_api.channels.base import (
    GiveUp,
    MemoryPartLog,
    NotSent,
    Outgoing,
    PartLog,
    Retry,
    Sent,
    Unknown,
    in_parts,
)
from intake_api.channels.failing import SOON
from intake_api.channels.messenger_errors import PLATFORM, refusal
from intake_api.channels.messenger_events import OURS, parse
from intake_api.domain.rendering import short_titles, split, with_source

__all__ = ["MessengerAdapter", "parse", "signature_ok", "verify_subscription"]

MAX_TEXT = 2000
MAX_QUICK_REPLIES = 13
MAX_TITLE = 20
MAX_PAYLOAD = 1000
CHOOSE = "Mời anh/chị chọn:"
MAX_COMMENT = 8000
# It becomes part of an address.
_COMMENT = re.compile(r"[0-9A-Za-z_.:-]{1,150}")

Action = Literal["mark_seen", "typing_on", "typing_off"]


def verify_subscription(args: Mapping[str, str], verify_token: str) -> str | None:
    """The challenge to answer when Meta proves that it knows our token, else None."""
    challenge = args.get("hub.challenge", "")
    given = args.get("hub.verify_token", "")
    if not verify_token or not challenge or args.get("hub.mode") != "subscribe":
        return None
    same = hmac.compare_digest(_bytes(given), _bytes(verify_token))
    return challenge if same else None


def signature_ok(raw: bytes, header: str | None, secret: str) -> bool:
    """True when ``X-Hub-Signature-256`` is the HMAC of exactly these bytes.

    Without a secret nothing is ever right. The old SHA-1 header is not looked at.
    """
    if not secret or not header:
        return False
    right = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(_bytes(header), right.encode())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class MessengerAdapter:
    """Sends through the Graph API of one Page. May be shared between threads.

    ``parts`` remembers parts of long messages that were taken; hand in a lasting one so that a
    restart between two parts does not repeat the first. The token travels in a header, for
    addresses end up in log files.
    """

    def __init__(
        self,
        *,
        page_id: str,
        page_token: str,
        graph_url: str,
        app_secret: str = "",
        inbox_app: str = "",
        parts: PartLog | None = None,
        client: httpx.Client | None = None,
        timeout: float = 10.0,
    ) -> None:
        if not page_id or not page_token:
            raise ValueError("Messenger needs the Page's id and its access token")
        self._graph = graph_url.rstrip("/")
        self._page = f"{self._graph}/{page_id}"
        self._url = f"{self._page}/messages"
        self._inbox_app = inbox_app
        self._headers = {"Authorization": f"Bearer {page_token}"}
        self._params: dict[str, str] = {}
        if app_secret:
            # Pages may demand this proof that the caller also holds the app's secret.
            proof = hmac.new(app_secret.encode(), page_token.encode(), hashlib.sha256)
            self._params["appsecret_proof"] = proof.hexdigest()
        self._parts = parts if parts is not None else MemoryPartLog()
        self._client = client or httpx.Client()
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 5.0))

    def send(self, outgoing: Outgoing) -> Sent:
        """Sends one message, long ones in parts. Raises Retry, Hold, GiveUp or Unknown."""
        if outgoing.mode in ("public_reply", "hide"):
            return self._in_public(outgoing)
        if outgoing.mode in ("pass_thread", "take_thread"):
            return self._change_hands(outgoing)
        messages = [template(outgoing)] if outgoing.mode == "utility" else render(outgoing)
        if outgoing.mode == "private_reply" and len(messages) > 1:
            raise GiveUp("trả lời riêng một bình luận chỉ được một tin, tối đa 2.000 ký tự")
        person: str | None = None

        def call(message: dict[str, Any], key: str) -> str:
            nonlocal person
            if key:
                message["metadata"] = f"{OURS}{key}"
            taken, person = self._call(_body(outgoing, message))
            return taken

        remote_id = in_parts(self._parts, outgoing, messages, call)
        return Sent(remote_id=remote_id or None, person=person)

    def _in_public(self, outgoing: Outgoing) -> Sent:
        """Answers below a comment, or takes it out of sight."""
        if not _COMMENT.fullmatch(outgoing.recipient):
            raise GiveUp("mã bình luận không đúng")
        where = f"{self._graph}/{outgoing.recipient}"
        if outgoing.mode == "hide":
            self._post({"is_hidden": True}, where)
            return Sent(remote_id=None)
        text = with_source(outgoing.text, outgoing.source)
        if not text:
            raise GiveUp("tin không có nội dung")
        answer = self._post({"message": text[:MAX_COMMENT]}, f"{where}/comments")
        remote_id = answer.get("id")
        return Sent(remote_id=remote_id[:200] if isinstance(remote_id, str) else None)

    def _change_hands(self, outgoing: Outgoing) -> Sent:
        """Passes a conversation to the Page's own inbox, or takes it back from whoever has it."""
        body: dict[str, Any] = {"recipient": {"id": outgoing.recipient}}
        if outgoing.mode == "pass_thread":
            if not self._inbox_app:
                raise GiveUp("chưa khai báo ứng dụng hộp thư của Trang")
            body["target_app_id"] = int(self._inbox_app)
        try:
            self._post(body, f"{self._page}/{outgoing.mode}_control")
        except Unknown as error:
            # Asking twice changes nothing.
            raise Retry(SOON, error.reason) from None
        return Sent(remote_id=None)

    def act(self, recipient: str, action: Action) -> bool:
        """Shows "seen" or "is typing" to the person. A courtesy: says whether it worked."""
        try:
            self._post({"recipient": {"id": recipient}, "sender_action": action.upper()})
        except NotSent:
            return False
        return True

    def close(self) -> None:
        """Closes the connections to the platform."""
        self._client.close()

    def _call(self, body: dict[str, Any]) -> tuple[str, str | None]:
        answer = self._post(body)
        remote_id, person = answer.get("message_id"), answer.get("recipient_id")
        return (
            remote_id[:200] if isinstance(remote_id, str) else "",
            person if isinstance(person, str) and 0 < len(person) <= 150 else None,
        )

    def _post(self, body: dict[str, Any], url: str = "") -> dict[str, Any]:
        try:
            response = self._client.post(
                url or self._url,
                json=body,
                headers=self._headers,
                params=self._params,
                timeout=self._timeout,
                follow_redirects=False,
            )
        except httpx.RequestError as error:
            # Without the cause: its text may hold the address, and its request the content.
            raise PLATFORM.failure(error) from None
        if not response.is_success:
            raise refusal(response)
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise Unknown("Messenger trả lời không đọc được")
        if "error" in answer:
            raise refusal(response)
        return answer


def render(outgoing: Outgoing) -> list[dict[str, Any]]:
    """The Send API's message objects of one message: its parts, choices below the last one."""
    buttons = [
        button
        for button in outgoing.buttons
        if button.title.strip() and 0 < len(button.payload) <= MAX_PAYLOAD
    ][:MAX_QUICK_REPLIES]
    text = with_source(outgoing.text, outgoing.source)
    parts = split(text, MAX_TEXT) or ([CHOOSE] if buttons else [])
    if not parts:
        raise GiveUp("tin không có nội dung")
    messages: list[dict[str, Any]] = [{"text": part} for part in parts]
    if buttons:
        messages[-1]["quick_replies"] = [
            {"content_type": "text", "title": title, "payload": button.payload}
            for button, title in zip(buttons, short_titles(buttons, MAX_TITLE), strict=True)
        ]
    return messages


def template(outgoing: Outgoing) -> dict[str, Any]:
    """The approved template, filled in (interfaces 5.6; the exact call was not seen, so it stays
    behind its setting)."""
    name, *given = outgoing.template
    filled = [{"type": "text", "text": one} for one in given]
    body = {"type": "BODY", "parameters": filled}
    return {"template": {"name": name, "language": {"code": "vi"}, "components": [body]}}


def _body(outgoing: Outgoing, message: dict[str, Any]) -> dict[str, Any]:
    if outgoing.mode == "private_reply":
        whom = "post_id" if outgoing.is_post else "comment_id"
        return {"recipient": {whom: outgoing.recipient}, "message": message}
    body: dict[str, Any] = {"recipient": {"id": outgoing.recipient}}
    if outgoing.mode == "utility":
        body["messaging_type"] = "UTILITY"
    elif outgoing.mode == "human_agent":
        body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    else:
        body["messaging_type"] = "RESPONSE"
    return body | {"message": message}
