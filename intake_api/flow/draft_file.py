"""Reads a draft document (.docx) into lines: automatic numbers written out, tables row by row.

Pure functions over bytes that ``flow.files`` has inspected. What Word shows is what is read: text
that was struck out by tracked changes or hidden does not come along.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from intake_api.domain.clauses import Line
from intake_api.flow.files import BROKEN_ZIP

MOST_LINES, MOST_LETTERS = 20_000, 2_000_000
_ARTICLE = re.compile(r"\s*(?:Điều|ĐIỀU)\s+\d{1,3}\s?[a-zđ]?\s*[.:]")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def qn(name: str) -> str:
    """``w:p`` as lxml names it."""
    return f"{{{_WORD}}}{name.removeprefix('w:')}"


# Runs in here are not what the reader sees: struck out, moved away, drawn beside the text.
_UNSEEN = frozenset(
    qn(name) for name in ("w:del", "w:moveFrom", "w:drawing", "w:pict", "w:object", "w:txbxContent")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
_HOLDERS = frozenset(
    qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:customXml", "w:moveTo", "w:smartTag")
)


class DraftUnreadable(ValueError):
    """The draft cannot be taken; ``reason_vi`` says why."""

    def __init__(self, reason_vi: str) -> None:
        self.reason_vi = reason_vi
        super().__init__(reason_vi)


def _opened(data: bytes) -> Any:
    import docx  # only where a draft is read

    return docx.Document(io.BytesIO(data))


def lines(data: bytes) -> list[Line]:
    """Paragraphs and table rows in the order of the document. Raises DraftUnreadable."""
    try:
        document = _opened(data)
        numbers = _Numbers(document)
        body = document.element.body
        if body is None:
            raise DraftUnreadable("Tệp DOCX không có nội dung.")
        _check_fonts(body)
        found: list[Line] = []
        letters = 0
        for one in _blocks(body, numbers):
            found.append(one)
            letters += len(one.text)
            if len(found) > MOST_LINES or letters > MOST_LETTERS:
                raise DraftUnreadable("Dự thảo dài quá 2 triệu ký tự; chia thành nhiều tệp.")
    except DraftUnreadable:
        raise
    except (*BROKEN_ZIP, KeyError, AttributeError, TypeError, SyntaxError) as error:
        # lxml's errors are SyntaxErrors; a document without its parts raises KeyError.
        raise DraftUnreadable("Tệp DOCX bị hỏng, không đọc được nội dung.") from error
    return found


def unsettled(data: bytes) -> bool:
    """True when the file holds more than its readers should see: remarks, hidden words, changes
    that nobody has accepted. The data have been read by ``lines`` before."""
    body = _opened(data).element.body
    traces = ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:vanish", "w:commentReference")
    return any(next(body.iter(qn(name)), None) is not None for name in traces)


def _check_fonts(body: Any) -> None:
    """Text typed with an old three-letter font reads as gibberish once the font is gone."""
    names = [str(fonts.get(qn("w:ascii")) or "") for fonts in body.iter(qn("w:rFonts"))]
    old = sum(name.startswith((".Vn", "VNI-")) for name in names)
    if names and old * 2 > len(names):
        raise DraftUnreadable(
            "Dự thảo dùng phông chữ cũ (TCVN3 hoặc VNI); xin chuyển sang Unicode rồi tải lên lại."
        )


def _blocks(holder: Any, numbers: _Numbers) -> Iterator[Line]:
    for element in holder:
        if element.tag == qn("w:p"):
            yield from _paragraph(element, numbers)
        elif element.tag == qn("w:tbl"):
            yield from _table(element, numbers)
        elif element.tag in _HOLDERS:
            yield from _blocks(element, numbers)


def _paragraph(element: Any, numbers: _Numbers) -> Iterator[Line]:
    text = "".join(_words(element))
    label = numbers.label(element) if text.strip() else ""
    # A line break inside a paragraph begins what readers take for a new paragraph.
    for number, part in enumerate(text.split("\n")):
        said = " ".join(part.split())
        if said:
            yield Line(f"{label} {said}".strip() if number == 0 else said)


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _UNSEEN:
            continue
        if child.tag == qn("w:r"):
            if child.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is None:
                yield from _words(child)
        elif child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif child.tag == qn("w:tab"):
            yield " "
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif len(child) and child.tag not in (qn("w:pPr"), qn("w:rPr")):
            yield from _words(child)


def _table(table: Any, numbers: _Numbers) -> Iterator[Line]:
    """A row is one line. Some drafts stand in a table as a whole, beside their explanation: cells
    that hold articles are read like the text around."""
    for row in _rows(table):
        cells = [
            [*_blocks(cell, numbers)]
            for cell in row.iter(qn("w:tc"))
            if cell.getparent() is row or cell.getparent().tag in _HOLDERS
        ]
        if any(_ARTICLE.match(line.text) for cell in cells for line in cell):
            for cell in cells:
                yield from cell
            continue
        said = [" ".join(line.text for line in cell) for cell in cells]
        if any(said):
            yield Line(" | ".join(one for one in said if one), table=True)


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == qn("w:tr"):
            yield element
        elif element.tag in _HOLDERS:
            yield from _rows(element)


class _Numbers:
    """The numbers that Word writes before paragraphs by itself."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._nums: dict[str, tuple[str, dict[int, int]]] = {}
        self._styles: dict[str, tuple[str | None, int]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._read_numbering(document)
        self._read_styles(document.styles.element)

    def _read_numbering(self, document: Any) -> None:
        part = next(
            (one.target_part for one in document.part.rels.values()
             if one.reltype.endswith("/numbering")), None,
        )  # fmt: skip
        root = getattr(part, "element", None)
        if root is None:
            return
        for abstract in root.iter(qn("w:abstractNum")):
            levels = {}
            for level in abstract.iter(qn("w:lvl")):
                levels[int(level.get(qn("w:ilvl")) or 0)] = (
                    _value(level, "w:numFmt") or "decimal", _value(level, "w:lvlText") or "",
                    int(_value(level, "w:start") or 1),
                )  # fmt: skip
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for num in root.iter(qn("w:num")):
            starts = {
                int(one.get(qn("w:ilvl")) or 0): int(_value(one, "w:startOverride") or 1)
                for one in num.iter(qn("w:lvlOverride"))
                if _value(one, "w:startOverride")
            }
            self._nums[num.get(qn("w:numId"))] = (_value(num, "w:abstractNumId") or "", starts)

    def _read_styles(self, root: Any) -> None:
        based: dict[str, str | None] = {}
        own: dict[str, tuple[str | None, int]] = {}
        for style in root.iter(qn("w:style")):
            name = style.get(qn("w:styleId"))
            based[name] = _value(style, "w:basedOn")
            found = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if found is not None:
                own[name] = (_value(found, "w:numId"), int(_value(found, "w:ilvl") or 0))
        for name in based:
            step: str | None = name
            for _ in range(12):  # a chain that runs in a circle ends as well
                if step is None or step in own:
                    break
                step = based.get(step)
            if step in own:
                self._styles[name] = own[step]

    def label(self, paragraph: Any) -> str:
        """What stands before this paragraph ("Điều 5."), its counter moved on; else ""."""
        properties = paragraph.find(qn("w:pPr"))
        numbered = None if properties is None else properties.find(qn("w:numPr"))
        style = _value(properties, "w:pStyle") if properties is not None else None
        of_style = self._styles.get(style or "", (None, 0))
        if numbered is not None:
            num = _value(numbered, "w:numId") or of_style[0]
            level = int(_value(numbered, "w:ilvl") or of_style[1])
        else:
            num, level = of_style
        if num is None or num not in self._nums:
            return ""
        abstract, starts = self._nums[num]
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        return self._count(num, abstract, level, levels, starts)

    def _count(
        self, num: str, abstract: str, level: int, levels: dict[int, tuple[str, str, int]],
        starts: dict[int, int],
    ) -> str:  # fmt: skip
        counters = self._counters.setdefault(abstract, {})
        if level in starts and (num, level) not in self._begun:
            counters[level] = starts[level]
            self._begun.add((num, level))
        else:
            counters[level] = counters.get(level, levels[level][2] - 1) + 1
        for deeper in [one for one in counters if one > level]:
            del counters[deeper]
        form, pattern, _start = levels[level]
        if form in ("bullet", "none"):
            return ""

        def written(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            form_there, _text, start_there = levels.get(at, ("decimal", "", 1))
            return _number(counters.get(at, start_there), form_there)

        return re.sub(r"%([1-9])", written, pattern).strip()


def _value(element: Any, name: str) -> str | None:
    found = element.find(qn(name)) if element is not None else None
    return None if found is None else found.get(qn("w:val"))


def _number(value: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman, left = "", value
        for size, sign in (
            (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
            (4, "IV"), (1, "I"),
        ):  # fmt: skip
            while left >= size:
                roman, left = roman + sign, left - size
        return roman if form == "upperRoman" else roman.lower()
    return f"{value:02d}" if form == "decimalZero" else str(value)
