"""A text cut into words once, with what finding names asks of each."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")


class Words:
    """Parallel lists over the words: span, lower case as typed, folded, gap before, capitals.

    ``accented`` says that the writer uses diacritics, so that a word without them has none;
    ``shouting`` that capitals prove nothing because most letters are capital ones.
    """

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.spans = [m.span() for m in _WORD.finditer(text)]
        self.count = len(self.spans)
        lower = text.lower()
        if len(lower) != len(text):  # only "İ" and its like
            lower = folded
        self.raw = [lower[a:b] for a, b in self.spans]
        self.low = [folded[a:b] for a, b in self.spans]
        self.cap = [text[a].isupper() for a, _ in self.spans]
        self.upper = [c and text[a:b].isupper() for c, (a, b) in zip(self.cap, self.spans)]  # noqa: B905
        ends = [0, *(b for _, b in self.spans)]
        self.gap = [text[ends[i] : a] for i, (a, _) in enumerate(self.spans)]
        capitals = sum(map(str.isupper, text))
        self.shouting = capitals > 3 and capitals * 2 > sum(map(str.isalpha, text))
        marked = 0 if text.isascii() else sum(not r.isascii() for r in self.raw)
        self.accented = marked * 5 >= self.count * 2

    def exact(self, i: int) -> bool:
        """Whether the spelling of word ``i`` can be taken at its letter."""
        return self.accented or not self.raw[i].isascii()

    def folded(self, i: int, end: int) -> str:
        """Words ``i`` to ``end`` folded, joined by blanks."""
        return " ".join(self.low[i:end])

    def titled(self, i: int) -> bool:
        """Whether word ``i`` is capitalised right behind another capitalised word: "Hai Bà"."""
        return i > 0 and self.cap[i] and self.cap[i - 1] and self.gap[i] == " "
