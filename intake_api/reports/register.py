"""The register of citizen reception in 11 columns (form 03 of Circular 04/2021/TT-TTCP)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING

from intake_api.domain.access import Scope
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import OUTCOME_TITLE, STAFF_LABEL, Outcome, State
from intake_api.domain.period import Period
from intake_api.domain.worktime import LOCAL
from intake_api.reports import sheets
from intake_api.reports.documents.model import (
    Document,
    Signature,
    Style,
    Table,
    Text,
    full_day,
    place_and_date,
)
from intake_api.store import register as reads
from intake_api.store.register import Entry

if TYPE_CHECKING:
    from intake_api.store import Session

COLUMNS = (
    "STT", "Ngày tiếp", "Họ tên, địa chỉ liên hệ", "Giấy tờ tùy thân", "Tóm tắt nội dung",
    "Phân loại, số người cùng nội dung", "Cơ quan đã giải quyết", "Thuộc thẩm quyền",
    "Hướng dẫn", "Chuyển cơ quan, số văn bản", "Theo dõi kết quả",
)  # fmt: skip
_WIDTHS = (1.0, 2.0, 3.2, 1.7, 5.6, 2.5, 2.0, 1.6, 1.5, 2.6, 3.0)
_SHEET_WIDTHS = (6, 12, 26, 14, 60, 24, 20, 12, 12, 26, 34)
MAX_PRINTED = 2_000  # rows of the .docx and the PDF: several hundred pages
SUMMARY_LENGTH = 300
HIDDEN_NAME, NO_NAME = "[đã che]", "Không nêu tên"
GONE = "[nội dung đã xóa theo quy định]"
# Identity papers are never asked for on line (Law 91/2025/QH15, Article 29).
NO_PAPERS = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which register: whose cases, of which days, with who wrote or without. ``clean`` takes out
    of a text what not even staff may read."""

    scope: Scope
    period: Period
    names: bool
    clean: Callable[[str], str]


def count(tx: Session, asked: Asked) -> int:
    """How many rows it has."""
    return reads.count(tx, asked.scope, since=asked.period.since(), until=asked.period.until())


def rows(tx: Session, asked: Asked, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    """The register's rows, oldest first."""
    found = reads.entries(
        tx, asked.scope, since=asked.period.since(), until=asked.period.until(),
        contacts=asked.names,
    )  # fmt: skip
    for number, entry in enumerate(found, start=1):
        yield _row(number, entry, asked, catalog)


def _row(number: int, entry: Entry, asked: Asked, catalog: Catalog) -> tuple[str, ...]:
    case, kind = entry.case, catalog.kinds.get(entry.case.kind)
    people = f"; {entry.people} người" if entry.people > 1 else ""
    outside = case.state == State.FORWARDED_OUTSIDE
    guided = case.outcome == Outcome.GUIDED
    return (
        str(number),
        full_day(case.received_at.astimezone(LOCAL).date()),
        _who(entry, asked),
        NO_PAPERS,
        _summary(entry, asked.clean),
        f"{kind.name if kind else case.kind}{people}",
        "Sở đã trả lời, mở lại" if case.reopened else "",
        "" if outside or guided else "x",
        "x" if guided else "",
        _passed_on(entry),
        _result(entry),
    )


def _who(entry: Entry, asked: Asked) -> str:
    if entry.case.anonymous:
        return NO_NAME
    if not asked.names:
        return HIDDEN_NAME
    one = entry.contact
    known = [part for part in (one.name, one.phone, one.email) if part] if one else []
    return "; ".join(known) or NO_NAME


def _summary(entry: Entry, clean: Callable[[str], str]) -> str:
    if entry.case.state == State.ERASED:
        return GONE
    text = " ".join(clean(entry.case.text_masked).split())
    if len(text) <= SUMMARY_LENGTH:
        return text
    return text[:SUMMARY_LENGTH].rsplit(" ", 1)[0] + " …"


def _passed_on(entry: Entry) -> str:
    parts = [entry.case.forwarded_to] if entry.case.forwarded_to else []
    for letter in entry.letters:
        number = f", văn bản số {letter.number}" if letter.number else ""
        parts.append(f"{letter.addressee}{number}")
    return "; ".join(parts)


def _result(entry: Entry) -> str:
    case = entry.case
    said = STAFF_LABEL[State(case.state)]
    if case.outcome and case.state in (State.ANSWERED, State.CLOSED):
        said = OUTCOME_TITLE[Outcome(case.outcome)]
    ended = case.answered_at or case.closed_at
    day = f", {full_day(ended.astimezone(LOCAL).date())}" if ended else ""
    into = f"; theo {entry.into}" if entry.into else ""
    return f"{said}{day}{into} ({case.code})"


def document(found: Iterable[tuple[str, ...]], catalog: Catalog, asked: Asked, *, today: date
             ) -> Document:  # fmt: skip
    """The register as a lying administrative document."""
    head = catalog.reports.letterhead
    first, last = full_day(asked.period.first), full_day(asked.period.last)
    rows_ = tuple(found)
    body: tuple[Text | Table, ...] = (
        Table(
            head=(COLUMNS, tuple(f"({n})" for n in range(1, len(COLUMNS) + 1))), rows=rows_,
            widths=_WIDTHS, align="cllllll" + "cc" + "ll",
            size=11,
        ),
    ) if rows_ else (Text("Trong thời gian này không tiếp nhận ý kiến nào."),)  # fmt: skip
    return Document(
        parent=head.parent, issuer=head.issuer, number="",
        place_date=place_and_date(head.place, None, month=today),
        title="SỔ TIẾP CÔNG DÂN, TIẾP NHẬN Ý KIẾN",
        subject=f"Từ ngày {first} đến ngày {last}",
        body=(*body, Text("Không gồm ý kiến ở kênh mật.", Style.NOTE)),
        signature=Signature(("NGƯỜI LẬP SỔ",)), recipients=("Lưu: VP",), landscape=True,
    )  # fmt: skip


def sheet(found: Iterable[tuple[str, ...]]) -> IO[bytes]:
    """The register as .xlsx in a temporary file, written row by row: memory stays flat."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller sends and closes it
    sheets.write(out, [sheets.Sheet("So tiep nhan", COLUMNS, _SHEET_WIDTHS, found, wrapped=True)])
    out.seek(0)
    return out
