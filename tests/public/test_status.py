from __future__ import annotations

from typing import Any

import pytest

from intake_api.flow import receive
from tests import builders
from tests.public.lint import Reader, check, words


@pytest.fixture
def received(app: Any) -> receive.Received:
    return builders.make_case(app.extensions["langnghe"].services, channel="form")


def ask(reader: Reader, code: str, pin: str = "") -> tuple[int, str]:
    token = reader.fields("/tra-cuu")["csrf_token"]
    answer = reader.client.post("/tra-cuu", data={"ma": code, "pin": pin, "csrf_token": token})
    return answer.status_code, words(check(answer.text))


def test_code_and_pin_show_state_unit_day_and_the_persons_own_words(
    reader: Reader, received: receive.Received
) -> None:
    status, said = ask(reader, received.case.code, received.pin)
    assert status == 200
    assert received.case.text in said
    assert "trước 17h00" in said


@pytest.mark.parametrize("shape", ["lower", "spaces", "bare", "quoted"])
def test_codes_are_understood_however_they_are_typed(
    reader: Reader, received: receive.Received, shape: str
) -> None:
    code = received.case.code
    typed = {
        "lower": code.lower(),
        "spaces": code.replace("-", " "),
        "bare": code.replace("-", ""),
        "quoted": f"mã của tôi là {code}.",
    }[shape]
    assert ask(reader, typed, f" {received.pin[:3]} {received.pin[3:]}")[0] == 200


def test_a_wrong_code_and_a_wrong_pin_get_the_same_answer(
    reader: Reader, received: receive.Received
) -> None:
    wrong_pin = ask(reader, received.case.code, "000000" if received.pin != "000000" else "1")
    wrong_code = ask(reader, "PA-2611-0000-0000", "000000")
    assert wrong_pin[0] == wrong_code[0] == 404

    def without(said: tuple[int, str]) -> str:
        return said[1].replace(received.case.code, "").replace("PA-2611-0000-0000", "")

    assert without(wrong_pin) == without(wrong_code)
    assert received.case.text not in wrong_pin[1]


def test_without_a_pin_nothing_is_shown(reader: Reader, received: receive.Received) -> None:
    assert ask(reader, received.case.code)[0] == 404


def test_no_code_is_asked_for(reader: Reader) -> None:
    status, said = ask(reader, "  ")
    assert status == 422
    assert "Nhập mã ý kiến" in said


def test_a_receipts_link_fills_in_the_code(reader: Reader) -> None:
    page = reader.get('/tra-cuu?ma=PA-2611-"><script>')
    field = page.find(".//input[@id='ma']")
    assert field is not None
    assert field.get("value") == 'PA-2611-"><script>'


def test_a_sealed_case_does_not_name_the_unit(app: Any, reader: Reader) -> None:
    services = app.extensions["langnghe"].services
    sealed = builders.make_case(services, channel="form", text="Hiệu trưởng nhận tiền chạy lớp")
    _status, said = ask(reader, sealed.case.code, sealed.pin)
    assert "kênh mật" in said
    assert services.catalog.units[sealed.case.unit].name not in said


def test_guessing_is_slowed_down_with_a_page_that_says_so(
    reader: Reader, received: receive.Received
) -> None:
    answers = [ask(reader, received.case.code, f"{n:06d}") for n in range(6)]
    assert [status for status, _said in answers] == [404] * 5 + [429]
    assert "chờ khoảng một phút" in answers[-1][1]


def test_an_answer_that_was_read_here_counts_as_delivered(
    app: Any, reader: Reader, received: receive.Received
) -> None:
    from intake_api.store import conversations

    store = app.extensions["langnghe"].store
    with store.transaction() as tx:
        talk = conversations.get(tx, str(received.case.conversation_id))
        assert talk is not None
        said = conversations.add_outbound(
            tx, talk, text="Sở đã kiểm tra", payload=None, author="staff", now=builders.NOW,
            case_id=received.case.id,
        )  # fmt: skip
    assert said.state == "queued"
    assert "Sở đã kiểm tra" in ask(reader, received.case.code, received.pin)[1]
    with store.reading() as tx:
        assert conversations.messages(tx, talk.id)[-1].state == "sent"


def test_right_look_ups_do_not_use_up_the_guesses(
    app: Any, reader: Reader, received: receive.Received
) -> None:
    right = [ask(reader, received.case.code, received.pin)[0] for _ in range(8)]
    assert right == [200] * 8
    wrong = [ask(reader, received.case.code, f"{n:06d}")[0] for n in range(6)]
    assert wrong == [404] * 5 + [429]


def test_a_kind_without_a_date_says_so(
    app: Any, reader: Reader, received: receive.Received
) -> None:
    with app.extensions["langnghe"].store.transaction() as tx:
        tx.merge(received.case).due_at = None
    assert "Không đặt hạn trả lời" in ask(reader, received.case.code, received.pin)[1]
