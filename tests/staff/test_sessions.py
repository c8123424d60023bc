"""Sessions: listed for their owner, ended one by one, all but this one, or all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from intake_api.staff.entering import device
from intake_api.store import accounts as account_store
from intake_api.store import events, registry
from tests import builders
from tests.staff import house

PAGE = "/can-bo/tai-khoan"


def _end_paths(page: str) -> list[str]:
    return re.findall(r'action="(/can-bo/tai-khoan/phien/\d+/ket-thuc)"', page)


def test_the_list_names_each_place_and_one_can_be_ended(app: Any) -> None:
    here = house.desk(app)
    there = house.sign_in(app, "khtc")
    page = here.get(PAGE)
    assert page.count("Vào lúc") == 2
    assert page.count(">máy này<") == 1
    (path,) = _end_paths(page)
    here.post(path)
    there.get("/can-bo/", 303)
    assert "Phiên làm việc đã hết" in there.get("/can-bo/dang-nhap")
    assert here.get(PAGE).count("Vào lúc") == 1
    with house.services_of(app).store.reading() as tx:
        assert list(events.verify(tx)) == []


def test_every_other_session_ends_at_one_press(app: Any) -> None:
    here = house.desk(app)
    others = [house.sign_in(app, "khtc") for _ in range(3)]
    here.get(PAGE)
    here.post("/can-bo/tai-khoan/phien-khac")
    for other in others:
        other.get("/can-bo/", 303)
    here.get("/can-bo/")


def test_nobody_ends_the_session_of_another_person(app: Any) -> None:
    victim = house.desk(app)
    with house.services_of(app).store.reading() as tx:
        staff = registry.staff_by_username(tx, "khtc")
        assert staff is not None
        (session,) = account_store.open_sessions(tx, staff.id, builders.NOW - timedelta(1))
    other = house.desk(app, "vanphong", "coordinator", "VP")
    other.get(PAGE)
    other.post(f"/can-bo/tai-khoan/phien/{session.id}/ket-thuc", 404)
    victim.get("/can-bo/")


def test_a_stolen_cookie_is_worthless_after_signing_out(app: Any) -> None:
    desk = house.desk(app)
    desk.get("/can-bo/")
    cookie = desk.client.get_cookie("session").value
    desk.post("/can-bo/dang-xuat")
    thief = app.test_client()
    thief.set_cookie("session", cookie)
    assert thief.get("/can-bo/").status_code == 303


def test_the_list_shows_when_a_session_was_used_last(app: Any, clock: builders.MovingClock) -> None:
    desk = house.desk(app)
    clock.at += timedelta(minutes=47)
    desk.get("/can-bo/")
    assert "dùng gần nhất 09h47" in desk.get(PAGE)


def test_a_session_that_grew_old_is_no_longer_listed(app: Any, clock: builders.MovingClock) -> None:
    house.desk(app)
    clock.at += timedelta(hours=3)
    assert house.sign_in(app, "khtc").get(PAGE).count("Vào lúc") == 1


def test_devices_are_named_as_people_know_them() -> None:
    agents = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36": "Chrome, Windows",
        "Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/130 Chrome/124.0 Safari/537.36":
            "Cốc Cốc, Windows",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1":
            "Safari, iPhone",
        "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36": "Chrome, Android",
        "curl/8": "Trình duyệt khác, máy khác",
    }  # fmt: skip
    assert {agent: device(agent) for agent in agents} == agents
