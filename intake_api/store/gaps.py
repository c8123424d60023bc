"""Reads and writes of questions without a good answer, and of those that had one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from intake_api.store.faq_tables import Asked, GapCluster
from intake_api.store.registers import Gap

UNHELPFUL = "unhelpful"


def add_gap(tx: Session, made: Gap) -> Gap:
    tx.add(made)
    tx.flush()
    return made


def gap(tx: Session, gap_id: int) -> Gap | None:
    return tx.get(Gap, gap_id)


def picked_gaps(tx: Session) -> list[Gap]:
    """Questions whose asker chose one of the entries that were offered, oldest first."""
    query = select(Gap).where(Gap.picked.is_not(None)).order_by(Gap.id)
    return list(tx.execute(query).scalars())


def note_asked(tx: Session, made: Asked) -> None:
    tx.add(made)


def last_asked(tx: Session, person: str, slug: str, since: datetime) -> Asked | None:
    """The question of one person that was answered last with an entry."""
    query = select(Asked).where(Asked.person == person, Asked.slug == slug, Asked.at >= since)
    return tx.execute(query.order_by(Asked.id.desc()).limit(1)).scalar_one_or_none()


def marked(tx: Session, person: str, slug: str, text: str) -> bool:
    """True when this person has said of this answer before that it was none."""
    query = select(Gap.offered).where(
        Gap.person == person, Gap.decision == UNHELPFUL, Gap.text_masked == text
    )
    return any(offered == [slug] for offered in tx.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class OpenGap:
    """One gap that nobody has dealt with."""

    id: int
    at: datetime
    text: str
    decision: str
    offered: tuple[str, ...]
    picked: str | None
    person: str


def open_gaps(tx: Session, limit: int) -> list[OpenGap]:
    """The newest gaps that nobody has dealt with, oldest first."""
    query = select(
        Gap.id, Gap.at, Gap.text_masked, Gap.decision, Gap.offered, Gap.picked, Gap.person
    ).where(Gap.entry.is_(None), Gap.away_at.is_(None))
    rows = tx.execute(query.order_by(Gap.id.desc()).limit(limit)).all()
    # A row from before people were counted stands for one of its own.
    return [
        OpenGap(r[0], r[1], r[2], r[3], tuple(r[4]), r[5], r[6] or f"#{r[0]}")
        for r in reversed(rows)
    ]


def mark_of_open(tx: Session) -> tuple[int, int]:
    """(how many, the newest) of the open gaps: changes when there is something to put together."""
    query = select(func.count(), func.max(Gap.id)).where(Gap.entry.is_(None), Gap.away_at.is_(None))
    row = tx.execute(query).one()
    return row[0], row[1] or 0


def replace_clusters(tx: Session, made: Sequence[GapCluster]) -> None:
    tx.execute(delete(GapCluster))
    tx.add_all(made)


def clusters(tx: Session, *, limit: int, offset: int = 0) -> list[GapCluster]:
    """The clusters that most people ask, first."""
    query = select(GapCluster).order_by(
        GapCluster.people.desc(), GapCluster.count.desc(), GapCluster.last_at.desc(), GapCluster.id
    )
    return list(tx.execute(query.limit(limit).offset(offset)).scalars())


def cluster_count(tx: Session) -> int:
    return tx.execute(select(func.count()).select_from(GapCluster)).scalar_one()


def cluster(tx: Session, number: int, *, lock: bool = False) -> GapCluster | None:
    return tx.get(GapCluster, number, with_for_update=lock or None)


def remove_cluster(tx: Session, made: GapCluster) -> None:
    tx.delete(made)
    tx.flush()


def by_ids(tx: Session, ids: Collection[int]) -> list[Gap]:
    """Gaps by their numbers, at most as many as one query takes."""
    found: list[Gap] = []
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        query = select(Gap).where(Gap.id.in_(wanted[start : start + 500]))
        found += tx.execute(query).scalars()
    return found


def texts_of(tx: Session, persons: Sequence[str]) -> frozenset[str]:
    """Everything that some people asked, answered or not."""
    found: set[str] = set()
    for part in batched(persons, 500):
        for table in (Asked, Gap):
            found |= set(
                tx.execute(select(table.text_masked).where(table.person.in_(part))).scalars()
            )
    return frozenset(found)


def forget_of(tx: Session, person: str) -> None:
    """Drops everything that somebody asked, and the clusters that quote it until they are put
    together anew."""
    texts = texts_of(tx, [person])
    for table in (Asked, Gap):
        tx.execute(delete(table).where(table.person == person))
    tx.execute(delete(GapCluster).where(GapCluster.text.in_(list(texts))))


def settle(
    tx: Session, ids: Sequence[int], *, entry: str | None = None, away_at: datetime | None = None
) -> None:
    """Ties gaps to the entry that was drafted for them, or puts them away."""
    for start in range(0, len(ids), 500):
        tx.execute(
            update(Gap)
            .where(Gap.id.in_(ids[start : start + 500]))
            .values(entry=entry, away_at=away_at)
            .execution_options(synchronize_session=False)
        )


def drafted(tx: Session, limit: int) -> list[str]:
    """Entries that were drafted for gaps, those with the newest gaps first."""
    query = select(Gap.entry).where(Gap.entry.is_not(None)).group_by(Gap.entry)
    found = tx.execute(query.order_by(func.max(Gap.id).desc()).limit(limit)).scalars()
    return [slug for slug in found if slug is not None]


def of_entry(tx: Session, slug: str, limit: int = 500) -> list[Gap]:
    """The newest gaps an entry was drafted for."""
    query = select(Gap).where(Gap.entry == slug).order_by(Gap.id.desc()).limit(limit)
    return list(tx.execute(query).scalars())


def known_questions(tx: Session, limit: int) -> list[str]:
    """Distinct questions that were asked lately, answered or not: the newest of each kind."""
    found: dict[str, None] = {}
    for table in (Asked, Gap):
        query = select(table.text_masked).order_by(table.id.desc()).limit(limit)
        found |= dict.fromkeys(tx.execute(query).scalars())
    return list(found)


def forget(tx: Session, *, asked: datetime, gap: datetime) -> None:
    """Drops answered questions and gaps from before these moments."""
    tx.execute(delete(Asked).where(Asked.at < asked))
    tx.execute(delete(Gap).where(Gap.at < gap))
