"""Entities with and without diacritics."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from tests.vntext.strategies import any_text
from vntext import find_entities, fold


def values(text: str, kind: str) -> list[str]:
    return [e.value for e in find_entities(text) if e.kind == kind]


@pytest.mark.parametrize(
    ("text", "district"),
    [("ở Phủ Lý", "Phủ Lý"), ("huyen ly nhan", "Lý Nhân"), ("thpt a kb", "Kim Bảng"),
     ("truong thcs tran phu pl", "Phủ Lý"), ("ở bl", "Bình Lục"), ("tx dt", "Duy Tiên"),
     ("thpt b tl", "Thanh Liêm")],
)  # fmt: skip
def test_district(text: str, district: str) -> None:
    assert values(text, "district") == [district]


@pytest.mark.parametrize("text", ["bl điểm", "ad tl giúp", "số dt của em", "ln", "kb với nhau"])
def test_no_district(text: str) -> None:
    assert values(text, "district") == []


@pytest.mark.parametrize(
    ("text", "level"),
    [("lớp 7", "thcs"), ("lop 3", "th"), ("khối 12", "thpt"), ("cô mẫu giáo", "mn"),
     ("gdtx", "gdtx"),
     ("cấp 2", "thcs"), ("tieu hoc", "th"), ("trường mầm non", "mn"), ("trẻ 5 tuổi", "mn"),
     ("trung học phổ thông", "thpt"), ("vào 10", "thpt")],
)  # fmt: skip
def test_level(text: str, level: str) -> None:
    assert set(values(text, "level")) == {level}


@pytest.mark.parametrize(
    ("text", "grade"),
    [("lớp 6B", "6"), ("12A1", "12"), ("lop 9", "9"), ("k11", "11"), ("lớp một", "1"),
     ("ts10", "10"), ("lop 6 k co", "6")],
)  # fmt: skip
def test_grade(text: str, grade: str) -> None:
    assert values(text, "grade") == [grade]


@pytest.mark.parametrize(
    "text", ["10đ", "lớp 40 em", "số nhà 5b", "lớp năm nay", "lớp học", "thi 10 môn", "A00", "13a"]
)
def test_no_grade(text: str) -> None:
    assert values(text, "grade") == []


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("thpt a kb tuyển sinh", "THPT A Kim Bảng"),
        ("truong thcs tran phu pl", "Trường THCS Trần Phú"),
        ("tieu hoc minh khai", "Tiểu học Minh Khai"),
        ("mn hoa sen", "Mầm non Hoa Sen"),
        ("Trường THPT A Kim Bảng thu", "Trường THPT A Kim Bảng"),
        ("truong thpt chuyen bien hoa", "Trường THPT Chuyên Biên Hòa"),
        ("thpt binh luc a", "THPT A Bình Lục"),
        ("TRƯỜNG THCS LÝ NHÂN THU TIỀN", "Trường THCS Lý Nhân"),
        ("trường tiểu học Thanh Tâm 2", "Trường Tiểu học Thanh Tâm"),
        ("trường Nguyễn Hữu Tiến", "Trường Nguyễn Hữu Tiến"),
        ("TH Thanh Sơn", "Tiểu học Thanh Sơn"),
        ("thcs nguyen van an", "THCS Nguyen Van An"),
        ("THCS Đinh Văn Xyz", "THCS Đinh Văn Xyz"),
    ],
)
def test_school(text: str, school: str) -> None:
    assert values(text, "school") == [school]


@pytest.mark.parametrize(
    "text",
    ["trường thcs thu tiền quỹ", "truong thcs X thu", "thi tốt nghiệp thpt năm 2025",
     "trường mầm non công lập", "hoc cap 3 o dau", "trường học xuống cấp", "thpt khong thi",
     "thpt hệ thường xuyên",
     "gdtx tệ như bãi rác", "trường quê", "trường thpt giải thể"],
)  # fmt: skip
def test_no_school(text: str) -> None:
    assert values(text, "school") == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("năm học 2023-2024", "school_year", "2023-2024"),
        ("nam hoc 23-24", "school_year", "2023-2024"),
        ("2023 – 2024", "school_year", "2023-2024"),
        ("năm 2023", "year", "2023"),
        ("kỳ thi 2025", "year", "2025"),
        ("tuyển sinh năm 2026", "year", "2026"),
        ("khóa 2007", "birth_year", "2007"),
        ("2k7", "birth_year", "2007"),
        ("sinh năm 2008", "birth_year", "2008"),
        ("2tr", "money", "2000000"),
        ("1tr2", "money", "1200000"),
        ("2tr500", "money", "2500000"),
        ("500k", "money", "500000"),
        ("1.200.000đ", "money", "1200000"),
        ("25k/bữa", "money", "25000"),
        ("1,5 triệu", "money", "1500000"),
        ("hai triệu rưỡi", "money", "2500000"),
        ("năm trăm nghìn", "money", "500000"),
        ("300.000", "money", "300000"),
        ("5/9/2025", "date", "2025-09-05"),
        ("ngày 20 tháng 11", "date", "--11-20"),
        ("tháng 6/2026", "date", "2026-06"),
        ("hạn 15/6", "date", "--06-15"),
    ],
)
def test_figures(text: str, kind: str, value: str) -> None:
    assert values(text, kind) == [value]
    assert values(fold(text), kind) == [value]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("10đ", "money"), ("tuyển thẳng 10 em", "date"), ("ha nam cu", "money"),
     ("sách giáo khoa năm 2014", "birth_year"), ("lop 6 k co", "money"),
     ("2k7", "money"), ("thông tư 29/2024", "year"),
     ("2023-2025", "school_year"), ("tuyển sinh năm 2026", "birth_year"), ("8/10 điểm", "date"),
     ("32/13/2025", "date"), ("học sinh năm 2025", "birth_year"), ("6 k", "money")],
)  # fmt: skip
def test_figures_that_are_something_else(text: str, kind: str) -> None:
    assert values(text, kind) == []


def test_decomposed_text_gives_spans_of_the_original() -> None:
    text = unicodedata.normalize("NFD", "trường thcs Trần Phú, Phủ Lý")
    found = {e.kind: e for e in find_entities(text)}
    assert found["district"].text == unicodedata.normalize("NFD", "Phủ Lý")
    assert text[found["school"].start : found["school"].end] == found["school"].text


@given(any_text)
def test_spans_are_exact(text: str) -> None:
    mixed = f"{text} lớp 7 trường thcs tran phu pl 500k năm 2025 {text}"
    for entity in find_entities(mixed):
        assert mixed[entity.start : entity.end] == entity.text != ""
