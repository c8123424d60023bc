"""The webhook's door: proof first, stored before it is acknowledged, nothing lost, once."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import structlog
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from intake_api.channels import meta_events
from intake_api.channels.meta_twin import MetaTwin
from intake_api.hooks import messenger as hook
from intake_api.settings import Settings
from intake_api.store import Store, migrate
from intake_api.store.page_tables import PageComment
from intake_api.store.tables import Conversation, Message, RawEvent
from tests.builders import SEALING_KEY

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)
PAGE, MAN, SECRET = "1001", "2002", "test-app-secret"
VECTOR = (
    rb'{"object":"page","entry":[{"id":"1001","time":1700000000000,"messaging":[{"sender":'
    rb'{"id":"2002"},"recipient":{"id":"1001"},"timestamp":1700000000000,"message":'
    rb'{"mid":"m_test_1","text":"xin ch\u00e0o"}}]}]}'
)
VECTOR_SIGNATURE = "sha256=0b7ba6814fd2857491d899207ea7cc66f875fdeec923132adbe892b512e3030e"


class Queue:
    """Keeps what it is asked to do; ``broken`` says that it cannot be reached."""

    def __init__(self):
        self.processed, self.broken = [], False

    def process(self, conversation_id):
        if self.broken:
            raise ConnectionError("no queue")
        self.processed.append(conversation_id)


def make_app(store, queue=None, **changed):
    """The door alone, on a real store; nobody here writes of danger."""
    settings = Settings(
        environment="test",
        secret_key="k" * 40,
        sealing_keys=SEALING_KEY,
        bot_token="b" * 40,
        **{
            "messenger_app_id": "3003",
            "messenger_app_secret": SECRET,
            "messenger_verify_token": "meatyhamhock",
            **changed,
        },
    )
    services = SimpleNamespace(
        store=store,
        queue=queue or Queue(),
        now=lambda: NOW,
        classifier=SimpleNamespace(
            classify=lambda _text, **_: SimpleNamespace(
                danger=False, topic="", kind="question", confidential=False
            )
        ),
        catalog=SimpleNamespace(
            messages={
                "attachment_kept": "Đã nhận tệp của bạn.",
                "takeover_begin": "Cán bộ đang trả lời.",
            },
            kinds={"question": SimpleNamespace(confidential=False)},
        ),
    )
    app = Flask("door")
    app.extensions["langnghe"] = SimpleNamespace(
        settings=settings, store=store, clock=SimpleNamespace(now=lambda: NOW), services=services
    )
    app.register_blueprint(hook.blueprint)
    return app


def post(app, raw, *, signature=None, secret=SECRET, headers=()):
    if not isinstance(raw, bytes):
        raw = meta_events.encode(raw)
    if signature is None:
        signature = meta_events.signature(raw, secret)
    given = {"X-Hub-Signature-256": signature} if signature else {}
    return app.test_client().post(
        "/webhooks/messenger", data=raw, headers=given | dict(headers),
        content_type="application/json",
    )  # fmt: skip


def make_text(words="xin chào", mid="m_1", psid=MAN):
    return meta_events.text(PAGE, psid, words, mid=mid, at=AT)


def make_body(*events, **more):
    return meta_events.body(PAGE, events, at=AT, **more)


def stored(store):
    with store.reading() as tx:
        rows = tx.execute(select(Message).where(Message.direction == "in").order_by(Message.id))
        return [row.text for row in rows.scalars()]


def count(store, table):
    with store.reading() as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()


def subscribe(app, **changed):
    query = {"mode": "subscribe", "challenge": "1158201444", "verify_token": "meatyhamhock"}
    query = {f"hub.{key}": value for key, value in (query | changed).items()}
    return app.test_client().get("/webhooks/messenger", query_string=query)


def test_the_subscription_is_answered_with_the_bare_challenge(store):
    answer = subscribe(make_app(store))
    assert (answer.status_code, answer.data) == (200, b"1158201444")


def test_a_challenge_is_never_taken_for_a_page(store):
    answer = subscribe(make_app(store), challenge="<script>alert(1)</script>")
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("changed", [{"verify_token": "other"}, {"mode": "x"}, {"challenge": ""}])
def test_a_wrong_subscription_is_refused_and_logged_without_its_token(store, changed):
    with structlog.testing.capture_logs() as logs:
        answer = subscribe(make_app(store), **changed)
    assert (answer.status_code, answer.data) == (403, b"Forbidden")
    assert logs[0]["reason"] == "verify_token"
    assert "other" not in repr(logs)


def test_without_a_configured_token_or_secret_everything_is_refused(store):
    app = make_app(store, messenger_verify_token="", messenger_app_secret="")
    assert subscribe(app, verify_token="").status_code == 403
    assert post(app, VECTOR, secret="").status_code == 403


def test_the_published_vector_is_stored_and_acknowledged(store):
    queue = Queue()
    answer = post(make_app(store, queue), VECTOR, signature=VECTOR_SIGNATURE)
    assert (answer.status_code, answer.data) == (200, b"EVENT_RECEIVED")
    assert stored(store) == ["xin chào"]
    assert len(queue.processed) == 1


@pytest.mark.parametrize(
    ("headers", "reason"),
    [({}, "signature_missing"), ({"X-Hub-Signature": "sha1=" + "0" * 40}, "signature_missing"),
     ({"X-Hub-Signature-256": "sha256=" + "0" * 64}, "signature_wrong"),
     ({"X-Hub-Signature-256": VECTOR_SIGNATURE[7:]}, "signature_wrong")],
)  # fmt: skip
def test_forged_calls_are_refused_stored_nowhere_and_logged_without_content(store, headers, reason):
    with structlog.testing.capture_logs() as logs:
        answer = post(make_app(store), VECTOR, signature="", headers=headers)
    assert (answer.status_code, answer.data) == (403, b"Forbidden")
    assert count(store, RawEvent) == 0
    assert (logs[0]["event"], logs[0]["reason"]) == ("webhook_refused", reason)
    assert not {"xin", "chào", "2002", VECTOR_SIGNATURE} & set(repr(logs).split("'"))


def test_one_changed_byte_makes_a_forgery(store):
    changed = VECTOR.replace(b"xin", b"xyn")
    assert post(make_app(store), changed, signature=VECTOR_SIGNATURE).status_code == 403


def test_a_body_of_just_one_megabyte_is_read_and_one_byte_more_is_not(store):
    app = make_app(store)
    limit = 1024 * 1024
    frame = len(meta_events.encode(make_body(make_text(""))))
    fits = meta_events.encode(make_body(make_text("a" * (limit - frame))))
    assert len(fits) == limit
    assert post(app, fits).status_code == 200
    assert len(stored(store)[0]) == 20_000
    with structlog.testing.capture_logs() as logs:
        assert post(app, fits + b" ").status_code == 413
    assert logs[0]["reason"] == "too_large"


@pytest.mark.parametrize(("size", "status"), [(1024 * 1024, 403), (1024 * 1024 + 1, 413)])
def test_the_limit_holds_for_a_body_that_does_not_say_its_length(store, size, status):
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    client = make_app(store).test_client()
    answer = client.post("/webhooks/messenger", data=b"x" * size, environ_overrides=chunked)
    assert answer.status_code == status


def test_the_apps_own_smaller_limit_does_not_cut_a_batch_short(store):
    app = make_app(store)
    app.config["MAX_CONTENT_LENGTH"] = 100
    assert post(app, make_body(make_text())).status_code == 200


@pytest.mark.parametrize(
    "raw", [b"{oops", b"", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b"1" * 5000, b"\x00{}"]
)
def test_a_signed_body_that_is_no_json_is_kept_once_and_acknowledged(store, raw):
    app = make_app(store)
    with structlog.testing.capture_logs() as logs:
        assert [post(app, raw).status_code for _ in range(2)] == [200, 200]
    assert count(store, RawEvent) == 1
    assert logs[0]["event"] == "webhook_unreadable"


@pytest.mark.parametrize(
    "body", [[], 7, None, {"object": "page"}, {"entry": "x", "object": "page"}, {"object": "user"}]
)
def test_json_of_another_shape_is_kept_and_acknowledged(store, body):
    assert post(make_app(store), body).status_code == 200
    assert count(store, RawEvent) == 1


def test_every_event_of_every_entry_is_stored(store):
    queue = Queue()
    body = {
        "object": "page",
        "entry": [
            meta_events.entry(PAGE, [make_text("một", "a"), make_text("hai", "b")], at=AT),
            meta_events.entry(PAGE, [None, make_text("ba", "c", psid="5005")], at=AT),
            {"id": PAGE, "time": 1, "changes": [{"field": "feed", "value": 3}]},
        ],
    }
    assert post(make_app(store, queue), body).status_code == 200
    assert stored(store) == ["một", "hai", "ba"]
    assert count(store, RawEvent) == 5
    assert len(queue.processed) == count(store, Conversation) == 2


def test_a_repeated_mid_is_stored_once(store):
    queue = Queue()
    app = make_app(store, queue)
    for _ in range(3):
        assert post(app, make_body(make_text(), make_text())).status_code == 200
    assert stored(store) == ["xin chào"]
    assert len(queue.processed) == 1


@pytest.mark.parametrize(
    "words",
    ["<b>đậm</b>' OR 1=1; --", "/restart", "a\x00b\x07", "x" * 5000, "😀 \ud83d", "e\u0301"],
)
def test_whatever_a_person_types_is_stored(store, words):
    assert post(make_app(store), make_body(make_text(words))).status_code == 200
    assert stored(store) == [words.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")]


def test_our_own_echo_leaves_no_trace_and_an_officers_does(store):
    queue = Queue()
    app = make_app(store, queue)
    ours = meta_events.echo(PAGE, MAN, "Chào bạn", mid="m_o", at=AT, app_id=3003)
    assert post(app, make_body(ours)).status_code == 200
    assert count(store, RawEvent) == 0
    theirs = meta_events.echo(PAGE, MAN, "Chào chị", mid="m_t", at=AT, app_id=263902037430900)
    assert post(app, make_body(theirs)).status_code == 200
    assert count(store, RawEvent) == 1
    assert queue.processed == []


def test_a_comment_that_says_nothing_is_kept_once_and_wakes_nobody(store):
    queue = Queue()
    comment = meta_events.comment(PAGE, "4004", "", comment_id="77_1", at=AT)
    app = make_app(store, queue)
    for _ in range(2):
        assert post(app, make_body(comment, where="changes")).status_code == 200
    assert (count(store, RawEvent), count(store, PageComment)) == (1, 1)
    assert queue.processed == []


def test_what_is_logged_of_a_stored_call_holds_no_content(store):
    with structlog.testing.capture_logs() as logs:
        post(make_app(store), make_body(make_text("con tôi bị bắt nạt")))
    assert logs[-1]["kinds"] == {"text": 1}
    assert "bắt nạt" not in repr(logs)
    assert MAN not in repr(logs)


def test_a_queue_that_is_away_loses_nothing_and_is_no_reason_to_repeat(store):
    queue = Queue()
    queue.broken = True
    with structlog.testing.capture_logs() as logs:
        assert post(make_app(store, queue), make_body(make_text())).status_code == 200
    assert stored(store) == ["xin chào"]
    assert logs[-1]["event"] == "webhook_not_queued"


def make_file_store(folder):
    made = Store(f"sqlite:///{folder / 'full.db'}", keys=[SEALING_KEY])
    migrate.upgrade(made)
    return made


def test_a_full_disk_is_answered_so_that_meta_repeats_and_then_all_is_stored(tmp_path):
    store, queue = make_file_store(tmp_path), Queue()
    app = make_app(store, queue)
    events = [make_text("x" * 20_000, f"m_{n}") for n in range(5)]
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
    with structlog.testing.capture_logs() as logs:
        answer = post(app, make_body(*events))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert logs[-1]["event"] == "webhook_not_stored"
    assert "xxx" not in repr(logs)
    assert (count(store, RawEvent), count(store, Message), queue.processed) == (0, 0, [])
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert post(app, make_body(*events)).status_code == 200
    assert (len(stored(store)), len(queue.processed)) == (5, 1)
    store.close()


def test_a_database_without_tables_is_no_loss_either(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'empty.db'}", keys=[SEALING_KEY])
    assert post(make_app(store), make_body(make_text())).status_code == 503
    store.close()


@contextmanager
def running(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhooks/messenger"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_simulated_meta_and_the_real_door_over_loopback(store):
    queue = Queue()
    with (
        running(make_app(store, queue)) as webhook,
        MetaTwin(
            page_token="t", app_secret=SECRET, verify_token="meatyhamhock", webhook=webhook, seed=3
        ) as meta,
    ):
        assert meta.subscribe()
        assert meta.say(MAN, "Học phí năm nay / 2026 😀").acknowledged
        assert meta.press(MAN, "/greet", "Bắt đầu").acknowledged
        assert meta.attach(MAN, "https://cdn.example/a.jpg").acknowledged
        batch = [meta.text(MAN, str(number)) for number in range(4)]
        assert meta.deliver(*batch, entries=True, shuffled=True, times=3).acknowledged
        assert meta.post(json.dumps({}).encode(), signed_with="forger").status == 403
        assert meta.post(b"{}", signed_with="").status == 403
        assert meta.undelivered == []
        meta.verify_token = "other"
        assert not meta.subscribe()
    texts = stored(store)
    assert texts[:3] == ["Học phí năm nay / 2026 😀", "Bắt đầu", ""]
    assert sorted(texts[3:]) == ["0", "1", "2", "3"]
    assert count(store, Conversation) == 1
