"""The small parts of a .docx that python-docx has no words for: fonts, rules, fields, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

FONT = "Times New Roman"
TWIPS_PER_MM = 56.6929
# Decree 30/2020, Appendix I: 20 to 25 mm above and below, 30 to 35 left, 15 to 20 right.
TOP, BOTTOM, LEFT, RIGHT = 1134, 1134, 1701, 1134  # twips: 20, 20, 30, 20 mm
HALIGN = {"l": ALIGN.LEFT, "c": ALIGN.CENTER, "r": ALIGN.RIGHT, "j": ALIGN.JUSTIFY}


def element(parent: Any, name: str, **attributes: object) -> Any:
    """A new child, its attributes in the namespace of Word."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    parent.append(made)
    return made


def fonts(properties: Any) -> None:
    """Times New Roman for every script, instead of the theme's fonts."""
    found = properties.find(qn("w:rFonts"))
    if found is None:
        found = OxmlElement("w:rFonts")
        properties.insert(0, found)
    for name in list(found.attrib):
        del found.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        found.set(qn(f"w:{name}"), FONT)


def run(
    paragraph: Any, words: str, size: float, *, bold: bool = False, italic: bool = False
) -> Any:
    """Adds words; size and font are said at each run, so that they survive being pasted."""
    made = paragraph.add_run(_CONTROL.sub("", words))
    made.font.size, made.font.bold, made.font.italic = Pt(size), bold, italic
    made.font.name = FONT
    fonts(made._r.get_or_add_rPr())
    return made


def shape(
    paragraph: Any,
    align: str = "l",
    *,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    left: float = 0,
    line: float = 1.0,
    keep: bool = False,
) -> Any:
    """Sets alignment, spacing (points), indents (mm) and line height of a paragraph."""
    form = paragraph.paragraph_format
    form.alignment = HALIGN[align]
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.first_line_indent, form.left_indent = Mm(indent), Mm(left)
    form.line_spacing, form.keep_with_next = line, keep
    form.widow_control = True
    return paragraph


def rule(paragraph: Any, length: float, room: float) -> None:
    """A line of ``length`` points in the middle of ``room`` points: the bottom border of an empty
    paragraph that is drawn in from both sides; neither underline nor dashes."""
    shape(paragraph, "c")
    side = Pt(max(0.0, (room - length) / 2))
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = side
    form.line_spacing = Pt(3)
    _border(paragraph, "bottom", size=6, space=0)


def box(paragraph: Any) -> None:
    """A frame around a mark such as KHẨN."""
    _border(paragraph, "top", "left", "bottom", "right", size=8, space=2)


def _border(paragraph: Any, *sides: str, size: int, space: int) -> None:
    border = OxmlElement("w:pBdr")
    for side in sides:
        element(border, f"w:{side}", val="single", sz=size, space=space, color="000000")
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def page_number(paragraph: Any, size: float) -> None:
    """The number of the page as a field."""
    shape(paragraph, "c")
    for kind, words in (
        ("begin", ""),
        ("", " PAGE "),
        ("separate", ""),
        ("text", "1"),
        ("end", ""),
    ):
        made = run(paragraph, words if kind == "text" else "", size)
        if kind in ("begin", "separate", "end"):
            element(made._r, "w:fldChar", fldCharType=kind)
        elif not kind:
            element(made._r, "w:instrText").text = words


def grid(table: Any, widths: Sequence[int], *, borders: bool, pad: int = 0) -> None:
    """Fixed column widths in twips, with or without lines; ``pad`` between line and words."""
    properties = table._tbl.tblPr
    for name in ("w:tblW", "w:tblLayout", "w:tblBorders", "w:tblCellMar", "w:tblInd"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    element(properties, "w:tblW", w=sum(widths), type="dxa")
    element(properties, "w:tblInd", w=0, type="dxa")
    lines = element(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        kind = {"val": "single", "sz": 4} if borders else {"val": "nil"}
        element(lines, f"w:{side}", **kind, **({"space": 0, "color": "000000"} if borders else {}))
    element(properties, "w:tblLayout", type="fixed")
    margins = element(properties, "w:tblCellMar")
    for side in ("left", "right"):
        element(margins, f"w:{side}", w=pad, type="dxa")
    columns = table._tbl.tblGrid.findall(qn("w:gridCol"))
    for column, width in zip(columns, widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width * 635  # twips in English Metric Units


def row_rules(row: Any) -> None:
    """A row stays in one piece."""
    element(row._tr.get_or_add_trPr(), "w:cantSplit")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of figures. ``align``: a letter for each cell; ``keep``: it stays on the
    page of the next one; ``head``: it comes again on every page."""

    words: Sequence[str]
    align: str
    size: float
    bold: bool = False
    keep: bool = False
    head: bool = False


_JC = {"l": "left", "c": "center", "r": "right"}
_FONTS = "".join(f' w:{name}="{FONT}"' for name in ("ascii", "hAnsi", "cs", "eastAsia"))
# What XML cannot hold, and no text needs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def table_row(row: Row, widths: Sequence[int]) -> Any:
    """A whole row from one piece of XML: a register has thousands of cells, and python-docx takes
    a millisecond for each."""
    bold = "<w:b/>" if row.bold else ""
    keep = "<w:keepNext/>" if row.keep else ""
    size = round(row.size * 2)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>{keep}'
        '<w:widowControl/><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
        f'<w:jc w:val="{_JC[align]}"/></w:pPr><w:r><w:rPr><w:rFonts{_FONTS}/>{bold}'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(_CONTROL.sub("", said))}</w:t></w:r></w:p></w:tc>'
        for said, align, width in zip(row.words, row.align, widths, strict=True)
    )
    head = "<w:tblHeader/>" if row.head else ""
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{head}</w:trPr>{cells}</w:tr>")


def outline(paragraph: Any, level: int) -> None:
    """Puts a heading into Word's navigation without a heading's own look."""
    properties = paragraph._p.get_or_add_pPr()
    made = OxmlElement("w:outlineLvl")
    made.set(qn("w:val"), str(level))
    properties.insert_element_before(made, "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr")
