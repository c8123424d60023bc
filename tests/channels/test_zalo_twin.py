"""The simulated Zalo keeps the platform's rules and can be played with by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from intake_api.channels.zalo import signature_ok
from intake_api.channels.zalo_command import COMMAND
from intake_api.channels.zalo_twin import ZaloTwin

SECRET = "test-oa-secret"


@contextmanager
def listener(status=200):
    """A webhook that keeps what it is sent."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((raw, self.headers.get("X-ZEvent-Signature")))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhooks/zalo", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def token(zalo):
    form = {"app_id": "3003", "refresh_token": zalo.refresh_token, "grant_type": "refresh_token"}
    return zalo.renew("test-app-secret", form)["access_token"]


def call(zalo, access, text="Chào", person="4004"):
    with httpx.Client(trust_env=False) as client:
        return client.post(
            f"{zalo.url}/v3.0/oa/message/cs",
            headers={"access_token": access},
            json={"recipient": {"user_id": person}, "message": {"text": text}},
        ).json()


def test_webhooks_are_signed_over_their_very_bytes():
    with listener() as (webhook, calls), ZaloTwin(oa_secret=SECRET, webhook=webhook) as zalo:
        assert zalo.say("4004", "Chào Sở ạ").acknowledged
        raw, header = calls[0]
        stamp = json.loads(raw)["timestamp"]
        assert signature_ok(raw, header, app_id="3003", secret=SECRET, timestamp=stamp)


def test_a_refresh_token_works_once():
    with ZaloTwin(oa_secret=SECRET) as zalo:
        old = zalo.refresh_token
        token(zalo)
        form = {"app_id": "3003", "refresh_token": old, "grant_type": "refresh_token"}
        assert zalo.renew("test-app-secret", form)["error"] == -14014
        assert zalo.renew("other", form)["error"] == -14002


def test_window_quota_and_people():
    with listener() as (webhook, _), ZaloTwin(oa_secret=SECRET, webhook=webhook) as zalo:
        access = token(zalo)
        assert call(zalo, access)["error"] == -213
        zalo.say("4004", "xin chào")
        assert [call(zalo, access)["error"] for _ in range(9)] == [0] * 8 + [-211]
        zalo.extra_quota = 1
        paid = call(zalo, access)
        assert (paid["error"], paid["data"]["quota"]["quota_type"]) == (0, "sub_quota")
        assert call(zalo, access, "x" * 2001)["error"] == -210
        assert call(zalo, access, " ")["error"] == -201
        assert call(zalo, "stale")["error"] == -216
        zalo.people.blocked.add("4004")
        assert call(zalo, access)["error"] == -217


def test_a_limit_by_the_minute():
    with (
        listener() as (webhook, _),
        ZaloTwin(oa_secret=SECRET, webhook=webhook, per_minute=2) as zalo,
    ):
        access = token(zalo)
        zalo.say("4004", "x")
        assert [call(zalo, access)["error"] for _ in range(3)] == [0, 0, -32]


def test_what_is_not_acknowledged_comes_again():
    with listener(503) as (webhook, calls), ZaloTwin(oa_secret=SECRET, webhook=webhook) as zalo:
        assert not zalo.say("4004", "x").acknowledged
        zalo.redeliver()
        assert calls[0] == calls[1]


def test_a_person_can_play_with_it_over_json():
    with (
        listener() as (webhook, calls),
        ZaloTwin(oa_secret=SECRET, webhook=webhook) as zalo,
        httpx.Client(trust_env=False) as client,
    ):

        def post(verb, **body):
            return client.post(f"{zalo.url}/twin/{verb}", json=body)

        assert post("say", person="4004", text="xin chào").json()["status"] == 200
        assert post("attach", person="4004", url="https://x/a.jpg").json()["status"] == 200
        assert post("follow", person="4004").json()["status"] == 200
        assert post("manager", person="4004", text="Chào chị").json()["status"] == 200
        post("hold")
        post("say", person="4004", text="hai")
        assert len(calls) == 4
        again = post("release", shuffled=True, repeat=1.0).json()
        assert [one["status"] for one in again] == [200, 200]
        access = token(zalo)
        post("fail", code=-32)
        assert call(zalo, access)["error"] == -32
        post("delay", seconds=0.01)
        assert call(zalo, access)["error"] == 0
        post("block", person="4004")
        assert call(zalo, access)["error"] == -217
        post("block", person="4004", blocked=False)
        post("drop")
        with pytest.raises(httpx.RemoteProtocolError):
            call(zalo, access)
        post("expire", refresh=True)
        assert call(zalo, access)["error"] == -216
        assert len(client.get(f"{zalo.url}/twin/messages?person=4004").json()) == 2
        post("forget")
        assert client.get(f"{zalo.url}/twin/messages").json() == []
        assert post("redeliver").json() == []
        assert client.get(zalo.hold_file("a.bin", b"xin")).content == b"xin"
        assert client.get(f"{zalo.url}/files/none").status_code == 404
        assert "POST /twin/say" in client.get(zalo.url).json()
        for verb, body in (("say", {}), ("fail", {"code": "x"}), ("dance", {})):
            assert post(verb, **body).status_code == 400


def test_the_command_refuses_to_start_without_secrets(capsys):
    with pytest.raises(SystemExit):
        COMMAND.read([], {})
    assert "LANGNGHE_ZALO_APP_SECRET" in capsys.readouterr().err


def test_the_command_runs_and_shows_no_secret():
    with listener() as (webhook, calls), ZaloTwin(oa_secret="s-hidden") as other:
        variables = {**os.environ, **other.settings}
        command = [sys.executable, "-m", "intake_api.channels.zalo_twin", "--port", "0"]
        with subprocess.Popen(
            [*command, "--webhook", webhook], env=variables, stdout=subprocess.PIPE, text=True
        ) as running:
            try:
                base = running.stdout.readline().split()[-1]
                with httpx.Client(trust_env=False) as client:
                    body = {"person": "4004", "text": "xin chào"}
                    assert client.post(f"{base}/twin/say", json=body).json()["status"] == 200
                assert len(calls) == 1
            finally:
                running.terminate()
            assert "hidden" not in running.stdout.read()
