"""Consultations at the desk: who sees and does what, from the upload to the publication."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from intake_api.flow import consult_comment, formed
from intake_api.store import consultations, registry, unsealings
from tests import builders
from tests.flow import drafts, samples
from tests.staff import house

GIVEN = {"ten": "Quy định dạy thêm", "don_vi": "KHTC", "tu_ngay": "2026-11-23",
         "den_ngay": "2026-12-20", "so_noi": "12", "can_cu": "Công văn số 5"}  # fmt: skip


def upload(desk: house.Desk, data: bytes | None = None, status: int = 303, **changes: Any) -> Any:
    desk.get("/can-bo/du-thao/moi")
    file = (io.BytesIO(drafts.write() if data is None else data), "du-thao.docx")
    return desk.post("/can-bo/du-thao/moi", status, **{**GIVEN, "tep": file, **changes})


def made_by(desk: house.Desk, **changes: Any) -> int:
    found = re.search(r"/du-thao/(\d+)", upload(desk, **changes).location)
    assert found is not None
    return int(found[1])


def announced(app: Any) -> tuple[house.Desk, int]:
    """A lead of the unit, and the consultation that they have opened to the public."""
    lead = house.desk(app, "khtc", "lead", "KHTC")
    number = made_by(lead)
    lead.get(f"/can-bo/du-thao/{number}")
    lead.post(f"/can-bo/du-thao/{number}/viec/cong-bo")
    return lead, number


def say(app: Any, number: int, text: str, place: int = 5, **who: Any) -> Any:
    services = house.services_of(app)
    with services.store.transaction() as tx:
        found = consultations.get(tx, number)
        assert found is not None
        return consult_comment.from_form(
            tx, services, found, consultations.clause(tx, number, place),
            formed.FormInput(text=text, form_token=text, consent=True),
            organisation=who.get("organisation"), named=False, now=services.now(),
        )  # fmt: skip


def test_the_whole_way_at_the_desk(app: Any, clock: builders.MovingClock) -> None:
    hand = house.desk(app, "khtc.cv", "handler", "KHTC")
    lead = house.desk(app, "khtc", "lead", "KHTC")
    number = made_by(hand)
    page = hand.get(f"/can-bo/du-thao/{number}")
    assert "10 phần" in page and "Lãnh đạo đơn vị soạn thảo hoặc lãnh đạo Sở công bố" in page
    lead.get(f"/can-bo/du-thao/{number}")
    lead.post(f"/can-bo/du-thao/{number}/viec/cong-bo")
    first = say(app, number, "Nên bỏ giới hạn 20 giờ", organisation="Trường THPT A")
    say(app, number, "Mức thu phải công khai ở cổng trường", 1)
    page = lead.get(f"/can-bo/du-thao/{number}")
    assert "Trường THPT A" in page and "còn 2 nhóm chưa trả lời" in page
    groups = re.findall(rf"/du-thao/{number}/nhom/(\d+)", page)
    clock.at += timedelta(days=30)
    hand, lead = house.sign_in(app, "khtc.cv"), house.sign_in(app, "khtc")
    for group in dict.fromkeys(groups):
        desk_page = hand.get(f"/can-bo/du-thao/{number}/nhom/{group}")
        assert first.case.code in desk_page or "cổng trường" in desk_page
        refused = hand.post(f"/can-bo/du-thao/{number}/nhom/{group}/tra-loi", 422, noi_dung="x")
        assert "Chọn tiếp thu" in refused.get_data(as_text=True)
        hand.post(f"/can-bo/du-thao/{number}/nhom/{group}/tra-loi", ket_luan="accepted",
                  noi_dung="Sửa theo ý kiến.", tom_tat="Bỏ giới hạn giờ")  # fmt: skip
    lead.get(f"/can-bo/du-thao/{number}")
    lead.post(f"/can-bo/du-thao/{number}/viec/trinh")
    boss = house.desk(app, "lanhdao", "leader", None)
    assert "Duyệt và công bố" in boss.get(f"/can-bo/du-thao/{number}")
    boss.post(f"/can-bo/du-thao/{number}/viec/duyet")
    sheet = openpyxl.load_workbook(
        io.BytesIO(boss.client.get(f"/can-bo/du-thao/{number}/bang.xlsx").data)
    ).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert (
        "Tổng số nơi đã gửi xin ý kiến: 12; tổng số ý kiến nhận được: 2, trong đó 1 ý kiến của cơ "
        "quan, tổ chức." in cells
    )
    assert "Đã công bố kết quả" in hand.get("/can-bo/du-thao")


def test_groups_are_moved_on_the_page(app: Any) -> None:
    lead, number = announced(app)
    one = say(app, number, "Nên bỏ giới hạn 20 giờ").case
    two = say(app, number, "Nên bỏ giới hạn 20 giờ ngay").case
    (group,) = set(
        re.findall(rf"/du-thao/{number}/nhom/(\d+)", lead.get(f"/can-bo/du-thao/{number}"))
    )
    lead.get(f"/can-bo/du-thao/{number}/nhom/{group}")
    path = f"/can-bo/du-thao/{number}/nhom/{group}/chuyen"
    assert "ít nhất một" in lead.post(path, 422, sang="moi:0").get_data(as_text=True)
    assert "Chọn nơi" in lead.post(path, 422, y_kien=one.id, sang="x").get_data(as_text=True)
    moved = lead.post(path, y_kien=one.id, sang="moi:3")
    assert one.code in lead.get(moved.location) and two.code not in lead.get(moved.location)
    other = moved.location.rsplit("/", 1)[1]
    back = lead.post(f"/can-bo/du-thao/{number}/nhom/{other}/chuyen", y_kien=one.id,
                     sang=f"nhom:{group}")  # fmt: skip
    assert one.code in lead.get(back.location) and two.code in lead.get(back.location)
    lead.get(f"/can-bo/du-thao/{number}/nhom/{other}", 404)


def test_whom_an_opinion_names_neither_reads_nor_moves_nor_answers_it(app: Any) -> None:
    lead, number = announced(app)
    one = say(app, number, "Nên bỏ giới hạn 20 giờ").case
    two = say(app, number, "Nên bỏ giới hạn 20 giờ ngay").case
    alone = say(app, number, "Mức thu phải công khai ở cổng trường", 1).case
    with house.services_of(app).store.transaction() as tx:
        me = registry.staff_by_username(tx, "khtc")
        assert me is not None
        for case in (one, alone):
            unsealings.name(tx, case.id, [me.id])
        both, single = (one.id for one in consultations.groups(tx, number))
    page = lead.get(f"/can-bo/du-thao/{number}")
    assert "20 giờ ngay" in page and "cổng trường" not in page
    path = f"/can-bo/du-thao/{number}/nhom"
    page = lead.get(f"{path}/{both}")
    assert two.code in page and one.code not in page
    assert "ít nhất một" in lead.post(
        f"{path}/{both}/chuyen", 422, y_kien=one.id, sang="moi:0"
    ).get_data(as_text=True)
    lead.get(f"{path}/{single}", 404)
    lead.post(f"{path}/{single}/tra-loi", 404, ket_luan="accepted", noi_dung="Sửa.")
    lead.post(f"{path}/{both}/chuyen", 404, y_kien=two.id, sang=f"nhom:{single}")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (samples.pdf(), "không phải văn bản Word"),
        (samples.plain_zip(), "không phải văn bản Word"),
        (drafts.write([" "]), "không có chữ"),
        (b"", "trống"),
    ],
)
def test_a_file_that_is_no_draft_is_refused_in_one_sentence(
    app: Any, data: bytes, words: str
) -> None:
    lead = house.desk(app, "khtc", "lead", "KHTC")
    page = upload(lead, data, 422).get_data(as_text=True)
    assert words in page and "Công văn số 5" in page


def test_dates_and_fields_are_checked(app: Any) -> None:
    lead = house.desk(app, "khtc", "lead", "KHTC")
    first = upload(lead, b"", 422, ten=" ").get_data(as_text=True)
    assert "Ghi tên dự thảo" in first and "trống" not in first
    for change, words in (
        ({"den_ngay": "2026-11-01"}, "từ ngày bắt đầu"), ({"den_ngay": "mai"}, "chưa đúng"),
        ({"ten": " "}, "Ghi tên dự thảo"), ({"don_vi": "GDTRH"}, "của đơn vị mình"),
        ({"so_noi": "nhiều"}, "phải là số"), ({"tep": (io.BytesIO(b""), "")}, "Chọn tệp"),
    ):  # fmt: skip
        assert words in upload(lead, status=422, **change).get_data(as_text=True)


def test_a_draft_without_articles_is_taken_with_a_warning(app: Any) -> None:
    lead = house.desk(app, "khtc", "lead", "KHTC")
    number = made_by(lead, data=drafts.write(["Sở dự kiến đổi giờ học.", "Mong góp ý."]))
    assert "từng đoạn" in lead.get(f"/can-bo/du-thao/{number}")


def test_others_neither_see_nor_touch_it(app: Any) -> None:
    lead = house.desk(app, "khtc", "lead", "KHTC")
    number = made_by(lead)
    other = house.desk(app, "gdtrh", "lead", "GDTRH")
    other.get(f"/can-bo/du-thao/{number}", 404)
    assert "Quy định dạy thêm" not in other.get("/can-bo/du-thao")
    other.get("/can-bo/mat-khau")
    other.post(f"/can-bo/du-thao/{number}/viec/cong-bo", 404)
    for name, role in (("quantri", "admin"), ("bientap", "editor"),
                       ("kenhmat", "confidential_officer")):  # fmt: skip
        desk = house.desk(app, name, role, None)
        desk.get("/can-bo/du-thao", 403)
        desk.get("/can-bo/du-thao/moi", 403)
        desk.get(f"/can-bo/du-thao/{number}", 404)
    office = house.desk(app, "vanphong", "coordinator", "VP")
    office.get(f"/can-bo/du-thao/{number}")
    refused = office.post(f"/can-bo/du-thao/{number}/viec/cong-bo", 409)
    assert "Lãnh đạo đơn vị" in refused.get_data(as_text=True)


def test_a_sealed_opinion_is_in_no_list_and_no_table(app: Any) -> None:
    lead, number = announced(app)
    sealed = say(app, number, "Hiệu trưởng nhận tiền để duyệt nơi dạy thêm").case
    page = lead.get(f"/can-bo/du-thao/{number}")
    assert sealed.confidential and sealed.code not in page and "nhận tiền" not in page
    sheet = lead.client.get(f"/can-bo/du-thao/{number}/bang.xlsx").data
    assert openpyxl.load_workbook(io.BytesIO(sheet)).active.max_row < 6


def test_what_an_office_wrote_is_typed_in(app: Any) -> None:
    lead, number = announced(app)
    path = f"/can-bo/du-thao/{number}/viec/van-ban"
    assert "Ghi tên cơ quan" in lead.post(path, 409, noi_dung="x").get_data(as_text=True)
    lead.post(path, to_chuc="UBND xã A", muc="5", noi_dung="Nhất trí")
    assert "UBND xã A" in lead.get(f"/can-bo/du-thao/{number}")


def test_what_came_another_way_is_taken_in_by_its_code(app: Any) -> None:
    lead, number = announced(app)
    mine, other = house.make_case(app), house.make_case(app, house.BULLYING)
    sealed = house.make_case(app, house.BRIBE)
    path = f"/can-bo/du-thao/{number}/viec/dua-vao"
    for code in (other.code, sealed.code, "PA-2611-0000-0000", "", "xyz"):
        refused = lead.post(path, 409, ma=code, muc_ma="5").get_data(as_text=True)
        assert "Không có ý kiến này" in refused
    lead.post(path, ma=mine.code.lower(), muc_ma="5")
    assert house.reload(app, mine).kind == "draft_comment"
    assert "1 ý kiến, 1 nhóm" in lead.get(f"/can-bo/du-thao/{number}")
    page = lead.get(f"/can-bo/y-kien/{mine.code}")
    assert "đưa vào đợt lấy ý kiến dự thảo" in page and f"/can-bo/du-thao/{number}" in page
    again = lead.post(path, 409, ma=mine.code).get_data(as_text=True)
    assert "đã nằm trong" in again
