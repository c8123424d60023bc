"""How alike two texts are: near-duplicates by the runs of words they share. Pure functions."""

from __future__ import annotations

import re

from vntext import fold

RUN = 3
# Shared runs of three words: half of them and it is the same text with changes; a sixth and it
# tells of the same thing (measured on the project's own copied and re-told messages).
SAME, ALIKE = 0.5, 0.15
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
