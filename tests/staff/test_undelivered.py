"""The list of what could not be delivered, and what staff may do about it."""

from __future__ import annotations

from typing import Any

from intake_api.store import conversations, outbox, registry, unsealings
from tests import builders
from tests.builders import NOW
from tests.staff import house

OFFICE = {"username": "vanphong", "role": "coordinator", "unit": "VP"}
PAGE = "/can-bo/chua-gui-duoc"


def stuck(
    app: Any, text: str, *, state: str = "failed", case: Any = None, sealed: bool = False
) -> int:
    """A message on Zalo that did not go; returns the number of its outbox row."""
    with house.services_of(app).store.transaction() as tx:
        talk = builders.make_conversation(tx, channel="zalo")
        message = conversations.add_outbound(
            tx, talk, text=text, payload=None, author="bot", now=NOW,
            case_id=case.id if case else None, sealed=sealed,
        )  # fmt: skip
        row = outbox.of_messages(tx, [message.id])[message.id]
        mark = outbox.mark_unknown if state == "unknown" else outbox.mark_failed
        mark(tx, row.id, reason="Zalo không nhận (mã -201)")
        return row.id


def state_of(app: Any, number: int) -> str:
    with house.services_of(app).store.reading() as tx:
        row = outbox.get(tx, number)
        assert row is not None
        return row.state


def test_an_empty_list_says_so(app: Any) -> None:
    assert "Không có tin nào bị kẹt" in house.desk(app, **OFFICE).get(PAGE)


def test_what_is_given_up_and_what_is_unknown_are_told_apart_and_can_be_sent_again(
    app: Any,
) -> None:
    failed = stuck(app, "Học phí không tăng. Gọi 0912345678 nếu cần.")
    doubt = stuck(app, "Đã nhận ý kiến.", state="unknown")
    office = house.desk(app, **OFFICE)
    page = office.get(PAGE)
    assert "Chưa gửi được" in page and "Không rõ đã tới" in page and "mã -201" in page
    assert "0912345678" not in page
    office.post(f"{PAGE}/{failed}/gui-lai")
    office.post(f"{PAGE}/{doubt}/gui-lai")
    assert (state_of(app, failed), state_of(app, doubt)) == ("pending", "pending")
    assert len(house.services_of(app).queue.delivered) == 2  # type: ignore[attr-defined]
    assert "Không có tin nào bị kẹt" in office.get(PAGE)


def test_letting_go_takes_it_off_the_list(app: Any) -> None:
    number = stuck(app, "một")
    office = house.desk(app, **OFFICE)
    office.get(PAGE)
    office.post(f"{PAGE}/{number}/bo")
    assert state_of(app, number) == "dropped"


def test_what_somebody_else_dealt_with_is_not_sent_twice(app: Any) -> None:
    number = stuck(app, "một")
    office = house.desk(app, **OFFICE)
    office.get(PAGE)
    office.post(f"{PAGE}/{number}/gui-lai")
    with house.services_of(app).store.transaction() as tx:
        outbox.mark_sent(tx, number, now=NOW, remote_id="m1")
    office.get(PAGE)
    office.post(f"{PAGE}/{number}/gui-lai")
    assert state_of(app, number) == "sent"
    assert "có thể người khác vừa xử lý" in office.get(PAGE)


def test_everybody_sees_their_own_lane_alone(app: Any) -> None:
    case = house.make_case(app)
    sealed = house.make_case(app, house.BRIBE)
    numbers = {
        "of a unit": stuck(app, "về khoản thu", case=case),
        "sealed": stuck(app, "lời kín của vụ việc", case=sealed, sealed=True),
        "sealed talk": stuck(app, "lời kín chưa thành ý kiến", sealed=True),
        "bot": stuck(app, "lời của trợ lý"),
    }
    seen = {
        "khtc": (house.desk(app), {"of a unit"}),
        "other": (house.desk(app, "gdtrh", "lead", "GDTRH"), set()),
        "office": (house.desk(app, **OFFICE), {"of a unit", "bot"}),
        "sealed": (
            house.desk(app, "kenhmat", "confidential_officer", None),
            {"sealed", "sealed talk"},
        ),
    }
    for desk, wanted in seen.values():
        page = desk.get(PAGE)
        shown = {name for name, number in numbers.items() if f'id="tin-{number}"' in page}
        assert shown == wanted
        for name in set(numbers) - wanted:
            desk.post(f"{PAGE}/{numbers[name]}/gui-lai", 404)
    assert {state_of(app, number) for number in numbers.values()} == {"failed"}


def test_whom_a_case_names_meets_none_of_its_messages(app: Any) -> None:
    case = house.make_case(app)
    number = stuck(app, "về khoản thu", case=case)
    lead = house.desk(app)
    assert f'id="tin-{number}"' in lead.get(PAGE)
    with house.services_of(app).store.transaction() as tx:
        me = registry.staff_by_username(tx, "khtc")
        assert me is not None
        unsealings.name(tx, case.id, [me.id])
    assert f'id="tin-{number}"' not in lead.get(PAGE)
    lead.post(f"{PAGE}/{number}/gui-lai", 404)


def test_it_stays_on_record(app: Any) -> None:
    case = house.make_case(app)
    number = stuck(app, "về khoản thu", case=case)
    lead = house.desk(app)
    lead.get(PAGE)
    lead.post(f"{PAGE}/{number}/gui-lai")
    assert "cho gửi lại một tin chưa gửi được" in lead.get(f"/can-bo/y-kien/{case.code}")


def test_nonsense_is_not_found(app: Any) -> None:
    office = house.desk(app, **OFFICE)
    office.get(PAGE)
    for path in (f"{PAGE}/{2**40}/gui-lai", f"{PAGE}/7/gui-lai", f"{PAGE}/7/xoa"):
        office.post(path, 404)
