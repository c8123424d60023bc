"""Very much from one address: a small piece of work for the browser, and copies of one text."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from altcha import v1

from intake_api.limits import limiter
from intake_api.public import effort
from intake_api.store import events
from intake_api.store.sender_tables import SenderMark
from intake_api.store.tables import Attachment, Case, Message
from tests import builders
from tests.flow.samples import jpeg_with_place
from tests.public.lint import Reader
from tests.public.test_form import TEXT, fill, kept, receipt, send


@pytest.fixture
def counted(app: Any) -> Iterator[None]:
    """Limits count as in production, from zero."""
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.reset()


def text(number: int) -> str:
    words = (
        "mái",
        "bàn",
        "cửa",
        "sân",
        "điện",
        "nước",
        "sách",
        "bảng",
        "quạt",
        "cổng",
        "đèn",
        "hàng",
    )
    word = words[number % len(words)]
    return (
        f"Ý kiến số {number}: phần {word} của trường {word} {number} hỏng từ {word} tháng {number}."
    )


def ask(reader: Reader) -> tuple[Any, Any]:
    """Sends until work is asked for; the page and what it asks."""
    for number in range(11):
        answer = send(reader, fill(reader, noi_dung=text(number)))
        if answer.status_code == 429:
            from tests.public.lint import check

            page = check(answer.text)
            return page, page.find(".//*[@id='cong-suc']")
    raise AssertionError("nothing was asked for")


def work(box: Any) -> str:
    """What the browser computes."""
    salt, wanted = box.get("data-salt"), box.get("data-challenge")
    number = next(
        n
        for n in range(int(box.get("data-most")) + 1)
        if hashlib.sha256(f"{salt}{n}".encode()).hexdigest() == wanted
    )
    made = {
        "algorithm": "SHA-256", "challenge": wanted, "number": number, "salt": salt,
        "signature": box.get("data-signature"),
    }  # fmt: skip
    return base64.b64encode(json.dumps(made).encode()).decode()


def test_ten_in_an_hour_are_free_and_then_the_browser_works_once_for_each(
    app: Any, reader: Reader, counted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The library looks at the wall clock; the tests' clock stands in November 2026.
    monkeypatch.setattr(v1.time, "time", lambda: builders.NOW.timestamp())
    page, box = ask(reader)
    assert len(kept(app, Case)) == 10
    area = page.find(".//textarea[@id='noi_dung']")
    assert area is not None and area.text.strip() == text(10)  # nothing typed is lost
    done = work(box)
    assert send(reader, fill(reader, noi_dung=text(10), altcha=done)).status_code == 303
    assert len(kept(app, Case)) == 11
    again = send(reader, fill(reader, noi_dung=text(11), altcha=done))
    assert again.status_code == 429  # every answer counts once
    assert len(kept(app, Case)) == 11


@pytest.mark.parametrize(
    "answer",
    ["", "x", "e30=", base64.b64encode(b'{"number": []}').decode(),
     base64.b64encode(b"[]").decode(), "A" * 3000],
)  # fmt: skip
def test_no_wrong_answer_opens_anything(app: Any, answer: str) -> None:
    with app.test_request_context():
        assert not effort.solved(answer)


def test_an_answer_that_is_too_old_or_for_another_number_is_wrong(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context():
        made = effort.challenge()
        box = {
            "data-salt": made.salt, "data-challenge": made.challenge,
            "data-signature": made.signature, "data-most": str(made.most),
        }  # fmt: skip
        right = work(box)
        monkeypatch.setattr(v1.time, "time", lambda: builders.NOW.timestamp())
        assert effort.solved(right)
        wrong = json.loads(base64.b64decode(right))
        wrong["number"] += 1
        assert not effort.solved(base64.b64encode(json.dumps(wrong).encode()).decode())
        late = builders.NOW.timestamp() + effort.LIFE.total_seconds() + 1
        monkeypatch.setattr(v1.time, "time", lambda: late)
        assert not effort.solved(right)


def test_the_fourth_copy_from_one_address_joins_the_first_case_with_its_files(
    app: Any, reader: Reader
) -> None:
    for _ in range(5):
        answer = send(
            reader, fill(reader, tep=(__import__("io").BytesIO(jpeg_with_place()), "a.jpg"))
        )
        assert answer.status_code == 303
    found = kept(app, Case)
    assert len(found) == 3
    assert found[0].code in receipt(reader)
    tied = [one.case_id for one in kept(app, Message) if one.direction == "in"]
    assert tied == [found[0].id, found[1].id, found[2].id, found[0].id, found[0].id]
    assert len(kept(app, Attachment)) == 5
    with app.extensions["langnghe"].store.reading() as tx:
        done = [one.action for one in events.of_case(tx, found[0].id)]
    assert done == ["received", "folded", "folded"]


def test_a_copy_tells_nobody_the_pin_of_the_first_case(app: Any) -> None:
    for _ in range(4):
        last = Reader(app)
        send(last, fill(last))
    said = receipt(last)
    assert kept(app, Case)[0].code in said
    assert "dt>PIN" not in last.client.get("/gop-y/da-nhan").text


def test_other_words_after_a_flood_get_a_case_of_their_own(app: Any, reader: Reader) -> None:
    for _ in range(4):
        send(reader, fill(reader))
    send(reader, fill(reader, noi_dung="Thư viện mở cửa quá muộn, các em không mượn được sách."))
    assert len(kept(app, Case)) == 4


def test_danger_never_joins_anything(app: Any, reader: Reader) -> None:
    for _ in range(5):
        send(reader, fill(reader, noi_dung="Cháu bị bạo hành ở lớp, cháu rất sợ, xin cứu cháu."))
    assert len(kept(app, Case)) == 5


def test_after_a_day_a_copy_is_new_again_and_no_address_is_kept(
    app: Any, reader: Reader, clock: builders.MovingClock
) -> None:
    for _ in range(3):
        send(reader, fill(reader))
    clock.at += timedelta(hours=25)
    send(reader, fill(reader))
    assert len(kept(app, Case)) == 4
    marks = {one.sender for one in kept(app, SenderMark)}
    assert len(marks) == 1
    assert "127.0.0.1" not in marks.pop()
    assert TEXT
