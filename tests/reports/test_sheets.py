"""Workbooks that are written as they are read."""

from __future__ import annotations

import io
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator

import openpyxl

from intake_api.reports import sheets


def _rows(count: int) -> Iterator[list[str | int]]:
    for number in range(count):
        yield [f"PA-{number}", "nội dung dài của một ý kiến " * 8, number]


def _peak(count: int) -> int:
    """Most memory that writing takes, in bytes."""
    with tempfile.TemporaryFile() as target:
        tracemalloc.start()
        sheets.write(target, [sheets.Sheet("A", ("Mã", "Lời", "Số"), (9, 9, 9), _rows(count))])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_ten_times_as_many_pages_take_no_more_memory() -> None:
    _peak(10)  # what is loaded once
    small, large = _peak(400), _peak(4_000)
    assert large < small + 100_000, (small, large)


def test_text_is_never_a_formula_and_broken_characters_are_left_out() -> None:
    target = io.BytesIO()
    rows = [["=1+1", 3, None], ["a\x00b\x07", -2.5, "+84"]]
    sheets.write(target, [sheets.Sheet("A" * 40, ("x", "y", "z"), (9, 9, 9), rows, ("trên",))])
    page = openpyxl.load_workbook(target).worksheets[0]
    assert page.title == "A" * 31
    assert [[cell.value for cell in line] for line in page.iter_rows()] == [
        ["trên", None, None], ["x", "y", "z"], ["=1+1", 3, None], ["ab", -2.5, "+84"],
    ]  # fmt: skip
    with zipfile.ZipFile(target) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
