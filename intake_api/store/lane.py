"""Which rows are sealed, decided when a session writes.

The listener stands on every session of a store. Sealing a case, by whatever step, takes along
everything that holds its words: the sender, messages, files, corrections, ledgers and the words of
its events. What a channel sent (raw events) is sealed from the start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, event, inspect, or_, select
from sqlalchemy.orm import Session, attributes, sessionmaker, undefer

from intake_api.domain import access
from intake_api.store import transcript
from intake_api.store.consult_tables import Opinion
from intake_api.store.lane_tables import EventWords, Unsealing
from intake_api.store.ledgers import ExtensionEntry, PauseEntry
from intake_api.store.mail_tables import MailLetter
from intake_api.store.notes import Note, TypedAnswer
from intake_api.store.open_tables import Publication
from intake_api.store.page_tables import PageComment, PageCommentVersion
from intake_api.store.registers import Correction, IdempotencyKey, Staff
from intake_api.store.report_tables import TransferLetter
from intake_api.store.retention_tables import LegalHold
from intake_api.store.sealing import is_sealed, sealed
from intake_api.store.tables import Attachment, Case, Contact, Draft, Message, RawEvent
from intake_api.store.view_tables import SavedView

# Every column that may hold words of a sealed case or say who its people are.
PROTECTED: dict[type[Any], tuple[str, ...]] = {
    Case: (
        "text", "text_masked", "folded", "classification", "school", "district", "place_text",
        "route_reason", "role_of_sender", "forwarded_to",
    ),
    Contact: ("name", "phone", "email"),
    Message: ("text", "payload"),
    Attachment: ("filename", "original", "shown", "remote_url"),
    Draft: ("text", "place_text", "name", "phone", "email"),
    Correction: ("text_masked",),
    PauseEntry: ("asked",),
    ExtensionEntry: ("reason",),
    EventWords: ("words",),
    Unsealing: ("reason",),
    RawEvent: ("body",),
    IdempotencyKey: ("body",),
    MailLetter: ("subject",),
    Note: ("text",),
    LegalHold: ("reason", "lift_why"),
    TransferLetter: ("addressee", "subject", "body"),
    Opinion: ("organisation",),
    TypedAnswer: ("text",),
    PageComment: ("text", "understood"),
    PageCommentVersion: ("text",),
    Publication: ("question", "answer"),
    SavedView: ("name", "query"),
}  # fmt: skip


# What hangs on a case by its number alone.
OF_CASE: tuple[type[Any], ...] = (
    Contact, Correction, PauseEntry, ExtensionEntry, EventWords, Unsealing, Note, TypedAnswer,
    LegalHold, TransferLetter, Opinion, Publication,
)  # fmt: skip


def watch(sessions: sessionmaker[Session]) -> None:
    """Has every session of this factory seal what must be sealed before it writes."""
    event.listen(sessions, "before_flush", _before_flush)


def _before_flush(tx: Session, _context: Any, _instances: Any) -> None:
    changed = [one for one in (*tx.new, *tx.dirty) if type(one) in PROTECTED]
    # Cases first: what belongs to them is asked about them.
    for one in sorted(changed, key=lambda row: not isinstance(row, Case)):
        if not _belongs_to_lane(tx, one):
            continue
        newly = one in tx.dirty and _just_sealed(one)
        _wrap(one)
        if newly and isinstance(one, Case):
            _take_along(tx, one)
        elif newly and isinstance(one, Message):
            _wrap_all(_files(tx, Attachment.message_id == one.id))
        elif newly and isinstance(one, PageComment):
            _wrap_all(_versions(tx, [one.id]))


def _belongs_to_lane(tx: Session, one: Any) -> bool:
    if isinstance(one, Case):
        return one.confidential
    if isinstance(one, SavedView):
        owner = tx.get(Staff, one.staff_id)
        return owner is not None and access.scope(owner.role, owner.unit).sealed
    if isinstance(one, PageCommentVersion):
        comment = tx.get(PageComment, one.comment_id)
        return comment is not None and _belongs_to_lane(tx, comment)
    if isinstance(one, Message | PageComment):
        return bool(one.sealed) or _of_sealed_case(tx, one.case_id)
    if isinstance(one, Draft | MailLetter | RawEvent) or (
        isinstance(one, LegalHold) and one.conversation_id
    ):
        # Nobody knows yet what it will be, or ever reads what it holds; people are still speaking.
        return True
    if isinstance(one, Attachment) and one.message_id is not None:
        message = tx.get(Message, one.message_id)
        if message is not None and message.sealed:
            return True
    return _of_sealed_case(tx, getattr(one, "case_id", None))


def _of_sealed_case(tx: Session, case_id: int | None) -> bool:
    case = tx.get(Case, case_id) if case_id is not None else None
    return case is not None and case.confidential


def _just_sealed(one: Any) -> bool:
    name = "confidential" if isinstance(one, Case) else "sealed"
    return hasattr(one, name) and attributes.get_history(one, name).has_changes()


def _wrap(one: Any, *, whole: bool = False) -> None:
    state = inspect(one)
    for name in PROTECTED[type(one)]:
        if name not in state.dict and (state.transient or state.pending or not whole):
            continue
        value = getattr(one, name)
        if is_sealed(value):
            continue
        setattr(one, name, sealed(value))
        if state.persistent:
            # Equal to what was there, so it would not be written.
            attributes.flag_modified(one, name)


def _wrap_all(rows: Iterable[Any]) -> None:
    for row in rows:
        _wrap(row, whole=True)


def _take_along(tx: Session, case: Case) -> None:
    # What was said from its first word on and belongs to no other case is about this one.
    said = and_(
        Message.conversation_id == (case.conversation_id or ""),
        Message.case_id.is_(None),
        Message.id >= transcript.first_word(tx, case),
    )
    query = select(Message).where(or_(Message.case_id == case.id, said))
    messages = list(tx.execute(query).scalars())
    for message in messages:
        message.sealed = True
    _wrap_all(messages)
    numbers = [one.id for one in messages]
    _wrap_all(_files(tx, or_(Attachment.case_id == case.id, Attachment.message_id.in_(numbers))))
    comments = tx.execute(select(PageComment).where(PageComment.case_id == case.id)).scalars().all()
    for comment in comments:
        comment.sealed = True
    _wrap_all(comments)
    _wrap_all(_versions(tx, [one.id for one in comments]))
    for table in OF_CASE:
        _wrap_all(tx.execute(select(table).where(table.case_id == case.id)).scalars())


def _files(tx: Session, wanted: Any) -> Iterable[Attachment]:
    query = (
        select(Attachment)
        .where(wanted)
        .options(undefer(Attachment.original), undefer(Attachment.shown))
    )
    return tx.execute(query).scalars().all()


def _versions(tx: Session, comments: list[int]) -> Iterable[PageCommentVersion]:
    query = select(PageCommentVersion).where(PageCommentVersion.comment_id.in_(comments))
    return tx.execute(query).scalars().all()
