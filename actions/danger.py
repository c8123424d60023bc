"""A child in danger: the numbers first, then where and how to reach somebody."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events
from actions.client import IntakeDown, IntakeRefused, intake
from actions.turn import Turn, read_turn

logger = logging.getLogger(__name__)

REQUESTED = "requested_slot"
WHERE, CONTACT = "danger_where", "danger_contact"


class ValidateDangerForm(FormValidationAction):
    """Stores every reply at once; nothing here can keep the numbers from being said."""

    def name(self) -> str:
        """Name in the domain."""
        return "validate_danger_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Handle the report and then each reply."""
        turn = read_turn(tracker)
        asked = tracker.get_slot(REQUESTED)
        if asked not in (WHERE, CONTACT):
            return await self._report(dispatcher, turn)
        if turn.intent in ("cancel", "talk_to_person") and (turn.command or turn.confidence > 0.5):
            return []
        if turn.intent == "skip" and (turn.command or turn.words <= 6):
            return self._next(dispatcher, tracker, asked)
        if not turn.typed or (turn.intent in ("affirm", "greet") and turn.words <= 4):
            return [SlotSet(asked, None), SlotSet(REQUESTED, asked)]
        if await self._store(turn) is None:
            dispatcher.utter_message(response="utter_danger_numbers")
            dispatcher.utter_message(response="utter_intake_down_plain")
            return [SlotSet(asked, None), SlotSet(REQUESTED, asked)]
        return self._next(dispatcher, tracker, asked)

    async def _report(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        # The intake's own check has then said the numbers and opened the case already.
        if not turn.metadata.get("danger"):
            reply = await self._store(turn)
            notice = "\n".join((reply or {}).get("notice") or [])
            if "111" not in notice:
                dispatcher.utter_message(response="utter_danger_numbers")
            if notice:
                dispatcher.utter_message(response="utter_danger_notice", notice=notice)
            if reply is None:
                dispatcher.utter_message(response="utter_intake_down_plain")
        return [SlotSet(WHERE, None), SlotSet(CONTACT, None), SlotSet(REQUESTED, WHERE)]

    def _next(self, dispatcher: CollectingDispatcher, tracker: Tracker, asked: str) -> Events:
        if asked == WHERE:
            return [SlotSet(WHERE, "stored"), SlotSet(REQUESTED, CONTACT)]
        dispatcher.utter_message(response="utter_danger_kept")
        events = [SlotSet(WHERE, None), SlotSet(CONTACT, None), SlotSet(REQUESTED, None)]
        if tracker.get_slot("draft"):
            dispatcher.utter_message(response="utter_resume")
            events.append(SlotSet("offer", {"do": "feedback"}))
        return events

    async def _store(self, turn: Turn) -> dict[str, Any] | None:
        body = turn.body(text=turn.typed)
        try:
            return await intake().call("POST", "/danger", body, key=turn.key("danger"))
        except (IntakeDown, IntakeRefused):
            logger.exception("danger report not taken by the intake")
            return None
