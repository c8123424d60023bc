"""The window rule (interfaces 5.6), every line of it, over every combination of its facts."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from intake_api.domain import sending
from intake_api.domain.sending import CommentOrigin
from tests.builders import NOW

SECOND = timedelta(seconds=1)
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
AGES = [None, -SECOND, timedelta(0), DAY, DAY + SECOND, WEEK, WEEK + SECOND, 30 * WEEK]
COMMENTS = [None, *product([timedelta(0), WEEK, WEEK + SECOND], [False, True], [False, True])]
FLAGS = [False, True]


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize("age", AGES)
def test_every_line_of_the_rule(
    age: timedelta | None, comment: tuple[timedelta, bool, bool] | None
) -> None:
    origin = comment and CommentOrigin(NOW - comment[0], replied=comment[1], removed=comment[2])
    for person, approved, notice, template in product(FLAGS, repeat=4):
        found = sending.decide(
            "comment" if comment else "messenger",
            now=NOW,
            last_inbound_at=None if age is None else NOW - age,
            written_by_person=person,
            human_agent_approved=approved,
            comment=origin or None,
            status_notice=notice,
            utility_approved=template,
        )
        if comment and comment[0] <= WEEK and not comment[1] and not comment[2]:
            wanted = "private_reply"
        elif age is not None and age <= DAY:
            wanted = "response"
        elif age is not None and age <= WEEK and person and approved:
            wanted = "human_agent"
        elif age is not None and notice and template:
            wanted = "utility"
        else:
            wanted = "hold"
        assert found.mode == wanted
        assert bool(found.reason) == (wanted == "hold")


def test_a_bot_never_speaks_as_a_person() -> None:
    for age, approved, notice in product(AGES, FLAGS, FLAGS):
        found = sending.decide(
            "messenger", now=NOW, last_inbound_at=None if age is None else NOW - age,
            written_by_person=False, human_agent_approved=approved, status_notice=notice,
        )  # fmt: skip
        assert found.mode in ("response", "hold")


@pytest.mark.parametrize("channel", ["web", "form", "api"])
def test_our_own_page_has_no_window(channel: str) -> None:
    found = sending.decide(
        channel, now=NOW, last_inbound_at=None, written_by_person=False, human_agent_approved=False
    )
    assert found.mode == "direct"


@pytest.mark.parametrize("sealed", FLAGS)
@pytest.mark.parametrize("there", ["none", "removed", "there"])
def test_nothing_sealed_and_nothing_below_a_removed_comment_is_said_in_public(
    sealed: bool, there: str
) -> None:
    comment = None if there == "none" else CommentOrigin(NOW, removed=there == "removed")
    found = sending.decide_public(sealed=sealed, comment=comment)
    assert (found.mode == "public_reply") == (there == "there" and not sealed)
