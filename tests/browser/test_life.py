"""The whole life of a case on screen: a citizen writes, three roles answer, at desk and on phones.

Every page that is met is clean for axe and no wider than its screen. With LANGNGHE_GUIDE=1 the
pictures of docs/huong-dan-can-bo.md are made anew on the way.
"""

from __future__ import annotations

import io
import os
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from intake_api.settings import ROOT
from tests.browser.pages import DESK, PHONE, clean, open_page, ready
from tests.browser.test_staff import app, sign_in
from tests.staff import house

pytestmark = pytest.mark.browser
__all__ = ["app"]  # a fixture
CODE = re.compile(r"PA-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
ANSWER = "Sở đã yêu cầu nhà trường trả lại khoản thu này trước ngày 30/11/2026."


PICTURES = {"hang-cho-1366", "hang-loat-1366", "y-kien-1366", "y-kien-360"}


def picture(page: Page, name: str) -> None:
    """A small picture for the guide, when they are asked for."""
    width = (page.viewport_size or DESK)["width"]
    if os.environ.get("LANGNGHE_GUIDE") != "1" or f"{name}-{width}" not in PICTURES:
        return
    page.wait_for_timeout(2500)  # what is fetched beside the page is there as well
    page.evaluate("scrollTo(0, 0)")
    # What stays at the foot of the screen would lie across the middle of a longer picture.
    foot = "for (const one of document.querySelectorAll('.st-dock')) one.hidden = "
    page.evaluate(foot + "true")
    clip = {"x": 0, "y": 0, "width": width, "height": 768 if name.startswith("hang") else 1050}
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))  # type: ignore[arg-type]
    page.evaluate(foot + "false")
    shot.thumbnail((1000, 1000), Image.Resampling.LANCZOS)
    folder = ROOT / "docs" / "anh"
    folder.mkdir(exist_ok=True)
    shot.save(folder / f"{name}-{width}.webp", quality=72, method=6)


def write_in(browser: Browser, address: str) -> tuple[str, str]:
    """A mother on her phone: the form, in plain words. Returns code and PIN."""
    page = open_page(browser, PHONE)
    page.goto(f"{address}/gop-y")
    clean(page)
    page.locator("#noi_dung").fill(house.FEES.lower() + " ạ")
    page.get_by_label("Tôi không muốn nêu tên").check()
    page.get_by_label("Tôi đồng ý để Sở dùng").check()
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.get_by_text(CODE).first).to_be_visible()
    clean(page)
    said = page.locator("main").inner_text()
    code, pin = CODE.search(said), re.search(r"\b\d{6}\b", said)
    assert code is not None and pin is not None
    return code[0], pin[0]


def open_case(page: Page, code: str) -> None:
    page.locator(".st-row", has_text=code).locator(".st-row__link").click()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(code)
    expect(page.get_by_text("Viết cho đồng nghiệp")).to_be_visible()
    clean(page)


@pytest.fixture
def handler(app: Any) -> None:
    house.desk(app, "khtc.cv", "handler", "KHTC")


@pytest.mark.usefixtures("handler")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_life_of_a_case(browser: Browser, address: str, size: dict[str, int]) -> None:
    office = open_page(browser, size)
    sign_in(office, address, "vanphong")
    ready(office)
    code, pin = write_in(browser, address)

    # The coordinator's open queue tells of it without moving a row; then it is given to somebody.
    expect(office.get_by_text("1 mới")).to_be_visible(timeout=15000)
    picture(office, "hang-cho")
    office.keyboard.press("n")
    ready(office)
    row = office.locator(".st-row", has_text=code)
    row.get_by_role("checkbox").check()
    office.locator("summary", has_text="Giao").click()
    office.get_by_label("Người nhận").select_option(label="Người thử khtc.cv")
    picture(office, "hang-loat")
    clean(office)
    office.get_by_role("button", name="Giao", exact=True).click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Đã xong 1 ý kiến")
    clean(office)

    # The handler finds it among the own ones, leaves a note for the lead, drafts the answer.
    hand = open_page(browser, size)
    sign_in(hand, address, "khtc.cv")
    hand.get_by_role("link", name="Của tôi").click()
    clean(hand)
    open_case(hand, code)
    note = hand.get_by_label("Viết cho đồng nghiệp")
    note.click()
    hand.keyboard.type("Trường hứa trả lại tiền, chị xem @khtc")
    hand.locator(".st-names button", has_text="(@khtc)").click()
    hand.get_by_role("button", name="Thêm ghi chú").click()
    expect(hand.locator(".st-notes b")).to_have_text("@Người thử khtc")
    hand.get_by_label("Trả lời người gửi").fill(ANSWER)
    expect(hand.get_by_text("Đã lưu nháp.")).to_be_visible()
    picture(hand, "y-kien")
    clean(hand)
    hand.get_by_role("button", name="Soạn chờ duyệt").click()
    expect(hand.get_by_text(f"Đã lưu bản soạn {code}")).to_be_visible()

    # The lead reads the note, approves and sends.
    lead = open_page(browser, size)
    sign_in(lead, address, "khtc")
    lead.get_by_role("link", name="Nhắc tôi").click()
    open_case(lead, code)
    lead.get_by_role("button", name="Đã đọc").click()
    expect(lead.get_by_text("ghi chú nhắc anh/chị")).to_have_count(0)
    lead.get_by_role("button", name="Duyệt và gửi").click()
    expect(lead.get_by_text("Đã gửi trả lời")).to_be_visible()
    clean(lead)

    # She reads it with her code and PIN; the office ends the case with two keys.
    phone = open_page(browser, PHONE)
    phone.goto(f"{address}/tra-cuu?ma={code}")
    phone.get_by_label("PIN").fill(pin)
    phone.locator("main button[type=submit]").first.click()
    expect(phone.get_by_text(ANSWER)).to_be_visible()
    clean(phone)
    lead.goto(f"{address}/can-bo/y-kien/{code}")
    ready(lead)
    lead.keyboard.press("e")
    lead.get_by_label("Kết quả xử lý").select_option("corrected")
    lead.get_by_role("button", name="Kết thúc và báo người gửi").click()
    expect(lead.get_by_text(f"Đã kết thúc {code}")).to_be_visible()
    expect(lead.locator(".st-history")).to_contain_text("Đã chấn chỉnh", ignore_case=True)
    clean(lead)


def test_somebody_elses_edit_shows_where_it_stands(
    browser: Browser, address: str, app: Any
) -> None:
    page = open_page(browser, DESK)
    sign_in(page, address)
    ready(page)
    code = page.locator(".st-row[data-code]").nth(1).get_attribute("data-code") or ""
    order = [one.get_attribute("data-code") for one in page.locator(".st-row[data-code]").all()]
    page.keyboard.press("j")
    other = house.sign_in(app, "vanphong")
    with house.services_of(app).store.reading() as tx:
        from intake_api.store import cases

        case = cases.by_code(tx, code)
    assert case is not None
    other.act(case, "nhan")
    row = page.locator(f'.st-row[data-code="{code}"]')
    expect(row).to_contain_text("vừa thay đổi bởi Người thử vanphong", timeout=15000)
    assert order == [
        one.get_attribute("data-code") for one in page.locator(".st-row[data-code]").all()
    ]
    expect(page.locator(".st-row__link").nth(0)).to_be_focused()
    clean(page)


def test_rows_are_chosen_and_ended_without_a_mouse(browser: Browser, address: str) -> None:
    page = open_page(browser, DESK)
    sign_in(page, address, "vanphong")
    ready(page)
    for key in ("j", "x", "j", "x", "e"):
        page.keyboard.press(key)
    expect(page.get_by_text("Đã chọn 2")).to_be_visible()
    expect(page.get_by_label("Kết quả xử lý")).to_be_focused()
    clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_text("Đã chọn 1")).to_be_visible()
    page.keyboard.press("a")
    page.get_by_role("button", name="Giao", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã xong 1 ý kiến")


def test_an_answer_goes_on_on_another_computer(browser: Browser, address: str) -> None:
    first = open_page(browser, DESK)
    sign_in(first, address)
    first.locator(".st-row__link").first.click()
    ready(first)
    code = first.get_by_role("heading", level=1).inner_text()
    first.get_by_label("Trả lời người gửi").fill("Đang viết dở ở phòng họp")
    expect(first.get_by_text("Đã lưu nháp.")).to_be_visible()
    second = open_page(browser, PHONE)
    sign_in(second, address)
    second.goto(f"{address}/can-bo/y-kien/{code}")
    expect(second.get_by_label("Trả lời người gửi")).to_have_value("Đang viết dở ở phòng họp")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_view_of_the_queue_is_clean(
    browser: Browser, address: str, size: dict[str, int], dark: bool
) -> None:
    page = open_page(browser, size, dark=dark)
    sign_in(page, address, "vanphong")
    for query in ("", "?view=waiting", "?q=quy+lop", "?q=khong+co+gi", "?kind=praise&view=today"):
        page.goto(f"{address}/can-bo/{query}")
        clean(page)
    page.locator("summary", has_text="đang dùng").click()
    clean(page)
