"""The page of legal holds, in each lane."""

from __future__ import annotations

import re
from typing import Any

import pytest

from intake_api.flow import takeover
from intake_api.store.tables import Message
from tests.staff import house
from tests.staff.test_talks import OFFICE, asking

PAGE = "/can-bo/lenh-giu"
OFFICER = ("kenhmat", "confidential_officer", None)
REASON = "Công văn 12/TAND"


def _said(answer: Any) -> str:
    """An answer without the token, which carries the second in which it was made."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True))


def test_a_case_is_held_by_its_code_and_let_go_by_another(app: Any) -> None:
    case = house.make_case(app)
    admin = house.desk(app, "quantri", "admin", None)
    leader = house.desk(app, "lanhdao", "leader", None)
    assert PAGE in admin.get("/can-bo/luu-giu")
    admin.get(PAGE)
    admin.post(PAGE, 422, code="PA-2611-0000-0000", reason=REASON)
    page = admin.post(PAGE, 422, code=case.code, reason=" ").get_data(as_text=True)
    assert "Ghi lý do giữ" in page and case.code in page
    admin.post(PAGE, code=case.code.lower(), reason=REASON)
    assert "đang được giữ rồi" in admin.post(PAGE, 422, code=case.code, reason="a").text
    page = admin.get(PAGE)
    assert f"{PAGE}/1/bo" not in page and f"/y-kien/{case.code}" not in page
    admin.post(f"{PAGE}/1/bo", 409)
    page = leader.get(PAGE)
    assert REASON in page and f"/y-kien/{case.code}" in page
    assert case.text[:20] not in page
    leader.post(f"{PAGE}/1/bo")
    assert REASON not in leader.get(PAGE)
    leader.post(f"{PAGE}/1/bo", 409)


def test_a_conversation_is_held_from_its_own_page(app: Any) -> None:
    name, office = asking(app), house.desk(app, *OFFICE)
    talk, form = f"/can-bo/tro-chuyen/{name}", f"{PAGE}?talk={name}"
    assert f'href="{form}"' in office.get(talk)
    assert "Mã ý kiến" not in office.get(PAGE)  # the office holds conversations only
    page = office.get(form)
    assert "Giữ cuộc trò chuyện này" in page and "Messenger" in page
    assert "gặp cán bộ" not in page
    page = office.post(PAGE, 422, talk=name, reason="").get_data(as_text=True)
    assert "Ghi lý do giữ" in page and name in page
    office.post(PAGE, talk=name, reason=REASON)
    assert "có <a" in office.get(talk)
    page = office.get(PAGE)
    assert REASON in page and talk in page and f"{PAGE}/1/bo" not in page
    office.post(f"{PAGE}/1/bo", 409)
    admin = house.desk(app, "quantri", "admin", None)
    page = admin.get(PAGE)
    assert REASON in page and name not in page
    admin.get(form, 404)
    admin.post(PAGE, 404, talk=name, reason=REASON)
    admin.post(f"{PAGE}/1/bo")
    assert f'href="{form}"' in office.get(talk)


def test_nobody_outside_the_lane_learns_that_a_sealed_case_is_held_or_is(app: Any) -> None:
    sealed, missing = house.make_case(app, house.BRIBE), "PA-2611-0000-0000"
    desks = [
        house.desk(app, "quantri", "admin", None), house.desk(app, "lanhdao", "leader", None),
    ]  # fmt: skip
    officer, office = house.desk(app, *OFFICER), house.desk(app, *OFFICE)

    def answers(desk: house.Desk) -> list[str]:
        desk.get(PAGE)
        placed = [
            _said(desk.post(PAGE, 422, code=code, reason=REASON)).replace(code, "")
            for code in (sealed.code, missing)
        ]
        lifted = [_said(desk.post(f"{PAGE}/{number}/bo", 409)) for number in (1, 99)]
        for number in (1, 99):
            desk.post(f"{PAGE}/{number}/quyet-dinh", 404, verdict="yes")
        assert placed[0] == placed[1] and lifted[0] == lifted[1]
        return [desk.get(PAGE).replace(desk.token, ""), placed[0], lifted[0]]

    before = [answers(desk) for desk in desks]
    officer.get(PAGE)
    officer.post(PAGE, code=sealed.code, reason=REASON)
    assert sealed.code in officer.get(PAGE)
    assert [answers(desk) for desk in desks] == before
    page = office.get(PAGE)
    assert sealed.code not in page and REASON not in page
    office.post(PAGE, 403, code=sealed.code, reason=REASON)
    office.post(f"{PAGE}/1/bo", 409)


def test_the_officer_asks_and_the_leader_decides_unseen(app: Any) -> None:
    sealed = house.make_case(app, house.BRIBE)
    officer = house.desk(app, *OFFICER)
    leader = house.desk(app, "lanhdao", "leader", None)
    admin = house.desk(app, "quantri", "admin", None)
    officer.get(PAGE)
    officer.post(PAGE, code=sealed.code, reason=REASON)
    officer.post(f"{PAGE}/1/bo", 422, why1="")
    officer.post(f"{PAGE}/1/bo", why1="vụ án đã xong")
    officer.post(f"{PAGE}/1/bo", 409, why1="vụ án đã xong")
    assert "chờ lãnh đạo quyết định bỏ" in officer.get(PAGE)
    page = leader.get(PAGE)
    assert "vụ án đã xong" in page and "Người thử kenhmat" in page
    assert sealed.code not in page and REASON not in page and "chạy lớp" not in page
    assert "vụ án đã xong" not in admin.get(PAGE)
    admin.post(f"{PAGE}/1/quyet-dinh", 404, verdict="yes")
    leader.post(f"{PAGE}/1/quyet-dinh", verdict="no")
    assert "Đề nghị bỏ" in officer.get(PAGE)
    officer.post(f"{PAGE}/1/bo", why1="vụ án đã xong")
    leader.post(f"{PAGE}/1/quyet-dinh", verdict="yes")
    assert sealed.code not in officer.get(PAGE)
    history = officer.get(f"/can-bo/y-kien/{sealed.code}")
    for said in ("đặt lệnh giữ", "đề nghị bỏ lệnh giữ", "không đồng ý bỏ", "bỏ lệnh giữ"):
        assert said in history


def test_a_sealed_conversation_is_held_in_its_lane(app: Any) -> None:
    name = asking(app)
    with house.services_of(app).store.transaction() as tx:
        tx.query(Message).filter_by(conversation_id=name).one().sealed = True
    officer, office = house.desk(app, *OFFICER), house.desk(app, *OFFICE)
    officer.get(PAGE)
    officer.post(PAGE, talk=name, reason=REASON)
    page = officer.get(PAGE)
    assert REASON in page and f"/tro-chuyen/{name}" in page
    page = office.get(PAGE)
    assert REASON not in page and name not in page
    office.get(f"{PAGE}?talk={name}", 404)
    office.post(PAGE, 404, talk=name, reason=REASON)


def test_a_conversation_that_became_no_case_is_found_again_by_its_day(app: Any) -> None:
    name, sealed = asking(app), asking(app, "tố ông BÍ MẬT")
    with house.services_of(app).store.transaction() as tx:
        tx.query(Message).filter_by(conversation_id=sealed).one().sealed = True
        for one in (name, sealed):  # nobody waits any more
            takeover.settled(tx, one)
    told = house.make_case(app)
    office, talks = house.desk(app, *OFFICE), "/can-bo/tro-chuyen"
    assert name not in office.get(talks)
    page = office.get(f"{talks}?ngay=2026-11-23")
    assert f"{talks}/{name}" in page and "gặp cán bộ" in page and "0912345678" not in page
    assert sealed not in page and "BÍ MẬT" not in page and str(told.conversation_id) not in page
    office.get(PAGE)
    office.post(PAGE, talk=name, reason=REASON)
    assert "có lệnh giữ" in office.get(f"{talks}?ngay=2026-11-23")
    for day in ("2026-11-22", "2026-11-24"):
        assert "không có cuộc trò chuyện nào" in office.get(f"{talks}?ngay={day}")
    for day in ("hôm qua", "0001-01-01", "9999-12-31"):
        assert "Chọn một ngày" in office.get(f"{talks}?ngay={day}")
    page = house.desk(app, *OFFICER).get(f"{talks}?ngay=2026-11-23")
    assert sealed in page and name not in page


@pytest.mark.parametrize(
    ("username", "role", "unit"),
    [("khtc", "lead", "KHTC"), ("khtc.cv", "handler", "KHTC"), ("bientap", "editor", None)],
)
def test_other_roles_have_no_such_page(
    app: Any, username: str, role: str, unit: str | None
) -> None:
    case, desk = house.make_case(app), house.desk(app, username, role, unit)
    desk.get(PAGE, 403)
    desk.post(PAGE, 403, code=case.code, reason=REASON)
    desk.post(f"{PAGE}/1/bo", 403)
    desk.post(f"{PAGE}/1/quyet-dinh", 404, verdict="yes")
