"""How much of a question an entry speaks of at all: the words it shares, rarer ones counting more.

A question near an entry's subject but beyond it ("hạn nộp bài thi viết về thầy cô") carries a word
or two that the entry never uses. The cosine drowns them among the shared ones; this does not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake_api.domain.model import Entry
from intake_api.knowledge.words import words_of
from vntext import fold

_FLOOR = 0.1  # a word that every entry uses still counts a little


@dataclass(frozen=True, slots=True)
class Cover:
    """``share`` of the question's weight that the label uses; the heaviest word it lacks; the
    weight of all it lacks."""

    share: float
    missing: float
    lacking: float


def _words_of(entry: Entry) -> Iterable[str]:
    texts = [*entry.questions, entry.title]
    for version in entry.versions:
        texts += [version.answer, *version.details, version.more]
    for text in texts:
        if text:
            yield from (fold(word) for word in words_of(text))


class Coverage:
    """The words of every label: questions, titles and answers of its entries."""

    def __init__(self, families: Sequence[Sequence[Entry]]) -> None:
        self._used = [{w for entry in members for w in _words_of(entry)} for members in families]
        counts = Counter(word for used in self._used for word in used)
        self._unknown = math.log(1 + len(self._used)) + _FLOOR
        self._weight = {
            word: math.log((1 + len(self._used)) / count) + _FLOOR for word, count in counts.items()
        }

    def of(self, words: Iterable[str], label: int) -> Cover:
        """How far ``label`` covers the folded ``words`` of a question."""
        used = self._used[label]
        weights = {word: self._weight.get(word, self._unknown) for word in words}
        total = sum(weights.values())
        lacking = [weight for word, weight in weights.items() if word not in used]
        short = sum(lacking)
        return Cover(
            share=(total - short) / total if total else 0.0,
            missing=max(lacking, default=0.0),
            lacking=short,
        )
