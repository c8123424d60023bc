"""A draft document split into what people comment on: chương, điều, khoản, điểm. Pure functions.

Layout of Vietnamese documents: Decree 30/2020/NĐ-CP, Annex I. Drafts come as they come: articles
go missing, "Điều 1a" is put between, a regulation follows the decision that issues it and counts
from Điều 1 again, amendments quote whole articles. Whatever cannot be told stays text of the
clause before it, so that no word of the draft is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vntext import fold, normalize

LEVEL = {
    "opening": 0, "part": 0, "annex": 0, "chapter": 1, "section": 2, "article": 3, "heading": 3,
    "clause": 4, "point": 5, "paragraph": 3,
}  # fmt: skip
# A quotation that is never closed must not swallow the rest of the draft.
LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the draft, or one row of a table (its cells between bars)."""

    text: str
    table: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One part that can be commented on. ``label``: "Khoản 2"; ``place``: "Khoản 2 Điều 5";
    ``parent``: the number of the clause that holds it in the list, or None."""

    kind: str
    label: str
    place: str
    text: str
    parent: int | None

    @property
    def level(self) -> int:
        return LEVEL[self.kind]


@dataclass(frozen=True, slots=True)
class Split:
    """The clauses in the order of the draft, and what somebody should look at (Vietnamese)."""

    clauses: tuple[Clause, ...]
    warnings: tuple[str, ...]


class NothingToSplit(ValueError):
    """There is no text in the draft."""


_ARTICLE = re.compile(r"(?:Điều|ĐIỀU)\s+(\d{1,3})\s?([a-zđ]?)\s*(?:[.:]\s*(.*))?", re.DOTALL)
_CHAPTER = re.compile(r"(?:Chương|CHƯƠNG)\s+([IVXLC]+|\d{1,2})\s*[.:]?\s*(.*)")
_SECTION = re.compile(r"((?:Tiểu mục|TIỂU MỤC|Mục|MỤC))\s+(\d{1,2}|[IVX]+)\s*[.:]?\s*(.*)")
_PART = re.compile(
    r"(?:Phần|PHẦN)\s+((?:thứ|THỨ)\s+\w+|[IVX]+|\d{1,2}|[A-Z])\s*[.:]?\s*(.*)", re.UNICODE
)
_ANNEX = re.compile(r"(?:Phụ lục|PHỤ LỤC)(?:\s+(?:số\s+)?(\d{1,2}|[IVX]+|[A-Z]))?\s*[.:]?\s*(.*)")
_HEADING = re.compile(r"([IVX]{1,6})\s*[.)]\s+(.+)")
_NUMBER = re.compile(r"(\d{1,2})([a-zđ]?)\s*[.)/]\s+(\S.*)")
_DEEPER = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\s*[.)]?\s+(\S.*)")
_LETTER = re.compile(r"([a-zđ]\d?)\s*[.)]\s+(\S.*)")
_ATTACHED = re.compile(
    r"(QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|NỘI QUY|HƯỚNG DẪN|ĐỀ ÁN|KẾ HOẠCH|CHƯƠNG TRÌNH|QUY TRÌNH"
    r"|BỘ QUY TẮC|QUY TẮC)\b"
)
_RECIPIENTS = re.compile(r"\s*Nơi nhận\b")
_STATE_HEADER = re.compile(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|Độc lập\s*[-–]\s*Tự do")


@dataclass(slots=True)
class _Open:
    """A clause that still grows."""

    kind: str
    label: str
    place: str
    parent: int | None
    lines: list[str] = field(default_factory=list)


class _Splitter:
    """Reads line by line; ``stack`` holds the numbers of the clauses that are open."""

    def __init__(self, *, articles: bool) -> None:
        self.articles = articles
        self.found: list[_Open] = []
        self.stack: list[int] = []
        self.part = ""  # how articles of an attached document are named
        self.seen: dict[str, list[tuple[int, str]]] = {}
        self.last_number = 0
        self.quoted = 0
        self.skipping = False
        self.warnings: list[str] = []

    def read(self, line: Line) -> None:
        text = line.text.strip()
        if _RECIPIENTS.match(text) or (line.table and "Nơi nhận" in text):
            self.skipping = True
        if not text or (_STATE_HEADER.search(text) and len(text) < 200):
            return
        opened = not self._inside_quote(text) and not line.table and self._begins(text)
        if not opened and not self.skipping:
            self._more(text)

    def _inside_quote(self, text: str) -> bool:
        """True for a line that belongs to a quotation, as amendments hold them."""
        was = self.quoted
        change = text.count("“") - text.count("”")
        begins = text.startswith(("“", '"'))
        if was:
            self.quoted = 0 if change < 0 or was > LONGEST_QUOTE else was + 1
            if was > LONGEST_QUOTE:
                self.warnings.append("Có chỗ mở ngoặc kép mà không đóng; xem lại phần sau chỗ đó.")
                return False
            return True
        if change > 0:
            self.quoted = 1
        return begins

    def _begins(self, text: str) -> bool:
        """Opens a clause when this line is the head of one. After the list of recipients only an
        annex or an attached document can follow."""
        readers = (
            self._annex, self._attached, self._grouping, self._article, self._heading,
            self._numbered,
        )  # fmt: skip
        return any(reader(text) for reader in (readers[:2] if self.skipping else readers))

    def _open(self, kind: str, label: str, place: str, text: str) -> None:
        while self.stack and (
            self.found[self.stack[-1]].kind == "opening"
            or LEVEL[self.found[self.stack[-1]].kind] >= LEVEL[kind]
        ):
            self.stack.pop()
        parent = self.stack[-1] if self.stack else None
        self.found.append(_Open(kind, label, place, parent, [text] if text else []))
        self.stack.append(len(self.found) - 1)
        if kind not in ("point", "clause"):
            self.last_number = 0

    def _more(self, text: str) -> None:
        if not self.stack:
            self._open("opening", "Phần mở đầu", "Phần mở đầu", text)
        else:
            self.found[self.stack[-1]].lines.append(text)

    def _current(self, *kinds: str) -> _Open | None:
        """The innermost open clause of one of these kinds."""
        for number in reversed(self.stack):
            if self.found[number].kind in kinds:
                return self.found[number]
        return None

    def _annex(self, text: str) -> bool:
        found = _ANNEX.fullmatch(text)
        if not found or not (_title(found[2], text) or found[2].startswith("(")):
            return False
        label = f"Phụ lục {found[1]}" if found[1] else "Phụ lục"
        self.skipping = False
        self._open("annex", label, label, found[2])
        return True

    def _attached(self, text: str) -> bool:
        """The title of the regulation that a decision issues: it counts from Điều 1 again."""
        found = _ATTACHED.match(text)
        if not (self.articles and found and text.isupper() and self.seen.get(self.part)):
            return False
        name = found[1].capitalize()
        self._attach(f"{name} kèm theo", text)
        return True

    def _attach(self, name: str, text: str) -> None:
        self.skipping = False
        self.part = name
        self._open("part", name, name, text)

    def _grouping(self, text: str) -> bool:
        if (part := _PART.fullmatch(text)) and _title(part[2], text):
            label = f"Phần {part[1].lower() if part[1][:3].lower() == 'thứ' else part[1]}"
            self._open("part", label, label, part[2])
        elif (chapter := _CHAPTER.fullmatch(text)) and _title(chapter[2], text):
            label = f"Chương {chapter[1]}"
            self._open("chapter", label, self._named(label), chapter[2])
        elif self.articles and (section := _SECTION.fullmatch(text)) and _title(section[3], text):
            label = f"{section[1].capitalize()} {section[2]}"
            chapter_now = self._current("chapter")
            place = f"{label} {chapter_now.label}" if chapter_now else label
            self._open("section", label, self._named(place), section[3])
        else:
            return False
        return True

    def _named(self, place: str) -> str:
        return f"{place} ({self.part})" if self.part else place

    def _article(self, text: str) -> bool:
        found = _ARTICLE.fullmatch(text)
        if not (self.articles and found) or self._current("annex"):
            return False
        number, letter = int(found[1]), found[2]
        before = self.seen.get(self.part, [])
        if number == 1 and not letter and (1, "") in before:
            self._attach("Văn bản kèm theo", "")
        self.seen.setdefault(self.part, []).append((number, letter))
        label = f"Điều {number}{letter}"
        self._open("article", label, self._named(label), (found[3] or "").strip())
        return True

    def _heading(self, text: str) -> bool:
        found = None if self.articles else _HEADING.fullmatch(text)
        if found is None or self._current("annex"):
            return False
        self._open("heading", f"Mục {found[1]}", f"Mục {found[1]}", found[2])
        return True

    def _numbered(self, text: str) -> bool:
        """Khoản and điểm of an article, or 1. and a) of a plan."""
        holder = self._current("article", "heading")
        if holder is None or self._current("annex"):
            return False
        inside = holder.kind == "article"
        if deeper := _DEEPER.fullmatch(text):
            label = f"Mục {deeper[1]}" if inside else f"Mục {holder.label[4:]}.{deeper[1]}"
            place = f"{label} {holder.place}" if inside else label
            self._open("point", label, place, deeper[2])
            return True
        if number := _NUMBER.fullmatch(text):
            value, letter = int(number[1]), number[2]
            # A list inside a point starts from 1 again, and "30. …" is no thirtieth clause.
            follows = self.last_number < value <= self.last_number + 3
            if not follows and not (letter and value == self.last_number):
                return False
            label = f"Khoản {value}{letter}" if inside else f"Mục {holder.label[4:]}.{value}"
            place = f"{label} {holder.place}" if inside else label
            self._open("clause", label, place, number[3])
            self.last_number = value
            return True
        if point := _LETTER.fullmatch(text):
            above = self._current("clause") or holder
            label = f"Điểm {point[1]}"
            place = above.place if inside else above.label
            if above is not holder or not inside:
                place = place[0].lower() + place[1:]
            self._open("point", label, f"{label} {place}", point[2])
            return True
        return False

    def result(self) -> tuple[Clause, ...]:
        return tuple(
            Clause(one.kind, one.label, one.place, "\n".join(one.lines), one.parent)
            for one in self.found
        )


def _title(rest: str, line: str) -> bool:
    """What follows a number on the same line: nothing or a title, not a running sentence."""
    if not rest or rest.isupper():
        return True
    parted = re.match(r"[^.:]{4,20}[.:]\s", line) is not None
    return parted and rest[0].isupper() and len(rest) < 160 and rest[-1] not in ".;,"


def split(lines: Iterable[Line]) -> Split:
    """The clauses of a draft. Raises NothingToSplit when it holds no text at all."""
    clean = [Line(normalize(one.text).strip(), one.table) for one in lines]
    clean = [one for one in clean if one.text]
    if not clean:
        raise NothingToSplit
    reader = _Splitter(articles=True)
    for one in clean:
        reader.read(one)
    if any(clause.kind == "article" for clause in reader.found):
        return Split(reader.result(), (*dict.fromkeys(reader.warnings), *_gaps(reader.seen)))
    reader = _Splitter(articles=False)
    for one in clean:
        reader.read(one)
    if any(clause.kind == "heading" for clause in reader.found):
        words = "Dự thảo không có Điều nào nên được chia theo các mục I, 1, a)."
        return Split(reader.result(), (words, *dict.fromkeys(reader.warnings)))
    return _paragraphs(clean)


def _paragraphs(lines: Sequence[Line]) -> Split:
    """A draft without articles and headings: paragraph by paragraph, tables whole."""
    found: list[Clause] = []
    rows: list[str] = []
    tables, number = 0, 0
    for one in [*lines, Line("")]:
        if one.table:
            rows.append(one.text)
            continue
        if rows:
            tables += 1
            found.append(
                Clause("paragraph", f"Bảng {tables}", f"Bảng {tables}", "\n".join(rows), None)
            )
            rows = []
        if one.text and not _STATE_HEADER.search(one.text):
            number += 1
            label = f"Đoạn {number}"
            found.append(Clause("paragraph", label, label, one.text, None))
    if not found:
        raise NothingToSplit
    return Split(
        tuple(found), ("Dự thảo không có Điều và mục đánh số nên được chia theo từng đoạn.",)
    )


def _gaps(seen: dict[str, list[tuple[int, str]]]) -> list[str]:
    """Articles that are missing or stand twice, told in words."""
    said = []
    for part, numbers in seen.items():
        where = f" của {part[0].lower()}{part[1:]}" if part else ""
        plain = sorted({number for number, _letter in numbers})
        missing = [str(n) for n in range(1, plain[-1]) if n not in plain] if plain else []
        if missing:
            said.append(f"Không thấy Điều {', '.join(missing)}{where}.")
        twice = sorted(one for one, count in Counter(numbers).items() if count > 1)
        for number, letter in twice:
            said.append(f"Điều {number}{letter}{where} có hơn một lần.")
    return said


# ------------------------------------------------------------------ which clause somebody means

_SAID = (
    ("diem", re.compile(r"\bđiểm\s+(đ|[a-z])(?=\W|$)|\bdiem\s+([a-z])(?=\W|$)")),
    ("khoan", re.compile(r"\b(?:khoản|khoan)\s+(\d{1,2}[a-zđ]?)(?=\W|$)")),
    ("dieu", re.compile(r"\b(?:điều|dieu)\s+(?:số\s+|so\s+)?(\d{1,3}[a-zđ]?)(?=\W|$)")),
    ("phu luc", re.compile(r"\b(?:phụ lục|phu luc)\s+(?:số\s+|so\s+)?(\d{1,2}|[ivx]+)(?=\W|$)")),
    ("chuong", re.compile(r"\b(?:chương|chuong)\s+(\d{1,2}|[ivxlc]+)(?=\W|$)")),
    ("muc", re.compile(r"\b(?:mục|muc)\s+([ivx]+(?:\.\d{1,2})?|\d{1,2}(?:\.\d{1,2})*)(?=\W|$)")),
)  # fmt: skip
_WHOLE = re.compile(r"\b(?:toan (?:bo|van|du thao)|ca (?:du thao|van ban|ban)|chung|tong the)\b")
_FILLERS = """
cua o tai trong ve la du thao nay a ạ da dạ em toi minh phan gop y cho nhe thuoc va thi so dung vang
"""
_FILLER = frozenset(_FILLERS.split())


def _said(text: str) -> tuple[dict[str, str], str]:
    """What a text names of a draft, and the words that are left."""
    rest, named = normalize(text).lower(), {}
    for name, pattern in _SAID:
        if found := pattern.search(rest):
            named[name] = next(group for group in found.groups() if group)
            rest = rest[: found.start()] + " " + rest[found.end() :]
    return named, rest


def find(clauses: Sequence[Clause], text: str) -> int | None:
    """The number of the clause that a text names ("khoản 2 điều 5"), as exactly as the draft has
    it; None when it names none. Of two Điều 5 the attached regulation's is meant: the decision
    before it only issues it."""
    named, _rest = _said(text)
    known = {_key(one): number for number, one in enumerate(clauses)}
    for parts in (
        ("diem", "khoan", "dieu"), ("khoan", "dieu"), ("diem", "dieu"), ("dieu",), ("phu luc",),
        ("diem", "muc"), ("muc",), ("chuong",),
    ):  # fmt: skip
        if all(part in named for part in parts):
            number = known.get(" ".join(f"{part} {named[part]}" for part in parts))
            if number is not None:
                return number
    return None


def _key(clause: Clause) -> str:
    """The place of a clause without marks; the letter đ is kept apart from d."""
    place = re.sub(r"\s*\(.*\)$", "", clause.place)
    named, _rest = _said(place)
    order = ("diem", "khoan", "dieu", "phu luc", "muc", "chuong")
    return " ".join(f"{part} {named[part]}" for part in order if part in named)


def only_names(text: str) -> bool:
    """True when a text does nothing but name a clause ("ở khoản 2 điều 5 ạ") or the whole."""
    named, rest = _said(text)
    folded = fold(rest)
    whole = names_whole(text)
    left = [word for word in re.findall(r"\w+", _WHOLE.sub(" ", folded)) if word not in _FILLER]
    return bool(named or whole) and not left


def names_whole(text: str) -> bool:
    """True when a text says that it is about the draft as a whole."""
    return bool(_WHOLE.search(fold(text)))
