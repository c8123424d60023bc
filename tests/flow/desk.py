"""Somebody at work on one case: each call is one transaction on the version that stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake_api.flow import acting
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events
from intake_api.store.registers import Staff
from intake_api.store.tables import Case, Message
from tests.builders import make_staff


class Desk:
    """``desk.do(answer.take, case)`` does one move as this person and returns the case after."""

    def __init__(self, services: Services, username: str, role: str, unit: str | None) -> None:
        self.services = services
        self.staff: Staff = make_staff(services.store, username=username, role=role, unit=unit)

    def do(self, work: Callable[..., Any], case: Case, **given: Any) -> Case:
        with self.services.store.transaction() as tx:
            now = self.services.now()
            found = acting.open_case(tx, code=case.code, staff=self.staff)
            for name in ("into",):
                if name in given:
                    given[name] = acting.open_case(tx, code=given[name].code, staff=self.staff)
            by = acting.Acting(self.staff, found.version, now)
            work(tx, found, by, services=self.services, **given)
        return found


def again(services: Services, case: Case) -> Case:
    """The case as it stands now."""
    with services.store.reading() as tx:
        found = cases.by_id(tx, case.id)
    assert found is not None
    return found


def told(services: Services, case: Case) -> list[Message]:
    """What was sent to the sender, drafts left out."""
    assert case.conversation_id is not None
    with services.store.reading() as tx:
        found = conversations.messages(tx, case.conversation_id)
    return [one for one in found if one.direction == "out" and one.state != "draft"]


def actions(services: Services, case: Case) -> list[str]:
    with services.store.reading() as tx:
        return [event.action for event in events.of_case(tx, case.id)]
