"""A draft is split into what people comment on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_api.domain import clauses
from intake_api.domain.clauses import Line, find, only_names, split

DECISION = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "QUYẾT ĐỊNH", "Căn cứ Luật Giáo dục;",
    "Điều 1. Ban hành kèm theo Quyết định này Quy định về dạy thêm.", "Điều 2. Hiệu lực",
    "Nơi nhận:", "- Như Điều 2;", "1. Một dòng của nơi nhận", "QUY ĐỊNH", "Về dạy thêm",
    "Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Phạm vi", "1. Khoản một", "a) Điểm a", "đ) Điểm đ",
    "2. Khoản hai", "Điều 1a. Chen giữa", "Điều 3. Sửa đổi", "1. Sửa khoản 2 như sau:",
    "“2. Nội dung mới", "a) Thử”.", "2. Bãi bỏ.", "Chương II. Tổ chức thực hiện", "Điều 4",
    "PHỤ LỤC I", "DANH MỤC", "1. Một",
)  # fmt: skip


def lines(*texts: str) -> list[Line]:
    return [Line(text) for text in texts]


def test_chapters_articles_clauses_points_and_annexes() -> None:
    found = split(lines(*DECISION))
    attached = "(Quy định kèm theo)"
    assert [one.place for one in found.clauses] == [
        "Phần mở đầu", "Điều 1", "Điều 2", "Quy định kèm theo", f"Chương I {attached}",
        f"Điều 1 {attached}", f"Khoản 1 Điều 1 {attached}", f"Điểm a khoản 1 Điều 1 {attached}",
        f"Điểm đ khoản 1 Điều 1 {attached}", f"Khoản 2 Điều 1 {attached}", f"Điều 1a {attached}",
        f"Điều 3 {attached}", f"Khoản 1 Điều 3 {attached}", f"Khoản 2 Điều 3 {attached}",
        f"Chương II {attached}", f"Điều 4 {attached}", "Phụ lục I",
    ]  # fmt: skip
    by_place = {one.place: one for one in found.clauses}
    parent = by_place[f"Điểm đ khoản 1 Điều 1 {attached}"].parent
    assert parent is not None and found.clauses[parent].label == "Khoản 1"
    assert "“2. Nội dung mới\na) Thử”." in by_place[f"Khoản 1 Điều 3 {attached}"].text
    assert by_place["Phụ lục I"].text == "DANH MỤC\n1. Một"
    assert found.warnings == ("Không thấy Điều 2 của quy định kèm theo.",)


def test_missing_and_repeated_articles_are_told() -> None:
    found = split(lines("Điều 1. Một", "Điều 2. Hai", "Điều 5. Năm", "Điều 5. Lại năm"))
    assert found.warnings == ("Không thấy Điều 3, 4.", "Điều 5 có hơn một lần.")


def test_a_plan_without_articles_is_split_by_its_headings() -> None:
    found = split(
        lines("KẾ HOẠCH", "I. MỤC ĐÍCH", "1. Mục đích", "a) Một", "1.1. Sâu hơn", "II. TỔ CHỨC")
    )
    assert [one.place for one in found.clauses] == [
        "Phần mở đầu", "Mục I", "Mục I.1", "Điểm a mục I.1", "Mục I.1.1", "Mục II",
    ]  # fmt: skip
    assert "không có Điều nào" in found.warnings[0]


def test_a_draft_without_any_number_is_split_by_paragraph_and_says_so() -> None:
    found = split([Line("Một đoạn."), Line("a | b", table=True), Line("c | d", table=True)])
    assert [(one.place, one.text) for one in found.clauses] == [
        ("Đoạn 1", "Một đoạn."), ("Bảng 1", "a | b\nc | d"),
    ]  # fmt: skip
    assert "từng đoạn" in found.warnings[0]
    with pytest.raises(clauses.NothingToSplit):
        split(lines("", "  "))


@pytest.mark.parametrize(
    "text",
    [
        "Điều 5 Luật Giáo dục quy định việc này.", "Chương I của Thông tư này áp dụng cho mọi cấp.",
        "Mục 2 Thông tư này.", "Phụ lục I ban hành kèm theo Thông tư này.", "30. Không là khoản",
    ],
)  # fmt: skip
def test_a_sentence_that_only_names_a_clause_opens_none(text: str) -> None:
    found = split(lines("Điều 1. Một", text))
    assert [one.place for one in found.clauses] == ["Điều 1"]
    assert text in found.clauses[0].text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("góp ý khoản 2 điều 1: nên bỏ", "Khoản 2 Điều 1 (Quy định kèm theo)"),
        ("dieu 1a viet chung chung", "Điều 1a (Quy định kèm theo)"),
        ("điểm đ khoản 1 Điều 1", "Điểm đ khoản 1 Điều 1 (Quy định kèm theo)"),
        ("Điều 4 khoản 7", "Điều 4 (Quy định kèm theo)"),
        ("phu luc i thieu mau", "Phụ lục I"),
        ("chương ii", "Chương II (Quy định kèm theo)"),
        ("điều 9", None),
        ("giá như thế là cao", None),
    ],
)
def test_the_clause_that_somebody_names_is_found(text: str, place: str | None) -> None:
    found = split(lines(*DECISION)).clauses
    number = find(found, text)
    assert (None if number is None else found[number].place) == place


def test_words_that_only_name_a_clause_are_told_from_a_comment() -> None:
    for text in ("ở khoản 2 điều 1 ạ", "điều 5", "Toàn bộ dự thảo", "dạ cả dự thảo ạ"):
        assert only_names(text), text
    for text in ("điều 5 nên bỏ", "cảm ơn", "", "5", "bỏ đi"):
        assert not only_names(text), text


_LINE = st.one_of(
    st.sampled_from(DECISION), st.text(alphabet="aăâđêơư ĐƠ.):“”1234567890IVXề", max_size=40)
)


@given(st.lists(st.builds(Line, _LINE, st.booleans()), max_size=40))
def test_whatever_comes_is_a_sound_tree(given_lines: list[Line]) -> None:
    try:
        found = split(given_lines)
    except clauses.NothingToSplit:
        return
    for number, one in enumerate(found.clauses):
        assert one.parent is None or one.parent < number
        assert len(one.place) <= 200 and len(one.label) <= 100
    assert found.clauses
