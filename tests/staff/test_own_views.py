"""Views of the queue that a person keeps: the address under a name, the owner's alone."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from intake_api.flow import views
from tests.staff import house
from tests.store.dump import everything

FILTER = "kind=criticism&channel=form&urgent=1"


@pytest.fixture
def desk(app: Any) -> house.Desk:
    made = house.desk(app, "vanphong", "coordinator", "VP")
    made.get(f"/can-bo/?{FILTER}")
    return made


def save(desk: house.Desk, name: str, status: int = 303, query: str = FILTER) -> str:
    return str(
        desk.post("/can-bo/goc-nhin", status, name=name, filter=query).get_data(as_text=True)
    )


def link(page: str, name: str) -> str:
    """Where the view of this name leads."""
    found = re.search(
        rf'<a class="st-view[^"]*" href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?<span>{name}<', page
    )
    assert found is not None, name
    return html.unescape(found[1])


def number(page: str) -> str:
    found = re.search(r"/goc-nhin/(\d+)/ten", page)
    assert found is not None
    return found[1]


def test_filters_are_kept_under_a_name_and_lead_back_to_the_same_address(desk: house.Desk) -> None:
    answer = desk.post("/can-bo/goc-nhin", name="  Thu chi   khẩn ", filter=FILTER + "&sau=x&la=1")
    assert answer.location.endswith(f"/can-bo/?{FILTER}")  # neither a place nor what is no filter
    page = desk.get(answer.location)
    assert "Đã lưu góc nhìn “Thu chi khẩn”" in page
    assert "<h1>Thu chi khẩn " in page
    assert page.count('aria-current="page"') == 1
    assert link(page, "Thu chi khẩn").endswith(f"/can-bo/?{FILTER}")
    # The address is the truth: with another filter the view is not on.
    assert "<h1>Thu chi khẩn " not in desk.get("/can-bo/?kind=criticism")


def test_a_name_that_is_there_takes_the_new_filters(desk: house.Desk) -> None:
    save(desk, "Sáng thứ hai")
    save(desk, "sáng thứ HAI", query="view=overdue&channel=web")
    desk.get("/can-bo/")  # where both are told
    page = desk.get("/can-bo/")
    assert "Sáng thứ hai" not in page
    assert link(page, "sáng thứ HAI").endswith("?view=overdue&channel=web")


def test_a_view_is_renamed_and_deleted(desk: house.Desk) -> None:
    save(desk, "Một")
    save(desk, "Hai", query="channel=web")
    page = desk.get(f"/can-bo/?{FILTER}")
    one = number(page)
    refused = desk.post(f"/can-bo/goc-nhin/{one}/ten", 422, name="hai", filter=FILTER)
    assert "đã có một góc nhìn tên này" in refused.get_data(as_text=True)
    desk.post(f"/can-bo/goc-nhin/{one}/ten", name="Một mới", filter=FILTER)
    assert link(desk.get("/can-bo/"), "Một mới")
    desk.post(f"/can-bo/goc-nhin/{one}/xoa", filter=FILTER)
    page = desk.get("/can-bo/")
    assert "<span>Một mới<" not in page
    assert link(page, "Hai")
    desk.post(f"/can-bo/goc-nhin/{one}/xoa", 404, filter=FILTER)


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        (" ", FILTER, "Đặt tên cho góc nhìn."),
        ("x" * 61, FILTER, "dài quá 60 ký tự"),
        ("Tên", "", "Chọn ít nhất một điều kiện lọc"),
        ("Tên", "kind=khong-co", "Chọn ít nhất một điều kiện lọc"),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_the_name(
    desk: house.Desk, name: str, query: str, words: str
) -> None:
    page = save(desk, name, 422, query)
    if query == FILTER:
        assert words in page
        assert f'value="{name.strip() or "Thu"}"' in page or not name.strip()
    assert "<span>Tên<" not in page


def test_twenty_are_enough(desk: house.Desk) -> None:
    for count in range(views.MAX_VIEWS):
        save(desk, f"Góc {count}")
    assert "nhiều nhất 20 góc nhìn" in save(desk, "Thêm nữa", 422)
    save(desk, "góc 3", query="channel=web")  # replacing is not adding


def test_nobody_else_sees_or_touches_them(app: Any, desk: house.Desk) -> None:
    save(desk, "Của riêng tôi")
    one = number(desk.get(f"/can-bo/?{FILTER}"))
    other = house.desk(app, "khtc", "lead", "KHTC")
    assert "Của riêng tôi" not in other.get(f"/can-bo/?{FILTER}")
    other.post(f"/can-bo/goc-nhin/{one}/ten", 404, name="Lấy", filter=FILTER)
    other.post(f"/can-bo/goc-nhin/{one}/xoa", 404, filter=FILTER)
    editor = house.desk(app, "bientap", "editor", None)
    editor.get("/can-bo/mat-khau")
    editor.post("/can-bo/goc-nhin", 404, name="Tên", filter=FILTER)
    assert "<h1>Của riêng tôi " in desk.get(f"/can-bo/?{FILTER}")


def test_what_is_looked_for_in_the_lane_is_kept_sealed(app: Any) -> None:
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    officer.get("/can-bo/?state=all&q=phong+bi")
    save(officer, "Vụ phong bì", query="state=all&q=phong+bi")
    assert link(officer.get("/can-bo/"), "Vụ phong bì").endswith("?state=all&q=phong+bi")
    held = everything(house.services_of(app).store)
    assert [word for word in ("phong bì", "phong+bi") if word in held] == []
