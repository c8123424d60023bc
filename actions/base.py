"""What all actions share: a guard for the hour when the intake is down."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.client import IntakeDown, IntakeRefused

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]
Run = Callable[[Any, CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[Events]]


def honest_when_down(run: Run) -> Run:
    """Wrap ``run`` of an action: when the intake fails, say so in one sentence and change nothing.

    The sentence says that the message is kept. That is true: the intake stores a message before
    Rasa is handed it.
    """

    @functools.wraps(run)
    async def guarded(
        self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        try:
            return await run(self, dispatcher, tracker, domain)
        except (IntakeDown, IntakeRefused) as error:
            logger.warning("%s: %s", self.name(), error)
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_intake_down_plain")
            return []

    return guarded
