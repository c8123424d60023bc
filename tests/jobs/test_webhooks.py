"""Notices to other systems, to a receiver of our own over a socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook

from intake_api.channels import webhook_post
from intake_api.domain.webhooks import TYPES, WAITS
from intake_api.flow import answer, citizen
from intake_api.flow import webhooks as writing
from intake_api.flow.services import Services
from intake_api.jobs import webhooks as jobs
from intake_api.store import webhooks
from intake_api.store.tables import Case
from intake_api.store.webhook_tables import WebhookDelivery, WebhookEndpoint
from tests import builders


class Receiver:
    """Keeps what it got; ``answers`` is what it says to the next ones instead of 204."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                owner.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                code, more = owner.answers.pop(0) if owner.answers else (204, {})
                self.send_response(code)
                for name, value in more.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/hook"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]

    @property
    def types(self) -> list[str]:
        return [one["type"] for one in self.bodies]

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def listen(services: Services, url: str, types: tuple[str, ...] = TYPES) -> int:
    with services.store.transaction() as tx:
        webhooks.begin(tx)
        made = webhooks.add_endpoint(
            tx,
            WebhookEndpoint(
                url=url, types=list(types), active=True, generation=1, created_at=services.now()
            ),
        )
        return made.id


def send(services: Services, receiver: Receiver) -> int:
    return jobs.send(services, private=frozenset({receiver.host}))


def row(services: Services) -> WebhookDelivery:
    with services.store.reading() as tx:
        return webhooks.recent(tx)[0]


SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def test_the_vector_of_the_standard_comes_out() -> None:
    body = (
        '{"type":"feedback.status_changed","timestamp":"2026-11-23T02:00:00Z",'
        '"data":{"tracking_code":"PA-2611-7K3M-9QX4"}}'
    )
    made = webhook_post.headers(
        "msg_01JD0000000000000000000000", body, datetime.fromtimestamp(1763863200, UTC), [SECRET]
    )
    assert made["webhook-signature"] == "v1,FvtimOoLCugEC2yfEV3eiboqMvAXIq6JODtfqNZoaEc="
    assert made["webhook-timestamp"] == "1763863200"


def test_a_case_is_told_from_its_beginning_with_codes_only(
    services: Services, receiver: Receiver
) -> None:
    listen(services, receiver.url)
    made = builders.make_case(
        services,
        text="Cháu Nguyễn Thị Lan trường THPT A Kim Bảng, 0912345678, bị ghi sai tên trong học bạ",
        sender=builders.receive.Sender(name="Trần Văn Bình", phone="0987654321"),
    )
    assert send(services, receiver) == 3
    assert receiver.types == ["feedback.created", "feedback.classified", "feedback.routed"]
    told = receiver.bodies[0]["data"]
    assert told["tracking_code"] == made.case.code
    assert set(told) <= {
        "tracking_code", "status", "status_before", "kind", "topic", "unit", "channel",
        "received_at", "due_at",
    }  # fmt: skip
    everything = " ".join(body for _headers, body in receiver.got)
    for word in ("Lan", "Bình", "0912", "0987", "Kim Bảng", "sai tên"):
        assert word not in everything
    assert send(services, receiver) == 0  # told once


def test_every_notice_is_signed_and_verifies_with_the_key_that_was_shown(
    services: Services, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = listen(services, receiver.url)
    builders.make_case(services)
    with services.store.transaction() as tx:
        place = webhooks.endpoint(tx, number)
        assert place is not None
        old = writing.secret_of(services, place)
        writing.renew(place, services.now())
        new = writing.secret_of(services, place)
    assert old != new
    send(services, receiver)
    headers, body = receiver.got[0]
    # The library takes the wall clock for the age of a message; ours is fixed.
    monkeypatch.setattr(Webhook, "_Webhook__verify_timestamp", lambda self, said: builders.NOW)
    for key in (old, new):
        assert Webhook(key).verify(body, headers)["type"] == "feedback.created"


def test_nothing_of_a_sealed_case_goes_out_not_even_of_one_sealed_meanwhile(
    services: Services, receiver: Receiver
) -> None:
    listen(services, receiver.url)
    builders.make_case(services, kind="denunciation")
    assert send(services, receiver) == 0
    normal = builders.make_case(services).case
    with services.store.transaction() as tx:
        assert writing.write(tx, services, now=services.now()) == 3
        tx.get_one(Case, normal.id).confidential = True
    assert send(services, receiver) == 0
    assert receiver.got == []
    assert (row(services).state, row(services).body) == ("dropped", "")


def test_moves_of_staff_and_of_the_sender_are_told(services: Services, receiver: Receiver) -> None:
    case = builders.make_case(services).case
    listen(services, receiver.url)
    lead = builders.make_staff(services.store, unit=case.unit)
    with services.store.transaction() as tx:
        current = tx.get_one(Case, case.id)
        acting = answer.Acting(staff=tx.merge(lead), version=current.version, now=services.now())
        answer.reply(tx, current, acting, services=services, text="Đã xử lý.")
    with services.store.transaction() as tx:
        citizen.confirm(tx, services, tx.get_one(Case, case.id), now=services.now())
    send(services, receiver)
    assert receiver.types == [
        "feedback.message_out", "feedback.status_changed", "feedback.closed",
        "feedback.status_changed",
    ]  # fmt: skip
    assert [one["data"]["status"] for one in receiver.bodies[1:4:2]] == ["answered", "closed"]


def test_dates_are_told_once_each(
    services: Services, receiver: Receiver, clock: builders.MovingClock
) -> None:
    listen(services, receiver.url, ("feedback.due_soon", "feedback.overdue"))
    case = builders.make_case(services).case
    assert case.due_at is not None
    clock.at = case.due_at - timedelta(hours=3)
    send(services, receiver)
    send(services, receiver)
    clock.at = case.due_at + timedelta(hours=3)
    send(services, receiver)
    send(services, receiver)
    assert receiver.types == ["feedback.due_soon", "feedback.overdue"]


def test_a_failure_is_tried_again_under_the_same_name_and_given_up_at_last(
    services: Services, receiver: Receiver, clock: builders.MovingClock
) -> None:
    listen(services, receiver.url, ("feedback.created",))
    builders.make_case(services)
    receiver.answers = [(500, {}), (302, {"location": "http://127.0.0.1/"}), (204, {})]
    assert send(services, receiver) == 0
    assert send(services, receiver) == 0  # not yet
    assert len(receiver.got) == 1
    for wait in WAITS[:2]:
        clock.at += wait * 1.3
        send(services, receiver)
    names = {headers["webhook-id"] for headers, _body in receiver.got}
    assert len(receiver.got) == 3 and len(names) == 1
    assert row(services).state == "sent"
    with services.store.transaction() as tx:
        assert webhooks.send_again(tx, services.now(), name=names.copy().pop()) == 1
    receiver.answers = [(503, {})] * (len(WAITS) + 1)
    for wait in (timedelta(), *WAITS):
        clock.at += wait * 1.3
        send(services, receiver)
    assert row(services).state == "failed"
    assert row(services).last_status == 503


def test_retry_after_is_kept_to_and_gone_ends_it(
    services: Services, receiver: Receiver, clock: builders.MovingClock
) -> None:
    number = listen(services, receiver.url, ("feedback.created",))
    builders.make_case(services)
    receiver.answers = [(429, {"retry-after": "900"}), (410, {})]
    send(services, receiver)
    assert row(services).next_at == services.now() + timedelta(seconds=900)
    clock.at += timedelta(seconds=901)
    send(services, receiver)
    with services.store.reading() as tx:
        place = webhooks.endpoint(tx, number)
        assert place is not None and not place.active
    builders.make_case(services)
    assert send(services, receiver) == 0


def test_a_private_address_is_refused_and_never_asked(
    services: Services, receiver: Receiver
) -> None:
    listen(services, receiver.url, ("feedback.created",))
    builders.make_case(services)
    assert jobs.send(services) == 0
    assert receiver.got == []
    assert "refused" in (row(services).last_error or "")


def test_a_receiver_that_is_away_loses_nothing(
    services: Services, receiver: Receiver, clock: builders.MovingClock
) -> None:
    listen(services, "http://127.0.0.1:1/hook", ("feedback.created",))
    builders.make_case(services)
    assert jobs.send(services, private=frozenset({"127.0.0.1:1"})) == 0
    assert (row(services).state, row(services).last_error) == ("pending", "ConnectError")


def test_whoever_begins_to_listen_is_not_told_what_was_before(
    services: Services, receiver: Receiver
) -> None:
    builders.make_case(services)
    listen(services, receiver.url)
    assert send(services, receiver) == 0


def test_a_draft_that_opens_and_its_answers_are_told_with_numbers_and_dates_only(
    services: Services, receiver: Receiver, clock: builders.MovingClock
) -> None:
    from tests.flow.consult_house import PLAN, Office

    listen(services, receiver.url)
    office = Office(services, clock)
    made = office.opened()
    office.published(made)
    send(services, receiver)
    assert receiver.types == ["consultation.opened", "consultation.published"]
    for body in receiver.bodies:
        assert body["data"]["consultation"] == made.id
        assert body["data"]["closes_at"] == "2026-12-23T17:00:00Z"
        assert PLAN.title not in str(body)
