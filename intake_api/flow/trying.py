"""Before a wording is published: every known question is asked of today's entries and of those
with the new wording, and what would be answered differently is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from intake_api.domain.model import Entry, Reply
from intake_api.flow import entries
from intake_api.flow.publish import read_entries
from intake_api.flow.services import Services, local_day
from intake_api.knowledge import Index
from intake_api.store import faq as rows
from intake_api.store import gaps
from intake_api.store.faq_tables import FaqRevision

if TYPE_CHECKING:
    from intake_api.store import Session

# Questions of the last time that are tried beside the variants of all entries, and how many
# differences are kept to be shown.
MOST_ASKED, MOST_SHOWN = 1500, 150

LOST, MOVED, GAINED, CHOICES, WORDS = "lost", "moved", "gained", "choices", "words"
KIND_TITLE = {
    LOST: "Đang trả lời được, sau khi đăng thì không",
    MOVED: "Chuyển sang mục khác",
    GAINED: "Chưa trả lời được, sau khi đăng thì được",
    CHOICES: "Vẫn chưa trả lời thẳng, gợi ý khác đi",
    WORDS: "Vẫn mục này, lời mới",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question meets: ``slugs`` of the answer or of the choices, in which ``words``."""

    decision: str
    slugs: tuple[str, ...]
    words: str
    title: str

    @property
    def slug(self) -> str:
        """The entry that is said, or "" when none is."""
        return self.slugs[0] if self.decision == "answer" else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One known question that would be answered differently. ``own``: a variant of this entry."""

    kind: str
    question: str
    before: str
    after: str
    own: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying has shown. ``met``: how many of the ``own`` ways of asking the wording itself
    then answers; ``offered``: how many it is offered to among choices."""

    changes: tuple[Change, ...]
    own: int
    met: int
    offered: int


# What the entries of an index answer is the same for every draft that is tried on them and for
# everybody who looks what came of one. The index goes with the next publication.
_KNOWN: WeakKeyDictionary[Index, dict[tuple[str, date], Outcome]] = WeakKeyDictionary()
_MOST_KNOWN = 20_000


def known_outcome(live: Index, question: str, day: date) -> Outcome:
    """What a question meets today, reckoned once for each index and day."""
    known = _KNOWN.setdefault(live, {})
    found = known.get((question, day))
    if found is None:
        if len(known) > _MOST_KNOWN:
            known.clear()
        found = known[question, day] = _outcome(live, question, day)
    return found


def _outcome(index: Index, question: str, day: date) -> Outcome:
    reply: Reply = index.answer(question, day)
    if reply.decision == "answer":
        one = reply.answers[0]
        words = "\n".join([one.version.answer, *one.version.details, one.version.source.line()])
        return Outcome("answer", (one.entry.slug,), words, f"Trả lời: {one.entry.title}")
    if reply.decision == "suggest":
        titles = "; ".join(answer.entry.title for answer in reply.answers)
        slugs = tuple(answer.entry.slug for answer in reply.answers)
        return Outcome("suggest", slugs, titles, f"Hỏi lại: {titles}")
    return Outcome("decline", (), "", "Chưa có thông tin")


def _kind(before: Outcome, after: Outcome) -> str:
    if before.decision == "answer" and after.decision != "answer":
        return LOST
    if before.decision == "answer" and before.slug != after.slug:
        return MOVED
    if after.decision == "answer" and before.decision != "answer":
        return GAINED
    return WORDS if after.decision == "answer" else CHOICES


def day_of(before: Entry | None, after: Entry, today: date, publish_on: date | None) -> date:
    """The day on which the wording is tried: when it is published, or when its first new dated
    answer begins if that is later."""
    known = {one.valid_from for one in before.versions} if before else set()
    starts = [one.valid_from for one in after.versions if one.valid_from not in known]
    return max([today, publish_on or today, *([min(starts)] if starts else [])])


def compare(live: Index, afters: Sequence[Entry], questions: Sequence[str], day: date) -> Tried:
    """Asks ``questions`` on ``day`` of the entries that are live and of those with ``afters`` in
    place of theirs; what differs, the worst first."""
    new = {one.slug: one for one in afters}
    served = [one for slug, one in live.entries.items() if slug not in new]
    tried = Index([*served, *afters], live.ranker)
    own = {text for one in afters for text in (*one.questions, one.title) if text}
    found, met, offered = [], 0, 0
    for question in questions:
        old, now = known_outcome(live, question, day), _outcome(tried, question, day)
        if question in own:
            met += now.decision == "answer" and now.slugs[0] in new
            offered += now.decision == "suggest" and not new.keys().isdisjoint(now.slugs)
        if (old.decision, old.slug, old.words) != (now.decision, now.slug, now.words):
            kind = _kind(old, now)
            found.append(Change(kind, question, old.title, now.title, question in own))
    order = list(KIND_TITLE)
    found.sort(key=lambda one: (one.own, order.index(one.kind), one.question))
    return Tried(tuple(found), len(own & set(questions)), met, offered)


def try_out(
    tx: Session, services: Services, revisions: Sequence[FaqRevision], *, now: datetime
) -> Tried:
    """Tries revisions, all at once, and keeps with each what they change together, so that
    whoever approves sees that (``entries.is_checked``)."""
    today, afters, days = local_day(now), [], []
    for revision in revisions:
        after, current = entries.entry_of(revision), rows.published(tx, revision.slug)
        afters.append(after)
        before = entries.entry_of(current) if current else None
        days.append(day_of(before, after, today, revision.publish_on))
    day = max(days, default=today)
    known = [text for one in (*afters, *read_entries(tx)) for text in (*one.questions, one.title)]
    questions = [q for q in dict.fromkeys([*known, *gaps.known_questions(tx, MOST_ASKED)]) if q]
    found = compare(services.knowledge(), afters, questions, day)
    counts = Counter(f"{one.kind}{'_own' if one.own else ''}" for one in found.changes)
    for revision in revisions:
        revision.check = {
            "of": entries.fingerprint(revision),
            "at": now.isoformat(),
            "day": day.isoformat(),
            "asked": len(questions),
            "together": len(revisions),
            "counts": dict(counts),
            "own": [found.own, found.met, found.offered],
            "rows": [asdict(one) for one in found.changes[:MOST_SHOWN]],
        }
    return found
