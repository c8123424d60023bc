from __future__ import annotations

from datetime import timedelta

import pytest

from intake_api.domain import sending
from tests.builders import NOW


@pytest.mark.parametrize("person", [True, False])
@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("age", [None, 0, 24 * 3600, 24 * 3600 + 1, 7 * 86400, 7 * 86400 + 1])
def test_every_case_of_the_messenger_window(person: bool, approved: bool, age: int | None) -> None:
    last = None if age is None else NOW - timedelta(seconds=age)
    found = sending.decide(
        "messenger", now=NOW, last_inbound_at=last, written_by_person=person,
        human_agent_approved=approved,
    ).mode  # fmt: skip
    if age is None or age > 7 * 86400:
        assert found == "hold"
    elif age <= 24 * 3600:
        assert found == "response"
    else:
        assert found == ("human_agent" if person and approved else "hold")


def test_our_own_page_has_no_window() -> None:
    found = sending.decide(
        "web", now=NOW, last_inbound_at=None, written_by_person=False, human_agent_approved=False
    )
    assert found.mode == "direct"
