"""Runs of words that several people suddenly use: what a topic is too wide to show.

From masked, folded texts: no phrase holds a mask, a number or a single person's words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vntext import fold

_SHORTEST, _LONGEST = 2, 5  # syllables; Vietnamese writes each apart
FEWEST = 5  # people
MOST = 60  # phrases looked at
# Of how many of the days' people a phrase may be used: more is how everybody writes.
_COMMON = 0.35
# Phrases of the same people, as far as this, are one matter.
_SAME = 0.7
_EMPTY = frozenset(
    """
    a ad ah oi da vang kinh gui so xin chao cho em minh toi chau con hoi ve la co khong duoc thi ma
    va cua nhu the nao bao gio khi nao o dau de nghi mong giup voi nhe nhi cac nhung mot nay do nay
    nghe noi
    truong hoc sinh phu huynh giao duc dao tao thay co lop nam hoc nha bi da se dang ra vao len
    """.split()  # noqa: SIM905 - a list of words reads better as a text
)


@dataclass(frozen=True, slots=True)
class Said:
    """One text of one person (a mark, no name)."""

    person: str
    words: tuple[str, ...]
    spelled: tuple[str, ...]  # the same with their signs
    number: int = 0  # of the case


_EDGES = ".,;:!?…\"'()*-–—/“”‘’<>"
_MASK = re.compile(r"\[[^\]]*\]")


def read(person: str, text: str, number: int = 0) -> Said:
    """A masked text as words: folded, without signs; a mask or a number becomes a break."""
    pieces = [one.strip(_EDGES) for one in _MASK.sub(" 0 ", text).lower().split()]
    words = tuple(bare if (bare := fold(one)).isalpha() else "" for one in pieces)
    spelled = tuple(one if bare else "" for one, bare in zip(pieces, words, strict=True))
    return Said(person, words, spelled, number)


def flat(text: str) -> str:
    """The words of ``read`` in one line, between blanks: to look many texts through quickly."""
    folded = fold(_MASK.sub(" 0 ", text)).lower()
    words = (one.strip(_EDGES) for one in folded.split())
    return f" {' '.join(one if one.isalpha() else '' for one in words)} "


def _runs(words: Sequence[str]) -> set[str]:
    found = set()
    for length in range(_SHORTEST, _LONGEST + 1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if "" in run or run[0] in _EMPTY or run[-1] in _EMPTY:
                continue
            found.add(" ".join(run))
    return found


def candidates(said: Iterable[Said]) -> list[tuple[str, int]]:
    """Phrases of at least FEWEST people, with their number of people, the telling ones first. Of
    phrases that the same people use only the longest is told."""
    people: dict[str, set[str]] = {}
    everybody: set[str] = set()
    for one in said:
        everybody.add(one.person)
        for run in _runs(one.words):
            people.setdefault(run, set()).add(one.person)
    most = max(FEWEST, _COMMON * len(everybody)) if len(everybody) > 30 else len(everybody)
    wanted = [(run, who) for run, who in people.items() if FEWEST <= len(who) <= most]
    wanted.sort(key=lambda pair: (-len(pair[1]), -len(pair[0])))
    kept: list[tuple[str, set[str]]] = []
    for run, who in sorted(wanted, key=lambda pair: -len(pair[0].split())):
        if not any(len(who & more) >= _SAME * len(who | more) for _, more in kept):
            kept.append((run, who))
    kept.sort(key=lambda pair: -len(pair[1]) * len(pair[0].split()))
    return [(run, len(who)) for run, who in kept[:MOST]]


def spelled(phrase: str, said: Iterable[Said]) -> str:
    """The phrase as most people write it, with its signs."""
    wanted = phrase.split()
    found: Counter[str] = Counter()
    for one in said:
        for start in range(len(one.words) - len(wanted) + 1):
            if list(one.words[start : start + len(wanted)]) == wanted:
                found[" ".join(one.spelled[start : start + len(wanted)])] += 1
    # Whoever leaves the signs out says nothing about them.
    signed = Counter({text: count for text, count in found.items() if text != phrase})
    best = (signed or found).most_common(1)
    return best[0][0] if best else phrase


def uses(phrase: str, text: str) -> bool:
    """True when a masked text has the phrase, word by word."""
    return f" {phrase} " in flat(text)
