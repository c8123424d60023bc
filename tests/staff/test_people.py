"""Accounts of others: one asks, another approves; the administrator sees no content."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from intake_api.store import events, registry
from tests import builders
from tests.staff import house

LIST, APPROVE = "/can-bo/nguoi-dung", "/can-bo/duyet-tai-khoan"
NEW = {"name": "Lê Thị Mới", "username": "khtc.moi", "role": "handler", "unit": "KHTC",
       "reason": "Thay người nghỉ thai sản"}  # fmt: skip


@pytest.fixture
def admin(app: Any) -> house.Desk:
    return house.desk(app, "quantri", "admin", None)


@pytest.fixture
def leader(app: Any) -> house.Desk:
    return house.desk(app, "lanhdao", "leader", None)


def _id(app: Any, username: str) -> int:
    with house.services_of(app).store.reading() as tx:
        found = registry.staff_by_username(tx, username)
    assert found is not None
    return found.id


def _decide_path(desk: house.Desk) -> str:
    found = re.search(rf'action="({APPROVE}/\d+)"', desk.get(APPROVE))
    assert found
    return found.group(1)


def test_a_new_account_needs_two_people_and_its_owner_sets_the_password(
    app: Any, admin: house.Desk, leader: house.Desk
) -> None:
    admin.get(LIST)
    admin.post(LIST, **NEW)
    assert "Chờ duyệt" in admin.get(LIST)
    path = _decide_path(admin)
    refused = admin.post(path, 409, verdict="yes").get_data(as_text=True)
    assert "người khác duyệt" in refused
    leader.get(APPROVE)
    page = leader.post(path, 200, verdict="yes").get_data(as_text=True)
    link = re.search(r">http[^<]+?(/can-bo/dat-mat-khau/[^<]+)<", page)
    assert link
    newcomer = house.Desk(app.test_client())
    assert "khtc.moi" in newcomer.get(link.group(1))
    newcomer.post(link.group(1), 422, new="ngắn", again="ngắn")
    newcomer.post(link.group(1), new="bon tu ghep lai", again="bon tu ghep lai")
    assert "đã dùng hoặc đã hết hạn" in app.test_client().get(
        link.group(1), follow_redirects=True
    ).get_data(as_text=True)
    house.sign_in(app, "khtc.moi", "bon tu ghep lai").get("/can-bo/")
    with house.services_of(app).store.reading() as tx:
        assert list(events.verify(tx)) == []


def test_an_account_that_waits_cannot_sign_in(app: Any, admin: house.Desk) -> None:
    admin.get(LIST)
    admin.post(LIST, **NEW)
    desk = house.Desk(app.test_client())
    desk.get("/can-bo/dang-nhap")
    for password in ("", "!", builders.PASSWORD):
        desk.post("/can-bo/dang-nhap", 401, username="khtc.moi", password=password)


def test_a_changed_role_counts_only_after_a_second_person(
    app: Any, admin: house.Desk, leader: house.Desk
) -> None:
    worker = house.desk(app, "khtc.cv", "handler", "KHTC")
    path = f"{LIST}/{_id(app, 'khtc.cv')}"
    admin.get(path)
    admin.post(
        f"{path}/de-nghi", wish="change", role="confidential_officer", unit="", reason="Bổ nhiệm"
    )
    worker.get("/can-bo/")
    with house.services_of(app).store.reading() as tx:
        assert registry.staff_by_username(tx, "khtc.cv").role == "handler"  # type: ignore[union-attr]
    assert "chờ duyệt" in admin.get(path)
    leader.post(_decide_path(leader), verdict="yes")
    with house.services_of(app).store.reading() as tx:
        staff = registry.staff_by_username(tx, "khtc.cv")
    assert staff is not None
    assert (staff.role, staff.unit) == ("confidential_officer", None)
    worker.get("/can-bo/", 303)  # the rights changed: sign in anew


def test_nobody_decides_about_oneself(app: Any, admin: house.Desk) -> None:
    second = house.desk(app, "quantri2", "admin", None)
    path = f"{LIST}/{_id(app, 'quantri2')}"
    admin.get(path)
    admin.post(f"{path}/de-nghi", wish="change", role="leader", unit="", reason="Thử")
    where = _decide_path(second)
    second.post(where, 409, verdict="yes")
    own = f"{LIST}/{_id(app, 'quantri')}"
    admin.get(own)
    admin.post(f"{own}/de-nghi", 422, wish="change", role="leader", unit="", reason="Thử")
    admin.post(f"{own}/khoa", 422)


def test_closing_is_done_at_once_and_the_last_administrator_stays(
    app: Any, admin: house.Desk
) -> None:
    worker = house.desk(app, "khtc.cv", "handler", "KHTC")
    path = f"{LIST}/{_id(app, 'khtc.cv')}"
    admin.get(path)
    admin.post(f"{path}/khoa")
    worker.get("/can-bo/", 303)
    assert "Đề nghị mở lại" in admin.get(path)
    admin.post(f"{path}/de-nghi", wish="reopen", reason="Đi làm lại")
    second = house.desk(app, "quantri2", "admin", None)
    second.post(_decide_path(second), verdict="yes")
    house.sign_in(app, "khtc.cv").get("/can-bo/")
    second.get(f"{LIST}/{_id(app, 'quantri')}")
    second.post(f"{LIST}/{_id(app, 'quantri')}/khoa")
    admin.get("/can-bo/", 303)


def test_a_link_to_set_a_password_is_good_for_three_days_and_dies_with_the_account(
    app: Any, admin: house.Desk, leader: house.Desk, clock: builders.MovingClock
) -> None:
    admin.get(LIST)
    admin.post(LIST, **NEW)
    path = _decide_path(leader)
    page = leader.post(path, 200, verdict="yes").get_data(as_text=True)
    link = re.search(r">http[^<]+?(/can-bo/dat-mat-khau/[^<]+)<", page).group(1)  # type: ignore[union-attr]
    assert app.test_client().get(link).status_code == 200
    forged = link[:-6] + ("A" if link[-6] != "A" else "B") + link[-5:]
    assert app.test_client().get(forged).status_code == 303
    person = f"{LIST}/{_id(app, 'khtc.moi')}"
    admin.get(person)
    admin.post(f"{person}/khoa")
    assert app.test_client().get(link).status_code == 303


def test_a_request_is_decided_once(app: Any, admin: house.Desk, leader: house.Desk) -> None:
    admin.get(LIST)
    admin.post(LIST, **NEW)
    path = _decide_path(leader)
    leader.post(path, verdict="no")
    assert "đã được giải quyết" in leader.post(path, 409, verdict="yes").get_data(as_text=True)
    admin.get(LIST)
    admin.post(LIST, 422, **NEW)  # the name stays taken
    admin.get(f"{LIST}/{_id(app, 'khtc.moi')}")
    admin.post(f"{LIST}/{_id(app, 'khtc.moi')}/de-nghi", wish="reopen", reason="Xin lại")
    admin.post(f"{LIST}/{_id(app, 'khtc.moi')}/de-nghi", 422, wish="reopen", reason="Lần nữa")
    admin.post(_decide_path(admin), verdict="back")
    assert "Không có đề nghị nào" in admin.get(APPROVE)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [("unit", "", "cần chọn đơn vị"), ("role", "service", "Chọn một vai trò"),
     ("reason", " ", "Ghi lý do"), ("username", "Lê", "Tên đăng nhập từ 3"),
     ("name", "", "Ghi họ tên"), ("unit", "KHONG-CO", "cần chọn đơn vị"),
     ("username", "quantri", "đã có người dùng")],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_said_at_its_field(
    admin: house.Desk, field: str, typed: str, words: str
) -> None:
    admin.get(LIST)
    page = admin.post(LIST, 422, **{**NEW, field: typed}).get_data(as_text=True)
    assert words in page.partition(f'id="{field}-error"')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("username", "role", "unit"),
    [("vanphong", "coordinator", "VP"), ("khtc", "lead", "KHTC"), ("khtc.cv", "handler", "KHTC"),
     ("kenhmat", "confidential_officer", None), ("bientap", "editor", None)],
)  # fmt: skip
def test_other_roles_see_no_accounts(app: Any, username: str, role: str, unit: str | None) -> None:
    desk = house.desk(app, username, role, unit)
    for path in (LIST, f"{LIST}/1", APPROVE):
        desk.get(path, 403)
    desk.post(f"{LIST}/1/khoa", 403)
    desk.post(f"{APPROVE}/1", 403, verdict="yes")


def test_the_leader_approves_but_does_not_manage(leader: house.Desk) -> None:
    leader.get(APPROVE)
    leader.get(LIST, 403)


def test_the_administrator_lands_on_the_accounts_and_reads_no_case(
    app: Any, admin: house.Desk, clock: builders.MovingClock
) -> None:
    cases = [house.make_case(app), house.make_case(app, house.BRIBE)]
    desk = house.Desk(app.test_client())
    desk.get("/can-bo/dang-nhap")
    sent = desk.post("/can-bo/dang-nhap", username="quantri", password=builders.PASSWORD)
    assert sent.location == LIST
    for path in (LIST, f"{LIST}/{_id(app, 'quantri')}", APPROVE, "/can-bo/", "/can-bo/tai-khoan"):
        page = desk.get(path)
        for case in cases:
            assert case.code not in page
            assert case.text[:20] not in page
    clock.at += timedelta(minutes=1)


def test_a_lane_with_one_officer_is_told_to_whoever_manages_accounts(
    app: Any, admin: house.Desk
) -> None:
    two = "Trả lời tố cáo cần hai người"
    assert "chưa có cán bộ" in admin.get(LIST)
    house.desk(app, "kenhmat", "confidential_officer", None)
    page = admin.get(LIST)
    assert "mới có một cán bộ" in page
    assert two in page
    house.desk(app, "kenhmat2", "confidential_officer", None)
    assert two not in admin.get(LIST)
