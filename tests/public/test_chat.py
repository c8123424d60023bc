from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.public.lint import Reader, words


def message(text: str = "Năm 2025 thi mấy môn?", **more: Any) -> dict[str, Any]:
    return {"text": text, "client_id": str(uuid.uuid4()), "after": 0, **more}


def test_the_greeting_says_that_it_is_an_automatic_assistant(reader: Reader) -> None:
    page = reader.get("/tro-chuyen")
    assert "trợ lý tự động của Sở" in words(page)
    assert "/gop-y" in {one.get("href") for one in page.findall(".//main//a")}


def test_looking_at_the_chat_makes_no_conversation(reader: Reader) -> None:
    reader.get("/tro-chuyen")
    answer = reader.client.get("/tro-chuyen/tin?after=0")
    assert answer.json == {"messages": [], "pending": False}
    assert reader.client.get_cookie("langnghe_chat") is None


def test_the_first_message_makes_a_cookie_scripts_cannot_read(reader: Reader) -> None:
    answer = reader.say(message())
    assert answer.status_code == 200
    made = next(h for h in answer.headers.getlist("Set-Cookie") if "langnghe_chat" in h)
    assert "HttpOnly" in made
    assert "SameSite=Lax" in made


def test_an_answer_carries_buttons_source_and_validity(reader: Reader) -> None:
    said = reader.say(message()).json
    bot = next(one for one in said["messages"] if one["author"] == "bot")
    assert bot["source"].startswith("Nguồn: ")
    assert bot["validity"] == "Áp dụng đến 31/12/2026"
    assert [one["title"] for one in bot["buttons"]] == ["Xem thêm", "Lịch thi"]
    assert said["pending"] is False


def test_the_history_comes_back_and_only_what_is_new_after_a_number(reader: Reader) -> None:
    reader.say(message("câu một"))
    every = reader.client.get("/tro-chuyen/tin?after=0").json["messages"]
    assert [one["author"] for one in every] == ["citizen", "bot"]
    last = every[-1]["id"]
    assert reader.client.get(f"/tro-chuyen/tin?after={last}").json["messages"] == []


def test_the_same_message_twice_is_kept_once(reader: Reader) -> None:
    same = message()
    token = reader.csrf()
    reader.say(same, token)
    reader.say(same, token)
    every = reader.client.get("/tro-chuyen/tin?after=0").json["messages"]
    assert [one["author"] for one in every].count("citizen") == 1


def test_another_browser_sees_nothing_of_it(app: Any, reader: Reader) -> None:
    reader.say(message())
    assert Reader(app).client.get("/tro-chuyen/tin?after=0").json["messages"] == []


def test_a_forged_cookie_opens_nothing(reader: Reader) -> None:
    reader.client.set_cookie("langnghe_chat", "eyJ0b2tlbiI6MX0.forged")
    assert reader.client.get("/tro-chuyen/tin?after=0").json["messages"] == []


def test_danger_is_marked_for_the_page(reader: Reader) -> None:
    said = reader.say(message("con tôi bị bạo hành")).json["messages"]
    urgent = [one for one in said if one["emergency"]]
    assert len(urgent) == 1
    assert "111" in urgent[0]["text"].splitlines()[0]


def test_html_is_handed_on_as_text(reader: Reader) -> None:
    text = "<script>alert(1)</script> ' OR 1=1 --"
    said = reader.say(message(text)).json["messages"]
    assert said[0]["text"] == text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ({}, 400),
        ({"text": 5, "client_id": str(uuid.uuid4())}, 400),
        ({"text": "   ", "client_id": str(uuid.uuid4())}, 400),
        ({"text": "x"}, 400),
        ({"text": "x", "client_id": "no"}, 400),
        ({"text": "x", "client_id": str(uuid.uuid4()), "after": "no"}, 400),
        ({"text": "x", "client_id": str(uuid.uuid4()), "payload": {"a": 1}}, 400),
        ({"text": "x" * 5001, "client_id": str(uuid.uuid4())}, 413),
    ],
)
def test_what_is_no_message_is_refused_in_words(reader: Reader, body: Any, status: int) -> None:
    answer = reader.say(body)
    assert answer.status_code == status
    assert answer.json["message"]


def test_five_thousand_characters_and_control_characters_are_taken(reader: Reader) -> None:
    assert reader.say(message("\x00ă\u200b" + "x" * 4990)).status_code == 200


def test_without_a_csrf_token_nothing_is_taken(reader: Reader) -> None:
    answer = reader.client.post("/tro-chuyen/tin", json=message())
    assert answer.status_code == 400


def test_errors_come_as_json_to_the_script(reader: Reader) -> None:
    answer = reader.client.post(
        "/tro-chuyen/tin", json=message(), headers={"Accept": "application/json"}
    )
    assert answer.json["message"]


def test_while_the_assistant_is_away_the_message_is_kept(app: Any, reader: Reader) -> None:
    app.extensions["langnghe"].services.assistant.away = True
    said = reader.say(message()).json
    assert said["pending"] is True
    assert any("đã lưu tin nhắn" in one["text"] for one in said["messages"])


@pytest.mark.parametrize("more", [{"after": 10**30}, {"after": float("inf")}, {"after": -5}])
def test_impossible_numbers_break_nothing(reader: Reader, more: dict[str, Any]) -> None:
    assert reader.say(message(**more)).status_code in (200, 400)
    assert reader.client.get(f"/tro-chuyen/tin?after={'9' * 25}").status_code == 200


def test_half_a_character_is_left_out(reader: Reader) -> None:
    said = reader.say(message("chào \ud800 Sở")).json
    assert said["messages"][0]["text"] == "chào  Sở"


def test_a_body_much_longer_than_a_message_is_not_read(reader: Reader) -> None:
    assert reader.say(message("a" * 300_000)).status_code == 413
