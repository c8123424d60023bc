"""The main job in a real browser: asked, complained without diacritics, answered in the chat; and a
consultation from the uploaded draft to the published table."""

from __future__ import annotations

import io
import re
import uuid
from datetime import datetime, timedelta

import docx
import httpx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from intake_api.domain.worktime import LOCAL
from tests.browser.chromium import open_browser
from tests.flow import drafts
from tests.journeys.house import PASSWORD, House, field_value, until

pytestmark = [pytest.mark.rasa, pytest.mark.browser]
CODE = re.compile(r"PA-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def write(page: Page, words: str) -> None:
    box = page.locator("deep-chat #text-input")
    box.click()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_ask_complain_get_a_code_and_read_the_reply(house: House) -> None:
    with open_browser() as browser:
        phone = browser.new_context(
            viewport={"width": 360, "height": 740}, locale="vi-VN"
        ).new_page()
        phone.goto(f"{house.url}/tro-chuyen")
        chat = phone.locator("deep-chat")
        expect(chat).to_contain_text("trợ lý tự động của Sở", ignore_case=True)
        write(phone, "năm 2025 thi tốt nghiệp THPT những môn nào ạ")
        expect(chat).to_contain_text("Toán", timeout=15000)
        expect(chat).to_contain_text("24/2024", timeout=15000)

        write(phone, "truong thpt a kim bang thu quy lop 500k moi em ma ko co phieu thu gi ca")
        expect(chat).to_contain_text("Kim Bảng", timeout=15000)
        write(phone, "ẩn danh")
        expect(chat).to_contain_text("Người gửi: không nêu tên", timeout=15000)
        write(phone, "đồng ý, gửi đi")
        expect(chat).to_contain_text(CODE, timeout=15000)
        found = CODE.search(phone.get_by_text(CODE).first.inner_text())
        assert found is not None

        desk = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="vi-VN"
        ).new_page()
        desk.goto(f"{house.url}/can-bo/")
        desk.fill("input[name=username]", "khtc")
        desk.fill("input[name=password]", PASSWORD)
        desk.keyboard.press("Enter")
        desk.get_by_text(found[0]).first.click()
        desk.locator("textarea[name=text]").first.fill("Sở đã yêu cầu nhà trường trả lại tiền.")
        desk.get_by_role("button", name=re.compile("Gửi trả lời")).first.click()
        expect(desk.locator("body")).to_contain_text("Đã gửi trả lời")

        expect(chat).to_contain_text("trả lại tiền", timeout=20000)


class Chat:
    """The web chat of one person, without a browser."""

    def __init__(self, house: House) -> None:
        self.client = httpx.Client(base_url=house.url, trust_env=False, timeout=30)
        page = self.client.get("/tro-chuyen").text
        found = re.search(r'data-token="([^"]+)"', page)
        assert found is not None
        self.headers = {"X-Langnghe-Chat": found[1]}

    def say(self, text: str, payload: str | None = None) -> list[dict[str, object]]:
        body = {"text": text, "payload": payload, "client_id": str(uuid.uuid4())}
        self.client.post("/tro-chuyen/tin", json=body, headers=self.headers).raise_for_status()
        return self.said()

    def said(self) -> list[dict[str, object]]:
        answer = self.client.get("/tro-chuyen/tin?after=0", headers=self.headers)
        found: list[dict[str, object]] = answer.json()["messages"]
        return found

    def text(self) -> str:
        return "\n".join(str(one["text"]) for one in self.said())


def press(client: httpx.Client, page: str, path: str, **form: object) -> httpx.Response:
    """Sends a form of the workbench or of the public pages with the key of ``page``."""
    files = form.pop("files", None)
    data = {"csrf_token": field_value(client.get(page).text, "csrf_token"), **form}
    answer = client.post(path, data=data, files=files, follow_redirects=True)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return answer


def test_a_consultation_from_the_upload_to_the_published_table(house: House) -> None:
    today = datetime.now(LOCAL).date()
    lead = house.officer("gdtrh")
    file = ("du-thao.docx", drafts.write())
    answer = press(
        lead, "/can-bo/du-thao/moi", "/can-bo/du-thao/moi", files={"tep": file},
        ten="Quy định về dạy thêm, học thêm", don_vi="GDTRH", can_cu="Công văn số 12",
        so_noi="40", tu_ngay=today.isoformat(), den_ngay=today.isoformat(),
    )  # fmt: skip
    desk = answer.url.path
    number = desk.rsplit("/", 1)[1]
    press(lead, desk, f"{desk}/viec/cong-bo")

    # A teacher speaks up in the chat: her words are on record first, then she is asked where.
    chat = Chat(house)
    chat.say("góp ý dự thảo dạy thêm: nên bỏ giới hạn 20 giờ vì phụ huynh đón con muộn")
    chat.say("không nêu tên")
    said = chat.say("đồng ý, gửi đi")
    code = CODE.search(chat.text())
    assert code is not None, said
    assert "Anh/chị góp ý điều, khoản nào?" in chat.text()
    chat.say("khoản 1 điều 2 ạ")
    assert f"ý kiến {code[0]} góp ý Khoản 1 Điều 2" in chat.text()

    # An office and a mother write on the public page.
    public = httpx.Client(base_url=house.url, trust_env=False, timeout=30)
    for text, office, part in (
        ("Nên bỏ giới hạn 20 giờ vì nhiều phụ huynh đón con muộn", "Trường THPT A", "5"),
        ("Mức thu phải niêm yết ở cổng trường", "", "0"),
    ):
        path = f"/du-thao/{number}/gop-y"
        token = field_value(public.get(path).text, "ma_bieu_mau")
        answer = press(
            public, path, path, ma_bieu_mau=token, noi_dung=text, to_chuc=office, muc=part,
            dong_y="1",
        )  # fmt: skip
        assert CODE.search(answer.text) is not None
    page = lead.get(desk).text
    assert "3 ý kiến, 2 nhóm" in page and "Khoản 1 Điều 2: 2 ý kiến" in page

    # The day is over; the unit answers, a leader publishes.
    house.env["LANGNGHE_NOW"] = (datetime.now(LOCAL) + timedelta(days=1)).isoformat()
    for name in ("intake", "jobs"):
        house.kill(name)
    house.start("intake", "jobs")
    lead, leader = house.officer("gdtrh"), house.officer("lanhdao")
    for group in dict.fromkeys(re.findall(rf"{desk}/nhom/(\d+)", lead.get(desk).text)):
        press(
            lead, f"{desk}/nhom/{group}", f"{desk}/nhom/{group}/tra-loi", ket_luan="accepted",
            noi_dung="Sửa thành 21 giờ.", tom_tat="",
        )  # fmt: skip
    press(lead, desk, f"{desk}/viec/trinh")
    assert "Sửa thành 21 giờ." not in public.get(f"/du-thao/{number}").text
    press(leader, desk, f"{desk}/viec/duyet")

    page = public.get(f"/du-thao/{number}").text
    assert "Sửa thành 21 giờ." in page and "Trường THPT A; 01 cá nhân" in page
    word = public.get(f"/du-thao/{number}/bang-tong-hop.docx").content
    rows = [
        [cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(word)).tables[1].rows
    ]
    assert rows[2][0] == "Khoản 1 Điều 2" and rows[2][3] == "Tiếp thu. Sửa thành 21 giờ."
    book = public.get(f"/du-thao/{number}/bang-tong-hop.xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(book)).active.max_row >= 7
    until(lambda: "Sửa thành 21 giờ." in chat.text(), what="the answer in the chat")
    assert f"Ý kiến {code[0]} góp ý Khoản 1 Điều 2" in chat.text()
