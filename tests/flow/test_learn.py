"""What use teaches: picked choices and corrections, masked, never out of the sealed lane."""

from __future__ import annotations

from typing import Any

import pytest

from intake_api.domain.candidate import Candidate
from intake_api.flow import answer, ask, learn
from intake_api.flow.services import Services
from intake_api.store import conversations, gaps
from tests.builders import NOW, load_faq, make_case, make_conversation, make_staff

# Words that the ranker meets with choices, whatever it was trained on (the test looks).
VAGUE = ("thi tốt nghiệp", "học phí", "chuyển trường", "dạy thêm", "tuyển sinh", "phúc khảo")
ASKER = "somebody"
FEE = "Trường thu quỹ 500k, gọi 0900000123, đề nghị kiểm tra khoản thu"


def asking(services: Services, text: str, *, slug: str | None = None) -> dict[str, Any]:
    with services.store.transaction() as tx:
        talk = conversations.find(tx, channel="web", external_id=ASKER)
        talk = talk or make_conversation(tx, external_id=ASKER)
        return ask.ask(
            tx, services, conversation=talk, text=text, channel="web", now=NOW, slug=slug
        )


def offered(services: Services) -> tuple[str, list[str]]:
    """A question that is met with choices, as it was just asked, and the choices."""
    for text in VAGUE:
        found = asking(services, f"{text}, gọi tôi 0900000123")
        if found["decision"] == "suggest":
            return text, [one["slug"] for one in found["answers"]]
    pytest.fail("none of the vague questions is met with choices any more")


def picks(services: Services) -> list[Candidate]:
    with services.store.reading() as tx:
        return learn.picked(tx, services.catalog, services.classifier)


@pytest.fixture(autouse=True)
def _faq(services: Services) -> None:
    load_faq(services.store)


def test_a_picked_choice_says_what_the_question_meant(services: Services) -> None:
    text, slugs = offered(services)
    asking(services, "", slug=slugs[-1])
    (found,) = picks(services)
    assert found.proposed == {"entry": slugs[-1]}
    assert found.understood == {"decision": "suggest", "offered": slugs}
    assert found.text == f"{text}, gọi tôi [số điện thoại]"


def test_only_the_first_pick_of_what_was_offered_counts(services: Services) -> None:
    _text, slugs = offered(services)
    asking(services, "", slug=slugs[0])
    asking(services, "", slug=slugs[-1])
    assert [one.proposed for one in picks(services)] == [{"entry": slugs[0]}]


def test_an_entry_that_was_not_offered_is_no_pick(services: Services) -> None:
    _text, slugs = offered(services)
    other = next(slug for slug in ("an-danh", "bhyt-hoc-sinh", "dong-phuc") if slug not in slugs)
    asking(services, "", slug=other)
    assert picks(services) == []


def test_after_another_question_the_choices_are_forgotten(services: Services) -> None:
    _text, slugs = offered(services)
    asking(services, "giá vàng hôm nay bao nhiêu")
    asking(services, "", slug=slugs[0])
    assert picks(services) == []
    with services.store.reading() as tx:
        talk = conversations.find(tx, channel="web", external_id=ASKER)
        assert talk is not None and talk.open_gap_id is None


def test_an_old_gap_that_would_be_sealed_today_stays_inside(services: Services) -> None:
    _text, slugs = offered(services)
    asking(services, "", slug=slugs[0])
    with services.store.transaction() as tx:
        (gap,) = gaps.picked_gaps(tx)
        gap.text_masked = "tôi tố cáo hiệu trưởng nhận hối lộ, tham ô tiền quỹ của học sinh"
    assert picks(services) == []


def correct(services: Services, **labels: Any) -> None:
    case = make_case(services, text=FEE).case
    lead = make_staff(services.store, username=f"lead{case.id}", role="coordinator", unit="VP")
    given: dict[str, Any] = {
        "kind": case.kind,
        "topic": case.topic,
        "sentiment": case.sentiment,
        "urgent": False,
    }
    with services.store.transaction() as tx:
        opened = answer.open_case(tx, code=case.code, staff=lead)
        by = answer.Acting(lead, opened.version, NOW)
        assert answer.correct(tx, opened, by, services=services, **(given | labels))


def corrected(services: Services) -> list[Candidate]:
    with services.store.reading() as tx:
        return learn.corrected(tx, services.catalog, services.classifier)


def test_a_corrected_case_is_one_example_with_all_its_labels(services: Services) -> None:
    before = make_case(services, text=FEE).case
    correct(services, kind="suggestion", topic="e.day_them", urgent=True)
    (found,) = corrected(services)
    assert "0900000123" not in found.text and "[số điện thoại]" in found.text
    assert found.understood == {
        "kind": before.kind, "topic": before.topic, "sentiment": before.sentiment, "urgent": False,
    }  # fmt: skip
    assert (found.proposed["kind"], found.proposed["topic"]) == ("suggestion", "e.day_them")
    assert found.proposed["urgent"] is True
    assert found.model == services.classifier.version


def test_the_same_text_with_the_same_label_is_one_example_that_came_twice(
    services: Services,
) -> None:
    for _ in range(2):
        correct(services, topic="e.day_them")
    (found,) = corrected(services)
    assert found.times == 2


def test_a_case_that_was_corrected_into_the_sealed_lane_teaches_nothing(
    services: Services,
) -> None:
    correct(services, kind="denunciation")
    assert corrected(services) == []


def test_each_classification_keeps_the_version_that_made_it(services: Services) -> None:
    case = make_case(services, text=FEE).case
    assert case.classification["model_version"] == services.classifier.version
