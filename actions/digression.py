"""Sentences in the middle of a form that are not the answer to its question."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import ask, asked_slug, say_entry, say_reply
from actions.base import Events
from actions.client import intake
from actions.status import say_cases
from actions.turn import Turn, question_shaped
from vntext import find_codes, views

_SMALL_TALK = {
    "greet": "utter_still_open",
    "thank": "utter_still_open",
    "goodbye": "utter_still_open",
    "bot_challenge": "utter_bot_challenge",
    "abuse": "utter_abuse",
}
_MOST_WORDS = 14
_STOPS = re.compile(
    r"\b(?:huy|thoi|dung (?:lai|o day)|khong (?:gui|muon|phan anh|lam|can)|rut|xoa|bo|stop|cancel"
    r"|thoat|ngung|dep|doi y|khoi gui|dong lai)\b"
)


def lets_go(turn: Turn) -> bool:
    """Whether the form gives way to a rule: cancel, a person, danger.

    ``ControlWords`` in the language pipeline has already kept long sentences from being control
    words; here only wishes that may hide in a complaint are weighed.
    """
    if turn.intent == "cancel":
        # Deleting what somebody wrote needs one of the words, or near certainty.
        folded = views(turn.typed).folded
        return turn.command or turn.confidence >= 0.7 or bool(_STOPS.search(folded))
    if turn.intent == "talk_to_person":
        return turn.command or (turn.words <= _MOST_WORDS and turn.confidence >= 0.55)
    # The intake's own check comes first and speaks as a button; a guess of the language model
    # alone must be strong, since half of all complaints are about something bad that happened.
    return turn.sure("report_danger", least=0.7)


async def aside(
    dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker, slot: str
) -> Events | None:
    """Deal with a sentence that is not the value of ``slot``; None when it is the value."""
    slug, more = asked_slug(turn, tracker)
    if slug and (turn.command or tracker.get_slot("choices")):
        return await say_entry(dispatcher, turn, slug, more)
    if turn.only_files:
        dispatcher.utter_message(response="utter_file_kept")
        return []
    if turn.command:
        return _button(dispatcher, turn)
    if find_codes(turn.typed) and turn.words <= _MOST_WORDS:
        reply = await intake().call(
            "POST", "/status", turn.body(text=turn.typed), key=turn.key("status")
        )
        if reply.get("found"):
            say_cases(dispatcher, reply["cases"])
        else:
            dispatcher.utter_message(response="utter_finish_first")
        return []
    if turn.sure("off_topic", least=0.99):
        # An order to a language model (bot/components/limits.py) is nobody's comment.
        dispatcher.utter_message(response="utter_off_topic")
        return []
    if turn.words <= 6 and turn.confidence >= 0.6 and turn.intent in _SMALL_TALK:
        dispatcher.utter_message(response=_SMALL_TALK[turn.intent])
        return []
    return await _question(dispatcher, turn, slot)


async def _question(dispatcher: CollectingDispatcher, turn: Turn, slot: str) -> Events | None:
    least = 0.7 if slot == "content" else 0.5
    if not (turn.sure("ask_question", least=least) and question_shaped(turn.typed)):
        return None
    reply = await ask(turn, turn.typed)
    # Complaints often end in a question ("thu thế có đúng không?"): only one that has an answer
    # interrupts the telling of a complaint.
    if slot == "content" and reply["decision"] != "answer":
        return None
    return [e for e in say_reply(dispatcher, reply, turn.typed) if e.get("name") != "offer"]


def _button(dispatcher: CollectingDispatcher, turn: Turn) -> Events | None:
    messages: dict[str, Any] = {
        "ask_question": "utter_ask_what",
        "give_feedback": "utter_still_open",
        "praise": "utter_still_open",
        "check_status": "utter_finish_first",
        "send_question": "utter_finish_first",
    }
    if turn.intent not in messages:
        return None
    dispatcher.utter_message(response=messages[turn.intent])
    return []
