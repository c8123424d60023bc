"""Composed copy of a text with a map back, so that spans point into what was typed."""

from __future__ import annotations

import re
import unicodedata

from vntext.normalise import INVISIBLE

_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", re.DOTALL)


class Aligned:
    """``text`` is NFC without invisible characters; :meth:`back` maps a span to the original."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = original
        self._starts: list[int] | None = None
        plain = original.isascii() or (
            not INVISIBLE.search(original) and unicodedata.is_normalized("NFC", original)
        )
        if not plain:
            self._compose()

    def _compose(self) -> None:
        pieces: list[str] = []
        starts: list[int] = []
        at = 0
        # Clusters are cut on the visible text, so a zero-width character typed inside a number
        # or between a letter and its mark does not hide it.
        visible = [(i, c) for i, c in enumerate(self.original) if not INVISIBLE.match(c)]
        joined = "".join(c for _, c in visible)
        for match in _CLUSTER.finditer(joined):
            composed = unicodedata.normalize("NFC", match.group())
            pieces.append(composed)
            starts.extend([visible[match.start()][0]] * len(composed))
            at = match.end()
        starts.append(visible[at - 1][0] + 1 if at else 0)
        self.text = "".join(pieces)
        self._starts = starts

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Span of ``original`` that the span of ``text`` came from."""
        if self._starts is None:
            return start, end
        first = self._starts[start]
        last = self._starts[end]
        return first, max(last, first)
