"""The register of 11 columns and the letters that pass a case on."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from docx import Document

from intake_api.flow import erasing, receive
from intake_api.jobs.reports import Reports
from intake_api.reports import letters, register
from intake_api.store import cases, events
from intake_api.store.registers import Event
from intake_api.store.report_tables import TransferLetter
from tests import builders
from tests.staff import house

PAGE = "/can-bo/so-tiep-nhan"
DAYS = {"first": "2026-11-01", "last": "2026-11-23"}
SENDER = receive.Sender(name="Trần Thị Mẫu", phone="0912345678")


def book(desk: house.Desk, form: str = "xlsx", **given: Any) -> Any:
    desk.get(PAGE)
    answer = desk.client.post(PAGE, data={"csrf_token": desk.token, "form": form, **DAYS, **given})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    return answer.data


def rows(desk: house.Desk, **given: Any) -> list[tuple[str, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(book(desk, **given))).active
    return [tuple(str(one or "") for one in row) for row in page.iter_rows(values_only=True)]


def coordinator(app: Any) -> house.Desk:
    return house.desk(app, "vanphong", "coordinator", "VP")


def test_eleven_columns_and_one_row_for_each_case(app: Any) -> None:
    first = house.make_case(app, f"{house.FEES}. Gọi tôi số 0912345678", sender=SENDER)
    gone = house.make_case(app, house.BULLYING)
    house.make_case(app, '=HYPERLINK("http://x") nhà trường thu tiền quỹ lớp', sender=SENDER)
    with house.services_of(app).store.transaction() as tx:
        case = cases.by_code(tx, first.code)
        assert case is not None
        case.state, case.forwarded_to = "forwarded_outside", "UBND xã Mẫu"
        other = cases.by_code(tx, gone.code, lock=True)
        assert other is not None
        other.state, other.outcome = "closed", "guided"
        erasing.erase(tx, house.services_of(app), other, why="retention", now=builders.NOW)
    found = rows(coordinator(app))
    assert found[0] == register.COLUMNS
    assert len(register.COLUMNS) == 11
    assert found[1][:4] == ("1", "23/11/2026", "[đã che]", "")
    assert "[số điện thoại]" in found[1][4] and "0912345678" not in str(found)
    assert (found[1][5], found[1][7], found[1][9]) == ("Phản ánh, phê bình", "", "UBND xã Mẫu")
    assert found[2][4] == "[nội dung đã xóa theo quy định]"
    assert (found[2][7], found[2][8]) == ("", "x")
    assert found[3][4].startswith("=HYPERLINK") and found[3][7] == "x"
    raw = openpyxl.load_workbook(io.BytesIO(book(house.sign_in(app, "vanphong")))).active
    assert raw is not None and raw["E4"].data_type == "s"


def test_names_need_the_right_and_a_reason_and_are_on_record(app: Any) -> None:
    house.make_case(app, sender=SENDER)
    desk = coordinator(app)
    desk.get(PAGE)
    said = desk.post(PAGE, 422, form="xlsx", names="1", **DAYS).get_data(as_text=True)
    assert "Ghi lý do cần họ tên" in said
    found = rows(desk, names="1", reason="Đối chiếu sổ giấy")
    assert found[1][2] == "Trần Thị Mẫu; 0912345678"
    leader = house.desk(app, "lanhdao", "leader", None)
    assert rows(leader, names="1", reason="Xem")[1][2] == "[đã che]"
    with house.services_of(app).store.reading() as tx:
        query = sa.select(Event).where(Event.action == "exported").order_by(Event.id)
        told = [event.data for event in tx.execute(query).scalars()]
        assert list(events.verify(tx)) == []
    assert [(one["names"], one["rows"], one["form"]) for one in told] == [
        (True, 1, "xlsx"), (False, 1, "xlsx"),
    ]  # fmt: skip
    assert all("Trần" not in str(one) for one in told)


def test_sealed_cases_and_other_units_are_never_in_it(app: Any) -> None:
    sealed, own = house.make_case(app, house.BRIBE), house.make_case(app)
    other = house.make_case(app, house.BULLYING)
    desk = house.desk(app)
    found = str(rows(desk))
    assert own.code in found
    assert sealed.code not in found and other.code not in found and "chạy lớp" not in found
    both = str(rows(coordinator(app)))
    assert other.code in both and sealed.code not in both


def test_who_may_not_keep_it(app: Any) -> None:
    for role, unit in (
        ("handler", "KHTC"), ("confidential_officer", None), ("editor", None), ("admin", None),
    ):  # fmt: skip
        desk = house.desk(app, f"ai-do-{role}", role, unit)
        desk.get(PAGE, 403)
        desk.get("/can-bo/mat-khau")
        desk.post(PAGE, 403, form="xlsx", **DAYS)


def test_the_printed_register_and_bad_days(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    house.make_case(app)
    desk = coordinator(app)
    file = Document(io.BytesIO(book(desk, "docx")))
    table = file.tables[1]
    assert [cell.text for cell in table.rows[0].cells] == list(register.COLUMNS)
    assert table.rows[1].cells[10].text == "(11)"
    assert file.sections[0].page_width > file.sections[0].page_height
    assert book(desk, "pdf").startswith(b"%PDF")
    empty = Document(io.BytesIO(book(desk, "docx", first="2026-01-01", last="2026-01-02")))
    assert any("không tiếp nhận ý kiến nào" in one.text for one in empty.paragraphs)
    desk.get(PAGE)
    said = desk.post(PAGE, 422, form="docx", first="2026-11-23", last="2026-11-01")
    assert "đứng sau ngày kết thúc" in said.get_data(as_text=True)
    desk.post(PAGE, 422, form="doc", **DAYS)
    monkeypatch.setattr(register, "MAX_PRINTED", 0)
    desk.get(PAGE)
    said = desk.post(PAGE, 422, form="docx", **DAYS)
    assert "Chọn XLSX hoặc ít ngày hơn" in said.get_data(as_text=True)


# ---------------------------------------------------------------- letters
def form(page: str) -> dict[str, str]:
    tree = house.lint(page)
    found = {
        node.get("name"): node.get("value") or ""
        for node in tree.iter("input")
        if node.get("name") not in (None, "csrf_token", "q")
    }
    found.update(
        {node.get("name"): (node.text or "").removeprefix("\n") for node in tree.iter("textarea")}
    )
    return {**found, "signer": "office", "mark": ""}


def test_a_letter_with_its_day_masked_words_and_the_files(app: Any) -> None:
    case = house.make_case(app, f"{house.FEES}. Gọi tôi số 0912345678", sender=SENDER)
    desk = coordinator(app)
    at = f"/can-bo/y-kien/{case.code}/cong-van"
    assert at in desk.get(f"/can-bo/y-kien/{case.code}")
    given = form(desk.get(at))
    # Ten working days after Monday, 23 November; the 24th is a holiday from 2026 on.
    assert given["due_on"] == "2026-12-08"
    assert "trước ngày 08/12/2026" in given["body"]
    assert "0912345678" not in given["body"] and "Thị" not in given["body"]
    desk.post(at, **{**given, "addressee": "Trường THCS Trần Phú", "mark": "KHẨN"})
    page = desk.get(at)
    assert "trả lời trước ngày 8/12/2026" in page
    assert "lập công văn chuyển đến Trường THCS Trần Phú" in desk.get(f"/can-bo/y-kien/{case.code}")
    file = Document(io.BytesIO(desk.client.get(f"{at}/1.docx").data))
    left = file.tables[0].rows[1].cells[0].text.splitlines()
    assert left[0] == "Số:        /SGDĐT-VP"
    assert left[1].startswith("V/v xử lý phản ánh về các khoản thu")
    assert left[2] == "KHẨN"
    texts = [one.text for one in file.paragraphs]
    assert "Kính gửi: Trường THCS Trần Phú" in texts
    assert any(case.code in one and "23/11/2026" in one for one in texts)
    assert any("đến Trường THCS Trần Phú để xem xét" in one for one in texts)
    assert any(one.endswith("trước ngày 08/12/2026./.") for one in texts)
    assert desk.client.get(f"{at}/1.pdf").data.startswith(b"%PDF")
    desk.post(at, **{**given, "addressee": "Trường khác", "due_on": "2026-12-15"})
    later = Document(io.BytesIO(desk.client.get(f"{at}/2.docx").data))
    assert any(one.text.endswith("trước ngày 15/12/2026./.") for one in later.paragraphs)
    desk.get(f"{at}/3.docx", 404)
    assert "Trường THCS Trần Phú" in rows(desk)[1][9]


WRONG: list[tuple[dict[str, str], str]] = [
    ({"addressee": ""}, "Ghi nơi nhận"), ({"due_on": "2026-11-20"}, "cần sau ngày hôm nay"),
    ({"due_on": "2026-11-28"}, "chọn ngày làm việc"), ({"due_on": ""}, "Chọn ngày"),
    ({"due_on": "2028-11-24"}, "xa quá một năm"), ({"body": " "}, "Ghi nội dung"),
    ({"number": "12"}, "cả số và ngày"), ({"signer": "x"}, "Chọn trong danh sách"),
    ({"body": "Chị Nguyễn Thị Lan, số 0912345678, phản ánh"}, "có thể chứa thông tin cá nhân"),
]  # fmt: skip


def test_what_is_wrong_with_a_letter_is_said_at_its_field(app: Any) -> None:
    case = house.make_case(app)
    desk = coordinator(app)
    at = f"/can-bo/y-kien/{case.code}/cong-van"
    for changed, said in WRONG:
        given = {**form(desk.get(at)), "addressee": "Trường Mẫu", **changed}
        page = desk.post(at, 422, **given).get_data(as_text=True)
        assert said in page
        assert "Trường Mẫu" in page or "addressee" in changed
    with house.services_of(app).store.reading() as tx:
        assert tx.execute(sa.select(TransferLetter)).first() is None


@pytest.mark.parametrize("code", ["PA-2611-SA17-34B4", "PA-2611-94T8-5501", "PA-2611-LAN1-7XQ2"])
def test_the_code_of_a_case_is_no_personal_data(code: str) -> None:
    assert not letters.names_somebody(f"Sở nhận được phản ánh (mã {code}) về khoản thu.")
    assert letters.names_somebody(f"Bà Nguyễn Thị Lan (mã {code}), số 0912345678.")


def test_whoever_wrote_a_letter_is_told_when_its_day_comes(
    app: Any, clock: builders.MovingClock
) -> None:
    case = house.make_case(app)
    desk = coordinator(app)
    at = f"/can-bo/y-kien/{case.code}/cong-van"
    desk.post(at, **{**form(desk.get(at)), "addressee": "Trường Mẫu"})
    # Due on Tuesday, 8 December.
    for days, said in ((9, ""), (10, "đến hạn trả lời 8/12/2026"), (16, "đã quá hạn trả lời")):
        clock.at = builders.NOW + timedelta(days=days)
        Reports(house.services_of(app)).look_at_calendar()
        page = house.sign_in(app, "vanphong").get("/can-bo/thong-bao")
        assert (f"Công văn chuyển {case.code}: {said}" in page) == bool(said)


def test_a_letter_never_goes_to_whom_the_case_accuses_nor_of_a_sealed_case(app: Any) -> None:
    accusing = house.make_case(
        app, "Phòng Khảo thí và Quản lý chất lượng giáo dục làm sai điểm, trả lời vô trách nhiệm"
    )
    desk = coordinator(app)
    at = f"/can-bo/y-kien/{accusing.code}/cong-van"
    page = desk.get(at)
    given = form(page)
    name = builders.the_catalog().units["KTQLCL"].name
    assert f'<option value="{name}">' not in page
    said = desk.post(at, 422, **{**given, "addressee": name}).get_data(as_text=True)
    assert "không phải là nơi nhận" in said
    sealed = house.make_case(app, house.BRIBE)
    desk.get(f"/can-bo/y-kien/{sealed.code}/cong-van", 404)
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    officer.get(f"/can-bo/y-kien/{sealed.code}/cong-van", 403)
    leader = house.desk(app, "lanhdao", "leader", None)
    leader.get(at, 403)
    other = house.desk(app, "cttt", "lead", "CTTT")
    other.get(at, 404)


def test_sealing_or_erasing_a_case_takes_its_letters_along(app: Any) -> None:
    services = house.services_of(app)
    made = [house.make_case(app), house.make_case(app, now=builders.NOW - timedelta(days=9))]
    staff = builders.make_staff(services.store)
    with services.store.transaction() as tx:
        for case in made:
            tx.add(
                TransferLetter(
                    case_id=case.id, made_by=staff.id, made_at=builders.NOW,
                    addressee="Trường Mẫu", subject="V/v", body="Chữ của thư", signer="office",
                    due_on=date(2026, 12, 8),
                )
            )  # fmt: skip
    with services.store.transaction() as tx:
        first, second = (cases.by_id(tx, case.id, lock=True) for case in made)
        assert first is not None and second is not None
        first.confidential = True
        second.state = "closed"
        erasing.erase(tx, services, second, why="retention", now=builders.NOW)
    with services.store.reading() as tx:
        (left,) = tx.execute(sa.text("SELECT case_id, addressee, body FROM transfer_letter"))
    assert left[0] == made[0].id
    assert "Mẫu" not in left[1] and "Chữ" not in left[2]
