"""Builders: a tracker as Rasa posts it, an action run against the fake intake."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import client
from tests.bot.fake_intake import TOKEN, FakeIntake, start

SENDER = "web:c0ffee12"
MESSAGE_ID = 41


def tracker(
    text: str = "",
    intent: str = "inform",
    confidence: float = 0.9,
    slots: dict[str, Any] | None = None,
    entities: dict[str, str] | None = None,
    loop: str | None = None,
    **metadata: Any,
) -> Tracker:
    """A tracker whose latest message is ``text``."""
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": k, "value": v} for k, v in (entities or {}).items()],
        "metadata": {"message_id": MESSAGE_ID, **metadata},
    }
    active = {"name": loop} if loop else {}
    return Tracker(SENDER, dict(slots or {}), message, [], False, None, active, "action_listen")


@contextlib.contextmanager
def fake_intake() -> Iterator[FakeIntake]:
    """A fake intake on a free port."""
    intake, server = start()
    try:
        yield intake
    finally:
        server.shutdown()
        server.server_close()


def run(
    intake: FakeIntake, action: Action, said: Tracker, token: str = TOKEN
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run ``action``; returns its events and messages."""
    dispatcher = CollectingDispatcher()

    async def go() -> list[dict[str, Any]]:
        client._intake = client.Intake(intake.base, token)
        try:
            return await action.run(dispatcher, said, {})
        finally:
            await client._intake.close()
            client._intake = None

    return asyncio.run(go()), dispatcher.messages


def slots_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The slots that events set."""
    return {e["name"]: e["value"] for e in events if e["event"] == "slot"}
