from __future__ import annotations

import pytest

from actions.corrections import read_correction


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
        ("sửa", None, None),
        ("ấy chết gõ nhầm", None, None),
    ],
)
def test_field_and_value(text: str, field: str | None, value: str | None) -> None:
    assert read_correction(text) == (field, value)


@pytest.mark.parametrize("text", ["", "là", "ß là İ", "sửa: ", "👍 là 👍"])
def test_odd_text_is_survived(text: str) -> None:
    read_correction(text)
