"""Nearest question variant by cosine: finds an entry that was published after the training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intake_api.knowledge.words import words_of
from intake_api.linear import Shape, Vectorizer
from intake_api.linear.features import Floats

# Folded view only: then one index serves every way of typing, and it is built in half a second.
SHAPE = Shape(accented=False, chars=(3, 4), char_weight=0.7, min_pairs=1, min_chars=1)


class Nearest:
    """Postings over all variants; ``scores`` gives each label its best variant's cosine."""

    def __init__(self, variants: Sequence[tuple[str, int]], labels: int) -> None:
        """``variants`` are (text, label number) pairs."""
        ordered = sorted(variants, key=lambda pair: pair[1])
        words = [words_of(text) for text, _ in ordered]
        self.vectorizer = Vectorizer.fit_words([[one] for one in words], SHAPE)
        self.labels = labels
        owner = np.array([label for _, label in ordered], dtype=np.int64)
        rows = [self.vectorizer.row_of(one) for one in words]
        ids = np.concatenate([row.ids for row in rows]) if rows else np.zeros(0, np.int32)
        docs = np.repeat(np.arange(len(rows)), [len(row.ids) for row in rows])
        weights = np.concatenate([row.weights for row in rows]) if rows else np.zeros(0, np.float32)
        order = np.argsort(ids, kind="stable")
        self._docs = docs[order].astype(np.int32)
        self._weights = weights[order].astype(np.float32)
        self._starts = np.searchsorted(ids[order], np.arange(len(self.vectorizer) + 1))
        self._size = max(len(rows), 1)
        self._norm = float(SHAPE.word_weight**2 + SHAPE.char_weight**2)
        # First variant of each label that has any, for the maximum over a label's variants.
        self._present, self._first = np.unique(owner, return_index=True)

    def scores(self, words: Sequence[str]) -> tuple[Floats, float]:
        """Best cosine per label (0 to 1), and the share of the words that any variant knows."""
        out = np.zeros(self.labels, np.float32)
        row = self.vectorizer.row_of(words)
        bare = [key for key in Vectorizer.word_keys(words, SHAPE) if " " not in key]
        known = sum(self.vectorizer.knows(key) for key in bare) / max(len(bare), 1)
        if not len(row.ids) or not len(self._present):
            return out, known
        starts, ends = self._starts[row.ids], self._starts[row.ids + 1]
        lengths = ends - starts
        # All postings of all features of the text, gathered without a Python loop.
        offsets = np.repeat(starts - np.concatenate(([0], lengths.cumsum()[:-1])), lengths)
        at = offsets + np.arange(int(lengths.sum()))
        products = self._weights[at] * np.repeat(row.weights, lengths)
        sums = np.bincount(self._docs[at], products, minlength=self._size)
        out[self._present] = np.maximum.reduceat(sums, self._first) / self._norm
        return out, known
