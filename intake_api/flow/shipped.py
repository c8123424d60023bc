"""The entries that come with the program meet those that the department has edited (decision
0025): the database decides what is answered; a shipped file replaces only what nobody here has
touched, and otherwise waits as a draft beside the department's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import faq, legal
from intake_api.domain.faq import Stage
from intake_api.domain.model import Entry, Source
from intake_api.flow import publish
from intake_api.flow.entries import go_live
from intake_api.store import faq as rows
from intake_api.store import registry
from intake_api.store.faq_tables import FaqRevision, LegalDocument

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class Taken:
    """How many entries were published or taken away, and which wait for somebody's decision."""

    changed: int
    waiting: tuple[str, ...]


def take_in(
    tx: Session,
    entries: Sequence[Entry],
    *,
    now: datetime,
    documents: Sequence[Mapping[str, Any]] = (),
) -> Taken:
    """Merges the shipped ``entries`` into the database. ``documents``: what is known of documents
    beyond the source lines (data/documents.yml). Doing it again changes nothing."""
    _register(tx, entries, documents, now)
    served, known, revised = registry.faq_fingerprints(tx), rows.states(tx), rows.slugs(tx)
    # The first time nothing is news to anybody; later each published entry is.
    news, changed, waiting = bool(revised), 0, []
    for entry in entries:
        mark = publish.fingerprint(entry)
        state = known.pop(entry.slug, None) or rows.state(tx, entry.slug)
        if state.shipped == mark:
            continue
        state.shipped = mark
        if _ours(tx, entry.slug):
            if served.get(entry.slug) != mark:
                _offer(tx, entry, now)
                waiting.append(entry.slug)
        else:
            revision = _revision(tx, entry, now, Stage.APPROVED, "")
            go_live(tx, revision, now=now, told=news)
            changed += 1
    for slug, state in known.items():
        # A file that is shipped no longer: its entry goes with it unless it was edited here.
        if state.shipped is not None and not _ours(tx, slug):
            current = rows.published(tx, slug)
            if current is not None:
                current.stage = Stage.REPLACED
            publish.take_away(tx, slug)
            changed += 1
        state.shipped = None
    # Served from before entries had revisions, and shipped no longer.
    for slug in served.keys() - {entry.slug for entry in entries} - revised:
        publish.take_away(tx, slug)
        changed += 1
    return Taken(changed, tuple(waiting))


def _ours(tx: Session, slug: str) -> bool:
    """True when what is published was written here."""
    current = rows.published(tx, slug)
    return current is not None and current.origin != "file"


def _revision(tx: Session, entry: Entry, now: datetime, stage: Stage, note: str) -> FaqRevision:
    current = rows.published(tx, entry.slug)
    return rows.add_revision(
        tx,
        FaqRevision(
            slug=entry.slug, number=rows.newest_number(tx, entry.slug) + 1, stage=stage,
            origin="file", body=faq.to_plain(entry), base=current.number if current else None,
            note=note, writers=[], written_at=now,
        ),
    )  # fmt: skip


def _offer(tx: Session, entry: Entry, now: datetime) -> None:
    """Puts the shipped words beside the department's: as a draft, or, while somebody writes one,
    in the history, from where they can be taken up."""
    busy = rows.open_revision(tx, entry.slug) is not None
    note = "Bản phát hành mới khác bản của Sở; đối chiếu rồi gửi duyệt hoặc bỏ."
    _revision(tx, entry, now, Stage.DROPPED if busy else Stage.DRAFT, note)


def _register(
    tx: Session, entries: Sequence[Entry], more: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Every document that a source names stands in the register; what stands there already is
    the department's and stays as it is."""
    known = rows.document_keys(tx)
    made: dict[str, LegalDocument] = {}
    for entry in entries:
        for version in entry.versions:
            for number, one in enumerate(legal.cited(version.source.document)):
                if one.key in known:
                    continue
                row = made.setdefault(one.key, LegalDocument(
                    key=one.key, title=one.title, about="", issuer="", updated_at=now,
                ))  # fmt: skip
                if number == 0 and not row.issuer:
                    _leading(row, version.source)
    for given in more:
        key = legal.key_of(str(given["number"]))
        if key in known:
            continue
        row = made.setdefault(key, LegalDocument(
            key=key, title=str(given["title"]), about="", issuer="", updated_at=now,
        ))  # fmt: skip
        row.title = str(given.get("title") or row.title)
        row.about = str(given.get("about") or "")
        row.issuer = str(given.get("issuer") or row.issuer)
        for name in ("issued_on", "valid_from", "valid_to"):
            if given.get(name):
                setattr(row, name, faq.read_day(given[name]))
    for row in made.values():
        rows.add_document(tx, row)
    by_key = {one.key: one.id for one in rows.documents(tx)} if made else {}
    for given in more:
        row_of = made.get(legal.key_of(str(given["number"])))
        if row_of is not None and given.get("replaced_by"):
            row_of.replaced_by_id = by_key.get(legal.key_of(str(given["replaced_by"])))


def _leading(row: LegalDocument, source: Source) -> None:
    """The document that a source names first is the one whose issuer and date stand there."""
    row.issuer = source.issuer.partition(";")[0].strip()
    if len(source.date) == len("2025-02-14"):
        row.issued_on = date.fromisoformat(source.date)
