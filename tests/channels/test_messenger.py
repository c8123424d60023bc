"""Proof of origin, and the real adapter against the simulated server over loopback."""

import hashlib
import hmac
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from intake_api.channels.base import Button, GiveUp, Hold, Outgoing, Retry, Unknown
from intake_api.channels.messenger import MessengerAdapter, signature_ok, verify_subscription
from intake_api.channels.meta_twin import MetaTwin

TOKEN = "page-token-1"
VECTOR = (
    rb'{"object":"page","entry":[{"id":"1001","time":1700000000000,"messaging":[{"sender":'
    rb'{"id":"2002"},"recipient":{"id":"1001"},"timestamp":1700000000000,"message":'
    rb'{"mid":"m_test_1","text":"xin ch\u00e0o"}}]}]}'
)
VECTOR_SIGNATURE = "sha256=0b7ba6814fd2857491d899207ea7cc66f875fdeec923132adbe892b512e3030e"


def test_the_published_signature_vector():
    assert len(VECTOR) == 205
    assert signature_ok(VECTOR, VECTOR_SIGNATURE, "test-app-secret")


def test_the_signature_is_over_the_raw_bytes():
    rewritten = json.dumps(json.loads(VECTOR), ensure_ascii=False).encode()
    assert not signature_ok(rewritten, VECTOR_SIGNATURE, "test-app-secret")


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", VECTOR_SIGNATURE[:-1], VECTOR_SIGNATURE + "0", VECTOR_SIGNATURE[7:],
     "sha256=é", "sha1=" + hmac.new(b"test-app-secret", VECTOR, hashlib.sha1).hexdigest(),
     f"{VECTOR_SIGNATURE},{VECTOR_SIGNATURE}"],
)  # fmt: skip
def test_any_other_header_is_refused(header):
    assert not signature_ok(VECTOR, header, "test-app-secret")


def test_another_secret_is_refused_and_no_secret_proves_nothing():
    assert not signature_ok(VECTOR, VECTOR_SIGNATURE, "other")
    empty = "sha256=" + hmac.new(b"", VECTOR, hashlib.sha256).hexdigest()
    assert not signature_ok(VECTOR, empty, "")


def make_args(**changed):
    args = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "meaty"}
    return {key: value for key, value in (args | changed).items() if value is not None}


def test_the_subscription_is_answered_with_the_bare_challenge():
    assert verify_subscription(make_args(), "meaty") == "1158201444"


@pytest.mark.parametrize(
    "changed",
    [{"hub.mode": "unsubscribe"}, {"hub.mode": None}, {"hub.verify_token": "other"},
     {"hub.verify_token": None}, {"hub.challenge": None}, {"hub.verify_token": "é\ud800"}],
)  # fmt: skip
def test_any_other_subscription_is_refused(changed):
    assert verify_subscription(make_args(**changed), "meaty") is None


def test_without_a_configured_token_nobody_subscribes():
    assert verify_subscription(make_args(**{"hub.verify_token": ""}), "") is None


@contextmanager
def page(*, timeout=5.0, token=TOKEN, **twin):
    with (
        MetaTwin(page_token=TOKEN, app_secret="s", **twin) as meta,
        httpx.Client(trust_env=False) as client,
    ):
        meta.last_inbound["2002"] = meta.now()
        yield (
            meta,
            MessengerAdapter(
                page_id="1001",
                page_token=token,
                graph_url=meta.graph_url,
                app_secret="s",
                client=client,
                timeout=timeout,
            ),
        )


def make_outgoing(text="Chào bạn", **more):
    defaults = {"channel": "messenger", "recipient": "2002", "mode": "response"}
    return Outgoing(text=text, **{**defaults, "idempotency": "7", **more})


def test_a_message_arrives_as_it_was_written():
    with page() as (meta, adapter):
        sent = adapter.send(make_outgoing("Học phí: miễn 100 %"))
        (got,) = meta.sent_to("2002")
    assert got.text == "Học phí: miễn 100 %"
    assert got.mid == sent.remote_id
    assert (got.messaging_type, got.tag) == ("RESPONSE", None)
    assert got.metadata == "langnghe:7#1/1"


def test_a_long_message_goes_in_parts_with_the_choices_below_the_last():
    text = "Nhà trường phải công khai các khoản thu. " * 120
    buttons = [Button("Đúng rồi", "/affirm"), Button("Không phải", "/deny")]
    with page() as (meta, adapter):
        sent = adapter.send(
            make_outgoing(text, buttons=buttons, source={"source": "Nguồn: TT 09/2024"})
        )
        got = meta.sent_to("2002")
    assert len(got) == 3
    assert all(len(one.text) <= 2000 for one in got)
    assert got[-1].text.endswith("\n\nNguồn: TT 09/2024")
    assert [len(one.quick_replies) for one in got] == [0, 0, 2]
    assert got[-1].quick_replies[0] == {
        "content_type": "text", "title": "Đúng rồi", "payload": "/affirm",
    }  # fmt: skip
    assert sent.remote_id == got[-1].mid


def test_a_second_try_goes_on_behind_the_last_part_that_was_taken():
    text = "Câu trả lời dài. " * 300
    with page() as (meta, adapter):
        meta.delay(0)  # the first part goes well
        meta.fail(613)
        with pytest.raises(Retry):
            adapter.send(make_outgoing(text))
        assert len(meta.sent_to("2002")) == 1
        adapter.send(make_outgoing(text))
        adapter.send(make_outgoing(text))
        got = meta.sent_to("2002")
    assert len(got) == 3
    assert " ".join(one.text for one in got) == text.strip()


def test_without_an_idempotency_key_every_call_sends():
    with page() as (meta, adapter):
        adapter.send(make_outgoing(idempotency=""))
        adapter.send(make_outgoing(idempotency=""))
        assert len(meta.sent_to("2002")) == 2


def test_at_most_thirteen_choices_with_titles_of_at_most_twenty():
    buttons = [Button(f"{n}. Một lựa chọn có tên khá dài", f"/p{n}") for n in range(20)]
    buttons = [Button(" ", "/blank"), Button("quá dài", "x" * 1001), *buttons]
    with page() as (meta, adapter):
        adapter.send(make_outgoing(buttons=buttons))
        (got,) = meta.sent_to("2002")
    assert [one["payload"] for one in got.quick_replies] == [f"/p{n}" for n in range(13)]
    assert all(1 < len(one["title"]) <= 20 for one in got.quick_replies)


def test_choices_without_words_get_some_and_nothing_at_all_is_given_up():
    with page() as (meta, adapter):
        adapter.send(make_outgoing("", buttons=[Button("Có", "/affirm")]))
        assert meta.sent_to("2002")[0].text == "Mời anh/chị chọn:"
        with pytest.raises(GiveUp):
            adapter.send(make_outgoing(" \n", idempotency="8"))


def test_a_person_answers_within_a_week_with_the_human_agent_tag():
    with page(human_agent_approved=True) as (meta, adapter):
        meta.last_inbound["2002"] = meta.now() - timedelta(days=3)
        with pytest.raises(Hold):
            adapter.send(make_outgoing())
        adapter.send(make_outgoing(mode="human_agent"))
        (got,) = meta.sent_to("2002")
        assert (got.messaging_type, got.tag) == ("MESSAGE_TAG", "HUMAN_AGENT")
        meta.last_inbound["2002"] = meta.now() - timedelta(days=8)
        with pytest.raises(Hold):
            adapter.send(make_outgoing(mode="human_agent", idempotency="9"))


def test_a_mode_that_cannot_be_sent_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="hold"):
        make_outgoing(mode="hold")


@pytest.mark.parametrize(
    ("code", "expected"),
    [(613, Retry), (4, Retry), (80006, Retry), (190, Retry), (10, Hold), (551, GiveUp),
     (200, GiveUp), (230, GiveUp), (10903, GiveUp), (100, GiveUp)],
)  # fmt: skip
def test_errors_of_the_server_become_what_the_outbox_understands(code, expected):
    with page() as (meta, adapter):
        meta.fail(code)
        with pytest.raises(expected):
            adapter.send(make_outgoing())
        assert meta.received == []
        adapter.send(make_outgoing())
        assert len(meta.received) == 1


def test_a_wrong_token_is_tried_again_much_later():
    with page(token="stolen") as (meta, adapter):
        with pytest.raises(Retry) as error:
            adapter.send(make_outgoing())
        assert error.value.after_seconds >= 600
        assert meta.refused == [190]


def test_a_person_who_blocked_the_page_is_given_up():
    with page() as (meta, adapter):
        meta.blocked.add("2002")
        with pytest.raises(GiveUp):
            adapter.send(make_outgoing())


def test_when_the_answer_is_lost_nobody_knows_whether_it_was_taken():
    with page() as (meta, adapter):
        meta.drop_answer()
        with pytest.raises(Unknown):
            adapter.send(make_outgoing())
        assert len(meta.sent_to("2002")) == 1


def test_when_the_answer_is_late_nobody_knows_whether_it_was_taken():
    with page(timeout=0.1) as (meta, adapter):
        meta.delay(0.3)
        with pytest.raises(Unknown) as error:
            adapter.send(make_outgoing("bí mật"))
        assert len(meta.sent_to("2002")) == 1
    assert error.value.__suppress_context__
    assert "bí mật" not in str(error.value)


def test_without_a_server_it_is_tried_again():
    with page() as (meta, adapter):
        meta._server.stop()
        with pytest.raises(Retry):
            adapter.send(make_outgoing())
        meta._server.stop = lambda: None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(httpx.Response(200, content=b"<html>"), Unknown), (httpx.Response(200, json=[]), Unknown),
     (httpx.Response(200, json={"error": {"code": 551}}), GiveUp),
     (httpx.Response(302, headers={"Location": "http://elsewhere.example/"}), Retry)],
)  # fmt: skip
def test_a_strange_answer_is_not_taken_for_success(answer, expected):
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client:
        adapter = MessengerAdapter(
            page_id="1", page_token="t", graph_url="https://graph.example/v21.0", client=client
        )
        with pytest.raises(expected):
            adapter.send(make_outgoing())


def test_the_token_stands_in_no_address():
    seen = []

    def take(request):
        seen.append(request)
        return httpx.Response(200, json={"recipient_id": "2002"})

    with httpx.Client(transport=httpx.MockTransport(take)) as client:
        adapter = MessengerAdapter(
            page_id="1001", page_token="t-secret", graph_url="https://graph.example/v21.0/",
            app_secret="a-secret", client=client,
        )  # fmt: skip
        assert adapter.send(make_outgoing()).remote_id is None
    (request,) = seen
    assert request.url.path == "/v21.0/1001/messages"
    assert request.headers["authorization"] == "Bearer t-secret"
    proof = hmac.new(b"a-secret", b"t-secret", hashlib.sha256).hexdigest()
    assert request.url.params["appsecret_proof"] == proof
    assert "secret" not in str(request.url).replace("appsecret_proof", "")


def test_seen_and_typing_are_a_courtesy_that_never_raises():
    with page() as (meta, adapter):
        assert adapter.act("2002", "mark_seen")
        assert adapter.act("2002", "typing_on")
        assert meta.actions == [("2002", "MARK_SEEN"), ("2002", "TYPING_ON")]
        meta.fail(613)
        assert not adapter.act("2002", "typing_on")


def test_a_page_that_is_not_configured_is_told_at_once():
    with pytest.raises(ValueError, match="access token"):
        MessengerAdapter(page_id="1001", page_token="", graph_url="https://graph.example")


def test_the_window_of_a_twin_with_a_fixed_clock():
    fixed = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    with page(now=lambda: fixed) as (meta, adapter):
        meta.last_inbound["2002"] = fixed - timedelta(hours=24)
        adapter.send(make_outgoing())
        meta.last_inbound["2002"] = fixed - timedelta(hours=24, seconds=1)
        with pytest.raises(Hold):
            adapter.send(make_outgoing(idempotency="2"))
        assert meta.sent_to("2002")[0].at == fixed


def test_a_conversation_is_passed_on_and_taken_back_and_not_without_an_inbox():
    with page() as (meta, adapter):
        with pytest.raises(GiveUp):
            adapter.send(make_outgoing("", mode="pass_thread"))
        adapter._inbox_app = "263902037430900"
        adapter.send(make_outgoing("", mode="pass_thread"))
        assert meta.wall.owners == {"2002": 263902037430900}
        with pytest.raises(Hold):
            adapter.send(make_outgoing("Chào"))
        adapter.send(make_outgoing("", mode="take_thread"))
        adapter.send(make_outgoing("", mode="take_thread"))
        adapter.send(make_outgoing("Chào"))
        assert [one.text for one in meta.sent_to("2002")] == ["Chào"]
