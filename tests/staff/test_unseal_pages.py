"""Unsealing on the pages: asked, decided, read, over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests import builders
from tests.staff import house


def test_asked_decided_read_and_over(app: Any) -> None:
    case = house.make_case(app, house.BRIBE)
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    leader = house.desk(app, "lanhdao", "leader", None)
    expert = house.desk(app, "tccb.cv", "handler", "TCCB")
    page = officer.get(f"/can-bo/y-kien/{case.code}")
    assert "/viec/xin-mo" in page and "Người thử tccb.cv" in page
    page = officer.act(case, "xin-mo", 422, unseal_why="").get_data(as_text=True)
    assert "Ghi lý do mở niêm phong" in page
    officer.act(case, "xin-mo", unseal_reader="tccb.cv", unseal_why="hồ sơ", unseal_hours="4")
    assert "chờ lãnh đạo quyết định" in officer.get(f"/can-bo/y-kien/{case.code}")

    page = leader.get("/can-bo/niem-phong")
    assert "Người thử tccb.cv, 4 giờ" in page and "hồ sơ" in page
    assert "chạy lớp" not in page and case.code not in page
    expert.get("/can-bo/niem-phong", 404)
    expert.get("/can-bo/niem-phong/1", 404)
    leader.post("/can-bo/niem-phong/1", **{"quyet-dinh": "dong-y"})
    leader.post("/can-bo/niem-phong/1", 404, **{"quyet-dinh": "dong-y"})

    page = expert.get("/can-bo/niem-phong/1")
    assert "chạy lớp chọn" in page and "/viec/" not in page
    leader.get("/can-bo/niem-phong/1", 404)
    expert.get(f"/can-bo/y-kien/{case.code}", 404)
    assert "xem ý kiến đã mở niêm phong" in officer.get(f"/can-bo/y-kien/{case.code}")

    app.extensions["langnghe"].clock.at = builders.NOW + timedelta(hours=4)
    # Their sessions have ended too; signed in anew, the case is closed to the reader.
    house.sign_in(app, "tccb.cv").get("/can-bo/niem-phong/1", 404)
    assert "đã kết thúc" in house.sign_in(app, "kenhmat").get(f"/can-bo/y-kien/{case.code}")


def test_the_officer_takes_it_back(app: Any) -> None:
    case = house.make_case(app, house.BRIBE)
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    house.desk(app, "tccb.cv", "handler", "TCCB")
    officer.get(f"/can-bo/y-kien/{case.code}")
    officer.act(case, "xin-mo", unseal_reader="tccb.cv", unseal_why="hồ sơ", unseal_hours="4")
    officer.act(house.reload(app, case), "thu-hoi", unsealing="1")
    leader = house.desk(app, "lanhdao", "leader", None)
    assert "Không có đề nghị nào" in leader.get("/can-bo/niem-phong")


def test_nobody_asks_for_a_normal_case(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    assert "/viec/xin-mo" not in desk.get(f"/can-bo/y-kien/{case.code}")
    desk.act(case, "xin-mo", 403, unseal_reader="khtc", unseal_why="tò mò", unseal_hours="1")
