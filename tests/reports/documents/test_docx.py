"""The .docx is opened and measured against Decree 30/2020/NĐ-CP, Appendix I."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from docx import Document as open_file
from docx.oxml.ns import qn

from intake_api.reports.documents import docx, measure
from intake_api.reports.documents.model import Text
from tests.reports.documents.sample import LETTER, MADE, REPORT, TOPICS

TWIP = 635  # English Metric Units
ATTRIBUTES = ("ascii", "hAnsi", "cs", "eastAsia")


def made(document: Any) -> Any:
    return open_file(io.BytesIO(docx.write(document, made_at=MADE)))


@pytest.fixture(scope="module")
def report() -> Any:
    return made(REPORT)


@pytest.fixture(scope="module")
def letter() -> Any:
    return made(LETTER)


def paragraphs(file: Any) -> list[Any]:
    """Every paragraph of the body, those in tables included."""
    from docx.text.paragraph import Paragraph

    return [Paragraph(one, file) for one in file.element.body.iter(qn("w:p"))]


def of(file: Any, words: str) -> Any:
    """The paragraph that begins with these words."""
    return next(one for one in paragraphs(file) if one.text.startswith(words))


def look(paragraph: Any) -> tuple[float, bool, bool]:
    (run,) = paragraph.runs
    return run.font.size.pt, bool(run.font.bold), bool(run.font.italic)


def test_paper_and_margins(report: Any) -> None:
    first, lying, _upright = report.sections
    assert (first.page_width.mm, first.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert (lying.page_width.mm, lying.page_height.mm) == pytest.approx((297, 210), abs=0.1)
    for section in report.sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin,
                   section.right_margin)  # fmt: skip
        assert [one / TWIP for one in margins] == [1134, 1134, 1701, 1134]


def test_times_new_roman_everywhere_and_no_theme_font(report: Any) -> None:
    runs = list(report.element.body.iter(qn("w:r")))
    assert len(runs) > 100
    for run in runs:
        fonts = run.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{name}")) for name in ATTRIBUTES} == {"Times New Roman"}
    normal = report.styles["Normal"].element.rPr.find(qn("w:rFonts"))
    assert {normal.get(qn(f"w:{name}")) for name in ATTRIBUTES} == {"Times New Roman"}
    assert normal.get(qn("w:asciiTheme")) is None


@pytest.mark.parametrize(
    ("words", "size", "bold", "italic"),
    [
        ("CỘNG HÒA", 12, True, False), ("Độc lập", 13, True, False), ("UBND", 12, False, False),
        ("SỞ GIÁO", 12, True, False), ("Số:", 13, False, False), ("Hà Nam,", 13, False, True),
        ("BÁO CÁO", 14, True, False), ("Kết quả", 14, True, False), ("Căn cứ", 14, False, True),
        ("I. CÔNG", 14, True, False), ("1. Tiếp", 14, True, False), ("a) Mọi", 14, False, False),
        ("KT. GIÁM", 14, True, False), ("PHÓ GIÁM", 14, True, False),
        ("Nguyễn Văn Mẫu", 14, True, False), ("Nơi nhận:", 12, True, True),
        ("- UBND tỉnh", 11, False, False), ("Chủ đề số 1:", 12, False, False),
        ("Phụ lục I", 14, True, False), ("SỐ LIỆU THEO", 14, True, False),
    ],
)  # fmt: skip
def test_size_and_weight_of_each_part(
    report: Any, words: str, size: float, bold: bool, italic: bool
) -> None:
    assert look(of(report, words)) == (size, bold, italic)


def test_the_body_is_justified_indented_and_spaced(report: Any) -> None:
    form = of(report, "Sở Giáo dục và Đào tạo báo cáo").paragraph_format
    assert form.alignment == docx.word.ALIGN.JUSTIFY
    assert 10 <= form.first_line_indent.mm <= 12.7
    assert form.space_after.pt >= 6
    assert 1.0 <= form.line_spacing <= 1.5


def test_the_head_is_a_table_without_lines(report: Any) -> None:
    head = report.tables[0]
    left, right = (column.text for column in head.rows[0].cells)
    assert left.splitlines()[:2] == ["UBND TỈNH HÀ NAM", "SỞ GIÁO DỤC VÀ ĐÀO TẠO"]
    assert right.splitlines()[:2] == [docx.STATE, docx.MOTTO]
    assert [cell.text for cell in head.rows[1].cells] == [
        "Số:        /BC-SGDĐT", "Hà Nam, ngày       tháng 5 năm 2027",
    ]  # fmt: skip
    borders = head._tbl.tblPr.find(qn("w:tblBorders"))
    assert {one.get(qn("w:val")) for one in borders} == {"nil"}
    widths = [int(one.get(qn("w:w"))) for one in head._tbl.tblGrid]
    assert [round(one / docx.word.TWIPS_PER_MM) for one in widths] == [70, 90]
    # The State's name stands on one line, with room to spare.
    assert measure.width(docx.STATE, docx.STATE_SIZE, bold=True) < widths[1] / 20 - 2


def rules(file: Any) -> dict[str, float]:
    """Words above each rule → the length of the rule in points."""
    found, before = {}, ""
    for paragraph in paragraphs(file):
        border = paragraph._p.pPr.find(qn("w:pBdr")) if paragraph._p.pPr is not None else None
        if border is None or border.find(qn("w:top")) is not None:
            before = paragraph.text or before
            continue
        assert paragraph.text == ""
        form = paragraph.paragraph_format
        cell = paragraph._p.getparent()
        room = (
            int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) / 20
            if cell.tag == qn("w:tc") else 160 / 25.4 * 72
        )  # fmt: skip
        found[before] = room - form.left_indent.pt - form.right_indent.pt
    return found


def test_rules_are_borders_as_long_as_the_decree_says(report: Any) -> None:
    found = rules(report)
    assert set(found) == {REPORT.issuer, docx.MOTTO, REPORT.subject}
    motto = measure.width(docx.MOTTO, docx.MOTTO_SIZE, bold=True)
    assert found[docx.MOTTO] == pytest.approx(motto, abs=1)
    issuer = measure.width(REPORT.issuer, docx.ISSUER_SIZE, bold=True)
    assert 1 / 3 <= found[REPORT.issuer] / issuer <= 1 / 2
    assert 1 / 3 <= found[REPORT.subject] / min(
        453.5, measure.width(REPORT.subject, docx.BODY, bold=True)
    ) <= 1 / 2  # fmt: skip


def test_nothing_is_underlined_and_no_line_is_made_of_characters(report: Any, letter: Any) -> None:
    for file in (report, letter):
        assert list(file.element.body.iter(qn("w:u"))) == []
        for paragraph in paragraphs(file):
            assert not {"_", "─", "—"} & set(paragraph.text)


def test_page_numbers_stand_above_and_not_on_the_first_page(report: Any) -> None:
    for section in report.sections:
        assert section.different_first_page_header_footer
        assert section.first_page_header.paragraphs[0].text == ""
        number = section.header.paragraphs[0]
        assert number.alignment == docx.word.ALIGN.CENTER
        assert " PAGE " in [one.text for one in number._p.iter(qn("w:instrText"))]
        assert {run.font.size.pt for run in number.runs} <= {13, 14}
        assert section.header_distance < section.top_margin
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert all(one.text == "" for one in section.footer.paragraphs)


def test_recipients_and_signature_stand_side_by_side(report: Any) -> None:
    left, right = report.tables[-2].rows[0].cells
    assert left.text.splitlines() == [
        "Nơi nhận:", "- UBND tỉnh (để b/c);", "- Lãnh đạo Sở;", "- Lưu: VT, VP.",
    ]  # fmt: skip
    assert right.text.splitlines() == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn Mẫu"]
    name = right.paragraphs[-1]
    assert 25 <= name.paragraph_format.space_before.mm <= 35
    last = of(report, "Trên đây")
    assert last.text.endswith("./.")
    assert last.paragraph_format.keep_with_next  # the signature never stands on a page alone


def test_the_head_row_of_a_table_comes_again_and_totals_are_bold(report: Any) -> None:
    table = report.tables[1]
    head = table.rows[0]._tr.trPr
    assert head.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [bool(cell.paragraphs[0].runs[0].font.bold) for cell in table.rows[-1].cells[1:]] == [
        True, True, True,
    ]  # fmt: skip


def test_a_short_table_stays_on_one_page_and_a_total_never_stands_alone(report: Any) -> None:
    def kept(table: Any) -> list[bool]:
        return [
            bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows
        ]

    long = kept(report.tables[1])
    assert long[0] and not any(long[1:-2]) and all(long[-2:])  # and its note
    few = replace(TOPICS, rows=TOPICS.rows[:3], totals=0, note="")
    (short,) = (kept(one) for one in made(replace(LETTER, body=(few,))).tables[1:2])
    assert short == [True, True, True, False]


def test_what_people_wrote_stands_in_a_cell_as_it_is() -> None:
    odd = '<w:b/> & "x" \x00\x0b]]> =1+1'
    few = replace(TOPICS, rows=(("1", odd, "2", "3"),), totals=0)
    file = made(replace(LETTER, body=(Text("Dòng\x01 một"), few)))
    assert of(file, "Dòng").text == "Dòng một"
    cell = file.tables[1].rows[1].cells[1]
    assert cell.text == '<w:b/> & "x" ]]> =1+1'


def test_a_letter_has_its_subject_under_the_number_and_no_title(letter: Any) -> None:
    left = letter.tables[0].rows[1].cells[0]
    assert left.text.splitlines() == ["Số: 08/SGDĐT-VP", LETTER.subject, "KHẨN"]
    assert look(left.paragraphs[1]) == (12, False, False)
    assert left.paragraphs[1].paragraph_format.space_before.pt == 6
    assert letter.tables[0].rows[1].cells[1].text == "Hà Nam, ngày 05 tháng 01 năm 2027"
    mark = left.paragraphs[2]._p.pPr.find(qn("w:pBdr"))
    assert {one.tag for one in mark} == {qn(f"w:{side}") for side in
                                         ("top", "left", "bottom", "right")}  # fmt: skip
    texts = [one.text for one in letter.paragraphs]
    at = texts.index("Kính gửi:")
    assert texts[at + 1 : at + 3] == ["- Phòng Kế hoạch - Tài chính;", "- Trường THCS Mẫu."]
    assert "BÁO CÁO" not in texts


def test_the_file_says_who_made_it_and_is_sound(report: Any) -> None:
    core = report.core_properties
    assert (core.author, core.language) == ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "vi-VN")
    assert core.title.startswith("Báo cáo: Kết quả")
    raw = docx.write(LETTER, made_at=MADE)
    assert zipfile.ZipFile(io.BytesIO(raw)).testzip() is None
