"""Writes a document as .docx, laid out by Decree 30/2020/NĐ-CP, Appendix I."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from docx import Document as new_file
from docx.document import Document as File
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from intake_api.reports.documents import measure, word
from intake_api.reports.documents.layout import (
    BODY,
    HEAD,
    ISSUER_SIZE,
    MOTTO,
    MOTTO_SIZE,
    NUMBER,
    STATE,
    STATE_SIZE,
    belongs_to,
    issuer_rule,
    rule_length,
)
from intake_api.reports.documents.model import (
    SHORT_TABLE,
    Annex,
    Block,
    Document,
    Style,
    Table,
    Text,
    listed,
)

PORTRAIT, LANDSCAPE = (210, 297), (297, 210)
COLUMNS = tuple(round(one * word.TWIPS_PER_MM) for one in HEAD)


def write(document: Document, *, made_at: datetime) -> bytes:
    """The whole file. ``made_at`` (aware) goes into its properties."""
    file = new_file()
    _properties(file, document, made_at)
    _page(file.sections[0], landscape=document.landscape)
    _head(file, document)
    if document.title:
        _title(file, document)
    _to(file, document)
    width = _text_width(document.landscape)
    _blocks(file, document.body, width)
    if document.body and isinstance(document.body[-1], Text):
        # The last lines go with the signature, which never stands on a page alone.
        file.paragraphs[-1].paragraph_format.keep_with_next = True
    _foot(file, document)
    for annex in document.annexes:
        _annex(file, annex, document)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _properties(file: File, document: Document, made_at: datetime) -> None:
    normal = file.styles["Normal"]
    normal.font.size = Pt(BODY)
    word.fonts(normal.element.get_or_add_rPr())
    defaults = file.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        word.fonts(properties)
        language = properties.find(qn("w:lang"))
        if language is not None:
            language.set(qn("w:val"), "vi-VN")
    core = file.core_properties
    core.title, core.author, core.language = document.name[:250], document.issuer, "vi-VN"
    core.comments, core.keywords = "", ""
    core.created = core.modified = made_at.replace(tzinfo=None)


def _text_width(landscape: bool) -> int:
    """Width between the margins in twips."""
    page = LANDSCAPE if landscape else PORTRAIT
    return round(page[0] * word.TWIPS_PER_MM) - word.LEFT - word.RIGHT


def _page(section: Any, *, landscape: bool) -> None:
    width, height = LANDSCAPE if landscape else PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Twips(word.TOP), Twips(word.BOTTOM)
    section.left_margin, section.right_margin = Twips(word.LEFT), Twips(word.RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    word.page_number(section.header.paragraphs[0], NUMBER)
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is None:
        numbering = OxmlElement("w:pgNumType")
        section._sectPr.insert_element_before(
            numbering, "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:docGrid"
        )
    numbering.set(qn("w:start"), "1")


def _cell(table: Any, row: int, column: int) -> Any:
    return table.cell(row, column).paragraphs[0]


def _more(table: Any, row: int, column: int) -> Any:
    return table.cell(row, column).add_paragraph()


def _line(paragraph: Any, words: str, size: float, align: str = "c", **how: Any) -> Any:
    look = {name: how.pop(name) for name in ("bold", "italic") if name in how}
    word.shape(paragraph, align, **how)
    word.run(paragraph, words, size, **look)
    return paragraph


def _head(file: File, document: Document) -> None:
    """Issuer, number and, in a công văn, the subject on the left; the State and the day right."""
    table = file.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    word.grid(table, COLUMNS, borders=False)
    left, right = (one / 20 for one in COLUMNS)
    _line(_cell(table, 0, 0), document.parent, ISSUER_SIZE)
    _line(_more(table, 0, 0), document.issuer, ISSUER_SIZE, bold=True)
    word.rule(_more(table, 0, 0), issuer_rule(document.issuer), left)
    _line(_cell(table, 0, 1), STATE, STATE_SIZE, bold=True)
    _line(_more(table, 0, 1), MOTTO, MOTTO_SIZE, bold=True)
    word.rule(_more(table, 0, 1), measure.width(MOTTO, MOTTO_SIZE, bold=True), right)
    _line(_cell(table, 1, 0), document.number, 13, before=6)
    _line(_cell(table, 1, 1), document.place_date, 13, before=6, italic=True)
    if not document.title:
        _line(_more(table, 1, 0), document.subject, 12, before=6)
    if document.mark:
        marked = _more(table, 1, 0)
        _line(marked, document.mark, 13, bold=True, before=6)
        side = Twips(
            (COLUMNS[0] - round(measure.width(document.mark, 13, bold=True) * 20) - 300) // 2
        )
        marked.paragraph_format.left_indent = marked.paragraph_format.right_indent = side
        word.box(marked)


def _title(file: File, document: Document) -> None:
    made = _line(file.add_paragraph(), document.title, BODY, bold=True, before=18, keep=True)
    word.outline(made, 0)
    _line(file.add_paragraph(), document.subject, BODY, bold=True, keep=True)
    room = _text_width(document.landscape) / 20
    word.rule(file.add_paragraph(), rule_length(document.subject, BODY), room)
    word.shape(file.add_paragraph(), "c").paragraph_format.line_spacing = Pt(8)


def _to(file: File, document: Document) -> None:
    if len(document.to) == 1:
        _line(file.add_paragraph(), f"Kính gửi: {document.to[0]}", BODY, before=12, after=12)
    elif document.to:
        _line(file.add_paragraph(), "Kính gửi:", BODY, "l", before=12, left=30)
        for line in listed(document.to):
            _line(file.add_paragraph(), line, BODY, "l", left=40)
        word.shape(file.add_paragraph(), "l")


# Style → size, alignment and the rest of how a paragraph of the body stands.
_LOOK: dict[Style, dict[str, Any]] = {
    Style.BASIS: {"size": BODY, "align": "j", "indent": 12.7, "after": 6, "italic": True},
    Style.BODY: {"size": BODY, "align": "j", "indent": 12.7, "after": 6},
    Style.POINT: {"size": BODY, "align": "j", "indent": 12.7, "after": 6},
    Style.PART: {"size": BODY, "align": "l", "indent": 12.7, "before": 6, "after": 6,
                 "bold": True, "keep": True},
    Style.CLAUSE: {"size": BODY, "align": "l", "indent": 12.7, "after": 6, "bold": True,
                   "keep": True},
    Style.NOTE: {"size": 11, "align": "l", "after": 6, "italic": True},
    Style.CODE: {"size": 11, "align": "l", "after": 6},
}  # fmt: skip
_LEVEL = {Style.PART: 1, Style.CLAUSE: 2}


def _blocks(file: File, blocks: tuple[Block, ...], width: int) -> None:
    for block in blocks:
        if isinstance(block, Table):
            _table(file, block, width)
            continue
        _text(file, block)


def _text(file: File, block: Text) -> None:
    look = dict(_LOOK[block.style])
    made = _line(file.add_paragraph(), block.words, line=1.15, **look)
    if block.style in _LEVEL:
        word.outline(made, _LEVEL[block.style])


def _table(file: File, block: Table, width: int) -> None:
    if block.caption:
        _line(
            file.add_paragraph(), block.caption, BODY - 1, bold=True, before=6, after=4, keep=True
        )
    share = width / sum(block.widths)
    columns = [int(one * share) for one in block.widths]
    rows = (*block.head, *block.rows)
    table = file.add_table(rows=0, cols=len(columns))
    word.grid(table, columns, borders=True, pad=70)
    for number, words in enumerate(rows):
        head = number < len(block.head)
        # A short table stays on one page; of a longer one neither total nor note is alone.
        together = len(rows) <= SHORT_TABLE or number >= len(rows) - 1 - block.totals
        row = word.Row(
            words=words,
            align="c" * len(columns) if head else block.align,
            size=block.size,
            bold=head or number >= len(rows) - block.totals,
            keep=head or (together and (number < len(rows) - 1 or bool(block.note))),
            head=head,
        )
        table._tbl.append(word.table_row(row, columns))
    after = file.add_paragraph()
    if block.note:
        _line(after, block.note, 11, "l", before=3, after=8, italic=True)
    else:
        word.shape(after, "l").paragraph_format.line_spacing = Pt(8)


def _foot(file: File, document: Document) -> None:
    """Recipients on the left, the signature on the right, on one page."""
    table = file.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    word.grid(table, COLUMNS, borders=False)
    word.row_rules(table.rows[0])
    _line(_cell(table, 0, 0), "Nơi nhận:", 12, "l", bold=True, italic=True)
    for line in listed(document.recipients):
        _line(_more(table, 0, 0), line, 11, "l")
    if document.drafter:
        _line(_more(table, 0, 0), document.drafter, 11, "l", before=6)
    first, *rest = document.signature.titles
    _line(_cell(table, 0, 1), first, BODY, bold=True)
    for title in rest:
        _line(_more(table, 0, 1), title, BODY, bold=True)
    # About 30 mm for the signature and the stamp.
    _line(_more(table, 0, 1), document.signature.name, BODY, bold=True, before=85)


def _annex(file: File, annex: Annex, document: Document) -> None:
    section = file.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=annex.landscape)
    made = _line(file.add_paragraph(), annex.label, BODY, bold=True, keep=True)
    word.outline(made, 0)
    _line(file.add_paragraph(), annex.title.upper(), BODY, bold=True, keep=True)
    _line(file.add_paragraph(), belongs_to(document), 13, italic=True, after=8, keep=True)
    _blocks(file, annex.blocks, _text_width(annex.landscape))
