"""Bringing in what was said before: once, in steps that can be taken up again, and in silence.

Nothing that is brought in sends anything to anybody: what people said years ago is history, and a
notice about it would frighten them. Old feedback becomes closed cases with their own dates, so
that figures over the years are true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.commenting import RECORDED
from intake_api.domain.history import BadItem, OldItem, fingerprint
from intake_api.domain.model import Channel, Outcome, State
from intake_api.flow import receive, triage
from intake_api.flow.services import Services
from intake_api.store import conversations, events, imports, pages
from intake_api.store.import_tables import ImportBatch
from intake_api.store.page_tables import PageComment, PagePost
from intake_api.store.tables import Case, Message
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session

STEP = 50  # items in one transaction
# Shorter than this a comment of old times is chatter.
FEWEST_WORDS = 4
IMPORTED = "imported"


@dataclass(slots=True)
class Preview:
    """What a file holds, before anything is brought in."""

    items: int = 0
    posts: int = 0
    page_words: int = 0  # said by the Page itself: context
    feedback: int = 0
    sealed: int = 0
    chatter: int = 0
    duplicates: int = 0
    first: datetime | None = None
    last: datetime | None = None
    kinds: Counter[str] = field(default_factory=Counter)
    bad: list[BadItem] = field(default_factory=list)


def preview(
    tx: Session, services: Services, items: Iterable[OldItem | BadItem], *, now: datetime
) -> Preview:
    """Reads everything and changes nothing."""
    found, seen = Preview(), set[str]()
    for item in items:
        if isinstance(item, BadItem):
            found.bad.append(item)
            continue
        wrong = _wrong(item, now)
        if wrong:
            found.bad.append(BadItem(item.line, wrong))
            continue
        found.items += 1
        found.first = min(found.first or item.at, item.at)
        found.last = max(found.last or item.at, item.at)
        mark = fingerprint(item.text, item.at)
        if imports.known(tx, item.key) or _known(tx, item, mark) or item.key in seen:
            found.duplicates += 1
        elif item.kind == "post":
            found.posts += 1
        elif item.by_page:
            found.page_words += 1
        elif mark in seen and item.kind == "message":
            found.duplicates += 1
        else:
            _count(services, found, item)
        seen |= {item.key, mark}
    return found


def _count(services: Services, found: Preview, item: OldItem) -> None:
    understood = services.classifier.classify(item.text, channel=item.channel or None)
    if not _is_feedback(item, understood.kind):
        found.chatter += 1
        return
    found.feedback += 1
    if triage.sealed(services, understood):
        found.sealed += 1
    else:
        found.kinds[services.catalog.kinds[understood.kind].name] += 1


def _wrong(item: OldItem, now: datetime) -> str:
    if item.at > now:
        return "ngày nằm trong tương lai"
    if item.at.year < 2000:
        return "ngày trước năm 2000"
    if len(item.text) > receive.MAX_TEXT:
        return "nội dung dài quá 5.000 ký tự"
    return ""


def _is_feedback(item: OldItem, kind: str) -> bool:
    """A row of a table was somebody's matter by being there; a comment only by what it says."""
    if kind == "spam" or not normalize(item.text).strip():
        return False
    if item.channel != Channel.COMMENT and item.kind == "message":
        return True
    return kind in RECORDED and len(item.text.split()) >= FEWEST_WORDS


def _known(tx: Session, item: OldItem, mark: str) -> bool:
    """True for what is here already, by the platform's id or by the same words on the same day."""
    if item.kind == "post":
        return pages.post(tx, item.post_id) is not None
    if item.kind == "comment":
        return pages.by_remote(tx, item.key.removeprefix("comment:")) is not None
    if imports.same_words(tx, mark):
        return True
    return any(fingerprint(text, item.at) == mark for text in imports.texts_of_day(tx, item.at))


def begin(
    tx: Session, *, source: str, sha256: str, total: int, actor: str, now: datetime
) -> ImportBatch:
    """The batch of a file; one that was interrupted is taken up where it stopped."""
    batch = imports.batch(tx, sha256)
    if batch is None:
        batch = imports.add_batch(
            tx, ImportBatch(source=source[:200], sha256=sha256, total=total, started_at=now)
        )
        events.append(
            tx, at=now, actor=actor, action="import_started", data={"sha256": sha256[:16]}
        )
    batch.total = total
    return batch


def bring_in(
    tx: Session,
    services: Services,
    batch_id: int,
    items: Sequence[OldItem | BadItem],
    *,
    now: datetime,
) -> ImportBatch:
    """Brings in the next few items of a batch in one transaction."""
    batch = imports.batch_by_id(tx, batch_id)
    for item in items:
        batch.position += 1
        if isinstance(item, BadItem) or _wrong(item, now):
            batch.bad += 1
            continue
        mark = fingerprint(item.text, item.at)
        if imports.known(tx, item.key) or _known(tx, item, mark):
            batch.duplicates += 1
            continue
        case = _one(tx, services, item)
        imports.add_item(
            tx, key=item.key, fingerprint=mark, batch_id=batch.id,
            case_id=case.id if case else None,
        )  # fmt: skip
        batch.added += 1
        batch.cases += case is not None
    return batch


def end(tx: Session, batch_id: int, *, actor: str, now: datetime) -> None:
    """The whole file has been brought in."""
    batch = imports.batch_by_id(tx, batch_id)
    batch.ended_at = now
    data = {"added": batch.added, "cases": batch.cases, "duplicates": batch.duplicates}
    events.append(tx, at=now, actor=actor, action="import_ended", data=data)


def _one(tx: Session, services: Services, item: OldItem) -> Case | None:
    if item.kind == "post":
        pages.add_post(
            tx,
            PagePost(
                id=item.post_id, text=item.text, permalink=item.permalink, created_at=item.at,
                changed_at=item.at,
            ),
        )  # fmt: skip
        return None
    comment = _comment(tx, item) if item.kind == "comment" else None
    if item.by_page or not normalize(item.text).strip():
        return None
    channel = item.channel or (Channel.COMMENT if comment else Channel.API)
    decision = triage.decide(
        services, text=item.text, place_text=item.place or None, channel=channel, now=item.at
    )
    understood = decision.classification
    if comment is not None:
        comment.understood = triage.as_json(understood)
        comment.sealed = triage.sealed(services, understood)
    if not _is_feedback(item, understood.kind):
        return None
    case = receive.submit(
        tx, services, text=item.text, channel=channel, now=item.at,
        place_text=item.place or None, actor="system", decision=decision,
    ).case  # fmt: skip
    if comment is not None:
        comment.case_id, comment.sealed = case.id, case.confidential
    _close(tx, item, case)
    return case


def _comment(tx: Session, item: OldItem) -> PageComment:
    made = PageComment(
        remote_id=item.key.removeprefix("comment:"), post_id=item.post_id,
        parent_id=item.parent_id or None, author_id=item.author, by_page=item.by_page,
        text=item.text, permalink=item.permalink, created_at=item.at, changed_at=item.at,
        is_post=False, hidden=False, step=IMPORTED, look="", sealed=False,
    )  # fmt: skip
    pages.add(tx, made)
    pages.add_version(tx, made.id, item.text, item.at)
    return made


def _close(tx: Session, item: OldItem, case: Case) -> None:
    """History is closed: it has no deadline left, and nobody is told."""
    case.state, case.closed_at = State.CLOSED, item.answered_at or item.at
    case.outcome = Outcome.ANSWERED if item.answer else Outcome.NOTED
    case.answered_at = (item.answered_at or item.at) if item.answer else None
    case.version += 1
    if not item.answer:
        return
    talk = conversations.get_or_create(
        tx, channel=IMPORTED, external_id=item.key[:200], now=item.at
    )
    tx.add(
        Message(
            conversation_id=talk.id, case_id=case.id, direction="out", author="staff",
            text=item.answer, sealed=case.confidential, state="sent", attempts=0,
            created_at=case.answered_at, done_at=case.answered_at,
        )
    )  # fmt: skip
