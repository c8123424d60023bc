"""The chat on somebody else's page, in Chromium: two origins, one line of script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Page, expect
from werkzeug.serving import make_server

from intake_api.limits import limiter
from tests.public import house

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}


@contextmanager
def school_site(chat: str) -> Iterator[str]:
    """A school's site at another origin, with a strict policy of its own and loud styles."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = (
                "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Trường</title>"
                "<meta name=viewport content='width=device-width,initial-scale=1'>"
                "<link rel=stylesheet href=/loud.css>"
                f"<script src='{chat}/nhung.js' defer></script></head>"
                "<body><main><h1>Trường THPT A Kim Bảng</h1><p>Thông báo</p></main></body></html>"
            )
            css = self.path == "/loud.css"
            body = "button,iframe{display:none!important;color:red}" if css else page
            self.send_response(200)
            self.send_header("Content-Type", f"text/{'css' if css else 'html'}; charset=utf-8")
            policy = f"default-src 'self'; script-src {chat}; frame-src {chat}"
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    # Another site, not merely another port: browsers hold cookies back from its frames.
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


Start = Callable[[bool], tuple[str, str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the chat and a school's site; whether the site is on the list is the question."""
    open_things: list[Any] = []
    limiter.enabled = False

    def both(listed: bool) -> tuple[str, str]:
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        chat = f"http://127.0.0.1:{server.server_port}"
        site = school_site(chat)
        address = site.__enter__()
        app = house.make_app(
            tmp_path,
            settings={"public_url": chat, "embed_origins": address if listed else ""},
        )
        server.app = app
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        open_things.extend((server, site, app, thread))
        return chat, address

    yield both
    limiter.enabled = True
    if open_things:
        server, site, app, thread = open_things
        server.shutdown()
        thread.join()
        server.server_close()
        site.__exit__(None, None, None)
        app.extensions["langnghe"].store.close()


def open_frame(page: Page) -> FrameLocator:
    page.get_by_role("button", name="Hỏi Sở GDĐT").click()
    frame = page.frame_locator("langnghe-chat iframe")
    frame.locator("[data-ready]").wait_for()
    return frame


def ask(frame: FrameLocator, text: str) -> None:
    field = frame.get_by_role("textbox", name="Tin nhắn cho Trợ lý")
    field.click()
    field.press_sequentially(text)
    field.press("Enter")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_asked_on_a_schools_page_and_gone_on_after_coming_back(
    browser: Browser, start: Start, size: str
) -> None:
    chat, school = start(True)
    context = browser.new_context(**(PHONE if size == "phone" else DESK), locale="vi-VN")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(school)
    expect(page.get_by_role("button", name="Hỏi Sở GDĐT")).to_be_visible()
    assert {url.rsplit("/", 1)[-1] for url in asked if url.startswith(chat)} == {"nhung.js"}

    frame = open_frame(page)
    ask(frame, "Năm 2025 thi mấy môn?")
    expect(frame.locator("deep-chat .source")).to_contain_text("Thông tư 24/2024/TT-BGDĐT")
    assert context.cookies() == []
    frame.get_by_role("button", name="Nhớ 90 ngày").click()
    expect(frame.get_by_text("Đã nhớ 90 ngày")).to_be_visible()
    assert [(one["name"], one["httpOnly"]) for one in context.cookies()] == [
        ("langnghe_chat_frame", True)
    ]
    # A click returns when the next page begins to come; its style sheets may still be on the way.
    page.wait_for_load_state("load")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Hỏi Sở GDĐT")).to_be_focused()
    page.close()
    again = context.new_page()
    again.goto(school)
    frame = open_frame(again)
    expect(frame.locator("deep-chat")).to_contain_text("Năm 2025 thi mấy môn?")
    frame.get_by_role("button", name="Quên").click()
    expect(frame.get_by_text("không nhớ cuộc trò chuyện nữa")).to_be_visible()
    again.reload()
    frame = open_frame(again)
    expect(frame.locator("deep-chat .message-bubble")).to_have_count(1)
    context.close()


def test_a_site_that_is_not_on_the_list_gets_a_link_and_no_frame(
    browser: Browser, start: Start
) -> None:
    chat, school = start(False)
    page = browser.new_page()
    page.goto(school)
    link = page.get_by_role("link", name="Hỏi Sở GDĐT")
    expect(link).to_have_attribute("href", f"{chat}/tro-chuyen")
    assert page.locator("langnghe-chat iframe").count() == 0
    page.close()


def test_a_frame_that_somebody_builds_without_leave_stays_empty(
    browser: Browser, start: Start
) -> None:
    chat, school = start(False)
    page = browser.new_page(bypass_csp=False)
    refused: list[str] = []
    page.on("console", lambda entry: refused.append(entry.text))
    page.goto(school)
    page.evaluate(
        "src => { const f = document.createElement('iframe'); f.src = src;"
        " f.style.setProperty('display', 'block', 'important'); document.body.append(f); }",
        f"{chat}/nhung",
    )
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in one for one in refused)
    page.close()


def test_files_go_through_and_an_answer_shows_while_the_first_is_on_its_way(
    browser: Browser, start: Start, tmp_path: Path
) -> None:
    chat, _school = start(True)
    page = browser.new_page()
    page.goto(f"{chat}/tro-chuyen")
    page.wait_for_selector("[data-ready]")
    from PIL import Image

    Image.new("RGB", (20, 20)).save(tmp_path / "phieu.png")
    page.get_by_label("Gửi ảnh, tệp").set_input_files(tmp_path / "phieu.png")
    expect(page.locator("deep-chat .user-message-text")).to_contain_text("phieu.png")
    expect(page.locator("deep-chat")).to_contain_text("Trợ lý đã nhận và giữ 1 tệp")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.locator("deep-chat .user-message-text")).to_have_count(1)
    (tmp_path / "bai.pdf").write_bytes(b"MZ")
    page.get_by_label("Gửi ảnh, tệp").set_input_files(tmp_path / "bai.pdf")
    expect(page.locator("deep-chat .failed")).to_contain_text("không phải PDF")
    page.close()
