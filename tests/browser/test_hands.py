"""An officer's hands: the queue by keyboard, many rows at once, a list that stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from intake_api.staff import queue
from intake_api.store import cases
from intake_api.store.tables import Case
from tests.browser.pages import DESK, enter, open_page, ready, serving
from tests.staff import house

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("hands")
    with house.opened(lambda: house.make_app(folder)) as made:
        house.desk(made)
        house.desk(made, "vanphong", "coordinator", "VP")
        house.desk(made, "lanhdao", "leader", None)
        for _ in range(6):
            house.make_case(made)
        yield made


@pytest.fixture(scope="module")
def address(app: Any) -> Iterator[str]:
    with serving(app) as found:
        yield found


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Page]:
    page = open_page(browser, DESK)
    enter(page, address, "vanphong", "/can-bo/")
    ready(page)
    yield page
    page.context.close()


def codes(page: Page) -> list[str]:
    return [one.get_attribute("data-code") or "" for one in page.locator("[data-code]").all()]


def focused(page: Page) -> str:
    """The code of the row in which the focus is."""
    script = "document.activeElement.closest('[data-code]')?.dataset.code ?? ''"
    return str(page.evaluate(script))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_keys_go_on_where_they_were(desk: Page) -> None:
    rows = codes(desk)
    press(desk, "j", "j", "j")
    assert focused(desk) == rows[2]
    press(desk, "r")
    # What is typed next is the answer, no shortcut.
    expect(desk.get_by_label("Trả lời người gửi")).to_be_focused()
    expect(desk.get_by_role("heading", level=1)).to_have_text(rows[2])
    desk.get_by_label("Trả lời người gửi").blur()
    ready(desk)
    press(desk, "u")
    ready(desk)
    assert focused(desk) == rows[2]
    # What is done leaves the list; the next one stands where it stood.
    press(desk, "e")
    desk.get_by_label("Kết quả xử lý").select_option("noted")
    desk.get_by_role("button", name="Kết thúc", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Đã xong 1 ý kiến")
    ready(desk)
    press(desk, "u")
    ready(desk)
    assert focused(desk) == rows[3]


def test_a_step_that_was_not_taken_is_taken_with_the_next_row_only(desk: Page) -> None:
    rows = codes(desk)
    press(desk, "j", "e", "Escape")
    expect(desk.get_by_label("Kết quả xử lý")).to_be_hidden()
    expect(desk.locator(".st-row__pick :checked")).to_have_count(0)
    press(desk, "j", "e")
    expect(desk.get_by_label(f"Chọn {rows[1]}")).to_be_checked()
    expect(desk.locator(".st-rows .st-row__pick :checked")).to_have_count(1)


def test_rows_stay_chosen_while_one_of_them_is_looked_into(desk: Page, app: Any) -> None:
    rows = codes(desk)
    press(desk, "j", "x", "j", "x", "j", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(rows[2])
    ready(desk)
    # What somebody else changes meanwhile is to be looked at again.
    house.sign_in(app, "khtc").act(case_of(app, rows[1]), "nhan")
    press(desk, "u")
    ready(desk)
    expect(desk.get_by_text("Đã chọn 1")).to_be_visible()
    expect(desk.get_by_label(f"Chọn {rows[0]}")).to_be_checked()


def test_the_keys_lead_to_the_next_page(desk: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    desk.reload()
    ready(desk)
    rows = codes(desk)
    press(desk, "j", "j", "j", "j")
    expect(desk.get_by_role("link", name="Trang sau")).to_be_focused()
    press(desk, "k")
    assert focused(desk) == rows[2]
    press(desk, "j", "Enter")
    expect(desk.get_by_role("link", name="Trang trước")).to_be_visible()
    ready(desk)
    press(desk, "j")
    assert focused(desk) == codes(desk)[0] not in rows


def test_enter_does_what_the_open_box_is_for(desk: Page) -> None:
    press(desk, "j", "x")
    desk.locator(".st-bulk summary", has_text="Chuyển").click()
    reason = desk.get_by_label("Lý do", exact=True)
    reason.press("Enter")
    # What is missing is said here; the row stays chosen.
    assert desk.evaluate("document.activeElement.validationMessage") == "Chọn đơn vị nhận."
    expect(desk.get_by_text("Đã chọn 1")).to_be_visible()
    desk.get_by_label("Đơn vị nhận").select_option("CTTT")
    reason.fill("thuộc phòng khác")
    reason.press("Enter")
    expect(desk.get_by_role("heading", name="đã chuyển tới")).to_be_visible()


def test_filters_wait_for_the_button_when_they_are_chosen_with_keys(desk: Page) -> None:
    desk.locator("summary", has_text="Bộ lọc").click()
    before = desk.url
    kind = desk.get_by_label("Loại", exact=True)
    kind.focus()
    press(desk, "ArrowDown", "ArrowDown")
    expect(kind).to_be_focused()
    assert (desk.url, kind.evaluate("list => list.selectedIndex")) == (before, 2)
    desk.get_by_role("button", name="Lọc", exact=True).press("Enter")
    expect(desk).to_have_url(f"{before}?kind={kind.evaluate('list => list.value')}&sort=due")


def test_who_does_nothing_with_many_rows_has_no_boxes(browser: Browser, address: str) -> None:
    page = open_page(browser, DESK)  # whose console stays silent
    enter(page, address, "lanhdao", "/can-bo/")
    ready(page)
    press(page, "x", "j", "x", "a", "e")
    assert focused(page) == codes(page)[0]
    expect(page.get_by_role("checkbox", name="Chọn")).to_have_count(0)
    page.context.close()


def top(page: Page, query: str) -> float:
    found = page.locator(query).bounding_box()
    assert found is not None
    return found["y"]


def height(page: Page, query: str) -> float:
    found = page.locator(query).bounding_box()
    assert found is not None
    return found["height"]


def case_of(app: Any, code: str) -> Case:
    with house.services_of(app).store.reading() as tx:
        found = cases.by_code(tx, code)
    assert found is not None
    return found


def test_what_others_do_moves_nothing_under_the_pointer(
    browser: Browser, address: str, app: Any
) -> None:
    page, other = open_page(browser, DESK), house.sign_in(app, "lanhdao")
    page.set_viewport_size({"width": 1366, "height": 460})  # a list longer than the screen
    asked: list[Route] = []
    page.route("**/tin-moi*", lambda route: asked.append(route), times=1)
    enter(page, address, "khtc", "/can-bo/")
    ready(page)
    changed, below = (f'[data-code="{code}"]' for code in codes(page)[:2])
    page.locator(below).hover()
    before, high = top(page, below), height(page, changed)
    other.act(case_of(app, codes(page)[0]), "nhan")
    asked[0].continue_()
    expect(page.locator(changed)).to_contain_text("vừa thay đổi bởi Người thử lanhdao")
    assert height(page, changed) > high
    assert abs(top(page, below) - before) < 1

    page.route("**/hoi-thoai", lambda route: asked.append(route), times=1)
    page.locator(below).click()
    ready(page)
    area = page.get_by_label("Trả lời người gửi")
    area.click()
    before = top(page, "#text")
    other.act(case_of(app, page.get_by_role("heading", level=1).inner_text()), "nhan")
    asked[1].continue_()
    expect(page.get_by_text("Ý kiến này vừa có thay đổi")).to_be_visible()
    assert top(page, "#text") == before
    page.context.close()


def test_words_that_the_server_could_not_keep_come_back(desk: Page) -> None:
    press(desk, "j", "j", "r")
    area = desk.get_by_label("Trả lời người gửi")
    expect(area).to_be_focused()
    ready(desk)
    area.fill("Sở đã kiểm tra")
    expect(desk.get_by_text("Đã lưu nháp.")).to_be_visible()
    desk.route("**/dang-viet", lambda route: route.fulfill(status=503))
    area.fill("Sở đã kiểm tra, trường sẽ trả lại tiền")
    expect(desk.get_by_text("Chưa lưu được lên máy chủ")).to_be_visible()
    desk.unroute("**/dang-viet")
    desk.reload()
    expect(area).to_have_value("Sở đã kiểm tra, trường sẽ trả lại tiền")
    expect(desk.get_by_text("Đã lưu nháp.")).to_be_visible()


def test_a_list_that_hears_no_news_any_more_says_so(desk: Page) -> None:
    desk.route("**/tin-moi*", lambda route: route.fulfill(status=503))
    desk.reload()
    expect(desk.get_by_text("Danh sách không còn tự cập nhật")).to_be_visible()
