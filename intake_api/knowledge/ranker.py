"""The trained part of the ranker: one linear score per label, and how to read the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intake_api.knowledge.words import words_of
from intake_api.linear import Vectorizer, read_model, write_model
from intake_api.linear.features import Floats, Row
from intake_api.linear.files import Arrays

MODEL_FILE = "knowledge.npz"
CODE_VERSION = "knowledge-3"
NONE = "∅"  # the label of texts that no entry answers

# What a decision costs (issue 3). A wrong answer misleads; a needless choice only delays.
COST_WRONG = 5.0
COST_NEEDLESS = 1.0
# Declined although an entry was on offer: the person goes away without it. Worth three needless
# choices; at 2 one real question in twenty was declined, at 4 one in thirty-five.
COST_DECLINED = 4.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Numbers fitted on held-out scores that turn margins and cosines into probabilities."""

    margin: float = 4.0
    cosine: float = 6.0
    none_bias: float = 0.0
    first: tuple[float, ...] = ()  # logistic: is the first label right
    three: tuple[float, ...] = ()  # logistic: is the right one among the first three


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the decision looks at, for one ranked text."""

    chances: tuple[float, ...]  # of the first three candidates
    none: float
    cosine: float  # of the first candidate
    best_cosine: float
    margin: float
    known: float
    length: int
    # What of the question the first candidate speaks of, the best of the three does, the heaviest
    # word the first lacks, and the weight of all it lacks (coverage.py).
    covered: float
    best_covered: float
    missing: float
    lacking: float

    def vector(self) -> Floats:
        """Inputs of the two logistic models, a constant first."""

        def odds(chance: float) -> float:
            bounded = min(max(chance, 1e-4), 1 - 1e-4)
            return float(np.log(bounded / (1 - bounded)))

        one, two, three = (*self.chances, 0.0, 0.0, 0.0)[:3]
        return np.array(
            [
                1.0, odds(one), odds(one / (one + two + 1e-9)), odds(min(one + two + three, 1.0)),
                odds(self.none), self.cosine * 4, self.best_cosine * 4, self.margin * 2,
                self.known * 4, min(self.length, 40) / 10, self.covered * 4,
                self.best_covered * 4, self.missing / 2, min(self.lacking, 60.0) / 5,
            ],
            dtype=np.float32,
        )  # fmt: skip


def chance(weights: Sequence[float], evidence: Evidence) -> float:
    """A logistic model's probability; without a model, the softmax speaks."""
    if not weights:
        return evidence.chances[0] if evidence.chances else 0.0
    return float(1 / (1 + np.exp(-np.dot(np.array(weights, np.float32), evidence.vector()))))


def decide(first: float, three: float) -> str:
    """The cheapest of the three decisions, given how likely each would be right."""
    costs = {
        "answer": COST_WRONG * (1 - first),
        # A choice is needless when the first was right anyway or nothing on offer fits.
        "suggest": COST_NEEDLESS * (first + max(0.0, 1 - three)),
        "decline": COST_DECLINED * three,
    }
    return min(costs, key=lambda name: costs[name])


class Ranker:
    """Vectoriser, one column of weights per label, and the reading."""

    def __init__(
        self,
        labels: Sequence[str],
        vectorizer: Vectorizer,
        coef: Floats,
        bias: Floats,
        reading: Reading,
        version: str,
    ) -> None:
        self.labels = list(labels)
        self.vectorizer = vectorizer
        self.coef = coef
        self.bias = bias
        self.reading = reading
        self.version = version
        self.column = {label: i for i, label in enumerate(self.labels)}
        self._rows: dict[str, Row] = {}
        # Columns of labels that came later, by what they were fitted on (``newcomers``).
        self.columns: dict[tuple[int, tuple[str, ...]], Floats] = {}

    def margins(self, row: Row) -> Floats:
        """Score of every label for a text's row of this vectorizer."""
        out: Floats = row.weights @ self.coef[row.ids] + self.bias
        return out

    def row_for(self, text: str) -> Row:
        """The row of a text of the entries, remembered: they are read again at every change."""
        found = self._rows.get(text)
        if found is None:
            if len(self._rows) > 50_000:
                self._rows.clear()
            found = self._rows[text] = self.vectorizer.row_of(words_of(text))
        return found

    def save(self, model_dir: Path, trained_on: dict[str, str]) -> None:
        """Write the model file in one step."""
        reading = self.reading
        header: dict[str, Any] = {
            "code_version": CODE_VERSION,
            "version": self.version,
            "labels": self.labels,
            "shape": self.vectorizer.settings(),
            "reading": {name: getattr(reading, name) for name in Reading.__slots__},
            "trained_on": trained_on,
        }
        arrays: Arrays = {
            "coef": self.coef.astype(np.float16),
            "bias": self.bias.astype(np.float32),
            **self.vectorizer.arrays("v_"),
        }
        write_model(Path(model_dir) / MODEL_FILE, header, arrays)

    @classmethod
    def load(cls, model_dir: Path) -> Ranker:
        """Read the model file; raises ModelMissing or ModelBroken."""
        header, arrays = read_model(Path(model_dir) / MODEL_FILE, CODE_VERSION)
        raw: dict[str, Any] = header["reading"]
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in raw.items()
            if name in Reading.__slots__
        }
        reading = Reading(**values)
        return cls(
            header["labels"],
            Vectorizer.load(header["shape"], arrays, "v_"),
            arrays["coef"].astype(np.float32),
            arrays["bias"],
            reading,
            header["version"],
        )
