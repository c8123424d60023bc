"""The confidential lane before and beside a case: gaps, corrections, words that are no case yet."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake_api.flow import answer, ask, citizen, converse, receive, webchat
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, transcript
from intake_api.store.registers import Gap
from intake_api.store.tables import Case
from tests.builders import NOW, load_faq, make_case, make_conversation, make_staff
from tests.flow.test_converse import DANGER, event, store_all

ACCUSES = (
    "Tôi tố cáo ông hiệu trưởng trường THPT A Kim Bảng nhận hối lộ, tham ô tiền quỹ của học sinh, "
    "đề nghị Sở xử lý"
)
WISH = "Đề nghị Sở bố trí thêm xe buýt đưa đón học sinh ở xa"


def normal(case: Case) -> bool:
    return not case.confidential


def test_an_accusation_is_not_read_beside_a_normal_case_while_it_is_no_case_yet(
    services: Services,
) -> None:
    first = make_case(services, text=WISH)
    assert not first.case.confidential
    with services.store.reading() as tx:
        talk = conversations.get(tx, str(first.case.conversation_id))
    assert talk is not None
    for text in (ACCUSES, "ông A ở phòng giám hiệu"):
        webchat.say(services, token=talk.external_id, text=text)
    with services.store.reading() as tx:
        case = cases.by_id(tx, first.case.id)
        assert case is not None
        assert [m.text for m in transcript.of_case(tx, case, normal)] == [WISH]


def test_the_opening_message_belongs_to_the_case_that_its_draft_becomes(services: Services) -> None:
    with services.store.transaction() as tx:
        talk = make_conversation(tx)
        said = converse.store_incoming(tx, services, talk, converse.Incoming(text=WISH), now=NOW)
        draft = receive.open_draft(
            tx, services, conversation=talk, text=WISH, message_id=said.id, now=NOW
        )
        case = receive.submit_draft(tx, services, draft=draft, conversation=talk, now=NOW).case
    assert (said.case_id, said.sealed) == (case.id, case.confidential)


def test_an_accusation_is_no_gap_for_editors(services: Services) -> None:
    load_faq(services.store)
    with services.store.transaction() as tx:
        for text in (ACCUSES, "giá vàng hôm nay bao nhiêu"):
            ask.ask(tx, services, conversation=None, text=text, channel="web", now=NOW)
        kept = list(tx.execute(select(Gap.text_masked)).scalars())
    assert kept == ["giá vàng hôm nay bao nhiêu"]


def test_corrections_of_sealed_cases_stay_in_their_lane(services: Services) -> None:
    case = make_case(services, text=ACCUSES).case
    assert case.confidential
    officer = make_staff(services.store, username="mat", role="confidential_officer", unit=None)
    with services.store.transaction() as tx:
        opened = answer.open_case(tx, code=case.code, staff=officer)
        assert answer.correct(
            tx, opened, answer.Acting(officer, opened.version, NOW), services=services,
            kind=opened.kind, topic=opened.topic, sentiment=opened.sentiment,
            urgent=not opened.urgent,
        )  # fmt: skip
    with services.store.reading() as tx:
        assert cases.corrections(tx) == []


def test_a_danger_longer_than_a_case_is_met_all_the_same(services: Services) -> None:
    text = f"{DANGER}. " + "Chuyện dài. " * 600
    (name,) = store_all(services, event(text))
    with services.store.reading() as tx:
        stored, numbers = conversations.messages(tx, name)
        (case,) = cases.of_conversation(tx, name)
    assert stored.text == text and "111" in numbers.text
    assert case.confidential and case.text == text[: receive.MAX_TEXT]


@pytest.mark.parametrize("state", ["answered", "closed", "withdrawn"])
def test_an_ended_case_is_not_withdrawn_but_the_wish_is_noted(
    services: Services, state: str
) -> None:
    made = make_case(services, text=WISH).case
    with services.store.transaction() as tx:
        case = cases.by_id(tx, made.id)
        talk = conversations.get(tx, str(made.conversation_id))
        assert case is not None and talk is not None
        case.state = state
        tx.flush()
        meant = citizen.meant(tx, talk, f"cho tôi rút {made.code}")
        assert meant is case
        assert not citizen.withdraw(tx, services, case, now=NOW)
    assert case.state == state


def test_an_addition_stands_beside_its_case_even_after_a_sealed_matter(services: Services) -> None:
    first = make_case(services, text=WISH).case
    with services.store.transaction() as tx:
        talk = conversations.get(tx, str(first.conversation_id))
        assert talk is not None
        converse.store_incoming(tx, services, talk, converse.Incoming(text=ACCUSES), now=NOW)
        more = converse.store_incoming(
            tx, services, talk, converse.Incoming(text="bổ sung: xã Thanh Sơn"), now=NOW
        )
        case = citizen.meant(tx, talk, f"bổ sung {first.code}")
        assert case is not None
        citizen.supplement(tx, services, case, now=NOW, message=more)
        shown = [m.text for m in transcript.of_case(tx, case, normal)]
    assert shown == [WISH, "bổ sung: xã Thanh Sơn"]
