"""What an administrative document says, apart from how it is written down.

The parts and their places are those of Decree 30/2020/NĐ-CP, Appendix I. Both writers
(``docx``, ``pdf``) read this and nothing else, so that they can never differ in content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Style(StrEnum):
    """How a paragraph of the body stands."""

    BASIS = "basis"  # căn cứ: italic
    BODY = "body"
    PART = "part"  # I. TIÊU ĐỀ MỤC: bold capitals
    CLAUSE = "clause"  # 1. Khoản có tiêu đề: bold
    POINT = "point"  # a) điểm
    NOTE = "note"  # below a table: small, italic
    CODE = "code"  # a long hash: small, broken anywhere


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph, one line of plain text."""

    words: str
    style: Style = Style.BODY
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells. ``widths`` are shares of the width of the text, ``align`` a letter
    (l, c, r) for each column; ``totals`` counts the bold rows at the end."""

    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    align: str
    caption: str = ""
    note: str = ""
    totals: int = 0
    size: int = 12  # points; Decree 30 leaves tables to be legible, 11 to 12
    kind: str = "table"


# A table of so few rows stands on one page.
SHORT_TABLE = 12

Block = Text | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """A "Phụ lục" on its own pages, lying when it is wide; its pages count from 1 again."""

    label: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """``titles``: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"; the name without academic titles."""

    titles: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One administrative document. ``title`` "BÁO CÁO" with its subject below; without a title
    it is a công văn, whose subject ("V/v …") stands under the number."""

    parent: str
    issuer: str
    number: str
    place_date: str
    subject: str
    body: tuple[Block, ...]
    signature: Signature
    recipients: tuple[str, ...]
    title: str = ""
    to: tuple[str, ...] = ()
    mark: str = ""  # KHẨN, HỎA TỐC
    annexes: tuple[Annex, ...] = ()
    drafter: str = ""  # sign of who wrote it, below the recipients
    landscape: bool = False

    def plain(self) -> dict[str, Any]:
        """Plain data, as it is kept and as the writers read it."""
        return asdict(self)

    @property
    def name(self) -> str:
        """One line for a file's properties."""
        return f"{self.title.capitalize()}: {self.subject}" if self.title else self.subject

    def words(self) -> Iterator[str]:
        """Every piece of text, in the order of reading."""
        yield from (self.parent, self.issuer, self.number, self.place_date, self.mark, self.title)
        yield self.subject
        yield from self.to
        yield from _words(self.body)
        for annex in self.annexes:
            yield from (annex.label, annex.title)
            yield from _words(annex.blocks)
        yield from (*self.signature.titles, self.signature.name, *self.recipients, self.drafter)


def _words(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Text):
            yield block.words
            continue
        yield block.caption
        for row in (*block.head, *block.rows):
            yield from row
        yield block.note


def read(plain: dict[str, Any]) -> Document:
    """The document that ``Document.plain`` gave, also after a way through JSON."""
    return Document(
        **{
            **plain,
            "body": _blocks(plain["body"]),
            "signature": Signature(tuple(plain["signature"]["titles"]), plain["signature"]["name"]),
            "recipients": tuple(plain["recipients"]),
            "to": tuple(plain["to"]),
            "annexes": tuple(
                Annex(**{**one, "blocks": _blocks(one["blocks"])}) for one in plain["annexes"]
            ),
        }
    )


def _blocks(found: Any) -> tuple[Block, ...]:
    return tuple(_block(one) for one in found)


def _block(one: dict[str, Any]) -> Block:
    if one["kind"] == "text":
        return Text(one["words"], Style(one["style"]))
    return Table(
        **{
            **one,
            "head": tuple(tuple(row) for row in one["head"]),
            "rows": tuple(tuple(row) for row in one["rows"]),
            "widths": tuple(one["widths"]),
        }
    )


def number_line(number: str, sign: str) -> str:
    """``Số: 08/BC-SGDĐT``; the place is left open while văn thư has given no number. One digit
    gets a 0 before it (Decree 30, Appendix I)."""
    given = number.strip()
    return f"Số: {given.zfill(2) if given else '       '}/{sign}"


def place_and_date(place: str, day: date | None, *, month: date) -> str:
    """``Hà Nam, ngày 08 tháng 5 năm 2027``; without a day its place is left open, in the month
    in which it is to be signed. Days under 10 and the months 1 and 2 get a 0 before them."""
    at = day or month
    number = f"{at.day:02d}" if day else "     "
    return f"{place}, ngày {number} tháng {month_number(at.month)} năm {at.year}"


def month_number(month: int) -> str:
    """Months 1 and 2 with a 0, so that nobody makes 11 and 12 of them."""
    return f"0{month}" if month < 3 else str(month)


def full_day(day: date) -> str:
    """``01/5/2027``, as administrative documents write a day."""
    return f"{day.day:02d}/{month_number(day.month)}/{day.year}"


def paragraphs(text: str, *, ends: bool = False) -> list[str]:
    """The lines of a text that say something. ``ends``: the document ends here, and the last line
    gets the mark of it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if ends and lines:
        lines[-1] = f"{lines[-1].rstrip('./ ')}./."
    return lines


def listed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Recipients as the Decree lists them: "- …;", the last one with a full stop."""
    last = len(lines) - 1
    return tuple(f"- {line}{'.' if n == last else ';'}" for n, line in enumerate(lines))
