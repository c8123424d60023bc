"""Rumours: what several people report as untrue, answered once for everybody.

A correction is an entry of the questions and answers like any other, with its source; once it is
published the assistant answers the next person with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import likeness
from intake_api.domain.access import Scope
from intake_api.domain.model import Source
from intake_api.flow import entries
from intake_api.flow.services import Services
from intake_api.store import watching
from intake_api.store.faq_tables import FaqRevision
from intake_api.store.registers import Staff
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

KIND = "misinformation"
WINDOW = timedelta(days=60)
# What people wrote, offered as ways of asking.
MOST_QUESTIONS, LONGEST_QUESTION = 8, 160
# A new case is compared with so many of the newest of a group.
LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Rumour:
    """Cases that tell of the same untrue thing, newest first. ``people``: how many wrote."""

    cases: tuple[Case, ...]
    people: int
    slug: str | None = None  # of the entry that corrects it, when there is one

    @property
    def topic(self) -> str:
        """What most of them were taken to be about."""
        return Counter(one.topic for one in self.cases).most_common(1)[0][0]

    @property
    def number(self) -> int:
        """The oldest case stands for the group: it stays the same while the group grows."""
        return self.cases[-1].id


def grouped(tx: Session, scope: Scope, *, now: datetime) -> list[Rumour]:
    """The rumours of the last two months as somebody may read them, most people first."""
    groups: list[tuple[list[frozenset[str]], list[Case]]] = []
    for case in reversed(watching.of_kind(tx, scope, KIND, now - WINDOW)):
        own = likeness.runs(case.text_masked)
        for told, members in groups:
            if any(likeness.likeness(own, one) >= likeness.ALIKE for one in told[-LOOKED_AT:]):
                members.append(case)
                told.append(own)
                break
        else:
            groups.append(([own], [case]))
    corrected = watching.corrections(tx)
    found = [
        Rumour(
            tuple(reversed(members)),
            len({one.conversation_id or f"case:{one.id}" for one in members}),
            next((corrected[one.id] for one in members if one.id in corrected), None),
        )
        for _, members in groups
    ]
    return sorted(found, key=lambda one: (-one.people, -one.cases[0].id))


def one(tx: Session, scope: Scope, number: int, *, now: datetime) -> Rumour | None:
    """The rumour that a case stands for, or None."""
    return next((found for found in grouped(tx, scope, now=now) if found.number == number), None)


def questions_of(rumour: Rumour) -> list[str]:
    """What people wrote, masked, short enough to be a way of asking, each wording once."""
    found: dict[str, str] = {}
    for case in rumour.cases:
        text = " ".join(case.text_masked.split())
        if len(text) <= LONGEST_QUESTION and "[" not in text:
            found.setdefault(likeness.plain(text), text)
    return list(found.values())[:MOST_QUESTIONS]


def correct(
    tx: Session, services: Services, rumour: Rumour, *, title: str, answer: str,
    questions: Sequence[str], source: Source, by: Staff, now: datetime,
) -> FaqRevision:  # fmt: skip
    """Drafts the correction; another person approves it in the workbench of entries. Raises
    entries.Refused."""
    topic = rumour.topic
    owner = services.catalog.topics[topic].unit if topic in services.catalog.topics else "VP"
    made = entries.draft_new(
        tx, by=by, now=now, title=title, answer=answer, questions=questions,
        topic=topic, owner=owner, source=source, origin="rumour",
    )  # fmt: skip
    watching.correct(tx, [case.id for case in rumour.cases], made.slug, by=by.id, now=now)
    return made
