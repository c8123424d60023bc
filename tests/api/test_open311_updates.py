"""Updates of requests by Open311: counted once, by the system that sent the request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from intake_api.domain.access import FEEDBACK_WRITE
from intake_api.store import cases
from tests.api import house
from tests.api.open311 import PLACE, Client, case_of


@pytest.fixture
def sender(app: Any) -> Client:
    return Client(app, house.key(app, FEEDBACK_WRITE))


def update(client: Client, code: str, number: str, http: int = 200, **form: str) -> Any:
    given = {
        "jurisdiction_id": PLACE, "service_request_id": code, "update_id": number,
        "updated_datetime": datetime(2026, 11, 23, 10).isoformat() + "+07:00",  # noqa: DTZ001
        "status": "open", "description": "Bổ sung: lớp 6A", **form,
    }  # fmt: skip
    return client.post("servicerequestupdates", http, **given)


def said(app: Any, code: str) -> list[str]:
    with house.store_of(app).reading() as tx:
        found = cases.by_code(tx, code)
        assert found is not None
        return [one.text for one in cases.messages(tx, found) if one.direction == "in"]


def test_an_update_counts_once(app: Any, sender: Client) -> None:
    code = sender.report()["service_request_id"]
    for _ in range(2):
        assert update(sender, code, "u-1") == {"service_request_updates": {"update_id": "u-1"}}
    assert said(app, code) == ["Bổ sung: lớp 6A"]
    tree = sender.post(
        "servicerequestupdates", fmt="xml", jurisdiction_id=PLACE, service_request_id=code,
        update_id="u-2", updated_datetime="2026-11-23T10:00:00Z", status="open", description="nữa",
    )  # fmt: skip
    assert tree[0][0].text == "u-2"


def test_an_update_follows_the_status_where_the_sender_may(app: Any, sender: Client) -> None:
    code = sender.report()["service_request_id"]
    house.reply(app, code)
    update(sender, code, "1", status="closed", description="Đã xong, cảm ơn")
    assert case_of(app, code).state == "closed"
    update(sender, code, "2", description="Lại thu tiếp")
    assert case_of(app, code).state == "reopened"
    update(sender, code, "3", status="closed", description="Thôi không cần nữa")
    assert case_of(app, code).state == "withdrawn"
    update(sender, code, "3", status="open", description="lặp lại")
    assert case_of(app, code).state == "withdrawn"
    assert len(said(app, code)) == 3


def test_updates_are_for_the_system_that_sent_the_request(app: Any, sender: Client) -> None:
    code = house.Caller(app).send()
    update(sender, code, "1", 404)
    other = Client(app, house.key(app, FEEDBACK_WRITE))
    update(other, sender.report()["service_request_id"], "1", 404)
    for missing in ("jurisdiction_id", "update_id", "updated_datetime", "status", "description"):
        given = {missing: ""} if missing != "update_id" else {}
        update(sender, code, "" if missing == "update_id" else "1", 400, **given)
    update(sender, code, "1", 400, updated_datetime="today")


def test_an_update_that_tells_of_danger_is_sealed(app: Any, sender: Client) -> None:
    code = sender.report()["service_request_id"]
    for _ in range(2):
        update(sender, code, "1", description="con tôi bị bạo hành")
    assert said(app, code) == []
    assert case_of(app, code).state == "routed"
