"""A Page with its simulated platform, for tests of what people and the Page do to each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from intake_api.channels import messenger
from intake_api.channels.messenger import MessengerAdapter
from intake_api.channels.meta_events import body
from intake_api.channels.meta_twin import INBOX_APP, MetaTwin
from intake_api.flow import converse
from intake_api.flow.services import Services
from intake_api.jobs.deliver import deliver
from intake_api.store.tables import Conversation
from tests.builders import MovingClock


class Page:
    """The Page with its simulated platform: what people do goes in, what is due goes out."""

    def __init__(self, services: Services, clock: MovingClock) -> None:
        self.services, self.clock = services, clock
        self.twin = MetaTwin(
            page_token="t", app_secret="s", now=clock.now, human_agent_approved=True, seed=1
        )
        self.adapter = MessengerAdapter(
            page_id="1001",
            page_token="t",
            graph_url=self.twin.graph_url,
            timeout=5,
            inbox_app=str(INBOX_APP),
        )

    def tell(self, *events: Any, where: str = "changes") -> list[str]:
        """Delivers events and sends what is due because of them."""
        at = int(self.clock.now().timestamp() * 1000)
        for event in events:
            self.twin._note_inbound(event)
        call = body("1001", list(events), at=at, where=where)
        found = messenger.parse(call, now=self.clock.now(), app_id="3003")
        with self.services.store.transaction() as tx:
            touched = converse.store_events(
                tx, self.services, channel="messenger", events=found, now=self.clock.now()
            )
        self.send()
        return touched

    def send(self) -> None:
        adapters = {"messenger": self.adapter, "comment": self.adapter}
        with self.services.store.reading() as tx:
            names = [row.id for row in tx.query(Conversation).all()]
        for name in names:
            deliver(self.services, adapters, name)

    def comment(self, words: str, *, author: str = "4004", **given: Any) -> str:
        made = self.twin.wall.add(author, words, **given)
        self.tell(self.twin.wall.event(made.id, "add"))
        return made.id

    def change(self, name: str, verb: str, words: str | None = None) -> None:
        one = self.twin.wall.comments[name]
        one.text = one.text if words is None else words
        one.removed = one.removed or verb == "remove"
        self.clock.at += timedelta(seconds=2)
        self.tell(self.twin.wall.event(name, verb))

    def below(self, name: str) -> list[str]:
        return [one.text for one in self.twin.wall.below(name)]

    def private(self, author: str = "4004") -> list[str]:
        return [one.text for one in self.twin.sent_to(self.twin.wall.psid(author))]

    def say(self, psid: str, words: str, **given: Any) -> list[str]:
        """Somebody writes in Messenger."""
        return self.tell(self.twin.text(psid, words, **given), where="messaging")

    def sent(self, psid: str) -> list[str]:
        return [one.text for one in self.twin.sent_to(psid)]

    def close(self) -> None:
        self.twin.close()
        self.adapter.close()
