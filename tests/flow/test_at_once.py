"""Two at the same moment: what a double click, a repeated call or two workers must not break."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from intake_api.flow import converse, formed, webchat
from intake_api.flow.services import BotReply, Services
from intake_api.store import conversations
from tests.builders import NOW, ListQueue, MovingClock, ScriptedAssistant, make_conversation
from tests.flow.test_converse import event

AT_ONCE = 4


def together(work: Callable[[int], Any]) -> list[Any]:
    """Runs ``work`` in several threads that start as one; what it returned, or raised."""
    gate, results = threading.Barrier(AT_ONCE), []

    def go(number: int) -> None:
        gate.wait()
        try:
            results.append(work(number))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_first_messages_of_one_person_make_one_conversation(services: Services) -> None:
    def arrive(number: int) -> list[str]:
        with services.store.transaction() as tx:
            one = event("chào", key=f"mid.{number}")
            return converse.store_events(tx, services, channel="messenger", events=[one], now=NOW)

    found = together(arrive)
    assert len({tuple(one) for one in found if isinstance(one, list)}) == 1, found
    assert len(found) == AT_ONCE


def test_a_form_sent_with_a_double_click_is_one_case_for_both(services: Services) -> None:
    form = formed.FormInput(
        text="Đề nghị bố trí thêm xe buýt", form_token="a" * 32, consent=True
    )  # fmt: skip

    def send(_number: int) -> tuple[str, str]:
        with services.store.transaction() as tx:
            received = formed.submit_form(tx, services, form, NOW)
            return received.case.code, received.pin

    found = together(send)
    assert len(set(found)) == 1, found


def test_a_chat_message_repeated_at_once_is_stored_once(services: Services) -> None:
    with services.store.transaction() as tx:
        name = conversations.get_or_create(tx, channel="web", external_id="t", now=NOW).id
    found = together(lambda _n: webchat.say(services, token="t", text="chào", client_id="c"))
    assert all(isinstance(one, webchat.Said) for one in found), found
    with services.store.reading() as tx:
        said = conversations.messages(tx, name)
    assert [one.author for one in said] == ["citizen", "bot"]


def test_slow_answers_do_not_let_a_second_worker_in(
    services: Services, assistant: ScriptedAssistant, clock: MovingClock
) -> None:
    with services.store.transaction() as tx:
        name = make_conversation(tx).id
        talk = conversations.get(tx, name)
        assert talk is not None
        for text in ("một", "hai", "ba"):
            conversations.add_inbound(
                tx, talk, text=text, payload=None, channel_message_id=None, now=NOW
            )
    taken: list[bool] = []

    def slow(text: str) -> list[BotReply]:
        clock.at += timedelta(seconds=40)
        with services.store.transaction() as tx:
            taken.append(conversations.claim(tx, name, clock.at))
        return [BotReply(text)]

    assistant.answer = slow
    assert converse.take_turn(services, name)
    assert taken == [False, False, False]


def test_threads_are_left_over_for_the_assistants_own_calls(
    services: Services, assistant: ScriptedAssistant, queue: ListQueue
) -> None:
    asked, go_on = threading.Semaphore(0), threading.Event()

    def waits(text: str) -> list[BotReply]:
        asked.release()
        assert go_on.wait(20)
        return [BotReply(text)]

    assistant.answer = waits
    threads = [
        threading.Thread(
            target=webchat.say, args=(services,), kwargs={"token": f"{n}", "text": "a"}
        )
        for n in range(webchat.TURNS_AT_ONCE)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    try:
        for _ in threads:
            assert asked.acquire(timeout=20)
        late = webchat.say(services, token="late", text="chào")
        assert late.pending and len(queue.processed) == 1
    finally:
        go_on.set()
        for thread in threads:
            thread.join()


def test_an_answer_that_got_its_number_early_is_still_shown(services: Services) -> None:
    """PostgreSQL numbers rows before they are committed: a lower number may appear later."""
    first = webchat.say(services, token="t", text="chào")
    with services.store.transaction() as tx:
        talk = conversations.find(tx, channel="web", external_id="t")
        assert talk is not None
        early = conversations.add_outbound(
            tx, talk, text="cán bộ trả lời", payload=None, author="staff", now=NOW
        )
        later = conversations.add_outbound(
            tx, talk, text="trợ lý", payload=None, author="bot", now=NOW
        )
        conversations.mark_fetched(tx, talk.id, [later.id], NOW)
    assert first.messages
    found = webchat.messages_after(services, token="t", after=later.id)
    assert [one.id for one in found.messages] == [early.id]
    assert webchat.messages_after(services, token="t", after=later.id).messages == []
