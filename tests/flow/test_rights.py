"""What a sender wants with own data, or with a case sent elsewhere, is told in the chat itself."""

from __future__ import annotations

import pytest

from intake_api.flow import answer, converse, status
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from tests.builders import make_case
from tests.flow.desk import Desk


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
    case = make_case(services, channel="web").case
    case = lead.do(answer.reply, case, text="Đã trả lại tiền.")
    lead.do(answer.close, case, outcome="corrected")
    with services.store.reading() as tx:
        talk = conversations.get(tx, case.conversation_id or "")
        assert talk is not None
        told = status.for_conversation(
            tx, services, conversation=talk, text="đến đâu rồi", pin=None, now=services.now()
        )
    assert told["cases"][0]["state_label"] == "Kết thúc: đã chấn chỉnh, khắc phục"


def test_in_its_own_conversation_a_case_is_the_assistants_matter(services: Services) -> None:
    case = make_case(services, channel="web").case
    with services.store.transaction() as tx:
        talk = conversations.get(tx, case.conversation_id or "")
        assert talk is not None
        said = converse.store_incoming(
            tx, services, talk, converse.Incoming(text=f"rút ý kiến {case.code}"),
            now=services.now(),
        )  # fmt: skip
        assert said.state == "waiting"
