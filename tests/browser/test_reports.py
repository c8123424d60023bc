"""Reports, the register and letters in a real browser: axe is clean, nothing overflows, the console
is silent, at phone and desk width; progress turns into the report by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from intake_api.jobs.reports import Reports
from tests import builders
from tests.browser.pages import enter, look, silent
from tests.reports import house as report_house
from tests.staff import house

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    clock = builders.MovingClock(report_house.NOW)
    with house.opened(lambda: house.make_app(tmp_path, clock=clock)) as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="vi-VN")
    # A form that is sent back with its errors is no error of the page.
    yield silent(context.new_page(), but="422")
    context.close()


def test_a_report_from_the_form_to_the_file(app: Any, address: str, page: Page) -> None:
    report_house.add_cases(house.services_of(app).store, 60)
    house.desk(app, "vanphong", "coordinator", "VP")
    enter(page, address, "vanphong")
    page.goto(f"{address}/can-bo/bao-cao")
    look(page)
    page.select_option("#kind", "half")
    page.fill("#year", "2027")
    page.click("text=Chốt số liệu và soạn")
    page.wait_for_selector("progress")
    look(page)
    Reports(house.services_of(app)).round()
    # Nobody touches the page: it sees by itself that the figures are there.
    page.wait_for_selector("text=Mã băm số liệu", timeout=10_000)
    look(page)
    page.fill("#s-plans", "Phương hướng tự viết")
    page.click("form[data-once] button[type=submit]")
    page.wait_for_selector("text=Đã lưu")
    assert page.input_value("#s-plans") == "Phương hướng tự viết"
    with page.expect_download() as started:
        page.click("text=Tải PDF")
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF")


def test_the_register_and_a_letter(app: Any, address: str, page: Page) -> None:
    case = house.make_case(app, now=report_house.NOW)
    house.desk(app, "vanphong", "coordinator", "VP")
    enter(page, address, "vanphong")
    page.goto(f"{address}/can-bo/so-tiep-nhan")
    look(page)
    with page.expect_download() as started:
        page.click("text=Tải sổ")
    assert started.value.suggested_filename.endswith(".docx")
    page.goto(f"{address}/can-bo/y-kien/{case.code}/cong-van")
    look(page)
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Ghi nơi nhận")
    look(page)
    page.fill("#addressee", "Trường THCS Mẫu")
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Đã lập công văn")
    look(page)
