"""What stands beside a case: cases of the same conversation, and likely duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake_api.domain import likeness
from intake_api.domain.access import Scope
from intake_api.store import queue
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

# Older cases of the same matter are history, not duplicates.
WINDOW = timedelta(days=120)
CANDIDATES = 60
# So many cases with the same words are a campaign: shown as one, hidden from nobody.
CAMPAIGN = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may tell of the same matter; ``share`` of 0 to 1 of its runs of words."""

    case: Case
    share: float
    same_place: bool

    @property
    def same(self) -> bool:
        """True for the same text with changes, False for the same matter told again."""
        return self.share >= likeness.SAME


def campaign(found: list[Alike]) -> list[Alike]:
    """Those of the alike that share the case's words, when they are many: one text that several
    people send. Each stays a case of its own, counted and answered like any other."""
    same = [one for one in found if one.same]
    return same if len(same) >= CAMPAIGN else []


def alike(tx: Session, case: Case, scope: Scope, *, most: int = CANDIDATES) -> list[Alike]:
    """Likely duplicates of a case within what the officer may list, the likest first.

    Candidates share marks with it (``store.prints``), so a sealed case is never one of them and a
    sealed case has none.
    """
    if case.confidential:
        return []
    wanted = likeness.runs(case.text)
    since, until = case.received_at - WINDOW, case.received_at + WINDOW
    found = []
    for other in queue.sharing(
        tx, scope, case.id, likeness.prints(case.text),
        since=since, until=until, limit=CANDIDATES,
    ):  # fmt: skip
        share = likeness.likeness(wanted, likeness.runs(other.text))
        same_place = case.school is not None and case.school == other.school
        if share >= likeness.ALIKE:
            found.append(Alike(other, share, same_place))
    found.sort(key=lambda one: (one.share + 0.1 * one.same_place, one.case.id), reverse=True)
    return found[:most]
