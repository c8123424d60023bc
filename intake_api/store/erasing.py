"""Takes everything of a case out of the database but what statistics need.

Rows are changed through the session, one by one, so that what seals and what indexes them
follows. The audit chain is never touched: it holds no words of the sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from intake_api.domain.model import State
from intake_api.store import holds, takeovers
from intake_api.store.db import Base, changed_rows
from intake_api.store.ledgers import ExtensionEntry, PauseEntry
from intake_api.store.mail_tables import MailLetter
from intake_api.store.page_tables import PageComment
from intake_api.store.pages import erase as erase_comment
from intake_api.store.retention_tables import ErasureWish, RetentionRun
from intake_api.store.tables import (
    Attachment,
    Case,
    Contact,
    Conversation,
    Draft,
    Message,
    RawEvent,
)

GONE: dict[str, Any] = {"erased": True}
# What stands instead of the channel's id of somebody who was forgotten.
NOBODY = "erased-"


def ended_before(
    tx: Session, kind: str, before: datetime, *, limit: int | None = None
) -> Sequence[int]:
    """Ids of cases of a kind that ended before a moment and are not held, oldest first."""
    ended = func.coalesce(Case.closed_at, Case.answered_at)
    query = (
        select(Case.id)
        .where(
            Case.kind == kind,
            ended < before,
            Case.state.in_([str(state) for state in ERASABLE]),
            ~holds.keeps_case(),
        )
        .order_by(Case.id)
    )
    return tx.execute(query.limit(limit) if limit else query).scalars().all()


# The states that the workflow lets a case be erased from.
ERASABLE = (
    State.CLOSED, State.ANSWERED, State.FORWARDED_OUTSIDE, State.REJECTED_SPAM, State.WITHDRAWN,
    State.MERGED,
)  # fmt: skip


def add(tx: Session, made: RetentionRun | ErasureWish) -> None:
    tx.add(made)
    tx.flush()


def run(tx: Session, run_id: int) -> RetentionRun | None:
    """The run, held until the transaction ends."""
    query = select(RetentionRun).where(RetentionRun.id == run_id).with_for_update()
    return tx.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def runs(tx: Session, limit: int = 20) -> Sequence[RetentionRun]:
    """The newest runs, newest first."""
    return (
        tx.execute(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(limit))
        .scalars()
        .all()
    )


def approved_run(tx: Session) -> RetentionRun | None:
    """The oldest run that was approved and is not done."""
    query = select(RetentionRun).where(
        RetentionRun.approved.is_(True), RetentionRun.done_at.is_(None)
    )
    return tx.execute(query.order_by(RetentionRun.id).limit(1)).scalar_one_or_none()


def open_run(tx: Session) -> RetentionRun | None:
    """A run that waits for a decision or for being done."""
    query = select(RetentionRun).where(
        or_(RetentionRun.decided_at.is_(None), RetentionRun.approved.is_(True)),
        RetentionRun.done_at.is_(None),
    )
    return tx.execute(query.order_by(RetentionRun.id).limit(1)).scalar_one_or_none()


def talks_before(tx: Session, before: datetime, *, limit: int | None = None) -> Sequence[str]:
    """Conversations that became no case, are not held, and whose person wrote nothing since a
    moment."""
    last = func.coalesce(Conversation.last_inbound_at, Conversation.created_at)
    query = select(Conversation.id).where(
        last < before,
        ~Conversation.external_id.startswith(NOBODY),
        takeovers.became_no_case(),
        ~holds.keeps_talk(),
    )
    query = query.order_by(last)
    return tx.execute(query.limit(limit) if limit else query).scalars().all()


def erased_among(tx: Session, conversations: Sequence[str]) -> set[str]:
    """Those of some conversations whose person was forgotten."""
    found: set[str] = set()
    for part in batched(conversations, 500):
        query = select(Conversation.id).where(
            Conversation.id.in_(part), Conversation.external_id.startswith(NOBODY)
        )
        found.update(tx.execute(query).scalars())
    return found


def was_erased(talk: Conversation) -> bool:
    """True when the person of this conversation was forgotten."""
    return talk.external_id.startswith(NOBODY)


def take_out_talk(tx: Session, conversation_id: str) -> int:
    """Removes the words, files and person of a conversation that became no case; returns how many
    messages went. What was published or counted of it is tied to nobody and stays."""
    query = select(Message).where(Message.conversation_id == conversation_id)
    messages = list(tx.execute(query).scalars())
    numbers = [one.id for one in messages]
    _forget_raw(tx, [one.channel_message_id for one in messages if one.channel_message_id])
    tx.execute(
        update(PageComment).where(PageComment.message_id.in_(numbers)).values(message_id=None)
    )
    tx.flush()
    _delete_what_points(tx, None, numbers)
    _delete(tx, Message, Message.id.in_(numbers))
    _forget_person(tx, conversation_id)
    tx.flush()
    return len(numbers)


def wish(tx: Session, case_id: int) -> ErasureWish | None:
    return tx.get(ErasureWish, case_id)


def ripe_wishes(tx: Session, before: datetime, limit: int = 100) -> Sequence[ErasureWish]:
    """Wishes from before a moment that wait to be granted."""
    query = select(ErasureWish).where(
        ErasureWish.state == "waiting", ErasureWish.asked_at <= before
    )
    return tx.execute(query.order_by(ErasureWish.asked_at).limit(limit)).scalars().all()


def contents(tx: Session, ids: Sequence[int]) -> dict[str, int]:
    """How much there is of these cases: what a plan names before anything is done."""
    found = dict.fromkeys(("message", "attachment", "contact"), 0)
    for part in batched(ids, 500):
        for name, table in (
            ("message", Message), ("attachment", Attachment), ("contact", Contact),
        ):  # fmt: skip
            query = select(func.count()).select_from(table).where(table.case_id.in_(part))
            found[name] += tx.execute(query).scalar_one()
    return found


# What stays of an erased case, and why. Rows of every other table that point to the case or to its
# messages are deleted: a table that is added tomorrow loses its words unless it is named here.
KEPT = {
    "cases": "the tombstone",
    "event": "the audit chain is never rewritten; it holds no words of the sender",
    "message": "deleted last, with the conversation's other messages",
    "rating": "statistics: a number",
    "merge_entry": "statistics: which case followed which",
    "pause": "statistics: when the clock stood still; what was asked is blanked",
    "extension": "statistics: what moved the date; the reason is blanked",
    "page_comment": "blanked; the platform's number stops it from coming in again",
    "takeover": "who spoke when, without words",
    "import_item": "stops the same item from being brought in again",
    "reminder_mark": "dates only",
    "legal_hold": "why it was kept so long",
    "erasure_wish": "that the wish was granted",
}


def take_out(tx: Session, case: Case) -> dict[str, int]:
    """Removes words, people and files of a case; returns how many rows went of each table."""
    alone = case.conversation_id is not None and not _others(tx, case)
    where = [Message.case_id == case.id]
    if alone:
        where.append(Message.conversation_id == case.conversation_id)
    messages = list(tx.execute(select(Message).where(or_(*where))).scalars())
    numbers = [one.id for one in messages]
    keys = [one.channel_message_id for one in messages if one.channel_message_id]
    counts = {"message": len(messages), "raw_event": _forget_raw(tx, keys)}
    for entry in tx.execute(select(PauseEntry).where(PauseEntry.case_id == case.id)).scalars():
        entry.asked = ""
    for later in tx.execute(
        select(ExtensionEntry).where(ExtensionEntry.case_id == case.id)
    ).scalars():
        later.reason = ""
    for comment in tx.execute(select(PageComment).where(PageComment.case_id == case.id)).scalars():
        erase_comment(tx, comment, gone="")
        comment.author_id, comment.message_id, comment.conversation_id = "", None, None
        comment.understood = comment.psid = None
    tx.execute(
        update(PageComment).where(PageComment.message_id.in_(numbers)).values(message_id=None)
    )
    tx.flush()
    counts.update(_delete_what_points(tx, case.id, numbers))
    _delete(tx, Message, Message.id.in_(numbers))
    for name in {one.conversation_id for one in messages} - {case.conversation_id}:
        # A copy of the case's text that came in by itself: nothing else was said there.
        if tx.execute(select(Message.id).where(Message.conversation_id == name)).first() is None:
            _forget_person(tx, name)
    if alone:
        _forget_person(tx, case.conversation_id or "")
    _blank(case)
    tx.flush()
    return {name: number for name, number in counts.items() if number}


def _delete_what_points(
    tx: Session, case_id: int | None, messages: Sequence[int]
) -> dict[str, int]:
    counts = {}
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in KEPT:
            continue
        wanted = []
        for column in table.columns:
            targets = {key.target_fullname for key in column.foreign_keys}
            if "cases.id" in targets and case_id is not None:
                wanted.append(column == case_id)
            elif "message.id" in targets:
                wanted.append(column.in_(messages))
        if wanted:
            counts[table.name] = _delete(tx, table, or_(*wanted))
    return counts


def _others(tx: Session, case: Case) -> bool:
    """True when another case of the same person is kept: their conversation goes on."""
    query = select(Case.id).where(
        Case.conversation_id == case.conversation_id,
        Case.id != case.id,
        Case.state != State.ERASED,
    )
    return tx.execute(query.limit(1)).first() is not None


def _delete(tx: Session, table: Any, where: Any) -> int:
    return changed_rows(
        tx.execute(delete(table).where(where).execution_options(synchronize_session=False))
    )


def _forget_raw(tx: Session, keys: Sequence[str]) -> int:
    """The bodies go; the natural keys stay, so that a repeated event is still known."""
    if not keys:
        return 0
    found = tx.execute(select(RawEvent).where(RawEvent.natural_key.in_(keys))).scalars().all()
    for one in found:
        one.body = dict(GONE)
    return len(found)


def _forget_person(tx: Session, conversation_id: str) -> None:
    """Nobody can be found by this conversation any more, nor be written to."""
    talk = tx.get(Conversation, conversation_id)
    if talk is not None:
        _delete(tx, Draft, Draft.conversation_id == conversation_id)
        _delete(tx, MailLetter, MailLetter.conversation_id == conversation_id)
        talk.external_id = f"{NOBODY}{conversation_id}"
        talk.last_inbound_at = talk.last_slug = None


def _blank(case: Case) -> None:
    """What is left is a tombstone: kind, topic, unit, channel, district, dates, outcome."""
    case.text = case.text_masked = case.folded = case.route_reason = ""
    case.classification = {
        "model_version": str((case.classification or {}).get("model_version", ""))
    }
    case.school = case.place_text = case.role_of_sender = case.forwarded_to = None
    if case.confidential:
        case.district = None  # few sealed cases come from one district
    case.pin_hash, case.conversation_id = "", None
    case.consent_at = None


def forget_old_raw(tx: Session, before: datetime) -> int:
    """Drops a channel's events older than a moment: no platform repeats them after so long, and
    what people said in them stands in messages, kept under the rules of the cases and of holds.
    Returns how many went."""
    return _delete(tx, RawEvent, RawEvent.received_at < before)
