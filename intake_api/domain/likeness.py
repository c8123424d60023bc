"""How alike two texts are: near-duplicates by the runs of words they share. Pure functions."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from vntext import fold

RUN = 3
# Shared runs of three words: half of them and it is the same text with changes; a sixth and it
# tells of the same thing (measured on the project's own copied and re-told messages).
SAME, ALIKE = 0.5, 0.15
TWIN = 0.8  # Jaccard similarity of letter 4-grams: the same sentence but for marks and a word
# So many marks stand for a text: the smallest hashes of its runs. Texts that share half their runs
# share marks for certain, texts of fifty words that share a sixth do in nine cases of ten.
PRINTS = 16
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


def prints(text: str, most: int = PRINTS) -> list[int]:
    """The smallest hashes (signed, 32 bits) of a text's runs, to find candidates by: which runs
    they are does not depend on where they stand, so two texts with the same runs chose the same."""
    hashes = {
        int.from_bytes(hashlib.blake2b(run.encode(), digest_size=4).digest(), signed=True)
        for run in runs(text)
    }
    return sorted(hashes)[:most]


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
