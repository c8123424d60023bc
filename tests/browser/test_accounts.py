"""Accounts, reminders, keeping and the sender's own case in a real browser: axe is clean, nothing
overflows, the console is silent, at phone and desk width."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from intake_api.flow import answer, reminding
from intake_api.flow.acting import Acting
from intake_api.store import cases, registry
from tests import builders
from tests.browser.pages import enter, look
from tests.staff import house

pytestmark = pytest.mark.browser


def sign_in(page: Page, address: str, username: str) -> None:
    page.context.clear_cookies()
    enter(page, address, username)


def test_ones_own_account_and_reminders(app: Any, address: str, page: Page) -> None:
    house.desk(app)
    house.desk(app, "khtc.cv", "handler", "KHTC")
    store = house.services_of(app).store
    for _ in range(2):
        with store.transaction() as tx:
            reminding.from_events(tx, now=builders.NOW)
        house.make_case(app)
    with store.transaction() as tx:
        reminding.from_events(tx, now=builders.NOW)
    sign_in(page, address, "khtc")
    for path in ("tai-khoan", "tai-khoan/hai-lop", "thong-bao", "thong-bao/cach-nhac"):
        page.goto(f"{address}/can-bo/{path}")
        look(page)
    page.goto(f"{address}/can-bo/thong-bao")
    page.click(".st-notices button >> nth=0")
    assert "/can-bo/y-kien/" in page.url


def test_people_approvals_and_keeping(app: Any, address: str, page: Page) -> None:
    house.desk(app, "lanhdao", "leader", None)
    admin = house.desk(app, "quantri", "admin", None)
    admin.get("/can-bo/nguoi-dung")
    admin.post(
        "/can-bo/nguoi-dung", name="Lê Thị Mới", username="khtc.moi", role="handler",
        unit="KHTC", reason="Thay người nghỉ",
    )  # fmt: skip
    old = house.make_case(app, now=builders.NOW - timedelta(days=900))
    with house.services_of(app).store.transaction() as tx:
        found = cases.by_code(tx, old.code)
        assert found is not None
        found.state, found.closed_at = "closed", builders.NOW - timedelta(days=890)
    sign_in(page, address, "quantri")
    look(page)
    page.goto(f"{address}/can-bo/nguoi-dung/3")
    look(page)
    page.goto(f"{address}/can-bo/luu-giu")
    page.click("text=Chạy thử")
    page.click("text=Đề nghị xóa")
    look(page)
    page.goto(f"{address}/can-bo/lenh-giu")
    page.fill("#code", old.code)
    page.fill("#reason", "Công văn 12/TAND")
    page.click("text=Giữ ý kiến này")
    look(page)
    sign_in(page, address, "lanhdao")
    page.goto(f"{address}/can-bo/duyet-tai-khoan")
    look(page)
    page.click("button[value=yes]")
    look(page)


def test_the_senders_own_case(app: Any, address: str, page: Page) -> None:
    services = house.services_of(app)
    made = builders.make_case(services, text=house.FEES, channel="form")
    house.desk(app)

    def open_case() -> None:
        page.goto(f"{address}/tra-cuu")
        page.fill("#ma", made.case.code)
        page.fill("#pin", made.pin)
        page.click("main button[type=submit]")

    open_case()
    look(page)
    page.fill("#noi_dung", "Tôi gửi thêm tên lớp: 7A.")
    page.click("text=Gửi bổ sung")
    look(page)
    with services.store.transaction() as tx:
        case = cases.by_code(tx, made.case.code, lock=True)
        lead = registry.staff_by_username(tx, "khtc")
        assert case is not None and lead is not None
        answer.reply(
            tx, case, Acting(lead, case.version, services.now()), services=services,
            text="Nhà trường đã trả lại tiền.",
        )  # fmt: skip
    open_case()
    look(page)
    page.click("text=Xem dữ liệu của tôi")
    look(page)
    open_case()
    page.check("#diem-5")
    page.click("text=Tôi hài lòng")
    look(page)
    assert "5 trên 5" in page.inner_text("main")
