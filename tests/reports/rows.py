"""Cases as rows, made in bulk: what figures are counted from, without the path that leads there."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from intake_api.store import Store, events
from intake_api.store.tables import Case
from tests.builders import NOW

_NUMBERS = itertools.count(1)


def row(**given: Any) -> dict[str, Any]:
    """One normal case of the finance unit on fees, received now and open."""
    number = next(_NUMBERS)
    return {
        "code": f"PA-{number}", "pin_hash": "0", "channel": "web", "state": "routed",
        "text": "", "text_masked": "", "folded": "", "kind": "criticism",
        "topic": "dd.khoan_thu", "sentiment": "negative", "urgent": False, "confidential": False,
        "toxic": False, "classification": {}, "level": None, "district": None, "unit": "KHTC",
        "route_rule": "4", "route_reason": "", "received_at": NOW,
        "first_response_at": None, "answered_at": None, "closed_at": None, "due_at": None,
        "paused_at": None, "clock_from": None, "outcome": None, "ended_as": None,
        "anonymous": False, "role_of_sender": None, "reopened": 0, **given,
    }  # fmt: skip


def answered(after: timedelta = timedelta(days=1), **given: Any) -> dict[str, Any]:
    """The same, answered some time after it was received, in time unless said otherwise."""
    received = given.get("received_at", NOW)
    return row(
        **{"state": "answered", "answered_at": received + after,
           "first_response_at": received + after / 2, "due_at": received + timedelta(days=15),
           **given}
    )  # fmt: skip


def put(store: Store, *rows: dict[str, Any]) -> list[int]:
    """Stores rows, each with the event of its receipt; returns their numbers."""
    with store.transaction() as tx:
        numbers = list(tx.execute(sa.insert(Case).returning(Case.id), list(rows)).scalars())
        for number in numbers:
            events.append(tx, at=NOW, actor="citizen", action="received", case_id=number)
    return numbers
