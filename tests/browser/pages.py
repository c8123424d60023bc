"""What the tests in Chromium do with pages: serve them, open them, look at them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests import builders

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}
# WCAG 2.2 AA and what axe calls good practice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The application's address while the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def open_page(browser: Browser, size: dict[str, int], *, dark: bool = False) -> Page:
    """A page whose console stays silent: CSP breaches and script errors are failures."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        has_touch=size is PHONE,
        color_scheme="dark" if dark else "light",
        locale="vi-VN",
    )
    # A refused form is answered with 401, 409 or 422 on purpose.
    return silent(context.new_page(), but="Failed to load resource")


def silent(page: Page, *, but: str | None = None) -> Page:
    """The page; whatever its console says is a failure, except errors with the words ``but``."""

    def hear(kind: str, text: str) -> None:
        if kind == "error" and (but is None or but not in text):
            pytest.fail(f"console: {text}")

    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.on("console", lambda said: hear(said.type, said.text))
    return page


def clean(page: Page) -> None:
    """Nothing for axe, nothing wider than the screen."""
    # A click returns when the next page begins to come; its style sheets may still be on the way.
    page.wait_for_load_state("load")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def flawless(page: Page) -> None:
    """The same with every rule of axe, for what the public sees."""
    page.wait_for_load_state("load")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, f"{page.url}: nothing sticks out sideways"


def look(page: Page) -> None:
    """The page as it stands, at phone and at desk width."""
    page.wait_for_load_state("load")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not wide, (page.url, width)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["target"]) for one in found] == [], (page.url, width)


def ready(page: Page) -> None:
    """Waits for the page's own script: keys pressed before it are lost."""
    page.wait_for_selector("html.st-on")


def enter(page: Page, address: str, username: str, path: str = "/can-bo/dang-nhap") -> None:
    """Signs in where ``path`` asks for it; the next page may still be on the way."""
    page.goto(address + path)
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(builders.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
