from __future__ import annotations

import pytest

from actions.corrections import named_field, read_correction


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("sửa tên trường là THCS Lê Hồng Phong", "place", "THCS Lê Hồng Phong"),
        ("sua lai thanh truong tieu hoc le hong phong", "place", "truong tieu hoc le hong phong"),
        ("không phải trường đó", "place", None),
        ("sai tên trường", "place", None),
        ("đổi số điện thoại", "contact", None),
        ("số điện thoại đúng là 0900000456", "contact", "0900000456"),
        ("cho tôi sửa nội dung", "content", None),
        ("nham roi, truong THPT B Phu Ly", "place", "truong THPT B Phu Ly"),
        ("em viet nham truong, la truong THPT B", "place", "truong THPT B"),
        ("ah nhầm, trường THPT B Phủ Lý mới đúng", "place", "trường THPT B Phủ Lý"),
        ("nhầm, THCS Trần Phú chứ không phải THCS Liêm Chính", "place", "THCS Trần Phú"),
        ("không phải THCS Liêm Chính, THCS Trần Phú cơ", "place", "THCS Trần Phú"),
        ("sửa trường là ẩn danh", "place", None),
        ("sửa", None, None),
        ("ấy chết gõ nhầm", None, None),
    ],
)
def test_field_and_value(text: str, field: str | None, value: str | None) -> None:
    assert read_correction(text) == (field, value)


@pytest.mark.parametrize("text", ["", "là", "ß là İ", "sửa: ", "👍 là 👍"])
def test_odd_text_is_survived(text: str) -> None:
    read_correction(text)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("ten truong", "place"),
        ("sửa tên trường nhé", "place"),
        ("nội dung", "content"),
        ("sđt", "contact"),
        ("trường thu tiền", None),
        ("tên tôi là Lan", None),
    ],
)
def test_a_bare_field_is_named(text: str, field: str | None) -> None:
    assert named_field(text) == field
