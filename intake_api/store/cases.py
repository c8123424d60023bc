"""Reads and writes of cases, their contacts, drafts and files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES
from intake_api.store.registers import Correction
from intake_api.store.tables import Attachment, Case, Contact, Draft, Message


def add(tx: Session, case: Case) -> Case:
    tx.add(case)
    tx.flush()
    return case


def by_id(tx: Session, case_id: int, *, lock: bool = False) -> Case | None:
    """The case with this number; ``lock`` holds the row until the transaction ends."""
    return tx.get(Case, case_id, with_for_update=lock or None, populate_existing=lock)


def by_code(tx: Session, code: str, *, lock: bool = False) -> Case | None:
    """The case with this code; ``lock`` holds the row until the transaction ends."""
    query = select(Case).where(Case.code == code)
    return tx.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def code_exists(tx: Session, code: str) -> bool:
    """True when a case has this code already."""
    return tx.execute(select(Case.id).where(Case.code == code)).first() is not None


def of_conversation(
    tx: Session, conversation_id: str, limit: int = 20, *, lock: bool = False
) -> Sequence[Case]:
    """Cases of one conversation, newest first; ``lock`` holds them until the transaction ends."""
    query = select(Case).where(Case.conversation_id == conversation_id)
    query = query.order_by(Case.id.desc()).limit(limit)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.execute(query).scalars().all()


def has_sealed(tx: Session, conversation_id: str) -> bool:
    """True when a sealed matter was told in this conversation: more may be said of it."""
    query = select(Case.id).where(Case.conversation_id == conversation_id, Case.confidential)
    return tx.execute(query.limit(1)).first() is not None


def open_danger_case(tx: Session, conversation_id: str, since: datetime) -> Case | None:
    """The open child-protection case of a conversation since a moment, so that one emergency
    told in five messages stays one case."""
    return tx.execute(
        select(Case)
        .where(
            Case.conversation_id == conversation_id,
            Case.kind == "child_protection",
            Case.received_at >= since,
            Case.state.in_([str(state) for state in OPEN_STATES]),
        )
        .order_by(Case.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def units_with_open(tx: Session) -> list[str]:
    """Codes of units that have open cases."""
    open_values = [str(state) for state in OPEN_STATES]
    return list(
        tx.execute(select(Case.unit).where(Case.state.in_(open_values)).distinct()).scalars()
    )


def open_of_unit(tx: Session, unit: str, limit: int = 500) -> list[Case]:
    """Open cases of one unit, oldest first."""
    open_values = [str(state) for state in OPEN_STATES]
    query = select(Case).where(Case.unit == unit, Case.state.in_(open_values)).order_by(Case.id)
    return list(tx.execute(query.limit(limit).with_for_update()).scalars())


def contact(tx: Session, case_id: int) -> Contact | None:
    return tx.get(Contact, case_id)


def add_contact(tx: Session, made: Contact) -> None:
    tx.add(made)


def messages(tx: Session, case: Case) -> list[Message]:
    """What was written in the case's conversation, oldest first (the newest 200)."""
    where = Message.case_id == case.id
    if case.conversation_id:
        where = or_(where, Message.conversation_id == case.conversation_id)
    rows = tx.execute(select(Message).where(where).order_by(Message.id.desc()).limit(200)).scalars()
    return list(rows)[::-1]


def of_tied_message(tx: Session, conversation_id: str) -> Case | None:
    """The case of another conversation that a message of this one was tied to."""
    query = (
        select(Case)
        .join(Message, Message.case_id == Case.id)
        .where(Message.conversation_id == conversation_id, Message.direction == "in")
        .order_by(Message.id)
    )
    return tx.execute(query).scalars().first()


def draft_answer(tx: Session, case_id: int) -> Message | None:
    """The newest answer to a case that waits for approval, or None."""
    query = select(Message).where(Message.case_id == case_id, Message.state == "draft")
    return tx.execute(query.order_by(Message.id.desc()).limit(1)).scalar_one_or_none()


def attachments(tx: Session, case_id: int) -> list[Attachment]:
    """Files of a case without their bytes."""
    query = select(Attachment).where(Attachment.case_id == case_id).order_by(Attachment.id)
    return list(tx.execute(query).scalars())


def attachment(tx: Session, attachment_id: int) -> Attachment | None:
    return tx.get(Attachment, attachment_id)


def file_names(tx: Session, message_ids: Sequence[int]) -> dict[int, list[str]]:
    """Names of the files that came with messages, by message."""
    names: dict[int, list[str]] = {}
    if message_ids:
        query = select(Attachment.message_id, Attachment.filename).where(
            Attachment.message_id.in_(message_ids)
        )
        for number, name in tx.execute(query.order_by(Attachment.id)):
            names.setdefault(number or 0, []).append(name)
    return names


class Kept(Protocol):
    """A file that was looked into: its bytes as they came and the copy that may be shown."""

    @property
    def filename(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def original(self) -> bytes: ...
    @property
    def shown(self) -> bytes | None: ...


def keep_file(
    tx: Session, kept: Kept, *, message_id: int, case_id: int | None = None, now: datetime
) -> Attachment:
    """Keeps a file beside the message that it came with."""
    return add_attachment(
        tx,
        Attachment(
            case_id=case_id,
            message_id=message_id,
            filename=kept.filename[:200],
            content_type=kept.content_type,
            size=len(kept.original),
            sha256=hashlib.sha256(kept.original).hexdigest(),
            original=kept.original,
            shown=kept.shown,
            created_at=now,
        ),
    )


def add_attachment(tx: Session, made: Attachment) -> Attachment:
    tx.add(made)
    tx.flush()
    return made


def add_draft(tx: Session, draft: Draft) -> Draft:
    tx.add(draft)
    tx.flush()
    return draft


def draft(tx: Session, draft_id: str) -> Draft | None:
    return tx.get(Draft, draft_id)


def draft_of(tx: Session, case_id: int) -> Draft | None:
    """The draft that became a case, or None."""
    query = select(Draft).where(Draft.case_id == case_id).order_by(Draft.created_at).limit(1)
    return tx.execute(query).scalar_one_or_none()


def delete_draft(tx: Session, made: Draft) -> None:
    tx.delete(made)


def old_drafts(tx: Session, before: datetime) -> list[Draft]:
    """Drafts begun before a moment that never became a case."""
    query = select(Draft).where(Draft.created_at < before, Draft.case_id.is_(None))
    return list(tx.execute(query).scalars())


def add_correction(tx: Session, made: Correction) -> None:
    tx.add(made)


def corrections(tx: Session) -> list[Correction]:
    """Every correction by a person, oldest first: candidates for training, masked. Words of
    cases that are sealed now, by whatever step, never leave their lane this way."""
    query = select(Correction).join(Case, Case.id == Correction.case_id)
    query = query.where(Case.confidential.is_(False)).order_by(Correction.id)
    return list(tx.execute(query).scalars())
