"""How alike two texts are: near-duplicates by the runs of words they share. Pure functions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from vntext import fold

RUN = 3
# Shared runs of three words: half of them and it is the same text with changes; a sixth and it
# tells of the same thing (measured on the project's own copied and re-told messages).
SAME, ALIKE = 0.5, 0.15
TWIN = 0.8  # Jaccard similarity of letter 4-grams: the same sentence but for marks and a word
_WORDS = re.compile(r"[a-z0-9]+")


def runs(text: str) -> frozenset[str]:
    """Every run of three words of a text, without marks; a shorter text is one run."""
    words = _WORDS.findall(fold(text))
    if len(words) <= RUN:
        return frozenset({" ".join(words)} - {""})
    return frozenset(" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing shared) to 1 (the shorter stands whole in the longer)."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def probes(text: str, most: int = 8) -> list[str]:
    """Runs spread over the whole text, to find candidates by."""
    words = _WORDS.findall(fold(text))
    places = range(max(1, len(words) - RUN + 1))
    step = max(1, len(places) // most)
    found = (" ".join(words[at : at + RUN]) for at in places[::step])
    return [run for run in dict.fromkeys(found) if run][:most]


def plain(text: str) -> str:
    """Letters and digits of a text without marks and case: what makes two texts the same."""
    return " ".join(_WORDS.findall(fold(text)))


def letters(text: str) -> frozenset[str]:
    """Every run of four letters of a text, without marks."""
    flat = plain(text)
    return frozenset(flat[at : at + 4] for at in range(max(1, len(flat) - 3)))


class Twins:
    """Finds, among the texts that were added, those that are the same sentence as another."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self._texts: list[str] = []
        self._letters: list[frozenset[str]] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Lets ``text`` be found from now on."""
        mine = letters(text)
        for gram in mine:
            self._places[gram].append(len(self._texts))
        self._texts.append(text)
        self._letters.append(mine)

    def of(self, text: str) -> Iterator[str]:
        """Texts that are the same sentence but for marks and a word."""
        mine = letters(text)
        shared: dict[int, int] = defaultdict(int)
        for gram in mine:
            for other in self._places.get(gram, ()):
                shared[other] += 1
        for other, count in shared.items():
            if count / (len(mine) + len(self._letters[other]) - count) > TWIN:
                yield self._texts[other]
