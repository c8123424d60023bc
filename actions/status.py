"""Where a case stands, by code or in the same conversation."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import asked_slug, say_entry
from actions.base import Events
from actions.client import IntakeDown, IntakeRefused, intake
from actions.supplements import belongs_to_case, supplement
from actions.turn import Turn, read_turn
from vntext import find_codes, looks_like_code

CODE, PIN = "status_code", "status_pin"
_SMALL = ("thank", "goodbye", "greet")
# The PIN typed beside the code: six figures that are no part of it.
_SIX = re.compile(r"(?<![\w-])(\d{3}) ?[.]?(\d{3})(?![\w-])")
_OTHER_BUSINESS = ("give_feedback", "praise", "ask_question", "press_inquiry")


def say_cases(dispatcher: CollectingDispatcher, cases: list[dict[str, Any]]) -> None:
    """Say each case in a few lines, the newest three."""
    for case in cases[:3]:
        lines = [f"{case['code']}: {case['state_label']}", f"Đơn vị: {case['unit_name']}"]
        if case.get("received"):
            lines.append(f"Nhận ngày: {case['received']}")
        if case.get("due"):
            lines.append(f"Trả lời {case['due']}")
        if case.get("last_reply"):
            lines.append(f"Trả lời gần nhất: {case['last_reply']}")
        dispatcher.utter_message(
            response="utter_case", case="\n".join(lines), buttons=case.get("buttons") or []
        )


class ValidateStatusForm(FormValidationAction):
    """Asks for a code only when the conversation has no case, for a PIN only when it is needed."""

    def name(self) -> str:
        """Name in the domain."""
        return "validate_status_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """One look-up per message; the form ends as soon as there is something to say."""
        turn = read_turn(tracker)
        asked = tracker.get_slot("requested_slot") if tracker.active_loop else None
        if asked and self._lets_go(turn):
            return []
        slug, more = asked_slug(turn, tracker)
        try:
            if not asked and belongs_to_case(turn) and not find_codes(turn.typed):
                await supplement(dispatcher, turn)
                return _end()
            if slug and not asked:  # "xem thêm" typed by hand reads like "xem lại"
                return [*await say_entry(dispatcher, turn, slug, more), *_end()]
            return await self._look_up(dispatcher, turn, tracker, asked)
        except (IntakeDown, IntakeRefused):
            dispatcher.utter_message(response="utter_intake_down_plain")
            return _end()

    def _lets_go(self, turn: Turn) -> bool:
        if turn.intent in ("cancel", "deny", "talk_to_person", "report_danger"):
            return turn.command or turn.confidence >= 0.5
        if find_codes(turn.typed) or looks_like_code(turn.typed):
            return False
        return (turn.command or turn.words > 3) and turn.sure(*_OTHER_BUSINESS, least=0.5)

    async def _look_up(
        self, dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker, asked: str | None
    ) -> Events:
        text, pin = turn.typed, None
        if asked == PIN and not find_codes(text):
            pin = "".join(c for c in text if c.isdigit())
            text = tracker.get_slot(CODE) or ""
            if not pin and turn.intent in _SMALL and turn.confidence >= 0.5:
                dispatcher.utter_message(response="utter_thank")
                return _end()
            if not pin:
                return _ask(dispatcher, PIN)
        elif looks_like_code(text) and not find_codes(text):
            dispatcher.utter_message(response="utter_code_mistyped")
            return [_set(CODE, None), _set("requested_slot", CODE)]
        codes = find_codes(text)
        if asked == CODE and not codes:
            dispatcher.utter_message(response="utter_status_left")
            return _end()
        if codes and pin is None:
            pin = _pin_beside(text)
        body = turn.body(text=text)
        if pin:
            body["pin"] = pin
        reply = await intake().call("POST", "/status", body, key=turn.key("status"))
        if reply.get("needs_pin") and not reply.get("cases"):
            return [_set(CODE, text), *_ask(dispatcher, PIN)]
        if reply.get("cases"):
            say_cases(dispatcher, reply["cases"])
            return _end()
        if codes:
            # The next message may be the right PIN alone.
            dispatcher.utter_message(response="utter_case_not_found")
            return [_set(CODE, codes[0]), _set(PIN, None), _set("requested_slot", PIN)]
        return _ask(dispatcher, CODE)


def _pin_beside(text: str) -> str | None:
    found = _SIX.findall(text)
    return "".join(found[-1]) if found else None


def _ask(dispatcher: CollectingDispatcher, slot: str) -> Events:
    dispatcher.utter_message(response=f"utter_form_{slot}")
    return [_set(slot, None), _set("requested_slot", slot)]


def _set(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def _end() -> Events:
    return [_set(CODE, None), _set(PIN, None), _set("requested_slot", None)]
