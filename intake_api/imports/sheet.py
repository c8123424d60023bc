"""Opens the sheet of an XLSX file for reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from intake_api.domain.history import UnreadableFile


@contextmanager
def opened(
    source: Path | IO[bytes], *, formulas: bool = False, most: int | None = None
) -> Iterator[Any]:
    """The sheet that is shown first. ``formulas``: as they stand, not the values that were reckoned
    once; ``most``: bytes that the file may unpack to. Raises UnreadableFile."""
    # Read where a sheet is opened: web processes start without it.
    from openpyxl import load_workbook

    try:
        if most is not None:
            _check(source, most)
        book = load_workbook(source, read_only=True, data_only=not formulas)
    except UnreadableFile:
        raise
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise UnreadableFile("Tệp XLSX hỏng, có mật khẩu, hoặc không phải XLSX.") from error
    try:
        if book.active is None:
            raise UnreadableFile("Tệp XLSX không có trang tính nào.")
        yield book.active
    finally:
        book.close()


def _check(source: Path | IO[bytes], most: int) -> None:
    with ZipFile(source) as packed:
        if sum(one.file_size for one in packed.infolist()) > most:
            raise UnreadableFile("Tệp XLSX giải nén ra quá lớn.")
