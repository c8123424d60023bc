"""The application with a live index, and people who ask: what a journey through entries stands on.

Rasa would only pass the question on.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from intake_api.runtime import LiveIndex, Runtime
from tests import builders
from tests.staff import house


class Town:
    """The application on a few entries, and a citizen."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.runtime: Runtime = app.extensions["langnghe"]
        self.store = self.runtime.store
        self.sender = self.somebody()

    def somebody(self) -> str:
        """One more person in a chat, as the assistant names her."""
        with self.store.transaction() as tx:
            return f"web:{builders.make_conversation(tx).id}"

    def ask(self, text: str, sender: str | None = None) -> dict[str, Any]:
        """What the assistant is told to say to the citizen, or to somebody else."""
        answer = self.app.test_client().post(
            "/bot/v1/answer",
            json={"sender": sender or self.sender, "message_id": 1, "text": text},
            headers={"Authorization": "Bearer " + "b" * 40,
                     "Idempotency-Key": secrets.token_hex(16)},
        )  # fmt: skip
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json
        return found


def index(store: Any) -> LiveIndex:
    """The index as one more process keeps it."""
    return LiveIndex(store, builders.the_index().ranker)


@contextmanager
def opened(folder: Path, *topics: str) -> Iterator[Town]:
    """A town that knows the entries of these topics."""
    store = builders.make_store(folder)
    builders.load_faq(store, lambda one: one.topic.startswith(topics))
    with house.opened(lambda: builders.make_app(store, knowledge=index(store))) as app:
        yield Town(app)
