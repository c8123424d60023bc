"""The last step of the feedback form: send, correct, or add."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.client import intake
from actions.contact import read_contact
from actions.corrections import CONTACT, CONTENT, PLACE, named_field, read_correction
from actions.drafts import change
from actions.turn import Turn
from vntext import views

SENT = "sent"
_MOST_CONTACT_WORDS = 8
_CORRECTS = re.compile(
    r"^(?:em |toi |minh |a |ah |u |uh |oi |ay |chet |thoi |cho (?:em|toi"
    r"|minh) )*(?:xin )?(?:muon )?"
    r"(?:sua|doi|chinh|nham|ghi nham|viet nham|go nham|khong (?:phai|dung)|thay|cap nhat"
    r"|dinh chinh|sai)\b"
)
_NEGATES = re.compile(r"\b(?:khong|chua|khoan|thoi|doi|tu tu|dung (?:gui|vay|the)? ?voi)\b")
_SENDS = re.compile(r"\bgui (?:di|luon|duoc|giup|thoi)\b")
_ADDS = re.compile(r"^(?:da |a )*(?:bo sung|them|viet them|noi them|con thieu|ngoai ra)\b")


async def settle(dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker) -> dict[str, Any]:
    """Return the slots after what was said at the confirmation."""
    draft = tracker.get_slot("draft")
    if turn.intent == "affirm" and not agrees(turn):
        dispatcher.utter_message(response="utter_must_confirm")
        return {"confirm": None}
    if turn.intent == "affirm":
        return await _submit(dispatcher, turn, draft)
    if turn.intent == "anonymous":
        dispatcher.utter_message(response="utter_now_anonymous")
        return {"confirm": None, **await change(turn, draft, anonymous=True)}
    if turn.command or (turn.intent == "deny" and not read_correction(turn.typed)[1]):
        return _which_field(dispatcher, turn, draft)
    if turn.intent == "skip":
        dispatcher.utter_message(response="utter_must_confirm")
        return {"confirm": None}
    bare = named_field(turn.typed)
    if bare:
        return _ask_again(dispatcher, bare, draft)
    if wants_to_correct(turn):
        return {"confirm": None, **await correct(dispatcher, turn, draft)}
    contact = read_contact(turn.typed)
    if (contact.phone or contact.email) and turn.words <= _MOST_CONTACT_WORDS:
        dispatcher.utter_message(response="utter_changed")
        return {"confirm": None, **await change(turn, draft, **contact.fields())}
    dispatcher.utter_message(response="utter_appended")
    return {"confirm": None, **await change(turn, draft, text_append=turn.typed)}


def agrees(turn: Turn) -> bool:
    """Whether "affirm" may be taken for consent: sure, and without a "not yet" in it."""
    folded = views(turn.typed).folded
    if _NEGATES.search(folded) and not _SENDS.search(folded):
        return False
    return turn.command or turn.confidence >= 0.45


def wants_to_correct(turn: Turn) -> bool:
    """Whether the message changes something said before, rather than adding to it."""
    folded = views(turn.typed).folded
    if turn.command or _ADDS.match(folded):
        return False
    if turn.intent == "deny" and read_correction(turn.typed) != (None, None):
        return True
    return turn.intent == "correct" or bool(_CORRECTS.match(folded))


def _which_field(
    dispatcher: CollectingDispatcher, turn: Turn, draft: dict[str, Any]
) -> dict[str, Any]:
    """A button: "Sửa" asks which field, a field asks for its new value."""
    field = turn.entities.get("field")
    if field in (CONTENT, PLACE, CONTACT):
        return _ask_again(dispatcher, field, draft)
    if turn.intent in ("correct", "deny"):
        dispatcher.utter_message(response="utter_ask_fix")
    return {"confirm": None}


def _ask_again(
    dispatcher: CollectingDispatcher, field: str, draft: dict[str, Any]
) -> dict[str, Any]:
    if field == CONTENT:
        dispatcher.utter_message(response="utter_ask_new_content")
    opened: dict[str, Any] = {"confirm": None, field: None}
    # A place that was clear from the content is not asked for unless it is to be corrected.
    return {**opened, "draft": {**draft, "needs_place": True}} if field == PLACE else opened


async def correct(
    dispatcher: CollectingDispatcher, turn: Turn, draft: dict[str, Any]
) -> dict[str, Any]:
    """Change the field the message names, or ask for it; returns the changed slots."""
    field, value = read_correction(turn.typed)
    if field and value is None and turn.words <= 8:
        return _ask_again(dispatcher, field, draft)
    if field is None and value is None and turn.words <= 4:
        dispatcher.utter_message(response="utter_ask_fix")
        return {}
    changes: dict[str, Any]
    if field == PLACE and value:
        changes = {"place_text": value}
    elif field == CONTACT and value and not read_contact(value).empty:
        changes = read_contact(value).fields()
    elif field == CONTENT and value and turn.words > 5:
        changes = {"text_replace": value}
    else:
        # Not sure what is meant: the officer reads the correction in the person's own words.
        dispatcher.utter_message(response="utter_appended")
        return await change(turn, draft, text_append=turn.typed)
    dispatcher.utter_message(response="utter_changed")
    changed = await change(turn, draft, **changes)
    # What was just given is not asked for again.
    if field == PLACE:
        changed["place"] = "given"
    elif field == CONTACT:
        changed["contact"] = "given"
    return changed


async def _submit(
    dispatcher: CollectingDispatcher, turn: Turn, draft: dict[str, Any]
) -> dict[str, Any]:
    # Consent is its own fact with its own moment; silence at an earlier step never is.
    draft = (await change(turn, draft, consent=True))["draft"]
    path = f"/drafts/{draft['draft_id']}/submit"
    receipt = await intake().call(
        "POST", path, {"message_id": turn.message_id}, key=turn.key("submit")
    )
    dispatcher.utter_message(
        response="utter_receipt", receipt=receipt_text(receipt), json_message={"receipt": receipt}
    )
    following = receipt.get("next")
    if following:
        # A comment on a draft document: the intake asks which part, and takes the answer itself.
        dispatcher.utter_message(
            response="utter_notice", notice=following["text"], buttons=following["buttons"]
        )
    issues = draft.get("issues") or []
    sent = {"contact_kind": draft.get("contact_kind"), "confidential": draft.get("confidential")}
    offer = None
    if len(issues) > 1 and not draft.get("confidential"):
        dispatcher.utter_message(response="utter_second_issue", second=issues[1])
        # The topic stands first so that the second case is sorted by it.
        text = f"{issues[1]}: {draft['text']}"
        offer = {"do": "feedback", "text": text, "second": True}
    return {"confirm": SENT, "outcome": SENT, "offer": offer, "sent": sent}


def receipt_text(receipt: dict[str, Any]) -> str:
    """The intake's lines, with any of the facts a receipt must hold that they lack."""
    lines = list(receipt.get("receipt") or [])
    said = "\n".join(lines)
    facts = (
        ("Mã: {}", receipt.get("code")),
        ("Mã PIN: {}", receipt.get("pin")),
        ("Đơn vị: {}", receipt.get("unit_name")),
        ("Trả lời {}", receipt.get("due")),
    )
    lines += [label.format(fact) for label, fact in facts if fact and str(fact) not in said]
    return "\n".join(lines)
