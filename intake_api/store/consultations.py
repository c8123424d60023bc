"""Reads and writes of consultations. Whatever counts or shows opinions leaves out those whose case
is sealed, withdrawn, spam or erased by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import Session, undefer

from intake_api.domain.clauses import Clause
from intake_api.domain.model import State
from intake_api.store import unsealings
from intake_api.store.consult_tables import Consultation, DraftClause, Opinion, OpinionGroup
from intake_api.store.tables import Case, Contact

_GONE = (str(State.WITHDRAWN), str(State.REJECTED_SPAM), str(State.ERASED))
PUBLIC_STATES = ("announced", "waiting", "published")


def _counts() -> ColumnElement[bool]:
    return and_(Case.confidential.is_(False), Case.state.not_in(_GONE))


def being_sorted() -> Select[int]:
    """Numbers of the cases that are answered together with others in a consultation: nobody has
    to work on each of them."""
    return (
        select(Opinion.case_id)
        .join(Consultation, Consultation.id == Opinion.consultation_id)
        .where(Opinion.group_id.is_not(None), Consultation.state.in_(("announced", "waiting")))
    )


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion with its case and who sent it."""

    opinion: Opinion
    case: Case
    contact: Contact | None


def add(tx: Session, made: Consultation, clauses: Sequence[Clause]) -> Consultation:
    """Keeps a consultation with the clauses of its draft."""
    tx.add(made)
    tx.flush()
    _keep_clauses(tx, made.id, clauses)
    return made


def _keep_clauses(tx: Session, consultation_id: int, clauses: Sequence[Clause]) -> None:
    for number, one in enumerate(clauses, start=1):
        tx.add(
            DraftClause(
                consultation_id=consultation_id, number=number, kind=one.kind, label=one.label,
                place=one.place, text=one.text,
                parent=None if one.parent is None else one.parent + 1,
            )
        )  # fmt: skip
    tx.flush()


def put_draft(
    tx: Session, found: Consultation, *, filename: str, original: bytes, shown: bytes,
    clauses: Sequence[Clause], warnings: Sequence[str],
) -> None:  # fmt: skip
    """Replaces the draft of a consultation that nobody has commented on."""
    tx.execute(delete(DraftClause).where(DraftClause.consultation_id == found.id))
    found.filename, found.original, found.shown = filename, original, shown
    found.warnings = list(warnings)
    tx.flush()
    _keep_clauses(tx, found.id, clauses)


def get(tx: Session, number: int, *, lock: bool = False) -> Consultation | None:
    """The consultation; ``lock`` holds it until the transaction ends."""
    if not 0 < number < 2**31:
        return None
    return tx.get(Consultation, number, with_for_update=lock or None, populate_existing=lock)


def has_file(tx: Session, number: int) -> bool:
    """True when there is a copy that everybody may take."""
    query = select(func.length(Consultation.shown) > 0).where(Consultation.id == number)
    return bool(tx.execute(query).scalar_one_or_none())


def draft_file(tx: Session, number: int) -> tuple[str, bytes] | None:
    """Name and shown copy of a draft; None where there is no copy for everybody."""
    query = select(Consultation).where(Consultation.id == number)
    found = tx.execute(query.options(undefer(Consultation.shown))).scalar_one_or_none()
    return (found.filename, bytes(found.shown)) if found and found.shown else None


def listed(tx: Session, *, units: Sequence[str] | None, limit: int = 200) -> list[Consultation]:
    """Consultations of these units (None: of all), newest first."""
    query = select(Consultation).order_by(Consultation.id.desc()).limit(limit)
    if units is not None:
        query = query.where(Consultation.unit.in_(units))
    return list(tx.execute(query).scalars())


def public(tx: Session, limit: int = 100) -> list[Consultation]:
    """What was put before the public, newest first."""
    query = select(Consultation).where(Consultation.state.in_(PUBLIC_STATES))
    return list(tx.execute(query.order_by(Consultation.opens_at.desc()).limit(limit)).scalars())


def takes_comments(tx: Session, now: datetime, since: datetime) -> list[Consultation]:
    """Consultations that are open now, or closed after ``since`` and not published."""
    query = select(Consultation).where(
        Consultation.state.in_(("announced", "waiting")),
        Consultation.opens_at <= now,
        Consultation.closes_at > since,
    )
    return list(tx.execute(query.order_by(Consultation.closes_at.desc())).scalars())


def to_open(tx: Session, now: datetime) -> list[Consultation]:
    """Announced ones whose day has come and of whose opening nobody was told."""
    query = select(Consultation).where(
        Consultation.state == "announced",
        Consultation.opens_at <= now,
        Consultation.opened_at.is_(None),
    )
    return list(tx.execute(query.with_for_update()).scalars())


def just_closed(tx: Session, now: datetime, since: datetime) -> list[Consultation]:
    """Announced ones whose time ended after ``since``."""
    query = select(Consultation).where(
        Consultation.state == "announced",
        Consultation.closes_at <= now,
        Consultation.closes_at > since,
    )
    return list(tx.execute(query).scalars())


# ------------------------------------------------------------------ clauses


def clauses(tx: Session, consultation_id: int) -> list[DraftClause]:
    """The clauses of a draft in their order."""
    query = select(DraftClause).where(DraftClause.consultation_id == consultation_id)
    return list(tx.execute(query.order_by(DraftClause.number)).scalars())


def clause(tx: Session, consultation_id: int, number: int) -> DraftClause | None:
    """The clause with this place in the draft."""
    if not 0 < number < 2**31:
        return None
    query = select(DraftClause).where(
        DraftClause.consultation_id == consultation_id, DraftClause.number == number
    )
    return tx.execute(query).scalar_one_or_none()


def clause_of(tx: Session, clause_id: int | None) -> DraftClause | None:
    return tx.get(DraftClause, clause_id) if clause_id else None


# ------------------------------------------------------------------ opinions


def add_opinion(tx: Session, made: Opinion) -> Opinion:
    tx.add(made)
    tx.flush()
    return made


def opinion(tx: Session, case_id: int) -> Opinion | None:
    """The opinion that a case is, or None."""
    return tx.get(Opinion, case_id)


def drop_opinion(tx: Session, made: Opinion) -> None:
    tx.delete(made)
    tx.flush()


def asking(tx: Session, conversation_id: str, since: datetime) -> Opinion | None:
    """The newest opinion of a conversation for which the chat has asked the clause."""
    query = (
        select(Opinion)
        .join(Case, Case.id == Opinion.case_id)
        .where(
            Case.conversation_id == conversation_id,
            Opinion.asking.is_(True),
            Opinion.at >= since,
            _counts(),
        )
        .order_by(Opinion.case_id.desc())
        .limit(1)
    )
    return tx.execute(query).scalar_one_or_none()


def counts(tx: Session, consultation_ids: Sequence[int]) -> dict[int, int]:
    """How many opinions each consultation has."""
    query = (
        select(Opinion.consultation_id, func.count())
        .join(Case, Case.id == Opinion.case_id)
        .where(Opinion.consultation_id.in_(consultation_ids), _counts())
        .group_by(Opinion.consultation_id)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def counts_by_clause(tx: Session, consultation_id: int) -> dict[int, int]:
    """How many opinions each clause has; 0 stands for the draft as a whole."""
    query = (
        select(Opinion.clause_id, func.count())
        .join(Case, Case.id == Opinion.case_id)
        .where(Opinion.consultation_id == consultation_id, _counts())
        .group_by(Opinion.clause_id)
    )
    return {number or 0: count for number, count in tx.execute(query)}


def said(
    tx: Session, consultation_id: int, *, group_id: int | None = None, reader: int | None = None
) -> list[Said]:
    """Opinions that are in a group, oldest first: all of a consultation, or those of one group.
    ``reader``: the member of staff who reads; an opinion that names them is not there for them."""
    one = Opinion.group_id.is_not(None) if group_id is None else Opinion.group_id == group_id
    return _said(tx, consultation_id, one, reader)


def ungrouped(tx: Session, consultation_id: int, *, reader: int | None = None) -> list[Said]:
    """Opinions that came when the answers stood already: in no group, not part of the table."""
    return _said(tx, consultation_id, Opinion.group_id.is_(None), reader)


def _said(
    tx: Session, consultation_id: int, wanted: ColumnElement[bool], reader: int | None
) -> list[Said]:
    query = (
        select(Opinion, Case, Contact)
        .join(Case, Case.id == Opinion.case_id)
        .outerjoin(Contact, Contact.case_id == Case.id)
        .where(
            Opinion.consultation_id == consultation_id, wanted, _counts(),
            unsealings.not_naming(Opinion.case_id, reader),
        )
        .order_by(Opinion.case_id)
        .limit(20_000)
    )  # fmt: skip
    return [Said(*row) for row in tx.execute(query)]


def near(
    tx: Session, consultation_id: int, clause_id: int | None, *, without: int, limit: int = 500
) -> list[tuple[int, str]]:
    """Groups of a clause with the words of their opinions, the newest first."""
    same = Opinion.clause_id.is_(None) if clause_id is None else Opinion.clause_id == clause_id
    query = (
        select(Opinion.group_id, Case.text)
        .join(Case, Case.id == Opinion.case_id)
        .where(
            Opinion.consultation_id == consultation_id, same, Opinion.group_id.is_not(None),
            Opinion.case_id != without, _counts(),
        )
        .order_by(Opinion.case_id.desc())
        .limit(limit)
    )  # fmt: skip
    return [(number or 0, text) for number, text in tx.execute(query)]


def untold(tx: Session, limit: int) -> list[Opinion]:
    """Opinions whose published answer has not been told, oldest first. Those that came too late
    for it are in no group and are answered like any other case."""
    query = (
        select(Opinion)
        .join(Case, Case.id == Opinion.case_id)
        .join(Consultation, Consultation.id == Opinion.consultation_id)
        .where(
            Consultation.state == "published",
            Opinion.told_at.is_(None),
            Opinion.group_id.is_not(None),
            _counts(),
        )
        .order_by(Opinion.case_id)
        .limit(limit)
    )
    return list(tx.execute(query).scalars())


# ------------------------------------------------------------------ groups


def add_group(tx: Session, consultation_id: int, clause_id: int | None) -> OpinionGroup:
    made = OpinionGroup(consultation_id=consultation_id, clause_id=clause_id)
    tx.add(made)
    tx.flush()
    return made


def group(tx: Session, group_id: int) -> OpinionGroup | None:
    return tx.get(OpinionGroup, group_id) if 0 < group_id < 2**31 else None


def groups(tx: Session, consultation_id: int) -> list[OpinionGroup]:
    query = select(OpinionGroup).where(OpinionGroup.consultation_id == consultation_id)
    return list(tx.execute(query.order_by(OpinionGroup.id)).scalars())


def move(tx: Session, case_ids: Sequence[int], target: OpinionGroup) -> int:
    """Puts opinions into a group, and to its clause; returns how many."""
    query = select(Opinion).where(
        Opinion.case_id.in_(case_ids), Opinion.consultation_id == target.consultation_id
    )
    found = tx.execute(query).scalars().all()
    for one in found:
        one.group_id, one.clause_id, one.asking = target.id, target.clause_id, False
    tx.flush()
    return len(found)


def drop_empty(tx: Session, consultation_id: int) -> None:
    """Forgets groups that hold no opinion any more."""
    used = select(Opinion.group_id).where(
        Opinion.consultation_id == consultation_id, Opinion.group_id.is_not(None)
    )
    tx.execute(
        delete(OpinionGroup)
        .where(OpinionGroup.consultation_id == consultation_id, OpinionGroup.id.not_in(used))
        .execution_options(synchronize_session=False)
    )


def unanswered(tx: Session, consultation_id: int) -> int:
    """How many groups with opinions have no answer."""
    query = (
        select(func.count(func.distinct(OpinionGroup.id)))
        .join(Opinion, Opinion.group_id == OpinionGroup.id)
        .join(Case, Case.id == Opinion.case_id)
        .where(
            OpinionGroup.consultation_id == consultation_id,
            or_(OpinionGroup.verdict.is_(None), OpinionGroup.answer == ""),
            _counts(),
        )
    )
    return tx.execute(query).scalar_one()
