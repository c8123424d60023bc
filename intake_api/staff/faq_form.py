"""The form of an entry: what the browser sends becomes an Entry, and an Entry becomes fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from intake_api.domain import faq
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import Entry
from intake_api.flow import documents
from intake_api.flow.services import Services, local_day
from intake_api.staff.typed import whole
from intake_api.store import faq as rows
from intake_api.store.faq_tables import LegalDocument

if TYPE_CHECKING:
    from intake_api.store import Session

MOST_ANSWERS = 12
# The choice that leaves a source as it stands (files name several documents in one line).
KEEP = "giu"


def from_form(
    tx: Session, form: Mapping[str, str], before: Entry | None
) -> tuple[Entry, dict[str, str]]:
    """The entry that a form holds and what of it could not be read, by field. What the form does
    not show (family, related entries) stays as it was ``before``."""
    versions = []
    for number in range(1, _count(form) + 1):
        if form.get(f"v{number}_drop"):
            continue
        versions.append(
            {
                "status": form.get(f"v{number}_status") or "published",
                "valid_from": form.get(f"v{number}_from", "").strip(),
                "valid_to": form.get(f"v{number}_to", "").strip(),
                "answer": form.get(f"v{number}_answer", ""),
                "details": form.get(f"v{number}_details", ""),
                "more": form.get(f"v{number}_more", ""),
                "source": _source(tx, form, number),
            }
        )
    raw: dict[str, Any] = {
        "slug": before.slug if before else "",
        "basis": before.basis if before else "verified",
        "versions": versions,
        **{name: form.get(name, "") for name in (
            "title", "short", "topic", "owner", "questions", "review_by", "family", "related",
            "instead",
        )},
    }  # fmt: skip
    return faq.from_plain(raw)


def _count(form: Mapping[str, str]) -> int:
    given = whole(form.get("answers", ""))
    return 1 if given is None else min(given, MOST_ANSWERS)


def _document(tx: Session, raw: str) -> LegalDocument | None:
    number = whole(raw)
    return rows.document(tx, number) if number is not None else None


def _source(tx: Session, form: Mapping[str, str], number: int) -> dict[str, str]:
    chosen = form.get(f"v{number}_source", "")
    article = " ".join(form.get(f"v{number}_article", "").split())
    if chosen == KEEP:
        return {
            "document": form.get(f"v{number}_kept", ""), "article": article,
            "issuer": form.get(f"v{number}_issuer", ""), "date": form.get(f"v{number}_date", ""),
        }  # fmt: skip
    row = _document(tx, chosen)
    if row is None:
        return {"document": "", "article": article, "issuer": "", "date": ""}
    other = form.get(f"v{number}_beside", "")
    beside = _document(tx, other) if other != chosen else None
    made = documents.source_of(row, article=article, beside=beside)
    return {
        "document": made.document, "issuer": made.issuer, "date": made.date,
        "article": made.article,
    }  # fmt: skip


def to_fields(entry: Entry, register: Sequence[Any]) -> dict[str, Any]:
    """What the page shows of an entry: dated answers with the choice of their documents."""
    by_title = {row.title: str(row.id) for row in register}
    answers = []
    for one in entry.versions:
        first, _, second = one.source.document.partition("; ")
        whole = by_title.get(one.source.document)
        pair = (by_title.get(first), by_title.get(second)) if second else (None, None)
        source, beside = (whole, "") if whole else pair if all(pair) else (None, "")
        answers.append(
            {
                "start": one.valid_from.isoformat() if one.valid_from.year > 1 else "",
                "end": one.valid_to.isoformat() if one.valid_to else "",
                "answer": one.answer, "details": "\n".join(one.details), "more": one.more,
                "source": source or (KEEP if one.source.document else ""), "beside": beside or "",
                "kept": one.source.document, "issuer": one.source.issuer, "date": one.source.date,
                "article": one.source.article,
                "status": "published" if one.published else "draft",
            }
        )  # fmt: skip
    return {
        "title": entry.title, "short": entry.short, "topic": entry.topic, "owner": entry.owner,
        "questions": "\n".join(entry.questions), "family": entry.family,
        "review_by": entry.review_by.isoformat() if entry.review_by else "",
        "related": "\n".join(entry.related), "instead": "\n".join(entry.instead),
        "answers": answers,
    }  # fmt: skip


def blank_answer(services: Services) -> dict[str, str]:
    """An empty dated answer, from today."""
    names = ("end", "answer", "details", "more", "source", "beside", "kept", "issuer", "date",
             "article")  # fmt: skip
    start = local_day(services.now()).isoformat()
    return {"start": start, "status": "published", **dict.fromkeys(names, "")}


def topics_by_group(catalog: Catalog) -> dict[str, list[tuple[str, str]]]:
    """The topics of the second level under those of the first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in catalog.topics.values():
        groups.setdefault(topic.group_name, []).append((topic.code, topic.name))
    return groups
