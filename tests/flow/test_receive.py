from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from intake_api.domain.worktime import LOCAL
from intake_api.flow import handover, receive, status
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events
from tests.builders import NOW, make_case, make_conversation


def test_a_case_has_code_unit_date_and_reasons(services: Services) -> None:
    case = make_case(services).case
    assert case.code.startswith("PA-2611-")
    assert (case.unit, case.kind, case.topic) == ("KHTC", "criticism", "dd.khoan_thu")
    assert case.due_at is not None and case.due_at.astimezone(LOCAL).hour == 17
    assert case.classification["reasons"] and case.classification["model_version"]
    assert "THPT A Kim Bảng" in (case.school or "")


def test_the_text_is_kept_exactly_and_masked_beside(services: Services) -> None:
    text = "  Cô giáo ép học thêm!!! Gọi tôi số 0900 000 123 nhé\n"
    case = make_case(services, text=text).case
    assert case.text == text
    assert "0900" not in case.text_masked and "[số điện thoại]" in case.text_masked


def test_every_case_is_an_event(services: Services) -> None:
    case = make_case(services).case
    with services.store.reading() as tx:
        (event,) = events.of_case(tx, case.id)
        assert list(events.verify(tx)) == []
    assert (event.action, event.data["unit"]) == ("received", case.unit)
    assert "quỹ" not in str(event.data)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\n"])
def test_nothing_is_no_case(services: Services, text: str) -> None:
    with pytest.raises(receive.TextMissing):
        make_case(services, text=text)


def test_too_long_is_said(services: Services) -> None:
    with pytest.raises(receive.TextTooLong):
        make_case(services, text="a" * 5001)


def test_the_pin_opens_and_is_not_stored(services: Services) -> None:
    received = make_case(services)
    assert receive.pin_matches(services, received.case, received.pin)
    assert not receive.pin_matches(
        services, received.case, "000000" if received.pin != "000000" else "1"
    )
    assert received.pin not in received.case.pin_hash


def test_the_day_decides_which_unit_exists(services: Services) -> None:
    text = "Trường THCS Trần Phú Phủ Lý thu xã hội hóa 800 nghìn một em, không đóng bị nhắc tên"
    old = datetime(2023, 10, 10, 9, tzinfo=LOCAL)
    assert make_case(services, text=text, now=old).case.unit == "PGD-PL"
    assert make_case(services, text=text, now=NOW).case.unit == "GDMNTH"


def test_a_draft_becomes_a_case_and_keeps_no_copy(services: Services) -> None:
    with services.store.transaction() as tx:
        talk = make_conversation(tx)
        draft = receive.open_draft(
            tx, services, conversation=talk, text="trường thu tiền sai", message_id=1, now=NOW
        )
        receive.change_draft(
            draft, now=NOW, place_text="thpt a kim bảng", consent=True,
            sender=receive.Sender(name="Nguyễn Thử", phone="0900000001"),
        )  # fmt: skip
        received = receive.submit_draft(tx, services, draft=draft, conversation=talk, now=NOW)
        assert (draft.text, draft.name, draft.phone) == ("", None, None)
        contact = cases.contact(tx, received.case.id)
        assert contact is not None and contact.phone == "0900000001"
        assert received.case.consent_at == NOW
        again = receive.submit_draft(tx, services, draft=draft, conversation=talk, now=NOW)
        assert (again.case.code, again.pin) == (received.case.code, received.pin)


def test_the_fourth_copy_in_one_conversation_joins_the_first_case_under_its_pin(
    services: Services,
) -> None:
    text = "Trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị kiểm tra"
    with services.store.transaction() as tx:
        talk = make_conversation(tx)

        def say(words: str, **sender: str) -> receive.Received:
            said = conversations.add_inbound(
                tx, talk, text=words, payload=None, channel_message_id=None, now=NOW, state="done"
            )
            draft = receive.open_draft(
                tx, services, conversation=talk, text=words, message_id=said.id, now=NOW
            )
            if sender:
                receive.change_draft(draft, now=NOW, consent=True, sender=receive.Sender(**sender))
            return receive.submit_draft(tx, services, draft=draft, conversation=talk, now=NOW)

        made = [say(f"{text} {n}") for n in range(6)]
        codes = [one.case.code for one in made]
        assert len(set(codes[:3])) == 3 and set(codes[3:]) == {codes[0]}
        assert {one.pin for one in made[3:]} == {made[0].pin}
        kept = [m.text for m in conversations.messages(tx, talk.id) if m.case_id == made[0].case.id]
        assert kept == [f"{text} {n}" for n in (0, 3, 4, 5)]
        # Whoever leaves a number, or tells something else, is a case of its own.
        assert say(text, phone="0900000001").case.code not in codes
        assert say("Thư viện trường mở cửa quá muộn, không mượn được sách").case.code not in codes
        urgent = say("cháu bị bố đánh chảy máu đầu cứu cháu với")
        assert urgent.case.code not in codes


def test_anonymous_forgets_what_was_given_before(services: Services) -> None:
    with services.store.transaction() as tx:
        draft = receive.open_draft(
            tx, services, conversation=make_conversation(tx), text="góp ý", message_id=1, now=NOW
        )
        receive.change_draft(draft, now=NOW, sender=receive.Sender(name="A", phone="0900000001"))
        receive.change_draft(draft, now=NOW, sender=receive.Sender(anonymous=True))
        assert (draft.name, draft.phone, draft.anonymous) == (None, None, True)


def test_unknown_code_and_wrong_pin_get_the_same_answer(services: Services) -> None:
    received = make_case(services)
    with services.store.reading() as tx:
        for code, pin in (
            ("PA-2611-0000-0000", "123456"),
            (received.case.code, "wrong"),
            ("rác", None),
        ):
            assert status.look_up(tx, services, code_text=code, pin=pin, now=NOW) is None


def test_the_right_pin_shows_the_state_however_the_code_is_typed(services: Services) -> None:
    received = make_case(services)
    typed = received.case.code.lower().replace("-", " ")
    with services.store.reading() as tx:
        found = status.look_up(tx, services, code_text=typed, pin=received.pin, now=NOW)
    assert found is not None and found.state_label.startswith("Đã chuyển")


def test_of_a_sealed_case_no_unit_is_named(services: Services) -> None:
    received = make_case(
        services, text="Hiệu trưởng trường tôi ăn chặn tiền ăn bán trú của các cháu, tôi tố cáo"
    )
    assert received.case.confidential
    with services.store.reading() as tx:
        found = status.look_up(
            tx, services, code_text=received.case.code, pin=received.pin, now=NOW
        )
    assert found is not None and "bảo mật" in found.state_label
    assert found.unit_name == "Sở Giáo dục và Đào tạo"


def test_when_a_unit_ends_its_open_cases_go_to_the_successor(services: Services) -> None:
    text = "Trường THCS Trần Phú Phủ Lý thu xã hội hóa 800 nghìn một em, không đóng bị nhắc tên"
    case = make_case(services, text=text, now=datetime(2025, 6, 25, 9, tzinfo=LOCAL)).case
    for day, unit, moved in ((30, "PGD-PL", 0), (31, "GDMNTH", 1)):
        now = datetime(2025, 6, 30, 23, tzinfo=LOCAL) + timedelta(hours=2 * (day - 30))
        with services.store.transaction() as tx:
            assert handover.hand_over(tx, services.catalog, now=now) == moved
        with services.store.reading() as tx:
            found = cases.by_code(tx, case.code)
            assert found is not None
            assert found.unit == unit
            assert list(events.verify(tx)) == []


def test_a_corrected_school_outranks_the_one_in_the_text(services: Services) -> None:
    text = "Trường THPT A Phủ Lý thu quỹ lớp sai quy định"
    with services.store.transaction() as tx:
        for said, school in (
            ("nhầm, trường THPT B Phủ Lý mới đúng", "Trường THPT B Phủ Lý"),
            ("là trường THPT B", None),
        ):
            made = receive.submit(
                tx, services, text=text, channel="web", now=NOW, place_text=said
            ).case
            assert (made.school, made.place_text) == (school, said)
