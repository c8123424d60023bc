"""Documents as sources name them, and what a replaced one leaves to correct."""

from __future__ import annotations

from datetime import date

import pytest

from intake_api.domain import legal
from intake_api.domain.legal import Document, cited, flags, problems
from intake_api.domain.model import Entry, Source, Version


@pytest.mark.parametrize(
    ("source", "titles"),
    [
        ("Thông tư 29/2024/TT-BGDĐT", ["Thông tư 29/2024/TT-BGDĐT"]),
        (
            "Thông tư 32/2018/TT-BGDĐT (Chương trình GDPT), sửa đổi bởi Thông tư 20/2021, "
            "13/2022 và 17/2025",
            ["Thông tư 32/2018/TT-BGDĐT", "Thông tư 20/2021/TT-BGDĐT", "Thông tư 13/2022/TT-BGDĐT",
             "Thông tư 17/2025/TT-BGDĐT"],
        ),
        (
            "Luật Tố cáo 2018, sửa đổi bởi Luật 136/2025/QH15",
            ["Luật Tố cáo 2018", "Luật 136/2025/QH15"],
        ),
        (
            "Luật Thi đua, khen thưởng 06/2022/QH15; Thông tư 07/2026/TT-BGDĐT",
            ["Luật Thi đua, khen thưởng 06/2022/QH15", "Thông tư 07/2026/TT-BGDĐT"],
        ),
        ("Nghị quyết 29-NQ/TW", ["Nghị quyết 29-NQ/TW"]),
        (
            "Thông tư 29/2024/TT-BGDĐT ngày 31/3/2026 (hiệu lực 15/5/2026)",
            ["Thông tư 29/2024/TT-BGDĐT"],
        ),
        ("", []),
    ],
)  # fmt: skip
def test_what_a_source_names(source: str, titles: list[str]) -> None:
    assert [one.title for one in cited(source)] == titles


def test_a_number_is_found_however_it_is_typed() -> None:
    assert cited("Thông tư 29/2024/TT-BGDĐT")[0].key == legal.key_of("29/2024/tt-bgddt")


def answer(start: str, end: str | None, source: str, *, published: bool = True) -> Version:
    last = date.fromisoformat(end) if end else None
    return Version(date.fromisoformat(start), last, "x", (), "", Source(source, "", ""), published)


OLD = Document(1, "29/2024/tt-bgddt", "Thông tư 29/2024", valid_to=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("version", "flagged"),
    [
        (answer("2025-02-14", None, "Thông tư 29/2024/TT-BGDĐT"), True),
        (answer("2025-02-14", "2026-12-01", "Thông tư 29/2024/TT-BGDĐT"), True),
        (answer("2025-02-14", "2026-11-30", "Thông tư 29/2024/TT-BGDĐT"), False),
        (answer("2025-02-14", None, "Thông tư 30/2024/TT-BGDĐT"), False),
        (answer("2025-02-14", None, "Thông tư 29/2024/TT-BGDĐT", published=False), False),
    ],
)
def test_only_what_outlives_the_document_is_flagged(version: Version, flagged: bool) -> None:
    entry = Entry("a", "t", "U", "A", "A", ("q",), (version,))
    assert bool(flags(entry, [OLD])) == flagged


def test_replacements_never_run_in_a_circle() -> None:
    one = Document(1, "a", "A", valid_to=date(2026, 1, 1), replaced_by=2)
    two = Document(2, "b", "B", valid_to=date(2026, 1, 1), replaced_by=1)
    assert "replaced_by" in problems(one, {1: one, 2: two})
    assert problems(Document(1, "a", "A", valid_to=date(2026, 1, 1), replaced_by=2),
                    {2: Document(2, "b", "B")}) == {}  # fmt: skip
