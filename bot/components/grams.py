"""The features of a text: words, word pairs and pieces of words, in both views."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from vntext import Views, views

_PIECE = re.compile(r"\w+|[^\w\s]")
# Longer messages say what they are in their first part; the bound keeps a turn short.
MAX_CHARS = 1500
_SHORTEST, _LONGEST = 2, 4


@lru_cache(maxsize=512)
def two_views(text: str) -> Views:
    """Both views of ``text``, remembered so that tokenizer and featurizer compute them once."""
    return views(text[:MAX_CHARS])


def grams(text: str) -> Counter[str]:
    """Count the features of ``text``."""
    view = two_views(text)
    found: Counter[str] = Counter()
    for mark, side in (("a", view.accented), ("f", view.folded)):
        words = _PIECE.findall(side)
        found.update(f"{mark}:{word}" for word in words)
        found.update(f"{mark}2{a} {b}" for a, b in zip(["^", *words], [*words, "$"], strict=True))
    for word in _PIECE.findall(view.folded):
        edged = f" {word[:24]} "
        for size in range(_SHORTEST, _LONGEST + 1):
            found.update("c:" + edged[i : i + size] for i in range(len(edged) - size + 1))
    found[f"n:{min(len(view.folded.split()) // 4, 8)}"] += 1
    return found
