"""The feedback form: content, place, contact, confirmation.

Free text goes where it was asked for. What is not an answer (a question, a control word, danger)
is dealt with by ``digression`` first; a sentence too many at the end is added to the content.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import ask, asks_on, say_answer
from actions.base import Events
from actions.client import IntakeDown, IntakeRefused
from actions.confirming import correct, settle, wants_to_correct
from actions.contact import is_contact, read_contact
from actions.corrections import CONTENT, PLACE, named_field
from actions.digression import aside, lets_go
from actions.distress import listen
from actions.drafts import change, drop, open_draft, say_noted
from actions.people import FORM_SLOTS, reset_form
from actions.supplements import belongs_to_case, supplement
from actions.turn import Turn, bare_wish, read_turn

logger = logging.getLogger(__name__)

REQUESTED = "requested_slot"
SKIPPED, ANONYMOUS, GIVEN = "skipped", "anonymous", "given"
_LETTERS = re.compile(r"[^\W\d_]{2,}")
# Said instead of the plain question for a slot.
_ASKING = (
    "utter_ask_fix",
    "utter_ask_new_content",
    "utter_content_too_short",
    "utter_contact_unclear",
    "utter_ask_what",
)
# More words than a place takes: the rest is part of the story.
_MOST_PLACE_WORDS = 12
# Fewer words than this at the contact step are no further sentence of the complaint.
_FEWEST_CONTENT_WORDS = 4


class ValidateFeedbackForm(FormValidationAction):
    """Fills the form's slots; each answer is one call to the intake."""

    def name(self) -> str:
        """Name in the domain."""
        return "validate_feedback_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Handle one message; without a slot among the events Rasa hands over to the rules."""
        events = await self._handle(dispatcher, tracker, domain)
        if any(m.get("response") == "utter_form_contact" for m in dispatcher.messages):
            events.append(SlotSet("contact_asked", "yes"))
        return events

    async def _handle(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        turn = read_turn(tracker)
        asked = tracker.get_slot(REQUESTED)
        try:
            if not asked and turn.typed and turn.intent != "affirm":
                heard = listen(dispatcher, turn, tracker)
                if heard is None and belongs_to_case(turn):
                    await supplement(dispatcher, turn)
                    heard = [SlotSet("offer", None)]
                if heard is not None:
                    return [*heard, SlotSet("outcome", "answered"), SlotSet(REQUESTED, None)]
            if asked:
                if lets_go(turn):
                    return []
                events = await aside(dispatcher, turn, tracker, asked)
                if events is not None:
                    self._ask(dispatcher, tracker, asked)
                    return [*events, SlotSet(asked, None), SlotSet(REQUESTED, asked)]
                if asked in ("place", "contact") and (
                    wants_to_correct(turn) or (turn.typed and named_field(turn.typed))
                ):
                    return await self._correct(dispatcher, turn, tracker, asked)
            else:
                await self._start_afresh(turn, tracker)
            events = await super().run(dispatcher, tracker, domain)
        except (IntakeDown, IntakeRefused) as error:
            logger.warning("feedback form: %s", error)
            return self._down(dispatcher, turn, tracker, asked)
        if asked and not any(e["name"] != REQUESTED for e in events):
            events.append(SlotSet(asked, None))  # asks again instead of leaving the form
        return events

    async def _correct(
        self, dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker, asked: str
    ) -> Events:
        slots = await correct(dispatcher, turn, tracker.get_slot("draft"))
        if asked not in slots:
            slots[asked] = None
        tracker.slots.update(slots)
        following = await self.next_requested_slot(dispatcher, tracker, {})
        events = [SlotSet(name, value) for name, value in slots.items()]
        return [*events, *([following] if following else [])]

    async def _start_afresh(self, turn: Turn, tracker: Tracker) -> None:
        """A new sentence opens a new form; a button resumes the one that danger broke off."""
        if tracker.get_slot("draft") and turn.typed and turn.intent != "affirm":
            await drop(turn, tracker.get_slot("draft"))
            tracker.slots.update(dict.fromkeys(FORM_SLOTS))

    def _ask(self, dispatcher: CollectingDispatcher, tracker: Tracker, slot: str | None) -> None:
        """Ask for ``slot`` unless the last thing said asks already.

        Rasa would ask by itself through utter_ask_<slot>; it would then repeat the whole summary
        under "which part do you want to change?".
        """
        said = dispatcher.messages[-1].get("response") if dispatcher.messages else None
        if slot and said not in _ASKING:
            summary = tracker.get_slot("summary") or ""
            name = f"utter_form_{slot}"
            if slot == "contact" and tracker.get_slot("contact_asked"):
                name = "utter_form_contact_again"
            dispatcher.utter_message(response=name, summary=summary)

    def _down(
        self, dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker, asked: str | None
    ) -> Events:
        dispatcher.messages.clear()
        if asked in (None, "content"):
            dispatcher.utter_message(response="utter_intake_down")
            text = _opening(turn, tracker) or turn.typed
            return [
                SlotSet("unsent", text),
                SlotSet("outcome", "down"),
                SlotSet(REQUESTED, None),
            ]
        dispatcher.utter_message(response="utter_intake_down_plain")
        return [SlotSet(asked, None), SlotSet(REQUESTED, asked)]

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """The place is asked only when the intake could not tell it from the content."""
        draft = tracker.get_slot("draft") or {}
        place = ["place"] if draft.get("needs_place") else []
        return ["content", *place, "contact", "confirm"]

    async def next_requested_slot(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any] | None:
        """The next open slot; none when the form has come to any end."""
        if tracker.get_slot("outcome"):
            return SlotSet(REQUESTED, None)
        slots = await self.required_slots([], dispatcher, tracker, domain)
        following = next((s for s in slots if tracker.get_slot(s) is None), None)
        self._ask(dispatcher, tracker, following)
        return SlotSet(REQUESTED, following)

    # --- content ---

    async def extract_content(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """The sentence that opens the form is its content; a bare wish is not."""
        turn = read_turn(tracker)
        asked = tracker.get_slot(REQUESTED)
        if asked is None and tracker.get_slot("content") is None:
            text = _opening(turn, tracker)
            return {"content": text} if text else {}
        if asked == "content" and turn.typed and not bare_wish(turn.typed):
            return {"content": turn.typed}
        return {}

    async def validate_content(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Open the draft with the content, or replace the content of the open one."""
        turn = read_turn(tracker)
        if not isinstance(value, str) or not _LETTERS.search(value):
            dispatcher.utter_message(response="utter_content_too_short")
            return {"content": None}
        draft = tracker.get_slot("draft")
        bare = named_field(value) if draft else None
        if bare == CONTENT:
            dispatcher.utter_message(response="utter_ask_new_content")
            return {"content": None}
        if bare:
            # Another field was named instead of new words: the content stays as it is.
            again = {"content": draft["text"], bare: None}
            return {
                **again,
                "draft": {**draft, "needs_place": bare == PLACE or draft["needs_place"]},
            }
        if draft:
            changed = await change(turn, draft, text_replace=value)
            dispatcher.utter_message(response="utter_changed")
            return {"content": value, **changed}
        draft, reply = await open_draft(turn, value)
        if (tracker.get_slot("offer") or {}).get("second"):
            # Its own case for the second matter: the first one has been sent already.
            draft["issues"] = reply["issues"] = reply["issues"][:1]
        found = {"content": value, "draft": draft, "unsent": None, "offer": None}
        if reply.get("danger"):
            return {**found, "outcome": "danger"}
        if (reply.get("is_question") or asks_on(turn, tracker)) and not reply.get("confidential"):
            answered = await self._answered(dispatcher, turn, value)
            if answered:
                await drop(turn, draft)
                return {**found, **answered}
        say_noted(dispatcher, reply, value)
        return found

    async def _answered(
        self, dispatcher: CollectingDispatcher, turn: Turn, text: str
    ) -> dict[str, Any]:
        """A question taken for feedback: answer it if there is an answer, offer to send it."""
        reply = await ask(turn, text)
        if reply["decision"] != "answer" or not reply.get("answers"):
            return {}
        said = say_answer(dispatcher, reply["answers"][0], more=False)
        dispatcher.utter_message(response="utter_send_instead")
        slots = {event["name"]: event["value"] for event in said}
        return {**slots, "outcome": "answered", "offer": {"do": "feedback", "text": text}}

    # --- place ---

    async def extract_place(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Any text is the place, unless it skips."""
        turn = read_turn(tracker)
        if tracker.get_slot(REQUESTED) != "place":
            return {}
        if turn.intent in ("skip", "deny"):
            return {"place": SKIPPED}
        return {"place": turn.typed} if turn.typed and turn.intent != "affirm" else {}

    async def validate_place(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Tell the intake the place; a long answer also belongs to the content."""
        if value == SKIPPED or tracker.get_slot(REQUESTED) != "place":
            return {"place": value}
        turn = read_turn(tracker)
        changes = {"place_text": value}
        if turn.words > _MOST_PLACE_WORDS:
            changes["text_append"] = value
        return {"place": GIVEN, **await change(turn, tracker.get_slot("draft"), **changes)}

    # --- contact ---

    async def extract_contact(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Details, or a wish to leave none."""
        turn = read_turn(tracker)
        if tracker.get_slot(REQUESTED) != "contact":
            return {}
        if turn.intent in ("anonymous", "skip") or (turn.intent == "deny" and turn.words <= 4):
            return {"contact": ANONYMOUS}
        return {"contact": turn.typed} if turn.typed and turn.intent != "affirm" else {}

    async def validate_contact(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Tell the intake who wants to be reached and how; details are not kept in Rasa."""
        if tracker.get_slot(REQUESTED) != "contact":
            return {"contact": value}
        turn, draft = read_turn(tracker), tracker.get_slot("draft")
        if value == ANONYMOUS:
            return {"contact": ANONYMOUS, **await change(turn, draft, anonymous=True)}
        if not is_contact(value):
            if turn.words < _FEWEST_CONTENT_WORDS or named_field(value):
                dispatcher.utter_message(response="utter_contact_unclear")
                return {"contact": None}
            dispatcher.utter_message(response="utter_appended")
            return {"contact": None, **await change(turn, draft, text_append=value)}
        contact = read_contact(value)
        if contact.empty or contact.broken:
            dispatcher.utter_message(response="utter_contact_unclear")
            return {"contact": None}
        return {"contact": GIVEN, **await change(turn, draft, **contact.fields())}

    # --- confirmation ---

    async def extract_confirm(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Whatever is said at the confirmation is looked at there."""
        if tracker.get_slot(REQUESTED) != "confirm":
            return {}
        return {"confirm": read_turn(tracker).text}

    async def validate_confirm(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Send, change a field, or add a sentence."""
        return await settle(dispatcher, read_turn(tracker), tracker)


def _opening(turn: Turn, tracker: Tracker) -> str | None:
    """The content at hand when the form opens: the sentence itself, or one typed before."""
    if turn.typed and turn.intent != "affirm" and not bare_wish(turn.typed):
        return turn.typed
    if tracker.get_slot("unsent"):
        return str(tracker.get_slot("unsent"))
    offer = tracker.get_slot("offer") or {}
    if offer.get("do") in ("which", "feedback") and offer.get("text"):
        return str(offer["text"])
    return None


class ActionEndFeedback(Action):
    """Runs when the form has ended in any way but a cancellation."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_end_feedback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Empty the form; a danger that came to light goes on in its own form."""
        events = reset_form()
        if tracker.get_slot("outcome") == "danger":
            events.append(FollowupAction("danger_form"))
        return events


class ActionCancelFeedback(Action):
    """The person does not want to send it."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_cancel_feedback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Delete the draft and say so."""
        dropped = await _try_drop(tracker)
        response = "utter_cancelled" if dropped else "utter_cancelled_later"
        dispatcher.utter_message(response=response)
        return [*reset_form(), SlotSet("unsent", None), SlotSet("offer", None)]


class ActionRestart(Action):
    """Start over, whatever was going on."""

    def name(self) -> str:
        """Name in the domain; overrides Rasa's own."""
        return "action_restart"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Delete an open draft and forget the conversation's state."""
        await _try_drop(tracker)
        dispatcher.utter_message(response="utter_restart")
        return [Restarted()]


async def _try_drop(tracker: Tracker) -> bool:
    """Delete the draft; when the intake is down its own day's limit will."""
    try:
        await drop(read_turn(tracker), tracker.get_slot("draft") or {})
    except (IntakeDown, IntakeRefused) as error:
        logger.warning("draft not deleted: %s", error)
        return False
    return True
