"""Zalo OA: proof that a call comes from Zalo, and the way out through its open API.

Interfaces 5.7. Reading of webhook bodies stands in ``zalo_events``, error codes in
``zalo_errors``, the access token in ``zalo_token``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx

from intake_api.channels.base import (
    GiveUp,
    MemoryPartLog,
    Outgoing,
    PartLog,
    Sent,
    Unknown,
    in_parts,
)
from intake_api.channels.zalo_errors import PLATFORM, TOKEN, no_answer, refusal
from intake_api.channels.zalo_token import Tokens
from intake_api.domain.rendering import split, with_choices, with_source

MAX_TEXT = 2000


def signature_ok(
    raw: bytes, header: str | None, *, app_id: str, secret: str, timestamp: str
) -> bool:
    """True when ``X-ZEvent-Signature`` is ``mac=`` and the plain SHA-256 of app id, exactly these
    bytes, the body's time and the OA's secret key. It is no HMAC, whatever others say."""
    if not secret or not app_id or not header:
        return False
    return hmac.compare_digest(
        header.encode("utf-8", "surrogatepass"),
        f"mac={mac(raw, app_id=app_id, secret=secret, timestamp=timestamp)}".encode(),
    )


def mac(raw: bytes, *, app_id: str, secret: str, timestamp: str) -> str:
    """The hexadecimal digest that Zalo sends along."""
    return hashlib.sha256(
        app_id.encode() + raw + timestamp.encode("utf-8", "surrogatepass") + secret.encode()
    ).hexdigest()


class ZaloAdapter:
    """Sends consultation messages of one OA. May be shared between threads.

    ``parts`` remembers parts of long messages that were taken, as with Messenger.
    """

    def __init__(
        self,
        *,
        api_url: str,
        tokens: Tokens,
        parts: PartLog | None = None,
        client: httpx.Client | None = None,
        timeout: float = 10.0,
    ) -> None:
        self._url = f"{api_url.rstrip('/')}/v3.0/oa/message/cs"
        self._tokens = tokens
        self._parts = parts if parts is not None else MemoryPartLog()
        self._client = client or httpx.Client()
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 5.0))

    def send(self, outgoing: Outgoing) -> Sent:
        """Sends one message, long ones in parts. Raises Retry, Hold, GiveUp or Unknown."""

        def call(text: str, _key: str) -> str:
            return self._call(
                {"recipient": {"user_id": outgoing.recipient}, "message": {"text": text}}
            )

        remote_id = in_parts(self._parts, outgoing, render(outgoing), call)
        return Sent(remote_id=remote_id or None)

    def keep_fresh(self) -> None:
        """Renews the token when it is about to end, though nobody writes: a refresh token that
        lies unused for three months is dead. Raises Retry."""
        self._tokens.access()

    def close(self) -> None:
        """Closes the connections to the platform."""
        self._client.close()

    def _call(self, body: dict[str, Any]) -> str:
        token = self._tokens.access()
        answer = self._post(body, token)
        if answer.get("error") in TOKEN:
            answer = self._post(body, self._tokens.renew(token))
        code = answer.get("error")
        if not isinstance(code, int) or isinstance(code, bool):
            raise Unknown("Zalo trả lời không đọc được")
        if code != 0:
            raise refusal(code)
        data = answer.get("data")
        remote_id = data.get("message_id") if isinstance(data, dict) else None
        return remote_id[:200] if isinstance(remote_id, str) else ""

    def _post(self, body: dict[str, Any], token: str) -> dict[str, Any]:
        try:
            response = self._client.post(
                self._url,
                json=body,
                headers={"access_token": token},
                timeout=self._timeout,
                follow_redirects=False,
            )
        except httpx.RequestError as error:
            # Without the cause: its request holds the content.
            raise PLATFORM.failure(error) from None
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or "error" not in answer:
            raise no_answer(response)
        return answer


def render(outgoing: Outgoing) -> list[str]:
    """The parts of one message. Consultation messages have no buttons: choices are numbered
    lines, and whoever stores the answer knows what a number stands for."""
    text = with_choices(with_source(outgoing.text, outgoing.source), outgoing.buttons)
    parts = split(text, MAX_TEXT)
    if not parts:
        raise GiveUp("tin không có nội dung")
    return parts
