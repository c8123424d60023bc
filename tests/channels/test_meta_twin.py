"""The simulated Meta itself: what it delivers, refuses and can be told."""

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from intake_api.channels import meta_events
from intake_api.channels.messenger import signature_ok
from intake_api.channels.meta_command import COMMAND
from intake_api.channels.meta_twin import MetaTwin


@contextmanager
def listener(statuses=()):
    """A webhook that keeps what it gets and answers these statuses, then 200."""
    calls, answers = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((raw, self.headers.get("X-Hub-Signature-256")))
            self.send_response(answers.pop(0) if answers else 200)
            self.end_headers()
            self.wfile.write(b"EVENT_RECEIVED")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def twin(statuses=(), **more):
    with (
        listener(statuses) as (webhook, calls),
        MetaTwin(page_token="t", app_secret="s", webhook=webhook, seed=1, **more) as meta,
    ):
        yield meta, calls


def call(meta, body, *, page="1001", token="t", how="header"):  # noqa: S107
    query = {"access_token": token} if how == "query" else {}
    headers = {"Authorization": f"Bearer {token}"} if how == "header" else {}
    with httpx.Client(trust_env=False) as client:
        return client.post(
            f"{meta.graph_url}/{page}/messages", json=body, params=query, headers=headers
        )


def make_body(text="Chào", **message):
    return {
        "recipient": {"id": "2002"},
        "messaging_type": "RESPONSE",
        "message": {"text": text, **message},
    }


def test_words_are_signed_as_escaped_bytes():
    with twin() as (meta, calls):
        delivery = meta.say("2002", "xin chào / tạm biệt 😀")
    assert delivery.acknowledged
    ((raw, signature),) = calls
    assert signature_ok(raw, signature, "s")
    assert rb"xin ch\u00e0o \/ t\u1ea1m bi\u1ec7t \ud83d\ude00" in raw
    assert raw.isascii()


def test_everything_a_person_and_an_officer_can_do():
    with twin() as (meta, calls):
        meta.attach("2002", "https://cdn.example/a.jpg")
        meta.press("2002", "/greet", "Bắt đầu")
        meta.answer_in_inbox("2002", "Chào chị")
        meta.wall.comment("4004", "Cho hỏi", comment_id="9_1")
    entries = [json.loads(raw)["entry"][0] for raw, _ in calls]
    assert entries[0]["messaging"][0]["message"]["attachments"][0]["type"] == "image"
    assert entries[1]["messaging"][0]["postback"]["payload"] == "/greet"
    assert entries[2]["messaging"][0]["message"]["app_id"] == 263902037430900
    assert entries[3]["changes"][0]["value"]["comment_id"] == "9_1"
    assert entries[3]["time"] < 10**11


def test_batches_in_one_entry_or_many_shuffled_and_repeated():
    with twin() as (meta, calls):
        events = [meta.text("2002", str(n)) for n in range(6)]
        meta.deliver(*events)
        meta.deliver(*events, entries=True, shuffled=True, times=2)
    one, many, again = (json.loads(raw) for raw, _ in calls)
    assert [len(entry["messaging"]) for entry in one["entry"]] == [6]
    assert [len(entry["messaging"]) for entry in many["entry"]] == [1] * 6
    order = [entry["messaging"][0]["message"]["text"] for entry in many["entry"]]
    assert sorted(order) == list("012345") != order
    assert again == many


def test_forged_and_unsigned_calls_can_be_made():
    with twin() as (meta, calls):
        meta.post(b"{}", signed_with="other")
        meta.post(b"{}", signed_with="")
    assert not signature_ok(calls[0][0], calls[0][1], "s")
    assert calls[1][1] is None


def test_what_is_not_acknowledged_is_delivered_again_until_it_is():
    with twin(statuses=[503, 500]) as (meta, calls):
        assert meta.say("2002", "một").status == 503
        assert [one.status for one in meta.redeliver()] == [500]
        assert [one.status for one in meta.redeliver()] == [200]
        assert meta.redeliver() == []
    assert len({raw for raw, _ in calls}) == 1


def test_a_webhook_that_is_not_there_is_no_crash():
    with MetaTwin(page_token="t", app_secret="s", webhook="http://127.0.0.1:9/") as meta:
        assert meta.say("2002", "x").status == 0
        assert not meta.subscribe()


@pytest.mark.parametrize("how", ["header", "query"])
def test_a_message_within_the_window_is_taken_and_kept(how):
    with twin() as (meta, _):
        meta.say("2002", "xin chào")
        answer = call(meta, make_body(), how=how)
        assert answer.status_code == 200
        assert answer.json() == {"recipient_id": "2002", "message_id": meta.received[0].mid}


@pytest.mark.parametrize(
    ("body", "code"),
    [(make_body("x" * 2001), 100), (make_body(" "), 100), (make_body(None), 100),
     (make_body() | {"messaging_type": "UPDATE"}, 100), (make_body() | {"tag": "HUMAN_AGENT"}, 100),
     (make_body() | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, 200),
     (make_body(quick_replies=[]), 100),
     (make_body(quick_replies=[{"title": "a", "payload": "b"}] * 14), 100),
     (make_body(quick_replies=[{"title": "a" * 21, "payload": "b"}]), 100),
     (make_body(quick_replies=[{"title": "a", "payload": ""}]), 100),
     (make_body(metadata="x" * 1001), 100),
     (make_body() | {"recipient": {"id": "5005"}}, 10), (make_body() | {"recipient": {}}, 100),
     ({"recipient": {"id": "2002"}}, 100), ([], 100),
     ({"recipient": {"id": "2002"}, "sender_action": "typing_on"}, 100)],
)  # fmt: skip
def test_what_meta_would_refuse_is_refused(body, code):
    with twin() as (meta, _):
        meta.say("2002", "xin chào")
        answer = call(meta, body)
        assert answer.status_code in (400, 401)
        assert answer.json()["error"]["code"] == code
        assert meta.received == []


def test_the_token_and_the_page_are_checked():
    with twin() as (meta, _):
        meta.say("2002", "x")
        assert call(meta, make_body(), token="other").json()["error"]["code"] == 190
        assert call(meta, make_body(), how="none").json()["error"]["code"] == 190
        assert call(meta, make_body(), page="777").json()["error"]["code"] == 100
        assert call(meta, make_body(), page="me").status_code == 200


def test_it_fails_as_often_as_it_was_told():
    with twin() as (meta, _):
        meta.say("2002", "x")
        meta.fail(613, times=2)
        meta.fail(2)
        statuses = [call(meta, make_body()).status_code for _ in range(4)]
    assert statuses == [400, 400, 503, 200]


def test_our_own_messages_come_back_as_echoes_when_wanted():
    with twin(echo_sends=True) as (meta, calls):
        meta.say("2002", "x")
        call(meta, make_body(metadata="langnghe:1"))
        for _ in range(100):
            if len(calls) == 2:
                break
            threading.Event().wait(0.004)
    echo = json.loads(calls[1][0])["entry"][0]["messaging"][0]
    assert echo["message"]["app_id"] == 3003
    assert echo["message"]["metadata"] == "langnghe:1"
    assert echo["recipient"] == {"id": "2002"}


def test_waiting_for_an_answer_that_never_comes_ends():
    with twin() as (meta, _):
        with pytest.raises(TimeoutError, match="2002"):
            meta.wait_for("2002", timeout=0.02)
        meta.say("2002", "x")
        threading.Timer(0.02, call, (meta, make_body("đây"))).start()
        assert meta.wait_for("2002", timeout=2)[0].text == "đây"


def test_a_body_that_is_no_json_is_refused():
    with twin() as (meta, _), httpx.Client(trust_env=False) as client:
        answer = client.post(f"{meta.graph_url}/1001/messages", content=b"{oops")
        assert answer.status_code == 400
        assert client.post(f"{meta.graph_url}/nowhere", json={}).status_code == 404


def test_a_person_can_play_with_it_over_json():
    with twin() as (meta, calls), httpx.Client(trust_env=False) as client:
        base = f"http://127.0.0.1:{meta.port}/twin"

        def post(verb, **body):
            return client.post(f"{base}/{verb}", json=body)

        assert post("say", psid="2002", text="xin chào").json()["status"] == 200
        assert post("press", psid="2002", payload="/greet").json()["status"] == 200
        assert post("attach", psid="2002", url="https://x/a.pdf", kind="file").status_code == 200
        assert post("inbox", psid="2002", text="Chào chị").status_code == 200
        assert post("comment", author="4", text="Hỏi", comment_id="9_1").status_code == 200
        assert len(calls) == 5
        call(meta, make_body("Chào bạn"))
        (got,) = client.get(f"{base}/messages", params={"psid": "2002"}).json()
        assert got["text"] == "Chào bạn"
        post("fail", code=551)
        assert call(meta, make_body()).json()["error"]["code"] == 551
        post("delay", seconds=0.01)
        post("block", psid="2002")
        call(meta, make_body())
        assert call(meta, make_body()).json()["error"]["code"] == 551
        post("block", psid="2002", blocked=False)
        post("drop")
        with pytest.raises(httpx.RemoteProtocolError):
            call(meta, make_body())
        assert post("redeliver").json() == []
        assert post("subscribe").json() == {"subscribed": False}
        post("forget")
        assert client.get(f"{base}/messages").json() == []
        assert "POST /twin/say" in client.get(base).json()
        for verb, body in (("say", {}), ("fail", {"code": "x"}), ("dance", {})):
            assert post(verb, **body).status_code == 400


def test_the_command_takes_its_secrets_from_the_intakes_variables():
    variables = {"LANGNGHE_MESSENGER_APP_SECRET": "s", "LANGNGHE_MESSENGER_PAGE_TOKEN": "t"}
    read = COMMAND.read(["--port", "0"], variables)
    assert (read.app_secret, read.page_token, read.port) == ("s", "t", 0)
    assert COMMAND.read(["--app-secret", "other"], variables).app_secret == "other"


def test_the_command_refuses_to_start_without_secrets(capsys):
    with pytest.raises(SystemExit):
        COMMAND.read([], {})
    assert "LANGNGHE_MESSENGER_APP_SECRET" in capsys.readouterr().err


def test_the_command_runs():
    variables = {
        **os.environ,
        "LANGNGHE_MESSENGER_APP_SECRET": "s-unseen",
        "LANGNGHE_MESSENGER_PAGE_TOKEN": "t-unseen",
    }
    with (
        listener() as (webhook, calls),
        subprocess.Popen(
            [sys.executable, "-m", "intake_api.channels.meta_twin", "--port", "0", "--webhook",
             webhook],
            env=variables, stdout=subprocess.PIPE, text=True,
        ) as running,
    ):  # fmt: skip
        try:
            first = running.stdout.readline()
            base = first.split()[-1].removesuffix("/v21.0")
            with httpx.Client(trust_env=False) as client:
                said = client.post(f"{base}/twin/say", json={"psid": "2002", "text": "xin chào"})
            assert said.json()["status"] == 200
            assert signature_ok(*calls[0], "s-unseen")
        finally:
            running.terminate()
        assert "unseen" not in first + running.stdout.read()


def test_an_entry_of_the_feed_counts_in_seconds():
    assert meta_events.entry("1", [], at=1700000000000, where="changes")["time"] == 1700000000
    assert meta_events.entry("1", [], at=1700000000000)["time"] == 1700000000000
