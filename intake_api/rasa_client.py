"""The assistant behind the intake: Rasa's REST channel on a private address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from intake_api.flow.services import AssistantSilent, AssistantUnavailable, BotReply


class RasaClient:
    """Talks to one Rasa server. Every call has a timeout; trouble is AssistantUnavailable."""

    def __init__(self, base_url: str, *, timeout: float) -> None:
        # The address is private and the pool is kept: a turn costs one round trip.
        self._http = httpx.Client(base_url=base_url, timeout=timeout, trust_env=False)

    def turn(self, *, sender: str, text: str, metadata: dict[str, Any]) -> list[BotReply]:
        """Sends one message and returns what the assistant says to it.

        An empty list from Rasa means that it failed: it swallows exceptions of its actions.
        """
        try:
            response = self._http.post(
                "/webhooks/rest/webhook",
                json={"sender": sender, "message": text, "metadata": metadata},
            )
            response.raise_for_status()
            items = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise AssistantUnavailable(type(error).__name__) from error
        replies = _merged([_reply(item) for item in items if isinstance(item, dict)])
        if not replies:
            raise AssistantSilent("empty answer")
        return replies

    def answered_before(self, *, sender: str, message_id: int) -> list[BotReply] | None:
        """Looks in the tracker for what was said to this very message in an earlier try."""
        try:
            response = self._http.get(f"/conversations/{sender}/tracker")
            response.raise_for_status()
            events = response.json().get("events") or []
        except (httpx.HTTPError, ValueError) as error:
            raise AssistantUnavailable(type(error).__name__) from error
        start = None
        for position, event in enumerate(events):
            if event.get("event") == "user":
                if (event.get("metadata") or {}).get("message_id") == message_id:
                    start = position
                elif start is not None:
                    return _bot_events(events[start:position])
        return None if start is None else _bot_events(events[start:]) or None

    def ready(self) -> bool:
        """True when the server answers and has a model loaded."""
        try:
            return self._http.get("/status", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def close(self) -> None:
        self._http.close()


def _reply(item: dict[str, Any]) -> BotReply:
    return BotReply(
        text=str(item.get("text") or ""),
        buttons=tuple(
            {"title": str(button.get("title", "")), "payload": str(button.get("payload", ""))}
            for button in item.get("buttons") or ()
        ),
        custom=dict(item.get("custom") or {}),
    )


def _merged(replies: list[BotReply]) -> list[BotReply]:
    """The REST channel sends the custom part of an utterance as an item of its own, without
    text, after the text: one utterance is one message again."""
    whole: list[BotReply] = []
    for reply in replies:
        if not reply.text and not reply.buttons and whole:
            whole[-1] = replace(whole[-1], custom={**whole[-1].custom, **reply.custom})
        else:
            whole.append(reply)
    return whole


def _bot_events(events: list[dict[str, Any]]) -> list[BotReply]:
    said = []
    for event in events:
        if event.get("event") != "bot":
            continue
        data = event.get("data") or {}
        item = {
            "text": event.get("text"),
            "buttons": data.get("buttons"),
            "custom": data.get("custom"),
        }
        said.append(_reply(item))
    return said
