"""The chat takes comments on drafts: the words are on record first, then it asks which clause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake_api.domain.consulting import KIND
from intake_api.flow import consult, consult_chat, converse, receive
from intake_api.flow.services import Services
from intake_api.store import cases, consultations, conversations
from intake_api.store.consult_tables import Consultation
from intake_api.store.tables import Case, Message
from tests import builders
from tests.flow import drafts
from tests.flow.consult_house import TODAY, Office

COMMENT = "góp ý dự thảo quy định dạy thêm: nên bỏ giới hạn 20 giờ vì phụ huynh đón con muộn"


@pytest.fixture
def office(services: Services, clock: builders.MovingClock) -> Office:
    return Office(services, clock)


class Talk:
    """One person in a chat whose words become cases, as the assistant hands them over."""

    def __init__(self, services: Services, channel: str = "web") -> None:
        self.services = services
        with services.store.transaction() as tx:
            self.id = builders.make_conversation(tx, channel=channel).id

    def hear(self, text: str, payload: str | None = None) -> Message:
        with self.services.store.transaction() as tx:
            talk = conversations.get(tx, self.id)
            assert talk is not None
            return converse.store_incoming(
                tx,
                self.services,
                talk,
                converse.Incoming(text, payload=payload),
                now=self.services.now(),
            )

    def submit(self, text: str) -> tuple[Case, consult_chat.Asked | None]:
        """What the assistant does once the person has confirmed."""
        now = self.services.now()
        with self.services.store.transaction() as tx:
            talk = conversations.get(tx, self.id)
            assert talk is not None
            case = receive.submit(
                tx,
                self.services,
                text=text,
                channel=talk.channel,
                now=now,
                conversation=talk,
                consent_at=now,
            ).case
            return case, consult_chat.adopt(tx, self.services, talk, case, now=now)

    def said(self) -> list[Message]:
        with self.services.store.reading() as tx:
            found = conversations.messages(tx, self.id)
        return [one for one in found if one.direction == "out"]


def place_of(office: Office, case: Case) -> str | None:
    with office.services.store.reading() as tx:
        made = consultations.opinion(tx, case.id)
        if made is None:
            return None
        clause = consultations.clause_of(tx, made.clause_id)
    return clause.place if clause else "whole"


def second(office: Office) -> Consultation:
    plan = consult.Plan("Kế hoạch tuyển sinh lớp 10 năm học 2027-2028", "KTQLCL", "", TODAY,
                        TODAY + timedelta(days=20))  # fmt: skip
    boss = office._staff("ktqlcl", "lead", "KTQLCL")
    draft = consult.read_draft(office.services, "ts.docx", drafts.write(["Điều 1. Môn thi"]))
    with office.services.store.transaction() as tx:
        made = consult.prepare(tx, office.services, plan, draft, office.by(boss))
        consult.announce(tx, made, office.by(boss))
    return made


def test_a_typed_answer_and_a_button_name_the_clause(office: Office) -> None:
    office.opened()
    talk = Talk(office.services)
    case, asked = talk.submit(COMMENT)
    assert case.kind == KIND and case.unit == "GDTRH"
    assert asked is not None and "điều, khoản nào" in asked.text
    assert place_of(office, case) == "whole"
    assert talk.hear("khoản 1 điều 2 ạ").state == "done"
    assert place_of(office, case) == "Khoản 1 Điều 2"
    assert "Khoản 1 Điều 2" in talk.said()[-1].text
    third = next(one for one in asked.buttons if one["title"] == "Điều 3")
    talk.hear("Điều 3", third["payload"])
    assert place_of(office, case) == "Điều 3"


def test_a_clause_that_was_named_at_once_is_not_asked_for(office: Office) -> None:
    office.opened()
    case, asked = Talk(office.services).submit(
        "gop y du thao day them dieu 3: nen cong khai muc thu"
    )
    assert asked is not None and not asked.buttons and "Điều 3" in asked.text
    assert place_of(office, case) == "Điều 3"


def test_a_clause_that_the_draft_lacks_is_asked_for_again(office: Office) -> None:
    office.opened()
    talk = Talk(office.services)
    case, _asked = talk.submit(COMMENT)
    talk.hear("điều 19")
    assert "không có phần này" in talk.said()[-1].text
    assert talk.said()[-1].payload
    talk.hear("toàn bộ dự thảo")
    assert place_of(office, case) == "whole" and "toàn dự thảo" in talk.said()[-1].text
    # The question is answered: the next "điều 2" is for the assistant again.
    assert talk.hear("điều 2").state == "waiting"


def test_other_words_go_to_the_assistant(office: Office) -> None:
    office.opened()
    talk = Talk(office.services)
    talk.submit(COMMENT)
    assert talk.hear("bao giờ có điểm thi ạ").state == "waiting"


def test_which_draft_is_asked_only_when_the_words_do_not_tell(office: Office) -> None:
    made, other = office.opened(), second(office)
    named, _ = Talk(office.services).submit("góp ý dự thảo tuyển sinh lớp 10: bỏ môn thi thứ tư")
    with office.services.store.reading() as tx:
        found = consultations.opinion(tx, named.id)
    assert found is not None and found.consultation_id == other.id
    talk = Talk(office.services)
    case, asked = talk.submit("tôi góp ý dự thảo của sở, viết khó hiểu quá")
    assert asked is not None and made.title in asked.text and other.title in asked.text
    assert place_of(office, case) is None
    button = next(one for one in asked.buttons if f":{made.id}:" in one["payload"])
    talk.hear(button["title"], button["payload"])
    assert place_of(office, case) == "whole" and "điều, khoản nào" in talk.said()[-1].text


def test_the_wish_before_the_words_counts(office: Office) -> None:
    office.opened()
    talk = Talk(office.services)
    talk.hear("tôi muốn góp ý dự thảo dạy thêm")
    case, asked = talk.submit("không nên bắt giáo viên đăng ký với hiệu trưởng")
    assert asked is not None and case.kind == KIND


def test_what_is_about_no_draft_is_left_alone(office: Office) -> None:
    office.opened()
    case, asked = Talk(office.services).submit("trường thu quỹ lớp 500 nghìn không có phiếu thu")
    assert asked is None and case.kind != KIND
    office.ahead(100)
    _case, asked = Talk(office.services).submit(COMMENT)
    assert asked is None  # nothing takes comments any more


def test_a_draft_of_somebody_else_is_not_taken_for_ours(office: Office) -> None:
    made = office.opened()
    case, asked = Talk(office.services).submit("góp ý dự thảo thông tư học bạ số: điều 3 nên bỏ")
    assert asked is not None and made.title in asked.text
    assert place_of(office, case) is None and asked.buttons[-1]["title"] == "Không phải dự thảo"


def test_it_was_about_no_draft_after_all(office: Office) -> None:
    made = office.opened()
    talk = Talk(office.services)
    case, asked = talk.submit(COMMENT)
    assert asked is not None
    none = next(one for one in asked.buttons if "none" in one["payload"])
    talk.hear(none["title"], none["payload"])
    assert place_of(office, case) is None and office.rows(made) == ()


def test_late_comments_are_told_so(office: Office) -> None:
    made = office.opened()
    office.ahead(32)
    _case, asked = Talk(office.services).submit(COMMENT)
    assert asked is not None and "gửi muộn" in asked.text
    assert office.rows(made)[0].late == 1


def test_a_button_of_somebody_elses_comment_does_nothing(office: Office) -> None:
    office.opened()
    case, asked = Talk(office.services).submit(COMMENT)
    assert asked is not None
    stranger = Talk(office.services)
    stranger.hear("Điều 3", asked.buttons[0]["payload"])
    assert place_of(office, case) == "whole" and stranger.said() == []


def test_sealed_words_are_asked_nothing(office: Office) -> None:
    made = office.opened()
    words = "góp ý dự thảo dạy thêm: tôi tố cáo ông hiệu trưởng nhận hối lộ 50 triệu"
    case, asked = Talk(office.services).submit(words)
    assert case.confidential and asked is None
    assert office.rows(made) == ()


def test_the_answer_goes_to_the_chat(office: Office) -> None:
    from intake_api.flow import consult_tell

    made = office.opened()
    talk = Talk(office.services, "messenger")
    case, _asked = talk.submit(COMMENT)
    office.published(made)
    consult_tell.work(office.services, "https://lang-nghe.example")
    message: Any = talk.said()[-1]
    assert case.code in message.text and "Tiếp thu" in message.text
    with office.services.store.reading() as tx:
        found = cases.by_id(tx, case.id)
    assert found is not None and found.undelivered
    assert office.services.queue.delivered[-1:] == [talk.id]  # type: ignore[attr-defined]
