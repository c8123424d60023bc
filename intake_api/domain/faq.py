"""Approved answers as editors write them: what must be right before one is published, what two
versions differ in, and the plain form that files and revisions share. Pure.

An entry has *dated answers* (``Version``: which rule held when) and *revisions* (who wrote the
entry how). A question of 2023 is met by the dated answer of 2023, whatever is revised today.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from intake_api.domain.model import Entry, Source, Version
from intake_api.domain.worktime import day_in_words
from vntext import fold

# The label of a button holds twenty letters, of a list forty (interfaces 5.6).
MAX_TITLE, MAX_SHORT, MAX_ANSWER, MAX_VARIANT = 120, 40, 500, 300
# With three ways of asking an entry is found without training (docs/quality.md).
MIN_VARIANTS, MAX_VARIANTS = 3, 80
_NEVER_SAID = ("!", "rất tiếc về trải nghiệm", "tuyệt vời")


class Stage(StrEnum):
    """Where a revision of an entry stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"  # waits for its day
    PUBLISHED = "published"
    REPLACED = "replaced"  # was published, another one is now
    DROPPED = "dropped"


STAGE_TITLE: dict[str, str] = {
    Stage.DRAFT: "Bản nháp",
    Stage.SUBMITTED: "Chờ duyệt",
    Stage.APPROVED: "Đã duyệt, chờ ngày đăng",
    Stage.PUBLISHED: "Đang dùng",
    Stage.REPLACED: "Bản cũ",
    Stage.DROPPED: "Đã bỏ",
}
OPEN_STAGES = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED})
ORIGIN_TITLE: dict[str, str] = {
    "file": "theo bản phát hành",
    "staff": "cán bộ soạn",
    "import": "nhập từ tệp",
    "gap": "từ câu hỏi chưa trả lời được",
    "rumour": "đính chính tin sai",
    "rollback": "khôi phục bản cũ",
}


def slug_of(title: str, taken: Collection[str]) -> str:
    """A free short name for a new entry, made of its title."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(_clean(title)).lower()).strip("-")
    base = plain[:50].rsplit("-", 1)[0] if len(plain) > 50 else plain or "muc"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


# ------------------------------------------------------------------------------- plain form


def to_plain(entry: Entry) -> dict[str, Any]:
    """An entry as the mapping that a file of data/faq holds."""
    return {
        "slug": entry.slug,
        "family": entry.family,
        "topic": entry.topic,
        "owner": entry.owner,
        "title": entry.title,
        "short": entry.short,
        "basis": entry.basis,
        "review_by": entry.review_by.isoformat() if entry.review_by else None,
        "questions": list(entry.questions),
        "versions": [
            {
                "status": "published" if one.published else "draft",
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
                "answer": one.answer,
                "details": list(one.details),
                "more": one.more,
                "source": {
                    "document": one.source.document,
                    "issuer": one.source.issuer,
                    "date": one.source.date,
                    "article": one.source.article,
                },
            }
            for one in entry.versions
        ],
        "instead": list(entry.instead),
        "related": list(entry.related),
    }


def _clean(value: Any) -> str:
    """NFC, no NUL (PostgreSQL cannot hold it), no space around."""
    return unicodedata.normalize("NFC", str(value)).replace("\x00", "").strip()


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return "" if value is None else _clean(value)


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = raw.get(name) or ()
    items = value.splitlines() if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        items = [items]
    cleaned = (_clean(one) for one in items if one is not None)
    return tuple(dict.fromkeys(one for one in cleaned if one))


def read_day(value: Any) -> date | None:
    """A day as people and files write it ("15/7/2025", "2025-07-15"); None when left empty.

    Raises ValueError.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = str(value).strip()
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    if found:
        return date(int(found[3]), int(found[2]), int(found[1]))
    return date.fromisoformat(text[:10])


def from_plain(raw: Mapping[str, Any]) -> tuple[Entry, dict[str, str]]:
    """The entry that a mapping holds, and what of it could not be read, by field (Vietnamese).
    Nothing is lost: a day that is none is left out and named."""
    wrong: dict[str, str] = {}

    def day(name: str, value: Any, words: str) -> date | None:
        try:
            return read_day(value)
        except ValueError:
            wrong[name] = f"{words} không phải là ngày: “{str(value)[:30]}”. Viết như 15/7/2025."
            return None

    listed = raw.get("versions")
    versions = []
    for number, one in enumerate(listed if isinstance(listed, list) else [], 1):
        if not isinstance(one, Mapping):
            wrong[f"v{number}_answer"] = f"Câu trả lời {number} không đúng dạng."
            continue
        start = day(f"v{number}_from", one.get("valid_from"), "Ngày bắt đầu")
        end = day(f"v{number}_to", one.get("valid_to"), "Ngày kết thúc")
        if start is None:
            wrong.setdefault(
                f"v{number}_from", f"Câu trả lời {number} thiếu ngày bắt đầu hiệu lực."
            )
        given = one.get("source")
        source: Mapping[str, Any] = given if isinstance(given, Mapping) else {"document": given}
        versions.append(
            Version(
                valid_from=start or date.min,
                valid_to=end,
                answer=_text(one, "answer"),
                details=_texts(one, "details"),
                more=_text(one, "more"),
                source=Source(
                    _text(source, "document"), _text(source, "issuer"), _text(source, "date"),
                    _text(source, "article"),
                ),
                published=one.get("status", "published") != "draft",
            )
        )  # fmt: skip
    entry = Entry(
        slug=_text(raw, "slug"),
        topic=_text(raw, "topic"),
        owner=_text(raw, "owner"),
        title=_text(raw, "title"),
        short=_text(raw, "short"),
        questions=_texts(raw, "questions"),
        versions=tuple(sorted(versions, key=lambda one: one.valid_from)),
        family=_text(raw, "family"),
        basis=_text(raw, "basis") or "verified",
        review_by=day("review_by", raw.get("review_by"), "Ngày rà soát"),
        instead=_texts(raw, "instead"),
        related=_texts(raw, "related"),
    )
    return entry, wrong


# ------------------------------------------------------------------------------- what is wrong


def problems(
    entry: Entry, *, topics: Collection[str], units: Collection[str], known: Collection[str]
) -> dict[str, str]:
    """What must be put right before an entry can go to be approved, by field. ``known``: keys of
    the register of documents (``legal.cited``)."""
    wrong: dict[str, str] = {}
    for name, value, most, words in (
        ("title", entry.title, MAX_TITLE, "Tên mục"), ("short", entry.short, MAX_SHORT, "Tên ngắn"),
    ):  # fmt: skip
        if not value:
            wrong[name] = f"{words} còn trống."
        elif len(value) > most:
            wrong[name] = f"{words} dài {len(value)} ký tự; tối đa {most}."
    if entry.topic not in topics:
        wrong["topic"] = "Chọn chủ đề trong danh mục."
    if entry.owner not in units:
        wrong["owner"] = "Chọn đơn vị phụ trách trong danh mục."
    wrong |= _variants(entry)
    if not entry.versions:
        wrong["v1_answer"] = "Mục chưa có câu trả lời nào."
    for number, version in enumerate(entry.versions, 1):
        wrong |= _answer(number, version, known)
    return wrong | overlaps(entry)


def _variants(entry: Entry) -> dict[str, str]:
    count = len({fold(one).lower() for one in entry.questions})
    if count < MIN_VARIANTS:
        return {
            "questions": f"Cần ít nhất {MIN_VARIANTS} cách hỏi khác nhau, mỗi dòng một câu; "
            f"hiện có {count}."
        }
    if count > MAX_VARIANTS:
        return {"questions": f"Tối đa {MAX_VARIANTS} cách hỏi; hiện có {count}."}
    long = next((one for one in entry.questions if len(one) > MAX_VARIANT), None)
    return {"questions": f"Cách hỏi dài quá {MAX_VARIANT} ký tự: “{long[:60]}…”."} if long else {}


def _answer(number: int, version: Version, known: Collection[str]) -> dict[str, str]:
    from intake_api.domain.legal import cited

    wrong: dict[str, str] = {}
    said = "\n".join([version.answer, *version.details])
    if not version.answer:
        wrong[f"v{number}_answer"] = f"Câu trả lời {number} còn trống."
    elif len(said) > MAX_ANSWER:
        wrong[f"v{number}_answer"] = (
            f"Câu trả lời {number} dài {len(said)} ký tự; một màn hình điện thoại vừa "
            f"{MAX_ANSWER}. Phần còn lại để ở mục Xem thêm."
        )
    elif bad := next((word for word in _NEVER_SAID if word in said.lower()), None):
        wrong[f"v{number}_answer"] = f"Câu trả lời {number} có “{bad}”; lời của Sở không dùng."
    if version.valid_from == date.min:
        wrong[f"v{number}_from"] = f"Câu trả lời {number} thiếu ngày bắt đầu hiệu lực."
    elif version.valid_to is not None and version.valid_to < version.valid_from:
        wrong[f"v{number}_to"] = (
            f"Câu trả lời {number}: ngày kết thúc {day_in_words(version.valid_to)} đứng trước ngày "
            f"bắt đầu {day_in_words(version.valid_from)}."
        )
    named = cited(version.source.document)
    missing = [one.title for one in named if one.key not in known]
    if not named:
        wrong[f"v{number}_source"] = f"Câu trả lời {number} chưa có văn bản làm căn cứ."
    elif missing:
        wrong[f"v{number}_source"] = (
            f"Câu trả lời {number} dẫn văn bản chưa có trong danh bạ: {', '.join(missing)}."
        )
    return wrong


def overlaps(entry: Entry) -> dict[str, str]:
    """Two dated answers that would both hold on a day."""
    served = [(n, one) for n, one in enumerate(entry.versions, 1) if one.published]
    served.sort(key=lambda pair: pair[1].valid_from)
    wrong = {}
    for (first, one), (second, two) in pairwise(served):
        if one.valid_to is None or one.valid_to >= two.valid_from:
            day, before = day_in_words(two.valid_from), two.valid_from - timedelta(days=1)
            wrong[f"v{second}_from"] = (
                f"Câu trả lời {first} và {second} cùng hiệu lực ngày {day}. Nếu {second} thay "
                f"{first}, đặt ngày kết thúc của {first} là {day_in_words(before)}."
            )
    return wrong


def shared_days(entry: Entry, family: Iterable[Entry]) -> dict[str, str]:
    """Other entries of the same family that hold on the same days, by slug: there the date alone
    decides, so the one in force latest would hide the other."""
    found = {}
    for other in family:
        if other.slug == entry.slug or other.label != entry.label:
            continue
        for mine in entry.versions:
            for theirs in other.versions:
                if not (mine.published and theirs.published):
                    continue
                start = max(mine.valid_from, theirs.valid_from)
                ends = [one for one in (mine.valid_to, theirs.valid_to) if one is not None]
                if not ends or start <= min(ends):
                    found[other.slug] = (
                        f"Mục “{other.title}” cùng nhóm cũng hiệu lực ngày {day_in_words(start)}; "
                        "hai mục cùng nhóm không được trùng ngày."
                    )
    return found


def ended_on(entry: Entry) -> date | None:
    """The last day an entry answers for; None while no end is known or nothing was published."""
    ends = [one.valid_to for one in entry.versions if one.published]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def from_document(entry: Entry, *, start: date, source: Source) -> Entry:
    """The entry with a dated answer that begins on ``start`` on a new basis: the words of the one
    before are copied to be rewritten, and that one ends the day before."""
    open_ones = [one for one in entry.versions if one.valid_to is None or one.valid_to >= start]
    last = max(open_ones or entry.versions, key=lambda one: one.valid_from)
    kept = [
        replace(one, valid_to=start - timedelta(days=1)) if one in open_ones else one
        for one in entry.versions
        if one.valid_from < start
    ]
    new = replace(last, valid_from=start, valid_to=None, source=source, published=True)
    return replace(entry, versions=(*kept, new))
