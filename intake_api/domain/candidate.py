"""Examples learnt from use before a person has looked at them. Pure: rows in, rows out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from intake_api.domain.likeness import plain

# new → accepted or rejected by a person → added, or refused with the reason.
REVIEWED = frozenset({"accepted", "rejected", "added", "refused"})
STATUSES = REVIEWED | {"new"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One masked text, what was understood of it, and the label that people gave it by acting."""

    text: str
    understood: dict[str, Any]
    proposed: dict[str, Any]
    status: str = "new"
    times: int = 1  # how often it was said with this label
    model: str = ""  # version that understood it so, where that is known
    why: str = ""  # reason of a refusal

    @property
    def key(self) -> tuple[str, str]:
        """The same text with the same label is the same example."""
        return plain(self.text), repr(sorted(self.proposed.items(), key=lambda pair: pair[0]))


def distinct(found: Iterable[Candidate]) -> list[Candidate]:
    """Each example once, with how often it came; the newest says what was understood."""
    by_key: dict[tuple[str, str], Candidate] = {}
    for one in found:
        before = by_key.pop(one.key, None)
        by_key[one.key] = replace(one, times=one.times + (before.times if before else 0))
    return list(by_key.values())


def merged(kept: Sequence[Candidate], fresh: Iterable[Candidate]) -> list[Candidate]:
    """A file brought up to date: decisions of people stay, the rest is what the store says now.

    A decided text is not proposed again, whatever the label: it may have been put right by hand.
    """
    decided = [one for one in kept if one.status in REVIEWED]
    texts = {plain(one.text) for one in decided}
    return [*decided, *(one for one in fresh if plain(one.text) not in texts)]
