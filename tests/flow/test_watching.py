"""The early warning over cases: whom it counts, what it opens, what it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from intake_api.flow.services import Services
from intake_api.store import Store, notices, watching, webhooks
from intake_api.store.registers import Event
from intake_api.store.watch_tables import WatchDay
from intake_api.watch.model import Level
from tests import builders
from tests.builders import NOW
from tests.flow.watch_house import LUNCH, look, put, weeks, written

POISON = "b.bua_an_ban_tru"


def _burst(people: int = 12, **given: Any) -> list[dict[str, Any]]:
    return [written(0, POISON, LUNCH, **given) for _ in range(people)]


def test_a_burst_opens_one_alert_with_its_evidence(store: Store, services: Services) -> None:
    office = builders.make_staff(store, username="vanphong", role="coordinator", unit="VP")
    other = builders.make_staff(store, username="khtc", role="lead", unit="KHTC")
    put(store, weeks() + _burst())
    (found,) = look(services)
    assert (found.kind, found.code, found.state) == ("topic", POISON, "open")
    assert found.level == Level.WATCHING and found.proposed >= Level.WARNING
    assert found.evidence["people"] == 12 and len(found.evidence["cases"]) == 12
    assert any("đau bụng" in phrase for phrase, _ in found.evidence["phrases"])
    with store.reading() as tx:
        assert notices.unread(tx, office.id) == 1 and notices.unread(tx, other.id) == 0
        event = tx.execute(sa.select(Event).where(Event.action == "alert_opened")).scalar_one()
        assert event.data["topic"] == POISON and "phrases" not in event.data
    assert look(services) == []


def test_calm_weeks_open_nothing(store: Store, services: Services) -> None:
    put(store, weeks())
    assert look(services) == []


def test_one_person_is_one_person(store: Store, services: Services) -> None:
    put(store, weeks() + _burst(30, conversation_id="a" * 32))
    assert look(services) == []
    with store.reading() as tx:
        day = tx.execute(sa.select(WatchDay).where(WatchDay.code == POISON)).scalar_one()
        assert (day.count, day.people) == (30, 1)


def test_one_text_of_many_is_one_text(store: Store, services: Services) -> None:
    rows = _burst(20)
    for one in rows:
        one["text"] = one["text_masked"] = LUNCH
    put(store, weeks() + rows)
    assert look(services) == []


def test_sealed_and_erased_cases_and_spam_are_never_counted(
    store: Store, services: Services
) -> None:
    put(store, weeks() + _burst(12, confidential=True) + _burst(12, state="erased")
        + _burst(12, state="rejected_spam"))  # fmt: skip
    assert look(services) == []
    with store.reading() as tx:
        assert not watching.days_of(tx, "topic", [POISON], NOW.date() - timedelta(days=60))


def test_a_school_stands_out_although_its_topics_do_not(store: Store, services: Services) -> None:
    topics = ("e.sgk", "dd.hoc_phi", "e.day_them", "g.csdl_phan_mem", "d.luong_che_do")
    calm = weeks(topics=topics)
    for number, one in enumerate(calm):
        one["school"] = "THCS Trần Phú" if number % 25 == 0 else f"Trường {number % 7}"
    now = [written(0, topics[n % 5], f"việc {n}", school="THCS Trần Phú") for n in range(10)]
    put(store, calm + now)
    found = look(services)
    assert [(one.kind, one.code) for one in found] == [("school", "THCS Trần Phú")]
    with store.reading() as tx:
        event = tx.execute(sa.select(Event).where(Event.action == "alert_opened")).scalar_one()
        assert "Trần Phú" not in str(event.data)


def test_a_phrase_surges_across_topics_and_schools(store: Store, services: Services) -> None:
    topics = ("e.sgk", "dd.hoc_phi", "e.day_them", "g.csdl_phan_mem", "d.luong_che_do", "k.nq29")
    said = [written(0, topics[n % 6], f"nghe nói đóng quỹ đồng phục thể dục mới {n}")
            for n in range(12)]  # fmt: skip
    put(store, weeks(topics=topics) + said)
    found = look(services)
    assert [one.kind for one in found] == ["phrase"]
    assert "đồng phục" in found[0].evidence["shown"]


def test_rising_numbers_propose_a_higher_level_and_wake_what_was_left_aside(
    store: Store, services: Services
) -> None:
    put(store, weeks() + _burst(9))
    (first,) = look(services)
    with store.transaction() as tx:
        one = watching.alert(tx, first.id)
        assert one is not None
        one.snoozed_until = NOW + timedelta(days=3)
    put(store, _burst(60))
    (again,) = look(services)
    assert again.id == first.id and again.proposed > first.proposed and again.level == first.level
    assert again.snoozed_until is None


def test_what_was_closed_does_not_open_again_by_the_same_days(
    store: Store, services: Services
) -> None:
    put(store, weeks() + _burst())
    (first,) = look(services)
    with store.transaction() as tx:
        one = watching.alert(tx, first.id)
        assert one is not None
        one.state = "closed"
    assert look(services) == []
    assert look(services, NOW + timedelta(days=1)) == []


def test_days_are_counted_in_portions_and_yesterday_anew(store: Store, services: Services) -> None:
    put(store, weeks(60))
    look(services)
    with store.reading() as tx:
        state = watching.state(tx)
        assert state is not None and (state.last_day - state.first_day).days == 59
    put(store, [written(1, "k.nq29"), written(5, "k.nq29")])
    look(services)
    with store.reading() as tx:
        rows = watching.days_of(tx, "topic", ["k.nq29"], NOW.date() - timedelta(days=60))
        assert [(NOW.date() - one.day).days for one in rows] == [1]


def test_an_empty_house_is_no_error(store: Store, services: Services) -> None:
    assert look(services) == []


def test_other_systems_hear_of_it_without_words(store: Store, services: Services) -> None:
    from intake_api.flow import webhooks as writing
    from intake_api.store.webhook_tables import WebhookDelivery, WebhookEndpoint

    with store.transaction() as tx:
        webhooks.cursor(tx)
        webhooks.add_endpoint(
            tx,
            WebhookEndpoint(url="https://example.org/a", types=["alert.opened"], active=True,
                            created_at=NOW),
        )  # fmt: skip
    put(store, weeks() + _burst())
    look(services)
    with store.transaction() as tx:
        assert writing.write(tx, services, now=NOW) == 1
    with store.reading() as tx:
        sent = tx.execute(sa.select(WebhookDelivery)).scalar_one()
        assert sent.type == "alert.opened" and POISON in sent.body and "đau" not in sent.body


def test_whoever_sends_without_a_key_is_one_person_by_address(
    store: Store, services: Services
) -> None:
    from intake_api.flow import floods

    put(store, weeks() + _burst(12))
    with store.transaction() as tx:
        ids = tx.execute(sa.text("SELECT id FROM cases WHERE topic = 'b.bua_an_ban_tru'")).scalars()
        for number in list(ids):
            floods.note(tx, services, case_id=number, origin="203.0.113.9", now=NOW)
    assert look(services) == []
