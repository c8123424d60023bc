"""Questions without a good answer: noted, counted by people, put together, never of the lane."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake_api.flow import ask, converse, entries, gaps, receive
from intake_api.flow.services import Services
from intake_api.jobs.faq import FaqRound
from intake_api.store import conversations, unsealings
from intake_api.store import faq as rows
from intake_api.store import gaps as store
from intake_api.store.faq_tables import GapCluster
from intake_api.store.registers import Gap
from intake_api.store.tables import Conversation, Message
from tests.builders import NOW, load_faq, make_case, make_conversation, make_staff

KNOWN = "điểm liệt thi tốt nghiệp là bao nhiêu"
SLUG = "thi-tn-2025-do-tot-nghiep"
UNKNOWN = "trường có cho học sinh mang mèo đến lớp trưng bày không, liên hệ 0912345678"


def asking(services: Services, who: str, text: str, *, minutes: int = 0) -> dict[str, object]:
    at = NOW + timedelta(minutes=minutes)
    with services.store.transaction() as tx:
        talk = make_conversation(tx, external_id=who)
        return ask.ask(tx, services, conversation=talk, text=text, channel="web", now=at)


def found(services: Services) -> list[Gap]:
    with services.store.reading() as tx:
        return list(tx.query(Gap).order_by(Gap.id))


def test_people_are_counted_and_nobody_is_known(services: Services) -> None:
    for who in ("a", "a", "b"):
        asking(services, who, UNKNOWN)
    noted = found(services)
    assert [one.decision for one in noted] == ["decline"] * 3
    assert noted[0].person == noted[1].person != noted[2].person
    with services.store.reading() as tx:
        talk = conversations.find(tx, channel="web", external_id="a")
    assert talk is not None and talk.id not in noted[0].person
    assert "0912345678" not in noted[0].text_masked and "[số điện thoại]" in noted[0].text_masked


@pytest.mark.parametrize(
    "text", ["ông hiệu trưởng nhận tiền chạy lớp, tố cáo ở đâu", "thầy sờ người em, em phải làm gì"]
)
def test_nothing_of_the_lane_is_noted(services: Services, text: str) -> None:
    asking(services, "a", text)
    assert found(services) == []


def test_beside_a_sealed_case_nothing_is_noted(services: Services) -> None:
    case = make_case(services, text="Tôi tố cáo ông hiệu trưởng nhận tiền chạy lớp chọn").case
    assert case.confidential
    with services.store.transaction() as tx:
        talk = conversations.get(tx, str(case.conversation_id))
        for text in (UNKNOWN, KNOWN):
            ask.ask(tx, services, conversation=talk, text=text, channel="web", now=NOW)
        assert store.known_questions(tx, 10) == []


def test_what_was_asked_before_is_gone_once_a_case_beside_it_is_sealed(services: Services) -> None:
    for who in ("a", "b"):
        asking(services, who, f"{UNKNOWN} {who}")
    with services.store.transaction() as tx:
        quoted = [_quoting(one) for one in found(services)]
        store.replace_clusters(tx, quoted)
        talk = make_conversation(tx, external_id="a")
        accuses = "Tôi tố cáo ông hiệu trưởng nhận tiền chạy lớp chọn"
        receive.submit(
            tx, services, text=accuses, channel="web", now=NOW, conversation=talk,
            kind="denunciation",
        )  # fmt: skip
    left = found(services)
    assert [one.text_masked[-1] for one in left] == ["b"]
    with services.store.reading() as tx:
        assert [one.text for one in store.clusters(tx, limit=9)] == [left[0].text_masked]


def test_what_was_asked_by_who_then_complains_is_kept_from_whom_the_case_names(
    services: Services,
) -> None:
    case = make_case(services).case
    named, other = (make_staff(services.store, username=name, role="editor") for name in "xy")
    with services.store.transaction() as tx:
        unsealings.name(tx, case.id, [named.id])
        talk = conversations.get(tx, str(case.conversation_id))
        ask.ask(tx, services, conversation=talk, text=UNKNOWN, channel="web", now=NOW)
    asking(services, "b", "giá vàng hôm nay bao nhiêu")
    mine, theirs = found(services)
    with services.store.transaction() as tx:
        assert gaps.kept_from(tx, services, named) == {mine.text_masked}
        assert gaps.kept_from(tx, services, other) == frozenset()
        cluster = _quoting(mine, theirs)
        store.replace_clusters(tx, [cluster])
        tx.flush()
        made = gaps.draft(tx, services, cluster.id, by=named, now=NOW)
        assert entries.entry_of(made).questions == (theirs.text_masked,)


def _quoting(*asked: Gap) -> GapCluster:
    return GapCluster(
        made_at=NOW, text=asked[0].text_masked, people=1, count=1, first_at=NOW, last_at=NOW,
        decisions={}, offered=[], members=[one.id for one in asked],
    )  # fmt: skip


def tap(services: Services, who: str, slug: str, *, offered: bool = True) -> Message:
    with services.store.transaction() as tx:
        talk = make_conversation(tx, external_id=who)
        button = {"title": "Chưa đúng ý", "payload": f"faq:unhelpful:{slug}"}
        if offered:
            conversations.add_outbound(
                tx, talk, text="x", payload={"buttons": [button]}, author="bot", now=NOW
            )
        return converse.store_incoming(
            tx, services, talk, converse.Incoming(text=button["title"], payload=button["payload"]),
            now=NOW,
        )  # fmt: skip


def said(services: Services, message: Message) -> str:
    with services.store.reading() as tx:
        talk = tx.get_one(Conversation, message.conversation_id)
        return "\n".join(one.text for one in conversations.newest_messages(tx, talk.id, limit=9))


def test_an_answer_that_was_none_is_noted_once_with_its_question(services: Services) -> None:
    reply = asking(services, "a", KNOWN)
    assert reply["decision"] == "answer"
    slug = reply["answers"][0]["slug"]  # type: ignore[index]
    for _ in range(2):
        message = tap(services, "a", slug)
        assert message.state == "done"
        assert "Sở sẽ xem lại câu trả lời này" in said(services, message)
    (noted,) = found(services)
    assert (noted.decision, noted.offered, noted.text_masked) == ("unhelpful", [slug], KNOWN)


def test_a_tap_that_was_never_offered_is_no_mark(services: Services) -> None:
    asking(services, "a", KNOWN)
    assert tap(services, "a", SLUG, offered=False).state == "waiting"
    # Somebody who was given no such answer marks nothing, and is thanked all the same.
    tap(services, "b", SLUG)
    assert found(services) == []


def test_twenty_questions_of_one_person_rank_behind_three_people(services: Services) -> None:
    for minute in range(20):
        asking(services, "flood", f"trường có nuôi chim bồ câu không ạ {minute}", minutes=minute)
    for who in ("a", "b", "c"):
        asking(services, who, UNKNOWN)
    FaqRound(services).round()
    with services.store.reading() as tx:
        first, second, *rest = store.clusters(tx, limit=10)
    assert (first.people, second.people, second.count) == (3, 1, 20) and not rest


def test_one_press_drafts_with_the_ways_people_asked(services: Services) -> None:
    load_faq(services.store)
    editor = make_staff(services.store, username="bt", role="editor", unit=None)
    for who, text in (("a", UNKNOWN), ("b", "cho mang meo den lop trung bay khong vay so")):
        asking(services, who, text)
    FaqRound(services).round()
    with services.store.transaction() as tx:
        (one,) = store.clusters(tx, limit=10)
        made = gaps.draft(tx, services, one.id, by=editor, now=NOW)
        questions = entries.entry_of(made).questions
        assert len(questions) == 2 and not any("[" in text for text in questions)
        assert made.origin == "gap" and store.clusters(tx, limit=10) == []
        effect = gaps.effect(tx, services, made.slug, now=NOW)
    assert (effect.asked, effect.people, effect.answered, len(effect.left)) == (2, 2, 0, 2)
    # What was dealt with is not put together again.
    FaqRound(services).round()
    with services.store.reading() as tx:
        assert store.clusters(tx, limit=10) == []


def test_a_gap_of_nothing_but_marks_becomes_a_draft_too(services: Services) -> None:
    load_faq(services.store)
    editor = make_staff(services.store, username="bt", role="editor", unit=None)
    asking(services, "a", "???")
    FaqRound(services).round()
    with services.store.transaction() as tx:
        (one,) = store.clusters(tx, limit=10)
        made = gaps.draft(tx, services, one.id, by=editor, now=NOW)
        entry = entries.entry_of(made)
    assert entry.title == "Câu hỏi mới" and entry.review_by is not None


def test_the_ways_people_asked_go_into_an_entry_that_is_there(services: Services) -> None:
    load_faq(services.store)
    lead = make_staff(services.store, username="ld", role="lead", unit="KTQLCL")
    asking(services, "a", UNKNOWN)
    FaqRound(services).round()
    with services.store.transaction() as tx:
        (one,) = store.clusters(tx, limit=10)
        gaps.draft(tx, services, one.id, by=lead, now=NOW, into=SLUG)
        made = rows.open_revision(tx, SLUG)
        assert made is not None and any("mèo" in text for text in made.body["questions"])


def test_what_is_old_is_forgotten(services: Services) -> None:
    asking(services, "a", UNKNOWN)
    asking(services, "a", KNOWN)
    with services.store.transaction() as tx:
        gaps.forget(tx, NOW + timedelta(days=200))
        assert len(store.known_questions(tx, 9)) == 1
        gaps.forget(tx, NOW + timedelta(days=500))
        assert store.known_questions(tx, 9) == []
