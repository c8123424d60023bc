"""Text to a sparse row: words and word pairs of both views, characters of the folded one.

Written by hand rather than with scikit-learn's vectorizers because one message at a time is what
we serve: a row costs about 0.15 ms here against 2.6 ms there, and nothing but numpy is imported.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from vntext import fold, views

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_TOKEN = re.compile(
    r"\w+|[?!]+|[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55]|\.{3,}", re.UNICODE
)
_YEAR = re.compile(r"20\d\d\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """Which features are taken; each default was chosen by cross-validation (docs/quality.md)."""

    accented: bool = True
    folded: bool = True
    chars: tuple[int, int] = (2, 4)  # (0, 0) switches characters off
    pairs: bool = True
    word_weight: float = 1.0
    accent_weight: float = 0.6
    char_weight: float = 0.6
    lexicon_weight: float = 0.8
    min_words: int = 1
    min_pairs: int = 2
    min_chars: int = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One text as feature numbers and weights, with the folded words it came from."""

    ids: Ints
    weights: Floats
    words: tuple[str, ...]


def _plain_number(word: str) -> str:
    """Grades, years and small counts keep their value; sums and codes become one token."""
    if word.isdigit() and len(word) > 2 and not _YEAR.match(word):
        return "000"
    return word


def tokens(accented: str) -> list[str]:
    """Words, question and exclamation marks and emoji of a canonical text."""
    found = []
    for word in _TOKEN.findall(accented):
        if word[0] in "?!.":
            found.append(word[0] if word[0] != "." else "...")
        else:
            found.append(_plain_number(word) if word[0].isdigit() else word)
    return found


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=65536)
def _grams(word: str, low: int, high: int) -> tuple[str, ...]:
    padded = f"_{word}_"
    return tuple(
        "c" + padded[i : i + n]
        for n in range(low, min(high, len(padded)) + 1)
        for i in range(len(padded) - n + 1)
    )


Lexicon = Mapping[str, Sequence[str]]
_LONGEST_PHRASE = 6  # words


def _phrase_weight(phrase: str, names: Sequence[str]) -> float:
    """Longer phrases say more; a phrase that stands under several names says less of each."""
    return (1.0 + 0.7 * phrase.count(" ")) / len(names)


class Vectorizer:
    """Vocabulary and inverse document frequencies; ``row`` is what runs on every message.

    Keys are prefixed by their block: ``w`` folded words and pairs, ``a`` words with diacritics,
    ``c`` characters. A word without diacritics has no ``a`` key: the folded view holds it already.
    ``l`` keys are the names under which ``lexicon`` lists folded phrases: what people know of a
    subject and a few dozen examples cannot teach.
    """

    def __init__(
        self, shape: Shape, keys: Sequence[str], idf: Floats, lexicon: Lexicon | None = None
    ) -> None:
        self.shape = shape
        self.lexicon = dict(lexicon or {})
        self.keys = list(keys)
        self.idf = idf
        self._ids = {key: i for i, key in enumerate(self.keys)}
        self._char_ids: dict[str, tuple[int, ...]] = {}
        blocks = {"w": 0, "a": 1, "c": 2, "l": 3}
        self._block = np.array([blocks[key[0]] for key in self.keys], dtype=np.int8)
        self._scale = np.array(
            [shape.word_weight, shape.accent_weight, shape.char_weight, shape.lexicon_weight],
            dtype=np.float32,
        )
        self._phrases = {
            phrase: [(self._ids["l" + name], _phrase_weight(phrase, names)) for name in names]
            for phrase, names in self.lexicon.items()
        }

    def __len__(self) -> int:
        return len(self.keys)

    @staticmethod
    def word_keys(words: Sequence[str], shape: Shape) -> list[str]:
        """Keys of the two word blocks for the tokens of one canonical text."""
        bare = [_fold_word(word) for word in words]
        keys: list[str] = []
        if shape.folded:
            keys += ["w" + word for word in bare]
            if shape.pairs:
                keys += [f"w{one} {two}" for one, two in pairwise(bare)]
        if shape.accented:
            marked = [word != plain for word, plain in zip(words, bare, strict=True)]
            keys += ["a" + word for word, mark in zip(words, marked, strict=True) if mark]
            if shape.pairs:
                keys += [
                    f"a{words[i]} {words[i + 1]}"
                    for i in range(len(words) - 1)
                    if marked[i] or marked[i + 1]
                ]
        return keys

    @classmethod
    def fit(
        cls,
        groups: Iterable[Sequence[str]],
        shape: Shape | None = None,
        lexicon: Lexicon | None = None,
    ) -> Vectorizer:
        """Learn from groups of texts; a group is one original with its copies, counted once."""
        cut = ([tokens(views(text).accented) for text in group] for group in groups)
        return cls.fit_words(cut, shape, lexicon)

    @classmethod
    def fit_words(
        cls,
        groups: Iterable[Sequence[Sequence[str]]],
        shape: Shape | None = None,
        lexicon: Lexicon | None = None,
    ) -> Vectorizer:
        """Like ``fit`` for texts already cut into canonical tokens."""
        shape = shape or Shape()
        low, high = shape.chars
        seen: Counter[str] = Counter()
        total = 0
        for group in groups:
            keys: set[str] = set()
            for words in group:
                keys.update(cls.word_keys(words, shape))
                if high:
                    for word in words:
                        keys.update(_grams(_fold_word(word), low, high))
            seen.update(keys)
            total += 1

        def enough(key: str, count: int) -> bool:
            if key[0] == "c":
                return count >= shape.min_chars
            return count >= (shape.min_pairs if " " in key else shape.min_words)

        kept = sorted(key for key, count in seen.items() if enough(key, count))
        idf = np.array(
            [1.0 + math.log((1 + total) / (1 + seen[key])) for key in kept], dtype=np.float32
        )
        names = sorted({"l" + name for listed in (lexicon or {}).values() for name in listed})
        idf = np.concatenate([idf, np.ones(len(names), np.float32)])
        return cls(shape, [*kept, *names], idf, lexicon)

    def knows(self, key: str) -> bool:
        """True when the vocabulary holds ``key``."""
        return key in self._ids

    def _chars_of(self, word: str) -> tuple[int, ...]:
        found = self._char_ids.get(word)
        if found is None:
            low, high = self.shape.chars
            ids = self._ids
            found = tuple(ids[g] for g in _grams(_fold_word(word), low, high) if g in ids)
            if len(self._char_ids) < 50_000:  # bounds what strangers can make us remember
                self._char_ids[word] = found
        return found

    def row(self, text: str) -> Row:
        """The features of one raw text."""
        return self.row_of(tokens(views(text).accented))

    def row_of(self, words: Sequence[str]) -> Row:
        """The features of a text already cut into canonical tokens."""
        words = words[:1200]  # a 5,000-character message has fewer; longer ones are cut
        counts: Counter[int] = Counter()
        ids = self._ids
        counts.update(ids[key] for key in self.word_keys(words, self.shape) if key in ids)
        if self.shape.chars[1]:
            for word in words:
                counts.update(self._chars_of(word))
        told = self._told(words) if self._phrases else {}
        if not counts and not told:
            return Row(np.zeros(0, np.int32), np.zeros(0, np.float32), tuple(words))
        index = np.fromiter(counts.keys(), np.int32, len(counts))
        values = np.fromiter(counts.values(), np.float32, len(counts))
        weights = (1.0 + np.log(values)) * self.idf[index]
        if told:
            index = np.concatenate([index, np.fromiter(told.keys(), np.int32, len(told))])
            extra = np.fromiter(told.values(), np.float32, len(told))
            weights = np.concatenate([weights, np.log1p(extra)])
        block = self._block[index]
        # Each block has length one before its weight, so long texts and short ones compare.
        norms = np.sqrt(np.bincount(block, weights * weights, minlength=4))
        norms[norms == 0] = 1.0
        weights *= (self._scale / norms)[block]
        return Row(index, weights.astype(np.float32), tuple(words))

    def _told(self, words: Sequence[str]) -> dict[int, float]:
        """Weight of each lexicon name: phrases found, each once, shared ones counting less."""
        bare = [_fold_word(word) for word in words]
        found = {
            phrase
            for size in range(1, _LONGEST_PHRASE + 1)
            for i in range(len(bare) - size + 1)
            if (phrase := " ".join(bare[i : i + size])) in self._phrases
        }
        told: dict[int, float] = {}
        for phrase in sorted(found):
            for at, weight in self._phrases[phrase]:
                told[at] = told.get(at, 0.0) + weight
        return told

    def arrays(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        """What the model file holds of this vectoriser: plain arrays only."""
        text = "\n".join(self.keys).encode()
        lexicon = json.dumps(self.lexicon, ensure_ascii=False).encode()
        return {
            f"{prefix}keys": np.frombuffer(text, dtype=np.uint8),
            f"{prefix}lexicon": np.frombuffer(lexicon, dtype=np.uint8),
            f"{prefix}idf": self.idf.astype(np.float16),
        }

    def settings(self) -> dict[str, Any]:
        """The shape as JSON values."""
        return asdict(self.shape)

    @classmethod
    def load(
        cls, settings: dict[str, Any], arrays: dict[str, npt.NDArray[Any]], prefix: str
    ) -> Vectorizer:
        """The vectoriser of a model file."""
        values = {**settings, "chars": tuple(settings["chars"])}
        keys = bytes(arrays[f"{prefix}keys"]).decode().split("\n")
        lexicon = json.loads(bytes(arrays[f"{prefix}lexicon"]))
        return cls(Shape(**values), keys, arrays[f"{prefix}idf"].astype(np.float32), lexicon)
