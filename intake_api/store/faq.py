"""Reads and writes of the FAQ workbench: documents, revisions, imports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake_api.domain.faq import OPEN_STAGES, Stage
from intake_api.store.faq_tables import (
    FaqImport,
    FaqRevision,
    FaqState,
    FaqStill,
    LegalDocument,
)

_OPEN = sorted(OPEN_STAGES)


# ------------------------------------------------------------------------------- documents


def documents(tx: Session) -> list[LegalDocument]:
    return list(tx.execute(select(LegalDocument).order_by(LegalDocument.title)).scalars())


def document(tx: Session, number: int) -> LegalDocument | None:
    return tx.get(LegalDocument, number)


def document_keys(tx: Session) -> set[str]:
    return set(tx.execute(select(LegalDocument.key)).scalars())


def add_document(tx: Session, made: LegalDocument) -> LegalDocument:
    tx.add(made)
    tx.flush()
    return made


def still_right(tx: Session) -> set[tuple[str, int]]:
    """(entry, document) pairs that somebody found right although the document has ended."""
    return {(row[0], row[1]) for row in tx.execute(select(FaqStill.slug, FaqStill.document_id))}


def note_still(tx: Session, made: FaqStill) -> None:
    tx.merge(made)


def forget_still(tx: Session, document_id: int) -> None:
    """A document that was changed is looked at anew."""
    tx.execute(delete(FaqStill).where(FaqStill.document_id == document_id))


# ------------------------------------------------------------------------------- revisions


def state(tx: Session, slug: str, *, lock: bool = False) -> FaqState:
    """What is known of an entry; a fresh row the first time. ``lock`` lets one writer at a time
    change which revision of it is open or published."""
    found = tx.get(FaqState, slug, with_for_update=lock or None)
    if found is None:
        # Two may come at once with the first revision of a name; one of them makes the row.
        with suppress(IntegrityError), tx.begin_nested():
            tx.add(FaqState(slug=slug))
        found = tx.get_one(FaqState, slug, with_for_update=lock or None)
    return found


def states(tx: Session) -> dict[str, FaqState]:
    return {one.slug: one for one in tx.execute(select(FaqState)).scalars()}


def revision(tx: Session, number: int, *, lock: bool = False) -> FaqRevision | None:
    return tx.get(FaqRevision, number, with_for_update=lock or None)


def revisions(tx: Session, slug: str) -> list[FaqRevision]:
    """Every revision of an entry, newest first."""
    query = select(FaqRevision).where(FaqRevision.slug == slug)
    return list(tx.execute(query.order_by(FaqRevision.number.desc())).scalars())


def numbered(tx: Session, slug: str, number: int) -> FaqRevision | None:
    query = select(FaqRevision).where(FaqRevision.slug == slug, FaqRevision.number == number)
    return tx.execute(query).scalar_one_or_none()


def open_revision(tx: Session, slug: str) -> FaqRevision | None:
    """The one revision of an entry that is being written or waits."""
    query = select(FaqRevision).where(FaqRevision.slug == slug, FaqRevision.stage.in_(_OPEN))
    return tx.execute(query.order_by(FaqRevision.number.desc())).scalars().first()


def open_revisions(tx: Session) -> list[FaqRevision]:
    query = select(FaqRevision).where(FaqRevision.stage.in_(_OPEN))
    return list(tx.execute(query.order_by(FaqRevision.written_at.desc())).scalars())


def published(tx: Session, slug: str) -> FaqRevision | None:
    query = select(FaqRevision).where(
        FaqRevision.slug == slug, FaqRevision.stage == Stage.PUBLISHED
    )
    return tx.execute(query).scalar_one_or_none()


def newest_number(tx: Session, slug: str) -> int:
    query = select(func.max(FaqRevision.number)).where(FaqRevision.slug == slug)
    return tx.execute(query).scalar_one() or 0


def slugs(tx: Session) -> set[str]:
    """Every name that an entry has or had."""
    return set(tx.execute(select(FaqRevision.slug).distinct()).scalars())


def add_revision(tx: Session, made: FaqRevision) -> FaqRevision:
    tx.add(made)
    tx.flush()
    return made


def due(tx: Session, today: date) -> list[FaqRevision]:
    """Approved revisions whose day has come."""
    query = select(FaqRevision).where(
        FaqRevision.stage == Stage.APPROVED, FaqRevision.publish_on <= today
    )
    return list(tx.execute(query.order_by(FaqRevision.publish_on, FaqRevision.id)).scalars())


def of_import(tx: Session, number: int) -> list[FaqRevision]:
    query = select(FaqRevision).where(FaqRevision.import_id == number)
    return list(tx.execute(query.order_by(FaqRevision.slug)).scalars())


# ------------------------------------------------------------------------------- imports


def add_import(tx: Session, made: FaqImport) -> FaqImport:
    tx.add(made)
    tx.flush()
    return made


def one_import(tx: Session, number: int, *, lock: bool = False) -> FaqImport | None:
    return tx.get(FaqImport, number, with_for_update=lock or None)


def waiting_imports(tx: Session) -> Sequence[FaqImport]:
    query = select(FaqImport).where(FaqImport.state == "waiting").order_by(FaqImport.id.desc())
    return tx.execute(query).scalars().all()


def forget_imports(tx: Session, before: datetime, states: Collection[str]) -> None:
    """Drops the rows of files that were decided on; what was taken stands in the revisions."""
    for one in tx.execute(
        select(FaqImport).where(FaqImport.at < before, FaqImport.state.in_(states))
    ).scalars():
        one.rows = []
