"""Which notices other systems get of what happens to a case, or in the house. Nothing that a person
wrote, nobody's name or address, no place, and nothing at all of a sealed case is ever in one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

CREATED, CLASSIFIED, ROUTED = "feedback.created", "feedback.classified", "feedback.routed"
CHANGED, REOPENED, CLOSED = "feedback.status_changed", "feedback.reopened", "feedback.closed"
IN, OUT = "feedback.message_in", "feedback.message_out"
MERGED, UNMERGED = "feedback.merged", "feedback.unmerged"
DUE_SOON, OVERDUE = "feedback.due_soon", "feedback.overdue"
ALERTED, CALMED = "alert.opened", "alert.closed"
OPENED, PUBLISHED = "consultation.opened", "consultation.published"
FAQ_PUBLISHED, FAQ_EXPIRED = "faq.published", "faq.expired"
# Those of interfaces 5.5 that the path has.
TYPES = (
    CREATED, CLASSIFIED, ROUTED, CHANGED, IN, OUT, DUE_SOON, OVERDUE, MERGED, UNMERGED, REOPENED,
    CLOSED, ALERTED, CALMED, OPENED, PUBLISHED, FAQ_PUBLISHED, FAQ_EXPIRED,
)  # fmt: skip

_OF_ACTION: dict[str, tuple[str, ...]] = {
    "received": (CREATED, CLASSIFIED),
    "corrected": (CLASSIFIED,),
    "route": (ROUTED,),
    "said_more": (IN,),
    "reply": (OUT,),
    "merge": (MERGED,),
    "unmerge": (UNMERGED,),
    "reopen": (REOPENED,),
    "close": (CLOSED,),
    "lapse": (CLOSED,),
    "withdraw": (CLOSED,),
    "forward_outside": (CLOSED,),
}

# What happens in the house and to no case: the notice holds the event's own data, which are
# codes, numbers and dates.
OF_HOUSE: dict[str, str] = {
    "alert_opened": ALERTED,
    "alert_closed": CALMED,
    "consultation_opened": OPENED,
    "consultation_published": PUBLISHED,
    "faq_published": FAQ_PUBLISHED,
    "faq_expired": FAQ_EXPIRED,
}

# How long after each failed try the next one comes; the last failure makes a dead letter.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
SOON = timedelta(hours=24)


def types_of(action: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The notices of one event of the audit chain; empty for what concerns nobody outside."""
    found = list(_OF_ACTION.get(action, ()))
    if action == "received" and data.get("state") == "routed":
        found.append(ROUTED)
    if data.get("from") and data.get("to") and data["from"] != data["to"]:
        found.append(CHANGED)
    return tuple(found)
