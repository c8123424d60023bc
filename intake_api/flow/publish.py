"""Publishing: the entries that are answered with, as rows and as the index reads them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.model import Entry, Source, Version
from intake_api.store import registry
from intake_api.store.registers import FaqEntry, FaqVersion

if TYPE_CHECKING:
    from intake_api.store import Session


def fingerprint(entry: Entry) -> str:
    """SHA-256 of everything an entry says."""
    raw = json.dumps(asdict(entry), default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(raw.encode()).hexdigest()


def put(tx: Session, entry: Entry, *, now: datetime) -> None:
    """Makes an entry what every process answers with from now on (within two seconds)."""
    rows = [_version(entry, number) for number in range(len(entry.versions))]
    registry.replace_faq(tx, _row(entry, fingerprint(entry), now), rows)


def take_away(tx: Session, slug: str) -> None:
    """Takes an entry out of what is answered with; its revisions stay."""
    registry.delete_faq(tx, {slug})


def _row(entry: Entry, mark: str, now: datetime) -> FaqEntry:
    return FaqEntry(
        slug=entry.slug,
        topic=entry.topic,
        owner=entry.owner,
        title=entry.title,
        short=entry.short,
        family=entry.family,
        basis=entry.basis,
        review_by=entry.review_by,
        questions=list(entry.questions),
        instead=list(entry.instead),
        related=list(entry.related),
        fingerprint=mark,
        updated_at=now,
    )


def _version(entry: Entry, number: int) -> FaqVersion:
    version = entry.versions[number]
    return FaqVersion(
        slug=entry.slug,
        number=number,
        status="published" if version.published else "draft",
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        answer=version.answer,
        details=list(version.details),
        more=version.more,
        source=asdict(version.source),
    )


def read_entries(tx: Session) -> list[Entry]:
    """The entries as the database holds them, drafts included (the index leaves those out)."""
    rows, version_rows = registry.faq(tx)
    versions: dict[str, list[Version]] = {}
    for row in version_rows:
        versions.setdefault(row.slug, []).append(
            Version(
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                answer=row.answer,
                details=tuple(row.details),
                more=row.more,
                source=Source(**row.source),
                published=row.status == "published",
            )
        )
    return [
        Entry(
            slug=row.slug,
            topic=row.topic,
            owner=row.owner,
            title=row.title,
            short=row.short,
            questions=tuple(row.questions),
            versions=tuple(versions.get(row.slug, ())),
            family=row.family,
            basis=row.basis,
            review_by=row.review_by,
            instead=tuple(row.instead),
            related=tuple(row.related),
        )
        for row in rows
    ]
