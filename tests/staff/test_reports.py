"""The pages of reports: who sees what, bad input, the way from figures to the signed file."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from docx import Document

from intake_api.jobs.reports import Reports
from intake_api.store import notices, registry, reports
from tests import builders
from tests.reports import house as report_house
from tests.staff import house

PAGE = "/can-bo/bao-cao"
NEW = {"about": "so", "kind": "half", "year": "2027", "number": "", "first": "", "last": ""}


@pytest.fixture(autouse=True)
def may(clock: builders.MovingClock) -> None:
    """It is the fourth of May."""
    clock.at = report_house.NOW


def run_jobs(app: Any) -> None:
    Reports(house.services_of(app)).round()


def desks(app: Any) -> tuple[house.Desk, house.Desk, house.Desk]:
    return (
        house.desk(app, "vanphong", "coordinator", "VP"),
        house.desk(app, "vanphong2", "coordinator", "VP"),
        house.desk(app, "lanhdao", "leader", None),
    )


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def sections(page: str) -> dict[str, str]:
    tree = house.lint(page)
    found = {
        node.get("name"): (node.text or "").removeprefix("\n") for node in tree.iter("textarea")
    }
    answered = "Trong kỳ không xảy ra sự cố truyền thông."
    return {
        name: "\n".join(answered if line.startswith("[") else line for line in text.split("\n"))
        for name, text in found.items()
    }


def test_the_way_of_a_half_years_report(app: Any) -> None:
    store = house.services_of(app).store
    report_house.add_cases(store, 30)
    writer, second, leader = desks(app)
    assert "Chưa có báo cáo nào" in writer.get(PAGE)
    run_jobs(app)
    # The half-year's report has appeared by itself; its maker is told.
    page = writer.get(PAGE)
    assert "Báo cáo 6 tháng đầu năm 2027" in page
    assert "trước ngày 10/5/2027" in page
    with store.reading() as tx:
        found = reports.by_once(tx, "half:2027-04-30")
        assert found is not None
        at = f"{PAGE}/{found.id}"
    page = writer.get(at)
    assert "tiếp nhận 30 ý kiến" in page
    assert "cases.received" in page
    assert "from=2026-11-01" in page
    frozen = report_house.frozen(store, found.id)
    assert frozen.sha256 in page
    assert "Còn 1 chỗ phải viết lại" in second_try(second, at)
    writer.get(at)
    writer.post(f"{at}/viet", version=version(page), signer="deputy",
                signer_name="Nguyễn Văn Mẫu", **sections(page))  # fmt: skip
    assert "Người soạn không tự kiểm tra" in writer.post(
        f"{at}/kiem-tra", 409, version=version(writer.get(at))
    ).get_data(as_text=True)
    second.post(f"{at}/kiem-tra", version=version(second.get(at)))
    assert "chờ ký duyệt" in leader.get("/can-bo/thong-bao")
    page = leader.get(at)
    leader.post(f"{at}/ky", version=version(page))
    page = leader.get(at)
    assert "Đã ký duyệt" in page
    writer.get(at)
    writer.post(
        f"{at}/vao-so", version=version(writer.get(at)), number="12", number_on="2027-05-07"
    )
    answer = leader.client.get(f"{at}/van-ban.docx")
    assert answer.headers["Content-Disposition"].endswith("bao-cao-2026-11-01-2027-04-30.docx")
    file = Document(io.BytesIO(answer.data))
    assert file.tables[0].rows[1].cells[0].text == "Số: 12/BC-SGDĐT"
    assert any("KT. GIÁM ĐỐC" in table.rows[0].cells[-1].text for table in file.tables)
    pdf = leader.client.get(f"{at}/van-ban.pdf")
    words = "".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf.data)
    )
    assert frozen.sha256 in "".join(words.split())


def second_try(second: house.Desk, at: str) -> str:
    page = second.get(at)
    answer = second.post(f"{at}/kiem-tra", 409, version=version(page))
    found: str = answer.get_data(as_text=True)
    return found


WRONG: list[tuple[dict[str, str], str]] = [
    ({"kind": "adhoc", "first": "2027-05-02", "last": "2027-05-01"}, "đứng sau ngày kết thúc"),
    ({"kind": "adhoc"}, "Chưa có ngày bắt đầu"),
    ({"kind": "month", "number": "5"}, "chưa kết thúc"),
    ({"kind": "month", "number": "x"}, "Tháng từ 1 đến 12"),
    ({"year": "hai nghìn"}, "bốn chữ số"), ({"kind": "thang"}, "Chọn loại báo cáo"),
    ({"about": "mat"}, "Chọn phạm vi"),
]  # fmt: skip


def test_bad_input_is_one_sentence_and_nothing_typed_is_lost(app: Any) -> None:
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    for changed, said in WRONG:
        desk.get(PAGE)
        page = desk.post(PAGE, 422, **{**NEW, **changed}).get_data(as_text=True)
        assert said in page
        for value in (changed.get("first"), changed.get("last"), changed.get("year")):
            assert value is None or f'value="{value}"' in page


def test_progress_is_shown_until_the_figures_are_there(app: Any) -> None:
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    desk.get(PAGE)
    at = desk.post(PAGE, **NEW).location
    page = desk.get(at)
    assert "Đang chốt số liệu: 0%" in page
    assert "Tải .docx" not in page
    assert "<progress" in desk.client.get(f"{at}/tien-do").get_data(as_text=True)
    run_jobs(app)
    answer = desk.client.get(f"{at}/tien-do")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")
    page = desk.get(at)
    assert "Trong kỳ không tiếp nhận ý kiến nào" in page
    assert "Tải .docx" in page
    desk.get(PAGE)
    again = desk.post(PAGE, 409, **NEW).get_data(as_text=True)
    assert "đã có, trạng thái: đang soạn" in again


def test_figures_that_failed_are_said_and_may_be_asked_for_again(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake_api.reports import figures

    desk = house.desk(app, "vanphong", "coordinator", "VP")
    desk.get(PAGE)
    at = desk.post(PAGE, **NEW).location
    with monkeypatch.context() as patched:
        patched.setattr(figures, "collect", lambda *_a, **_k: 1 / 0)
        run_jobs(app)
    page = desk.get(at)
    assert "Chưa lấy được số liệu" in page
    desk.post(f"{at}/chot", version=version(page))
    run_jobs(app)
    assert "Chưa lấy được số liệu" not in desk.get(at)


def test_a_snapshot_whose_cases_were_erased_since_says_so(app: Any) -> None:
    from intake_api.flow import erasing
    from intake_api.store import cases

    services = house.services_of(app)
    numbers = report_house.add_cases(services.store, 12)
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    desk.get(PAGE)
    at = desk.post(PAGE, **NEW).location
    run_jobs(app)
    assert "đã được xóa nội dung" not in desk.get(at)
    with services.store.transaction() as tx:
        case = cases.by_id(tx, numbers[1], lock=True)
        assert case is not None
        erasing.erase(tx, services, case, why="retention", now=report_house.NOW)
    page = desk.get(at)
    assert "1 ý kiến trong kỳ đã được xóa nội dung theo quy định" in page
    assert "Số liệu giữ nguyên như lúc chốt" in page


def test_the_departments_report_is_not_there_for_others(app: Any) -> None:
    store = house.services_of(app).store
    made = builders.make_staff(store, username="vp", role="coordinator")
    at = f"{PAGE}/{report_house.make(store, made)}"
    for role, unit in (
        ("lead", "KHTC"), ("handler", "KHTC"), ("confidential_officer", None), ("editor", None),
        ("admin", None),
    ):  # fmt: skip
        desk = house.desk(app, f"ai-do-{role}", role, unit)
        listed = desk.client.get(PAGE)
        assert listed.status_code == (403 if role in ("editor", "admin") else 200)
        assert "6 tháng đầu năm 2027" not in listed.get_data(as_text=True)
        desk.get("/can-bo/mat-khau")
        for path in ("", "/tien-do", "/van-ban.docx", "/van-ban.pdf"):
            desk.get(at + path, 404)
        for path in ("viet", "chot", "kiem-tra", "tra-lai", "ky", "vao-so"):
            desk.post(f"{at}/{path}", 404, version=1)
        desk.post(PAGE, listed.status_code if listed.status_code == 403 else 422, **NEW)


def test_reminders_come_ten_and_three_working_days_before(
    app: Any, clock: builders.MovingClock
) -> None:
    desks(app)
    store = house.services_of(app).store
    with store.reading() as tx:
        ids = {}
        for name in ("vanphong", "lanhdao"):
            found = registry.staff_by_username(tx, name)
            assert found is not None
            ids[name] = found.id
    # From 19 April on, day by day.
    clock.at = report_house.NOW - timedelta(days=15)
    seen: dict[str, list[str]] = {name: [] for name in ids}
    for _ in range(24):
        Reports(house.services_of(app)).look_at_calendar()
        clock.at += timedelta(days=1)
    with store.reading() as tx:
        for name, number in ids.items():
            for note, _case in reversed(notices.of_person(tx, number)):
                if "6 tháng" in (note.words or ""):
                    seen[name].append(f"{note.at:%d/%m}: {(note.words or '').split(': ')[0]}")
    assert seen["vanphong"] == [
        "22/04: Báo cáo 6 tháng đầu năm 2027 còn 10 ngày làm việc",
        "05/05: Báo cáo 6 tháng đầu năm 2027 còn 3 ngày làm việc",
        "08/05: Báo cáo 6 tháng đầu năm 2027 đã quá hạn",
    ]
    assert seen["lanhdao"] == seen["vanphong"][1:]
    leader, writer = house.sign_in(app, "lanhdao"), house.sign_in(app, "vanphong")
    assert "còn 3 ngày làm việc" in leader.get("/can-bo/thong-bao")
    assert "Báo cáo đến kỳ" in writer.get("/can-bo/thong-bao/cach-nhac")


def test_somebody_else_was_faster_and_nothing_typed_is_lost(app: Any) -> None:
    writer, second, _leader = desks(app)
    writer.get(PAGE)
    at = writer.post(PAGE, **NEW).location
    run_jobs(app)
    page = writer.get(at)
    second.get(at)
    second.post(f"{at}/viet", version=version(page), signer="deputy", **sections(page))
    said = writer.post(
        f"{at}/viet", 409, version=version(page), signer="deputy",
        **{**sections(page), "s-plans": "Chữ của tôi"},
    ).get_data(as_text=True)  # fmt: skip
    assert "có người khác thay đổi" in said
    assert "Chữ của tôi" in said
