"""A simulated Meta: signs and delivers webhooks, takes Send API calls, misbehaves on demand.

In a test, with everything on loopback::

    with MetaTwin(page_token="…", app_secret="…", webhook="http://…/webhooks/messenger") as meta:
        meta.say("2002", "xin chào")
        answer = meta.wait_for("2002")[0].text

By hand: ``python -m intake_api.channels.meta_twin --help``.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx

from intake_api.channels import meta_events, meta_graph
from intake_api.channels.meta_events import Delivery, JsonObject
from intake_api.channels.meta_graph import Dropped, GraphError, Mishap, Received
from intake_api.channels.meta_page import Wall
from intake_api.channels.meta_server import serve
from intake_api.channels.twin_http import Server

# The Page's inbox of Business Suite, as far as it is documented; a setting for whoever needs it.
INBOX_APP = 263902037430900


class MetaTwin:
    """One Page, its people and its app. May be used from several threads."""

    def __init__(
        self,
        *,
        page_token: str,
        app_secret: str,
        verify_token: str = "",
        page_id: str = "1001",
        app_id: str = "3003",
        webhook: str = "",
        port: int = 0,
        human_agent_approved: bool = False,
        echo_sends: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seed: int | None = None,
    ) -> None:
        self.page_token, self.app_secret, self.verify_token = page_token, app_secret, verify_token
        self.page_id, self.app_id, self.webhook = page_id, app_id, webhook
        self.human_agent_approved, self.echo_sends = human_agent_approved, echo_sends
        self.now = now
        self.blocked: set[str] = set()
        self.last_inbound: dict[str, datetime] = {}
        self.received: list[Received] = []
        self.actions: list[tuple[str, str]] = []
        self.refused: list[int] = []
        self.undelivered: list[bytes] = []
        self.templates: set[str] = set()
        self.wall = Wall(self)
        self._held: list[tuple[JsonObject, str]] | None = None
        self._expired: int | None = None
        self._mishaps: deque[Mishap] = deque()
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._run = uuid.uuid4().hex[:8]
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
    def graph_url(self) -> str:
        """What stands for https://graph.facebook.com/v21.0 in the settings."""
        return f"http://127.0.0.1:{self.port}/v21.0"

    # --- webhooks: what people and the Page do ---------------------------------------------

    def number(self) -> int:
        """A number that this server never gives twice."""
        return next(self._numbers)

    def mid(self) -> str:
        """A message id that this server never gives twice."""
        return f"m_{self._run}_{self.number()}"

    def text(
        self, psid: str, words: str, *, mid: str | None = None, quick_reply: str | None = None
    ) -> JsonObject:
        """An event to hand to ``deliver``."""
        return meta_events.text(
            self.page_id, psid, words, mid=mid or self.mid(), at=self._ms(), quick_reply=quick_reply
        )

    def attachment(self, psid: str, url: str, *, kind: str = "image") -> JsonObject:
        """An event to hand to ``deliver``."""
        return meta_events.attachment(
            self.page_id, psid, kind=kind, url=url, mid=self.mid(), at=self._ms()
        )

    def postback(self, psid: str, payload: str, title: str) -> JsonObject:
        """An event to hand to ``deliver``."""
        return meta_events.postback(
            self.page_id, psid, title=title, payload=payload, mid=self.mid(), at=self._ms()
        )

    def say(self, psid: str, words: str, **more: Any) -> Delivery:
        """A person writes to the Page, or taps a quick reply."""
        return self.deliver(self.text(psid, words, **more))

    def attach(self, psid: str, url: str, *, kind: str = "image") -> Delivery:
        """A person sends a file."""
        return self.deliver(self.attachment(psid, url, kind=kind))

    def press(self, psid: str, payload: str, title: str) -> Delivery:
        """A person taps a button of the menu."""
        return self.deliver(self.postback(psid, payload, title))

    def answer_in_inbox(self, psid: str, words: str, *, app_id: int = INBOX_APP) -> Delivery:
        """An officer answers in Meta's own inbox: we only hear the echo."""
        event = meta_events.echo(
            self.page_id, psid, words, mid=self.mid(), at=self._ms(), app_id=app_id
        )
        return self.deliver(event)

    def deliver(
        self,
        *events: JsonObject,
        where: str = "messaging",
        entries: bool = False,
        shuffled: bool = False,
        times: int = 1,
    ) -> Delivery:
        """Delivers events in one call: in one entry or an entry each, in order or shuffled,
        once or several times (the last answer is returned)."""
        ordered = list(events)
        for event in ordered:
            self._note_inbound(event)
        if where == "messaging" and self.wall.owners:
            aside = [one for one in ordered if self._held_by_another(one)]
            ordered = [one for one in ordered if one not in aside]
            if aside:
                delivery = self.deliver(*aside, where="standby", entries=entries, times=times)
            if aside and not ordered:
                return delivery
        if self._held is not None:
            self._held += [(one, where) for one in ordered]
            return Delivery(200, "held", b"")
        if shuffled:
            self._random.shuffle(ordered)
        groups: Sequence[Sequence[JsonObject]] = (
            [[one] for one in ordered] if entries else [ordered]
        )
        body = {
            "object": "page",
            "entry": [
                meta_events.entry(self.page_id, group, at=self._ms(), where=where)
                for group in groups
            ],
        }
        raw = meta_events.encode(body)
        return [self.post(raw) for _ in range(times)][-1]

    def hold(self) -> None:
        """From now on webhooks wait for ``release``, as on a platform in trouble."""
        self._held = []

    def release(self, *, shuffled: bool = True, repeat: float = 0.2, batch: int = 5) -> int:
        """Delivers what waited: out of order, in batches of at most ``batch``, and a share of it
        (``repeat``) once more. Returns how many calls were made."""
        waiting, self._held = self._held or [], None
        waiting += [one for one in waiting if self._random.random() < repeat]
        if shuffled:
            self._random.shuffle(waiting)
        calls = 0
        for where in ("messaging", "changes", "standby"):
            events = [event for event, at in waiting if at == where]
            for start in range(0, len(events), batch):
                entries = self._random.random() < 0.5
                self.deliver(*events[start : start + batch], where=where, entries=entries)
                calls += 1
        return calls

    def later(self, event: JsonObject, *, where: str = "messaging") -> None:
        """Delivers an event from another thread, as Meta does while a call still runs."""
        threading.Thread(
            target=self.deliver, args=(event,), kwargs={"where": where}, daemon=True
        ).start()

    def post(self, raw: bytes, *, signed_with: str | None = None) -> Delivery:
        """Delivers these very bytes. ``signed_with`` "" leaves the signature out; any other
        secret than ours forges it. What is not acknowledged is kept for ``redeliver``."""
        secret = self.app_secret if signed_with is None else signed_with
        headers = {"Content-Type": "application/json"}
        if secret:
            headers["X-Hub-Signature-256"] = meta_events.signature(raw, secret)
        try:
            answer = self._client.post(self.webhook, content=raw, headers=headers)
            delivery = Delivery(answer.status_code, answer.text, raw)
        except httpx.TransportError as error:
            delivery = Delivery(0, str(error), raw)
        if not delivery.acknowledged and secret == self.app_secret:
            self.undelivered.append(raw)
        return delivery

    def redeliver(self) -> list[Delivery]:
        """Delivers once more what was not acknowledged, as Meta does for a while."""
        waiting, self.undelivered = self.undelivered, []
        return [self.post(raw) for raw in waiting]

    def subscribe(self) -> bool:
        """Asks the webhook to prove that it knows the verify token."""
        challenge = str(self._random.randrange(10**9, 10**10))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": self.verify_token,
        }
        try:
            answer = self._client.get(self.webhook, params=query)
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and answer.text == challenge

    # --- Send API: what the server takes, and how it misbehaves ----------------------------

    def fail(
        self, code: int, *, times: int = 1, subcode: int | None = None, status: int | None = None
    ) -> None:
        """Answers the next calls with this error."""
        error = GraphError(code, "Simulated error.", subcode=subcode, status=status)
        self._mishaps.extend([Mishap(error=error)] * times)

    def expire_token(self, *, subcode: int = 463) -> None:
        """The access token ends (463), was revoked (460, 458): every call is refused until
        ``renew_token``."""
        self._expired = subcode

    def renew_token(self, token: str | None = None) -> None:
        """Somebody renewed the token; without ``token`` the old one is good again."""
        self._expired, self.page_token = None, token or self.page_token

    def delay(self, seconds: float, *, times: int = 1) -> None:
        """Takes the next calls, but answers them late."""
        self._mishaps.extend([Mishap(delay=seconds)] * times)

    def drop_answer(self, *, times: int = 1) -> None:
        """Takes the next calls and hangs up without an answer."""
        self._mishaps.extend([Mishap(drop_answer=True)] * times)

    def sent_to(self, psid: str) -> list[Received]:
        """What the Page has sent to a person, in order."""
        with self._changed:
            return [one for one in self.received if one.psid == psid]

    def wait_for(self, psid: str, *, count: int = 1, timeout: float = 10.0) -> list[Received]:
        """Waits until the Page has sent so many messages; raises TimeoutError."""

        def enough() -> bool:
            return sum(1 for one in self.received if one.psid == psid) >= count

        with self._changed:
            if not self._changed.wait_for(enough, timeout):
                raise TimeoutError(f"{psid} got fewer than {count} messages in {timeout} s")
            return [one for one in self.received if one.psid == psid]

    def forget(self) -> None:
        """Drops what was received and what shall go wrong; people keep their windows."""
        with self._changed:
            self.received.clear()
            self.actions.clear()
            self.refused.clear()
            self._mishaps.clear()

    def take(self, target: str, edge: str, token: str, body: Any) -> JsonObject:
        """One call of the Graph API: POST /{target}/{edge}. Raises GraphError, or Dropped after
        taking it."""
        mishap = self._mishaps.popleft() if self._mishaps else Mishap()
        try:
            if mishap.error is not None:
                raise mishap.error
            if self._expired is not None:
                raise GraphError(190, "Error validating access token", subcode=self._expired)
            if token != self.page_token:
                raise GraphError(190, "Invalid OAuth access token.")
            answer, received = self._route(target, edge, body)
        except GraphError as error:
            self.refused.append(error.code)
            raise
        if mishap.delay:
            time.sleep(mishap.delay)
        if received is not None and self.echo_sends:
            self._echo(received)
        if mishap.drop_answer:
            raise Dropped
        return answer

    def _route(self, target: str, edge: str, body: Any) -> tuple[JsonObject, Received | None]:
        if edge in ("", "comments"):
            with self._changed:
                do = self.wall.answer if edge else self.wall.change
                answer = do(target, body)
                self._changed.notify_all()
            return answer, None
        if target not in (self.page_id, "me"):
            raise GraphError(100, f"Object with ID '{target}' does not exist", subcode=33)
        if edge in ("pass_thread_control", "take_thread_control"):
            return self.wall.control(edge, body), None
        return self._take(body)

    def _take(self, body: Any) -> tuple[JsonObject, Received | None]:
        if isinstance(body, dict) and "sender_action" in body:
            psid, action = meta_graph.recipient(body), body["sender_action"]
            if action not in meta_graph.ACTIONS or "message" in body:
                raise GraphError(100, "Invalid parameter sender_action")
            with self._changed:
                self.actions.append((psid, action))
                self._changed.notify_all()
            return {"recipient_id": psid}, None
        party = body.get("recipient") if isinstance(body, dict) else None
        comment = None
        if isinstance(party, dict) and {"comment_id", "post_id"} & party.keys():
            comment = self.wall.private_reply(party)
        elif isinstance(party, dict) and isinstance(party.get("id"), str):
            self.wall.check_owner(party["id"])
        received = meta_graph.read_message(
            body,
            mid=self.mid(),
            now=self.now(),
            last_inbound=self.last_inbound,
            blocked=frozenset(self.blocked),
            human_agent_approved=self.human_agent_approved,
            private_to=(self.wall.psid(comment.author), comment.id) if comment else None,
            templates=frozenset(self.templates),
        )
        with self._changed:
            if comment is not None:
                comment.replied = True
            self.received.append(received)
            self._changed.notify_all()
        return {"recipient_id": received.psid, "message_id": received.mid}, received

    def _echo(self, sent: Received) -> None:
        event = meta_events.echo(
            self.page_id, sent.psid, sent.text, mid=sent.mid, at=self._ms(),
            app_id=int(self.app_id), metadata=sent.metadata,
        )  # fmt: skip
        self.later(event)

    def _held_by_another(self, event: Mapping[str, Any]) -> bool:
        sender = event.get("sender")
        person = sender.get("id") if isinstance(sender, dict) else None
        return person in self.wall.owners and ("message" in event or "postback" in event)

    def _note_inbound(self, event: Mapping[str, Any]) -> None:
        """Opens the person's window, as messages, postbacks and reactions do."""
        sender = event.get("sender")
        person = sender.get("id") if isinstance(sender, dict) else None
        opening = "message" in event or "postback" in event or "reaction" in event
        if isinstance(person, str) and person != self.page_id and opening:
            self.last_inbound[person] = self.now()

    def _ms(self) -> int:
        return int(self.now().timestamp() * 1000)


if __name__ == "__main__":
    from intake_api.channels.meta_command import main

    main()
