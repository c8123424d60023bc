"""News of the queue: what changed is told once, to those who may know it, and holds no worker."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from intake_api.staff import live
from intake_api.store import queue
from tests import builders
from tests.staff import house


def since(page: str) -> str:
    found = re.search(r'data-news-from="([^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def news(desk: house.Desk, address: str, last: str = "") -> tuple[dict[str, Any], str]:
    """What an open page hears, and the number it asks with the next time."""
    headers = {"Last-Event-ID": last} if last else {}
    answer = desk.client.get(address, headers=headers)
    assert answer.mimetype == "text/event-stream"
    text = answer.get_data(as_text=True)
    assert text.startswith("retry: 5000\nid: ")
    data = re.search(r"^data: (.*)$", text, re.M)
    number = re.search(r"^id: (\d+)$", text, re.M)
    assert number is not None
    return (json.loads(data[1]) if data else {}), number[1]


def test_new_cases_and_others_edits_are_told_once(app: Any) -> None:
    case = house.make_case(app)
    desk, other = house.desk(app), house.desk(app, "vanphong", "coordinator", "VP")
    address = since(desk.get("/can-bo/"))
    assert news(desk, address)[0] == {}
    new = house.make_case(app)
    other.act(case, "nhan")
    told, number = news(desk, address)
    assert told[new.code] == {"by": "Người gửi", "listed": True, "did": "received"}
    assert told[case.code] == {"by": "Người thử vanphong", "listed": True, "did": "take"}
    assert news(desk, address, number)[0] == {}
    row = desk.client.get(f"/can-bo/dong/{case.code}").get_data(as_text=True)
    assert "Người thử vanphong" in row
    assert "vừa thay đổi" in row


def test_more_than_one_answer_holds_is_told_in_the_next(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "AT_ONCE", 2)
    monkeypatch.setattr(queue, "_PORTION", 1)
    desk = house.desk(app)
    address = since(desk.get("/can-bo/"))
    made = {house.make_case(app).code for _ in range(3)}
    told, number = news(desk, address)
    heard = set(told)
    while told:
        told, number = news(desk, address, number)
        heard |= set(told)
    assert heard == made


def test_ones_own_work_is_no_news(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    address = since(desk.get("/can-bo/"))
    desk.act(case, "nhan")
    assert news(desk, address)[0] == {}


def test_news_follow_the_filter_of_the_page(app: Any) -> None:
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    address = since(desk.get("/can-bo/?topic=dd.khoan_thu"))
    fees, bullied = house.make_case(app), house.make_case(app, house.BULLYING)
    told, _number = news(desk, address)
    assert (told[fees.code]["listed"], told[bullied.code]["listed"]) == (True, False)


def test_nothing_of_other_units_or_the_sealed_lane_is_told(app: Any) -> None:
    desk = house.desk(app)
    address = since(desk.get("/can-bo/"))
    sealed, foreign = house.make_case(app, house.BRIBE), house.make_case(app, house.BULLYING)
    told, _number = news(desk, address)
    assert told == {}
    for case in (sealed, foreign):
        assert desk.client.get(f"/can-bo/dong/{case.code}").status_code == 404


def test_an_open_page_does_not_keep_the_session_alive(
    app: Any, clock: builders.MovingClock
) -> None:
    desk = house.desk(app)
    address = since(desk.get("/can-bo/"))
    for _ in range(13):
        clock.at += timedelta(minutes=10)
        answer = desk.client.get(address)
    assert answer.status_code == 303
    assert "/can-bo/dang-nhap" in answer.location


def test_nonsense_asks_for_nothing(app: Any) -> None:
    desk = house.desk(app)
    house.make_case(app)
    assert news(desk, "/can-bo/tin-moi?since=lung-tung")[0] == {}
