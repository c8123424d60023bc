from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from intake_api.store import (
    Store,
    StoreUnavailable,
    conversations,
    events,
    migrate,
    outbox,
    registry,
)
from intake_api.store.registers import Event
from tests.builders import NOW, make_conversation, make_store


def test_the_newest_migration_makes_exactly_the_tables_of_the_code(store: Store) -> None:
    assert migrate.is_current(store)
    assert migrate.differences(store) == []


def test_migrations_go_down_and_up_again(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    migrate.upgrade(store)
    migrate.downgrade(store)
    assert set(sa.inspect(store.engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(store)
    assert migrate.is_current(store)


def test_an_error_in_a_transaction_keeps_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        make_conversation(tx, external_id="gone")
        raise ZeroDivisionError
    with store.reading() as tx:
        assert conversations.find(tx, channel="web", external_id="gone") is None


def test_sqlite_commits_reach_the_disk(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_full_disk_is_said_and_keeps_nothing(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    # SQLite's own limit on the file raises the very error that a full disk raises.
    @sa.event.listens_for(store.engine, "connect")
    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    store.engine.dispose()
    with pytest.raises(StoreUnavailable, match="full"), store.transaction() as tx:
        for number in range(2000):
            make_conversation(tx, external_id=f"{number}-{'x' * 150}")
    with store.reading() as tx:
        assert conversations.find(tx, channel="web", external_id="0-" + "x" * 150) is None


def test_a_naive_datetime_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError), store.transaction() as tx:
        make_conversation(tx, now=NOW.replace(tzinfo=None))


def chain(store: Store, count: int = 5) -> None:
    with store.transaction() as tx:
        for number in range(count):
            events.append(tx, at=NOW, actor="system", action="did", data={"n": number})


def breaks(store: Store) -> list[str]:
    with store.reading() as tx:
        return [one.reason for one in events.verify(tx)]


def test_an_untouched_chain_holds(store: Store) -> None:
    chain(store)
    assert breaks(store) == []


@pytest.mark.parametrize(
    ("tampering", "wanted"),
    [
        ("UPDATE event SET actor = 'staff:9' WHERE id = 3", "changed"),
        ("DELETE FROM event WHERE id = 3", "missing"),
        ("DELETE FROM event WHERE id = 5", "missing"),
        ("UPDATE event SET hash = previous, previous = hash WHERE id = 2", "changed"),
    ],
)
def test_edits_and_deletions_are_found(store: Store, tampering: str, wanted: str) -> None:
    chain(store)
    with store.transaction() as tx:
        tx.execute(sa.text(tampering))
    assert any(wanted in reason for reason in breaks(store))


def test_reordered_events_are_found(store: Store) -> None:
    chain(store)
    with store.transaction() as tx:
        for change in ("id = 90 WHERE id = 2", "id = 2 WHERE id = 3", "id = 3 WHERE id = 90"):
            tx.execute(sa.text(f"UPDATE event SET {change}"))
    assert breaks(store)


def words(store: Store) -> None:
    with store.transaction() as tx:
        events.append(tx, at=NOW, actor="system", action="did", words={"reason": "vì sao"})


def test_words_stand_beside_the_chain_and_are_read_with_it(store: Store) -> None:
    words(store)
    assert breaks(store) == []
    with store.reading() as tx:
        (event,) = tx.execute(sa.select(Event)).scalars()
    assert list(event.data) == ["words"] and "vì sao" not in str(event.data)


@pytest.mark.parametrize(
    "tampering",
    ['UPDATE event_words SET words = \'{"reason": "khác"}\'', "DELETE FROM event_words"],
)
def test_words_that_were_changed_or_taken_away_are_found(store: Store, tampering: str) -> None:
    words(store)
    with store.transaction() as tx:
        tx.execute(sa.text(tampering))
    assert breaks(store) == ["its words were changed or are missing"]


def test_a_raw_event_is_kept_once(store: Store) -> None:
    with store.transaction() as tx:
        first = registry.add_raw_event(tx, channel="messenger", natural_key="k", body={}, now=NOW)
        again = registry.add_raw_event(tx, channel="messenger", natural_key="k", body={}, now=NOW)
        make_conversation(tx, external_id="still works")
    assert (first, again) == (True, False)


def test_one_claim_at_a_time_and_a_dead_worker_gives_it_back(store: Store) -> None:
    with store.transaction() as tx:
        name = make_conversation(tx).id
        assert conversations.claim(tx, name, NOW)
        assert not conversations.claim(tx, name, NOW)
        assert conversations.claim(tx, name, NOW + conversations.CLAIM + timedelta(seconds=1))


def test_the_outbox_keeps_the_order_of_a_conversation(store: Store) -> None:
    with store.transaction() as tx:
        talk = make_conversation(tx, channel="messenger")
        for text in ("một", "hai"):
            conversations.add_outbound(tx, talk, text=text, payload=None, author="bot", now=NOW)
        first = outbox.take_next(tx, talk.id, NOW)
        assert first is not None
        # While the first is on its way nothing overtakes it.
        assert outbox.take_next(tx, talk.id, NOW) is None
        outbox.mark_retry(tx, first.id, at=NOW + timedelta(seconds=30), error="busy")
        tx.flush()
        assert outbox.take_next(tx, talk.id, NOW) is None
        again = outbox.take_next(tx, talk.id, NOW + timedelta(seconds=31))
        assert again is not None and again.id == first.id
        outbox.mark_sent(tx, first.id, now=NOW, remote_id="m1")
        tx.flush()
        second = outbox.take_next(tx, talk.id, NOW)
        assert second is not None and outbox.message_of(tx, second).text == "hai"


def test_held_messages_go_when_the_person_writes_again(store: Store) -> None:
    with store.transaction() as tx:
        talk = make_conversation(tx, channel="messenger")
        conversations.add_outbound(tx, talk, text="trả lời", payload=None, author="staff", now=NOW)
        row = outbox.take_next(tx, talk.id, NOW)
        assert row is not None
        outbox.mark_held(tx, row.id, reason="quá 24 giờ")
        tx.flush()
        assert outbox.due_conversations(tx, NOW) == []
        assert outbox.release_held(tx, talk.id, NOW) == 1
        tx.flush()
        assert outbox.due_conversations(tx, NOW) == [talk.id]
