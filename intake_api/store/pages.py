"""Reads and writes of the Page's posts and comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake_api.store import unsealings
from intake_api.store.db import savepoint
from intake_api.store.page_tables import PageComment, PageCommentVersion, PagePost
from intake_api.store.tables import Case, Message, RawEvent


def post(tx: Session, post_id: str) -> PagePost | None:
    return tx.get(PagePost, post_id)


def add_post(tx: Session, made: PagePost) -> PagePost:
    tx.add(made)
    tx.flush()
    return made


def comment(tx: Session, comment_id: int) -> PageComment | None:
    return tx.get(PageComment, comment_id)


def by_remote(tx: Session, remote_id: str) -> PageComment | None:
    """The comment with the platform's id."""
    return tx.execute(
        select(PageComment).where(PageComment.remote_id == remote_id)
    ).scalar_one_or_none()


def add(tx: Session, made: PageComment) -> bool:
    """Stores a comment; False when the platform told us of it twice in the same moment."""
    try:
        with savepoint(tx):
            tx.add(made)
            tx.flush()
    except IntegrityError:
        return False
    return True


def versions(tx: Session, comment_id: int) -> Sequence[PageCommentVersion]:
    """What a comment said, oldest first; the newest is the comment's own text."""
    query = select(PageCommentVersion).where(PageCommentVersion.comment_id == comment_id)
    return tx.execute(query.order_by(PageCommentVersion.number)).scalars().all()


def add_version(tx: Session, comment_id: int, text: str, at: datetime) -> None:
    """Keeps one more version; numbers follow the order in which they came in."""
    newest = tx.execute(
        select(func.max(PageCommentVersion.number)).where(
            PageCommentVersion.comment_id == comment_id
        )
    ).scalar_one()
    made = PageCommentVersion(comment_id=comment_id, number=(newest or 0) + 1, text=text, at=at)
    tx.add(made)
    tx.flush()


def erase(tx: Session, found: PageComment, *, gone: str) -> None:
    """Takes the words out of everything that keeps them besides a case: the comment, its
    versions, its messages and the raw events. The rows stay, as tombstones."""
    found.text = ""
    for version in versions(tx, found.id):
        version.text = ""
    messages = tx.execute(
        select(Message).where(
            Message.conversation_id == found.conversation_id, Message.direction == "in"
        )
    ).scalars()
    for message in messages:
        if (message.payload or {}).get("comment") == found.id:
            message.text = gone
    forget_raw(tx, found.remote_id)


def forget_raw(tx: Session, remote_id: str) -> None:
    """Empties the raw events of a comment; their keys still stop repeats."""
    tx.execute(
        update(RawEvent)
        .where(RawEvent.natural_key.startswith(f"messenger:feed:{remote_id}:", autoescape=True))
        .values(body={"erased": True})
        .execution_options(synchronize_session=False)
    )


def thread(
    tx: Session, post_id: str, limit: int = 300, *, reader: int | None = None
) -> Sequence[PageComment]:
    """Everything that is known below one post, oldest first; for ``reader``, a member of staff,
    without what became a case that names them."""
    query = select(PageComment).where(PageComment.post_id == post_id, _there_for(reader))
    return tx.execute(query.order_by(PageComment.created_at).limit(limit)).scalars().all()


def of_case(tx: Session, case_id: int) -> PageComment | None:
    """The comment with which a case began."""
    query = select(PageComment).where(PageComment.case_id == case_id).order_by(PageComment.id)
    return tx.execute(query.limit(1)).scalar_one_or_none()


def answers(tx: Session, found: PageComment) -> list[Message]:
    """What was said, or done, to one comment."""
    rows = tx.execute(
        select(Message)
        .where(Message.conversation_id == found.conversation_id, Message.direction == "out")
        .order_by(Message.id)
    ).scalars()
    return [one for one in rows if (one.payload or {}).get("comment") == found.id]


def of_conversation(tx: Session, conversation_id: str) -> PageComment | None:
    """The newest comment of a conversation below a post."""
    query = select(PageComment).where(PageComment.conversation_id == conversation_id)
    return tx.execute(query.order_by(PageComment.id.desc()).limit(1)).scalar_one_or_none()


def of_person(tx: Session, psid: str, since: datetime) -> list[PageComment]:
    """Comments of somebody who is known in Messenger by now, newest first."""
    query = select(PageComment).where(PageComment.psid == psid, PageComment.created_at >= since)
    return list(tx.execute(query.order_by(PageComment.id.desc())).scalars())


def conversations_of(tx: Session, psid: str) -> list[str]:
    """Conversations below posts that belong to somebody known in Messenger."""
    query = select(PageComment.conversation_id).where(
        PageComment.psid == psid, PageComment.conversation_id.is_not(None)
    )
    return [name for name in tx.execute(query.distinct()).scalars() if name]


def psid_of_author(tx: Session, author_id: str) -> str | None:
    """Who the author of a comment is in Messenger, as an earlier private reply told."""
    if not author_id:
        return None
    query = select(PageComment.psid).where(
        PageComment.author_id == author_id, PageComment.psid.is_not(None)
    )
    return tx.execute(query.order_by(PageComment.id.desc()).limit(1)).scalar_one_or_none()


def replied_lately(tx: Session, conversation_id: str, since: datetime) -> bool:
    """True when a private reply went to this person in this thread, or waits to go."""
    query = (
        select(Message.id)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == "out",
            Message.created_at >= since,
        )
        .limit(1)
    )
    return tx.execute(query).first() is not None


def cases_of(tx: Session, conversation_id: str) -> list[Case]:
    """Cases whose conversation is the one below a post."""
    query = select(Case).where(Case.conversation_id == conversation_id).with_for_update()
    return list(tx.execute(query).scalars())


def unanswered(tx: Session, before: datetime, limit: int = 100) -> list[PageComment]:
    """Comments that were invited to go on in private before a moment and became no case."""
    query = select(PageComment).where(
        PageComment.step == "invite",
        PageComment.case_id.is_(None),
        PageComment.removed_at.is_(None),
        PageComment.created_at < before,
    )
    return list(tx.execute(query.order_by(PageComment.id).limit(limit)).scalars())


def _there_for(reader: int | None) -> ColumnElement[bool]:
    of_no_case = PageComment.case_id.is_(None)
    return or_(of_no_case, unsealings.not_naming(PageComment.case_id, reader))


def _listed(
    tx: Session, *, sealed: bool, look: bool, reader: int | None, words: str
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        PageComment.sealed.is_(sealed),
        PageComment.by_page.is_(False),
        _there_for(reader),
    ]
    if look:
        where.append(PageComment.look != "")
    if words and sealed:
        # The database cannot look into what is encrypted; there are few of them.
        rows = tx.execute(select(PageComment.id, PageComment.text).where(*where))
        found = [number for number, text in rows if words.lower() in text.lower()]
        where.append(PageComment.id.in_(found))
    elif words:
        where.append(PageComment.text.icontains(words, autoescape=True))
    return where


def listing(
    tx: Session, *, sealed: bool, look: bool, reader: int | None = None, words: str = "",
    offset: int = 0, limit: int = 40,
) -> list[PageComment]:  # fmt: skip
    """Comments of one lane, newest first; ``look``: only those that somebody should look at;
    ``reader``: the member of staff who reads, without what became a case that names them."""
    where = _listed(tx, sealed=sealed, look=look, reader=reader, words=words)
    query = select(PageComment).where(*where)
    query = query.order_by(PageComment.created_at.desc(), PageComment.id.desc())
    return list(tx.execute(query.offset(offset).limit(limit)).scalars())


def count(
    tx: Session, *, sealed: bool, look: bool, reader: int | None = None, words: str = ""
) -> int:
    """How many ``listing`` finds."""
    where = _listed(tx, sealed=sealed, look=look, reader=reader, words=words)
    return tx.execute(select(func.count()).select_from(PageComment).where(*where)).scalar_one()
