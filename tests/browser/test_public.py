"""The public pages in Chromium, on a phone and on a desk, by light and by dark."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from intake_api.flow import answer as answers
from intake_api.flow.services import BotReply
from intake_api.limits import limiter
from intake_api.store import cases
from tests import builders
from tests.browser.pages import flawless
from tests.public import house

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1366, "height": 768}}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    made = house.make_app(tmp_path)
    limiter.enabled = False
    yield made
    limiter.enabled = True
    made.extensions["langnghe"].store.close()


@pytest.fixture(params=["phone light", "phone dark", "desk light", "desk dark"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    size, scheme = request.param.split()
    context = browser.new_context(
        **(PHONE if size == "phone" else DESK), color_scheme=scheme, locale="vi-VN",
        base_url=address,
    )  # fmt: skip
    made = context.new_page()
    yield made
    context.close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(**PHONE, locale="vi-VN", base_url=address)
    yield context.new_page()
    context.close()


def open_chat(page: Page) -> None:
    page.goto("/tro-chuyen")
    page.wait_for_selector("[data-ready]")


def write(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Tin nhắn cho Trợ lý")
    field.click()
    page.keyboard.insert_text(text)
    page.get_by_role("button", name="Gửi", exact=True).click()


def bubbles(page: Page) -> list[str]:
    return page.locator("deep-chat .message-bubble").all_inner_texts()


def test_every_page_is_accessible_and_fits(page: Page) -> None:
    for path in ("/", "/gop-y", "/tra-cuu", "/khong-co"):
        page.goto(path)
        flawless(page)
    page.goto("/gop-y")
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.locator("#loi")).to_be_focused()
    flawless(page)


def test_a_conversation_is_accessible(page: Page) -> None:
    open_chat(page)
    flawless(page)
    write(page, "con tôi bị bạo hành")
    expect(page.get_by_role("button", name="Lịch thi")).to_be_visible()
    expect(page.get_by_role("link", name="Gọi 111")).to_have_attribute("href", "tel:111")
    flawless(page)


def test_form_receipt_and_status_are_accessible_all_the_way(page: Page) -> None:
    page.goto("/gop-y")
    page.get_by_label("Anh/chị muốn góp ý").fill("Thu quỹ lớp 500.000 đồng không có phiếu thu.")
    page.get_by_label("Tôi không muốn nêu tên").check()
    expect(page.get_by_label("Họ và tên")).to_be_hidden()
    page.get_by_label("Tôi đồng ý").check()
    page.get_by_role("button", name="Gửi góp ý").click()
    page.wait_for_url("**/gop-y/da-nhan")
    flawless(page)
    code = re.search(r"PA-\d{4}-\w{4}-\w{4}", page.content())
    assert code is not None
    pin = page.locator(".pb-pin").inner_text()
    page.goto(f"/tra-cuu?ma={code[0].lower()}")
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(code[0])
    flawless(page)


def test_an_answer_has_a_source_and_buttons_that_go_after_use(phone: Page) -> None:
    open_chat(phone)
    write(phone, "Năm 2025 thi mấy môn?")
    source = phone.locator("deep-chat .source")
    expect(source).to_contain_text("Thông tư 24/2024/TT-BGDĐT")
    expect(source).to_contain_text("Áp dụng đến 31/12/2026")
    button = phone.get_by_role("button", name="Lịch thi")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    button.click()
    expect(phone.locator("deep-chat .choices")).to_have_count(1)  # those of the next answer
    expect(phone.locator("deep-chat .message-bubble")).to_have_count(5)


def test_bubbles_leave_a_quarter_of_the_width(phone: Page) -> None:
    open_chat(phone)
    write(phone, "Một câu hỏi dài " * 12)
    expect(phone.locator("deep-chat .source")).to_be_visible()
    widths = phone.locator("deep-chat .message-bubble").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert max(widths) < 360 * 0.75


def test_words_are_never_markup(phone: Page) -> None:
    text = '<img src=x onerror="document.title=1"> **đậm** [a](javascript:alert(1))'
    open_chat(phone)
    write(phone, text)
    expect(phone.locator("deep-chat .source")).to_be_visible()
    assert text in bubbles(phone)[1]
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    assert text in bubbles(phone)[1]
    assert phone.locator("deep-chat .message-bubble img").count() == 0
    assert phone.locator("deep-chat a[href^=javascript]").count() == 0


def test_typing_is_shown_at_once(app: Any, phone: Page) -> None:
    gate = threading.Event()

    def slow(text: str) -> Any:
        gate.wait(10)
        return house.answer(text)

    app.extensions["langnghe"].services.assistant.answer = slow
    open_chat(phone)
    write(phone, "hỏi")
    try:
        expect(phone.get_by_text("Trợ lý đang soạn…")).to_be_visible(timeout=100)
    finally:
        gate.set()
    expect(phone.locator("deep-chat .source")).to_be_visible()
    expect(phone.get_by_text("Trợ lý đang soạn…")).to_have_count(0)


def test_a_lost_connection_keeps_the_text_and_sends_it_once(phone: Page) -> None:
    open_chat(phone)
    phone.context.set_offline(True)
    write(phone, "đang đi xe buýt")
    expect(phone.get_by_text("Chưa gửi được")).to_be_visible()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Gửi lại").click()
    expect(phone.locator("deep-chat .source")).to_be_visible()
    assert sum("đang đi xe buýt" in one for one in bubbles(phone)) == 1
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    assert sum("đang đi xe buýt" in one for one in bubbles(phone)) == 1


def test_an_answer_lost_on_the_way_is_not_asked_for_twice(phone: Page) -> None:
    lost = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())  # the server has it; the browser never hears
            route.abort()
        else:
            route.continue_()

    open_chat(phone)
    phone.route("**/tro-chuyen/tin*", lose)
    write(phone, "chỉ một lần")
    expect(phone.locator("deep-chat .failed")).to_have_count(0)  # the stream tells that it came
    expect(phone.locator("deep-chat .source")).to_have_count(1)
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    assert sum("chỉ một lần" in one for one in bubbles(phone)) == 1


def test_what_was_half_typed_stays_when_a_button_is_pressed(phone: Page) -> None:
    open_chat(phone)
    field = phone.get_by_role("textbox", name="Tin nhắn cho Trợ lý")
    field.click()
    phone.keyboard.insert_text("đang viết dở")
    phone.get_by_role("button", name="Hỏi thông tin").click()
    expect(phone.locator("deep-chat .source")).to_be_visible()
    expect(field).to_have_text("đang viết dở")


def test_an_officers_reply_appears_by_itself(app: Any, phone: Page) -> None:
    services = app.extensions["langnghe"].services
    open_chat(phone)
    write(phone, "Con tôi bị bạo hành ở lớp")
    expect(phone.get_by_role("link", name="Gọi 111")).to_be_visible()
    with services.store.reading() as tx:
        conversation = tx.connection().exec_driver_sql("SELECT id FROM conversation").scalar_one()
    builders.make_staff(services.store, username="mat", role="confidential_officer", unit="VP")
    with services.store.transaction() as tx:
        case = cases.of_conversation(tx, conversation, limit=1)[0]
        staff = tx.merge(builders.registry.staff_by_username(tx, "mat"))
        acting = answers.Acting(staff=staff, version=case.version, now=services.now())
        answers.reply(tx, case, acting, services=services, text="Sở đã cử người tới trường.")
    reply = phone.locator("deep-chat .from-staff")
    expect(reply).to_contain_text("Sở đã cử người tới trường.", timeout=6000)
    expect(reply).to_contain_text("Cán bộ Sở trả lời")


def test_the_keyboard_leaves_room_for_field_and_messages(phone: Page) -> None:
    open_chat(phone)
    phone.set_viewport_size({"width": 360, "height": 400})
    field = phone.get_by_role("textbox", name="Tin nhắn cho Trợ lý").bounding_box()
    messages = phone.locator("deep-chat #messages").bounding_box()
    assert field is not None
    assert messages is not None
    assert field["y"] + field["height"] <= 400
    assert messages["height"] >= 150
    expect(phone.get_by_role("button", name="Gặp cán bộ")).to_be_in_viewport()


def test_nothing_is_fetched_from_elsewhere(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda entry: complaints.append(entry.text))
    for path in ("/", "/gop-y", "/tra-cuu"):
        page.goto(path)
    open_chat(page)
    assert {url.split("/")[2].split(":")[0] for url in asked} == {"127.0.0.1"}
    assert complaints == []


def test_the_form_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/gop-y")
    page.get_by_label("Anh/chị muốn góp ý").fill("Thu quỹ lớp không có phiếu thu.")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn A")
    page.get_by_label("Tôi đồng ý").check()
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sở đã nhận ý kiến của anh/chị")
    page.goto("/tro-chuyen")
    expect(page.get_by_role("link", name="gửi góp ý bằng biểu mẫu")).to_be_visible()
    context.close()


def test_the_whole_chat_works_by_keyboard(browser: Browser, address: str) -> None:
    context = browser.new_context(**DESK, base_url=address, locale="vi-VN")
    page = context.new_page()
    open_chat(page)
    expect(page.get_by_role("textbox", name="Tin nhắn cho Trợ lý")).to_be_focused()
    page.keyboard.type("Năm 2025 thi mấy môn?")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Xem thêm")
    expect(button).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if button.evaluate("one => one.getRootNode().activeElement === one"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("deep-chat .message-bubble")).to_have_count(5)
    context.close()


def answer_long(text: str) -> list[BotReply]:
    lines = 12 if "dài" in text else 1
    return [
        BotReply(
            "\n".join(["Một dòng của câu trả lời, rộng hơn màn hình hẹp."] * lines)
            + "\nMã ý kiến: PA-2611-NP3T-81HY.",
            buttons=({"title": f"Tiếp {text}", "payload": "/more"},),
        )
    ]


def test_the_list_follows_what_is_new_even_after_an_emergency(app: Any, phone: Page) -> None:
    app.extensions["langnghe"].services.assistant.answer = answer_long
    open_chat(phone)
    write(phone, "con tôi bị bạo hành")
    expect(phone.get_by_role("link", name="Gọi 111")).to_be_in_viewport()
    for text in ("ngắn một", "ngắn hai"):
        write(phone, text)
        expect(phone.get_by_role("button", name=f"Tiếp {text}")).to_be_in_viewport()
        own = phone.locator("deep-chat .user-message-text", has_text=text)
        expect(own).to_be_in_viewport()
    write(phone, "câu dài")
    expect(phone.get_by_role("button", name="Tiếp câu dài")).to_be_attached()
    phone.wait_for_timeout(100)
    newest = phone.locator("deep-chat .ai-message-text").last.locator(".who")
    expect(newest).to_be_in_viewport()  # too long: read from its beginning


def test_a_code_stays_on_one_line_and_keeps_its_dashes(app: Any, phone: Page) -> None:
    app.extensions["langnghe"].services.assistant.answer = answer_long
    open_chat(phone)
    write(phone, "Ý kiến PA-2611-NP3T-81HY của tôi và PA-2611-NP3T-81HY")
    expect(phone.locator("deep-chat .code")).to_have_count(3)
    pieces = phone.locator("deep-chat .code").evaluate_all(
        "all => all.map(one => [one.textContent, one.getClientRects().length])"
    )
    assert pieces == [["PA-2611-NP3T-81HY", 1]] * 3


def test_a_message_sent_again_stands_where_the_server_has_it(phone: Page) -> None:
    open_chat(phone)
    write(phone, "đầu tiên")
    expect(phone.locator("deep-chat .source")).to_have_count(1)
    phone.context.set_offline(True)
    write(phone, "tin lạc")
    expect(phone.get_by_text("Chưa gửi được")).to_be_visible()
    phone.context.set_offline(False)
    write(phone, "tin sau")
    expect(phone.locator("deep-chat .source")).to_have_count(2)
    phone.get_by_role("button", name="Gửi lại").click()
    expect(phone.locator("deep-chat .source")).to_have_count(3)
    expect(phone.get_by_text("Chưa gửi được")).to_have_count(0)
    shown = bubbles(phone)
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    again = bubbles(phone)
    assert [one.split(":")[-1].strip() for one in shown] == [
        one.split(":")[-1].strip() for one in again
    ]
    assert "tin lạc" in shown[-2]
