"""Somebody changes what they sent in Messenger: kept, met, shown and let go like every word."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.serving import make_server

from intake_api.channels.meta_twin import MetaTwin
from intake_api.domain.inbound import InboundEvent
from intake_api.flow import acting, answer, converse, erasing, own_data, receive, takeover, waiting
from intake_api.flow.services import Services
from intake_api.store import Store, cases, conversations, events, transcript
from intake_api.store.tables import Case, Message, RawEvent
from tests import builders
from tests.builders import NOW, MovingClock, ScriptedAssistant
from tests.flow.desk import Desk, actions, again
from tests.flow.test_converse import DANGER, event, said, store_all
from tests.flow.test_lane import ACCUSES
from tests.store.dump import everything

FIRST = "Trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu"
BETTER = "Trường THPT B Kim Bảng thu quỹ lớp 900 nghìn không có phiếu thu"


def change(text: str, number: int = 1, of: str = "mid.1", **more: Any) -> InboundEvent:
    key = f"edit:{of}:{number}"
    return event(text, key, kind="edit", of=of, raw={"message_edit": {"text": text}}, **more)


def recorded(services: Services, text: str = FIRST, **given: Any) -> Case:
    """A case whose words came in as ``mid.1``."""
    case = builders.make_case(services, text=text, channel="messenger", **given).case
    with services.store.transaction() as tx:
        (message,) = cases.messages(tx, tx.get_one(Case, case.id))
        message.channel_message_id = "messenger:mid.1"
        message.created_at = NOW
        talk = conversations.get(tx, message.conversation_id)
        assert talk is not None
        talk.external_id, talk.last_inbound_at = "2002", NOW - timedelta(minutes=5)
    return case


def newest(services: Services, name: str | None) -> Message:
    with services.store.reading() as tx:
        rows = conversations.messages(tx, str(name))
        return [one for one in rows if one.direction == "in"][-1]


@contextmanager
def running(store: Store, assistant: ScriptedAssistant) -> Iterator[tuple[MetaTwin, Services]]:
    """The whole intake and the simulated platform, on loopback."""
    app = builders.make_app(store, assistant=assistant)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    webhook = f"http://127.0.0.1:{server.server_port}/webhooks/messenger"
    try:
        with MetaTwin(
            page_token="test-page-token", app_secret="test-app-secret", webhook=webhook, seed=1
        ) as twin:
            yield twin, app.extensions["langnghe"].services
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_through_the_door_the_new_words_stand_beside_the_old_and_nobody_answers_them(
    store: Store, assistant: ScriptedAssistant
) -> None:
    with running(store, assistant) as (twin, services):
        assert twin.say("2002", "học phí lớp 10", mid="m_1").acknowledged
        for number, words in ((1, "học phí lớp 11"), (1, "học phí lớp 11"), (2, "học phí lớp 12")):
            assert twin.edit("2002", words, mid="m_1", number=number).acknowledged
    with store.reading() as tx:
        talk = conversations.find(tx, channel="messenger", external_id="2002")
        assert talk is not None
    assert said(store, talk.id) == [
        ("citizen", "học phí lớp 10", "waiting"),
        ("citizen", "học phí lớp 11", "done"),
        ("citizen", "học phí lớp 12", "done"),
    ]
    converse.take_turn(services, talk.id)
    assert len(assistant.turns) == 1


def test_the_handler_is_told_and_reads_them_in_the_case(services: Services) -> None:
    case = recorded(services)
    lead = Desk(services, "khtc", "lead", "KHTC")
    lead.do(answer.take, case)
    waits = lead.do(waiting.ask_citizen, case, question="Trường nào ạ?")
    (name,) = store_all(services, change(BETTER))
    now = again(services, case)
    assert now.state == "in_progress" and now.version > waits.version
    assert actions(services, case)[-1] == "said_more"
    message = newest(services, name)
    assert (message.text, message.case_id, message.sealed) == (BETTER, case.id, False)
    with services.store.reading() as tx:
        shown = transcript.of_case(tx, now, lambda _case: True)
        talk = conversations.get(tx, name)
        assert message.id in [one.id for one in shown]
        # No platform says that a change opens its window.
        assert talk is not None and talk.last_inbound_at == NOW - timedelta(minutes=5)
    with services.store.transaction() as tx:
        found = tx.get_one(Case, case.id)
        told = own_data.gather(tx, services, found, now=NOW)["trao_doi"]
    assert BETTER in [one["noi_dung"] for one in told]


def test_after_the_answer_who_answered_is_told_and_nothing_is_taken_up(services: Services) -> None:
    case = recorded(services)
    Desk(services, "khtc", "lead", "KHTC").do(answer.reply, case, text="Trường đã trả lại tiền.")
    store_all(services, change(BETTER))
    assert newest(services, case.conversation_id).case_id == case.id
    assert again(services, case).state == "answered"
    assert actions(services, case)[-1] == "said_more"


def test_before_there_is_a_case_it_waits_for_it_with_its_message(services: Services) -> None:
    (name,) = store_all(services, event(FIRST), change(BETTER))
    assert newest(services, name).case_id is None
    with services.store.transaction() as tx:
        talk = conversations.get(tx, name)
        assert talk is not None
        opening = conversations.messages(tx, name)[0]
        draft = receive.open_draft(
            tx, services, conversation=talk, text=FIRST, message_id=opening.id, now=NOW
        )
        case = receive.submit_draft(tx, services, draft=draft, conversation=talk, now=NOW).case
    assert newest(services, name).case_id == case.id


def test_the_change_of_a_message_that_never_came_is_what_the_person_says(
    services: Services, assistant: ScriptedAssistant
) -> None:
    (name,) = store_all(services, change("học phí lớp 11"), change("học phí lớp 12", 2))
    assert said(services.store, name) == [
        ("citizen", "học phí lớp 11", "waiting"),
        ("citizen", "học phí lớp 12", "done"),
    ]


def test_nobody_changes_what_another_person_said(services: Services) -> None:
    case = recorded(services)
    (other,) = store_all(services, change(BETTER, external_id="3003"))
    message = newest(services, other)
    assert (message.case_id, message.state) == (None, "waiting")
    assert other != case.conversation_id


def test_a_message_of_another_applications_time_is_known_too(services: Services) -> None:
    first = event(FIRST, "standby:mid.1", standby=True)
    (name,) = store_all(services, first, change(BETTER, standby=True))
    assert [text for author, text, _state in said(services.store, name) if author == "citizen"] == [
        FIRST, BETTER,
    ]  # fmt: skip
    assert newest(services, name).state == "done"


def test_while_an_officer_speaks_it_belongs_to_her_case(services: Services) -> None:
    case = recorded(services)
    lead = Desk(services, "khtc", "lead", "KHTC")
    store_all(services, event("dạ vâng", "mid.2"))
    with services.store.transaction() as tx:
        talk = conversations.get(tx, str(case.conversation_id))
        assert talk is not None
        takeover.take(tx, services, talk, staff=lead.staff, case=tx.get_one(Case, case.id), now=NOW)
    store_all(services, change("dạ không", of="mid.2"))
    assert newest(services, case.conversation_id).case_id == case.id


def test_danger_in_the_new_words_sends_the_numbers_at_once(services: Services) -> None:
    case = recorded(services)
    (name,) = store_all(services, change(DANGER))
    with services.store.reading() as tx:
        rows = conversations.messages(tx, name)
        emergency = cases.of_conversation(tx, name)[0]
        beside = transcript.of_case(tx, tx.get_one(Case, case.id), lambda one: not one.confidential)
    assert "111" in rows[-1].text and rows[-1].state == "queued"
    assert (emergency.kind, rows[-2].case_id) == ("child_protection", emergency.id)
    assert [one.text for one in beside] == [FIRST]
    assert DANGER not in everything(services.store)


def test_an_accusation_in_the_new_words_is_a_sealed_case_of_its_own(services: Services) -> None:
    case = recorded(services)
    (name,) = store_all(services, change(ACCUSES), change(f"{ACCUSES} ngay", 2))
    with services.store.reading() as tx:
        sealed, normal = cases.of_conversation(tx, name)
        beside = transcript.of_case(tx, tx.get_one(Case, case.id), lambda one: not one.confidential)
        rows = conversations.messages(tx, name)
    assert (sealed.confidential, normal.id) == (True, case.id)
    assert [one.case_id for one in rows] == [case.id, sealed.id, sealed.id, sealed.id]
    assert sealed.code in rows[2].text and rows[2].author == "system"
    assert [one.text for one in beside] == [FIRST]
    assert ACCUSES not in everything(services.store)


def test_what_changes_an_accusation_is_sealed_with_its_event(services: Services) -> None:
    soft = "ông ấy ở phòng giám hiệu, lần này tôi nhớ rõ"
    (name,) = store_all(services, event(ACCUSES), change(soft))
    message = newest(services, name)
    assert (message.sealed, message.case_id) == (True, None)
    assert soft not in everything(services.store)
    with services.store.reading() as tx:
        (raw,) = tx.query(RawEvent).filter_by(natural_key="messenger:edit:mid.1:1")
        assert raw.body == {"message_edit": {"text": soft}}


def test_a_case_sealed_later_takes_the_new_words_along(services: Services) -> None:
    case, lead = recorded(services), Desk(services, "khtc", "lead", "KHTC")
    store_all(services, change(BETTER))
    assert "900 nghìn" in everything(services.store)
    with services.store.transaction() as tx:
        found = acting.open_case(tx, code=case.code, staff=lead.staff)
        answer.seal(tx, found, acting.Acting(lead.staff, found.version, NOW), services=services)
    assert newest(services, case.conversation_id).sealed
    with services.store.engine.connect() as connection:
        columns = "SELECT text FROM message", "SELECT body FROM raw_event"
        kept = [str(v) for one in columns for v in connection.exec_driver_sql(one).scalars()]
    assert kept and all("sealed:" in one or "sealed" in one for one in kept)
    assert not any("900" in one for one in kept)


def test_what_was_erased_is_gone_with_its_changes(services: Services, clock: MovingClock) -> None:
    case = recorded(services)
    store_all(services, change(BETTER))
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        found.state, found.closed_at = "closed", clock.at
        assert erasing.erase(tx, services, found, why="request", now=clock.at)
    with services.store.reading() as tx:
        assert tx.query(Message).count() == 0
        assert [one.body for one in tx.query(RawEvent)] == [{"erased": True}]
        assert list(events.verify(tx)) == []


def test_what_nobody_here_reads_is_not_kept_in_plain_text(services: Services) -> None:
    unread = {"event": {"request": "con tôi bị đánh ở lớp 7A"}}
    store_all(services, event("", "sha256:1", kind="other", detail="too_many", raw=unread))
    assert "7A" not in everything(services.store)
    with services.store.reading() as tx:
        assert [one.body for one in tx.query(RawEvent)] == [unread]


@pytest.mark.parametrize("text", [BETTER, ACCUSES, DANGER])
def test_the_same_change_again_does_nothing(services: Services, text: str) -> None:
    case = recorded(services)
    assert store_all(services, change(text)) == [case.conversation_id]
    before = said(services.store, str(case.conversation_id))
    assert store_all(services, change(text)) == []
    assert said(services.store, str(case.conversation_id)) == before
