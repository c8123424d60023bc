"""Questions that got no good answer: noted masked, put together, made into a draft by one press.

Nothing of the confidential lane is noted: neither words the classifier would seal, nor anything
said in a conversation that holds a sealed case. Who asked is a keyed hash: people are counted,
never known.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import faq, taps
from intake_api.domain.model import Reply, Source
from intake_api.flow import entries, triage, trying
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, conversations, unsealings
from intake_api.store import gaps as store
from intake_api.store.faq_tables import Asked, FaqRevision, GapCluster
from intake_api.store.gaps import UNHELPFUL, OpenGap
from intake_api.store.registers import Gap, Staff
from intake_api.store.tables import Conversation, Message
from vntext import fold, mask
from vntext.pii import LABELS

if TYPE_CHECKING:
    from intake_api.store import Session

# An answer can be marked as none for so long after it was given.
MARKABLE = timedelta(days=2)
KEEP_ASKED, KEEP_GAPS = timedelta(days=180), timedelta(days=400)
# More than this is not looked through at once; the newest count.
MOST_GAPS = 20_000
# As many of the ways people really asked go into a draft.
MOST_VARIANTS = 25


def person_of(services: Services, conversation: Conversation | None) -> str:
    """A name for counting people that tells nothing of them; "" when nobody is known."""
    return _mark(services, conversation.id) if conversation is not None else ""


def _mark(services: Services, conversation_id: str) -> str:
    mark = f"asks:{conversation_id}".encode()
    return hmac.new(services.pin_key, mark, hashlib.sha256).hexdigest()[:32]


def forget_of(tx: Session, services: Services, conversation_id: str | None) -> None:
    """A case of this conversation is sealed: what was asked beside it is no gap any more, as it
    would be none from now on (``note``)."""
    if conversation_id is not None:
        store.forget_of(tx, _mark(services, conversation_id))


def kept_from(tx: Session, services: Services, staff: Staff) -> frozenset[str]:
    """Questions as they were kept, masked, that this member of staff is not shown: those of people
    who sent a case which names them, for whoever asks and then complains does so in like words."""
    talks = unsealings.talks_naming(tx, staff.id)
    return store.texts_of(tx, [_mark(services, one) for one in talks])


# ------------------------------------------------------------------------------- noting


def note(
    tx: Session,
    services: Services,
    conversation: Conversation | None,
    reply: Reply,
    *,
    text: str,
    channel: str,
    now: datetime,
) -> None:
    """Keeps a question, masked: as a gap when it was not answered at once."""
    made = None
    beside = conversation is not None and cases.has_sealed(tx, conversation.id)
    if not beside and not triage.sealed(
        services, services.classifier.classify(text, channel=channel)
    ):
        person = person_of(services, conversation)
        offered = [answer.entry.slug for answer in reply.answers]
        if reply.decision == "answer":
            store.note_asked(tx, Asked(
                at=now, text_masked=mask(text), slug=offered[0], person=person, channel=channel,
            ))  # fmt: skip
        else:
            made = store.add_gap(tx, Gap(
                at=now, text_masked=mask(text), decision=reply.decision, offered=offered,
                channel=channel, person=person,
            ))  # fmt: skip
    if conversation is not None:
        conversation.open_gap_id = made.id if made and made.offered else None


def note_pick(tx: Session, conversation: Conversation | None, slug: str) -> None:
    """Choosing one of the entries that were offered says what the question meant."""
    if conversation is None or conversation.open_gap_id is None:
        return
    found = store.gap(tx, conversation.open_gap_id)
    conversation.open_gap_id = None
    if found is not None and slug in found.offered:
        found.picked = slug


def unhelpful(
    tx: Session,
    services: Services,
    conversation: Conversation,
    message: Message,
    slug: str,
    *,
    now: datetime,
) -> bool:
    """Somebody tapped that an answer was none: thanked, and noted with the question it was given
    to. False when this conversation was given no such answer lately and none was tapped on."""
    if not conversations.was_offered(tx, conversation.id, f"faq:unhelpful:{slug}"):
        return False
    person = person_of(services, conversation)
    asked = store.last_asked(tx, person, slug, now - MARKABLE)
    if asked is not None and not store.marked(tx, person, slug, asked.text_masked):
        store.add_gap(tx, Gap(
            at=now, text_masked=asked.text_masked, decision=UNHELPFUL, offered=[slug],
            channel=conversation.channel, person=person,
        ))  # fmt: skip
    message.state, message.done_at = "done", now
    conversations.add_outbound(
        tx, conversation, text=services.catalog.messages["answer_unhelpful"],
        payload={"buttons": [taps.TALK]}, author="system", now=now, sealed=message.sealed,
    )  # fmt: skip
    return True


# ------------------------------------------------------------------------------- putting together


def put_together(found: Sequence[OpenGap], now: datetime) -> list[GapCluster]:
    """The open gaps as clusters, those that most people ask first. Only reckons."""
    # It brings scipy along, and only the jobs process puts together.
    from intake_api.knowledge.clusters import Asking, cluster

    made = []
    for one in cluster([Asking(gap.text, gap.person) for gap in found]):
        mine = [found[number] for number in one.members]
        offered = Counter(slug for gap in mine for slug in gap.offered)
        made.append(GapCluster(
            made_at=now, text=mine[0].text, people=one.people, count=len(mine),
            first_at=min(gap.at for gap in mine), last_at=max(gap.at for gap in mine),
            decisions=dict(Counter(gap.decision for gap in mine)),
            offered=[slug for slug, _ in offered.most_common(3)],
            members=[gap.id for gap in mine],
        ))  # fmt: skip
    return made


def ways_of_asking(texts: Sequence[str]) -> tuple[str, ...]:
    """Different ways people asked, without what was masked: a label in brackets is no word."""
    found: dict[str, str] = {}
    for text in texts:
        plain = text
        for label in LABELS.values():
            plain = plain.replace(label, " ")
        plain = " ".join(plain.split())[: faq.MAX_VARIANT]
        if plain:
            found.setdefault(fold(plain).lower(), plain)
        if len(found) == MOST_VARIANTS:
            break
    return tuple(found.values())


def draft(
    tx: Session,
    services: Services,
    number: int,
    *,
    by: Staff,
    now: datetime,
    into: str = "",
) -> FaqRevision:
    """Makes a cluster a draft, with the ways people really asked: of a new entry, or ``into`` one
    that there is. Raises KeyError for a cluster that is gone, entries.Refused."""
    found = store.cluster(tx, number, lock=True)
    if found is None:
        raise KeyError(number)
    by_id = {gap.id: gap for gap in store.by_ids(tx, found.members)}
    texts = [by_id[one].text_masked for one in found.members if one in by_id]
    kept = kept_from(tx, services, by)
    variants = ways_of_asking([one for one in texts if one not in kept])
    if into:
        made = _into(tx, into, variants, by=by, now=now)
    else:
        topic = services.catalog.topics[services.classifier.classify(found.text).topic]
        title = variants[0].rstrip(" ?!.") if variants else ""
        title = title or "Câu hỏi mới"  # nothing but marks, or but what was masked
        made = entries.draft_new(
            tx, by=by, now=now, title=title[0].upper() + title[1:], answer="", questions=variants,
            topic=topic.code, owner=topic.unit, source=Source("", "", ""), origin="gap",
        )  # fmt: skip
    store.settle(tx, found.members, entry=made.slug)
    store.remove_cluster(tx, found)
    return made


def _into(
    tx: Session, slug: str, variants: Sequence[str], *, by: Staff, now: datetime
) -> FaqRevision:
    made = entries.reopen(tx, slug, by=by, now=now)
    entry = entries.entry_of(made)
    questions = tuple(dict.fromkeys((*entry.questions, *variants)))[: faq.MAX_VARIANTS]
    entries.save(
        tx, made, by=by, now=now, entry=replace(entry, questions=questions), lock=made.lock,
        note="Thêm cách hỏi của người dân",
    )  # fmt: skip
    return made


def put_away(tx: Session, number: int, *, now: datetime) -> None:
    """Nothing is to be answered here (another office's business, a joke)."""
    found = store.cluster(tx, number, lock=True)
    if found is not None:
        store.settle(tx, found.members, away_at=now)
        store.remove_cluster(tx, found)


# ------------------------------------------------------------------------------- what came of it


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry did for the questions it was drafted for: asked again today, how many it
    answers now, how many are offered it among choices, and how many remain."""

    slug: str
    asked: int
    people: int
    answered: int
    offered: int
    left: tuple[str, ...]  # a few that remain without


def effect(tx: Session, services: Services, slug: str, *, now: datetime) -> Effect:
    """Asks the questions that an entry was drafted for once more, of what is published now."""
    index, today = services.knowledge(), local_day(now)
    mine = store.of_entry(tx, slug)
    answered, offered, left = 0, 0, []
    for gap in mine:
        met = trying.known_outcome(index, gap.text_masked, today)
        if met.slug == slug:
            answered += 1
        elif slug in met.slugs:
            offered += 1
        else:
            left.append(gap.text_masked)
    people = len({gap.person or f"#{gap.id}" for gap in mine})
    return Effect(slug, len(mine), people, answered, offered, tuple(dict.fromkeys(left))[:5])


def forget(tx: Session, now: datetime) -> None:
    """Drops what is older than it is kept for."""
    store.forget(tx, asked=now - KEEP_ASKED, gap=now - KEEP_GAPS)
