"""Reads a table (CSV or XLSX) of what people said before, one row each, by its headings."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from intake_api.domain.history import BadItem, OldItem, UnreadableFile
from intake_api.domain.worktime import LOCAL
from vntext import fold, normalize

MAX_ROWS = 200_000
MAX_BYTES = 100 * 1024 * 1024
# What a column may be called, folded. The first that fits wins.
HEADINGS: dict[str, tuple[str, ...]] = {
    "text": ("noi dung", "y kien", "noi dung y kien", "noi dung phan anh", "phan anh", "text",
             "content", "message", "cau hoi"),
    "at": ("ngay", "ngay nhan", "ngay gui", "thoi gian", "ngay tiep nhan", "date", "created_at",
           "at", "timestamp"),
    "place": ("truong", "noi xay ra", "don vi bi phan anh", "dia diem", "school", "place"),
    "channel": ("kenh", "nguon", "channel", "source"),
    "answer": ("tra loi", "noi dung tra loi", "ket qua", "ket qua xu ly", "answer", "reply"),
    "answered_at": ("ngay tra loi", "ngay xu ly", "answered_at"),
    "id": ("ma", "stt", "so", "id", "code"),
}  # fmt: skip
_CHANNELS = {
    "messenger": "messenger", "facebook": "messenger", "fanpage": "messenger", "zalo": "zalo",
    "email": "email", "thu dien tu": "email", "web": "web", "website": "web", "bieu mau": "form",
    "form": "form", "binh luan": "comment", "comment": "comment",
}  # fmt: skip
_DAYS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y",
         "%d.%m.%Y", "%H:%M %d/%m/%Y")  # fmt: skip


def columns(path: Path) -> dict[str, str]:
    """Which heading of the file is taken for what; raises UnreadableFile when the words or the
    date are missing."""
    head = next(iter(_rows(path)), [])
    found = _places(head)
    return {name: str(head[place]).strip() for name, place in found.items()}


def read(path: Path) -> Iterator[OldItem | BadItem]:
    """Items of a table in its order. Raises UnreadableFile."""
    rows = iter(_rows(path))
    places = _places(next(rows, []))
    for line, row in enumerate(rows, start=2):
        if line > MAX_ROWS + 1:
            raise UnreadableFile(f"Bảng dài quá {MAX_ROWS} dòng; hãy tách thành nhiều tệp.")
        cell = {name: row[place] if place < len(row) else None for name, place in places.items()}
        if any(value not in (None, "") for value in row):
            yield _item(path, line, cell)


def _item(path: Path, line: int, cell: dict[str, Any]) -> OldItem | BadItem:
    text = _text(cell.get("text"))
    if not normalize(text).strip():
        return BadItem(line, "thiếu nội dung")
    at = _moment(cell.get("at"))
    if at is None:
        return BadItem(line, "ngày không đọc được (viết như 15/7/2023)")
    own = _text(cell.get("id"))
    key = f"{own}|{at.isoformat()}|{text}" if own else f"{at.isoformat()}|{text}"
    channel = _CHANNELS.get(" ".join(fold(_text(cell.get("channel"))).split()), "")
    answer = _text(cell.get("answer"))
    return OldItem(
        f"row:{hashlib.sha256(key.encode()).hexdigest()[:40]}", "message", line, text, at,
        place=_text(cell.get("place")), channel=channel, answer=answer,
        answered_at=_moment(cell.get("answered_at")) if answer else None,
    )  # fmt: skip


def _places(head: Sequence[Any]) -> dict[str, int]:
    plain = [" ".join(fold(_text(one)).split()) for one in head]
    found: dict[str, int] = {}
    for name, called in HEADINGS.items():
        for heading in called:
            if heading in plain:
                found[name] = plain.index(heading)
                break
    missing = [{"text": "nội dung", "at": "ngày"}[n] for n in ("text", "at") if n not in found]
    if missing:
        raise UnreadableFile(
            f"Dòng đầu của bảng thiếu cột {' và '.join(missing)}; có các cột: "
            + ", ".join(_text(one) for one in head if _text(one))[:300]
        )
    return found


def _rows(path: Path) -> Iterator[Sequence[Any]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile("Tệp lớn quá 100 MB; hãy tách thành nhiều tệp.")
        if path.suffix.lower() == ".xlsx":
            yield from _sheet(path)
        else:
            yield from _lines(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(f"Không mở được tệp: {error.strerror}.") from error


def _sheet(path: Path) -> Iterator[Sequence[Any]]:
    from intake_api.imports.sheet import opened  # only for such a file

    with opened(path) as sheet:
        for row in sheet.iter_rows(values_only=True):
            yield list(row)


def _lines(raw: bytes) -> Iterator[Sequence[Any]]:
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeError:
            continue
    else:
        raise UnreadableFile("Tệp CSV không phải UTF-8; hãy lưu lại bằng “CSV UTF-8”.")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    csv.field_size_limit(1_000_000)
    try:
        yield from csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=mark)
    except csv.Error as error:
        raise UnreadableFile(f"Tệp CSV không đọc được: {error}.") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\x00", "").strip()


def _moment(value: Any) -> datetime | None:
    """A cell's moment; without a time of day noon is meant, without a zone Hà Nam's clock."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, 12, tzinfo=LOCAL)
    text = _text(value)
    for form in _DAYS:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=LOCAL)
        except ValueError:
            continue
        return found if "%H" in form else found.replace(hour=12)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if "T" not in text and ":" not in text:
        found = found.replace(hour=12)
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)
