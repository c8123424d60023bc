"""Zalo's webhook: proof first, stored before it is acknowledged, once."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import structlog
from sqlalchemy import func, select

from intake_api.channels import zalo_bodies
from intake_api.channels.zalo import mac
from intake_api.store import StoreUnavailable
from intake_api.store.tables import Message, RawEvent
from tests import builders
from tests.builders import NOW

APP, OA, SECRET, MOTHER = "3003", "6006", "test-oa-secret", "4004"
AT = int(NOW.timestamp() * 1000)
VECTOR = (
    b'{"app_id":"3003","sender":{"id":"4004"},"user_id_by_app":"5005","recipient":{"id":"6006"},'
    b'"event_name":"user_send_text","message":{"text":"Tra cuu PA","msg_id":"zm1"},'
    b'"timestamp":"1700000000000"}'
)
SIGNED = "mac=c6acc3a433301004933a568b91d8b91ca76705d299cd6fc82837ac6db051d19b"


@pytest.fixture
def queue():
    return builders.ListQueue()


@pytest.fixture
def app(store, queue):
    return builders.make_app(
        store, queue=queue, settings={"zalo_app_id": APP, "zalo_oa_secret": SECRET}
    )


def text(words="xin chào", msg_id="m1"):
    return zalo_bodies.event(
        "user_send_text", app=APP, oa=OA, person=MOTHER, at=AT,
        message=zalo_bodies.message(words, msg_id),
    )  # fmt: skip


def post(app, body, *, signature=None, secret=SECRET, stamp=str(AT), **headers):
    raw = body if isinstance(body, bytes) else zalo_bodies.encode(body)
    if signature is None:
        signature = f"mac={mac(raw, app_id=APP, secret=secret, timestamp=stamp)}"
    given = {"X-ZEvent-Signature": signature} if signature else {}
    return app.test_client().post(
        "/webhooks/zalo", data=raw, headers=given | headers, content_type="application/json"
    )


def stored(store):
    with store.reading() as tx:
        rows = tx.execute(select(Message).where(Message.direction == "in").order_by(Message.id))
        return [row.text for row in rows.scalars()]


def raw_events(store):
    with store.reading() as tx:
        return tx.execute(select(func.count()).select_from(RawEvent)).scalar_one()


def test_the_published_vector_is_stored_acknowledged_and_handed_on(app, store, queue):
    answer = post(app, VECTOR, signature=SIGNED)
    assert (answer.status_code, answer.data) == (200, b"EVENT_RECEIVED")
    assert stored(store) == ["Tra cuu PA"]
    assert len(queue.processed) == 1


def test_forgeries_are_refused_stored_nowhere_and_logged_without_content(app, store):
    import hashlib
    import hmac

    raw = zalo_bodies.encode(text("lời riêng"))
    as_hmac = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    with structlog.testing.capture_logs() as logs:
        for signature in ("", "mac=" + "0" * 64, f"mac={as_hmac}", "mac="):
            assert post(app, raw, signature=signature).status_code == 403
        assert post(app, raw, secret="other").status_code == 403
        assert post(app, b"{}", signature="mac=x").status_code == 403
    assert (stored(store), raw_events(store)) == ([], 0)
    assert "lời riêng" not in repr(logs)


def test_a_time_in_the_header_has_to_be_the_bodys(app, store):
    assert post(app, text(), **{"X-ZEvent-Timestamp": str(AT)}).status_code == 200
    assert post(app, text("hai", "m2"), **{"X-ZEvent-Timestamp": "1"}).status_code == 403
    assert stored(store) == ["xin chào"]


def test_without_a_configured_secret_everything_is_refused(store):
    app = builders.make_app(store, settings={"zalo_app_id": APP})
    assert post(app, text(), secret="").status_code == 403


def test_repeats_are_acknowledged_and_stored_once(app, store, queue):
    for _ in range(3):
        assert post(app, text()).status_code == 200
    assert stored(store) == ["xin chào"]
    assert len(queue.processed) == 1


def test_a_body_of_a_megabyte_and_more_is_refused(app, store):
    assert post(app, b"x" * (1024 * 1024 + 1), signature=SIGNED).status_code == 413
    assert raw_events(store) == 0


def test_a_signed_body_that_is_no_json_is_kept(app, store):
    answer = post(app, b"{oops", stamp="17", **{"X-ZEvent-Timestamp": "17"})
    assert answer.status_code == 200
    assert raw_events(store) == 1
    assert stored(store) == []


def test_an_unknown_event_is_kept_and_acknowledged(app, store):
    event = zalo_bodies.event("user_dances", app=APP, oa=OA, person=MOTHER, at=AT)
    assert post(app, event).status_code == 200
    assert (raw_events(store), stored(store)) == (1, [])


def test_a_full_disk_is_answered_so_that_zalo_repeats_and_the_operator_is_told_once(tmp_path):
    store, queue = builders.make_store(tmp_path), builders.ListQueue()
    app = builders.make_app(
        store, queue=queue, settings={"zalo_app_id": APP, "zalo_oa_secret": SECRET}
    )
    assert post(app, text("trước")).status_code == 200
    events = [text("x" * 20_000, f"day-{n}") for n in range(4)]
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
    with structlog.testing.capture_logs() as logs:
        answers = [post(app, event) for event in events]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.headers["Retry-After"] for answer in answers} == {"30"}
    assert [one["what"] for one in logs if one["event"] == "OperatorAlarm"] == [
        "database_unavailable"
    ]
    assert "xxx" not in repr(logs)
    assert (stored(store), len(queue.processed)) == (["trước"], 1)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    with structlog.testing.capture_logs() as logs:
        assert {post(app, event).status_code for event in [*events, *events]} == {200}
    assert [one["event"] for one in logs].count("OperatorAlarmOver") == 1
    assert (len(stored(store)), len(queue.processed)) == (5, 5)
    store.close()


def test_a_body_that_broke_off_proves_nothing(app, store):
    raw = zalo_bodies.encode(text("một câu dài"))
    whole = f"mac={mac(raw, app_id=APP, secret=SECRET, timestamp=str(AT))}"
    assert post(app, raw[:-20], signature=whole).status_code == 403
    assert (stored(store), raw_events(store)) == ([], 0)


@pytest.mark.parametrize("days", [-400, -3, 1, 400])
def test_a_platform_whose_clock_is_wrong_is_heard_all_the_same(app, store, days):
    """The signature carries the time, but no window: Zalo brings again what was not taken."""
    at = AT + days * 86_400_000
    event = {**text("sai giờ"), "timestamp": str(at)}
    assert post(app, event, stamp=str(at)).status_code == 200
    assert post(app, event, stamp=str(at)).status_code == 200
    assert stored(store) == ["sai giờ"]


def test_a_database_that_is_away_is_said_so_that_zalo_repeats(app, store, monkeypatch):
    @contextmanager
    def away():
        raise StoreUnavailable("locked")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(store, "transaction", away)
        answer = post(app, text())
        assert answer.status_code == 503
    assert post(app, text()).status_code == 200
    assert stored(store) == ["xin chào"]
