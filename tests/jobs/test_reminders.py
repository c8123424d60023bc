"""Reminders from events and clock, and the letters about them, against a real mail server."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from intake_api.channels.mail import SmtpMailer
from intake_api.flow import answer, assigning, citizen, reminding, waiting
from intake_api.flow.acting import NotAllowed
from intake_api.flow.services import Services
from intake_api.jobs.reminders import Reminders, mailer_for
from intake_api.runtime import Runtime
from intake_api.store import notices, unsealings
from intake_api.store.tables import Case
from tests import builders
from tests.builders import MovingClock, make_case
from tests.flow.desk import Desk, again

SENDER = "khong-tra-loi@example.edu.vn"


class Box:
    """A mailbox: every letter that the server took, and addresses it does not know."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.unknown: set[str] = set()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str,
                          _options: Any) -> str:  # fmt: skip
        if address in self.unknown:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        made = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos[0], made))
        return "250 OK"

    def texts(self, address: str) -> list[str]:
        return [made.get_content() for to, made in self.letters if to == address]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Controller]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Controller(box, hostname="127.0.0.1", port=port)
    made.start()
    yield made
    if made.server is not None:
        made.stop()


class House:
    """The reminders of one house, with its people."""

    def __init__(self, services: Services, clock: MovingClock, port: int) -> None:
        self.services, self.clock = services, clock
        settings = builders.make_settings(public_url="https://langnghe.example")
        runtime = Runtime(settings, services.store, clock, services)  # type: ignore[arg-type]
        self.mailer = SmtpMailer("127.0.0.1", port, SENDER, security="none")
        self.reminders = Reminders(runtime, None)
        self.lead = Desk(services, "khtc", "lead", "KHTC")
        self.handler = Desk(services, "khtc.cv", "handler", "KHTC")
        self.other = Desk(services, "khtc.cv2", "handler", "KHTC")
        self.coordinator = Desk(services, "vanphong", "coordinator", "VP")
        self.officer = Desk(services, "kenhmat", "confidential_officer", None)
        with services.store.transaction() as tx:
            for desk in (self.lead, self.handler, self.other, self.coordinator, self.officer):
                notices.reach(tx, desk.staff.id).email = self.address(desk)
                notices.reach(tx, desk.staff.id).digest = False
        self.look()  # what happened before anybody was reminded is nobody's news

    def address(self, desk: Desk) -> str:
        return f"{desk.staff.username}@example.edu.vn"

    def look(self) -> None:
        with self.services.store.transaction() as tx:
            reminding.from_events(tx, now=self.clock.at)
        self.reminders._look_at_due_dates(self.clock.at)

    def post(self) -> int:
        return self.reminders.post(self.mailer)

    def told(self, desk: Desk) -> list[str]:
        with self.services.store.reading() as tx:
            return [note.kind for note, _case in notices.of_person(tx, desk.staff.id)][::-1]

    def reach(self, desk: Desk, **changes: Any) -> None:
        with self.services.store.transaction() as tx:
            found = notices.reach(tx, desk.staff.id)
            for name, value in changes.items():
                setattr(found, name, value)


@pytest.fixture
def house(services: Services, clock: MovingClock, server: Controller) -> House:
    return House(services, clock, server.port)


def given(house: House) -> Case:
    """A case in the handler's hands."""
    case = make_case(house.services).case
    house.lead.do(assigning.assign, case, to=house.handler.staff)
    return again(house.services, case)


def test_whom_a_case_names_never_gets_it_nor_a_word_of_it(house: House) -> None:
    case = make_case(house.services).case
    with house.services.store.transaction() as tx:
        unsealings.name(tx, case.id, [house.handler.staff.id])
    with pytest.raises(NotAllowed, match="bị nêu trong nội dung"):
        house.lead.do(assigning.assign, case, to=house.handler.staff)
    with house.services.store.transaction() as tx:
        unsealings.name(tx, case.id, [house.lead.staff.id])
    house.look()
    assert house.told(house.handler) == house.told(house.lead) == []
    assert house.told(house.coordinator) == ["arrived"]


def test_the_life_of_a_case_is_told_to_who_has_to_act(house: House, box: Box) -> None:
    case = given(house)
    house.look()
    assert house.told(house.handler) == ["assigned"]
    assert house.told(house.lead) == ["arrived"]
    due = case.due_at
    assert due is not None
    for moment, who, kind in (
        (due - timedelta(hours=5), house.handler, "due_soon"),
        (due + timedelta(minutes=1), house.handler, "overdue"),
        (due + timedelta(days=1, minutes=1), house.lead, "late_lead"),
        (due + timedelta(days=3, minutes=1), house.coordinator, "late_coordinator"),
    ):
        house.clock.at = moment
        house.look()
        house.look()  # told once
        assert house.told(who).count(kind) == 1, kind
        assert house.told(who)[-1] == kind
    assert house.told(house.other) == []
    assert house.told(house.officer) == []


def test_a_new_due_date_begins_anew_and_a_pause_keeps_quiet(house: House) -> None:
    case = given(house)
    due = case.due_at
    assert due is not None
    house.clock.at = due - timedelta(hours=5)
    house.handler.do(waiting.ask_citizen, case, question="Lớp nào?")
    house.clock.at = due + timedelta(days=1)
    house.look()
    assert "overdue" not in house.told(house.handler)
    with house.services.store.transaction() as tx:
        from intake_api.store import cases

        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        citizen.supplement(tx, house.services, found, now=house.clock.at)
    later = again(house.services, case).due_at
    assert later is not None and later > due
    house.clock.at = later + timedelta(minutes=1)
    house.look()
    assert house.told(house.handler).count("overdue") == 1
    assert "wrote" in house.told(house.handler)


def test_letters_say_that_there_is_something_and_never_what(house: House, box: Box) -> None:
    case = given(house)
    house.look()
    assert house.post() == 1
    (text,) = box.texts("khtc.cv@example.edu.vn")
    assert "Được giao cho anh/chị: 1" in text
    assert "https://langnghe.example/can-bo/thong-bao" in text
    for secret in (case.code, case.text[:15], "quỹ", "Kim Bảng"):
        assert secret not in text
    assert house.post() == 0  # told once


def test_sealed_matters_reach_the_officer_alone_without_even_a_number(
    house: House, box: Box
) -> None:
    made = make_case(house.services, text="Cháu bị thầy đánh, cứu cháu", kind="child_protection")
    house.look()
    house.clock.at += timedelta(minutes=16)  # the first clock has run out
    house.look()
    assert house.told(house.officer) == ["arrived", "unseen"]
    for desk in (house.lead, house.handler, house.coordinator):
        assert house.told(desk) == []
    assert house.post() == 1
    (text,) = box.texts("kenhmat@example.edu.vn")
    assert "có nội dung mới cần anh/chị xem" in text
    assert made.case.code not in text
    assert "trẻ" not in text.lower()
    assert not any(char.isdigit() for char in text)


def test_a_mail_server_that_is_down_for_a_day_loses_nothing_and_floods_nobody(
    house: House, box: Box, server: Controller
) -> None:
    server.stop()
    for number in range(24):
        given(house)
        house.clock.at += timedelta(hours=1)
        house.look()
        assert house.post() == 0, number
    assert len(house.told(house.handler)) >= 24
    revived = Controller(box, hostname="127.0.0.1", port=house.mailer.port)
    revived.start()
    try:
        assert house.post() >= 1
        (text,) = box.texts("khtc.cv@example.edu.vn")
        assert "Được giao cho anh/chị: 24" in text
        assert house.post() == 0
    finally:
        revived.stop()


def test_ten_minutes_lie_between_two_letters_to_one_person(house: House, box: Box) -> None:
    given(house)
    house.look()
    house.post()
    for _ in range(5):
        given(house)
        house.clock.at += timedelta(minutes=1)
        house.look()
        house.post()
    assert len(box.texts("khtc.cv@example.edu.vn")) == 1
    house.clock.at += timedelta(minutes=6)
    house.post()
    assert "Được giao cho anh/chị: 5" in box.texts("khtc.cv@example.edu.vn")[1]


def test_the_daily_digest_comes_once_when_work_begins(house: House, box: Box) -> None:
    house.reach(house.lead, digest=True)
    make_case(house.services)
    house.look()
    day = house.clock.at.replace(hour=0, minute=0)  # 07h00 in Hà Nam
    house.clock.at = day + timedelta(days=1, hours=3)
    assert house.post() == 0  # a holiday
    house.clock.at = day + timedelta(days=2)
    assert house.post() == 0  # nobody works yet
    house.clock.at += timedelta(minutes=45)
    assert house.post() == 1
    assert house.post() == 0
    (text,) = box.texts("khtc@example.edu.vn")
    assert "Ý kiến mới của đơn vị: 1" in text
    house.clock.at = day + timedelta(days=5, hours=3)  # a Saturday
    make_case(house.services)
    house.look()
    assert house.post() == 0


def test_what_was_read_in_the_workbench_needs_no_letter(house: House, box: Box) -> None:
    given(house)
    house.look()
    with house.services.store.transaction() as tx:
        notices.read(tx, house.handler.staff.id, house.clock.at)
    assert house.post() == 0


def test_while_somebody_is_away_the_deputy_gets_the_letter(house: House, box: Box) -> None:
    today = (house.clock.at + timedelta(hours=7)).date()
    house.reach(
        house.handler, deputy_id=house.other.staff.id, away_from=today, away_to=today
    )  # fmt: skip
    given(house)
    house.look()
    house.post()
    assert box.texts("khtc.cv@example.edu.vn") == []
    assert len(box.texts("khtc.cv2@example.edu.vn")) == 1
    assert house.told(house.handler) == ["assigned"]  # to be read on coming back


def test_an_address_that_is_refused_stops_nobody_else(house: House, box: Box) -> None:
    box.unknown.add("khtc.cv@example.edu.vn")
    given(house)
    house.reach(house.lead, ways={"arrived": "mail"})
    house.look()
    assert house.post() == 1
    assert len(box.texts("khtc@example.edu.vn")) == 1
    with house.services.store.reading() as tx:
        assert "no such user" in (notices.reaches(tx)[house.handler.staff.id].refused or "")


def test_an_answered_case_is_reminded_of_no_more(house: House) -> None:
    case = given(house)
    house.lead.do(answer.reply, case, text="Đã xong.")
    assert case.due_at is not None
    house.clock.at = case.due_at + timedelta(days=5)
    house.look()
    assert "overdue" not in house.told(house.handler)


def test_without_a_mail_server_there_are_no_letters() -> None:
    assert mailer_for(builders.make_settings()) is None
    made = mailer_for(builders.make_settings(smtp_host="mail.example", mail_from=SENDER))
    assert isinstance(made, SmtpMailer)


def test_settings_refuse_half_a_mail_server() -> None:
    with pytest.raises(ValueError, match="LANGNGHE_MAIL_FROM"):
        builders.make_settings(smtp_host="mail.example")
