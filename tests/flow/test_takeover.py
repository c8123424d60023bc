"""A person speaks instead of the assistant: taken over, visible, and handed back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from intake_api.channels import meta_events
from intake_api.flow import converse, takeover
from intake_api.flow.acting import NotAllowed
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, takeovers, transcript
from intake_api.store.registers import Event, Staff
from intake_api.store.tables import Case, Conversation, Message, Outbox
from tests.builders import ListQueue, MovingClock, ScriptedAssistant, make_case, make_staff
from tests.flow.page import Page

INBOX = 263902037430900
MAN = "2002"


@pytest.fixture
def page(services: Services, clock: MovingClock) -> Iterator[Page]:
    made = Page(services, clock)
    made.say(MAN, "xin chào")
    yield made
    made.close()


@pytest.fixture
def officer(services: Services) -> Staff:
    return make_staff(services.store, username="vanphong", role="coordinator", unit="VP")


def talk_of(page: Page, psid: str = MAN) -> Conversation:
    with page.services.store.reading() as tx:
        found = conversations.find(tx, channel="messenger", external_id=psid)
        assert found is not None
        return found


def take(page: Page, officer: Staff, case: Case | None = None) -> None:
    with page.services.store.transaction() as tx:
        talk = tx.get_one(Conversation, talk_of(page).id)
        takeover.take(
            tx,
            page.services,
            talk,
            staff=officer,
            case=tx.get_one(Case, case.id) if case else None,
            now=page.clock.at,
        )
    page.send()


def speak(page: Page, officer: Staff, text: str, case: Case | None = None) -> None:
    with page.services.store.transaction() as tx:
        talk = tx.get_one(Conversation, talk_of(page).id)
        takeover.say(
            tx,
            page.services,
            talk,
            staff=officer,
            text=text,
            now=page.clock.at,
            case=tx.get_one(Case, case.id) if case else None,
        )
    page.send()


def waiting(page: Page) -> list[str]:
    with page.services.store.reading() as tx:
        found = tx.query(Message).filter(Message.state == "waiting")
        return [one.text for one in found]


def end_due(page: Page) -> int:
    with page.services.store.transaction() as tx:
        count = takeover.end_due(tx, page.services, now=page.clock.at)
    page.send()
    return count


def test_the_assistant_keeps_quiet_while_an_officer_speaks_and_says_so(
    page: Page, officer: Staff, assistant: ScriptedAssistant
) -> None:
    take(page, officer)
    assert "trợ lý tự động tạm dừng" in page.sent(MAN)[-1]
    speak(page, officer, "Chào anh, tôi là cán bộ Văn phòng")
    page.say(MAN, "tôi hỏi về học phí")
    converse.take_turn(page.services, talk_of(page).id)
    assert [turn["text"] for turn in assistant.turns] == ["xin chào"]
    assert page.sent(MAN)[-1] == "Chào anh, tôi là cán bộ Văn phòng"
    received = page.twin.sent_to(MAN)[-1]
    assert received.messaging_type == "RESPONSE"


def test_taking_it_twice_tells_the_person_once(page: Page, officer: Staff) -> None:
    take(page, officer)
    take(page, officer)
    assert sum("tạm dừng" in text for text in page.sent(MAN)) == 1


def test_only_whoever_holds_it_speaks(page: Page, officer: Staff) -> None:
    other = make_staff(page.services.store, username="khac", role="coordinator", unit="VP")
    with pytest.raises(NotAllowed):
        speak(page, officer, "chưa tiếp nhận")
    take(page, officer)
    with pytest.raises(NotAllowed):
        speak(page, other, "của người khác")
    for wrong in ("", "   ", "x" * 2001):
        with pytest.raises(NotAllowed):
            speak(page, officer, wrong)


def test_it_goes_back_by_itself_two_hours_after_the_last_word(page: Page, officer: Staff) -> None:
    take(page, officer)
    page.clock.at += timedelta(hours=1, minutes=59)
    speak(page, officer, "tôi đang xem")
    page.clock.at += timedelta(hours=1, minutes=59)
    assert end_due(page) == 0
    page.clock.at += timedelta(minutes=1)
    assert end_due(page) == 1
    assert "tiếp tục" in page.sent(MAN)[-1]
    assert end_due(page) == 0
    page.say(MAN, "điểm liệt là bao nhiêu")
    assert waiting(page)[-1] == "điểm liệt là bao nhiêu"


def test_words_that_nobody_answered_stay_before_the_eyes_of_staff(
    page: Page, officer: Staff
) -> None:
    take(page, officer)
    speak(page, officer, "chờ tôi chút")
    page.clock.at += timedelta(minutes=5)
    page.say(MAN, "tôi vẫn chờ")
    page.clock.at += timedelta(hours=3)
    end_due(page)
    with page.services.store.reading() as tx:
        ((row, _talk),) = takeovers.open_ones(tx, sealed=False)
    assert row.asked_at is not None


@pytest.mark.parametrize(("text", "payload"), [("gặp trợ lý", None), ("x", takeover.RESUME)])
def test_the_person_calls_the_assistant_back(
    page: Page, officer: Staff, text: str, payload: str | None
) -> None:
    take(page, officer)
    page.say(MAN, text, quick_reply=payload)
    assert "tiếp tục" in page.sent(MAN)[-1]
    page.say(MAN, "điểm liệt là bao nhiêu")
    assert waiting(page)[-1] == "điểm liệt là bao nhiêu"


def test_an_answer_in_the_pages_inbox_pauses_the_assistant_visibly(page: Page) -> None:
    echo = meta_events.echo(
        "1001", MAN, "Sở nghe đây", mid="m_e", at=int(page.clock.at.timestamp() * 1000),
        app_id=INBOX,
    )  # fmt: skip
    page.tell(echo, where="messaging")
    assert "tạm dừng" in page.sent(MAN)[-1]
    page.say(MAN, "cảm ơn")
    assert "cảm ơn" not in waiting(page)
    with page.services.store.reading() as tx:
        said = conversations.messages(tx, talk_of(page).id)
    assert ("staff", "Sở nghe đây") in [(m.author, m.text) for m in said]


def test_a_thread_held_by_the_inbox_is_seen_and_comes_back(page: Page) -> None:
    at = int(page.clock.at.timestamp() * 1000)
    page.twin.wall.owners[MAN] = INBOX
    page.tell(meta_events.text("1001", MAN, "ai đó ơi", mid="m_s", at=at), where="standby")
    assert "ai đó ơi" not in waiting(page)
    with page.services.store.reading() as tx:
        said = [m.text for m in conversations.messages(tx, talk_of(page).id)]
    assert "ai đó ơi" in said
    # What we would have said is held, not refused again and again.
    refused = list(page.twin.refused)
    assert set(refused) == {10}
    page.send()
    assert page.twin.refused == refused
    page.twin.wall.owners.clear()
    page.tell(
        meta_events.thread("1001", MAN, "pass_thread_control", {"new_owner_app_id": "3003"}, at=at),
        where="messaging",
    )
    assert "tiếp tục" in page.sent(MAN)[-1]


@pytest.fixture
def with_inbox(page: Page) -> Page:
    page.services = replace(page.services, page_inbox=True)
    return page


def pass_on(page: Page, officer: Staff) -> None:
    with page.services.store.transaction() as tx:
        talk = tx.get_one(Conversation, talk_of(page).id)
        takeover.to_inbox(tx, page.services, talk, staff=officer, case=None, now=page.clock.at)
    page.send()


def actions(page: Page) -> list[str]:
    with page.services.store.reading() as tx:
        return [one.action for one in tx.query(Event).order_by(Event.id)]


def test_an_officer_passes_the_conversation_to_the_pages_inbox_and_takes_it_back(
    with_inbox: Page, officer: Staff
) -> None:
    page = with_inbox
    pass_on(page, officer)
    # The person was told before the platform stopped taking our words.
    assert "tạm dừng" in page.sent(MAN)[-1]
    assert page.twin.wall.owners == {MAN: INBOX}
    assert actions(page)[-1] == "passed_to_inbox"
    page.tell(page.twin.text(MAN, "ai đó ơi"), where="standby")
    assert "ai đó ơi" not in waiting(page)
    speak_from_case = "Sở trả lời ý kiến của anh"
    with page.services.store.transaction() as tx:
        talk = tx.get_one(Conversation, talk_of(page).id)
        conversations.add_outbound(
            tx, talk, text=speak_from_case, payload=None, author="staff", now=page.clock.at
        )
    page.send()
    assert speak_from_case not in page.sent(MAN)
    take(page, officer)
    assert page.twin.wall.owners == {}
    assert actions(page)[-1] == "taken_over"
    page.send()
    # What was refused meanwhile is not lost, and nothing of ours was said twice.
    assert page.sent(MAN).count(speak_from_case) == 1
    assert not any("hộp thư của Trang" in text for text in page.sent(MAN))
    assert sum("tạm dừng" in text for text in page.sent(MAN)) == 1
    speak(page, officer, "Tôi nghe đây")
    assert page.sent(MAN)[-1] == "Tôi nghe đây"


@pytest.mark.parametrize("how", ["officer", "time", "citizen"])
def test_when_the_assistant_goes_on_it_has_the_conversation_again(
    with_inbox: Page, officer: Staff, how: str
) -> None:
    page = with_inbox
    pass_on(page, officer)
    page.clock.at += timedelta(hours=3)
    if how == "officer":
        with page.services.store.transaction() as tx:
            talk = tx.get_one(Conversation, talk_of(page).id)
            takeover.hand_back(tx, page.services, talk, actor="staff:1", now=page.clock.at)
        page.send()
    elif how == "time":
        page.clock.at += timedelta(hours=20, minutes=59)
        assert end_due(page) == 0
        page.clock.at += timedelta(minutes=2)
        assert end_due(page) == 1
    else:
        page.tell(page.twin.text(MAN, "gặp trợ lý"), where="standby")
    assert page.twin.wall.owners == {}
    assert "tiếp tục" in page.sent(MAN)[-1] or how == "time"  # then its 24 hours are over
    page.say(MAN, "điểm liệt là bao nhiêu")
    assert waiting(page)[-1] == "điểm liệt là bao nhiêu"


def test_meta_is_asked_again_when_it_did_not_answer_and_once_more_changes_nothing(
    with_inbox: Page, officer: Staff
) -> None:
    page = with_inbox
    page.twin.delay(0.0)  # the notice goes through …
    page.twin.drop_answer()  # … and nobody hears what became of the thread
    pass_on(page, officer)
    page.clock.at += timedelta(minutes=1)
    page.send()
    assert page.twin.wall.owners == {MAN: INBOX}
    with page.services.store.reading() as tx:
        assert {row.state for row in tx.query(Outbox)} == {"sent"}


def test_a_sealed_conversation_and_other_channels_are_not_passed_on(
    with_inbox: Page, officer: Staff
) -> None:
    page = with_inbox
    page.say(MAN, "ông hiệu trưởng nhận tiền chạy lớp chọn của phụ huynh")
    with pytest.raises(NotAllowed):
        pass_on(page, officer)
    assert page.twin.wall.owners == {}
    page.services = replace(page.services, page_inbox=False)
    with pytest.raises(NotAllowed):
        pass_on(page, officer)


def test_danger_is_met_even_while_an_officer_speaks(page: Page, officer: Staff) -> None:
    take(page, officer)
    page.say(MAN, "cháu bị bố đánh chảy máu đầu, cứu cháu với")
    assert "111" in page.sent(MAN)[-1]
    with page.services.store.reading() as tx:
        assert takeovers.open_ones(tx, sealed=False) == []
        assert len(takeovers.open_ones(tx, sealed=True)) == 1


def test_what_is_said_from_a_cases_page_belongs_to_the_case_but_accusations_never(
    page: Page, officer: Staff, queue: ListQueue
) -> None:
    services = page.services
    case = make_case(services, channel="messenger").case
    with services.store.transaction() as tx:
        held = cases.by_code(tx, case.code)
        assert held is not None
        held.conversation_id = talk_of(page).id
    take(page, officer, case)
    speak(page, officer, "Anh cho biết lớp nào?", case)
    page.say(MAN, "lớp 6A ạ")
    page.say(MAN, "ông hiệu trưởng nhận tiền chạy lớp chọn của phụ huynh")
    with services.store.reading() as tx:
        held = cases.by_code(tx, case.code)
        assert held is not None and held.first_response_at is not None
        shown = [m.text for m in transcript.of_case(tx, held, lambda one: not one.confidential)]
    assert "lớp 6A ạ" in shown
    assert not any("hiệu trưởng" in text for text in shown)


def test_a_notice_that_would_be_wrong_later_is_let_go(page: Page, officer: Staff) -> None:
    take(page, officer)
    page.clock.at += timedelta(hours=30)
    before = len(page.sent(MAN))
    assert end_due(page) == 1
    page.say(MAN, "tôi nhắn lại")
    assert len(page.sent(MAN)) == before
