"""The FAQ workbench in a real browser, on a phone and on a desk: from a gap to an answer; axe is
clean on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from intake_api.flow import gaps
from intake_api.store import gaps as store
from intake_api.store.registers import Gap
from tests import builders
from tests.browser.pages import DESK, PHONE, clean, enter, open_page, serving
from tests.staff import house

pytestmark = pytest.mark.browser
ASKED = (
    ("a", "xe đưa đón học sinh giá bao nhiêu"), ("b", "gia xe dua don hoc sinh bao nhieu"),
    ("c", "xe đưa đón học sinh giá thế nào"), ("d", "mấy giờ thư viện mở cửa"),
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One house for the file: a few entries, four gaps, an editor and a lead."""
    folder = tmp_path_factory.mktemp("faq")
    with house.opened(lambda: house.make_app(folder)) as app:
        builders.load_few(house.services_of(app).store)
        with house.services_of(app).store.transaction() as tx:
            for n, (person, text) in enumerate(ASKED):
                at = builders.NOW - timedelta(hours=n)
                store.add_gap(tx, Gap(at=at, text_masked=text, decision="decline", offered=[],
                                      channel="web", person=person))  # fmt: skip
            store.replace_clusters(tx, gaps.put_together(store.open_gaps(tx, 100), builders.NOW))
        house.desk(app, "bientap", "editor", None)
        house.desk(app, "gdtrh", "lead", "GDTRH")
        with serving(app) as found:
            yield found


def sign_in(page: Any, address: str, username: str) -> None:
    enter(page, address, username, "/can-bo/hoi-dap")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Soạn hỏi đáp")


def shot(page: Any, name: str) -> None:
    """A picture for whoever wants to look (LANGNGHE_SHOTS names a folder)."""
    import os

    folder = os.environ.get("LANGNGHE_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_from_a_gap_to_an_answer(browser: Browser, address: str) -> None:
    page = open_page(browser, PHONE)
    sign_in(page, address, "bientap")
    clean(page)
    shot(page, "list-phone")
    page.get_by_role("link", name="Câu hỏi chưa trả lời được").click()
    expect(page.get_by_text("3 người")).to_be_visible()
    clean(page)
    shot(page, "gaps-phone")
    page.get_by_role("button", name="Soạn mục mới cho: ").first.click()
    expect(page.get_by_label("Các cách hỏi")).to_have_value(re.compile("xe đưa đón"))
    clean(page)
    page.get_by_label("Tên mục").fill("Giá xe đưa đón học sinh")
    page.get_by_label("Đơn vị phụ trách").select_option("GDTRH")
    page.get_by_label("Trả lời trong một câu").fill("Giá xe do hợp đồng với phụ huynh quyết định.")
    page.get_by_label("Căn cứ").select_option(label="Thông tư 29/2024/TT-BGDĐT")
    shot(page, "form-phone")
    page.get_by_role("button", name="Lưu bản nháp và xem trước").click()
    expect(page.get_by_role("heading", name="Messenger")).to_be_visible()
    clean(page)
    shot(page, "revision-phone")
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.get_by_text("Đã hỏi thử")).to_be_visible(timeout=20_000)
    there = page.url

    lead = open_page(browser, DESK, dark=True)
    sign_in(lead, address, "gdtrh")
    clean(lead)
    shot(lead, "list-desk")
    lead.goto(there)
    clean(lead)
    shot(lead, "revision-desk")
    lead.get_by_role("button", name="Duyệt và đăng").click()
    expect(lead.get_by_role("status").first).to_contain_text("Đã duyệt và đăng")
    clean(lead)
    shot(lead, "entry-desk")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_documents_and_files_are_clean(
    browser: Browser, address: str, size: dict[str, int], tmp_path: Path
) -> None:
    page = open_page(browser, size)
    sign_in(page, address, "bientap")
    page.get_by_role("link", name="Văn bản", exact=True).click()
    clean(page)
    page.get_by_role("link", name="Thông tư 29/2024/TT-BGDĐT").click()
    expect(page.get_by_role("heading", name="mục dẫn văn bản này")).to_be_visible()
    clean(page)
    shot(page, f"document-{size['width']}")
    page.get_by_label("Hết hiệu lực sau ngày").fill("2020-01-01")
    page.get_by_role("button", name="Lưu văn bản").click()
    expect(page.get_by_role("alert")).to_contain_text("đứng trước")
    clean(page)
    bad = tmp_path / "mot-muc.yml"
    bad.write_text("- title: Thiếu hết\n", encoding="utf-8")
    page.goto(f"{address}/can-bo/hoi-dap/tep")
    clean(page)
    page.get_by_label("Tệp (tối đa 10 MB)").set_input_files(str(bad))
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_role("heading", name="1 mục chưa dùng được")).to_be_visible()
    clean(page)
    shot(page, f"import-{size['width']}")
