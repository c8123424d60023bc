from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from intake_api.channels.mail_letter import read
from intake_api.domain.model import State
from intake_api.flow import mail
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, erasing
from intake_api.store import mail as mail_store
from intake_api.store.mail_tables import MailLetter
from intake_api.store.tables import Attachment, Case, Conversation, Message, Outbox
from tests import builders
from tests.mail_house import USER, letter

SEALED = "Hiệu trưởng trường THPT A Kim Bảng nhận tiền của phụ huynh để xếp lớp chọn, tôi tố cáo."


def take(services: Services, raw: bytes, *, whole: bool = True) -> mail.Taken:
    with services.store.transaction() as tx:
        return mail.take(tx, services, read(raw, own=USER, whole=whole), now=services.now())


def rows(services: Services, kind: Any) -> list[Any]:
    import sqlalchemy as sa

    with services.store.reading() as tx:
        return list(tx.execute(sa.select(kind).order_by(kind.id)).scalars())


def outgoing(services: Services) -> list[str]:
    return [one.text for one in rows(services, Message) if one.direction == "out"]


def test_a_letter_becomes_a_case_and_gets_one_receipt(services: Services) -> None:
    taken = take(services, letter("Trường THPT A Kim Bảng thu quỹ lớp 500k.\n\nTrân trọng,\nHoa"))
    (case,) = rows(services, Case)
    assert taken.what == "case"
    assert case.channel == "email"
    assert case.text == "Về việc thu quỹ lớp\nTrường THPT A Kim Bảng thu quỹ lớp 500k."
    (message,) = [one for one in rows(services, Message) if one.direction == "in"]
    assert "Trân trọng" in message.text  # kept, though it was not put on record
    (receipt,) = outgoing(services)
    assert case.code in receipt
    assert "Mã PIN" in receipt
    (queued,) = rows(services, Outbox)
    assert (queued.channel, queued.state) == ("email", "pending")


def test_the_same_letter_again_changes_nothing(services: Services) -> None:
    take(services, letter())
    assert take(services, letter()).what == "known"
    assert len(rows(services, Case)) == len(outgoing(services)) == 1


def test_an_answer_in_the_thread_goes_to_its_case_with_its_files(services: Services) -> None:
    take(services, letter())
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    taken = take(
        services,
        letter(
            "Tôi gửi ảnh phiếu.\n\nVào Th 2, Sở đã viết:\n> Sở đã nhận",
            message_id="<hai@vidu.example>",
            subject="Re: Về việc thu quỹ lớp",
            files=(("phieu.png", out.getvalue()), ("chay.exe", b"MZ")),
            In_Reply_To="<mot@vidu.example>",
        ),
    )
    assert taken.what == "more"
    (case,) = rows(services, Case)
    assert [one.filename for one in rows(services, Attachment)] == ["phieu.png"]
    said = [one for one in rows(services, Message) if one.direction == "in"]
    assert said[1].case_id == case.id
    assert "chay.exe" in outgoing(services)[-1]


def test_the_code_in_the_subject_finds_the_case_for_the_same_address_only(
    services: Services,
) -> None:
    take(services, letter())
    code = rows(services, Case)[0].code
    own = letter("Bổ sung: lớp 6A.", message_id="<b@vidu.example>", subject=f"Về ý kiến {code}")
    assert take(services, own).what == "more"
    other = letter(
        "Cho tôi biết nội dung.", message_id="<c@la.example>", subject=code.lower(),
        sender="la@la.example", In_Reply_To="<mot@vidu.example>",
    )  # fmt: skip
    assert take(services, other).what == "case"
    first, second = rows(services, Case)
    assert first.conversation_id != second.conversation_id


@pytest.mark.parametrize("header", ["Auto_Submitted", "List_Id", "X_Autoreply"])
def test_letters_of_programs_make_no_case_and_get_no_answer(
    services: Services, header: str
) -> None:
    assert take(services, letter(**{header: "auto-replied"})).what == "automatic"
    assert rows(services, Case) == outgoing(services) == []


def test_a_loop_between_two_programs_ends_by_itself(services: Services) -> None:
    for number in range(20):
        take(services, letter(message_id=f"<{number}@vidu.example>"))
    assert len(outgoing(services)) == mail.MOST_RECEIPTS
    assert len([one for one in rows(services, Message) if one.direction == "in"]) == 20


def test_danger_gets_the_numbers_first_and_a_sealed_case(services: Services) -> None:
    raw = letter("Con tôi bị thầy đánh chảy máu đầu, cháu đang rất sợ.", subject="Cứu")
    assert take(services, raw).what == "emergency"
    (case,) = rows(services, Case)
    assert case.kind == "child_protection" and case.confidential
    (said,) = outgoing(services)
    assert "111" in said.splitlines()[0]


def test_a_sealed_letter_in_a_normal_thread_is_a_case_of_its_own(services: Services) -> None:
    take(services, letter())
    more = letter(
        SEALED, message_id="<b@vidu.example>", subject="", In_Reply_To="<mot@vidu.example>"
    )
    assert take(services, more).what == "case"
    normal, sealed = rows(services, Case)
    assert (normal.confidential, sealed.confidential) == (False, True)
    said = [one for one in rows(services, Message) if one.direction == "in"]
    assert said[1].sealed and said[1].case_id == sealed.id


def answered(services: Services) -> None:
    with services.store.transaction() as tx:
        case = tx.merge(rows(services, Case)[0])
        case.state, case.answered_at = State.ANSWERED, services.now()


@pytest.mark.parametrize(
    ("text", "what", "state"),
    [
        ("Cảm ơn Sở đã giải quyết rất nhanh, gia đình tôi rất hài lòng.", "more", "answered"),
        ("Trường vẫn chưa trả lại tiền, đề nghị Sở kiểm tra lại.", "reopened", "reopened"),
    ],
)
def test_after_the_answer_thanks_leave_it_and_objections_take_it_up_again(
    services: Services, text: str, what: str, state: str
) -> None:
    take(services, letter())
    answered(services)
    raw = letter(text, message_id="<b@vidu.example>", subject="", In_Reply_To="<mot@vidu.example>")
    assert take(services, raw).what == what
    assert rows(services, Case)[0].state == state


def test_a_letter_that_is_too_big_is_answered_in_words_and_makes_no_case(
    services: Services,
) -> None:
    assert take(services, letter(""), whole=False).what == "too_big"
    assert rows(services, Case) == []
    assert "30 MB" in outgoing(services)[0]


def test_a_letter_without_words_but_with_a_file_is_on_record(services: Services) -> None:
    take(services, letter("", subject="", files=(("don.pdf", b"%PDF-1.4\n"),)))
    assert rows(services, Case)[0].text == mail.NO_WORDS


def test_a_returned_letter_is_shown_beside_the_message(services: Services) -> None:
    take(services, letter())
    with services.store.transaction() as tx:
        queued = tx.merge(rows(services, Outbox)[0])
        queued.state, queued.remote_id = "sent", "<outbox-1.a@so.example.vn>"
        assert mail_store.returned(tx, "<outbox-1.a@so.example.vn>", reason=mail.RETURNED)
        assert not mail_store.returned(tx, "<la@la.example>", reason="x")
    assert rows(services, Outbox)[0].last_error == mail.RETURNED
    assert rows(services, Outbox)[0].state == "failed"


def test_receipts_count_per_address_and_day(
    services: Services, clock: builders.MovingClock
) -> None:
    for number in range(mail.MOST_RECEIPTS):
        take(services, letter(message_id=f"<{number}@vidu.example>"))
    clock.at += timedelta(hours=25)
    take(services, letter(message_id="<sau@vidu.example>"))
    assert len(outgoing(services)) == mail.MOST_RECEIPTS + 1


def test_a_question_is_answered_from_what_is_published_beside_the_receipt(
    services: Services,
) -> None:
    raw = letter("Năm 2026 thi tốt nghiệp THPT những môn nào ạ?", subject="Hỏi thi tốt nghiệp")
    take(services, raw)
    assert rows(services, Case)[0].kind == "question"
    assert "Nguồn: " in outgoing(services)[0]


def test_the_address_is_read_back(services: Services) -> None:
    take(services, letter(sender="Hoa <HOA+so@Vidu.Example>"))
    assert mail.address_of(rows_of_talks(services)[0].external_id) == "hoa+so@vidu.example"
    with services.store.reading() as tx:
        talk = rows_of_talks(services)[0]
        assert conversations.get(tx, talk.id) is not None
        assert cases.of_conversation(tx, talk.id)


def test_erasing_a_case_leaves_no_address_and_no_subject(services: Services) -> None:
    for number in range(4):  # the last one joins the first case from a conversation of its own
        take(services, letter(message_id=f"<{number}@vidu.example>"))
    with services.store.transaction() as tx:
        for case in rows(services, Case):
            erasing.take_out(tx, tx.merge(case))
            tx.get_one(Case, case.id).state = State.ERASED
    assert rows(services, MailLetter) == []
    assert all(one.external_id.startswith("erased-") for one in rows_of_talks(services))


def rows_of_talks(services: Services) -> list[Conversation]:
    return rows(services, Conversation)
