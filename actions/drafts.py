"""The draft of a piece of feedback at the intake, as the form sees it."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.client import IntakeRefused, intake
from actions.supplements import but
from actions.turn import Turn

_GONE = (404, 410)
_KEPT = (
    "draft_id",
    "kind",
    "confidential",
    "issues",
    "needs_place",
    "is_question",
    "danger",
    "contact_kind",
)


def _slot(reply: dict[str, Any], text: str) -> dict[str, Any]:
    """What of the intake's answer the form has to remember."""
    return {**{k: reply.get(k) for k in _KEPT}, "text": text}


async def open_draft(turn: Turn, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Create the draft; returns what to remember and the intake's answer."""
    reply = await intake().call("POST", "/drafts", turn.body(text=text), key=turn.key("draft"))
    return _slot(reply, text), reply


async def change(turn: Turn, draft: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Change the draft; one that has expired at the intake is opened again with its content."""
    text = changes.get("text_replace") or draft["text"]
    if changes.get("text_append"):
        text = f"{text}\n{changes['text_append']}"
    try:
        reply = await _patch(turn, draft["draft_id"], changes, "change")
    except IntakeRefused as error:
        if error.status not in _GONE:
            raise
        fresh, _ = await open_draft(turn, text)
        rest = {k: v for k, v in changes.items() if not k.startswith("text_")}
        # Another resource, so another key: the first one stands for the refusal.
        reply = await _patch(turn, fresh["draft_id"], rest, "change-again")
    kept = _slot(reply, text)
    # Asked once: a place the person has skipped or given stays settled.
    kept["needs_place"] = draft.get("needs_place")
    # The matters were told apart in the first message; later sentences do not reopen that.
    kept["issues"] = draft.get("issues")
    return {"draft": kept, "summary": "\n".join(reply.get("summary") or [])}


async def _patch(turn: Turn, draft_id: Any, changes: dict[str, Any], name: str) -> dict[str, Any]:
    key = turn.key("-".join([name, *sorted(changes)]))
    return await intake().call("PATCH", f"/drafts/{draft_id}", changes, key=key)


async def drop(turn: Turn, draft: dict[str, Any]) -> None:
    """Delete the draft at the intake; one that is gone already is as good."""
    if not draft.get("draft_id"):
        return
    try:
        await intake().call("DELETE", f"/drafts/{draft['draft_id']}", key=turn.key("drop"))
    except IntakeRefused as error:
        if error.status not in _GONE:
            raise


def say_noted(dispatcher: CollectingDispatcher, reply: dict[str, Any], text: str = "") -> None:
    """Acknowledge what was understood; a confidential matter is not named."""
    issues = reply.get("issues") or []
    if reply.get("confidential"):
        dispatcher.utter_message(response="utter_noted_confidential")
    elif len(issues) > 1:
        dispatcher.utter_message(response="utter_two_issues", first=issues[0], second=issues[1])
    elif reply.get("kind") == "praise" and not but(text):
        dispatcher.utter_message(response="utter_noted_praise")
    elif reply.get("matter"):
        # "Việc:" stands before it already.
        matter = re.sub(r"^việc ", "", reply["matter"])
        dispatcher.utter_message(response="utter_noted", matter=matter)
    else:
        dispatcher.utter_message(response="utter_noted_plain")
    if reply.get("notice"):
        dispatcher.utter_message(response="utter_notice", notice=_lines(reply["notice"]))


def _lines(notice: str) -> str:
    """One sentence a line: a notice in a chat is read on a phone."""
    return re.sub(r"(?<=[.;]) +(?=[A-ZĐ])", "\n", notice)
