"""The open page and the API's page in Chromium: phone and desk, light and dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from intake_api.jobs import openly as jobs
from intake_api.limits import limiter
from intake_api.store import openly
from intake_api.store.open_tables import Publication
from tests import builders
from tests.browser.pages import flawless, serving
from tests.public import house
from tests.reports.rows import answered, put, row
from tests.staff import house as staff_house

pytestmark = pytest.mark.browser

SEEN = ("/cong-khai", "/cong-khai/hoi-dap", "/api/v1/docs")
WAYS = {
    "phone dark": ({"width": 360, "height": 740}, "dark"),
    "desk light": ({"width": 1280, "height": 800}, "light"),
}


def fill(services: Any) -> None:
    """A month with large and small counts, a root, two answers."""
    then = builders.NOW - timedelta(days=28)
    numbers = put(
        services.store,
        *[answered(received_at=then, level="thcs", district="Phủ Lý") for _ in range(64)],
        *[answered(received_at=then, topic="i.ts_lop10", unit="KTQLCL", kind="question",
                   channel="messenger") for _ in range(31)],
        *[row(received_at=then, topic="e.sgk", unit="GDTRH", channel="zalo") for _ in range(12)],
        *[row(received_at=then, topic="b.dich_benh", unit="CTTT", channel="form")
          for _ in range(3)],
    )  # fmt: skip
    jobs.keep_root(services, builders.NOW)
    jobs.freeze(services, date(2026, 10, 1), builders.NOW)
    staff = builders.make_staff(services.store)
    with services.store.transaction() as tx:
        for number in numbers[:2]:
            openly.add(
                tx,
                Publication(
                    case_id=number, state=openly.PUBLISHED,
                    question="Nhà trường thu quỹ lớp 500.000 đồng, có bắt buộc phải đóng không?",
                    answer="Không. Mọi khoản góp cho quỹ lớp là tự nguyện; nhà trường không được "
                    "giao chỉ tiêu.\nSở đã yêu cầu trường trả lại tiền cho phụ huynh.",
                    proposed_by=staff.id, proposed_at=builders.NOW, published_at=builders.NOW,
                ),
            )  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = house.make_app(tmp_path_factory.mktemp("openly"))
    limiter.enabled = False
    fill(app.extensions["langnghe"].services)
    with serving(app) as found:
        yield found
    limiter.enabled = True
    app.extensions["langnghe"].store.close()


@pytest.mark.parametrize("way", WAYS)
def test_pages_are_accessible_and_fit(browser: Browser, address: str, way: str) -> None:
    size, scheme = WAYS[way]
    context = browser.new_context(viewport=size, color_scheme=scheme, base_url=address)  # type: ignore[arg-type]
    page = context.new_page()
    for path in SEEN:
        page.goto(path)
        flawless(page)
    context.close()


def test_without_scripts_and_on_paper(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/cong-khai")
    assert page.get_by_text("86% (95 trên 110)").is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("link", name="CSV").first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()


def test_the_staffs_side_is_accessible_on_a_phone(browser: Browser, app: Any) -> None:
    case, lead = staff_house.make_case(app), staff_house.desk(app)
    lead.act(case, "tra-loi", text="Nhà trường đã trả lại tiền.")
    words = {"open_question": "Quỹ lớp có bắt buộc không?", "open_answer": "Không bắt buộc."}
    lead.act(staff_house.reload(app, case), "de-nghi-dang", **words)
    with serving(app) as address:
        page = browser.new_page(viewport={"width": 360, "height": 740}, base_url=address)
        page.goto("/can-bo/dang-nhap")
        page.fill("#username", "khtc")
        page.fill("#password", builders.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector(".st-person")
        for path in ("/can-bo/cong-khai", f"/can-bo/y-kien/{case.code}"):
            page.goto(path)
            for fold in page.locator("[aria-labelledby=cong-khai-ten] summary").all():
                fold.click()
            flawless(page)
        page.close()
