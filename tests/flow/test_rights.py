"""What a sender wants with own data, or with a case sent elsewhere, is told in the chat itself."""

from __future__ import annotations

import pytest

from intake_api.flow import answer, converse, status
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Case, Message
from tests.builders import make_case
from tests.flow.desk import Desk, actions, again, told


def say(services: Services, text: str, *, who: str = "khach") -> tuple[str, str]:
    """(what the intake answers by itself, state of the message)."""
    with services.store.transaction() as tx:
        talk = conversations.get_or_create(tx, channel="web", external_id=who, now=services.now())
        said = converse.store_incoming(
            tx, services, talk, converse.Incoming(text=text), now=services.now()
        )
        out = [m.text for m in conversations.newest_messages(tx, talk.id, limit=3)
               if m.direction == "out"]  # fmt: skip
        return (out[0] if out else ""), said.state


def say_in(services: Services, case: Case, text: str) -> Message:
    """The message of the sender of ``case``, as it is kept."""
    with services.store.transaction() as tx:
        talk = conversations.get(tx, case.conversation_id or "")
        assert talk is not None
        return converse.store_incoming(
            tx, services, talk, converse.Incoming(text=text), now=services.now()
        )


@pytest.mark.parametrize(
    "text",
    ["toi muon xoa du lieu cua toi", "Xoá hết dữ liệu đi ạ", "Sở đang giữ thông tin gì của tôi?",
     "cho em xem dữ liệu của em", "xin xóa thông tin cá nhân của tôi"],
)  # fmt: skip
def test_ones_own_data_is_on_the_status_page(services: Services, text: str) -> None:
    words, state = say(services, text)
    assert "trang Tra cứu" in words
    assert state == "done"


@pytest.mark.parametrize(
    "text",
    ["cho em xem thông tin của em trên vnedu", "xem thông tin tuyển sinh của con tôi",
     "trường làm lộ thông tin của tôi, đề nghị xóa thông tin của tôi", "cho tôi xem thông tin",
     "xin thông tin lớp 10"],
)  # fmt: skip
def test_data_of_others_is_the_assistants_matter(services: Services, text: str) -> None:
    assert say(services, text) == ("", "waiting")


def test_a_case_sent_elsewhere_is_neither_added_to_nor_withdrawn_here(services: Services) -> None:
    case = make_case(services, channel="form").case
    for text in (f"rút ý kiến {case.code}", f"Tôi muốn bổ sung cho {case.code}: thu thêm 200k"):
        words, state = say(services, text)
        assert "chưa ghi gì vào đó" in words
        assert "trang Tra cứu" in words
        assert state == "done"
    # Who guesses a code learns nothing: what nobody sent gets the same words.
    assert "chưa ghi gì" in say(services, "rút ý kiến PA-2611-7K3M-9QXD")[0]
    with services.store.reading() as tx:
        found = cases.by_id(tx, case.id)
        assert found is not None
        assert found.state == case.state
    assert say(services, f"{case.code} đến đâu rồi")[1] == "waiting"


def test_a_chat_says_how_an_ended_case_ended(services: Services) -> None:
    lead = Desk(services, "khtc", "lead", "KHTC")
    made = make_case(services, channel="web")
    case = lead.do(answer.reply, made.case, text="Đã trả lại tiền.")
    lead.do(answer.close, case, outcome="corrected")
    with services.store.reading() as tx:
        talk = conversations.get(tx, case.conversation_id or "")
        assert talk is not None
        told = status.for_conversation(
            tx, services, conversation=talk, text="đến đâu rồi", pin=None, now=services.now()
        )
    (shown,) = told["cases"]
    assert shown["state_label"] == "Kết thúc: đã chấn chỉnh, khắc phục"
    # One tap still takes it up again, though the buttons below the answer are out of reach.
    assert [one["title"] for one in shown["buttons"]] == ["Chưa rõ, mở lại"]
    with services.store.transaction() as tx:
        other = conversations.get_or_create(tx, channel="web", external_id="x", now=services.now())
        pin = {"text": case.code, "pin": made.pin, "now": services.now()}
        told = status.for_conversation(tx, services, conversation=other, **pin)
    assert told["cases"][0]["buttons"] == []  # a tap counts in the conversation of the case


@pytest.mark.parametrize(
    "text",
    ["em chua ro, bao gio thi truong tra tien a", "Tôi không hài lòng với câu trả lời này",
     "mở lại ý kiến này", "trả lời thế này là chưa đúng việc tôi hỏi"],
)  # fmt: skip
def test_what_is_said_of_an_answer_reaches_who_answered(services: Services, text: str) -> None:
    lead = Desk(services, "khtc", "lead", "KHTC")
    case = make_case(services, channel="web").case
    say_in(services, case, text)
    assert actions(services, case)[-1] == "received"  # nothing was answered: the assistant's matter
    case = lead.do(answer.reply, again(services, case), text="Đã trả lại tiền.")
    message = say_in(services, case, text)
    assert (message.state, message.case_id) == ("done", case.id)
    assert actions(services, case)[-1] == "said_more"
    last = told(services, case)[-1]
    assert "được ghi vào ý kiến" in last.text
    taps = [one["payload"] for one in (last.payload or {})["buttons"]]
    assert taps == [f"case:reopen:{case.code}", "/ask_question"]
    assert again(services, case).state == "answered"  # nothing is taken up by a guess


def test_other_words_after_an_answer_are_the_assistants_matter(services: Services) -> None:
    lead = Desk(services, "khtc", "lead", "KHTC")
    case = lead.do(answer.reply, make_case(services, channel="web").case, text="Đã trả lại.")
    for text in ("học phí lớp 10 bao nhiêu", "cảm ơn Sở", "trường mở lại lớp tiếng Anh khi nào"):
        message = say_in(services, case, text)
        assert (message.state, message.case_id) == ("waiting", None)


def test_in_its_own_conversation_a_case_is_the_assistants_matter(services: Services) -> None:
    case = make_case(services, channel="web").case
    assert say_in(services, case, f"rút ý kiến {case.code}").state == "waiting"
