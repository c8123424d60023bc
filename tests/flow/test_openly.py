"""Publishing an answered question: proposed, agreed to, published, taken back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import answer, openly
from intake_api.flow.acting import NotAllowed
from intake_api.flow.services import Services
from intake_api.store import Store, cases, erasing, events
from intake_api.store import openly as reads
from intake_api.store.tables import Case
from tests.builders import NOW, make_case
from tests.flow.desk import Desk, actions, told

WORDS = {"question": "Quỹ lớp có bắt buộc không?", "answer": "Không. Mọi khoản góp là tự nguyện."}


@pytest.fixture
def lead(services: Services) -> Desk:
    return Desk(services, "khtc", "lead", "KHTC")


@pytest.fixture
def handler(services: Services) -> Desk:
    return Desk(services, "khtc.cv", "handler", "KHTC")


@pytest.fixture
def case(services: Services, lead: Desk) -> Case:
    """An answered question on fees."""
    made = make_case(services, text="Nhà trường thu quỹ lớp 500 nghìn, có bắt buộc không ạ").case
    with services.store.transaction() as tx:
        found = cases.by_id(tx, made.id)
        assert found is not None
        found.kind, found.topic, found.unit, found.confidential = (
            "question", "dd.khoan_thu", "KHTC", False,
        )  # fmt: skip
    return lead.do(answer.reply, made, text="Không bắt buộc. Gọi 0912345678 nếu cần.")


def agreed(services: Services, case: Case, *, yes: bool = True) -> str:
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id)
        assert found is not None
        return openly.agree(tx, found, yes=yes, now=NOW)


def shown(services: Services) -> list[str]:
    with services.store.reading() as tx:
        return [one.question for one, _topic in reads.published(tx, limit=10)]


def test_nothing_is_published_without_the_senders_yes(
    services: Services, case: Case, handler: Desk, lead: Desk
) -> None:
    handler.do(openly.propose, case, **WORDS)
    assert "đồng ý hoặc không" in told(services, case)[-1].text
    with pytest.raises(NotAllowed, match="chưa đồng ý"):
        lead.do(openly.publish, case)
    assert shown(services) == []
    assert agreed(services, case) == "agreed"
    with pytest.raises(NotAllowed, match="Lãnh đạo"):
        handler.do(openly.publish, case)
    lead.do(openly.publish, case)
    assert shown(services) == [WORDS["question"]]
    assert actions(services, case)[-3:] == ["open_proposed", "open_agreed", "open_published"]


def test_other_words_need_another_yes(
    services: Services, case: Case, handler: Desk, lead: Desk
) -> None:
    handler.do(openly.propose, case, **WORDS)
    agreed(services, case)
    handler.do(openly.propose, case, **{**WORDS, "answer": "Khác hẳn."})
    with pytest.raises(NotAllowed, match="đúng những lời này"):
        lead.do(openly.publish, case)


def test_the_sender_takes_it_back_at_any_time(services: Services, case: Case, lead: Desk) -> None:
    lead.do(openly.propose, case, **WORDS)
    assert agreed(services, case) == "agreed"
    lead.do(openly.publish, case)
    assert agreed(services, case, yes=False) == "taken_back"
    assert shown(services) == []
    assert agreed(services, case) == ""
    lead.do(openly.propose, case, **WORDS)
    assert agreed(services, case, yes=False) == "declined"


def test_what_is_published_is_taken_down_by_a_lead_alone(
    services: Services, case: Case, handler: Desk, lead: Desk
) -> None:
    handler.do(openly.propose, case, **WORDS)
    agreed(services, case)
    lead.do(openly.publish, case)
    for wrong in (openly.drop, openly.propose):
        with pytest.raises(NotAllowed):
            handler.do(wrong, case, **(WORDS if wrong is openly.propose else {}))
    lead.do(openly.drop, case)
    assert shown(services) == []
    with pytest.raises(NotAllowed, match="Không có gì"):
        lead.do(openly.drop, case)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"question": " \u200b"}, "Cần viết câu hỏi"),
        ({"answer": ""}, "Cần viết câu trả lời"),
        ({"answer": "Gọi 0912345678"}, "còn thông tin cá nhân"),
        ({"question": "hỏi a@b.vn"}, "còn thông tin cá nhân"),
        ({"answer": "dài " * 1000}, "dài quá"),
    ],
)
def test_words_for_everybody_name_nobody(
    services: Services, case: Case, lead: Desk, words: dict[str, str], why: str
) -> None:
    with pytest.raises(NotAllowed, match=why):
        lead.do(openly.propose, case, **{**WORDS, **words})


def test_a_sealed_or_erased_case_is_gone_from_the_page_at_once(
    services: Services, case: Case, lead: Desk
) -> None:
    lead.do(openly.propose, case, **WORDS)
    agreed(services, case)
    lead.do(openly.publish, case)
    lead.do(answer.seal, case)
    assert shown(services) == []
    with services.store.reading() as tx:
        raw = str(tx.execute(sa.text("SELECT question, answer FROM publication")).all())
        found = cases.by_id(tx, case.id)
        assert found is not None
        assert openly.offer(tx, found) is None
    assert "Quỹ lớp" not in raw, "encrypted with everything else of the case"
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id)
        assert found is not None
        erasing.take_out(tx, found)
    with services.store.reading() as tx:
        assert reads.of_case(tx, case.id) is None


def test_an_open_case_and_a_coordinators_publishing_are_refused(
    services: Services, case: Case, lead: Desk
) -> None:
    office = Desk(services, "vanphong", "coordinator", "VP")
    other = make_case(services).case
    with services.store.transaction() as tx:
        found = cases.by_id(tx, other.id)
        assert found is not None
        found.kind, found.topic = "question", "dd.khoan_thu"
    with pytest.raises(NotAllowed, match="đã trả lời"):
        office.do(openly.propose, other, **WORDS)
    office.do(openly.propose, case, **WORDS)
    agreed(services, case)
    with pytest.raises((NotAllowed, TransitionNotAllowed)):
        office.do(openly.publish, case)


# ------------------------------------------------------------------------------- the chain


def test_a_root_that_was_published_holds_against_a_chain_written_anew(store: Store) -> None:
    from intake_api.domain import openness
    from intake_api.store.registers import Event

    with store.transaction() as tx:
        assert not reads.keep_root(tx, week=openness.week_before(NOW), now=NOW), "nothing yet"
    for number in range(3):
        with store.transaction() as tx:
            events.append(tx, at=NOW, actor="system", action="test", data={"n": number})
    with store.transaction() as tx:
        assert reads.keep_root(tx, week=openness.week_before(NOW), now=NOW)
        assert not reads.keep_root(tx, week=openness.week_before(NOW), now=NOW)
    with store.reading() as tx:
        (root,) = reads.roots(tx)
        assert list(events.verify(tx)) == []
        assert root.event_id == 3
        assert events.has_hash(tx, root.hash) == 3
        assert events.has_hash(tx, "0" * 64) is None
    # Somebody with the database writes the whole chain anew, so that it holds in itself.
    with store.transaction() as tx:
        previous = events.ROOT_HASH
        for event in tx.execute(sa.select(Event).order_by(Event.id)).scalars():
            event.data = {"n": "other"}
            event.previous = previous
            event.hash = previous = events._digest({**events._row(event)})
        tx.execute(sa.text("UPDATE chain_head SET last_hash = :h"), {"h": previous})
    with store.reading() as tx:
        (broken,) = events.verify(tx)
    assert broken.event_id == 3 and "published for the week of 2026-11-16" in broken.reason
