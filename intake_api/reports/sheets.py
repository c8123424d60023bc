"""Workbooks written row by row: thousands of pages take no more memory than one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """``title``: at most 31 characters; ``widths`` in characters, one for each heading."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]
    above: Sequence[str] = ()  # lines above the headings


def write(target: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Writes a workbook; rows are taken one at a time and not kept. Text stays text: what begins
    like a formula is none."""
    book = Workbook(write_only=True)
    bold, wrapped = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    for sheet in sheets:
        page: Any = book.create_sheet(sheet.title[:31])
        for place, width in enumerate(sheet.widths):
            page.column_dimensions[chr(ord("A") + place)].width = width
        page.freeze_panes = f"A{len(sheet.above) + 2}"
        for line in sheet.above:
            page.append([_cell(page, line)])
        head = [_cell(page, one) for one in sheet.headings]
        for cell in head:
            cell.font, cell.alignment = bold, wrapped
        page.append(head)
        for row in sheet.rows:
            page.append([_cell(page, one) if isinstance(one, str) else one for one in row])
    book.save(target)


def _cell(page: Any, said: str) -> Any:
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", said)[:32_000])
    cell.data_type = "s"
    return cell
