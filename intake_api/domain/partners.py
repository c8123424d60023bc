"""What of a case is told to other systems, and in which words. Nothing of who did it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_api.domain.model import OPEN_STATES, State
from intake_api.domain.workflow import ACTION_TITLE

# The steps that concern the sender; what staff do among themselves stays in the house.
TOLD: dict[str, str] = {
    "received": "Tiếp nhận",
    **{
        name: ACTION_TITLE[name]
        for name in (
            "route", "take", "ask_citizen", "wait_external", "resume", "reply", "close", "lapse",
            "reopen", "merge", "unmerge", "forward_outside", "withdraw",
        )
    },
    "said_more": "Người gửi bổ sung",
    "extended": "Gia hạn",
}  # fmt: skip


def is_open(state: str) -> bool:
    """Open311's two words for a state (interfaces 6.3)."""
    return state in OPEN_STATES


def states_of(action: str, data: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """State before and after a step, as the audit chain keeps them; None where it did not move."""
    before, after = data.get("from"), data.get("to")
    if action == "received":
        before, after = None, data.get("state")
    known = {str(state) for state in State}
    return (
        str(before) if before in known else None,
        str(after) if after in known else None,
    )
