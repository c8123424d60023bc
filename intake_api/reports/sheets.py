"""Workbooks written row by row: thousands of pages take no more memory than one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

Cell = str | int | float | None
# What a workbook is called on the wire.
KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML cannot hold, and no text needs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """``title``: at most 31 characters; ``widths`` in characters, one for each heading."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]
    above: Sequence[str] = ()  # lines above the headings
    wrapped: bool = False  # long texts over several lines


def write(target: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Writes a workbook; rows are taken one at a time and not kept. Text stays text: what begins
    like a formula is none."""
    # Only a process that makes a workbook has the library.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    bold, wrapped = Font(bold=True), Alignment(vertical="top", wrap_text=True)

    def written(page: Any, said: str, look: Any = None) -> Any:
        cell = WriteOnlyCell(page, _CONTROL.sub("", said)[:32_000])
        cell.data_type = "s"
        if look is not None:
            cell.alignment = look
        return cell

    for sheet in sheets:
        page: Any = book.create_sheet(sheet.title[:31])
        for place, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(place)].width = width
        page.freeze_panes = f"A{len(sheet.above) + 2}"
        for line in sheet.above:
            page.append([written(page, line)])
        head = [written(page, one, wrapped) for one in sheet.headings]
        for cell in head:
            cell.font = bold
        page.append(head)
        look = wrapped if sheet.wrapped else None
        for row in sheet.rows:
            page.append([written(page, one, look) if isinstance(one, str) else one for one in row])
    book.save(target)
