"""Ways to a person: an officer, the press desk, and what is said outside any form."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, honest_when_down
from actions.client import intake
from actions.turn import Turn, read_turn
from vntext import views

_WITHDRAW = re.compile(r"\b(?:rut|huy (?:phan anh|y kien|gop y|don|yeu cau)|xin huy)\b")


async def hand_over(
    dispatcher: CollectingDispatcher, turn: Turn, text: str, reason: str
) -> dict[str, Any]:
    """Record ``text`` for an officer to answer on this channel and say so."""
    body = turn.body(text=text, reason=reason)
    reply = await intake().call("POST", "/handoff", body, key=turn.key("handoff"))
    dispatcher.utter_message(response="utter_handoff", notice=reply["notice"])
    return reply


class ActionHandoff(Action):
    """Give the conversation, or a question without an answer, to an officer."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_handoff"

    @honest_when_down
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Hand over the pending question or what was written so far."""
        turn = read_turn(tracker)
        offer = tracker.get_slot("offer") or {}
        draft = tracker.get_slot("draft") or {}
        if turn.intent == "send_question" and offer.get("text"):
            text, reason = offer["text"], "unanswered"
        else:
            # What was already written in a half-filled form goes along: nobody types it twice.
            text = "\n".join(t for t in (draft.get("text"), turn.typed or offer.get("text")) if t)
            reason = "asked"
        await hand_over(dispatcher, turn, text, reason)
        if draft.get("draft_id"):
            await intake().call("DELETE", f"/drafts/{draft['draft_id']}", key=turn.key("drop"))
        return [*reset_form(), SlotSet("offer", None)]


class ActionPress(Action):
    """A journalist: the contact procedure and a case for the spokesperson; no comment."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_press"

    @honest_when_down
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Open the press case."""
        turn = read_turn(tracker)
        reply = await intake().call(
            "POST", "/press", turn.body(text=turn.typed), key=turn.key("press")
        )
        facts = {k: reply[k] for k in ("notice", "code", "due", "unit_name")}
        dispatcher.utter_message(response="utter_press", **facts)
        return []


class ActionOutside(Action):
    """Cancel, correct, skip, anonymous while nothing is open: mostly about a case already sent."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_outside"

    @honest_when_down
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Pass a withdrawal or an addition to the officers, else say what is possible."""
        turn = read_turn(tracker)
        forget = [SlotSet("offer", None), *reset_status()]
        sent_before = bool(turn.metadata.get("has_open_case"))
        if turn.intent == "anonymous":
            dispatcher.utter_message(response="utter_anonymous_possible")
        elif turn.intent == "cancel" and sent_before and _WITHDRAW.search(views(turn.typed).folded):
            await hand_over(dispatcher, turn, turn.typed, "withdraw")
        elif turn.intent == "correct" and sent_before and turn.words > 2:
            await hand_over(dispatcher, turn, turn.typed, "supplement")
        else:
            dispatcher.utter_message(response="utter_nothing_open")
        return forget


FORM_SLOTS = ("content", "place", "contact", "confirm", "draft", "outcome", "summary")


def reset_form() -> Events:
    """Empty the feedback form."""
    return [SlotSet(slot, None) for slot in FORM_SLOTS]


def reset_status() -> Events:
    """Empty the status form."""
    return [SlotSet("status_code", None), SlotSet("status_pin", None)]
