"""The FAQ workbench through its pages: who may what, from the first word to the answer."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from intake_api.flow import gaps
from intake_api.imports import faq_files
from intake_api.store import faq as rows
from intake_api.store import gaps as store
from intake_api.store.registers import Event, Gap
from tests import builders
from tests.staff import house

PAGES = ("", "/van-ban", "/khoang-trong", "/tep", "/moi", "/muc/day-them-2025-cam")


@pytest.fixture
def desks(app: Any) -> dict[str, house.Desk]:
    builders.load_few(house.services_of(app).store)
    return {
        "editor": house.desk(app, "bientap", "editor", None),
        "lead": house.desk(app, "gdtrh", "lead", "GDTRH"),
    }


def filled(app: Any, **changes: str) -> dict[str, str]:
    """A form that is right, on a document of the register."""
    with house.services_of(app).store.reading() as tx:
        document = {one.key: one.id for one in rows.documents(tx)}["29/2024/tt-bgddt"]
    return {
        "answers": "1", "title": "Dạy thêm trong dịp hè", "short": "Dạy thêm hè",
        "topic": "e.day_them", "owner": "GDTRH", "review_by": "2027-11-01",
        "questions": "hè có được dạy thêm không\nday them he\nhọc hè có bắt buộc ko",
        "v1_from": "2026-01-01", "v1_to": "", "v1_answer": "Trường không dạy thêm trong hè.",
        "v1_details": "Học sinh tự nguyện.", "v1_source": str(document), "v1_article": "Điều 4",
        "do": "save", **changes,
    }  # fmt: skip


def test_who_sees_and_who_writes(app: Any, desks: dict[str, house.Desk]) -> None:
    for name in PAGES:
        desks["editor"].get(f"/can-bo/hoi-dap{name}")
    leader = house.desk(app, "pgd", "leader", None)
    for name, status in zip(PAGES, (200, 200, 403, 200, 403, 200), strict=True):
        leader.get(f"/can-bo/hoi-dap{name}", status)
    for username, role, unit in (("qt", "admin", None), ("mat", "confidential_officer", "TTR")):
        other = house.desk(app, username, role, unit)
        for name in PAGES:
            other.get(f"/can-bo/hoi-dap{name}", 403)


def test_a_number_too_long_is_no_document(app: Any, desks: dict[str, house.Desk]) -> None:
    desks["editor"].get("/can-bo/hoi-dap/moi")
    form = filled(app, v1_source=str(10**20))
    made = desks["editor"].post("/can-bo/hoi-dap/moi", **form)
    assert "chưa có văn bản làm căn cứ" in desks["editor"].get(made.location)


def test_written_checked_approved_by_another_and_answered(
    app: Any, desks: dict[str, house.Desk]
) -> None:
    editor, lead = desks["editor"], desks["lead"]
    editor.get("/can-bo/hoi-dap/moi")
    made = editor.post("/can-bo/hoi-dap/moi", **filled(app))
    page = editor.get(made.location)
    assert "Messenger" in page and "1. Chưa đúng ý" in page  # as Zalo numbers it
    assert "Nguồn: Điều 4, Thông tư 29/2024/TT-BGDĐT" in page
    number = int(made.location.rsplit("/", 1)[1])
    editor.post(f"{made.location}/buoc/gui")
    page = editor.get(made.location)
    assert "một người khác duyệt" in page and "Đã hỏi thử" in page
    editor.post(f"{made.location}/buoc/duyet", 409, lock="2")
    page = lead.get(made.location)
    lock = re.search(r'name="lock" value="(\d+)"', page)
    assert lock is not None
    done = lead.post(f"{made.location}/buoc/duyet", lock=lock[1])
    page = lead.get(done.location)
    assert "Đang dùng" in page and "Trường không dạy thêm trong hè." in page
    with house.services_of(app).store.reading() as tx:
        found = rows.revision(tx, number)
    assert found is not None and (found.stage, found.decided_by) == ("published", 2)


def test_what_is_wrong_is_said_beside_the_field_and_the_words_stay(
    app: Any, desks: dict[str, house.Desk]
) -> None:
    editor = desks["editor"]
    editor.get("/can-bo/hoi-dap/moi")
    page = editor.post(
        "/can-bo/hoi-dap/moi", 422, **filled(app, v1_from="31/02/2026", v1_answer="Giữ lời này")
    ).get_data(as_text=True)
    assert "không phải là ngày" in page and "Giữ lời này" in page
    more = editor.post("/can-bo/hoi-dap/moi", 200, **filled(app, do="add"))
    assert 'id="v2_answer"' in more.get_data(as_text=True)
    # Dates reversed and no source: kept as a draft, named before it goes to be approved.
    made = editor.post("/can-bo/hoi-dap/moi", **filled(app, v1_to="2025-01-01", v1_source=""))
    page = editor.get(made.location)
    assert "đứng trước ngày bắt đầu" in page and "chưa có văn bản làm căn cứ" in page
    assert "Gửi duyệt" not in page
    refused = editor.post(f"{made.location}/buoc/gui", 409).get_data(as_text=True)
    assert "Chưa gửi duyệt được, bản nháp vẫn được giữ" in refused


def test_a_replaced_document_leads_to_a_new_version(app: Any, desks: dict[str, house.Desk]) -> None:
    editor = desks["editor"]
    with house.services_of(app).store.reading() as tx:
        old = {one.key: one for one in rows.documents(tx)}["29/2024/tt-bgddt"]
    editor.get("/can-bo/hoi-dap/van-ban/moi")
    new = editor.post(
        "/can-bo/hoi-dap/van-ban/moi", title="Thông tư 99/2026/TT-BGDĐT", issuer="Bộ",
        valid_from="2026-12-01",
    ).location.rsplit("/", 1)[1]  # fmt: skip
    page = f"/can-bo/hoi-dap/van-ban/{old.id}"
    editor.get(page)
    editor.post(page, title=old.title, issuer=old.issuer, replaced_by=new)
    assert "Cần sửa" in editor.get(page)
    assert "1 mục cần sửa" in editor.get("/can-bo/hoi-dap/van-ban")
    assert "Cần sửa: Thông tư 29/2024" in editor.get("/can-bo/hoi-dap?xem=can-sua")
    entry = editor.get("/can-bo/hoi-dap/muc/day-them-2025-cam")
    assert "Soạn bản theo văn bản thay thế" in entry
    made = editor.post(f"/can-bo/hoi-dap/muc/day-them-2025-cam/theo/{old.id}")
    form = editor.get(made.location)
    assert "99/2026" in form and 'value="2026-12-01"' in form and 'value="2026-11-30"' in form


def workbook(rows_: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows_:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(desk: house.Desk, name: str, raw: bytes, status: int = 303) -> Any:
    desk.get("/can-bo/hoi-dap/tep")
    return desk.post("/can-bo/hoi-dap/tep", status, file=(io.BytesIO(raw), name))


def test_one_bad_row_of_five_hundred_is_named_and_the_rest_waits(
    app: Any, desks: dict[str, house.Desk]
) -> None:
    items = [
        {
            "slug": f"muc-{n}", "topic": "e.day_them", "owner": "GDTRH", "title": f"Mục {n}",
            "short": f"Mục {n}", "questions": [f"câu {n} a", f"câu {n} b", f"câu {n} c"],
            # As long as real ones: the file is larger than a form may be elsewhere.
            "versions": [{"valid_from": "2026-01-01", "answer": "Một câu.", "more": "x" * 400,
                          "source":
                          {"document": "Thông tư 29/2024/TT-BGDĐT", "issuer": "Bộ", "date": ""}}],
        }
        for n in range(500)
    ]  # fmt: skip
    items[316]["versions"][0]["valid_from"] = "ngày mai"  # type: ignore[index]
    raw = yaml.safe_dump(items, allow_unicode=True).encode()
    editor = desks["editor"]
    made = send(editor, "hoi-dap.yml", raw)
    page = editor.get(made.location)
    assert "1 mục chưa dùng được" in page and "Mục thứ 317, Mục 316" in page
    assert "không phải là ngày: “ngày mai”" in page and "499 mục dùng được" in page
    with house.services_of(app).store.reading() as tx:
        assert rows.open_revisions(tx) == []
    editor.post(f"{made.location}/nhan")
    with house.services_of(app).store.reading() as tx:
        assert len(rows.open_revisions(tx)) == 499


def test_a_file_is_tried_and_approved_at_once_by_another(
    app: Any, desks: dict[str, house.Desk]
) -> None:
    raw = yaml.safe_dump(
        [
            {
                "title": f"{what} của trường", "short": what, "topic": "e.day_them",
                "owner": owner,
                "questions": [f"{what} ở đâu", f"{what} khi nào", f"{what} cần gì"],
                "versions": [{"valid_from": "2026-01-01", "answer": "Một câu.",
                              "source": {"document": "Thông tư 29/2024/TT-BGDĐT"}}],
            }
            for what, owner in (("thẻ thư viện", "GDTRH"), ("sân bóng", "GDTRH"),
                                ("phòng y tế", "KHTC"))
        ],
        allow_unicode=True,
    ).encode()  # fmt: skip
    editor, lead = desks["editor"], desks["lead"]
    made = send(editor, "ba-muc.yml", raw).location
    editor.get(made)
    editor.post(f"{made}/nhan", submit="1")
    page = lead.get(made)
    assert "3 bản của tệp này chờ duyệt" in page and "duyệt được 2 bản" in page
    assert "Duyệt và đăng cả đợt" not in page
    lead.post(f"{made}/kiem-tra")
    assert "Duyệt và đăng cả đợt" in lead.get(made)
    lead.post(f"{made}/duyet")
    page = lead.get(made)
    assert "Đã duyệt và đăng 2 mục" in page and "1 bản của tệp này chờ duyệt" in page


def test_a_formula_is_named_and_what_is_exported_has_none(
    app: Any, desks: dict[str, house.Desk]
) -> None:
    head = [faq_files.COLUMNS[name] for name in ("title", "short", "topic", "owner", "questions",
            "valid_from", "answer", "document")]  # fmt: skip
    good = ["Mục tốt", "Tốt", "e.day_them", "GDTRH", "a b\nc d\ne f", "15/1/2026", "Có.",
            "Thông tư 29/2024/TT-BGDĐT"]  # fmt: skip
    bad = [*good[:6], '=HYPERLINK("http://x","y")', good[7]]
    editor = desks["editor"]
    page = editor.get(send(editor, "x.xlsx", workbook([head, good, bad])).location)
    assert "Ô G3 là công thức" in page and "1 mục dùng được" in page
    assert "không đọc được" in send(editor, "x.yml", b"a: [", 422).get_data(as_text=True)
    assert "hỏng" in send(editor, "x.xlsx", b"PK nothing", 422).get_data(as_text=True)
    sheet = load_workbook(io.BytesIO(faq_files.to_xlsx([{"title": "=1+1", "versions": []}]))).active
    assert sheet is not None and sheet["B2"].data_type == "s"


def test_what_is_exported_comes_in_again_unchanged(app: Any, desks: dict[str, house.Desk]) -> None:
    editor = desks["editor"]
    for kind in ("yml", "xlsx"):
        answer = editor.client.get(f"/can-bo/hoi-dap/xuat.{kind}")
        assert answer.status_code == 200
        page = editor.get(send(editor, f"a.{kind}", answer.data).location)
        assert "0 mục dùng được" in page and f"{len(builders.FEW)} mục không đổi" in page
    with house.services_of(app).store.reading() as tx:
        assert sum(one.action == "faq_exported" for one in tx.query(Event)) == 2


def test_gaps_become_a_draft_with_the_words_of_people_and_tell_what_it_helped(
    app: Any, desks: dict[str, house.Desk]
) -> None:
    services, editor = house.services_of(app), desks["editor"]
    asked = [
        ("a", "xe đưa đón học sinh giá bao nhiêu"), ("b", "gia xe dua don hoc sinh bao nhieu"),
        ("c", "xe đưa đón học sinh giá thế nào"), ("d", "mấy giờ thư viện mở cửa"),
        ("d", "mấy giờ thư viện mở cửa ạ"),
    ]  # fmt: skip
    with services.store.transaction() as tx:
        for n, (person, text) in enumerate(asked):
            at = builders.NOW - timedelta(hours=n)
            store.add_gap(tx, Gap(at=at, text_masked=text, decision="decline", offered=[],
                                  channel="web", person=person))  # fmt: skip
        store.replace_clusters(tx, gaps.put_together(store.open_gaps(tx, 100), builders.NOW))
    page = editor.get("/can-bo/hoi-dap/khoang-trong")
    assert page.index("3 người") < page.index("1 người")
    with services.store.reading() as tx:
        first, second = store.clusters(tx, limit=10)
    made = editor.post(f"/can-bo/hoi-dap/khoang-trong/{first.id}/soan")
    form = editor.get(made.location)
    assert all(text in form for _, text in asked[:3]) and "thư viện" not in form
    editor.post(f"/can-bo/hoi-dap/khoang-trong/{second.id}/cat")
    page = editor.get("/can-bo/hoi-dap/khoang-trong")
    assert "3 câu của 3 người: nay 0 câu được trả lời" in page and "Chưa có nhóm nào" in page
