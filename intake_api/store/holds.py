"""Legal holds: which stand, and what they keep from being erased. What names the ``reader``, a
member of staff, does not exist for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from intake_api.store import takeovers
from intake_api.store.lane_tables import NamedPerson
from intake_api.store.page_tables import PageComment
from intake_api.store.retention_tables import LegalHold
from intake_api.store.tables import Case, Conversation, Message

IN_FORCE = LegalHold.lifted_at.is_(None)


def keeps_case() -> ColumnElement[bool]:
    """True of a case (of the enclosing query) that a hold keeps: one on the case, or on a
    conversation in which words of it stand."""
    itself = exists().where(
        IN_FORCE,
        or_(LegalHold.case_id == Case.id, LegalHold.conversation_id == Case.conversation_id),
    )
    said = exists().where(
        IN_FORCE, Message.case_id == Case.id, Message.conversation_id == LegalHold.conversation_id
    )
    return or_(itself, said)


def keeps_talk() -> ColumnElement[bool]:
    """True of a conversation (of the enclosing query) that is held."""
    return exists().where(IN_FORCE, LegalHold.conversation_id == Conversation.id)


def case_is_kept(tx: Session, case_id: int) -> bool:
    """True when a hold keeps this case from being erased."""
    query = select(Case.id).where(Case.id == case_id, keeps_case())
    return tx.execute(query).first() is not None


def of(
    tx: Session, *, case_id: int | None = None, conversation_id: str | None = None
) -> LegalHold | None:
    """The hold in force that was placed on this very case or conversation, or None."""
    query = select(LegalHold).where(IN_FORCE)
    if case_id is not None:
        query = query.where(LegalHold.case_id == case_id)
    else:
        query = query.where(LegalHold.conversation_id == conversation_id)
    return tx.execute(query.order_by(LegalHold.id).limit(1)).scalar_one_or_none()


def names(tx: Session, found: LegalHold, staff_id: int) -> bool:
    """True when what is held, or a case told in it, names this member of staff."""
    query = select(LegalHold.id).where(LegalHold.id == found.id, _not_naming(staff_id))
    return tx.execute(query).first() is None


def _not_naming(reader: int) -> ColumnElement[bool]:
    case = aliased(Case)  # the enclosing query may read cases itself
    told = exists().where(
        case.conversation_id == LegalHold.conversation_id,
        NamedPerson.case_id == case.id,
        NamedPerson.staff_id == reader,
    )
    itself = exists().where(
        NamedPerson.case_id == LegalHold.case_id, NamedPerson.staff_id == reader
    )
    return ~or_(itself, told)


def on_cases(tx: Session, *, sealed: bool, reader: int) -> list[tuple[LegalHold, str]]:
    """Holds in force on cases of one lane, oldest first, each with the case's code."""
    query = select(LegalHold, Case.code).join(Case, Case.id == LegalHold.case_id)
    query = query.where(IN_FORCE, Case.confidential.is_(sealed), _not_naming(reader))
    return [(found, code) for found, code in tx.execute(query.order_by(LegalHold.id))]


def on_talks(tx: Session, *, sealed: bool, reader: int) -> list[tuple[LegalHold, Conversation]]:
    """Holds in force on conversations of one lane, oldest first."""
    query = select(LegalHold, Conversation).join(
        Conversation, Conversation.id == LegalHold.conversation_id
    )
    lane = takeovers.in_lane() if sealed else ~takeovers.in_lane()
    query = query.where(IN_FORCE, lane, _not_naming(reader)).order_by(LegalHold.id)
    return [(found, talk) for found, talk in tx.execute(query)]


def lifting_asked(tx: Session, *, reader: int) -> Sequence[LegalHold]:
    """Holds of which the confidential officer asked that they be lifted, oldest first."""
    query = select(LegalHold).where(
        IN_FORCE, LegalHold.lift_asked_at.is_not(None), _not_naming(reader)
    )
    return tx.execute(query.order_by(LegalHold.lift_asked_at)).scalars().all()


def get(tx: Session, hold_id: int) -> LegalHold | None:
    """The hold with this number, held until the transaction ends; None when it was lifted."""
    query = select(LegalHold).where(LegalHold.id == hold_id, IN_FORCE).with_for_update()
    return tx.execute(query).scalar_one_or_none()


def is_sealed(tx: Session, found: LegalHold) -> bool:
    """True when what is held belongs into the confidential lane, whenever it got there."""
    if found.conversation_id is not None:
        return takeovers.is_sealed(tx, found.conversation_id)
    return tx.get_one(Case, found.case_id).confidential


def cases_of(tx: Session, found: LegalHold) -> Sequence[Case]:
    """The held case, or the cases of the held conversation."""
    wanted = Case.id == found.case_id
    if found.conversation_id is not None:
        wanted = Case.conversation_id == found.conversation_id
    return tx.execute(select(Case).where(wanted).order_by(Case.id)).scalars().all()


def removed_comments(tx: Session, found: LegalHold) -> Sequence[PageComment]:
    """Comments that their author took back while this hold kept their words."""
    wanted = PageComment.case_id == found.case_id
    if found.conversation_id is not None:
        wanted = PageComment.conversation_id == found.conversation_id
    query = select(PageComment).where(
        wanted, PageComment.removed_at.is_not(None), PageComment.text != ""
    )
    return tx.execute(query.order_by(PageComment.id)).scalars().all()


def add(tx: Session, made: LegalHold) -> None:
    tx.add(made)
    tx.flush()
