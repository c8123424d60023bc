"""A browser for each file, the application of the staff's tests at an address, a silent page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import open_browser
from tests.browser.pages import serving, silent
from tests.staff import house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as made:
        yield made


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    with house.opened(lambda: house.make_app(tmp_path)) as made:
        yield made


@pytest.fixture
def address(app: Any) -> Iterator[str]:
    with serving(app) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="vi-VN")
    yield silent(context.new_page())
    context.close()
