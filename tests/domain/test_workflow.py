from __future__ import annotations

import pytest

from intake_api.domain import workflow
from intake_api.domain.model import OPEN_STATES, Role, State


def test_the_usual_life() -> None:
    state = State.RECEIVED
    for action, role in (
        ("triage", Role.SERVICE), ("route", Role.SERVICE), ("take", Role.HANDLER),
        ("draft_answer", Role.HANDLER), ("reply", Role.LEAD), ("close", Role.CITIZEN),
        ("reopen", Role.CITIZEN), ("reply", Role.LEAD), ("close", Role.LEAD),
    ):  # fmt: skip
        state = workflow.apply(state, action, role)
    assert state == State.CLOSED


def test_what_is_not_in_the_table_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(workflow.TransitionNotAllowed) as caught:
        workflow.apply(State.CLOSED, "reply", Role.LEAD)
    assert "reopen" in caught.value.allowed


@pytest.mark.parametrize("state", list(State))
def test_the_administrator_moves_nothing(state: State) -> None:
    assert workflow.allowed(state, Role.ADMIN) == []


def test_a_handler_drafts_but_does_not_send() -> None:
    found = workflow.allowed(State.IN_PROGRESS, Role.HANDLER)
    assert "draft_answer" in found and "reply" not in found


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_state_has_a_way_on(state: State) -> None:
    assert workflow.allowed(state, Role.LEAD) or workflow.allowed(state, Role.COORDINATOR)


def test_nothing_leaves_erased() -> None:
    assert not [move for move in workflow.MOVES if move[0] == State.ERASED]
