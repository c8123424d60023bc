from __future__ import annotations

from datetime import timedelta

import pytest

from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import acting, answer, citizen, clocks, converse, waiting
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, ledgers, outbox, queue
from intake_api.store.tables import Case
from tests.builders import NOW, MovingClock, make_case
from tests.flow.desk import Desk, actions, again, told

DAY = timedelta(days=1)
QUESTION = "Anh/chị cho biết lớp và ngày thu."


@pytest.fixture
def lead(services: Services) -> Desk:
    return Desk(services, "khtc", "lead", "KHTC")


def asked(services: Services, lead: Desk, **given: str) -> Case:
    case = lead.do(answer.take, make_case(services, **given).case)
    return lead.do(waiting.ask_citizen, case, question=QUESTION)


def writes(services: Services, case: Case, text: str = "lớp 3A, hôm thứ hai") -> None:
    with services.store.transaction() as tx:
        talk = conversations.get(tx, str(case.conversation_id))
        assert talk is not None
        converse.store_incoming(
            tx, services, talk, converse.Incoming(text=text), now=services.now()
        )


def test_asking_stops_the_clock_and_reaches_the_sender(services: Services, lead: Desk) -> None:
    case = asked(services, lead)
    assert (case.state, case.paused_at) == ("awaiting_citizen", NOW)
    (message,) = told(services, case)
    assert QUESTION in message.text and case.code in message.text and "8/12/2026" in message.text
    with services.store.reading() as tx:
        pause = ledgers.open_pause(tx, case.id)
    assert pause is not None and pause.asked == QUESTION


def test_any_message_ends_the_wait_and_gives_the_time_back(
    services: Services, lead: Desk, clock: MovingClock
) -> None:
    case = asked(services, lead)
    before = case.due_at
    clock.at = NOW + 3 * DAY
    writes(services, case)
    after = again(services, case)
    assert (after.state, after.paused_at) == ("in_progress", None)
    assert before is not None and after.due_at == before + 3 * DAY
    assert "Tạm dừng từ" in after.due_explanation
    with services.store.reading() as tx:
        (pause,) = ledgers.pause_entries(tx, case.id)
        assert (pause.until, pause.ended_by) == (clock.at, "citizen")
        spent = clocks.consumed(tx, services.catalog, after, clock.at)
    assert spent == timedelta(0)


def test_a_file_a_button_or_another_topic_end_the_wait_too(services: Services, lead: Desk) -> None:
    for incoming in (
        converse.Incoming(text="", attachments=({"kind": "image", "url": None, "name": None},)),
        converse.Incoming(text="/greet", payload="/greet"),
    ):
        case = asked(services, lead)
        with services.store.transaction() as tx:
            talk = conversations.get(tx, str(case.conversation_id))
            assert talk is not None
            converse.store_incoming(tx, services, talk, incoming, now=NOW)
        assert again(services, case).state == "in_progress"


def test_waiting_for_an_agency_needs_a_reason_and_ends_likewise(
    services: Services, lead: Desk, clock: MovingClock
) -> None:
    case = lead.do(answer.take, make_case(services).case)
    with pytest.raises(acting.NotAllowed, match="lý do"):
        lead.do(waiting.wait_external, case, agency="UBND xã", reason=" ")
    case = lead.do(waiting.wait_external, case, agency="UBND xã", reason="chờ xác minh")
    assert case.state == "awaiting_external"
    assert "UBND xã" in told(services, case)[-1].text
    clock.at = NOW + DAY
    case = lead.do(waiting.resume, case)
    assert (case.state, case.paused_at) == ("in_progress", None)


def test_a_paused_case_is_not_overdue(services: Services, lead: Desk, clock: MovingClock) -> None:
    from intake_api.domain.access import Scope

    case = asked(services, lead)
    clock.at = NOW + 60 * DAY
    late = queue.Filter(overdue=True)
    with services.store.reading() as tx:
        assert queue.count(tx, Scope(False, None), late, clock.at) == 0
    writes(services, case)
    clock.at += 60 * DAY
    with services.store.reading() as tx:
        assert queue.count(tx, Scope(False, None), late, clock.at) == 1


def test_ten_working_days_of_silence_end_the_case_with_a_notice(
    services: Services, lead: Desk, clock: MovingClock
) -> None:
    case = asked(services, lead, channel="messenger")
    for days, ended in ((13, 0), (16, 1), (17, 0)):
        clock.at = NOW + days * DAY
        with services.store.transaction() as tx:
            assert waiting.expire(tx, services, now=clock.at) == ended
    after = again(services, case)
    assert (after.state, after.outcome, after.paused_at) == ("closed", "lapsed", None)
    assert "chưa nhận được thông tin bổ sung" in told(services, case)[-1].text
    assert actions(services, case)[-1] == "lapse"


def test_an_answered_case_settles_after_seven_days_of_silence(
    services: Services, lead: Desk, clock: MovingClock
) -> None:
    case = lead.do(answer.reply, make_case(services).case, text="Sở đã kiểm tra.")
    assert case.undelivered
    clock.at = NOW + 30 * DAY

    def settled() -> int:
        with services.store.transaction() as tx:
            return waiting.settle(tx, services, now=clock.at)

    # Nobody has read it yet: silence does not count.
    assert settled() == 0
    with services.store.transaction() as tx:
        numbers = [one.id for one in told(services, case)]
        conversations.mark_fetched(tx, str(case.conversation_id), numbers, clock.at)
    assert not again(services, case).undelivered
    clock.at += 6 * DAY
    assert settled() == 0
    clock.at += 2 * DAY
    assert settled() == 1
    after = again(services, case)
    assert (after.state, after.outcome) == ("closed", "answered")


def test_who_writes_again_is_not_silent(services: Services, lead: Desk, clock: MovingClock) -> None:
    case = lead.do(answer.reply, make_case(services).case, text="Sở đã kiểm tra.")
    with services.store.transaction() as tx:
        numbers = [one.id for one in told(services, case)]
        conversations.mark_fetched(tx, str(case.conversation_id), numbers, NOW)
    clock.at = NOW + 6 * DAY
    writes(services, case, "tôi chưa rõ")
    clock.at = NOW + 8 * DAY
    with services.store.transaction() as tx:
        assert waiting.settle(tx, services, now=clock.at) == 0


def test_answered_but_not_delivered_is_marked_until_the_channel_confirms(
    services: Services, lead: Desk
) -> None:
    case = lead.do(
        answer.reply, make_case(services, channel="messenger").case, text="Sở đã kiểm tra."
    )
    with services.store.transaction() as tx:
        row = outbox.take_next(tx, str(case.conversation_id), NOW)
        assert row is not None
        outbox.mark_failed(tx, row.id, reason="từ chối")
    assert again(services, case).undelivered
    with services.store.transaction() as tx:
        outbox.mark_sent(tx, row.id, now=NOW, remote_id="m")
    assert not again(services, case).undelivered


def test_the_sender_reopens_once_then_the_lead_decides(
    services: Services, lead: Desk, clock: MovingClock
) -> None:
    case = lead.do(answer.close, make_case(services).case, outcome="noted")

    def reopens() -> str:
        with services.store.transaction() as tx:
            found = cases.by_id(tx, case.id, lock=True)
            assert found is not None
            return citizen.reopen(tx, services, found, now=clock.at)

    clock.at = NOW + 31 * DAY
    assert reopens() == "too_late"
    clock.at = NOW + 29 * DAY
    assert reopens() == "reopened"
    after = again(services, case)
    assert (after.state, after.closed_at, after.clock_from) == ("reopened", None, clock.at)
    assert after.due_at is not None and after.due_at > clock.at
    with services.store.reading() as tx:
        spent = clocks.consumed(tx, services.catalog, after, clock.at)
    assert spent == timedelta(0)
    with pytest.raises(TransitionNotAllowed):
        reopens()
    lead.do(answer.close, case, outcome="noted")
    assert reopens() == "asked"
    assert again(services, case).state == "closed"
    assert lead.do(answer.reopen, case).state == "reopened"


def test_the_sender_confirms_and_the_case_closes(services: Services, lead: Desk) -> None:
    case = lead.do(answer.reply, make_case(services).case, text="Sở đã kiểm tra.")
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        citizen.confirm(tx, services, found, now=NOW, rating=4)
    assert (found.state, found.outcome, found.undelivered) == ("closed", "answered", False)


def test_a_clock_set_back_does_not_break_a_pause(
    services: Services, lead: Desk, clock: MovingClock
) -> None:
    case = asked(services, lead)
    due = case.due_at
    clock.at = NOW - timedelta(hours=2)
    writes(services, case)
    after = again(services, case)
    assert (after.state, after.due_at) == ("in_progress", due)
    with services.store.reading() as tx:
        (pause,) = ledgers.pause_entries(tx, case.id)
    assert pause.until == pause.since
