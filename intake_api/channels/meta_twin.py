"""A simulated Meta: signs and delivers webhooks, takes Send API calls, misbehaves on demand.

In a test, with everything on loopback::

    with MetaTwin(page_token="…", app_secret="…", webhook="http://…/webhooks/messenger") as meta:
        meta.say("2002", "xin chào")
        answer = meta.wait_for("2002")[0].text

By hand: ``python -m intake_api.channels.meta_twin --help``.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from intake_api.channels import meta_events, meta_graph
from intake_api.channels.meta_graph import GraphError, Received
from intake_api.channels.meta_page import Wall
from intake_api.channels.meta_server import Handler
from intake_api.channels.twin_base import Delivery, JsonObject, Mishap, Twin

# The Page's inbox of Business Suite, as far as it is documented; a setting for whoever needs it.
INBOX_APP = 263902037430900


class MetaTwin(Twin[Received]):
    """One Page, its people and its app."""

    handler = Handler

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
        now: Callable[[], datetime] | None = None,
        seed: int | None = None,
    ) -> None:
        self.page_token, self.app_secret, self.verify_token = page_token, app_secret, verify_token
        self.page_id, self.app_id = page_id, app_id
        self.human_agent_approved = human_agent_approved
        self.blocked: set[str] = set()
        self.last_inbound: dict[str, datetime] = {}
        self.actions: list[tuple[str, str]] = []
        self.templates: set[str] = set()
        self.wall = Wall(self)
        self._expired: int | None = None
        self._run = uuid.uuid4().hex[:8]
        super().__init__(webhook=webhook, port=port, echo_sends=echo_sends, now=now, seed=seed)

    @property
    def graph_url(self) -> str:
        """What stands for https://graph.facebook.com/v21.0 in the settings."""
        return f"http://127.0.0.1:{self.port}/v21.0"

    # --- webhooks: what people and the Page do ---------------------------------------------

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

    def edit(self, psid: str, words: str, *, mid: str, number: int = 1) -> Delivery:
        """A person changes the words of a message that they sent."""
        event = meta_events.edit(self.page_id, psid, words, mid=mid, number=number, at=self._ms())
        return self.deliver(event)

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

    def release(self, *, shuffled: bool = True, repeat: float = 0.2, batch: int = 5) -> int:
        """Delivers what waited: out of order, in batches of at most ``batch``, and a share of it
        (``repeat``) once more. Returns how many calls were made."""
        waiting = self._let_go(shuffled=shuffled, repeat=repeat)
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
        """Delivers these very bytes, as every twin does."""
        secret = self.app_secret if signed_with is None else signed_with
        headers = {"X-Hub-Signature-256": meta_events.signature(raw, secret)} if secret else {}
        return self._post(raw, headers, genuine=secret == self.app_secret)

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
        self._go_wrong(Mishap(error=error), times)

    def expire_token(self, *, subcode: int = 463) -> None:
        """The access token ends (463), was revoked (460, 458): every call is refused until
        ``renew_token``."""
        self._expired = subcode

    def renew_token(self, token: str | None = None) -> None:
        """Somebody renewed the token; without ``token`` the old one is good again."""
        self._expired, self.page_token = None, token or self.page_token

    def forget(self) -> None:
        """Drops what was received and what shall go wrong; people keep their windows."""
        super().forget()
        self.actions.clear()

    def take(self, target: str, edge: str, token: str, body: Any) -> JsonObject:
        """One call of the Graph API: POST /{target}/{edge}. Raises GraphError, or Dropped after
        taking it."""
        return self._take_call(lambda: self._admit(target, edge, token, body))

    def _admit(
        self, target: str, edge: str, token: str, body: Any
    ) -> tuple[JsonObject, Received | None]:
        if self._expired is not None:
            raise GraphError(190, "Error validating access token", subcode=self._expired)
        if token != self.page_token:
            raise GraphError(190, "Invalid OAuth access token.")
        return self._route(target, edge, body)

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
            self._keep(received)
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
        return person in self.wall.owners and (
            "message" in event or "postback" in event or "message_edit" in event
        )

    def _note_inbound(self, event: Mapping[str, Any]) -> None:
        """Opens the person's window, as messages, postbacks and reactions do."""
        sender = event.get("sender")
        person = sender.get("id") if isinstance(sender, dict) else None
        opening = "message" in event or "postback" in event or "reaction" in event
        if isinstance(person, str) and person != self.page_id and opening:
            self.last_inbound[person] = self.now()


if __name__ == "__main__":
    from intake_api.channels.meta_command import main

    main()
