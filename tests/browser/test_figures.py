"""The figures in a real browser: charts under a strict policy, on phone and desk, without script;
axe is clean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import builders
from tests.browser.pages import DESK, PHONE, clean, enter, open_page
from tests.reports.rows import answered, put, row
from tests.staff import house

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    day = timedelta(days=1)
    with house.opened(lambda: house.make_app(tmp_path)) as made:
        house.desk(made, "lanhdao", "leader", None)
        put(
            house.services_of(made).store,
            *[answered(received_at=builders.NOW - n * day, channel=("web", "zalo", "form")[n % 3],
                       level=("th", "thcs")[n % 2], topic=("dd.khoan_thu", "i.ts_lop10")[n % 2])
              for n in range(1, 40)],
            row(district="Kim Bảng"),
            *[row(district="Phủ Lý") for _ in range(7)],
        )  # fmt: skip
        yield made


def read(page: Page, address: str) -> None:
    enter(page, address, "lanhdao", "/can-bo/dang-nhap?tiep=/can-bo/so-lieu?period=2026-11")
    page.goto(f"{address}/can-bo/so-lieu?period=2026-11")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Số liệu tháng 11/2026")


def test_a_leader_reads_narrows_and_opens_the_cases(browser: Browser, address: str) -> None:
    page = open_page(browser, DESK)
    read(page, address)
    expect(page.locator(".sf-chart svg")).to_have_count(page.locator("[data-chart]").count())
    expect(page.get_by_role("img", name="Theo kênh, tháng 11/2026")).to_be_visible()
    clean(page)
    page.get_by_text("Thu hẹp").click()
    page.get_by_label("Kênh", exact=True).select_option("zalo")
    page.get_by_label("So với", exact=True).select_option("last_year")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_text("Chỉ tính: Zalo")).to_be_visible()
    assert "channel=zalo" in page.url and "compare=last_year" in page.url
    clean(page)
    tile = page.locator(".sf-tile", has_text="Tiếp nhận trong kỳ").get_by_role("link")
    count = tile.inner_text()
    tile.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count} ý kiến")
    expect(page.get_by_text("Những ý kiến mà số liệu đã đếm")).to_be_visible()
    clean(page)


def test_on_a_phone_in_the_dark(browser: Browser, address: str) -> None:
    page = open_page(browser, PHONE, dark=True)
    read(page, address)
    expect(page.locator(".sf-chart svg").first).to_be_visible()
    clean(page)
    expect(page.get_by_text("được che").first).to_be_visible()
    page.get_by_role("link", name="Theo địa bàn", exact=True).click()
    expect(page.get_by_role("heading", name="Theo địa bàn")).to_be_in_viewport()


def test_without_script_the_tables_say_it_all(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=DESK, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    read(page, address)
    expect(page.locator("[data-chart]").first).to_be_hidden()
    table = page.get_by_role("table", name="Theo kênh, tháng 11/2026")
    expect(table.get_by_role("row", name="Zalo")).to_be_visible()
    page.get_by_label("Từ ngày").fill("2026-11-20")
    page.get_by_label("Đến ngày").fill("2026-11-01")
    page.get_by_label("Kỳ", exact=True).select_option("")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("đứng sau ngày kết thúc")
