"""A consultation on screen: a teacher on her phone, the unit and the leader at their desks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from intake_api.flow import consult_tell
from tests import builders
from tests.browser.pages import DESK, PHONE, clean, enter, open_page
from tests.flow import drafts
from tests.staff import house

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> builders.MovingClock:
    return builders.MovingClock()


@pytest.fixture
def app(tmp_path: Path, clock: builders.MovingClock) -> Iterator[Any]:
    with house.opened(lambda: house.make_app(tmp_path, clock=clock)) as made:
        house.desk(made, "khtc", "lead", "KHTC")
        house.desk(made, "lanhdao", "leader", None)
        yield made


def look(page: Page, name: str) -> None:
    """Clean for axe and no wider than the screen; a picture where one is asked for."""
    clean(page)
    if folder := os.environ.get("LANGNGHE_PICTURES"):
        width = (page.viewport_size or DESK)["width"]
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def sign_in(page: Page, address: str, name: str) -> None:
    enter(page, address, name, "/can-bo/du-thao")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dự thảo lấy ý kiến")


def test_from_the_upload_to_the_published_table(
    browser: Browser, address: str, app: Any, clock: builders.MovingClock, tmp_path: Path
) -> None:
    file = tmp_path / "du-thao.docx"
    file.write_bytes(drafts.write())
    desk = open_page(browser, DESK)
    sign_in(desk, address, "khtc")
    look(desk, "ds-trong")
    desk.get_by_role("link", name="Dự thảo mới").click()
    desk.get_by_role("button", name="Tải lên").click()
    look(desk, "moi-loi")
    desk.get_by_label("Tên dự thảo").fill("Quy định về dạy thêm, học thêm trên địa bàn tỉnh")
    desk.get_by_label("Căn cứ lấy ý kiến").fill("Công văn số 12/SGDĐT-KHTC ngày 20/11/2026")
    desk.get_by_label("Số nơi").fill("40")
    desk.get_by_label("Đến hết ngày").fill("2026-12-20")
    desk.get_by_label("Tệp dự thảo").set_input_files(file)
    desk.get_by_role("button", name="Tải lên").click()
    expect(desk.get_by_text("10 phần")).to_be_visible()
    desk.get_by_role("button", name="Công bố lấy ý kiến").click()
    look(desk, "mo")

    # A teacher on her phone, without the script of the page.
    phone = browser.new_context(
        viewport=PHONE,
        has_touch=True,
        java_script_enabled=False,
        locale="vi-VN",  # type: ignore[arg-type]
    ).new_page()
    phone.goto(f"{address}/du-thao")
    phone.get_by_role("link", name=re.compile("Quy định về dạy thêm")).click()
    phone.get_by_role("link", name="Góp ý Khoản 1 Điều 2").click()
    phone.get_by_label("Ý kiến của anh/chị").fill("Nên cho dạy tới 21 giờ vì phụ huynh đón muộn")
    phone.get_by_label("Tôi đồng ý").check()
    phone.get_by_role("button", name="Gửi góp ý").click()
    expect(phone.get_by_text(re.compile(r"PA-\d{4}-"))).to_be_visible()

    # The same pages with everything on, for axe and the eye.
    seen = open_page(browser, DESK)
    seen.goto(f"{address}/du-thao/1")
    look(seen, "cong-khai")
    seen = open_page(browser, PHONE)
    for path, name in (
        ("/du-thao", "cong-khai-ds"), ("/du-thao/1", "cong-khai"),
        ("/du-thao/1/gop-y?muc=5", "gop-y"),
    ):  # fmt: skip
        seen.goto(address + path)
        look(seen, name)
    seen.get_by_role("button", name="Gửi góp ý").click()
    expect(seen.locator("#loi")).to_be_visible()
    look(seen, "gop-y-loi")

    clock.at += timedelta(days=29)
    lead = open_page(browser, PHONE)
    sign_in(lead, address, "khtc")
    lead.get_by_role("link", name=re.compile("Quy định về dạy thêm")).click()
    look(lead, "don-vi")
    lead.get_by_role("link", name="Khoản 1 Điều 2: 1 ý kiến").click()
    look(lead, "nhom")
    lead.get_by_label("Tiếp thu", exact=True).check()
    lead.get_by_label("Nội dung tiếp thu, giải trình").fill("Sửa thành 21 giờ.")
    lead.get_by_role("button", name="Lưu").click()
    lead.get_by_role("button", name="Trình lãnh đạo Sở duyệt").click()

    boss = open_page(browser, DESK)
    sign_in(boss, address, "lanhdao")
    boss.get_by_role("link", name=re.compile("Quy định về dạy thêm")).click()
    look(boss, "duyet")
    boss.get_by_role("button", name="Duyệt và công bố").click()
    expect(boss.get_by_text("Đã công bố. Người góp ý")).to_be_visible()
    assert consult_tell.work(house.services_of(app), address) == 1
    for size, dark in ((PHONE, True), (DESK, False)):
        seen = open_page(browser, size, dark=dark)
        seen.goto(f"{address}/du-thao/1")
        expect(seen.get_by_text("Sửa thành 21 giờ.")).to_be_visible()
        look(seen, "ket-qua")
