"""The main job in a real browser: asked, complained without diacritics, answered in the chat."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from intake_api.channels.meta_twin import MetaTwin
from tests.browser.chromium import open_browser
from tests.journeys.house import PASSWORD, House

pytestmark = [pytest.mark.rasa, pytest.mark.browser]
CODE = re.compile(r"PA-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    twin = MetaTwin(page_token="test-page-token", app_secret="test-app-secret", verify_token="v")
    made = House(tmp_path_factory.mktemp("house"), twin)
    try:
        made.up()
        yield made
    finally:
        made.close()


def write(page: Page, words: str) -> None:
    box = page.locator("deep-chat #text-input")
    box.click()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_ask_complain_get_a_code_and_read_the_reply(house: House) -> None:
    with open_browser() as browser:
        phone = browser.new_context(
            viewport={"width": 360, "height": 740}, locale="vi-VN"
        ).new_page()
        phone.goto(f"{house.url}/tro-chuyen")
        chat = phone.locator("deep-chat")
        expect(chat).to_contain_text("trợ lý tự động của Sở", ignore_case=True)
        write(phone, "năm 2025 thi tốt nghiệp THPT những môn nào ạ")
        expect(chat).to_contain_text("Toán", timeout=15000)
        expect(chat).to_contain_text("24/2024", timeout=15000)

        write(phone, "truong thpt a kim bang thu quy lop 500k moi em ma ko co phieu thu gi ca")
        expect(chat).to_contain_text("Kim Bảng", timeout=15000)
        write(phone, "ẩn danh")
        expect(chat).to_contain_text("Người gửi: không nêu tên", timeout=15000)
        write(phone, "đồng ý, gửi đi")
        expect(chat).to_contain_text(CODE, timeout=15000)
        found = CODE.search(phone.get_by_text(CODE).first.inner_text())
        assert found is not None

        desk = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="vi-VN"
        ).new_page()
        desk.goto(f"{house.url}/can-bo/")
        desk.fill("input[name=username]", "khtc")
        desk.fill("input[name=password]", PASSWORD)
        desk.keyboard.press("Enter")
        desk.get_by_text(found[0]).first.click()
        desk.locator("textarea[name=text]").first.fill("Sở đã yêu cầu nhà trường trả lại tiền.")
        desk.get_by_role("button", name=re.compile("Gửi trả lời")).first.click()
        expect(desk.locator("body")).to_contain_text("Đã gửi trả lời")

        expect(chat).to_contain_text("trả lại tiền", timeout=20000)
