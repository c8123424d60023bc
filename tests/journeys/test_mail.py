"""An e-mail thread with an attachment, through an IMAP and an SMTP server over sockets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from PIL import Image

from intake_api.channels.adapters import adapters_for
from intake_api.channels.mail_inbox import Inbox, MailboxUnavailable
from intake_api.flow import answer
from intake_api.flow.services import Services
from intake_api.jobs import mail as jobs
from intake_api.jobs.deliver import deliver
from intake_api.jobs.gate import Gate
from intake_api.store import StoreUnavailable
from intake_api.store.tables import Attachment, Case, Message, Outbox
from tests import builders
from tests.mail_house import USER, MailHouse, letter


@pytest.fixture(scope="module")
def house() -> Iterator[MailHouse]:
    with MailHouse() as made:
        yield made


class Office:
    """The service beside the mail server: its postman, its adapters, its store."""

    def __init__(self, house: MailHouse, folder: Path) -> None:
        self.house = house
        self.store = builders.make_store(folder)
        self.queue = builders.ListQueue()
        self.clock = builders.MovingClock()
        self.services: Services = builders.make_services(
            self.store, clock=self.clock, queue=self.queue
        )
        settings = builders.make_settings(**house.settings())
        where = jobs.access(settings)
        assert where is not None
        self.postman = jobs.Postman(self.services, where, own=settings.email_address)
        self.adapters = adapters_for(
            settings, threads=jobs.KeptThreads(self.services), now=self.clock.now
        )
        house.relay.received.clear()
        house.relay.answers.clear()
        house.relay.refused.clear()
        self.postman.fetch()  # what other tests left is theirs
        with self.store.transaction() as tx:
            for table in ("outbox", "mail_letter", "message"):
                tx.execute(sa.text(f"DELETE FROM {table}"))

    def send(self) -> None:
        for name in dict.fromkeys(self.queue.delivered):
            deliver(self.services, self.adapters, name)

    @property
    def received(self) -> list[EmailMessage]:
        return self.house.relay.received

    def all(self, kind: type) -> list:  # type: ignore[type-arg]
        with self.store.reading() as tx:
            return list(tx.execute(sa.select(kind).order_by(kind.id)).scalars())  # type: ignore[attr-defined]


@pytest.fixture
def office(house: MailHouse, tmp_path: Path) -> Iterator[Office]:
    made = Office(house, tmp_path)
    yield made
    made.store.close()


def new_letter(office: Office, name: str, **changes: object) -> None:
    office.house.deliver(letter(message_id=f"<{name}@vidu.example>", **changes))  # type: ignore[arg-type]


def test_a_thread_with_an_attachment_from_the_letter_to_the_answer_and_back(
    office: Office,
) -> None:
    new_letter(office, "dau")
    assert office.postman.fetch() == 1
    office.send()
    (receipt,) = office.received
    case = office.all(Case)[-1]
    assert receipt["To"] == "hoa@vidu.example"
    assert receipt["In-Reply-To"] == "<dau@vidu.example>"
    assert receipt["Subject"] == "Re: Về việc thu quỹ lớp"
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert case.code in receipt.get_content()

    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "JPEG")
    new_letter(
        office, "hai", text="Đây là phiếu thu.\n\nVào Th 2, Sở đã viết:\n> Sở đã ghi nhận",
        subject="Re: Về việc thu quỹ lớp", files=(("phiếu thu.jpg", out.getvalue()),),
        In_Reply_To=str(receipt["Message-ID"]),
        References=f"<dau@vidu.example> {receipt['Message-ID']}",
    )  # fmt: skip
    office.postman.fetch()
    office.send()
    (file,) = office.all(Attachment)
    assert file.filename == "phiếu thu.jpg"
    assert [one.id for one in office.all(Case)] == [case.id]

    lead = builders.make_staff(office.store, username="khtc", role="lead", unit=case.unit)
    with office.store.transaction() as tx:
        current = tx.get_one(Case, case.id)
        acting = answer.Acting(
            staff=tx.merge(lead), version=current.version, now=office.clock.now()
        )
        answer.reply(tx, current, acting, services=office.services, text="Trường đã trả lại tiền.")
        office.queue.delivered.append(current.conversation_id or "")
    office.send()
    reply = office.received[-1]
    assert "Trường đã trả lại tiền." in reply.get_content()
    assert reply["Auto-Submitted"] is None  # a person wrote it
    assert str(receipt["Message-ID"]) in str(reply["References"])
    assert all(one.state == "sent" for one in office.all(Outbox))
    assert office.house.flags()[-2:] == [{"Seen"}, {"Seen"}]

    new_letter(
        office, "ba", text="Trường vẫn chưa trả lại tiền cho lớp 6B.", subject="",
        In_Reply_To=str(reply["Message-ID"]),
    )  # fmt: skip
    office.postman.fetch()
    assert office.all(Case)[0].state == "reopened"


def test_of_a_sealed_matter_nothing_is_quoted_back(office: Office) -> None:
    new_letter(
        office, "kin", text="Hiệu trưởng nhận tiền chạy lớp, tôi tố cáo.",
        subject="Tố cáo hiệu trưởng X",
    )  # fmt: skip
    office.postman.fetch()
    office.send()
    said = office.received[-1]
    assert "X" not in str(said["Subject"]) and "cáo" not in str(said["Subject"])
    assert "Hiệu trưởng" not in said.get_content()


def test_a_letter_that_was_stored_but_not_marked_comes_again_and_is_kept_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_letter(office, "sap")
    monkeypatch.setattr(Inbox, "done", lambda self, uid: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        office.postman.fetch()
    monkeypatch.undo()
    assert office.postman.fetch() == 1
    assert len(office.all(Case)) == 1


def test_while_the_database_is_away_the_letter_stays_unread(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_letter(office, "cho")

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("locked")

    monkeypatch.setattr(jobs.taking, "take", away)
    with pytest.raises(StoreUnavailable):
        office.postman.fetch()
    assert office.house.flags()[-1] == set()
    monkeypatch.undo()
    assert office.postman.fetch() == 1


def test_a_letter_that_nobody_can_read_is_set_aside_and_does_not_block(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_letter(office, "xau")
    new_letter(office, "tot")
    real = jobs.taking.take

    def take(tx, services, found, *, now):  # type: ignore[no-untyped-def]
        if "xau" in found.message_id:
            raise ValueError("hỏng")
        return real(tx, services, found, now=now)

    monkeypatch.setattr(jobs.taking, "take", take)
    assert office.postman.fetch() == 2
    assert office.house.flags()[-2:] == [{"Seen", "Flagged"}, {"Seen"}]
    assert len(office.all(Case)) == 1


def outbox_of(office: Office) -> Outbox:
    office.postman.fetch()
    office.send()
    return office.all(Outbox)[-1]


@pytest.mark.parametrize(
    ("answer_", "state", "says"),
    [
        ("451 busy", "pending", "bận (mã 451)"),
        ("554 no", "failed", "từ chối (mã 554)"),
        ("drop", "unknown", "mất kết nối với máy chủ thư khi vừa gửi xong"),
    ],
)
def test_what_the_relay_says_decides(office: Office, answer_: str, state: str, says: str) -> None:
    office.house.relay.answers.append(answer_)
    new_letter(office, f"r{state}{answer_[:3]}")
    row = outbox_of(office)
    assert row.state == state
    assert says in (row.last_error or "")


def test_an_address_that_does_not_exist_is_shown_and_a_relay_that_is_down_is_tried_again(
    office: Office,
) -> None:
    office.house.relay.refused["hoa@vidu.example"] = "550 no such user"
    new_letter(office, "khong")
    assert "địa chỉ không nhận thư (mã 550)" in (outbox_of(office).last_error or "")
    settings = builders.make_settings(**{**office.house.settings(), "smtp_port": 1})
    office.adapters = adapters_for(settings, threads=jobs.KeptThreads(office.services))
    new_letter(office, "tat")
    row = outbox_of(office)
    assert row.state == "pending"
    assert "không nối được" in (row.last_error or "")


def test_a_relay_that_is_down_for_an_hour_loses_and_doubles_nothing_and_is_told_once(
    office: Office,
) -> None:
    moment = [0.0]
    gate = Gate(clock=lambda: moment[0])
    right = office.adapters
    office.adapters = adapters_for(
        builders.make_settings(**{**office.house.settings(), "smtp_port": 1}),
        threads=jobs.KeptThreads(office.services), now=office.clock.now,
    )  # fmt: skip
    for number in range(3):
        new_letter(office, f"gio{number}", sender=f"nguoi{number}@vidu.example")
    office.postman.fetch()
    names = list(dict.fromkeys(office.queue.delivered))

    def minutes(count: int) -> None:
        for _ in range(count):
            for name in names:
                deliver(office.services, office.adapters, name, gate=gate)
            office.clock.at += timedelta(minutes=1)
            moment[0] += 60

    with structlog.testing.capture_logs() as logs:
        minutes(60)
        assert office.received == []
        office.adapters = right
        minutes(4)
    assert sorted(str(one["To"]) for one in office.received) == [
        f"nguoi{number}@vidu.example" for number in range(3)
    ]
    assert {one.state for one in office.all(Outbox)} == {"sent"}
    assert [one["what"] for one in logs if one["event"] == "OperatorAlarm"] == ["channel_down"]


def test_a_letter_whose_date_cannot_be_is_on_record_when_it_came(office: Office) -> None:
    for name, day in (("mai", "Mon, 23 Nov 2099 09:00:00 +0700"), ("xua", "hôm qua")):
        raw = letter(message_id=f"<{name}@vidu.example>", sender=f"{name}@vidu.example")
        office.house.deliver(raw.replace(b"Mon, 23 Nov 2026 09:00:00 +0700", day.encode()))
    assert office.postman.fetch() == 2
    assert {case.received_at for case in office.all(Case)} == {office.clock.at}


def test_a_letter_that_broke_off_is_taken_as_far_as_it_came(office: Office) -> None:
    whole = letter(message_id="<gay@vidu.example>", files=(("a.png", bytes(3000)),))
    office.house.deliver(whole[: len(whole) // 2])
    assert office.postman.fetch() == 1
    assert len(office.all(Case)) == 1


def test_a_wrong_password_is_told_once_and_loses_nothing(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = builders.make_settings(**{**office.house.settings(), "email_imap_password": "sai"})
    where = jobs.access(settings)
    assert where is not None
    with pytest.raises(MailboxUnavailable, match="login refused"), Inbox(where):
        pass
    postman = jobs.Postman(office.services, where, own=USER)
    assert [postman.fetch(), postman.fetch()] == [0, 0]
    assert capsys.readouterr().out.count("OperatorAlarm") == 1


def test_without_a_mailbox_in_the_settings_there_is_no_postman() -> None:
    assert jobs.access(builders.make_settings()) is None
    assert "email" not in adapters_for(builders.make_settings())
    assert Message.__tablename__ == "message"
