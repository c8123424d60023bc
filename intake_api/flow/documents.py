"""The register of legal documents, and which answers stand on which of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake_api.domain import access, faq, legal
from intake_api.domain.legal import Document, Flag
from intake_api.domain.model import Entry, Source
from intake_api.flow import entries
from intake_api.flow.entries import Refused
from intake_api.flow.publish import read_entries
from intake_api.store import events
from intake_api.store import faq as rows
from intake_api.store.faq_tables import FaqRevision, FaqStill, LegalDocument
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_REASON = 500


def as_rule(row: LegalDocument) -> Document:
    """A row of the register as the rules see it."""
    return Document(
        row.id, row.key, row.title, row.issuer, row.issued_on, row.valid_from, row.valid_to,
        row.replaced_by_id,
    )  # fmt: skip


def register(tx: Session) -> list[Document]:
    """Every document, by title."""
    return [as_rule(row) for row in rows.documents(tx)]


@dataclass(frozen=True, slots=True)
class Filled:
    """A document as somebody filled it in."""

    title: str
    about: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: int | None = None


def keep(
    tx: Session, filled: Filled, *, by: Staff, now: datetime, number: int | None = None
) -> LegalDocument:
    """Adds a document or changes one. A document that is replaced without a last day held until
    the day before its replacement began. Raises Refused with what is wrong, or KeyError."""
    if not access.may_write_faq(by.role):
        raise Refused("Vai trò của anh/chị không sửa danh bạ văn bản.")
    known = {one.id: one for one in register(tx)}
    row = rows.document(tx, number) if number is not None else None
    if number is not None and row is None:
        raise KeyError(number)
    after = known.get(filled.replaced_by or 0)
    last = filled.valid_to
    if last is None and after is not None and after.valid_from is not None:
        last = date.fromordinal(after.valid_from.toordinal() - 1)
    title = " ".join(filled.title.split())[:300]
    made = Document(
        number or 0, legal.key_of(legal.number_in(title)), title, filled.issuer, filled.issued_on,
        filled.valid_from, last, filled.replaced_by,
    )  # fmt: skip
    wrong = legal.problems(made, {**known, made.id: made})
    if wrong:
        raise Refused("Chưa lưu được văn bản.", wrong)
    if row is None:
        row = LegalDocument(key=made.key, title=title, updated_at=now)
        rows.add_document(tx, row)
    elif (row.valid_to, row.replaced_by_id) != (last, filled.replaced_by):
        rows.forget_still(tx, row.id)
    row.key, row.title, row.about = made.key, title, filled.about.strip()[:500]
    row.issuer, row.issued_on = filled.issuer.strip()[:200], filled.issued_on
    row.valid_from, row.valid_to, row.replaced_by_id = filled.valid_from, last, filled.replaced_by
    row.updated_at, row.updated_by = now, by.id
    events.append(
        tx, at=now, actor=f"staff:{by.id}", action="document_kept",
        data={"document": row.id, "valid_to": last.isoformat() if last else None,
              "replaced_by": row.replaced_by_id},
    )  # fmt: skip
    return row


@dataclass(frozen=True, slots=True)
class Citing:
    """A published entry that stands on a document, and what of it outlives the document.
    ``still``: somebody found it right all the same."""

    entry: Entry
    flags: tuple[Flag, ...]
    still: bool


def citing(tx: Session, document: Document) -> list[Citing]:
    """Every published entry with an answer that cites this document."""
    still = rows.still_right(tx)
    found = []
    for entry in read_entries(tx):
        if any(
            one.key == document.key
            for version in entry.versions
            for one in legal.cited(version.source.document)
        ):
            mine = tuple(legal.flags(entry, [document]))
            found.append(Citing(entry, mine, (entry.slug, document.id) in still))
    return found


def flagged(tx: Session) -> dict[str, list[Flag]]:
    """Entries to be corrected because a document has ended, by slug."""
    ended, still = [one for one in register(tx) if one.valid_to], rows.still_right(tx)
    found: dict[str, list[Flag]] = {}
    for entry in read_entries(tx) if ended else ():
        mine = [f for f in legal.flags(entry, ended) if (entry.slug, f.document.id) not in still]
        if mine:
            found[entry.slug] = mine
    return found


def still_right(
    tx: Session, slug: str, document_id: int, *, by: Staff, now: datetime, reason: str
) -> None:
    """Somebody looked: the answer holds although its document has ended (a transitional rule)."""
    if not access.may_write_faq(by.role):
        raise Refused("Vai trò của anh/chị không sửa mục hỏi đáp.")
    if not reason.strip():
        raise Refused("Ghi lý do mục này vẫn đúng.", {"reason": "Ghi lý do mục này vẫn đúng."})
    if rows.document(tx, document_id) is None:
        raise KeyError(document_id)
    rows.note_still(
        tx,
        FaqStill(
            slug=slug, document_id=document_id, staff_id=by.id, reason=reason.strip()[:MAX_REASON],
            at=now,
        ),
    )  # fmt: skip
    events.append(
        tx, at=now, actor=f"staff:{by.id}", action="faq_still_right",
        data={"slug": slug, "document": document_id},
    )  # fmt: skip


def source_of(
    row: LegalDocument, *, article: str = "", beside: LegalDocument | None = None
) -> Source:
    """The source of an answer that stands on a document of the register (and on one beside it)."""
    title = row.title if beside is None else f"{row.title}; {beside.title}"
    issued = row.issued_on.isoformat() if row.issued_on else ""
    return Source(title, row.issuer, issued, " ".join(article.split()))


def correct(tx: Session, slug: str, document_id: int, *, by: Staff, now: datetime) -> FaqRevision:
    """A draft in which the replacement of a document begins where the document ended: the words
    of before are there to be rewritten. Raises Refused or KeyError."""
    old = rows.document(tx, document_id)
    if old is None:
        raise KeyError(document_id)
    new = rows.document(tx, old.replaced_by_id) if old.replaced_by_id else None
    if new is None or old.valid_to is None:
        raise Refused("Danh bạ chưa ghi văn bản thay thế; ghi ở trang văn bản trước.")
    start = max(new.valid_from or date.min, date.fromordinal(old.valid_to.toordinal() + 1))
    revision = entries.reopen(tx, slug, by=by, now=now)
    made = faq.from_document(entries.entry_of(revision), start=start, source=source_of(new))
    entries.save(
        tx, revision, by=by, now=now, entry=made, lock=revision.lock,
        note=f"Theo {new.title} thay {old.title}",
    )  # fmt: skip
    return revision
