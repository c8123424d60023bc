"""A simulated Zalo OA: signs and delivers webhooks, takes messages, rotates tokens, misbehaves.

In a test, with everything on loopback::

    with ZaloTwin(oa_secret="…", webhook="http://…/webhooks/zalo") as zalo:
        zalo.say("4004", "xin chào")
        answer = zalo.wait_for("4004")[0].text

By hand: ``python -m intake_api.channels.zalo_twin --help``.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from intake_api.channels import zalo_bodies, zalo_openapi
from intake_api.channels.twin_base import Delivery, JsonObject, Mishap, Twin
from intake_api.channels.zalo import mac
from intake_api.channels.zalo_openapi import OpenApiError, People, Received
from intake_api.channels.zalo_server import Broken, Handler

TOKEN_LIFE = timedelta(hours=25)


class ZaloTwin(Twin[Received]):
    """One OA, its people and its application."""

    handler = Handler

    def __init__(
        self,
        *,
        oa_secret: str,
        app_secret: str = "test-app-secret",  # noqa: S107 - of a simulated platform
        refresh_token: str = "test-refresh-token",  # noqa: S107
        app_id: str = "3003",
        oa_id: str = "6006",
        webhook: str = "",
        port: int = 0,
        extra_quota: int = 0,
        per_minute: int = 0,
        echo_sends: bool = False,
        now: Callable[[], datetime] | None = None,
        seed: int | None = None,
    ) -> None:
        self.oa_secret, self.app_secret = oa_secret, app_secret
        self.app_id, self.oa_id = app_id, oa_id
        self.refresh_token, self.access_token = refresh_token, ""
        self.expires_at = datetime(2000, 1, 1, tzinfo=UTC)
        self.extra_quota, self.per_minute = extra_quota, per_minute
        self.people = People()
        self.files: dict[str, bytes] = {}
        self.renewals = 0
        self._calls: deque[datetime] = deque()
        self._renewals_fail: deque[int] = deque()
        self._run = secrets.token_hex(4)
        super().__init__(webhook=webhook, port=port, echo_sends=echo_sends, now=now, seed=seed)

    @property
    def url(self) -> str:
        """What stands for https://openapi.zalo.me and https://oauth.zaloapp.com."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """The intake's variables for this OA."""
        return {
            "LANGNGHE_ZALO_APP_ID": self.app_id,
            "LANGNGHE_ZALO_APP_SECRET": self.app_secret,
            "LANGNGHE_ZALO_OA_SECRET": self.oa_secret,
            "LANGNGHE_ZALO_REFRESH_TOKEN": self.refresh_token,
            "LANGNGHE_ZALO_API_URL": self.url,
            "LANGNGHE_ZALO_OAUTH_URL": self.url,
        }

    # --- webhooks: what people and the OA's officers do -------------------------------------

    def msg_id(self) -> str:
        """A message id that this server never gives twice."""
        return f"{self._run}{self.number():012x}"

    def text(self, person: str, words: str, *, msg_id: str | None = None) -> JsonObject:
        """An event to hand to ``deliver``."""
        said = zalo_bodies.message(words, msg_id or self.msg_id())
        return self._event("user_send_text", person, message=said)

    def say(self, person: str, words: str, *, msg_id: str | None = None) -> Delivery:
        """A person writes to the OA."""
        return self.deliver(self.text(person, words, msg_id=msg_id))

    def attach(
        self, person: str, url: str, *, kind: str = "image", name: str = "", words: str = ""
    ) -> Delivery:
        """A person sends a file."""
        said = zalo_bodies.message(words, self.msg_id(), [zalo_bodies.attachment(kind, url, name)])
        return self.deliver(self._event(f"user_send_{kind}", person, message=said))

    def hold_file(self, name: str, data: bytes) -> str:
        """Puts a file where the platform keeps files; returns its address."""
        self.files[name] = data
        return f"{self.url}/files/{name}"

    def follow(self, person: str, *, leaves: bool = False) -> Delivery:
        """A person follows the OA, or no longer."""
        (self.people.left.add if leaves else self.people.left.discard)(person)
        event = zalo_bodies.follow(
            app=self.app_id, oa=self.oa_id, person=person, at=self._ms(), leaves=leaves
        )
        return self.deliver(event)

    def press(self, person: str) -> Delivery:
        """A person taps a button: an interaction without words."""
        return self.deliver(self._event("user_click_button", person))

    def answer_in_manager(self, person: str, words: str) -> Delivery:
        """An officer answers in Zalo's own manager: we only hear the echo."""
        return self.deliver(self._oa_said(person, words, self.msg_id()))

    def deliver(self, event: JsonObject, *, times: int = 1) -> Delivery:
        """Delivers an event, once or several times (the last answer is returned)."""
        name, sender = event.get("event_name", ""), event.get("sender")
        if isinstance(sender, Mapping) and str(name).startswith("user_"):
            person = str(sender.get("id"))
            self.people.left.discard(person)
            self.people.interacted(person, self.now())
        raw = zalo_bodies.encode(event)
        if self._held is not None:
            self._held.extend([raw] * times)
            return Delivery(200, "held", raw)
        return [self.post(raw) for _ in range(times)][-1]

    def release(self, *, shuffled: bool = False, repeat: float = 0.0) -> list[Delivery]:
        """Delivers what was held, shuffled if wanted, each once more with this likelihood."""
        return [self.post(raw) for raw in self._let_go(shuffled=shuffled, repeat=repeat)]

    def post(self, raw: bytes, *, signed_with: str | None = None, timestamp: str = "") -> Delivery:
        """Delivers these very bytes, as every twin does. ``timestamp``: another time than the
        body's in header and signature."""
        secret = self.oa_secret if signed_with is None else signed_with
        stamp = timestamp or _stamp(raw)
        headers = {"X-ZEvent-Timestamp": stamp}
        if secret:
            signed = mac(raw, app_id=self.app_id, secret=secret, timestamp=stamp)
            headers["X-ZEvent-Signature"] = f"mac={signed}"
        return self._post(raw, headers, genuine=secret == self.oa_secret)

    # --- open API: what the server takes, and how it misbehaves -----------------------------

    def fail(self, code: int, *, times: int = 1, status: int | None = None) -> None:
        """Answers the next calls with this error, or with this HTTP status and no JSON."""
        error = OpenApiError(code, "Simulated error.") if status is None else Broken(status)
        self._go_wrong(Mishap(error=error), times)

    def expire(self, *, refresh: bool = False) -> None:
        """The access token ends now; ``refresh``: the refresh token as well."""
        self.access_token = ""
        if refresh:
            self.refresh_token = secrets.token_urlsafe(16)

    def fail_renewal(self, status: int = 502, *, times: int = 1) -> None:
        """Answers the next calls of the token service with this HTTP status and no JSON."""
        self._renewals_fail.extend([status] * times)

    def renew(self, secret: str, form: Mapping[str, str]) -> JsonObject:
        """One call of the token service: both tokens rotate, the old refresh token is dead."""
        if self._renewals_fail:
            raise Broken(self._renewals_fail.popleft())
        if secret != self.app_secret or form.get("app_id") != self.app_id:
            return {"error": -14002, "error_name": "Invalid app id or secret key"}
        with self._changed:
            if form.get("refresh_token") != self.refresh_token:
                return {"error": -14014, "error_name": "Invalid refresh token"}
            self.access_token = f"at-{secrets.token_urlsafe(16)}"
            self.refresh_token = f"rt-{secrets.token_urlsafe(16)}"
            self.expires_at = self.now() + TOKEN_LIFE
            self.renewals += 1
            return {
                "access_token": self.access_token,
                "refresh_token": self.refresh_token,
                "expires_in": str(int(TOKEN_LIFE.total_seconds())),
            }

    def take(self, token: str, body: Any) -> JsonObject:
        """One consultation message. Raises OpenApiError or Broken, or Dropped after taking it."""
        return self._take_call(lambda: self._admit(token, body))

    def _admit(self, token: str, body: Any) -> tuple[JsonObject, Received]:
        if not self.access_token or token != self.access_token or self.now() > self.expires_at:
            raise OpenApiError(-216, "Access token is invalid")
        with self._changed:
            self._count_call()
            received = zalo_openapi.read_message(
                body, msg_id=self.msg_id(), now=self.now(), people=self.people,
                extra=self.extra_quota,
            )  # fmt: skip
            if received.quota != "reply":
                self.extra_quota -= 1
            self._keep(received)
            answer = zalo_openapi.answer(received, people=self.people, extra=self.extra_quota)
        return dict(answer), received

    def _echo(self, sent: Received) -> None:
        event = self._oa_said(sent.person, sent.text, sent.msg_id)
        threading.Thread(target=self.deliver, args=(event,), daemon=True).start()

    def _count_call(self) -> None:
        now = self.now()
        while self._calls and now - self._calls[0] > timedelta(minutes=1):
            self._calls.popleft()
        if self.per_minute and len(self._calls) >= self.per_minute:
            raise OpenApiError(-32, "Your application reached limit of requests per minute")
        self._calls.append(now)

    def _event(self, name: str, person: str, **more: Any) -> JsonObject:
        return zalo_bodies.event(
            name, app=self.app_id, oa=self.oa_id, person=person, at=self._ms(), **more
        )

    def _oa_said(self, person: str, words: str, msg_id: str) -> JsonObject:
        return zalo_bodies.oa_said(
            words, app=self.app_id, oa=self.oa_id, person=person, msg_id=msg_id, at=self._ms()
        )


def _stamp(raw: bytes) -> str:
    """The time inside a body that this server has written itself; it stands at the end."""
    return raw.rpartition(b'"timestamp":"')[2].partition(b'"')[0].decode("utf-8", "replace")


if __name__ == "__main__":
    from intake_api.channels.zalo_command import main

    main()
