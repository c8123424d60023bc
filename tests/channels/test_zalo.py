"""Zalo's adapter against the simulated Zalo, over real HTTP."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from intake_api.channels.base import Button, GiveUp, Hold, Outgoing, Retry, Unknown
from intake_api.channels.zalo import ZaloAdapter, signature_ok
from intake_api.channels.zalo_errors import CODES, refusal
from intake_api.channels.zalo_token import Pair, Tokens
from intake_api.channels.zalo_twin import ZaloTwin

VECTOR = (
    b'{"app_id":"3003","sender":{"id":"4004"},"user_id_by_app":"5005","recipient":{"id":"6006"},'
    b'"event_name":"user_send_text","message":{"text":"Tra cuu PA","msg_id":"zm1"},'
    b'"timestamp":"1700000000000"}'
)
SIGNED = "mac=c6acc3a433301004933a568b91d8b91ca76705d299cd6fc82837ac6db051d19b"
MOTHER, OA_SECRET = "4004", "test-oa-secret"


class Keep:
    """A place for tokens, in memory, that grants one claim at a time."""

    def __init__(self, refresh: str) -> None:
        self.pair = Pair("", refresh, datetime(2000, 1, 1, tzinfo=UTC))
        self.claims, self.saved, self._busy = 0, [], threading.Lock()

    def read(self) -> Pair:
        return self.pair

    def claim(self, stale: str) -> Pair | None:
        if self.pair.access != stale or not self._busy.acquire(blocking=False):
            return None
        self.claims += 1
        return self.pair

    def save(self, pair: Pair) -> None:
        self.pair = pair
        self.saved.append(pair)
        self._busy.release()

    def give_back(self) -> None:
        self._busy.release()


def make(zalo: ZaloTwin, keep: Keep | None = None, *, timeout: float = 5.0, secret: str = ""):
    keep = keep or Keep(zalo.refresh_token)
    tokens = Tokens(
        keep, oauth_url=zalo.url, app_id=zalo.app_id, app_secret=secret or zalo.app_secret,
        now=zalo.now,
    )  # fmt: skip
    return ZaloAdapter(api_url=zalo.url, tokens=tokens, timeout=timeout), keep


@pytest.fixture
def zalo():
    with ZaloTwin(oa_secret="test-oa-secret") as made:
        made.people.interacted(MOTHER, made.now())
        yield made


def out(text="Chào chị", **more):
    return Outgoing("zalo", MOTHER, text, mode="consult", **more)


def test_the_published_vector_is_right_and_nothing_else_is():
    def ok(raw=VECTOR, header=SIGNED, app_id="3003", secret=OA_SECRET, at="1700000000000"):
        return signature_ok(raw, header, app_id=app_id, secret=secret, timestamp=at)

    assert ok()
    assert not ok(raw=VECTOR.replace(b"PA", b"PB"))
    assert not ok(header=SIGNED.removeprefix("mac="))
    assert not ok(header=None)
    assert not ok(app_id="3004")
    assert not ok(secret="other")
    assert not ok(secret="")
    assert not ok(at="1700000000001")
    assert not ok(header="mac=đ")


def test_a_message_arrives_and_the_token_was_fetched_once(zalo):
    adapter, keep = make(zalo)
    assert adapter.send(out()).remote_id == zalo.sent_to(MOTHER)[0].msg_id
    adapter.send(out("nữa"))
    assert [one.text for one in zalo.sent_to(MOTHER)] == ["Chào chị", "nữa"]
    assert (keep.claims, zalo.renewals) == (1, 1)


def test_choices_are_numbered_lines(zalo):
    adapter, _ = make(zalo)
    adapter.send(out("Chọn việc", buttons=[Button("Hỏi đáp", "/a"), Button("Góp ý", "/b")]))
    assert zalo.sent_to(MOTHER)[0].text == (
        "Chọn việc\n1. Hỏi đáp\n2. Góp ý\nAnh/chị nhắn số để chọn."
    )


def test_a_long_text_goes_in_parts_and_a_second_try_repeats_none(zalo):
    adapter, _ = make(zalo)
    adapter.send(out("xin chào"))
    zalo.forget()
    long = " ".join(["một hai ba"] * 300)
    zalo.delay(0)  # the first part passes
    zalo.fail(-32)
    with pytest.raises(Retry):
        adapter.send(out(long, idempotency="outbox-1"))
    adapter.send(out(long, idempotency="outbox-1"))
    assert " ".join(one.text for one in zalo.sent_to(MOTHER)) == long


def test_an_expired_token_is_renewed_in_the_middle_and_the_message_goes_once(zalo):
    adapter, keep = make(zalo)
    adapter.send(out("một"))
    zalo.expire()
    adapter.send(out("hai"))
    assert [one.text for one in zalo.sent_to(MOTHER)] == ["một", "hai"]
    assert len(keep.saved) == 2


def test_a_token_is_renewed_before_it_ends(zalo):
    adapter, keep = make(zalo)
    adapter.send(out())
    keep.pair = Pair(keep.pair.access, keep.pair.refresh, zalo.now() + timedelta(minutes=4))
    adapter.send(out())
    assert (zalo.renewals, zalo.refused) == (2, [])


def test_many_senders_at_once_renew_once(zalo):
    adapter, keep = make(zalo)
    failed = []

    def send():
        try:
            adapter.send(out())
        except Exception as error:  # pragma: no cover - shown by the assertion
            failed.append(error)

    zalo.extra_quota = 100
    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, zalo.renewals, keep.claims, len(zalo.received)) == ([], 1, 1, 8)


def test_a_dead_refresh_token_alarms_and_the_message_waits(zalo):
    zalo.expire(refresh=True)
    adapter, keep = make(zalo, Keep("old"))
    with structlog.testing.capture_logs() as logs, pytest.raises(Retry) as caught:
        adapter.send(out("lời riêng"))
    assert caught.value.after_seconds >= 600
    assert logs[0]["what"] == "zalo_token"
    assert "lời riêng" not in repr(logs)
    assert keep.claim("") is not None  # the claim was given back


def test_a_token_service_in_trouble_is_asked_again_soon(zalo):
    adapter, _keep = make(zalo)
    zalo.fail_renewal()
    with pytest.raises(Retry) as caught:
        adapter.send(out())
    assert caught.value.after_seconds < 10
    adapter.send(out())
    assert len(zalo.received) == 1


def test_an_answer_that_is_lost_is_unknown(zalo):
    adapter, _ = make(zalo, timeout=0.3)
    adapter.send(out())
    zalo.drop_answer()
    with pytest.raises(Unknown):
        adapter.send(out())
    zalo.delay(0.6)
    with pytest.raises(Unknown):
        adapter.send(out())
    assert len(zalo.received) == 3


def test_nobody_there_is_tried_again(zalo):
    adapter, _ = make(zalo)
    adapter.send(out())
    adapter._url = "http://127.0.0.1:9/v3.0/oa/message/cs"
    with pytest.raises(Retry):
        adapter.send(out())


@pytest.mark.parametrize("status", [500, 502, 429])
def test_a_server_in_trouble_is_tried_again(zalo, status):
    adapter, _ = make(zalo)
    adapter.send(out())
    zalo.fail(0, status=status)
    with pytest.raises(Retry):
        adapter.send(out())


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_documented_code_has_its_verdict(zalo, code):
    adapter, _ = make(zalo)
    adapter.send(out())
    zalo.fail(code, times=2)
    wanted = {"retry": Retry, "hold": Hold, "give_up": GiveUp}[CODES[code].do]
    with structlog.testing.capture_logs() as logs, pytest.raises(wanted) as caught:
        adapter.send(out("lời riêng"))
    assert str(code) in caught.value.reason
    assert bool(logs) == bool(CODES[code].alarm)
    assert "lời riêng" not in repr(logs)


def test_an_unknown_code_is_given_up_not_tried_blindly():
    assert isinstance(refusal(-99999), GiveUp)


def test_the_window_and_the_quota_are_the_platforms(zalo):
    adapter, _ = make(zalo)
    for _ in range(8):
        adapter.send(out())
    with pytest.raises(Hold):
        adapter.send(out())
    zalo.people.interacted(MOTHER, zalo.now() - timedelta(hours=49))
    with pytest.raises(Hold):
        adapter.send(out())
    assert zalo.refused == [-211, -230]


def test_an_empty_message_is_given_up(zalo):
    adapter, _ = make(zalo)
    with pytest.raises(GiveUp):
        adapter.send(out("  "))
