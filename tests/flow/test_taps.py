"""Buttons below an answer: content, not content, a mark; without the assistant."""

from __future__ import annotations

from datetime import timedelta

from intake_api.domain import taps as domain
from intake_api.domain.model import State
from intake_api.flow import answer, converse, merging
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events, ratings
from intake_api.store.tables import Case
from tests.builders import ListQueue, MovingClock, ScriptedAssistant, make_case
from tests.flow.desk import Desk, again, told


def tap(services: Services, case: Case, payload: str, talk: str | None = None) -> None:
    with services.store.transaction() as tx:
        found = conversations.get(tx, talk or case.conversation_id or "")
        assert found is not None
        converse.store_incoming(
            tx, services, found, converse.Incoming(text="Nút", payload=payload),
            now=services.now(),
        )  # fmt: skip


def answered(services: Services, channel: str = "messenger") -> Case:
    lead = Desk(services, "khtc", "lead", "KHTC")
    case = make_case(services, channel=channel).case
    return lead.do(answer.reply, case, text="Đã trả lại tiền.")


def payloads(services: Services, case: Case) -> list[str]:
    last = told(services, case)[-1]
    return [one["payload"] for one in (last.payload or {}).get("buttons", ())]


def test_content_closes_asks_for_a_mark_and_keeps_it(
    services: Services, assistant: ScriptedAssistant
) -> None:
    assistant.away = True
    case = answered(services)
    content, _not = payloads(services, case)
    tap(services, case, content)
    assert again(services, case).state == State.CLOSED
    marks = payloads(services, case)
    assert len(marks) == 5
    tap(services, case, marks[3])
    with services.store.reading() as tx:
        assert ratings.rating(tx, case.id).score == 4  # type: ignore[union-attr]
        assert list(events.verify(tx)) == []
    assert "đã ghi mức hài lòng" in told(services, case)[-1].text
    with services.store.reading() as tx:
        assert conversations.next_waiting(tx, case.conversation_id or "") is None


def test_not_content_reopens_once_then_the_lead_decides(
    services: Services, clock: MovingClock
) -> None:
    case = answered(services)
    _content, not_content = payloads(services, case)
    tap(services, case, not_content)
    assert again(services, case).state == State.REOPENED
    tap(services, case, not_content)
    assert "đang được xử lý" in told(services, case)[-1].text
    second = Desk(services, "khtc2", "lead", "KHTC")
    second.do(answer.reply, case, text="Lần hai.")
    tap(services, case, not_content)
    assert again(services, case).state == State.ANSWERED
    assert "tới lãnh đạo đơn vị" in told(services, case)[-1].text
    clock.at += timedelta(days=31)
    tap(services, case, not_content)
    assert "quá 30 ngày" in told(services, case)[-1].text


def test_a_tap_counts_only_in_the_conversation_of_the_case(
    services: Services, queue: ListQueue
) -> None:
    case = answered(services)
    stranger = make_case(services, channel="messenger").case
    tap(services, case, f"case:confirm:{case.code}", talk=stranger.conversation_id)
    assert again(services, case).state == State.ANSWERED


def test_who_follows_another_case_is_thanked_and_may_object(services: Services) -> None:
    sorter = Desk(services, "vanphong", "coordinator", "VP")
    first, second = (make_case(services, channel="messenger").case for _ in range(2))
    sorter.do(merging.merge, second, into=first)
    Desk(services, "khtc", "lead", "KHTC").do(answer.reply, first, text="Đã xong.")
    content, not_content = payloads(services, second)
    tap(services, second, content)
    assert again(services, second).state == State.MERGED
    tap(services, second, not_content)
    assert "tới lãnh đạo đơn vị" in told(services, second)[-1].text
    with services.store.reading() as tx:
        leading = [e.action for e in events.of_case(tx, first.id)]
        assert cases.by_id(tx, first.id).state == State.ANSWERED  # type: ignore[union-attr]
    assert "asked_to_reopen" in leading


def test_only_our_own_buttons_are_taps() -> None:
    for payload in (None, "", "/greet", "case:confirm:PA-1", "case:rate:PA-2611-7K3M-9QXD",
                    "case:rate:PA-2611-7K3M-9QXD:6", "case:close:PA-2611-7K3M-9QXD",
                    "case:confirm:PA-2611-7K3M-9QXD:1"):  # fmt: skip
        assert domain.read(payload) is None
    assert domain.read("case:rate:PA-2611-7K3M-9QXD:5") == domain.Tap(
        "rate", "PA-2611-7K3M-9QXD", 5
    )
    titles = [one["title"] for one in domain.after_answer("x")["buttons"]] + list(domain.MARKS)
    assert max(map(len, titles)) <= 20  # what a quick reply holds
