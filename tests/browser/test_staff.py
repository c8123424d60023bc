"""The workbench in a real browser: sign in, queue, case, reply, on phone and desk; axe is clean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from intake_api.flow import receive
from intake_api.store import cases
from tests import builders
from tests.browser.pages import DESK, PHONE, clean, enter, open_page, ready
from tests.staff import house

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    with house.opened(lambda: house.make_app(tmp_path)) as app:
        house.desk(app)
        house.desk(app, "vanphong", "coordinator", "VP")
        now = builders.NOW
        for number, text in enumerate((house.FEES, house.BULLYING, house.FEES + " khẩn")):
            case = house.make_case(app, text, now=now - timedelta(days=number * 9))
            with house.services_of(app).store.transaction() as tx:
                found = cases.by_code(tx, case.code)
                assert found is not None
                found.school = "Trường THCS Trần Phú"
        yield app


def sign_in(page: Page, address: str, username: str = "khtc") -> None:
    enter(page, address, username, "/can-bo/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đang mở")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_sign_in_to_the_reply(
    browser: Browser, address: str, size: dict[str, int], dark: bool
) -> None:
    page = open_page(browser, size, dark=dark)
    page.goto(f"{address}/can-bo/")
    clean(page)
    page.get_by_label("Tên đăng nhập").fill("khtc")
    page.get_by_label("Mật khẩu").fill("sai-mat-khau")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    clean(page)
    page.get_by_label("Mật khẩu").fill(builders.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 ý kiến")
    clean(page)
    page.locator(".st-row__link").first.click()
    clean(page)
    page.get_by_role("button", name="Nhận xử lý").click()
    expect(page.get_by_role("status").first).to_contain_text("nhận xử lý")
    page.get_by_label("Mẫu trả lời").select_option("da_chan_chinh")
    page.get_by_role("button", name="Chèn").click()
    area = page.get_by_label("Trả lời người gửi")
    expect(area).to_have_value(re.compile("đã được yêu cầu chấn chỉnh"))
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("người gửi chưa xem")).to_be_visible()
    clean(page)
    page.goto(f"{address}/can-bo/mat-khau")
    clean(page)
    page.goto(f"{address}/can-bo/y-kien/khong-co")
    clean(page)


def test_unsent_words_stay_until_they_are_sent(browser: Browser, address: str) -> None:
    page = open_page(browser, DESK)
    sign_in(page, address)
    page.locator(".st-row__link").first.click()
    ready(page)
    page.get_by_label("Trả lời người gửi").fill("Đang viết dở một câu")
    page.reload()
    expect(page.get_by_label("Trả lời người gửi")).to_have_value("Đang viết dở một câu")
    expect(page.get_by_text("Đã khôi phục chữ chưa gửi")).to_be_visible()
    page.get_by_role("button", name="Gửi trả lời").dblclick()
    expect(page.get_by_text("Đã gửi trả lời")).to_be_visible()
    expect(page.locator(".st-msg--staff")).to_have_count(1)
    ready(page)
    kept = page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('ln:draft:'))")
    assert kept == []


def test_signing_out_leaves_nothing_on_this_computer(browser: Browser, address: str) -> None:
    page = open_page(browser, DESK)
    sign_in(page, address)
    page.locator(".st-row__link").first.click()
    ready(page)
    page.get_by_label("Trả lời người gửi").fill("Đang viết dở một câu")
    page.locator(".st-person summary").click()
    clean(page)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Anh/chị đã đăng xuất")).to_be_visible()
    kept = page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('ln:draft:')).length")
    assert kept == 0


def test_keys(browser: Browser, address: str) -> None:
    page = open_page(browser, DESK)
    sign_in(page, address, "vanphong")
    ready(page)
    page.keyboard.press("j")
    expect(page.locator(".st-row__link").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".st-row__link").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Tìm ý kiến theo chữ, trường, người gửi hoặc mã")).to_be_focused()
    page.keyboard.type("bat nat")
    page.keyboard.press("Enter")
    expect(page.locator(".st-row__link")).to_have_count(1)
    assert page.url.endswith("?q=bat+nat")
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("PA-")
    ready(page)
    page.keyboard.press("r")
    expect(page.get_by_label("Trả lời người gửi")).to_be_focused()
    page.keyboard.type("jk")  # letters in a field are letters
    expect(page.get_by_label("Trả lời người gửi")).to_have_value("jk")
    page.get_by_label("Trả lời người gửi").blur()
    page.keyboard.press("u")
    expect(page).to_have_url(f"{address}/can-bo/?q=bat+nat")


def test_a_lost_race_on_screen(browser: Browser, address: str, app: Any) -> None:
    page = open_page(browser, DESK)
    sign_in(page, address)
    page.locator(".st-row__link").first.click()
    page.get_by_label("Trả lời người gửi").fill("Chữ này không được mất")
    code = page.get_by_role("heading", level=1).inner_text()
    other = house.sign_in(app, "vanphong")
    with house.services_of(app).store.reading() as tx:
        case = cases.by_code(tx, code)
    assert case is not None
    other.act(case, "nhan")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("alert")).to_contain_text("Người thử vanphong nhận xử lý")
    expect(page.get_by_label("Trả lời người gửi")).to_have_value("Chữ này không được mất")
    clean(page)


def test_everything_works_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, address)
    page.locator("summary", has_text="Bộ lọc").click()
    page.get_by_label("Trạng thái").select_option("all")
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.locator(".st-row__link").first.click()
    page.get_by_label("Mẫu trả lời").select_option("cam_on")
    page.get_by_role("button", name="Chèn").click()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Đã gửi trả lời")).to_be_visible()


def test_contact_data_on_screen(browser: Browser, address: str, app: Any) -> None:
    case = house.make_case(app, sender=receive.Sender("Trần Văn Bình", "0987654321"))
    page = open_page(browser, PHONE)
    sign_in(page, address)
    page.goto(f"{address}/can-bo/y-kien/{case.code}")
    page.locator("summary", has_text="Hiện thông tin liên hệ").click()
    page.get_by_label("Lý do xem").fill("Gọi xác minh")
    page.get_by_role("button", name="Hiện thông tin liên hệ").click()
    expect(page.get_by_text("Trần Văn Bình")).to_be_visible()
    clean(page)
