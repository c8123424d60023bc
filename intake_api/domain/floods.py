"""When what one sender sends again and again is one matter. Nobody is refused, nothing is thrown
away, and whoever shares an address (a school, an office) is not taken for one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from intake_api.domain.likeness import likeness, runs

WINDOW = timedelta(hours=24)
# So many alike texts from one place get a case each: two parents may well copy one letter.
FREE = 3
# Four fifths of the runs of words: the same text with a word changed.
ALIKE = 0.8


def folds_into(text: str, earlier: Sequence[tuple[int, str]]) -> int | None:
    """The case (its number) that a text belongs to, or None when it gets one of its own.

    ``earlier``: number and text of the cases that the same sender sent within WINDOW, oldest
    first.
    """
    own = runs(text)
    alike = [number for number, before in earlier if likeness(own, runs(before)) >= ALIKE]
    return alike[0] if len(alike) >= FREE else None
