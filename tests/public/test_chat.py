from __future__ import annotations

import hashlib
import io
import json
import threading
import uuid
from typing import Any

import pytest
from PIL import Image

from intake_api.flow import converse
from intake_api.public import live
from tests.public.lint import Reader, words


def message(text: str = "Năm 2025 thi mấy môn?", **more: Any) -> dict[str, Any]:
    return {"text": text, "client_id": str(uuid.uuid4()), "after": 0, **more}


def test_the_greeting_says_that_it_is_an_automatic_assistant(reader: Reader) -> None:
    page = reader.get("/tro-chuyen")
    assert "trợ lý tự động của Sở" in words(page)
    assert "/gop-y" in {one.get("href") for one in page.findall(".//main//a")}


def test_looking_at_the_chat_makes_no_conversation(reader: Reader) -> None:
    reader.get("/tro-chuyen")
    assert reader.read().json == {"messages": [], "pending": False}
    with reader.client.application.extensions["langnghe"].store.reading() as tx:
        assert tx.connection().exec_driver_sql("SELECT COUNT(*) FROM conversation").scalar() == 0


def test_no_cookie_before_the_person_agrees_and_none_after_taking_it_back(reader: Reader) -> None:
    for answer in (reader.client.get("/tro-chuyen"), reader.say(message()), reader.read()):
        assert answer.status_code == 200
        assert answer.headers.getlist("Set-Cookie") == []
    own = {"X-Langnghe-Chat": reader.token()}
    kept = reader.client.post("/tro-chuyen/nho", headers=own)
    made = next(h for h in kept.headers.getlist("Set-Cookie") if "langnghe_chat" in h)
    assert "HttpOnly" in made
    assert "SameSite=Lax" in made
    later = reader.get("/tro-chuyen").find(".//*[@id='hop-thoai']")
    assert later is not None
    assert later.get("data-kept") == "true"
    again = reader.client.get(
        "/tro-chuyen/tin?after=0", headers={"X-Langnghe-Chat": later.get("data-token", "")}
    )
    assert len(again.json["messages"]) == 2
    reader.client.post("/tro-chuyen/quen", headers=own)
    assert reader.client.get_cookie("langnghe_chat") is None


def test_another_sites_page_can_neither_keep_nor_forget(reader: Reader) -> None:
    reader.client.post("/tro-chuyen/nho", headers={"X-Langnghe-Chat": reader.token()})
    assert reader.client.post("/tro-chuyen/nho").status_code == 400
    reader.client.post("/tro-chuyen/quen")
    assert reader.client.get_cookie("langnghe_chat") is not None


def test_an_answer_carries_buttons_source_and_validity(reader: Reader) -> None:
    said = reader.say(message()).json
    bot = next(one for one in said["messages"] if one["author"] == "bot")
    assert bot["source"].startswith("Nguồn: ")
    assert bot["validity"] == "Áp dụng đến 31/12/2026"
    assert [one["title"] for one in bot["buttons"]] == ["Xem thêm", "Lịch thi"]
    assert said["pending"] is False


def test_the_history_comes_back_and_only_what_is_new_after_a_number(reader: Reader) -> None:
    reader.say(message("câu một"))
    every = reader.read().json["messages"]
    assert [one["author"] for one in every] == ["citizen", "bot"]
    last = every[-1]["id"]
    assert reader.read(last).json["messages"] == []


def test_the_same_message_twice_is_kept_once(reader: Reader) -> None:
    same = message()
    reader.say(same)
    reader.say(same)
    every = reader.read().json["messages"]
    assert [one["author"] for one in every].count("citizen") == 1


def test_another_browser_sees_nothing_of_it(app: Any, reader: Reader) -> None:
    reader.say(message())
    assert Reader(app).read().json["messages"] == []


def test_a_forged_name_opens_nothing(reader: Reader) -> None:
    forged = {"X-Langnghe-Chat": "eyJ0b2tlbiI6MX0.forged"}
    assert reader.client.get("/tro-chuyen/tin?after=0", headers=forged).json["messages"] == []
    assert reader.client.post("/tro-chuyen/tin", json=message(), headers=forged).status_code == 400
    reader.client.set_cookie("langnghe_chat", "eyJ0b2tlbiI6MX0.forged")
    box = reader.get("/tro-chuyen").find(".//*[@id='hop-thoai']")
    assert box is not None and box.get("data-kept") == "false"


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


def test_without_the_header_of_our_own_page_nothing_is_taken(reader: Reader) -> None:
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
    assert reader.read("9" * 25).status_code == 200


def test_half_a_character_is_left_out(reader: Reader) -> None:
    said = reader.say(message("chào \ud800 Sở")).json
    assert said["messages"][0]["text"] == "chào  Sở"


def test_a_body_much_longer_than_a_message_is_not_read(reader: Reader) -> None:
    assert reader.say(message("a" * 300_000)).status_code == 413


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def send(reader: Reader, *files: tuple[bytes, str], **more: str) -> Any:
    data = {"client_id": str(uuid.uuid4()), "after": "0", **more}
    return reader.client.post(
        "/tro-chuyen/tep",
        data={**data, "tep": [(io.BytesIO(body), name) for body, name in files]},
        headers={"X-Langnghe-Chat": reader.token()},
    )


def test_files_are_kept_named_and_acknowledged_once(reader: Reader) -> None:
    same = str(uuid.uuid4())
    for _ in range(2):
        said = send(reader, (picture(), "phiếu thu.png"), client_id=same).json
    assert [(m["author"], m["files"]) for m in said["messages"]] == [
        ("citizen", ["phiếu thu.png"]), ("system", []),
    ]  # fmt: skip
    assert "1 tệp" in said["messages"][1]["text"]
    store = reader.client.application.extensions["langnghe"].store
    with store.reading() as tx:
        rows = tx.connection().exec_driver_sql("SELECT filename, size, sha256 FROM attachment")
        assert rows.all() == [
            ("phiếu thu.png", len(picture()), hashlib.sha256(picture()).hexdigest())
        ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "Chưa có tệp"),
        ([(b"MZ\x90", "bai.pdf")], "không phải PDF"),
        ([(b"x", f"{n}.png") for n in range(6)], "tối đa 5"),
        ([(b"", "a.png")], "Tệp trống"),
    ],
)
def test_what_is_no_file_is_refused_in_words(
    reader: Reader, files: list[tuple[bytes, str]], says: str
) -> None:
    answer = send(reader, *files)
    assert 400 <= answer.status_code < 500
    assert says in answer.json["message"]


def told(answer: Any) -> list[dict[str, Any]]:
    """The events of a stream: their fields, data read as JSON."""
    blocks = [
        dict(line.split(": ", 1) for line in block.splitlines())
        for block in answer.text.split("\n\n")
        if block
    ]
    return [
        {**block, "data": json.loads(block["data"])} if "data" in block else block
        for block in blocks
    ]


def test_the_stream_tells_what_is_new_and_when_to_come_back(reader: Reader) -> None:
    reader.say(message("câu một"))
    answer = reader.read(accept="text/event-stream")
    assert answer.mimetype == "text/event-stream"
    said, bye = told(answer)
    assert [one["author"] for one in said["data"]["messages"]] == ["citizen", "bot"]
    assert said["id"] == str(said["data"]["messages"][-1]["id"])
    assert bye == {"retry": "3000"}
    own = {"X-Langnghe-Chat": reader.token(), "Accept": "text/event-stream"}
    later = reader.client.get("/tro-chuyen/tin", headers={**own, "Last-Event-ID": said["id"]})
    assert [one.get("data", {}).get("messages") for one in told(later)] == [[], None]


def test_without_a_conversation_the_stream_is_quiet(reader: Reader) -> None:
    answer = reader.client.get("/tro-chuyen/tin", headers={"Accept": "text/event-stream"})
    assert told(answer) == [{"retry": "15000"}]


def test_while_an_answer_is_on_its_way_the_stream_stays_and_tells_it_at_once(
    app: Any, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = app.extensions["langnghe"].services
    services.assistant.away = True
    first = reader.say(message("Hỏi khi trợ lý vắng")).json["messages"][-1]["id"]
    looks = []

    def sleep(_seconds: float) -> None:
        looks.append(1)
        if len(looks) == 2:
            services.assistant.away = False
            converse.take_turn(services, services.queue.processed[0])
        assert len(looks) < 10, "the answer was there and was not told"

    monkeypatch.setattr(live.time, "sleep", sleep)
    events = told(reader.read(first, accept="text/event-stream"))
    assert len(looks) == 2
    assert events[0]["data"] == {"messages": [], "pending": True}
    assert [m["author"] for m in events[1]["data"]["messages"]] == ["bot"]
    assert events[1]["data"]["pending"] is False


def test_when_every_seat_is_taken_the_stream_ends_at_once(
    app: Any, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["langnghe"].services.assistant.away = True
    reader.say(message())
    monkeypatch.setattr(live, "_SEATS", threading.BoundedSemaphore(1))
    assert live._SEATS.acquire(blocking=False)
    events = told(reader.read(accept="text/event-stream"))
    assert events[0]["data"]["pending"] is True
    assert events[-1] == {"retry": "700"}
