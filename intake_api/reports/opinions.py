"""The table "tổng hợp, tiếp thu, giải trình" of a consultation: gathered, as .docx and as XLSX.

Four columns and the two lines above them as offices write them (Law 64/2025/QH15, Decree
78/2025/NĐ-CP): group of matters or clause, who said it, what was said, what becomes of it.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from intake_api.domain import consulting
from intake_api.domain.catalog import Catalog
from intake_api.domain.consulting import Who
from intake_api.domain.worktime import LOCAL
from intake_api.reports.documents import files, model
from intake_api.store import Session, consultations
from intake_api.store.consult_tables import Consultation, OpinionGroup
from intake_api.store.consultations import Said

HEADINGS = (
    "NHÓM VẤN ĐỀ HOẶC ĐIỀU, KHOẢN", "CHỦ THỂ GÓP Ý", "NỘI DUNG GÓP Ý",
    "NỘI DUNG TIẾP THU, GIẢI TRÌNH",
)  # fmt: skip
WHOLE = "Toàn dự thảo"
TITLE = "BẢNG TỔNG HỢP"
SUBJECT = "Ý kiến góp ý, nội dung tiếp thu, giải trình đối với dự thảo {title}"
# Shares of the width of a lying page.
WIDTHS = (0.16, 0.2, 0.32, 0.32)


@dataclass(frozen=True, slots=True)
class Row:
    """One group of like opinions. ``verdict`` is a key of ``consulting.VERDICT`` or ""."""

    group: int
    place: str
    subjects: str
    said: str
    verdict: str
    answer: str
    count: int
    late: int

    @property
    def answered(self) -> str:
        """The last column."""
        title = consulting.VERDICT.get(self.verdict, "")
        return f"{title}. {self.answer}" if title else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that the table holds, in the order of the draft."""

    title: str
    basis: str
    asked: int | None
    received: int
    offices: int
    rows: tuple[Row, ...]

    @property
    def lead(self) -> tuple[str, ...]:
        """The lines above the table."""
        asked = f"Tổng số nơi đã gửi xin ý kiến: {self.asked}; tổng" if self.asked else "Tổng"
        lines = [
            f"Căn cứ lấy ý kiến: {self.basis.rstrip('.')}." if self.basis else "",
            f"{asked} số ý kiến nhận được: {self.received}, trong đó {self.offices} ý kiến của cơ "
            "quan, tổ chức.",
        ]
        return tuple(line for line in lines if line)


def gather(tx: Session, found: Consultation, *, reader: int | None = None) -> Table:
    """The table of a consultation as it stands. Private persons are counted, not named, unless
    they agreed; words are those that were masked when they came in. What names ``reader``, the
    member of staff who reads, is not in it."""
    said: dict[int, list[Said]] = {}
    everything = consultations.said(tx, found.id, reader=reader)
    for one in everything:
        said.setdefault(one.opinion.group_id or 0, []).append(one)
    places = {one.id: (one.number, one.place) for one in consultations.clauses(tx, found.id)}
    groups = [one for one in consultations.groups(tx, found.id) if one.id in said]
    groups.sort(key=lambda one: (places.get(one.clause_id or 0, (0, ""))[0], one.id))
    return Table(
        title=found.title,
        basis=found.basis,
        asked=found.asked_count,
        received=len(everything),
        offices=sum(bool(one.opinion.organisation) for one in everything),
        rows=tuple(
            _row(one, places.get(one.clause_id or 0, (0, WHOLE))[1], said[one.id]) for one in groups
        ),
    )


def _row(group: OpinionGroup, place: str, said: list[Said]) -> Row:
    return Row(
        group=group.id,
        place=place,
        subjects=_clean(consulting.subjects([who(one) for one in said])),
        said=_clean(group.summary or said[0].case.text_masked),
        verdict=group.verdict or "",
        answer=_clean(group.answer),
        count=len(said),
        late=sum(one.opinion.late for one in said),
    )


def _clean(words: str) -> str:
    """Without what no document can hold: control marks that a keyboard or a paste left behind."""
    return "".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def who(one: Said) -> Who:
    """Who said it, as far as it may be shown."""
    named = one.contact.name if one.opinion.named and one.contact else None
    return Who(one.opinion.organisation, named, one.case.role_of_sender)


def document(table: Table, catalog: Catalog, *, day: date) -> model.Document:
    """The table as an administrative document on lying pages; number and day of signing stay open
    for văn thư. ``day``: in whose month it is to be signed."""
    head = catalog.reports.letterhead
    body: tuple[model.Block, ...] = (
        *(model.Text(line) for line in table.lead),
        model.Table(
            head=(HEADINGS,),
            rows=tuple((one.place, one.subjects, one.said, one.answered) for one in table.rows)
            or (("", "", "Không có ý kiến góp ý.", ""),),
            widths=WIDTHS,
            align="llll",
        ),
    )
    return model.Document(
        parent=head.parent, issuer=head.issuer, number=model.number_line("", f"BTH-{head.sign}"),
        place_date=model.place_and_date(head.place, None, month=day), title=TITLE,
        subject=SUBJECT.format(title=table.title), body=body,
        signature=model.Signature(("GIÁM ĐỐC",)),
        recipients=("Lãnh đạo Sở", "Các cơ quan, tổ chức đã góp ý", "Lưu: VT"), landscape=True,
    )  # fmt: skip


def docx(table: Table, catalog: Catalog, *, now: datetime) -> bytes:
    """The table as a .docx laid out by Decree 30/2020/NĐ-CP."""
    made = document(table, catalog, day=now.astimezone(LOCAL).date())
    return files.write(made, "docx", made_at=now)


def xlsx(table: Table) -> bytes:
    """The table as a workbook that prints well."""
    import xlsxwriter  # only where a workbook is made

    out = io.BytesIO()
    # Text is text: nothing that people wrote becomes a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        base = {"font_name": "Times New Roman", "font_size": 12, "text_wrap": True}
        plain = book.add_format({**base, "border": 1, "valign": "top"})
        head = book.add_format(
            {**base, "border": 1, "bold": True, "align": "center", "valign": "vcenter"}
        )
        strong = book.add_format({**base, "bold": True, "align": "center"})
        line = book.add_format(base)
        sheet = book.add_worksheet("Tổng hợp")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate((24, 28, 60, 60)):
            sheet.set_column(column, column, width)
        title = "BẢNG TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN GÓP Ý"
        sheet.merge_range(0, 0, 0, 3, title, strong)
        sheet.merge_range(1, 0, 1, 3, f"Dự thảo {table.title}", strong)
        at = 2
        for words in table.lead:
            sheet.merge_range(at, 0, at, 3, words, line)
            at += 1
        for column, words in enumerate(HEADINGS):
            sheet.write_string(at, column, words, head)
        sheet.repeat_rows(at)
        sheet.freeze_panes(at + 1, 0)
        for number, row in enumerate(table.rows, start=at + 1):
            for column, words in enumerate((row.place, row.subjects, row.said, row.answered)):
                sheet.write_string(number, column, words, plain)
    return out.getvalue()
