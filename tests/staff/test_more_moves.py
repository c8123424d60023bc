"""The further moves on the case page: each has a working form, says what it did, keeps words."""

from __future__ import annotations

import re
from typing import Any

from tests import builders
from tests.staff import house


def page_of(desk: house.Desk, case: Any) -> str:
    return desk.get(f"/can-bo/y-kien/{case.code}")


def test_asking_waiting_and_going_on(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    assert "/viec/hoi-them" in page_of(desk, case)
    page = desk.act(case, "hoi-them", 422, question=" ").get_data(as_text=True)
    assert "Ghi rõ cần người gửi bổ sung gì" in page
    desk.act(case, "hoi-them", question="Cháu học lớp nào?")
    page = page_of(desk, case)
    assert "Thời hạn đang tạm dừng" in page and "Cháu học lớp nào?" in page
    assert "đang tạm dừng" in desk.get("/can-bo/")
    assert "hỏi thêm người gửi" in page
    desk.act(house.reload(app, case), "tiep-tuc")
    desk.act(house.reload(app, case), "cho-phoi-hop", agency="UBND xã", wait_why="xác minh")
    assert "chờ UBND xã phối hợp: xác minh" in page_of(desk, case)


def test_approving_without_sending(app: Any) -> None:
    case = house.make_case(app)
    writer = house.desk(app, "khtc.cv", "handler", "KHTC")
    lead = house.desk(app)
    writer.act(case, "soan", text="Bản soạn của tôi")
    assert "/viec/duyet" not in page_of(writer, case)
    assert "/viec/duyet" in page_of(lead, case)
    lead.act(house.reload(app, case), "duyet")
    assert house.reload(app, case).state == "answer_approved"
    assert "duyệt bản soạn" in page_of(lead, case)


def test_extending_on_the_page(app: Any) -> None:
    case = builders.make_case(
        house.services_of(app), text=house.FEES + " khiếu nại", kind="complaint"
    ).case
    writer = house.desk(app, "vp.cv", "handler", "VP")
    lead = house.desk(app, "vp", "lead", "VP")
    page_of(lead, case)
    refused = lead.act(case, "gia-han", 403, extend_why="").get_data(as_text=True)
    assert "Cần ghi lý do gia hạn." in refused
    assert re.search(r'<details class="st-fold" open>\s*<summary>.*Gia hạn 45 ngày', refused)
    page_of(writer, case)
    writer.act(case, "xin-gia-han", extend_why="phải đi xác minh")
    page = page_of(lead, case)
    assert "xin gia hạn: “phải đi xác minh”" in page and "Gia hạn 45 ngày" in page
    lead.act(house.reload(app, case), "gia-han", extend_why="")
    page = page_of(lead, case)
    assert "/viec/gia-han" not in page and "Gia hạn thành 45 ngày kể từ ngày nhận" in page


def test_giving_back_and_forwarding(app: Any) -> None:
    case, other = house.make_case(app), house.make_case(app)
    desk = house.desk(app, "khtc.cv", "handler", "KHTC")
    assert "/viec/tra-lai" in page_of(desk, case)
    assert '/viec/chuyen"' not in page_of(desk, case)
    desk.act(case, "tra-lai", return_why="không đúng thẩm quyền")
    desk.get(f"/can-bo/y-kien/{case.code}", 404)
    assert house.reload(app, case).unit == "VP"
    lead = house.desk(app)
    lead.act(other, "chuyen-ngoai", forward_to="Sở Nội vụ", forward_why="ngoài ngành")
    assert "chuyển Sở Nội vụ: ngoài ngành" in page_of(lead, other)


def test_merging_and_parting_on_the_page(app: Any) -> None:
    first, second = house.make_case(app), house.make_case(app)
    desk = house.desk(app)
    page_of(desk, second)
    for code in ("lung tung", "PA-2611-0000-0000"):
        page = desk.act(second, "gop", 403, merge_code=code).get_data(as_text=True)
        assert "Không tìm thấy ý kiến có mã này" in page and code in page
    desk.act(second, "gop", merge_code=first.code.lower().replace("-", " "))
    page = page_of(desk, second)
    assert f'được gộp vào <a href="/can-bo/y-kien/{first.code}"' in page
    assert second.code in page_of(desk, first)
    desk.act(house.reload(app, second), "tach")
    assert house.reload(app, second).state == "routed"


def test_an_answer_that_has_not_arrived_is_said(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "tra-loi", text="Sở đã kiểm tra.")
    assert "chưa có xác nhận là người gửi đã nhận được" in page_of(desk, case)


def test_a_stale_version_is_told_what_changed(app: Any) -> None:
    case = house.make_case(app)
    slow, quick = house.desk(app), house.desk(app, "vanphong", "coordinator", "VP")
    page_of(slow, case)
    page_of(quick, case)
    quick.act(case, "hoi-them", question="Lớp nào?")
    page = slow.act(
        case, "chuyen-ngoai", 409, forward_to="Sở Nội vụ", forward_why="ngoài ngành"
    ).get_data(as_text=True)
    assert "hỏi thêm người gửi" in page and "Sở Nội vụ" in page
