"""Drafts before the public: read, commented on without a script, answered."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import docx
import openpyxl
import pytest

from intake_api.flow import consult
from intake_api.reports import opinions
from intake_api.store import cases, consultations
from tests import builders
from tests.flow import drafts
from tests.public.lint import Reader, words

TODAY = date(2026, 11, 23)


class Board:
    """Puts drafts before the public and answers what was said."""

    def __init__(self, app: Any, clock: builders.MovingClock) -> None:
        self.services, self.clock = app.extensions["langnghe"].services, clock
        make = builders.make_staff
        self.lead = make(self.services.store, username="gdtrh", role="lead", unit="GDTRH")
        self.leader = make(self.services.store, username="lanhdao", role="leader", unit=None)

    def by(self, who: Any) -> consult.By:
        return consult.By(who, self.services.now())

    def open(self, *, first: date = TODAY, announce: bool = True) -> int:
        draft = consult.read_draft(self.services, "du-thao.docx", drafts.write())
        plan = consult.Plan("Quy định dạy thêm", "GDTRH", "", first, TODAY + timedelta(days=30))
        with self.services.store.transaction() as tx:
            made = consult.prepare(tx, self.services, plan, draft, self.by(self.lead))
            if announce:
                consult.announce(tx, made, self.by(self.lead))
            return made.id

    def publish(self, number: int) -> None:
        self.clock.at += timedelta(days=31)
        with self.services.store.transaction() as tx:
            found = consultations.get(tx, number)
            assert found is not None
            for group in consultations.groups(tx, number):
                consult.answer(tx, found, group, self.by(self.lead), verdict="accepted",
                               text="Bỏ giới hạn này.", summary="")  # fmt: skip
            consult.submit(tx, found, self.by(self.lead))
            consult.publish(tx, found, self.by(self.leader))


@pytest.fixture
def board(app: Any, clock: builders.MovingClock) -> Board:
    return Board(app, clock)


def send(reader: Reader, number: int, status: int = 303, part: str = "0", **fields: str) -> Any:
    path = f"/du-thao/{number}/gop-y"
    hidden = reader.fields(path)
    given = {"noi_dung": "Nên bỏ giới hạn 20 giờ", "dong_y": "1", "muc": part, **fields}
    answer = reader.client.post(path, data={**hidden, **given})
    assert answer.status_code == status, answer.text
    return answer


def test_the_draft_can_be_commented_on_at_every_clause(board: Board, reader: Reader) -> None:
    number = board.open()
    listed = reader.get("/du-thao")
    assert "Đang lấy ý kiến" in words(listed) and "23/12/2026" in words(listed)
    page = reader.get(f"/du-thao/{number}")
    links = [one.get("href") for one in page.iter("a") if "gop-y?muc=" in (one.get("href") or "")]
    assert len(links) == 10
    form = reader.get(links[4])
    assert "Không dạy thêm sau 20 giờ." in words(form)
    file = reader.client.get(f"/du-thao/{number}/du-thao.docx")
    assert file.status_code == 200 and file.data[:2] == b"PK"


def test_a_comment_is_a_submission_with_code_and_pin(board: Board, reader: Reader) -> None:
    number = board.open()
    send(reader, number, part="5", to_chuc="Trường THPT A", vai_tro="giao_vien")
    receipt = words(reader.get("/gop-y/da-nhan"))
    assert "PA-2611-" in receipt and "PIN" in receipt
    assert "Điều 2, dự thảo “Quy định dạy thêm”" in receipt or "Khoản" in receipt
    assert "bảng tiếp thu, giải trình" in receipt
    assert "1 ý kiến" in words(reader.get(f"/du-thao/{number}"))


def test_what_is_missing_is_said_and_nothing_is_lost(board: Board, reader: Reader) -> None:
    number = board.open()
    answer = send(reader, number, 422, noi_dung="", dong_y="", to_chuc="Tổ Văn", neu_ten="1")
    for sentence in ("Viết nội dung góp ý.", "Đánh dấu đồng ý", "Ghi họ tên"):
        assert sentence in answer.text
    assert "Tổ Văn" in answer.text
    assert "cần bớt 1 ký tự" in send(reader, number, 422, noi_dung="a" * 5001).text


def test_a_draft_in_preparation_is_not_there(board: Board, reader: Reader) -> None:
    number = board.open(announce=False)
    for path in ("", "/gop-y", "/du-thao.docx", "/bang-tong-hop.xlsx"):
        assert reader.client.get(f"/du-thao/{number}{path}").status_code == 404
    assert "Quy định dạy thêm" not in words(reader.get("/du-thao"))
    for path in ("/du-thao/99", "/du-thao/99999999999999999999"):
        assert reader.client.get(path).status_code == 404


def test_one_that_opens_later_shows_its_day_and_no_text(board: Board, reader: Reader) -> None:
    number = board.open(first=TODAY + timedelta(days=2))
    page = words(reader.get(f"/du-thao/{number}"))
    assert "25/11/2026" in page and "20 giờ" not in page
    assert reader.client.get(f"/du-thao/{number}/gop-y").status_code == 404


def test_late_comments_are_taken_and_told(
    board: Board, reader: Reader, clock: builders.MovingClock
) -> None:
    number = board.open()
    clock.at += timedelta(days=40)
    assert "đánh dấu gửi muộn" in words(reader.get(f"/du-thao/{number}"))
    send(reader, number)
    assert "đánh dấu gửi muộn" in words(reader.get("/gop-y/da-nhan"))


def test_a_sealed_matter_is_named_nowhere(board: Board, reader: Reader) -> None:
    number = board.open()
    send(reader, number, noi_dung="Hiệu trưởng nhận tiền để duyệt nơi dạy thêm")
    receipt = words(reader.get("/gop-y/da-nhan"))
    assert "Kênh mật" in receipt and "Quy định dạy thêm" not in receipt
    assert "0 ý kiến" in words(reader.get(f"/du-thao/{number}"))


def test_everything_is_public_at_one_moment(board: Board, reader: Reader) -> None:
    number = board.open()
    send(reader, number, part="5", ten="Lê Kín", noi_dung="Nên bỏ, gọi tôi 0912345678")
    send(reader, number, part="5", ten="Phạm Thị Mở", neu_ten="1", noi_dung="Giữ nguyên là đúng")
    before = reader.client.get(f"/du-thao/{number}/bang-tong-hop.xlsx")
    assert before.status_code == 404
    board.publish(number)
    page = words(reader.get(f"/du-thao/{number}"))
    assert "Tiếp thu" in page and "Bỏ giới hạn này." in page and "Phạm Thị Mở" in page
    assert "Lê Kín" not in page and "0912345678" not in page
    word = reader.client.get(f"/du-thao/{number}/bang-tong-hop.docx")
    table = docx.Document(io.BytesIO(word.data)).tables[1]
    assert [cell.text for cell in table.rows[0].cells] == list(opinions.HEADINGS)
    assert "Tiếp thu. Bỏ giới hạn này." in table.rows[1].cells[3].text
    file = reader.client.get(f"/du-thao/{number}/bang-tong-hop.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "CHỦ THỂ GÓP Ý" in cells and "Tiếp thu. Bỏ giới hạn này." in cells
    assert not any("Lê Kín" in one or "0912345678" in one for one in cells)


def test_the_status_page_shows_where_it_stands(board: Board, reader: Reader) -> None:
    number = board.open()
    send(reader, number, part="5")
    receipt = reader.get("/gop-y/da-nhan")
    code, pin = (words(one) for one in receipt.iter("dd") if "ln-num" in (one.get("class") or ""))
    hidden = reader.fields("/tra-cuu")
    answer = reader.client.post("/tra-cuu", data={**hidden, "ma": code, "pin": pin})
    assert f"/du-thao/{number}" in answer.text and "Góp ý dự thảo" in answer.text
    with board.services.store.reading() as tx:
        case = cases.by_code(tx, code)
    assert case is not None and case.kind == "draft_comment" and case.consent_at


def test_very_many_from_one_address_are_asked_for_effort(
    board: Board, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake_api.public import effort

    number = board.open()
    monkeypatch.setattr(effort, "too_many", lambda: True)
    answer = send(reader, number, 429)
    assert "CHƯA được gửi" in answer.text and "Nên bỏ giới hạn 20 giờ" in answer.text


def test_a_form_that_stood_open_too_long_keeps_its_words(board: Board, reader: Reader) -> None:
    number = board.open()
    answer = reader.client.post(f"/du-thao/{number}/gop-y", data={"noi_dung": "Chữ đã gõ"})
    assert answer.status_code == 400 and "Chữ đã gõ" in answer.text


def test_the_general_form_takes_words_that_name_a_draft(board: Board, reader: Reader) -> None:
    number = board.open()
    hidden = reader.fields("/gop-y")
    text = "Góp ý dự thảo dạy thêm, Điều 3 nên quy định rõ"
    reader.client.post("/gop-y", data={**hidden, "noi_dung": text, "an_danh": "1", "dong_y": "1"})
    assert "bảng tiếp thu, giải trình" in words(reader.get("/gop-y/da-nhan"))
    assert "1 ý kiến" in words(reader.get(f"/du-thao/{number}"))
