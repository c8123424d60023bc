"""A child in danger: the numbers first, then where and how to reach somebody."""

from __future__ import annotations

import logging
import re
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events
from actions.client import IntakeDown, IntakeRefused, intake
from actions.distress import wants_secrecy, writes_as_pupil
from actions.turn import Turn, anybody_there, question_shaped, read_turn
from vntext import views

logger = logging.getLogger(__name__)

REQUESTED = "requested_slot"
WHERE, CONTACT = "danger_where", "danger_contact"
_NO = re.compile(
    r"^(?:da |thoi |a |em |minh |chau )*(?:khong (?:gi|co gi|sao|noi|muon|can|cho|ke|dau"
    r"|thich)\b|khong (?:a|dau)?$"
    r"|noi (?:choi|vay|the|dua) (?:thoi|ma)|dua (?:thoi|ma)|thoi (?:khoi|khong)\b|ke (?:em|minh))"
)


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
        young = bool(tracker.get_slot("pupil")) or writes_as_pupil(turn)
        pupil = [SlotSet("pupil", "yes")] if young else []
        if _refuses(turn):
            await self._store(turn)  # whoever is on duty reads it; nothing more is asked
            dispatcher.utter_message(response="utter_danger_left")
            ended = [SlotSet(WHERE, None), SlotSet(CONTACT, None), SlotSet(REQUESTED, None)]
            return [*pupil, *ended]
        if wants_secrecy(turn) or anybody_there(turn.typed) or question_shaped(turn.typed):
            await self._store(turn)
            secret = wants_secrecy(turn) and young
            response = "utter_distress_secret" if secret else "utter_danger_listening"
            dispatcher.utter_message(response=response)
            return [*pupil, *self._next(dispatcher, tracker, asked)]
        if turn.intent == "skip" and (turn.command or turn.words <= 6):
            return self._next(dispatcher, tracker, asked)
        if not turn.typed or (turn.intent in ("affirm", "greet") and turn.words <= 4):
            return [SlotSet(asked, None), SlotSet(REQUESTED, asked)]
        if await self._store(turn) is None:
            dispatcher.utter_message(response="utter_danger_numbers")
            dispatcher.utter_message(response="utter_intake_down_plain")
            return [SlotSet(asked, None), SlotSet(REQUESTED, asked)]
        return [*pupil, *self._next(dispatcher, tracker, asked)]

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
        pupil = [SlotSet("pupil", "yes")] if writes_as_pupil(turn) else []
        return [*pupil, SlotSet(WHERE, None), SlotSet(CONTACT, None), SlotSet(REQUESTED, WHERE)]

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


def _refuses(turn: Turn) -> bool:
    """Whether a short reply only says that nothing more will be told."""
    if not turn.typed or turn.words > 8 or any(c.isdigit() for c in turn.typed):
        return False
    folded = views(turn.typed).folded
    return bool(_NO.search(folded)) or (turn.intent == "deny" and turn.confidence >= 0.6)
