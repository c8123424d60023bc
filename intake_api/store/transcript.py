"""What one case's page may show of its conversation.

A person may write about two matters in one conversation; one of them may be sealed, or name the
very officer who reads. Whoever may not see a case must not read it between the lines of another
one either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake_api.store import cases, unsealings
from intake_api.store.tables import Attachment, Case, Draft, Message

MaySee = Callable[[Case], bool]


def of_case(
    tx: Session, case: Case, may_see: MaySee, *, reader: int | None = None
) -> list[Message]:
    """The messages that may stand beside ``case``, oldest first (the newest 200). ``reader``: the
    member of staff who reads.

    Left out: what belongs to another case that may not be seen; what is sealed beside a normal
    case; and from the first word of a case that is sealed or names the reader on, everything that
    is not tied to this one. Words may be sealed before there is a case, while the assistant still
    asks.
    """
    talk = case.conversation_id
    others, cut = _others(tx, talk, may_see, reader, but=case.id) if talk else ({}, None)
    found = cases.messages(tx, case)
    if talk and not case.confidential:
        first_sealed = _first_sealed(tx, case)
        if first_sealed is not None:
            cut = first_sealed if cut is None else min(cut, first_sealed)

    def shown(message: Message) -> bool:
        if message.case_id == case.id:
            return True
        if message.sealed and not case.confidential:
            return False
        return _is_beside(message, others, cut)

    return [message for message in found if shown(message)]


def apart(
    tx: Session, conversation_id: str, may_see: MaySee, *, reader: int
) -> Callable[[Message], bool]:
    """Asks which messages of a conversation that is read by itself, not from the page of a case,
    ``reader`` may read: those of cases that may be seen, and those of none up to the first word of
    a case that names them."""
    others, cut = _others(tx, conversation_id, may_see, reader)
    return lambda message: _is_beside(message, others, cut)


def _others(
    tx: Session, conversation_id: str, may_see: MaySee, reader: int | None, *, but: int = 0
) -> tuple[dict[int, bool], int | None]:
    """Which cases of a conversation may be seen, ``but`` one, and the message from which on nothing
    is read that is tied to none."""
    seen: dict[int, bool] = {}
    cut: int | None = None
    for other in cases.of_conversation(tx, conversation_id, limit=200):
        if other.id == but:
            continue
        seen[other.id] = may_see(other)
        if not seen[other.id] and (other.confidential or _names(tx, other, reader)):
            first = first_word(tx, other)
            cut = first if cut is None else min(cut, first)
    return seen, cut


def _names(tx: Session, case: Case, reader: int | None) -> bool:
    return reader is not None and unsealings.is_named(tx, case.id, reader)


def _is_beside(message: Message, others: dict[int, bool], cut: int | None) -> bool:
    if message.case_id is not None:
        return others.get(message.case_id, False)
    return cut is None or message.id < cut


def _first_sealed(tx: Session, case: Case) -> int | None:
    """Number of the first sealed message beside a normal case, its own left out."""
    return tx.execute(
        select(func.min(Message.id)).where(
            Message.conversation_id == case.conversation_id,
            Message.direction == "in",
            Message.sealed,
            Message.case_id.is_distinct_from(case.id),
        )
    ).scalar_one()


def first_word(tx: Session, case: Case) -> int:
    """Number of the message with which the talk about a case began."""
    begun = tx.execute(
        select(Draft.first_message_id).where(Draft.case_id == case.id)
    ).scalar_one_or_none()
    if begun is not None:
        return begun
    tied = tx.execute(
        select(func.min(Message.id)).where(Message.case_id == case.id, Message.direction == "in")
    ).scalar_one_or_none()
    if tied is not None:
        return tied
    newest = tx.execute(
        select(func.max(Message.id)).where(
            Message.conversation_id == case.conversation_id,
            Message.direction == "in",
            Message.created_at <= case.received_at,
        )
    ).scalar_one_or_none()
    return newest or 0


def files(tx: Session, case: Case, messages: Sequence[Message]) -> list[Attachment]:
    """Files of the case and of the messages shown beside it, without their bytes."""
    query = select(Attachment).where(
        (Attachment.case_id == case.id)
        | (
            Attachment.case_id.is_(None)
            & Attachment.message_id.in_([message.id for message in messages])
        )
    )
    return list(tx.execute(query.order_by(Attachment.id)).scalars())


def file_for(tx: Session, attachment_id: int, may_see: MaySee, *, reader: int) -> Attachment | None:
    """The file, when it stands on the page of some case that may be seen; else None."""
    found = cases.attachment(tx, attachment_id)
    if found is None:
        return None
    if found.case_id is not None:
        case = cases.by_id(tx, found.case_id)
        return found if case is not None and may_see(case) else None
    message = tx.get(Message, found.message_id) if found.message_id else None
    if message is None:
        return None
    for case in cases.of_conversation(tx, message.conversation_id, limit=200):
        if not may_see(case):
            continue
        if any(m.id == message.id for m in of_case(tx, case, may_see, reader=reader)):
            return found
    return None
