"""What tests of the case page ask about a case."""

from __future__ import annotations

from typing import Any

from intake_api.store import cases, events
from intake_api.store.tables import Case, Message
from tests.staff import house

ANSWER = "Sở đã yêu cầu nhà trường trả lại khoản thu này."


def sent(app: Any, case: Case) -> list[Message]:
    """What staff have sent on a case."""
    with house.services_of(app).store.reading() as tx:
        return [m for m in cases.messages(tx, case) if m.author == "staff" and m.state != "draft"]


def actions(app: Any, case: Case) -> list[str]:
    with house.services_of(app).store.reading() as tx:
        return [event.action for event in events.of_case(tx, case.id)]


def page_of(desk: house.Desk, case: Case, status: int = 200) -> str:
    return desk.get(f"/can-bo/y-kien/{case.code}", status)
