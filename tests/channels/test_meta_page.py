"""The simulated Page in public: comments, private replies, threads, tokens, and bad delivery."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.channels.test_meta_twin import call, make_body, twin

INBOX = 263902037430900
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.at = NOW

    def now(self):
        return self.at


def post(meta, path, body, token="t"):  # noqa: S107
    with httpx.Client(trust_env=False) as client:
        headers = {"Authorization": f"Bearer {token}"}
        return client.post(f"{meta.graph_url}/{path}", json=body, headers=headers)


def private(meta, name, text="Chào", whom="comment_id"):
    return call(meta, {"recipient": {whom: name}, "message": {"text": text}})


def code_of(answer):
    return answer.json()["error"]["code"]


def changes(calls):
    return [
        change["value"]
        for raw, _ in calls
        for entry in json.loads(raw)["entry"]
        for change in entry.get("changes", ())
    ]


def test_a_comment_lives_and_every_change_is_told():
    with twin() as (meta, calls):
        wall = meta.wall
        wall.post("Thông báo", post_id="9")
        wall.comment("4004", "một", comment_id="9_1")
        wall.comment("5005", "hai", comment_id="9_2", parent="9_1")
        wall.edit("9_1", "một rưỡi")
        wall.hide("9_1")
        wall.hide("9_1", hidden=False)
        wall.remove("9_1")
    told = changes(calls)
    assert [(one["item"], one["verb"]) for one in told] == [
        ("status", "add"), ("comment", "add"), ("comment", "add"), ("comment", "edited"),
        ("comment", "hide"), ("comment", "unhide"), ("comment", "remove"),
    ]  # fmt: skip
    assert told[2]["parent_id"] == "9_1" and told[3]["message"] == "một rưỡi"
    assert "message" not in told[6]


def test_one_private_reply_and_who_got_it():
    with twin() as (meta, _):
        meta.wall.comment("4004", "một", comment_id="9_1")
        answer = private(meta, "9_1")
        assert answer.json()["recipient_id"] == "psid-4004"
        (received,) = meta.sent_to("psid-4004")
        assert received.comment_id == "9_1"
        assert code_of(private(meta, "9_1")) == 10900
        # It opens no window: only her own word does.
        assert code_of(call(meta, make_body() | {"recipient": {"id": "psid-4004"}})) == 10
        meta.say("psid-4004", "vâng")
        assert call(meta, make_body() | {"recipient": {"id": "psid-4004"}}).status_code == 200


def test_what_a_private_reply_is_refused_for():
    clock = Clock()
    with twin(now=clock.now) as (meta, _):
        wall = meta.wall
        wall.comment("4004", "một", comment_id="9_1")
        wall.comment("closed", "hai", comment_id="9_2")
        wall.closed.add("closed")
        wall.visitor_post("6006", "ba", post_id="1001_5")
        assert code_of(private(meta, "9_9")) == 100
        assert code_of(private(meta, "9_2")) == 10903
        assert code_of(private(meta, "1001_5")) == 100
        assert private(meta, "1001_5", whom="post_id").status_code == 200
        clock.at += timedelta(days=7, seconds=1)
        assert code_of(private(meta, "9_1")) == 10
        wall.remove("9_1")
        assert private(meta, "9_1").json()["error"]["error_subcode"] == 33


def test_public_answers_and_hiding():
    with twin() as (meta, _):
        meta.wall.comment("4004", "một", comment_id="9_1")
        made = post(meta, "9_1/comments", {"message": "Chào chị"}).json()["id"]
        assert [one.id for one in meta.wall.below("9_1")] == [made]
        assert post(meta, "9_1", {"is_hidden": True}).json() == {"success": True}
        assert meta.wall.comments["9_1"].hidden
        for path, body in (("9_1/comments", {"message": " "}), ("9_1", {"is_hidden": "x"}),
                           ("9_9/comments", {"message": "a"})):  # fmt: skip
            assert code_of(post(meta, path, body)) == 100


def test_a_thread_held_by_another_application():
    with twin() as (meta, calls):
        meta.say("2002", "xin chào")
        meta.wall.take_thread("2002", INBOX)
        meta.say("2002", "ai đó ơi")
        refused = call(meta, make_body()).json()["error"]
        assert (refused["code"], refused["error_subcode"]) == (10, 2018300)
        body = {"recipient": {"id": "2002"}}
        assert post(meta, "me/take_thread_control", body).json() == {"success": True}
        assert call(meta, make_body()).status_code == 200
        answer = post(meta, "me/pass_thread_control", body | {"target_app_id": INBOX})
        assert answer.json() == {"success": True}
        assert code_of(post(meta, "me/pass_thread_control", body)) == 100
        meta.wall.give_thread("2002")
    entries = [json.loads(raw)["entry"][0] for raw, _ in calls]
    assert "take_thread_control" in entries[1]["messaging"][0]
    assert entries[2]["standby"][0]["message"]["text"] == "ai đó ơi"
    assert entries[3]["messaging"][0]["pass_thread_control"]["new_owner_app_id"] == "3003"


@pytest.mark.parametrize("subcode", [463, 460])
def test_a_token_that_has_ended(subcode):
    with twin() as (meta, _):
        meta.say("2002", "xin chào")
        meta.expire_token(subcode=subcode)
        refused = call(meta, make_body())
        assert refused.status_code == 401
        assert refused.json()["error"]["error_subcode"] == subcode
        meta.renew_token("t2")
        assert call(meta, make_body(), token="t2").status_code == 200


def test_a_template_must_be_approved():
    def body(name):
        parameters = [{"type": "text", "text": "PA-1"}]
        return {
            "recipient": {"id": "2002"}, "messaging_type": "UTILITY",
            "message": {"template": {"name": name, "language": {"code": "vi"},
                                     "components": [{"type": "BODY", "parameters": parameters}]}},
        }  # fmt: skip

    with twin() as (meta, _):
        assert code_of(call(meta, body("pa_status"))) == 100
        meta.templates.add("pa_status")
        assert call(meta, body("pa_status")).status_code == 200
        assert meta.received[0].template == "pa_status PA-1"


def test_what_was_held_comes_late_out_of_order_in_batches_and_twice():
    with twin() as (meta, calls):
        meta.hold()
        for number in range(20):
            assert meta.say("2002", str(number)).acknowledged
        meta.wall.comment("4004", "một", comment_id="9_1")
        assert calls == []
        made = meta.release(repeat=0.5, batch=4)
        assert made == len(calls)
    said = [
        event["message"]["text"]
        for raw, _ in calls
        for entry in json.loads(raw)["entry"]
        for event in entry.get("messaging", ())
    ]
    assert set(said) == {str(number) for number in range(20)}
    assert len(said) > 20 and said != sorted(said, key=int)
    assert len(changes(calls)) >= 1


def test_all_of_it_can_be_played_by_hand():
    with twin() as (meta, calls), httpx.Client(trust_env=False) as client:
        base = f"http://127.0.0.1:{meta.port}/twin"

        def play(verb, **body):
            answer = client.post(f"{base}/{verb}", json=body)
            assert answer.status_code == 200, answer.text

        play("post", text="Thông báo", post_id="9")
        play("comment", author="4004", text="một", comment_id="9_1")
        play("edit", comment_id="9_1", text="hai")
        play("hide", comment_id="9_1")
        play("hold")
        play("remove", comment_id="9_1")
        play("release", shuffled=False, repeat=0, batch=9)
        play("thread", psid="2002", app_id=INBOX)
        play("token", expired=True)
        play("token", expired=False)
        (kept,) = client.get(f"{base}/comments").json()
        assert (kept["text"], kept["removed"], kept["hidden"]) == ("hai", True, True)
        assert client.post(f"{base}/edit", json={"comment_id": "no"}).status_code == 400
    assert len(calls) == 6
