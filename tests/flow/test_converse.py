from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake_api.domain.inbound import InboundEvent
from intake_api.flow import converse, webchat
from intake_api.flow.services import AssistantSilent, BotReply, Services
from intake_api.store import Store, cases, conversations, outbox
from intake_api.store.tables import Message
from tests.builders import NOW, ListQueue, MovingClock, ScriptedAssistant

DANGER = "cháu bị bố dượng đánh chảy máu đầu, cháu sợ lắm không dám về nhà"


def event(text: str, key: str = "mid.1", **changes: object) -> InboundEvent:
    made = InboundEvent(
        kind="text", external_id="2002", natural_key=key, text=text, payload=None,
        attachments=(), at=datetime(2026, 11, 23, tzinfo=UTC), raw={"mid": key},
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def store_all(services: Services, *events: InboundEvent) -> list[str]:
    with services.store.transaction() as tx:
        return converse.store_events(tx, services, channel="messenger", events=events, now=NOW)


def said(store: Store, name: str) -> list[tuple[str, str, str]]:
    with store.reading() as tx:
        return [(m.author, m.text, m.state) for m in conversations.messages(tx, name)]


def test_a_message_is_stored_then_answered_through_the_outbox(
    services: Services, assistant: ScriptedAssistant, queue: ListQueue
) -> None:
    (name,) = store_all(services, event("xin chào"))
    assert said(services.store, name) == [("citizen", "xin chào", "waiting")]
    assert converse.take_turn(services, name)
    assert said(services.store, name)[1:] == [("bot", "Nghe: xin chào", "queued")]
    assert queue.delivered == [name]
    with services.store.reading() as tx:
        assert outbox.due_conversations(tx, NOW) == [name]


def test_a_repeated_event_is_answered_once(
    services: Services, assistant: ScriptedAssistant
) -> None:
    (name,) = store_all(services, event("xin chào"))
    assert store_all(services, event("xin chào")) == []
    converse.take_turn(services, name)
    converse.take_turn(services, name)
    assert len(assistant.turns) == 1


def test_messages_are_answered_in_their_order(
    services: Services, assistant: ScriptedAssistant
) -> None:
    (name,) = store_all(services, event("một", "a"), event("hai", "b"), event("ba", "c"))
    converse.take_turn(services, name)
    assert [turn["text"] for turn in assistant.turns] == ["một", "hai", "ba"]


def test_while_rasa_is_away_the_person_is_told_once_and_answered_later_once(
    services: Services, assistant: ScriptedAssistant
) -> None:
    assistant.away = True
    (name,) = store_all(services, event("học phí bao nhiêu"))
    assert not converse.take_turn(services, name)
    assert not converse.take_turn(services, name)
    words = [text for author, text, _state in said(services.store, name) if author == "system"]
    assert len(words) == 1 and "đã lưu" in words[0]
    assistant.away = False
    assert converse.take_turn(services, name)
    answers = [text for author, text, _state in said(services.store, name) if author == "bot"]
    assert answers == ["Nghe: học phí bao nhiêu"]
    assert len(assistant.turns) == 1


def test_an_answer_that_was_lost_on_the_way_back_is_fetched_not_asked_again(
    services: Services, assistant: ScriptedAssistant
) -> None:
    """The process died after Rasa had answered and before the answer was stored."""
    (name,) = store_all(services, event("xin chào"))
    with services.store.transaction() as tx:
        message = conversations.next_waiting(tx, name)
        assert message is not None
        message.attempts = 1
    assistant.remembered[message.id] = [BotReply("đã trả lời rồi")]
    converse.take_turn(services, name)
    assert assistant.turns == []
    assert said(services.store, name)[-1][1] == "đã trả lời rồi"


def test_one_request_in_flight_per_conversation(
    services: Services, assistant: ScriptedAssistant
) -> None:
    (name,) = store_all(services, event("một"))
    with services.store.transaction() as tx:
        conversations.claim(tx, name, NOW)
    assert converse.take_turn(services, name)
    assert assistant.turns == []


def test_what_arrives_during_a_turn_is_answered_by_the_same_worker(
    services: Services, assistant: ScriptedAssistant
) -> None:
    def answer(text: str) -> list[BotReply]:
        if text == "một":
            store_all(services, event("hai", "b"))
        return [BotReply(f"Nghe: {text}")]

    assistant.answer = answer
    (name,) = store_all(services, event("một", "a"))
    converse.take_turn(services, name)
    assert [turn["text"] for turn in assistant.turns] == ["một", "hai"]


@pytest.mark.parametrize("typed", ["/restart", "//restart", " /session_start"])
def test_a_typed_command_never_reaches_rasa_as_one(
    services: Services, assistant: ScriptedAssistant, typed: str
) -> None:
    (name,) = store_all(services, event(typed))
    converse.take_turn(services, name)
    assert not assistant.turns[0]["text"].startswith("/")
    assert said(services.store, name)[0][1] == typed


def test_a_payload_counts_only_when_it_was_offered(
    services: Services, assistant: ScriptedAssistant
) -> None:
    assistant.answer = lambda _text: [
        BotReply(
            "Chọn",
            buttons=({"title": "Học phí", "payload": '/pick_answer{"slug":"hoc-phi-2023"}'},),
        )
    ]
    (name,) = store_all(services, event("học phí", "a"))
    converse.take_turn(services, name)
    pick = '/pick_answer{"slug":"hoc-phi-2023"}'
    store_all(services, event("Học phí", "b", kind="quick_reply", payload=pick))
    store_all(services, event("Xóa", "c", kind="quick_reply", payload="/drop_everything"))
    converse.take_turn(services, name)
    assert [turn["text"] for turn in assistant.turns[1:]] == [pick, "Xóa"]


def test_danger_gets_the_numbers_at_once_even_when_rasa_is_away(
    services: Services, assistant: ScriptedAssistant
) -> None:
    assistant.away = True
    (name,) = store_all(services, event(DANGER))
    author, text, _state = said(services.store, name)[1]
    assert author == "system"
    assert all(number in text.splitlines()[0] for number in ("111", "113", "115"))
    with services.store.reading() as tx:
        (case,) = cases.of_conversation(tx, name)
    assert (case.kind, case.confidential, case.urgent, case.text) == (
        "child_protection", True, True, DANGER,
    )  # fmt: skip


def test_danger_told_in_two_messages_is_one_case(services: Services) -> None:
    (name,) = store_all(
        services, event(DANGER, "a"), event("bố lại đánh cháu nữa rồi cứu cháu với", "b")
    )
    with services.store.reading() as tx:
        assert len(cases.of_conversation(tx, name)) == 1


def test_rasa_is_told_of_danger_not_of_the_words(
    services: Services, assistant: ScriptedAssistant
) -> None:
    (name,) = store_all(services, event(DANGER))
    converse.take_turn(services, name)
    assert assistant.turns[0]["text"] == "/report_danger"
    assert assistant.turns[0]["metadata"]["danger"] is True


def test_what_follows_a_danger_message_is_sealed(services: Services) -> None:
    (name,) = store_all(services, event(DANGER))
    converse.take_turn(services, name)
    with services.store.reading() as tx:
        assert all(m.sealed for m in conversations.messages(tx, name))


def test_a_paused_bot_keeps_silent(services: Services, assistant: ScriptedAssistant) -> None:
    (name,) = store_all(services, event("một", "a"))
    with services.store.transaction() as tx:
        talk = conversations.get(tx, name)
        assert talk is not None
        talk.bot_paused_until = NOW + timedelta(hours=1)
        first = conversations.next_waiting(tx, name)
        assert first is not None
        first.state = "done"
    store_all(services, event("hai", "b"))
    converse.take_turn(services, name)
    assert assistant.turns == []
    assert said(services.store, name)[-1] == ("citizen", "hai", "ignored")


def test_five_thousand_characters_are_kept_whole(
    services: Services, assistant: ScriptedAssistant
) -> None:
    long = "học phí " * 625
    (name,) = store_all(services, event(long))
    converse.take_turn(services, name)
    assert said(services.store, name)[0][1] == long
    assert len(assistant.turns[0]["text"]) <= converse.MAX_TO_ASSISTANT


def test_markup_and_sql_are_kept_as_written(services: Services) -> None:
    text = "<script>alert(1)</script>'; DROP TABLE cases; --"
    (name,) = store_all(services, event(text))
    assert said(services.store, name)[0][1] == text


def test_the_web_chat_answers_in_the_same_call(services: Services) -> None:
    token = webchat.new_token()
    first = webchat.say(services, token=token, text="xin chào", client_id="c1")
    assert [m.author for m in first.messages] == ["citizen", "bot"] and not first.pending
    again = webchat.say(services, token=token, text="xin chào", client_id="c1")
    assert [m.id for m in again.messages] == [m.id for m in first.messages]


def test_web_messages_count_as_delivered_when_the_page_fetched_them(services: Services) -> None:
    token = webchat.new_token()
    webchat.say(services, token=token, text="xin chào")
    with services.store.reading() as tx:
        talk = conversations.find(tx, channel="web", external_id=token)
        assert talk is not None
        states = [m.state for m in conversations.messages(tx, talk.id) if m.direction == "out"]
    assert states == ["sent"]


def test_an_answer_still_in_draft_is_not_shown(services: Services, clock: MovingClock) -> None:
    token = webchat.new_token()
    webchat.say(services, token=token, text="xin chào")
    with services.store.transaction() as tx:
        talk = conversations.find(tx, channel="web", external_id=token)
        assert talk is not None
        tx.add(
            Message(
                conversation_id=talk.id,
                direction="out",
                author="staff",
                text="nháp",
                state="draft",
                created_at=clock.now(),
            )
        )
    assert "nháp" not in str(webchat.messages_after(services, token=token, after=0))


def test_a_message_that_rasa_never_answers_does_not_block_the_rest(
    services: Services, assistant: ScriptedAssistant
) -> None:
    def answer(text: str) -> list[BotReply]:
        if text == "độc":
            raise AssistantSilent("empty")
        return [BotReply(f"Nghe: {text}")]

    assistant.answer = answer
    (name,) = store_all(services, event("độc", "a"), event("lành", "b"))
    for _ in range(converse.MOST_TRIES):
        converse.take_turn(services, name)
    words = [text for author, text, _state in said(services.store, name) if author == "bot"]
    assert "chưa trả lời được" in words[0]
    assert words[1] == "Nghe: lành"


def test_the_bot_keeps_out_of_it_after_an_answer_in_the_inbox(
    services: Services, assistant: ScriptedAssistant
) -> None:
    store_all(services, event("chào chị, em là cán bộ Sở", "e", kind="staff_echo"))
    (name,) = store_all(services, event("dạ em hỏi chút", "a"))
    converse.take_turn(services, name)
    assert assistant.turns == []
