"""Legal documents: how they are named, which ones a source line cites, and what a replaced one
leaves to be corrected. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from intake_api.domain.model import Entry, Version
from vntext import fold

# "15/2020/TT-BGDĐT", "131/QĐ-TTg", "88/2014/QH13", "08/TT", and the Party's "29-NQ/TW".
_NUMBER = re.compile(
    r"(?<![\w/])(\d{1,5}(?:/(?:19|20)\d\d)?/[A-ZĐ]\w*(?:-[A-ZĐ]\w*)*|\d{1,4}-[A-ZĐ]{2,4}/[A-ZĐ]{2,6})"
)
# "sửa đổi bởi Thông tư 20/2021, 13/2022": the kind is that of the number before.
_SHORT = re.compile(r"(?<![\w/])(\d{1,4}/(?:19|20)\d\d)(?![\w/])")
_PARTS = re.compile(r";|,?\s*sửa đổi bởi\s")
_ASIDE = re.compile(r"\s*\([^)]*\)")
_KINDS = {
    "TT": "Thông tư", "TTLT": "Thông tư liên tịch", "NĐ": "Nghị định", "QĐ": "Quyết định",
    "NQ": "Nghị quyết", "CT": "Chỉ thị",
}  # fmt: skip
_LAW = re.compile(r"(Bộ luật|Luật|Pháp lệnh|Nghị quyết)\b[^;()]*\Z")


@dataclass(frozen=True, slots=True)
class Cited:
    """One document that a source names: ``key`` finds it in the register, ``title`` names it."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Document:
    """What the rules need of a document in the register. ``valid_to``: the last day it held,
    None while it holds; ``replaced_by``: the document that took its place."""

    id: int
    key: str
    title: str
    issuer: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: int | None = None


def key_of(name: str) -> str:
    """What a number or name is found by: however it is typed, with or without diacritics."""
    return " ".join(fold(name).lower().split())


def cited(source: str) -> tuple[Cited, ...]:
    """The documents that a source line names, the leading one first."""
    found: dict[str, Cited] = {}
    suffix = ""
    for part in _PARTS.split(source):
        numbers = list(_NUMBER.finditer(part))
        for one in numbers:
            suffix = one[1].rsplit("/", 1)[1]
            found.setdefault(
                key_of(one[1]), Cited(key_of(one[1]), _title(part[: one.start()], one[1]))
            )
        shorts = list(_SHORT.finditer(part)) if suffix else []
        for one in shorts:
            full = f"{one[1]}/{suffix}"
            found.setdefault(key_of(full), Cited(key_of(full), _title("", full)))
        if not numbers and not shorts:
            name = _ASIDE.sub("", part).strip(" .,")
            if name:
                found.setdefault(key_of(name), Cited(key_of(name), name[0].upper() + name[1:]))
    return tuple(found.values())


def _title(before: str, number: str) -> str:
    """A number with the kind of document before it; a law keeps its name."""
    if "/QH" in number:
        law = _LAW.search(before.strip(" ,"))
        return f"{law[0].strip(' ,')} {number}" if law else f"Luật {number}"
    mark = number.rsplit("/", 1)[1].split("-")[0] if "-NQ/" not in number else "NQ"
    return f"{_KINDS.get(mark, 'Công văn')} {number}"


def number_in(title: str) -> str:
    """The number that a title carries; the title itself for a document without one."""
    found = _NUMBER.search(title)
    return found[1] if found else title


def problems(made: Document, others: Mapping[int, Document]) -> dict[str, str]:
    """What is wrong with a document as it is about to be kept, by field. Vietnamese."""
    wrong: dict[str, str] = {}
    if not made.title.strip():
        wrong["title"] = "Ghi số, ký hiệu hoặc tên văn bản."
    if any(one.key == made.key and one.id != made.id for one in others.values()):
        wrong["title"] = "Văn bản này đã có trong danh bạ."
    if made.valid_from and made.valid_to and made.valid_to < made.valid_from:
        wrong["valid_to"] = "Ngày hết hiệu lực đứng trước ngày có hiệu lực."
    if made.issued_on and made.valid_to and made.valid_to < made.issued_on:
        wrong["valid_to"] = "Ngày hết hiệu lực đứng trước ngày ban hành."
    if made.issued_on and made.valid_from and made.valid_from < made.issued_on:
        wrong["valid_from"] = "Ngày có hiệu lực đứng trước ngày ban hành."
    after, seen = made.replaced_by, {made.id}
    while after is not None:
        if after in seen:
            wrong["replaced_by"] = "Văn bản thay thế dẫn ngược về chính văn bản này."
            break
        seen.add(after)
        after = others[after].replaced_by if after in others else None
    if made.replaced_by is not None and made.valid_to is None:
        wrong.setdefault("valid_to", "Văn bản đã được thay thì cần ngày hết hiệu lực.")
    return wrong


@dataclass(frozen=True, slots=True)
class Flag:
    """An answer that goes on after a document it stands on has ended."""

    document: Document
    version: Version


def flags(entry: Entry, register: Iterable[Document]) -> list[Flag]:
    """The answers of an entry that outlive a document they cite: each wants a new version. One
    that ends with its document stays right for the time it held."""
    ended = {one.key: one for one in register if one.valid_to is not None}
    found = []
    for version in entry.versions:
        if not version.published:
            continue
        for one in cited(version.source.document):
            document = ended.get(one.key)
            if document is None or document.valid_to is None:
                continue
            if version.valid_to is None or version.valid_to > document.valid_to:
                found.append(Flag(document, version))
    return found
