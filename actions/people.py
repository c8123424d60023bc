"""Ways to a person: an officer, the press desk, and what is said outside any form."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, honest_when_down
from actions.client import intake
from actions.distress import listen
from actions.turn import Turn, question_shaped, read_turn

_ASKED = 0.5


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
        heard = None if draft else listen(dispatcher, turn, tracker)
        if heard is not None:
            return heard
        if turn.typed and not draft and turn.confidence < _ASKED and question_shaped(turn.typed):
            # "sđt sở là gì" is a question: nobody is handed over without having asked for it.
            dispatcher.utter_message(response="utter_no_answer")
            return [SlotSet("offer", {"do": "send_question", "text": turn.typed})]
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


FORM_SLOTS = (
    "content",
    "place",
    "contact",
    "confirm",
    "draft",
    "outcome",
    "summary",
    "contact_asked",
)


def reset_form() -> Events:
    """Empty the feedback form."""
    return [SlotSet(slot, None) for slot in FORM_SLOTS]


def reset_status() -> Events:
    """Empty the status form."""
    return [SlotSet("status_code", None), SlotSet("status_pin", None)]
