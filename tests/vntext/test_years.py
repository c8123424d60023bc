"""The year a question is about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vntext.strategies import any_text
from vntext import asked_year, fold

SPRING, AUTUMN = date(2026, 3, 1), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("điểm chuẩn năm 2023", 2023),
        ("tốt nghiệp 2025", 2025),
        ("lịch thi 2026 có chưa", 2026),
        ("tuyển sinh năm 2025", 2025),
        ("năm ngoái bao nhiêu điểm", 2025),
        ("năm nay", 2026),
        ("sang năm thi mấy môn", 2027),
        ("năm sau", 2027),
        ("năm học 2023-2024", 2023),
        ("nam hoc 23-24", 2023),
        ("khóa 2007", 2025),
        ("sinh năm 2007", 2025),
        ("2k7 thi mấy môn", 2025),
        ("2k7 năm nay thi lại", 2026),
        ("Hà Nam năm ngoái", 2025),
        ("theo thông tư 29/2024 thì năm 2025 ra sao", 2025),
        ("học sinh năm 2025", 2025),
        ("thông tư 29/2024", None),
        ("thông tư số 29/2024/TT-BGDĐT quy định gì", None),
        ("nghị quyết 29", None),
        ("chương trình 2018", None),
        ("chương trình 2006 học sao", None),
        ("sách 2018", None),
        ("tt 22/2021", None),
        ("Luật Giáo dục 2019", None),
        ("ở Hà Nam nay ra sao", None),
        ("hà nam sau sáp nhập", None),
        ("học phí bao nhiêu", None),
        ("thu 2000 đồng", None),
        ("", None),
        # Since when something is so is not the year that is asked about.
        ("mất bằng từ năm 2009 giờ xin cấp lại ở đâu", None),
        ("bằng tốt nghiệp từ 2024 giờ thi lại", None),
        ("từ năm 2027 thi trên máy tính à", 2027),
        ("từ 2023 đến 2025 học phí bao nhiêu", 2023),
        # The rule before.
        ("trước năm 2025 dạy thêm được không", 2024),
        ("trước tháng 2 năm 2025 quy định thế nào", 2024),
        ("trước 14/2/2025 thì sao", 2024),
    ],
)
def test_asked_year(text: str, year: int | None) -> None:
    assert asked_year(text, AUTUMN) == year
    assert asked_year(fold(text), AUTUMN) == year


@pytest.mark.parametrize(("today", "year"), [(SPRING, 2026), (AUTUMN, 2027)])
def test_next_exam(today: date, year: int) -> None:
    assert asked_year("kỳ thi tới", today) == year
    assert asked_year("ky thi tot nghiep sap toi", today) == year


@pytest.mark.parametrize(
    ("text", "spring", "autumn"),
    [("năm học này", 2025, 2026), ("năm học tới", 2026, 2027), ("năm học trước", 2024, 2025)],
)
def test_school_years_turn_in_september(text: str, spring: int, autumn: int) -> None:
    assert asked_year(text, SPRING) == spring
    assert asked_year(text, AUTUMN) == autumn


@given(any_text, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_never_raises(text: str, today: date) -> None:
    asked_year(text, today)
