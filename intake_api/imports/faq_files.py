"""Entries of the FAQ from and into files: YAML as in data/faq, XLSX with a row for each dated
answer. Reads and writes only; what a row is worth is decided by ``flow.faq_import``."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from intake_api.domain.history import UnreadableFile
from intake_api.imports.sheet import opened
from vntext import fold

MAX_BYTES, MAX_ROWS, MAX_UNPACKED = 10 * 1024 * 1024, 5000, 200 * 1024 * 1024
# Column → heading; the first is the key that joins the rows of one entry.
COLUMNS = {
    "slug": "Mã mục", "title": "Tên mục", "short": "Tên ngắn", "topic": "Mã chủ đề",
    "owner": "Mã đơn vị", "questions": "Cách hỏi (mỗi dòng một câu)",
    "review_by": "Rà soát trước", "family": "Nhóm", "related": "Mục liên quan",
    "instead": "Thay bằng", "valid_from": "Hiệu lực từ", "valid_to": "Đến hết ngày",
    "answer": "Trả lời", "details": "Chi tiết (mỗi dòng một ý)", "more": "Xem thêm",
    "document": "Văn bản", "issuer": "Cơ quan ban hành", "date": "Ngày văn bản",
    "article": "Điều, khoản",
}  # fmt: skip
_OF_ANSWER = ("valid_from", "valid_to", "answer", "details", "more")
_OF_SOURCE = ("document", "issuer", "date", "article")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a file: where it stands, its plain form, and what could not be read of it."""

    where: str
    plain: dict[str, Any]
    wrong: tuple[str, ...] = field(default=())


def read(name: str, raw: bytes) -> list[Item]:
    """The entries of a file, good ones and bad ones. Raises UnreadableFile (Vietnamese)."""
    if len(raw) > MAX_BYTES:
        raise UnreadableFile("Tệp lớn quá 10 MB; hãy tách thành nhiều tệp.")
    found = _from_xlsx(raw) if name.lower().endswith(".xlsx") else _from_yaml(raw)
    if not found:
        raise UnreadableFile("Tệp không có mục nào.")
    return found


# ------------------------------------------------------------------------------- YAML


def _from_yaml(raw: bytes) -> list[Item]:
    try:
        parts = list(yaml.safe_load_all(raw.decode("utf-8-sig")))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" gần dòng {line + 1}"
        raise UnreadableFile(f"Tệp không đọc được như YAML (UTF-8){where}.") from error
    items: list[Any] = []
    for part in parts:
        items += part if isinstance(part, list) else [] if part is None else [part]
    if len(items) > MAX_ROWS:
        raise UnreadableFile(f"Tệp có quá {MAX_ROWS} mục; hãy tách thành nhiều tệp.")
    found = []
    for number, one in enumerate(items, 1):
        if isinstance(one, dict):
            found.append(Item(f"Mục thứ {number}", {str(k): _plain(v) for k, v in one.items()}))
        else:
            found.append(Item(f"Mục thứ {number}", {}, ("Không phải là một mục hỏi đáp.",)))
    return found


def _plain(value: Any) -> Any:
    """JSON values only: days as ISO texts."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def to_yaml(entries: Iterable[dict[str, Any]]) -> bytes:
    """Entries as one YAML file that ``read`` takes again."""
    text = yaml.safe_dump_all(
        list(entries), allow_unicode=True, sort_keys=False, width=100, explicit_start=True
    )
    return text.encode("utf-8")


# ------------------------------------------------------------------------------- XLSX


def _from_xlsx(raw: bytes) -> list[Item]:
    items: dict[str, Item] = {}
    # A value that somebody's Excel reckoned once is no entry.
    with opened(io.BytesIO(raw), formulas=True, most=MAX_UNPACKED) as sheet:
        rows = sheet.iter_rows()
        places = _places([cell.value for cell in next(rows, ())])
        for line, cells in enumerate(rows, 2):
            if line > MAX_ROWS + 1:
                raise UnreadableFile(f"Bảng dài quá {MAX_ROWS} dòng; hãy tách thành nhiều tệp.")
            _row(items, line, cells, places)
    return list(items.values())


def _places(head: Sequence[Any]) -> dict[str, int]:
    plain = [" ".join(fold(str(one or "")).lower().split()) for one in head]
    found = {}
    for name, heading in COLUMNS.items():
        wanted = " ".join(fold(heading).lower().split())
        for place, one in enumerate(plain):
            if one and (one == wanted or one == wanted.split(" (")[0]):
                found[name] = place
                break
    missing = [COLUMNS[name] for name in ("title", "answer", "valid_from") if name not in found]
    if missing:
        raise UnreadableFile(f"Dòng đầu của bảng thiếu cột: {', '.join(missing)}.")
    return found


def _row(items: dict[str, Item], line: int, cells: Sequence[Any], places: dict[str, int]) -> None:
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, place in places.items():
        cell = cells[place] if place < len(cells) else None
        value = getattr(cell, "value", None)
        if getattr(cell, "data_type", "") == "f":
            where = getattr(cell, "coordinate", COLUMNS[name])
            wrong.append(f"Ô {where} là công thức; chép giá trị vào rồi nhập lại.")
            value = ""
        values[name] = _cell(value)
    if not any(values.values()) and not wrong:
        return
    key = values.get("slug") or f"#{line}"
    answer = {name: values.get(name, "") for name in _OF_ANSWER}
    answer["source"] = {name: values.get(name, "") for name in _OF_SOURCE}
    known = items.get(key)
    if known is None:
        head = {n: v for n, v in values.items() if n not in (*_OF_ANSWER, *_OF_SOURCE)}
        items[key] = Item(f"Dòng {line}", {**head, "versions": [answer]}, tuple(wrong))
        return
    known.plain["versions"].append(answer)
    items[key] = Item(f"{known.where}, {line}", known.plain, (*known.wrong, *wrong))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("_x000D_", "").replace("\r\n", "\n").strip()


def to_xlsx(entries: Iterable[dict[str, Any]]) -> bytes:
    """Entries as one sheet, a row for each dated answer; nothing in it is a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hỏi đáp")
    sheet.append([_said(sheet, heading) for heading in COLUMNS.values()])
    for entry in entries:
        for version in entry["versions"] or [{}]:
            values = {**entry, **version, **(version.get("source") or {})}
            sheet.append([_said(sheet, _joined(values.get(name))) for name in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _joined(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value or "")


def _said(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with: a "=" must not become a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
