"""A report as an administrative document: text, tables and where every number comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from intake_api.domain import worktime
from intake_api.domain.catalog import Catalog
from intake_api.domain.reporting import SectionRule
from intake_api.domain.worktime import LOCAL
from intake_api.reports import prefill, titles, words
from intake_api.reports.documents.model import (
    Annex,
    Block,
    Document,
    Signature,
    Style,
    Table,
    Text,
    number_line,
    paragraphs,
    place_and_date,
)
from intake_api.reports.snapshot import Frozen
from intake_api.store.report_tables import Report

SUMMARY = (
    "received", "carried", "finished", "answered", "forwarded", "open", "open_late", "due",
    "on_time", "on_time_rate", "answer_median", "answer_p90", "reopened", "reopened_rate", "rated",
    "satisfaction", "urgent", "anonymous", "erased",
)  # fmt: skip
IN_TEXT = ("received", "last_year", "answered", "on_time_rate", "reopened")
IN_ANNEX = (
    "received", "previous", "last_year", "answered", "on_time_rate", "answer_median", "reopened",
)  # fmt: skip
DETAILS = ("topic", "district", "level", "month", "outcome")
_SHORT = {
    "previous": "Kỳ trước", "last_year": "Cùng kỳ năm trước", "on_time_rate": "Đúng hạn",
    "answer_median": "Thời gian trả lời (trung vị)",
}  # fmt: skip


def build(report: Report, frozen: Frozen, catalog: Catalog, *, today: date) -> Document:
    """The whole document; number and day stay open until văn thư has given them."""
    rules, maker = catalog.reports, _Maker(report, frozen, catalog)
    head, unit = rules.letterhead, catalog.units.get(report.unit or "")
    subject = (rules.unit_subject if unit or report.sealed else rules.subject).replace(
        "{period}", report.title
    )
    return Document(
        parent=head.issuer if unit else head.parent,
        issuer=unit.name.upper() if unit else head.issuer,
        number=number_line(report.number, f"BC-{report.unit if unit else head.sign}"),
        place_date=place_and_date(head.place, report.number_on, month=report.due_on or today),
        title="BÁO CÁO",
        subject=subject,
        body=tuple(maker.body()),
        signature=Signature(rules.signers[report.signer], report.signer_name),
        recipients=rules.unit_recipients if unit else rules.recipients,
        annexes=(
            Annex("Phụ lục I", "Số liệu chi tiết", tuple(maker.details()), landscape=True),
            Annex("Phụ lục II", "Nguồn số liệu", tuple(maker.sources()), landscape=True),
        ),
    )


def ordered(found: Mapping[str, Any], wanted: Iterable[str]) -> list[dict[str, Any]]:
    """Numbers or tables in the order in which people expect them: frozen ones are sorted."""
    order = {name: place for place, name in enumerate(wanted)}
    return [found[name] for name in sorted(found, key=lambda one: order.get(one, len(order)))]


class _Maker:
    """Writes the parts one after the other and counts the tables."""

    def __init__(self, report: Report, frozen: Frozen, catalog: Catalog) -> None:
        self.report, self.frozen, self.catalog = report, frozen, catalog
        self.figures = frozen.figures
        self.tables = 0

    def body(self) -> Iterator[Block]:
        rules = self.catalog.reports.sections
        for rule in rules:
            if rule.above:
                yield Text(rule.above, Style.PART)
            if rule.heading:
                yield Text(rule.heading, Style.PART if rule.level == "part" else Style.CLAUSE)
            yield from self._section(rule, last=rule is rules[-1])
            for name in rule.tables:
                yield from self._table(name)

    def _section(self, rule: SectionRule, *, last: bool) -> Iterator[Text]:
        # The end of the text is marked, as the plan of 2023 has it.
        for line in paragraphs(str(self.report.sections.get(rule.code, "")), ends=last):
            yield Text(line, Style.BASIS if rule.code == "basis" else Style.BODY)

    # ------------------------------------------------------------ tables
    def _caption(self, title: str) -> str:
        self.tables += 1
        return f"Bảng {self.tables}. {title}"

    def _table(self, name: str) -> Iterator[Block]:
        if prefill.is_empty(self.figures):
            return
        if name == "summary":
            yield self._summary()
        elif name != "unit" or self.report.unit is None:
            yield from self._of(name, IN_TEXT)

    def _summary(self) -> Table:
        rows: list[tuple[str, ...]] = []
        for name in SUMMARY:
            one = self.figures["numbers"].get(name)
            if one is None:
                continue
            before = words.value(one["last_year"], one["unit"], self.catalog.calendar)
            said = words.said(one, self.catalog.calendar)
            rows.append((str(len(rows) + 1), one["title"], said, before, one["query"]["id"]))
        return Table(
            head=(("STT", "Chỉ tiêu", "Trong kỳ", "Cùng kỳ năm trước", "Mã số liệu"),),
            rows=tuple(rows), widths=(1.1, 5.7, 2.5, 2.7, 4.6), align="clrrl",
            caption=self._caption("Kết quả xử lý"),
        )  # fmt: skip

    def _of(self, name: str, columns: tuple[str, ...]) -> Iterator[Block]:
        table = self.figures["tables"].get(name)
        if table is None or not (table["rows"] or table["withheld"]):
            return
        caption = f"Ý kiến {table['title'][0].lower()}{table['title'][1:]}"
        if table["withheld"]:
            yield Text(f"{caption}: không nêu, vì số liệu ít đến mức có thể nhận ra cá nhân.")
            return
        known = {column["id"]: (place, column) for place, column in enumerate(table["columns"])}
        shown = [known[one] for one in columns if one in known]
        rows = [
            (str(number), row["title"], *self._cells(row, shown))
            for number, row in enumerate(table["rows"], start=1)
        ]
        total = table["total"]
        hidden = any(row["hidden"] for row in table["rows"])
        note = f"Mã số liệu: {name}.{' ' + words.HIDDEN_NOTE if hidden else ''}"
        heads = tuple(_SHORT.get(column["id"], column["title"]) for _place, column in shown)
        yield Table(
            head=(("STT", table["dimension"], *heads),),
            rows=(*rows, ("", "Tổng số", *self._cells(total, shown))),
            widths=(1.2, 6.0, *([1.95 if len(shown) < 6 else 2.6] * len(shown))),
            align="cl" + "r" * len(shown), caption=self._caption(caption), note=note, totals=1,
        )  # fmt: skip

    def _cells(
        self, row: Mapping[str, Any], shown: list[tuple[int, Mapping[str, Any]]]
    ) -> list[str]:
        if row["hidden"]:
            return [words.HIDDEN] * len(shown)
        return [
            words.value(row["values"][place], column["unit"], self.catalog.calendar)
            for place, column in shown
        ]

    # ------------------------------------------------------------ annexes
    def details(self) -> Iterator[Block]:
        if prefill.is_empty(self.figures):
            yield Text("Trong kỳ không tiếp nhận ý kiến nào, nên không có số liệu chi tiết.")
            return
        for name in DETAILS:
            yield from self._of(name, IN_ANNEX)

    def sources(self) -> Iterator[Block]:
        local = self.frozen.taken_at.astimezone(LOCAL)
        day = worktime.day_in_words(local.date())
        yield Text(
            f"Số liệu được chốt lúc {local:%H}h{local:%M} ngày {day}, lưu nguyên tại hệ thống Lắng "
            "nghe. Số liệu thay đổi dù một chữ số thì mã băm cũng khác. Ý kiến được xóa nội dung "
            "sau khi chốt vẫn nằm trong số liệu."
        )
        yield Text(f"Mã băm SHA-256 của bản chốt: {self.frozen.sha256}", Style.CODE)
        yield Text(
            "Kênh mật (dấu hiệu tố cáo, an toàn của trẻ em) được theo dõi riêng, không nằm trong "
            "các bảng." if not self.report.sealed else
            "Báo cáo này chỉ nêu số lượng ở kênh mật, không nêu nội dung ý kiến nào."
        )  # fmt: skip
        rows = list(self._queries())
        yield Table(
            head=(("Mã số liệu", "Số liệu", "Điều kiện lọc", "Kết quả"),),
            rows=tuple(rows), widths=(3.4, 5.4, 8, 2.6), align="lllr", size=11,
        )  # fmt: skip

    def _queries(self) -> Iterator[tuple[str, str, str, str]]:
        for one in ordered(self.figures["numbers"], titles.NUMBERS):
            said = words.said(one, self.catalog.calendar)
            yield one["query"]["id"], one["title"], words.source(one, self.catalog), said
        for table in ordered(self.figures["tables"], titles.TABLES):
            total = table["total"]
            at = [column["id"] for column in table["columns"]].index("received")
            said = words.HIDDEN if total["hidden"] else words.value(
                total["values"][at], "cases", self.catalog.calendar
            )  # fmt: skip
            where = words.condition(total["query"]["filter"], self.catalog)
            yield table["id"], f"Ý kiến {table['title'].lower()}", where, said
