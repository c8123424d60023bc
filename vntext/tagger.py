"""Persons' names, home addresses and identity numbers by a small learned tagger.

Rules (``names``, ``addresses``, ``numbers``) know lists and frames; people type names that stand
in no list and in no frame ("chi hien", "la van khoi"). The tagger reads each word with its
neighbours, the lists it stands in and what the rules found there, and was trained on the marked
messages of ``data/pii`` (``devtools/names.py``; a structured perceptron, so decoding is a plain
Viterbi search over three labels per kind). Standard library only: the bot masks with it too.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from vntext.given import GIVEN_BARE
from vntext.letters import fold
from vntext.listing import listed
from vntext.people import MIDDLES, MIDDLES_TYPED, SURNAMES, SURNAMES_TYPED

WEIGHTS = Path(__file__).with_name("tagger.json.gz")
KINDS = {"n": "name", "a": "address", "i": "id_number"}
LABELS = ("O", "Bn", "In", "Ba", "Ia", "Bi", "Ii")
_MOST = 400  # words looked at: the longest message a channel lets through has more, its end less

Span = tuple[int, int, str]  # start, end, kind as in KINDS' values
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|_")
_TITLES = listed(
    "co thay em chau be anh chi chu bac ong ba ban bn con cau di mo thim me bo cha gvcn cn ht hp "
    "ten la toi minh e a c cụ cu gv hs ph bs"
)
_SURNAMES = SURNAMES | frozenset(map(fold, SURNAMES_TYPED))
_MIDDLES = MIDDLES | frozenset(map(fold, MIDDLES_TYPED))


def words_of(text: str) -> list[tuple[int, int]]:
    """Spans of the words, numbers and signs of ``text``."""
    return [match.span() for match in _TOKEN.finditer(text)][:_MOST]


def _shape(word: str) -> str:
    if word.isdigit():
        return f"9{min(len(word), 6)}"
    if not word.isalnum():
        return word if len(word) == 1 else "."
    if word.isupper():
        return "X" if len(word) > 1 else "Y"
    return "Xx" if word[0].isupper() else "x"


def _lists(bare: str) -> str:
    found = "s" if bare in _SURNAMES else ""
    found += "m" if bare in _MIDDLES else ""
    found += "g" if bare in GIVEN_BARE else ""
    return found or "-"


def features(
    text: str, folded: str, spans: Sequence[tuple[int, int]], ruled: Iterable[Span]
) -> list[list[str]]:
    """What is known of each word. ``folded`` has the length of ``text``; ``ruled`` are the
    spans that the rules found."""
    typed = [text[a:b].lower() for a, b in spans]
    bare = [folded[a:b].lower() for a, b in spans]
    shapes = [_shape(text[a:b]) for a, b in spans]
    lists = [_lists(word) for word in bare]
    rule = ["-"] * len(spans)
    for start, end, kind in ruled:
        mark = kind[0]
        for i, (a, b) in enumerate(spans):
            if a >= start and b <= end:
                rule[i] = mark if a > start else mark.upper()
    # In a text without capitals a small letter says nothing.
    capitals = sum(shape == "Xx" for shape in shapes)
    mode = "c" if capitals else "u" if all(s in ("X", "Y") or s[0] == "9" for s in shapes) else "l"
    pad = ["<", "<", *bare, ">", ">", ">"]
    shape = ["<", "<", *shapes, ">", ">", ">"]
    listed = ["<", "<", *lists, ">", ">", ">"]
    told = ["-", "-", *rule, "-", "-", "-"]
    out: list[list[str]] = []
    for i in range(len(spans)):
        j = i + 2
        w2, w1, w, n1, n2 = pad[j - 2 : j + 3]
        l1, l0, m1, m2 = listed[j - 1], listed[j], listed[j + 1], listed[j + 2]
        s0 = shape[j] + mode
        out.append(
            [
                "w" + w, "t" + typed[i], "p" + w1, "n" + n1, "P" + w2, "N" + n2,
                f"pw{w1} {w}", f"wn{w} {n1}", f"pp{w2} {w1}", f"nn{n1} {n2}",
                f"s{shape[j - 1]}{s0}{shape[j + 1]}", f"s0{s0}", f"s1{shape[j + 1]}{mode}",
                f"l{l1}|{l0}|{m1}", f"L{l0}|{m1}|{m2}|{listed[j + 3]}", f"l0{l0}{s0}",
                f"pl{w1}|{l0}", f"pL{w1}|{l0}|{m1}", f"Pl{w2}|{l1}|{l0}",
                f"r{told[j]}{told[j + 1]}", f"R{told[j - 1]}{told[j]}", f"rs{told[j]}{s0}",
                f"rp{told[j]}{w1}", f"T{w1 in _TITLES}{w2 in _TITLES}{l0}{s0}",
                f"ln{l0}|{n1}", f"e{w[-2:]}{s0}",
            ]
        )  # fmt: skip
    return out


def allowed(before: str, label: str) -> bool:
    """Inside follows only the beginning or inside of the same kind."""
    return label[0] != "I" or before[1:] == label[1:]


class Tagger:
    """Weights of features by label, and of one label following another."""

    def __init__(self, weights: dict[str, dict[int, float]], steps: list[list[float]]) -> None:
        self.weights = weights
        self.steps = steps

    def scores(self, names: Sequence[str]) -> list[float]:
        """One score per label for one word."""
        total = [0.0] * len(LABELS)
        for name in names:
            found = self.weights.get(name)
            if found:
                for label, weight in found.items():
                    total[label] += weight
        return total

    def labels(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """The best sequence of label numbers (Viterbi)."""
        best: list[float] = []
        back: list[list[int]] = []
        for row in rows:
            here = self.scores(row)
            if not back:
                now = [s if LABELS[k][0] != "I" else -1e9 for k, s in enumerate(here)]
                back.append([0] * len(LABELS))
            else:
                now, came = [], []
                for k, score in enumerate(here):
                    top, at = -1e18, 0
                    for before in _BEFORE[k]:
                        value = best[before] + self.steps[before][k]
                        if value > top:
                            top, at = value, before
                    now.append(top + score)
                    came.append(at)
                back.append(came)
            best = now
        if not back:
            return []
        path = [max(range(len(LABELS)), key=best.__getitem__)]
        for came in reversed(back[1:]):
            path.append(came[path[-1]])
        return path[::-1]


_BEFORE = [[b for b in range(len(LABELS)) if allowed(LABELS[b], label)] for label in LABELS]


@lru_cache(maxsize=1)
def trained() -> Tagger:
    """The shipped tagger."""
    with gzip.open(WEIGHTS, "rt", encoding="utf-8") as file:
        stored = json.load(file)
    weights = {
        name: {int(label): float(weight) for label, weight in found.items()}
        for name, found in stored["weights"].items()
    }
    return Tagger(weights, stored["steps"])


def spans_of(labels: Sequence[int], spans: Sequence[tuple[int, int]]) -> list[Span]:
    """The marked stretches of the text."""
    found: list[Span] = []
    for number, (start, end) in zip(labels, spans, strict=True):
        label = LABELS[number]
        if label[0] == "B":
            found.append((start, end, KINDS[label[1]]))
        elif label[0] == "I" and found:
            found[-1] = (found[-1][0], end, found[-1][2])
    return found


def tagged(text: str, folded: str, ruled: Iterable[Span]) -> list[Span]:
    """Names, addresses and identity numbers in ``text``, in order."""
    spans = words_of(text)
    rows = features(text, folded, spans, ruled)
    return spans_of(trained().labels(rows), spans)
