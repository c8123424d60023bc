"""What migrations do with rows that are there already."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from intake_api.store import Store, conversations, events, migrate, registry
from intake_api.store.notice_tables import Notice
from intake_api.store.retention_tables import LegalHold
from intake_api.store.tables import Case, RawEvent
from tests.builders import NOW, make_conversation, make_staff, make_store
from tests.reports.rows import put, row
from tests.store.dump import everything


def test_notices_of_no_case_go_with_the_columns_that_hold_them(tmp_path: Path) -> None:
    store: Store = make_store(tmp_path)
    staff = make_staff(store)
    with store.transaction() as tx:
        tx.add(
            Notice(staff_id=staff.id, kind="report", words="Báo cáo đến hạn", path="/can-bo/",
                   at=NOW, mail="none", once="r")
        )  # fmt: skip
    migrate.downgrade(store, "0017")
    with store.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM notice")).scalar_one() == 0
        columns = {one["name"] for one in sa.inspect(connection).get_columns("notice")}
    assert {"words", "path"} & columns == set()
    migrate.upgrade(store)
    assert migrate.differences(store) == []


def test_holds_on_conversations_go_with_their_column(tmp_path: Path) -> None:
    store: Store = make_store(tmp_path)
    staff, case = make_staff(store), put(store, row())[0]
    with store.transaction() as tx:
        talk = make_conversation(tx)
        for given in ({"case_id": case}, {"conversation_id": talk.id}):
            tx.add(LegalHold(reason="Tòa án", placed_by=staff.id, placed_at=NOW, **given))
    migrate.downgrade(store, "0027")
    with store.engine.connect() as connection:
        left = connection.execute(sa.text("SELECT case_id FROM legal_hold")).scalars().all()
    assert left == [case]
    migrate.upgrade(store)
    assert migrate.differences(store) == []


def test_events_of_channels_are_sealed_and_opened_but_for_those_of_the_lane(tmp_path: Path) -> None:
    store: Store = make_store(tmp_path)
    with store.transaction() as tx:
        talk = make_conversation(tx)
        for key, sealed in (("web:1", False), ("web:2", True)):
            registry.add_raw_event(
                tx, channel="web", natural_key=key, body={"text": f"lời {key}"}, now=NOW
            )
            conversations.add_inbound(
                tx, talk, text="…", payload=None, channel_message_id=key, now=NOW, sealed=sealed
            )
        conversations.add_inbound(
            tx, talk, text="…", payload=None, channel_message_id=None, now=NOW, sealed=True
        )
    assert "lời web" not in everything(store)
    migrate.downgrade(store, "0029")
    assert "lời web:1" in everything(store) and "lời web:2" not in everything(store)
    migrate.upgrade(store)
    with store.reading() as tx:
        bodies = [one.body for one in tx.query(RawEvent).order_by(RawEvent.id)]
    assert bodies == [{"text": "lời web:1"}, {"text": "lời web:2"}]
    with store.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT body FROM raw_event")).scalars().all()
    assert all("sealed" in str(one) for one in kept)
    store.close()


def test_tombstones_learn_from_the_chain_what_they_were(tmp_path: Path) -> None:
    store: Store = make_store(tmp_path)
    known, unknown = put(store, row(state="erased"), row(state="erased"))
    with store.transaction() as tx:
        events.append(
            tx, at=NOW, actor="system", action="erase", case_id=known,
            data={"from": "rejected_spam", "to": "erased"},
        )  # fmt: skip
    migrate.downgrade(store, "0018")
    migrate.upgrade(store)
    with store.reading() as tx:
        assert tx.get_one(Case, known).ended_as == "rejected_spam"
        assert tx.get_one(Case, unknown).ended_as is None
