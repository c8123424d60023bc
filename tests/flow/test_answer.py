from __future__ import annotations

import pytest

from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import answer
from intake_api.flow.services import Services
from intake_api.store import Session, Store, cases, conversations, events
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from tests.builders import NOW, make_case, make_staff


def acting(staff: Staff, case: Case) -> answer.Acting:
    return answer.Acting(staff, case.version, NOW)


def opened(tx: Session, code: str, staff: Staff) -> Case:
    return answer.open_case(tx, code=code, staff=staff)


@pytest.fixture
def lead(store: Store) -> Staff:
    return make_staff(store)


def test_the_reply_goes_to_where_the_person_wrote(services: Services, lead: Staff) -> None:
    code = make_case(services, channel="messenger").case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        message = answer.reply(
            tx, case, acting(lead, case), services=services, text="Sở đã kiểm tra."
        )
    assert "Sở đã kiểm tra." in message.text and code in message.text
    assert (case.state, case.answered_at, message.state) == ("answered", NOW, "queued")


def test_a_stale_version_changes_nothing(services: Services, lead: Staff) -> None:
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        old = acting(lead, case)
        answer.take(tx, case, old, services=services)
        with pytest.raises(answer.StaleVersion):
            answer.reply(tx, case, old, services=services, text="hai lần")


def test_replying_twice_from_two_windows_sends_once(services: Services, lead: Staff) -> None:
    code = make_case(services, channel="messenger").case.code
    by = None
    for _ in range(2):
        with services.store.transaction() as tx:
            case = opened(tx, code, lead)
            by = by or acting(lead, case)
            if case.version == by.version:
                answer.reply(tx, case, by, services=services, text="Một lần.")
            else:
                with pytest.raises(answer.StaleVersion):
                    answer.reply(tx, case, by, services=services, text="Một lần.")
    with services.store.reading() as tx:
        sent = [m for m in cases.messages(tx, case) if m.author == "staff"]
    assert len(sent) == 1


def test_a_case_of_another_unit_looks_like_none(services: Services, store: Store) -> None:
    other = make_staff(store, username="tccb", unit="TCCB")
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        for name in (code, "PA-2611-0000-0000"):
            with pytest.raises(KeyError):
                opened(tx, name, other)


def test_a_correction_is_kept_as_a_training_candidate(services: Services, lead: Staff) -> None:
    code = make_case(
        services, text="Trường thu quỹ 500k, gọi 0900000123, đề nghị kiểm tra khoản thu"
    ).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        changed = answer.correct(
            tx, case, acting(lead, case), services=services, kind="suggestion", topic=case.topic,
            sentiment=case.sentiment, urgent=True,
        )  # fmt: skip
    with services.store.reading() as tx:
        kept = cases.corrections(tx)
    assert sorted(changed) == ["kind", "urgent"] and len(kept) == 2
    assert all("0900000123" not in one.text_masked for one in kept)


def test_correcting_into_a_confidential_kind_seals(services: Services, lead: Staff) -> None:
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        answer.correct(
            tx, case, acting(lead, case), services=services, kind="denunciation", topic=case.topic,
            sentiment=case.sentiment, urgent=False,
        )  # fmt: skip
    with services.store.transaction() as tx, pytest.raises(KeyError):
        opened(tx, code, lead)


def test_a_topic_chosen_anew_carries_what_the_catalogue_says_of_it(
    services: Services, lead: Staff
) -> None:
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        changed = answer.correct(
            tx, case, acting(lead, case), services=services, kind=case.kind,
            topic="b.xam_hai_tre_em", sentiment=case.sentiment, urgent=False,
        )  # fmt: skip
    assert (case.confidential, case.urgent) == (True, True)
    assert changed == ["topic", "urgent"]


def test_what_a_correction_seals_leaves_the_hands_it_was_in_and_is_told_of(
    services: Services, lead: Staff
) -> None:
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        answer.take(tx, case, acting(lead, case), services=services)
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        answer.correct(
            tx, case, acting(lead, case), services=services, kind="denunciation", topic=case.topic,
            sentiment=case.sentiment, urgent=False,
        )  # fmt: skip
    assert (case.confidential, case.assignee_id) == (True, None)
    with services.store.reading() as tx:
        # The confidential officer is told of what arrives in the lane by this event.
        assert [one.action for one in events.of_case(tx, case.id)][-2:] == ["corrected", "sealed"]


def test_a_transfer_needs_a_reason_and_moves_the_case(services: Services, lead: Staff) -> None:
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        with pytest.raises(answer.NotAllowed):
            answer.transfer(tx, case, acting(lead, case), services=services, unit="VP", reason=" ")
        answer.transfer(
            tx,
            case,
            acting(lead, case),
            services=services,
            unit="TCCB",
            reason="thuộc tổ chức cán bộ",
        )
    assert (case.unit, case.route_rule, case.assignee_id) == ("TCCB", "người chuyển", None)


def test_a_formal_complaint_needs_two_people(services: Services, store: Store) -> None:
    code = make_case(services, kind="complaint").case.code
    boss = make_staff(store, username="vp", unit="VP")
    other = make_staff(store, username="vp2", unit="VP", role="handler")
    with services.store.transaction() as tx:
        case = opened(tx, code, boss)
        with pytest.raises(answer.NotAllowed):
            answer.reply(tx, case, acting(boss, case), services=services, text="Trả lời.")
        answer.draft_answer(tx, case, acting(other, case), services=services, text="Dự thảo.")
        with pytest.raises(answer.NotAllowed):
            answer.reply(tx, case, acting(boss, case), services=services, text="Lời khác hẳn.")
        answer.reply(tx, case, acting(boss, case), services=services, text="Dự thảo.")
    assert case.state == "answered"
    with services.store.reading() as tx:
        assert answer.draft_of(tx, case) is None


def test_closing_tells_the_person_and_ends(services: Services, lead: Staff) -> None:
    code = make_case(services, channel="messenger").case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        answer.close(tx, case, acting(lead, case), services=services, outcome="corrected")
        with pytest.raises(TransitionNotAllowed):
            answer.reply(tx, case, acting(lead, case), services=services, text="Thêm.")
    with services.store.reading() as tx:
        assert case.conversation_id is not None
        last = conversations.messages(tx, case.conversation_id)[-1]
    assert "chấn chỉnh" in last.text and case.closed_at == NOW


def test_every_move_is_one_event_in_an_unbroken_chain(services: Services, lead: Staff) -> None:
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        answer.take(tx, case, acting(lead, case), services=services)
        answer.draft_answer(tx, case, acting(lead, case), services=services, text="Dự thảo.")
        answer.reply(tx, case, acting(lead, case), services=services, text="Trả lời.")
        answer.close(tx, case, acting(lead, case), services=services, outcome="answered")
        answer.reopen(tx, case, acting(lead, case), services=services)
    with services.store.reading() as tx:
        done = [event.action for event in events.of_case(tx, case.id)]
        assert list(events.verify(tx)) == []
    assert done == ["received", "take", "draft_answer", "reply", "close", "reopen"]


def test_nobody_is_told_of_an_answer_that_was_not_sent(services: Services, lead: Staff) -> None:
    code = make_case(services).case.code
    with services.store.transaction() as tx:
        case = opened(tx, code, lead)
        before = case.version
        with pytest.raises(answer.NotAllowed, match="Chưa có trả lời"):
            answer.close(tx, case, acting(lead, case), services=services, outcome="answered")
        assert (case.version, case.outcome, case.closed_at) == (before, None, None)
