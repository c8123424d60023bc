"""kill -9 at every step of sending: nothing twice, nothing lost, what is not known is said so.

The sender is a process of its own that ends itself with SIGKILL before or after its n-th commit or
call to the platform, for every n until it gets through. The platform is the simulated one.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake_api.channels import meta_events, zalo_bodies, zalo_events
from intake_api.channels.messenger import MessengerAdapter, parse
from intake_api.channels.meta_twin import MetaTwin
from intake_api.channels.zalo import ZaloAdapter
from intake_api.channels.zalo_token import Tokens
from intake_api.channels.zalo_twin import ZaloTwin
from intake_api.domain.rendering import split
from intake_api.flow import converse, resend
from intake_api.flow.services import Services
from intake_api.jobs.deliver import deliver
from intake_api.jobs.kept import KeptParts, KeptTokens
from intake_api.store import Store, conversations, outbox
from tests import builders
from tests.builders import NOW, MovingClock

LONG = " ".join(["phần dài của câu trả lời"] * 130)  # two parts on either platform
LAST_STEP = 22
TEXTS = [LONG, "tin cuối"]


class Steps:
    """Counts steps; the n-th one is the last thing that this process does."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def __call__(self) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, store: Store, adapter: Any) -> None:
        plain, post = store.transaction, adapter._client.post

        @contextmanager
        def transaction() -> Iterator[Any]:
            self()
            with plain() as tx:
                yield tx
            self()

        def call(*args: Any, **given: Any) -> Any:
            self()
            answer = post(*args, **given)
            self()
            return answer

        store.transaction = transaction  # type: ignore[method-assign]
        adapter._client.post = call


class Channel:
    """One person on one simulated platform."""

    def __init__(self, folder: Path, make_adapter: Callable[[Services], Any], name: str) -> None:
        self.folder, self.make_adapter, self.name = folder, make_adapter, name
        self.clock = MovingClock()
        store = builders.make_store(folder)
        with store.transaction() as tx:
            talk = builders.make_conversation(tx, channel=name, external_id="person")
            talk.last_inbound_at = NOW
            for text in TEXTS:
                conversations.add_outbound(tx, talk, text=text, payload=None, author="bot", now=NOW)
            self.talk = talk.id
        store.close()

    @contextmanager
    def process(self) -> Iterator[tuple[Services, Any]]:
        """What a fresh process has: its own store and adapter."""
        store = Store(f"sqlite:///{self.folder / 'langnghe.db'}", keys=[builders.SEALING_KEY])
        services = builders.make_services(store, clock=self.clock)
        adapter = self.make_adapter(services)
        yield services, adapter
        adapter.close()
        store.close()

    def send(self, steps: Steps | None = None) -> None:
        with self.process() as (services, adapter):
            if steps is not None:
                steps.watch(services.store, adapter)
            deliver(services, {self.name: adapter}, self.talk)

    def send_and_die(self, last: int) -> bool:
        """True when the process got through before its time."""
        child = os.fork()
        if child == 0:
            try:
                self.send(Steps(last))
                os._exit(0)
            finally:
                os._exit(9)
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return not os.WIFSIGNALED(status)

    def states(self) -> list[str]:
        with self.process() as (services, _), services.store.reading() as tx:
            found = conversations.messages(tx, self.talk)
            rows = outbox.of_messages(tx, [one.id for one in found])
            return [rows[one.id].state for one in found if one.id in rows]

    def hears(self, events: Any) -> None:
        with self.process() as (services, _), services.store.transaction() as tx:
            converse.store_events(
                tx, services, channel=self.name, events=events, now=self.clock.now()
            )

    def sends_again_by_hand(self) -> None:
        with self.process() as (services, adapter):
            staff = builders.make_staff(services.store, username="vanphong", role="coordinator")
            with services.store.transaction() as tx:
                for row, _message in outbox.unsent(tx):
                    resend.again(tx, row, staff=staff, now=self.clock.now())
            deliver(services, {self.name: adapter}, self.talk)


def check(got: list[str], states: list[str]) -> None:
    """Nothing twice, in order; what is "sent" has arrived, what has not is not called so."""
    assert len(got) == len(set(got)), "something was sent twice"
    arrived = " ".join(got)
    for text, state in zip(TEXTS, states, strict=True):
        assert state in ("sent", "unknown")
        if state == "sent":
            assert text in arrived
    places = [arrived.find(text[:12]) for text in TEXTS if text[:12] in arrived]
    assert places == sorted(places)


# A fork beside the platform's threads: the child runs nothing of theirs.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def meta() -> Iterator[MetaTwin]:
    with MetaTwin(page_token="t", app_secret="s", now=lambda: NOW) as made:
        made.last_inbound["person"] = NOW
        yield made


@pytest.mark.parametrize("last", range(1, LAST_STEP + 1))
def test_messenger(tmp_path: Path, meta: MetaTwin, last: int) -> None:
    def adapter(services: Services) -> MessengerAdapter:
        parts = KeptParts(services.store, services.now)
        return MessengerAdapter(
            page_id="1001", page_token="t", graph_url=meta.graph_url, parts=parts
        )

    one = Channel(tmp_path, adapter, "messenger")
    one.send_and_die(last)
    one.clock.at += outbox.LEASE + timedelta(seconds=1)
    one.send()
    check([m.text for m in meta.sent_to("person")], one.states())
    # The echoes tell what arrived; an officer sends the rest again.
    at = int(NOW.timestamp() * 1000)
    echoes = [
        meta_events.echo(
            "1001", "person", m.text, mid=m.mid, at=at, app_id=3003, metadata=m.metadata
        )
        for m in meta.sent_to("person")
    ]
    one.hears(parse(meta_events.body("1001", echoes, at=at), now=NOW, app_id="3003"))
    check([m.text for m in meta.sent_to("person")], one.states())
    one.sends_again_by_hand()
    assert one.states() == ["sent"] * 2
    expected = [*split(LONG, 2000), TEXTS[1]]
    assert sorted(m.text for m in meta.sent_to("person")) == sorted(expected)


def test_the_steps_above_are_all_there_are(tmp_path: Path, meta: MetaTwin) -> None:
    one = Channel(tmp_path, lambda services: MessengerAdapter(
        page_id="1001", page_token="t", graph_url=meta.graph_url,
        parts=KeptParts(services.store, services.now),
    ), "messenger")  # fmt: skip
    assert one.send_and_die(LAST_STEP + 1)


# The renewal of the token and the first part; what follows is the same code as above.
@pytest.mark.parametrize("last", range(1, 17))
def test_zalo(tmp_path: Path, last: int) -> None:
    with ZaloTwin(oa_secret="s", now=lambda: NOW) as zalo:
        first = zalo.refresh_token
        zalo.people.interacted("person", NOW)

        def adapter(services: Services) -> ZaloAdapter:
            store, now = services.store, services.now
            tokens = Tokens(
                KeptTokens(store, now, channel="zalo", first=first, secret=b"s"),
                oauth_url=zalo.url, app_id=zalo.app_id, app_secret=zalo.app_secret, now=zalo.now,
            )  # fmt: skip
            return ZaloAdapter(api_url=zalo.url, tokens=tokens, parts=KeptParts(store, now))

        one = Channel(tmp_path, adapter, "zalo")
        one.send_and_die(last)
        one.clock.at += outbox.LEASE + timedelta(seconds=1)
        one.send()
        if "pending" in one.states():
            # It died between the platform's new tokens and the commit: they are lost. Nothing
            # else is, and with a new grant everything goes.
            assert zalo.renewals == 1 and zalo.received == []
            first = zalo.refresh_token
            one.clock.at += timedelta(hours=2)
            one.send()
        check([m.text for m in zalo.sent_to("person")], one.states())
        at = int(NOW.timestamp() * 1000)
        for m in zalo.sent_to("person"):
            said = zalo_bodies.oa_said(
                m.text, app="3003", oa="6006", person="person", msg_id=m.msg_id, at=at
            )
            one.hears(zalo_events.parse(said, now=one.clock.now()))
        check([m.text for m in zalo.sent_to("person")], one.states())
