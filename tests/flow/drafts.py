"""Draft documents made on the spot: typed numbers, automatic numbers, tables, tracked changes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

TEACHING = (
    "QUY ĐỊNH",
    "Về dạy thêm, học thêm trên địa bàn tỉnh",
    "Chương I",
    "QUY ĐỊNH CHUNG",
    "Điều 1. Phạm vi điều chỉnh",
    "Quy định này áp dụng cho dạy thêm, học thêm có thu tiền.",
    "Điều 2. Thời gian dạy thêm",
    "1. Không dạy thêm sau 20 giờ.",
    "2. Giáo viên đăng ký nơi dạy với hiệu trưởng:",
    "a) Trước khi dạy 7 ngày;",
    "b) Ghi rõ môn, lớp, mức thu.",
    "Chương II",
    "TỔ CHỨC THỰC HIỆN",
    "Điều 3. Trách nhiệm của nhà trường",
    "Nhà trường công khai danh sách giáo viên dạy thêm.",
)


def write(paragraphs: Sequence[str] = TEACHING) -> bytes:
    """A plain document."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    return saved(made)


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def numbered() -> bytes:
    """Điều, khoản and điểm counted by Word, the way most offices type."""
    made = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text) in enumerate(
            (("decimal", "Điều %1."), ("decimal", "%2."), ("lowerLetter", "%3)"))
        )
    )
    root = made.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'
    )
    root.insert(0, abstract)
    root.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    for level, text in (
        (0, "Phạm vi"), (0, "Thời gian"), (1, "Không dạy sau 20 giờ."), (1, "Đăng ký:"),
        (2, "Trước 7 ngày;"), (2, "Ghi rõ môn."), (0, "Hiệu lực"), (1, "Từ ngày ký."),
    ):  # fmt: skip
        paragraph = made.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
            )
        )
    return saved(made)


def edited() -> bytes:
    """Tracked changes, hidden words, a content control, a table, an annex."""
    made = docx.Document()
    changed = made.add_paragraph("Điều 1. Mức thu")
    changed._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="A"><w:r><w:delText> cũ</w:delText></w:r>'
            "</w:del>"
        )
    )
    changed._p.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="2" w:author="A"><w:r><w:t xml:space="preserve"> mới</w:t>'
            "</w:r></w:ins>"
        )
    )
    hidden = made.add_paragraph("1. Mức thu công khai.")
    run = hidden.add_run(" Ghi chú nội bộ")
    run.font.hidden = True
    table = made.add_table(rows=2, cols=2)
    for row, texts in enumerate((("Cấp", "Mức"), ("THCS", "20.000 đồng"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Điều 2. Trong ô điều khiển</w:t></w:r>"
        "</w:p></w:sdtContent></w:sdt>"
    )
    made.element.body.insert_element_before(control, "w:sectPr")
    made.add_paragraph("PHỤ LỤC")
    made.add_paragraph("Mẫu đơn đăng ký")
    return saved(made)
