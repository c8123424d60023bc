"""The assistant's own memory and conversations that became no case: nobody keeps them for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from intake_api.flow import retention
from intake_api.flow.services import Services
from intake_api.jobs.work import Sweeper
from intake_api.runtime import Runtime
from intake_api.store import StoreUnavailable, conversations, erasing
from intake_api.store.tables import Conversation, Message
from intake_api.store.tracker import TrackerStore
from tests.builders import (
    NOW,
    MovingClock,
    make_case,
    make_conversation,
    make_settings,
    make_staff,
)
from tests.jobs.test_jobs import Names

# As Rasa 3.6 makes it.
EVENTS = """CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL,
type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255),
action_name VARCHAR(255), data TEXT)"""


@pytest.fixture
def url(services: Services, tmp_path: Path) -> Iterator[str]:
    """A tracker store with its table, on the database under test."""
    store = services.store
    found = f"sqlite:///{tmp_path / 'rasa.db'}" if store.is_sqlite else store.url
    engine = sa.create_engine(found.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS events"))
        connection.execute(sa.text(EVENTS))
    yield found
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE events"))
    engine.dispose()


def said(url: str, *rows: tuple[str, timedelta]) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for number, (sender, age) in enumerate(rows):
            connection.execute(
                sa.text(
                    "INSERT INTO events (id, sender_id, type_name, timestamp, data) "
                    "VALUES (:id, :sender, 'user', :at, 'lời')"
                ),
                {"id": number, "sender": sender, "at": (NOW - age).timestamp()},
            )
    engine.dispose()


def test_the_assistant_forgets_what_is_old_and_who_was_erased(
    services: Services, clock: MovingClock, url: str
) -> None:
    with services.store.transaction() as tx:
        kept, gone = make_conversation(tx), make_conversation(tx)
        erasing.take_out_talk(tx, gone.id)
    said(
        url, (f"web:{kept.id}", timedelta(hours=1)), (f"web:{kept.id}", timedelta(hours=49)),
        (f"web:{gone.id}", timedelta(hours=1)), ("messenger:unknown", timedelta(days=9)),
    )  # fmt: skip
    settings = make_settings(tracker_url=url)
    runtime = Runtime(settings, services.store, clock, services)  # type: ignore[arg-type]
    Sweeper(runtime, Names()).sweep()  # type: ignore[arg-type]
    tracker = TrackerStore(url)
    assert tracker.senders() == [f"web:{kept.id}"]
    assert tracker.forget_before(NOW) == 1  # the old one of the same person is gone
    tracker.close()


def test_without_its_table_and_without_its_database_the_round_goes_on(
    services: Services, clock: MovingClock, tmp_path: Path
) -> None:
    empty = TrackerStore(f"sqlite:///{tmp_path / 'empty.db'}")
    assert retention.forget_tracked(services, empty, now=NOW) == 0
    empty.close()
    away = f"sqlite:///{tmp_path / 'no-folder' / 'rasa.db'}"
    with pytest.raises(StoreUnavailable):
        TrackerStore(away).senders()
    settings = make_settings(tracker_url=away)
    runtime = Runtime(settings, services.store, clock, services)  # type: ignore[arg-type]
    with structlog.testing.capture_logs() as logs:
        Sweeper(runtime, Names()).sweep()  # type: ignore[arg-type]
    assert [one["event"] for one in logs if one["log_level"] == "error"] == [
        "tracker of the assistant unavailable"
    ]


def talk(services: Services, text: str, age: timedelta) -> str:
    """A conversation of that age, in which nothing became a case."""
    with services.store.transaction() as tx:
        made = make_conversation(tx)
        made.created_at = made.last_inbound_at = NOW - age
        conversations.add_inbound(
            tx, made, text=text, payload=None, channel_message_id=None, now=NOW - age, state="done"
        )
        return made.id


def test_a_talk_that_became_no_case_goes_after_its_time_by_plan_and_two_people(
    services: Services,
) -> None:
    old = talk(services, "hỏi chuyện riêng", timedelta(days=400))
    fresh = talk(services, "mới hỏi", timedelta(days=300))
    case = make_case(services).case
    with services.store.transaction() as tx:
        tx.get_one(Conversation, case.conversation_id or "").last_inbound_at = NOW - timedelta(
            days=900
        )
        plan = retention.plan(tx, services, now=NOW)
    assert (plan["cases"], plan["talks"]) == (0, 1)
    admin = make_staff(services.store, username="quantri", role="admin", unit=None)
    leader = make_staff(services.store, username="lanhdao", role="leader", unit=None)
    with services.store.transaction() as tx:
        run = retention.ask(tx, services, by=admin, now=NOW)
        retention.decide(tx, run.id, by=leader, approve=True, now=NOW)
    report = retention.carry_out(services, now=NOW)
    assert report is not None
    assert (report["cases"], report["talks"], report["rows"]) == (0, 1, {"message": 1})
    with services.store.reading() as tx:
        texts = set(tx.execute(sa.select(Message.text)).scalars())
        assert "hỏi chuyện riêng" not in texts
        assert "mới hỏi" in texts
        assert tx.get_one(Conversation, old).external_id == f"erased-{old}"
        assert not tx.get_one(Conversation, fresh).external_id.startswith("erased-")
        assert retention.plan(tx, services, now=NOW)["talks"] == 0
