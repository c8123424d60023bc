"""The early warning and rumours in a real browser: axe is clean, nothing overflows, at phone and
desk width."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from intake_api.domain.access import Scope
from intake_api.flow import rumours
from tests import builders
from tests.browser.pages import enter
from tests.browser.pages import look as look_at
from tests.flow.watch_house import LUNCH, look, put, weeks, written
from tests.staff import house

pytestmark = pytest.mark.browser
RUMOUR = "Tin giả nói học sinh được nghỉ một tuần vì cúm"


def test_alert_and_rumour_from_the_list_to_the_steps(app: Any, address: str, page: Page) -> None:
    services = house.services_of(app)
    house.desk(app, "lanhdao", "leader", None)
    told = {"topic": "c.tin_gia", "kind": "misinformation"}
    put(services.store, weeks(40) + [written(0, "b.bua_an_ban_tru", LUNCH) for _ in range(14)]
        + [written(2, text=RUMOUR, **told) for _ in range(3)])  # fmt: skip
    alert = look(services)[0].id
    with services.store.reading() as tx:
        rumour = rumours.grouped(tx, Scope(sealed=False, units=None), now=builders.NOW)[0].number
    enter(page, address, "lanhdao")
    for path in ("canh-bao", f"canh-bao/{alert}", "tin-don", f"tin-don/{rumour}"):
        page.goto(f"{address}/can-bo/{path}")
        look_at(page)
    page.goto(f"{address}/can-bo/canh-bao/{alert}")
    page.click("text=Tôi nhận cảnh báo này")
    page.fill("#reason", "Đơn vị xác nhận")
    page.click("text=Nâng lên mức cảnh báo")
    page.wait_for_selector("text=Đã nâng lên mức cảnh báo")
    page.click("summary:has-text('Đóng cảnh báo')")
    page.fill("#lesson", "Kiểm tra bếp ăn trước khai giảng")
    page.click("button:has-text('Đóng cảnh báo')")
    page.wait_for_selector("text=Đã đóng cảnh báo")
    look_at(page)
