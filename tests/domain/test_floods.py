from __future__ import annotations

import pytest

from intake_api.domain.floods import folds_into

TEXT = "Trường THCS Trần Phú thu quỹ lớp 500.000 đồng không có phiếu thu, đề nghị Sở kiểm tra ngay."
OTHER = "Thư viện trường mở cửa quá muộn, học sinh không mượn được sách vào giờ ra chơi."


@pytest.mark.parametrize(
    ("earlier", "case"),
    [
        ([], None),
        ([(1, TEXT)], None),
        ([(1, TEXT), (2, TEXT)], None),
        ([(1, TEXT), (2, TEXT), (3, TEXT)], 1),
        ([(1, OTHER), (2, TEXT), (3, TEXT.upper()), (4, TEXT + " Xin cảm ơn.")], 2),
        ([(1, OTHER), (2, OTHER), (3, OTHER)], None),
    ],
)
def test_the_fourth_copy_joins_the_first(earlier: list[tuple[int, str]], case: int | None) -> None:
    assert folds_into(TEXT, earlier) == case


def test_nothing_to_compare_joins_nothing() -> None:
    assert folds_into("???", [(1, "!!!"), (2, "..."), (3, "?")]) is None
