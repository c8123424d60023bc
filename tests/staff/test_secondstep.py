"""The second factor: set up, asked for, codes good once, the lost phone, demanded of everybody."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp

from intake_api.limits import limiter
from intake_api.store import accounts as account_store
from intake_api.store import events, registry
from tests import builders
from tests.staff import house

LOGIN, STEP = "/can-bo/dang-nhap", "/can-bo/dang-nhap/ma"
SETUP = "/can-bo/tai-khoan/hai-lop"


def _secret(page: str) -> str:
    found = re.search(r'st-secret">([A-Z2-7 ]+)<', page)
    assert found
    return found.group(1).replace(" ", "")


def _enrol(desk: house.Desk, clock: builders.MovingClock) -> tuple[pyotp.TOTP, list[str]]:
    page = desk.get(SETUP)
    totp = pyotp.TOTP(_secret(page))
    done = desk.post(SETUP, 200, code=totp.at(clock.at)).get_data(as_text=True)
    return totp, re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", done)


def _half(app: Any, username: str = "khtc") -> house.Desk:
    desk = house.Desk(app.test_client())
    desk.get(LOGIN)
    sent = desk.post(LOGIN, username=username, password=builders.PASSWORD)
    assert sent.location == STEP
    return desk


def test_setting_up_and_signing_in_with_both(app: Any, clock: builders.MovingClock) -> None:
    desk = house.desk(app)
    page = desk.get(SETUP)
    assert "data:image/svg+xml" in page
    assert _secret(page) == _secret(desk.get(SETUP))  # a reload shows the same square
    wrong = desk.post(SETUP, 422, code="000000").get_data(as_text=True)
    assert "Mã không đúng" in wrong
    totp, codes = _enrol(desk, clock)
    assert len(set(codes)) == 10
    desk.get("/can-bo/")  # this session goes on
    clock.at += timedelta(minutes=1)
    other = _half(app)
    other.get("/can-bo/", 303)  # the password alone opens nothing
    other.get(STEP)
    other.post(STEP, code=totp.at(clock.at))
    assert "Hàng chờ" in other.get("/can-bo/")
    assert "mật khẩu và mã trong ứng dụng" in other.get("/can-bo/tai-khoan")


def test_turning_it_on_ends_the_sessions_that_showed_one_factor(
    app: Any, clock: builders.MovingClock
) -> None:
    desk = house.desk(app)
    elsewhere = house.sign_in(app, "khtc")
    _enrol(desk, clock)
    elsewhere.get("/can-bo/", 303)


def test_a_code_works_once_and_only_in_its_time(app: Any, clock: builders.MovingClock) -> None:
    totp, _codes = _enrol(house.desk(app), clock)
    used = totp.at(clock.at)
    desk = _half(app)
    desk.get(STEP)
    desk.post(STEP, 401, code=used)  # it was shown when it was set up
    clock.at += timedelta(seconds=40)
    fresh = totp.at(clock.at)
    desk.post(STEP, code=fresh)
    again = _half(app)
    again.get(STEP)
    again.post(STEP, 401, code=fresh)
    clock.at += timedelta(minutes=2)
    again.post(STEP, 401, code=fresh)
    again.post(STEP, code=totp.at(clock.at + timedelta(seconds=25)))  # the phone runs ahead


def test_a_recovery_code_works_once(app: Any, clock: builders.MovingClock) -> None:
    _totp, codes = _enrol(house.desk(app), clock)
    desk = _half(app)
    desk.get(STEP)
    desk.post(STEP, code=codes[0].lower().replace("-", " "))
    page = desk.get("/can-bo/tai-khoan")
    assert "Còn 9 mã dự phòng" in page
    again = _half(app)
    again.get(STEP)
    again.post(STEP, 401, code=codes[0])
    with house.services_of(app).store.reading() as tx:
        assert list(events.verify(tx)) == []


def test_the_first_factor_is_forgotten_after_five_minutes(
    app: Any, clock: builders.MovingClock
) -> None:
    totp, _codes = _enrol(house.desk(app), clock)
    desk = _half(app)
    clock.at += timedelta(minutes=6)
    desk.get(STEP, 303)
    desk.client.post(STEP, data={"csrf_token": desk.token, "code": totp.at(clock.at)})
    desk.get("/can-bo/", 303)


def test_new_codes_and_removal_need_a_code(app: Any, clock: builders.MovingClock) -> None:
    desk = house.desk(app)
    totp, codes = _enrol(desk, clock)
    desk.get("/can-bo/tai-khoan")
    desk.post("/can-bo/tai-khoan/ma-du-phong", 422, code="123456")
    clock.at += timedelta(minutes=1)
    page = desk.post("/can-bo/tai-khoan/ma-du-phong", 200, code=totp.at(clock.at))
    assert codes[0] not in page.get_data(as_text=True)
    desk.post("/can-bo/tai-khoan/hai-lop/bo", 422, code=codes[1])  # the old codes are gone
    clock.at += timedelta(minutes=1)
    desk.post("/can-bo/tai-khoan/hai-lop/bo", code=totp.at(clock.at))
    assert "Chưa bật" in desk.get("/can-bo/tai-khoan")
    house.sign_in(app, "khtc").get("/can-bo/")


def test_the_secret_is_not_readable_in_the_database(app: Any, clock: builders.MovingClock) -> None:
    desk = house.desk(app)
    secret = _secret(desk.get(SETUP))
    with house.services_of(app).store.reading() as tx:
        staff = registry.staff_by_username(tx, "khtc")
        assert staff is not None
        factor = account_store.second_factor(tx, staff.id)
    assert factor is not None
    assert secret not in factor.secret


def test_where_it_is_demanded_nothing_opens_before_it_is_set_up(
    tmp_path: Path, clock: builders.MovingClock
) -> None:
    app = house.make_app(tmp_path, clock=clock, settings={"totp_required": True})
    case = house.make_case(app)
    desk = house.desk(app)
    for path in ("/can-bo/", f"/can-bo/y-kien/{case.code}", "/can-bo/tai-khoan"):
        assert desk.client.get(path).location == SETUP
    totp, _codes = _enrol(desk, clock)
    assert case.code in desk.get("/can-bo/")
    clock.at += timedelta(minutes=1)
    desk.get("/can-bo/tai-khoan")
    desk.post("/can-bo/tai-khoan/hai-lop/bo", code=totp.at(clock.at))
    assert "Đang bật" in desk.get("/can-bo/tai-khoan")


def test_guessing_codes_is_stopped(tmp_path: Path, clock: builders.MovingClock) -> None:
    app = house.make_app(tmp_path, clock=clock, limits=True)
    totp, _codes = _enrol(house.desk(app), clock)
    limiter.reset()
    desk = _half(app)
    desk.get(STEP)
    for _ in range(5):
        desk.post(STEP, 401, code="000000")
    clock.at += timedelta(minutes=1)
    page = desk.post(STEP, 429, code=totp.at(clock.at)).get_data(as_text=True)
    assert "Thử quá nhiều lần" in page
    # A second browser that knows the password has no fresh tries.
    other = _half(app)
    other.get(STEP)
    other.post(STEP, 429, code="000000")
    limiter.reset()


def test_a_changed_key_of_the_house_is_told_plainly(
    tmp_path: Path, clock: builders.MovingClock
) -> None:
    app = house.make_app(tmp_path, clock=clock)
    totp, _codes = _enrol(house.desk(app), clock)
    with house.services_of(app).store.transaction() as tx:
        staff = registry.staff_by_username(tx, "khtc")
        assert staff is not None
        factor = account_store.second_factor(tx, staff.id)
        assert factor is not None
        factor.secret = "gAAAAA" + factor.secret[6:][::-1]
    desk = _half(app)
    desk.get(STEP)
    clock.at += timedelta(minutes=1)
    page = desk.post(STEP, 401, code=totp.at(clock.at)).get_data(as_text=True)
    assert "không đọc được nữa" in page
