"""The figures' page: who sees what, where its links lead, what its files hold, what it refuses."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from intake_api.flow import disclose
from intake_api.store import queue
from intake_api.store.registers import Event
from tests.builders import NOW
from tests.reports.rows import answered, put, row
from tests.staff import house

PATH = "/can-bo/so-lieu"


@pytest.fixture
def filled(app: Any) -> Any:
    day = timedelta(days=1)
    put(
        house.services_of(app).store,
        *[row(received_at=NOW - n * day, level="thcs", district="Phủ Lý") for n in range(6)],
        *[answered(received_at=NOW - n * day, channel="zalo", topic="i.ts_lop10", unit="KTQLCL")
          for n in range(1, 8)],
        answered(20 * day, received_at=NOW - 22 * day, reopened=1, state="closed", closed_at=NOW),
        row(received_at=NOW - 20 * day, due_at=NOW - day, district="Kim Bảng"),
        row(state="rejected_spam"),
        row(confidential=True, kind="denunciation"),
        row(received_at=NOW - 100 * day),
    )  # fmt: skip
    return app


def links(page: str) -> list[tuple[str, str]]:
    """(address, number) of everything that leads into the queue."""
    found = re.findall(r'<a href="(/can-bo/\?[^"]*from=[^"]*)">([\d.]+)', page)
    return [(unescape(href), number) for href, number in found]


def test_every_number_leads_to_the_very_cases_it_counts(filled: Any) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    page = desk.get(f"{PATH}?period=2026-Q4")
    found = links(page)
    assert len(found) > 20
    for href, number in dict(found).items():
        listed = desk.get(href)
        assert f"{number} ý kiến" in listed, href
        assert "Những ý kiến mà số liệu đã đếm" in listed


def test_what_a_figure_counted_stays_when_the_list_is_narrowed_further(filled: Any) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    page = desk.get("/can-bo/?state=all&from=2026-11-01&to=2026-11-30&counted=1&level=thcs")
    assert 'name="from" value="2026-11-01"' in page and 'name="level" value="thcs"' in page
    assert "6 ý kiến" in page
    assert "0 ý kiến" in desk.get("/can-bo/?state=all&from=2020-01-01&to=2020-01-31")
    assert "16 ý kiến" in desk.get("/can-bo/?state=all&from=nonsense&to=0000-99-99&counted=1")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-11-20&to=2026-11-01", "đứng sau ngày kết thúc"),
        ("from=2026-11-20", "Chưa có ngày kết thúc"),
        ("period=2026-13", "Không có kỳ “2026-13”"),
        ("topic=b.khong_co", "Không có chủ đề “b.khong_co” trong danh mục"),
        ("unit=%3Cscript%3E", "Không có đơn vị “&lt;script&gt;”"),
        ("group=b&topic=i.de_thi", "Chủ đề không thuộc nhóm"),
    ],
)
def test_a_wrong_address_is_one_sentence_and_no_figures(filled: Any, query: str, said: str) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    page = desk.get(f"{PATH}?{query}", 422)
    assert said in page and "sf-tile" not in page
    led = desk.client.get(f"{PATH}/channel.csv?{query}")
    assert led.status_code == 303 and led.location.startswith(f"{PATH}?")


def test_an_empty_period_says_so(filled: Any) -> None:
    page = house.desk(filled, "lanhdao", "leader", None).get(f"{PATH}?period=2021-01")
    assert "Không có ý kiến nào trong tháng 1/2021" in page


def test_a_unit_sees_its_own_cases_and_cannot_ask_for_others(filled: Any) -> None:
    desk = house.desk(filled, "ktqlcl", "lead", "KTQLCL")
    page = desk.get(f"{PATH}?period=2026-11")
    assert "Phòng Khảo thí" in page and 'name="unit"' not in page
    assert "Tuyển sinh lớp 10" in page and "Các khoản thu" not in page.split("sf-figures")[1]
    assert "chỉ xem được số liệu của đơn vị mình" in desk.get(f"{PATH}?unit=KHTC", 422)
    for number in dict(links(page)).values():
        assert int(number) <= 7


@pytest.mark.parametrize(("role", "unit"), [("editor", None), ("admin", None), ("handler", None)])
def test_who_reads_no_cases_sees_no_figures(filled: Any, role: str, unit: str | None) -> None:
    desk = house.desk(filled, "ai-do", role, unit)
    for path in (PATH, f"{PATH}.xlsx", f"{PATH}/kind.csv"):
        assert desk.client.get(path).status_code == 403
    assert PATH not in desk.get("/can-bo/")


def test_sealed_cases_are_in_no_number_and_no_file(filled: Any) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    page = desk.get(f"{PATH}?period=2026-11")
    assert "Có dấu hiệu tố cáo" not in page.split("sf-figures")[1]
    assert "không công bố" in page
    csv = desk.client.get(f"{PATH}/kind.csv?period=2026-11").get_data(as_text=True)
    assert "tố cáo" not in csv
    lane = house.desk(filled, "kenhmat", "confidential_officer", None)
    page = lane.get(f"{PATH}?period=2026-11")
    assert "Kênh mật" in page and 'id="district"' not in page


def test_hidden_counts_are_nowhere_on_the_page_nor_in_its_data(filled: Any) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    page = desk.get(f"{PATH}?period=2026-11")
    part = page.split('id="theo-district"')[1].split("</section>")[0]
    assert part.count("được che") == 2  # Kim Bảng has one, and what would give it away
    data = json.loads(re.search(r'id="so-district">(.*?)</script>', page).group(1))  # type: ignore[union-attr]
    assert "Kim Bảng" not in data["labels"]
    csv = desk.client.get(f"{PATH}/district.csv?period=2026-11").get_data(as_text=True)
    assert "Kim Bảng,được che,được che" in csv


def test_files_hold_the_numbers_of_the_page_and_are_on_record(filled: Any) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    csv = desk.client.get(f"{PATH}/channel.csv?period=2026-11").get_data(as_text=True)
    assert csv.startswith("\ufeffKênh,Tiếp nhận,Kỳ trước")
    assert "Zalo,7,0,0,7" in csv and "Tổng,15" in csv
    whole = desk.client.get(f"{PATH}.xlsx?period=2026-11&channel=zalo")
    book = openpyxl.load_workbook(io.BytesIO(whole.data))
    assert book.sheetnames[:2] == ["Chung", "Theo tuần"] and "Theo kênh" not in book.sheetnames
    top = [cell.value for cell in book["Chung"]["A"]][:3]
    assert "tháng 11/2026" in str(top[0]) and "Chỉ tính: Zalo" in str(top[1])
    assert str(top[2]).endswith("/can-bo/so-lieu?period=2026-11&channel=zalo")
    one = desk.client.get(f"{PATH}/topic.xlsx?period=2026-11")
    assert openpyxl.load_workbook(io.BytesIO(one.data)).sheetnames == ["Theo chủ đề"]
    desk.get(f"{PATH}/nonsense.csv", 404)
    with house.services_of(filled).store.reading() as tx:
        events = tx.execute(sa.select(Event).where(Event.action == "figures_exported")).scalars()
        kept = [one.data for one in events]
    assert [one["filter"]["file"] for one in kept] == ["csv", "xlsx", "xlsx"]
    handler = house.desk(filled, "ktqlcl.cv", "handler", "KTQLCL")
    handler.get(PATH)
    assert handler.client.get(f"{PATH}.xlsx").status_code == 403


def test_what_happens_shows_at_once(filled: Any) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    assert "Zalo,7,0" in desk.client.get(f"{PATH}/channel.csv?period=2026-11").get_data(True)
    put(house.services_of(filled).store, row(channel="zalo"))
    assert "Zalo,8,0" in desk.client.get(f"{PATH}/channel.csv?period=2026-11").get_data(True)


def test_the_address_gives_the_same_page_again(filled: Any) -> None:
    desk = house.desk(filled, "lanhdao", "leader", None)
    page = desk.get(f"{PATH}?period=2026-11&group=dd&compare=last_year&nonsense=1")
    own = unescape(re.search(rf'href="({PATH}[^"]*#theo-week)"', page).group(1))  # type: ignore[union-attr]
    assert own == f"{PATH}?period=2026-11&group=dd&compare=last_year#theo-week"
    token = re.compile(r'value="[^"]+\.[^"]+\.[^"]+"')
    assert token.sub("", desk.get(own)) == token.sub("", page)


def test_the_queue_leaves_as_a_workbook_in_portions(
    filled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_PORTION", 4)
    desk = house.desk(filled, "lanhdao", "leader", None)
    answer = desk.client.get("/can-bo/xuat.xlsx?state=all&from=2026-11-01&counted=1")
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    codes = [line[0].value for line in page.iter_rows(min_row=2)]
    assert len(codes) == len(set(codes)) == 15
    assert page["D2"].value == "Phản ánh, phê bình"
    with house.services_of(filled).store.reading() as tx:
        event = tx.execute(sa.select(Event).where(Event.action == "exported")).scalar_one()
        assert event.data["rows"] == 15 and event.data["filter"]["from"] == "2026-11-01"
    monkeypatch.setattr(disclose, "MAX_WALK", 6)
    answer = desk.client.get("/can-bo/xuat.xlsx?state=all")
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].max_row == 7
    handler = house.desk(filled, "ktqlcl.cv", "handler", "KTQLCL")
    handler.get("/can-bo/")
    assert handler.client.get("/can-bo/xuat.xlsx").status_code == 403
