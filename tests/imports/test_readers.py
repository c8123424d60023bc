"""Old data as people have it: exports, tables in every spelling, and files that are none."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from intake_api.domain.history import BadItem, OldItem, UnreadableFile, fingerprint
from intake_api.imports import faq_files, page_export, table

EXPORT = {
    "data": [
        {
            "id": "1001_7", "message": "Thông báo thu đầu năm", "permalink_url": "https://f/7",
            "created_time": "2023-09-01T01:00:00+0000",
            "comments": {"data": [
                {"id": "7_1", "message": "thu nhiều quá",
                 "created_time": "2023-09-01T02:00:00+0000",
                 "from": {"id": "4004", "name": "Nguyễn A"},
                 "comments": {"data": [
                     {"id": "7_2", "message": "Sở ghi nhận", "from": {"id": "1001", "name": "Sở"},
                      "created_time": "2023-09-01T03:00:00+0000"}]}},
                {"id": "7_3", "message": "thiếu ngày"},
            ]},
        },
        {"message": "không có id"},
    ]
}  # fmt: skip


def write(folder: Path, body: Any, name: str = "x.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def good(items: Any) -> list[OldItem]:
    return [one for one in items if isinstance(one, OldItem)]


def test_posts_comments_and_the_pages_answers_are_read(tmp_path: Path) -> None:
    found = list(page_export.read(write(tmp_path, EXPORT)))
    post, comment, answer = good(found)
    assert (post.kind, post.text, post.permalink) == (
        "post",
        "Thông báo thu đầu năm",
        "https://f/7",
    )
    assert (comment.key, comment.author, comment.by_page) == ("comment:7_1", "4004", False)
    assert (comment.answer, comment.answered_at) == ("Sở ghi nhận", answer.at)
    assert answer.by_page and answer.parent_id == "7_1"
    assert [one.why for one in found if isinstance(one, BadItem)] == [
        "bình luận thiếu id hoặc created_time", "bài viết thiếu id hoặc created_time",
    ]  # fmt: skip


def test_names_are_never_kept(tmp_path: Path) -> None:
    body = json.loads(json.dumps(EXPORT))
    del body["data"][0]["comments"]["data"][0]["from"]["id"]
    comment = good(page_export.read(write(tmp_path, body)))[1]
    assert comment.author.startswith("x") and "Nguyễn" not in repr(comment)


def test_a_downloaded_inbox_is_repaired_and_grouped(tmp_path: Path) -> None:
    def broken(text: str) -> str:
        return text.encode().decode("latin-1")

    at = 1_690_000_000_000
    said = [("Mẹ An", 0, "Cô ơi"), ("Mẹ An", 60, "trường thu tiền sai"), ("Sở", 600, "Sở ghi nhận"),
            ("Mẹ An", 90_000, "Cảm ơn Sở")]  # fmt: skip
    body = {
        "participants": [{"name": broken("Mẹ An")}, {"name": broken("Sở")}],
        "messages": [
            {"sender_name": broken(who), "timestamp_ms": at + after * 1000, "content": broken(text)}
            for who, after, text in reversed(said)
        ],
    }
    first, second = good(page_export.read(write(tmp_path, body)))
    assert (first.text, first.answer) == ("Cô ơi\ntrường thu tiền sai", "Sở ghi nhận")
    assert (second.text, second.answer, second.channel) == ("Cảm ơn Sở", "", "messenger")


@pytest.mark.parametrize("raw", [b"", b"{oops", b"[" * 100_000, b"\xff\xfe\x00", b'{"a": 1}', b"7"])
def test_what_is_no_export_is_said_in_one_sentence(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile, match=r"\.$"):
        list(page_export.read(path))
    with pytest.raises(UnreadableFile, match="Không mở được"):
        list(page_export.read(tmp_path / "none.json"))


ROWS = [
    ["STT", "Ngày nhận", "Nội dung phản ánh", "Trường", "Kênh", "Kết quả xử lý", "Họ tên"],
    ["1", "15/7/2023", "Thu quỹ lớp không phiếu", "THCS Trần Phú", "Fanpage", "Đã trả lại", "Bà B"],
    ["2", "16/07/2023 14:30", "Học thêm tràn lan", "", "zalo", "", ""],
    ["3", "hôm qua", "Không rõ ngày", "", "", "", ""],
    ["4", "2023-07-17", "  ", "", "", "", ""],
    ["", "", "", "", "", "", ""],
]


def as_csv(folder: Path, mark: str, encoding: str) -> Path:
    path = folder / "x.csv"
    path.write_text("\n".join(mark.join(row) for row in ROWS), encoding=encoding)
    return path


def as_xlsx(folder: Path) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append(row)
    book.active["B2"] = datetime(2023, 7, 15, 12)  # noqa: DTZ001  # Excel knows no zones
    path = folder / "x.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("how", [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), None])
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, how: tuple[str, str] | None) -> None:
    path = as_csv(tmp_path, *how) if how else as_xlsx(tmp_path)
    found = list(table.read(path))
    first, second = good(found)
    assert (first.text, first.place, first.channel) == (
        "Thu quỹ lớp không phiếu", "THCS Trần Phú", "messenger",
    )  # fmt: skip
    assert first.answer == "Đã trả lại" and first.at.isoformat() == "2023-07-15T12:00:00+07:00"
    assert (second.channel, second.at.hour) == ("zalo", 14)
    assert [one.why[:5] for one in found if isinstance(one, BadItem)] == ["ngày ", "thiếu"]
    assert "Bà B" not in repr(found)
    assert table.columns(path)["text"] == "Nội dung phản ánh"


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("a.csv", "Họ tên,Lớp\nA,B".encode(), "thiếu cột nội dung và ngày"),
        ("a.csv", b"", "thiếu cột"),
        ("a.csv", b"\xc3\x28\xa0\xa1\x00", "CSV UTF-8"),
        ("a.xlsx", b"PK not a sheet", "XLSX hỏng"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, name: str, raw: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(UnreadableFile, match=why):
        list(table.read(tmp_path / name))


def test_entries_that_would_unpack_to_too_much_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = faq_files.to_xlsx([{"title": "Thi mấy môn", "versions": []}])
    assert len(faq_files.read("a.xlsx", raw)) == 1
    monkeypatch.setattr(faq_files, "MAX_UNPACKED", 100)
    with pytest.raises(UnreadableFile, match="giải nén ra quá lớn"):
        faq_files.read("a.xlsx", raw)


def test_the_same_words_on_the_same_day_have_one_mark() -> None:
    at = datetime.fromisoformat("2023-07-15T08:00:00+07:00")
    assert fingerprint("Thu  QUỸ lớp", at) == fingerprint("thu quy lop", at.replace(hour=20))
    assert fingerprint("thu quy lop", at) != fingerprint("thu quy lop", at.replace(day=16))
