"""A simulated Zalo OA: signs and delivers webhooks, takes messages, rotates tokens, misbehaves.

In a test, with everything on loopback::

    with ZaloTwin(oa_secret="…", webhook="http://…/webhooks/zalo") as zalo:
        zalo.say("4004", "xin chào")
        answer = zalo.wait_for("4004")[0].text

By hand: ``python -m intake_api.channels.zalo_twin --help``.
"""

from __future__ import annotations

import itertools
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx

from intake_api.channels import zalo_bodies, zalo_openapi
from intake_api.channels.twin_http import Server
from intake_api.channels.zalo import mac
from intake_api.channels.zalo_bodies import JsonObject
from intake_api.channels.zalo_openapi import OpenApiError, People, Received
from intake_api.channels.zalo_server import Broken, Dropped, serve

TOKEN_LIFE = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the webhook answered; ``status`` 0: not at all. ``seconds``: how long it took."""

    status: int
    raw: bytes
    seconds: float = 0.0

    @property
    def acknowledged(self) -> bool:
        return self.status == 200


@dataclass(frozen=True, slots=True)
class Mishap:
    """What goes wrong with one call of the open API."""

    code: int = 0
    status: int | None = None
    delay: float = 0.0
    drop_answer: bool = False


class ZaloTwin:
    """One OA, its people and its application. May be used from several threads."""

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
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seed: int | None = None,
    ) -> None:
        self.oa_secret, self.app_secret = oa_secret, app_secret
        self.app_id, self.oa_id, self.webhook = app_id, oa_id, webhook
        self.refresh_token, self.access_token = refresh_token, ""
        self.expires_at = datetime(2000, 1, 1, tzinfo=UTC)
        self.extra_quota, self.per_minute, self.echo_sends = extra_quota, per_minute, echo_sends
        self.now = now
        self.people = People()
        self.files: dict[str, bytes] = {}
        self.received: list[Received] = []
        self.refused: list[int] = []
        self.renewals = 0
        self.undelivered: list[bytes] = []
        self._held: list[bytes] | None = None
        self._calls: deque[datetime] = deque()
        self._mishaps: deque[Mishap] = deque()
        self._renewals_fail: deque[int] = deque()
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._run = secrets.token_hex(4)
        self._random = random.Random(seed)  # noqa: S311  # shuffles, keeps no secret
        self._client = httpx.Client(timeout=30.0, trust_env=False)
        self._server: Server = serve(self, port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops the server."""
        self._server.stop()
        self._client.close()

    @property
    def port(self) -> int:
        return self._server.port

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
        return f"{self._run}{next(self._numbers):012x}"

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

    def submit_info(self, person: str, **info: str) -> Delivery:
        """A person fills in Zalo's own contact form."""
        return self.deliver(self._event("user_submit_info", person, info=info))

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
            return Delivery(200, raw)
        return [self.post(raw) for _ in range(times)][-1]

    def hold(self) -> None:
        """Keeps what would be delivered until ``release``: a platform in trouble."""
        self._held = self._held or []

    def release(self, *, shuffled: bool = False, repeat: float = 0.0) -> list[Delivery]:
        """Delivers what was held, shuffled if wanted, each once more with this likelihood."""
        waiting, self._held = self._held or [], None
        waiting += [raw for raw in waiting if self._random.random() < repeat]
        if shuffled:
            self._random.shuffle(waiting)
        return [self.post(raw) for raw in waiting]

    def post(self, raw: bytes, *, signed_with: str | None = None, timestamp: str = "") -> Delivery:
        """Delivers these very bytes. ``signed_with`` "" leaves the signature out; any other
        secret than ours forges it. What is not acknowledged is kept for ``redeliver``."""
        secret = self.oa_secret if signed_with is None else signed_with
        stamp = timestamp or _stamp(raw)
        headers = {"Content-Type": "application/json", "X-ZEvent-Timestamp": stamp}
        if secret:
            signed = mac(raw, app_id=self.app_id, secret=secret, timestamp=stamp)
            headers["X-ZEvent-Signature"] = f"mac={signed}"
        started = time.perf_counter()
        try:
            answer = self._client.post(self.webhook, content=raw, headers=headers)
            status = answer.status_code
        except httpx.TransportError:
            status = 0
        delivery = Delivery(status, raw, time.perf_counter() - started)
        if not delivery.acknowledged and secret == self.oa_secret:
            self.undelivered.append(raw)
        return delivery

    def redeliver(self) -> list[Delivery]:
        """Delivers once more what was not acknowledged."""
        waiting, self.undelivered = self.undelivered, []
        return [self.post(raw) for raw in waiting]

    # --- open API: what the server takes, and how it misbehaves -----------------------------

    def fail(self, code: int, *, times: int = 1, status: int | None = None) -> None:
        """Answers the next calls with this error, or with this HTTP status and no JSON."""
        self._mishaps.extend([Mishap(code=code, status=status)] * times)

    def delay(self, seconds: float, *, times: int = 1) -> None:
        """Takes the next calls, but answers them late."""
        self._mishaps.extend([Mishap(delay=seconds)] * times)

    def drop_answer(self, *, times: int = 1) -> None:
        """Takes the next calls and hangs up without an answer."""
        self._mishaps.extend([Mishap(drop_answer=True)] * times)

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
        try:
            mishap = self._mishap()
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
                self.received.append(received)
                self._changed.notify_all()
        except OpenApiError as error:
            self.refused.append(error.code)
            raise
        if mishap.delay:
            time.sleep(mishap.delay)
        if self.echo_sends:
            event = self._oa_said(received.person, received.text, received.msg_id)
            threading.Thread(target=self.deliver, args=(event,), daemon=True).start()
        if mishap.drop_answer:
            raise Dropped
        return dict(zalo_openapi.answer(received, people=self.people, extra=self.extra_quota))

    def sent_to(self, person: str) -> list[Received]:
        """What the OA has sent to a person, in order."""
        with self._changed:
            return [one for one in self.received if one.person == person]

    def wait_for(self, person: str, *, count: int = 1, timeout: float = 10.0) -> list[Received]:
        """Waits until the OA has sent so many messages; raises TimeoutError."""

        def enough() -> bool:
            return sum(1 for one in self.received if one.person == person) >= count

        with self._changed:
            if not self._changed.wait_for(enough, timeout):
                raise TimeoutError(f"{person} got fewer than {count} messages in {timeout} s")
            return [one for one in self.received if one.person == person]

    def forget(self) -> None:
        """Drops what was received and what shall go wrong; people keep their windows."""
        with self._changed:
            self.received.clear()
            self.refused.clear()
            self._mishaps.clear()

    def _mishap(self) -> Mishap:
        mishap = self._mishaps.popleft() if self._mishaps else Mishap()
        if mishap.status is not None:
            raise Broken(mishap.status)
        if mishap.code:
            raise OpenApiError(mishap.code, "Simulated error.")
        return mishap

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

    def _ms(self) -> int:
        return int(self.now().timestamp() * 1000)


def _stamp(raw: bytes) -> str:
    """The time inside a body that this server has written itself; it stands at the end."""
    return raw.rpartition(b'"timestamp":"')[2].partition(b'"')[0].decode("utf-8", "replace")


if __name__ == "__main__":
    from intake_api.channels.zalo_command import main

    main()
