"""The classifier that is served: one row of features per message, one product, then the rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intake_api.classify import safety
from intake_api.classify.reasons import topic_reason
from intake_api.domain.model import Classification, Place, Scored
from intake_api.linear import Row, Vectorizer, read_model, tokens, write_model
from intake_api.linear.features import Floats
from intake_api.linear.files import Arrays
from vntext import find_entities, find_pii, views

MODEL_FILE = "classify.npz"
CODE_VERSION = "classify-2"
SENTIMENTS = ("negative", "neutral", "positive")
FLAGS = ("urgent", "confidential", "toxic", "danger", "denunciation")
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_MIN_WORDS = 6  # a shorter sentence does not raise a matter of its own
_MAX_SENTENCES = 8


@dataclass(frozen=True, slots=True)
class Heads:
    """Names of the columns in their order, and how scores become probabilities."""

    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    topic_factor: float = 4.0
    kind_factor: float = 4.0
    sentiment_factor: float = 4.0
    # Of each flag: factor and shift of its logistic, then the threshold chosen by cost.
    flags: tuple[tuple[float, float, float], ...] = ((4.0, 0.0, 0.5),) * len(FLAGS)
    issue: float = 0.45  # a sentence names a second matter above this probability

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.topics) + len(self.kinds) + len(SENTIMENTS) + len(FLAGS)


@dataclass(frozen=True, slots=True)
class Chances:
    """Probabilities of one text, before any rule."""

    topics: Floats
    kinds: Floats
    sentiments: Floats
    flags: dict[str, float]


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    out: Floats = powers / powers.sum()
    return out


class Classifier:
    """Vectoriser and one matrix for all questions asked of a message."""

    def __init__(
        self, vectorizer: Vectorizer, coef: Floats, bias: Floats, heads: Heads, version: str
    ) -> None:
        self.vectorizer = vectorizer
        self.coef = coef
        self.bias = bias
        self.heads = heads
        self.version = version

    def chances_of(self, row: Row) -> Chances:
        """What the models say of one row, without the rules."""
        heads = self.heads
        scores = row.weights @ self.coef[row.ids] + self.bias
        one = len(heads.topics)
        two = one + len(heads.kinds)
        three = two + len(SENTIMENTS)
        flags = {
            name: float(1 / (1 + np.exp(-(factor * scores[three + i] + shift))))
            for i, (name, (factor, shift, _)) in enumerate(zip(FLAGS, heads.flags, strict=True))
        }
        return Chances(
            _softmax(heads.topic_factor * scores[:one]),
            _softmax(heads.kind_factor * scores[one:two]),
            _softmax(heads.sentiment_factor * scores[two:three]),
            flags,
        )

    def threshold(self, flag: str) -> float:
        """Probability from which a flag is raised."""
        return self.heads.flags[FLAGS.index(flag)][2]

    def classify(self, text: str, *, channel: str | None = None) -> Classification:
        """Everything that is understood of one message. Never raises on any text.

        ``channel`` is accepted for the contract; no channel changes the result today.
        """
        form = views(text[:6000]).accented
        words = tokens(form)
        row = self.vectorizer.row_of(words)
        chances = self.chances_of(row)
        found = safety.check_canonical(form)
        # A text without a single known word raises nothing: only the rules may.
        raised = {
            name: len(row.ids) > 0 and chances.flags[name] >= self.threshold(name) for name in FLAGS
        }
        danger = found.danger or raised["danger"]
        kind, kind_chance = self._kind(chances, found, danger, raised["denunciation"])
        order = np.argsort(-chances.topics, kind="stable")[:3]
        scored = tuple(
            Scored(self.heads.topics[i], round(float(chances.topics[i]), 4)) for i in order
        )
        pii = tuple(dict.fromkeys(span.text for span in find_pii(text)))
        sentiment = SENTIMENTS[int(np.argmax(chances.sentiments))]
        if kind in ("child_protection", "denunciation", "complaint"):
            sentiment = "negative"
        urgent = raised["urgent"] or found.danger
        reasons = list(found.reasons)
        if raised["danger"] and not found.danger:
            reasons.append("câu chữ giống các tin báo trẻ gặp nguy hiểm")
        reasons += topic_reason(self, row, int(order[0]), pii)
        return Classification(
            kind=kind,
            kind_confidence=round(kind_chance, 4),
            topic=scored[0].code,
            topics=scored,
            sentiment=sentiment,
            urgent=urgent,
            confidential=raised["confidential"] or kind == "denunciation",
            toxic=found.toxic or raised["toxic"],
            danger=danger,
            pii=pii,
            place=place_of(text),
            confidence=scored[0].score if len(row.ids) else 0.0,
            reasons=tuple(reasons),
            model_version=self.version,
            issues=self._issues(form, chances),
        )

    def _kind(
        self, chances: Chances, found: safety.Safety, danger: bool, denounced: bool
    ) -> tuple[str, float]:
        kinds = self.heads.kinds
        best = int(np.argmax(chances.kinds))
        kind, chance = kinds[best], float(chances.kinds[best])
        # Lanes outrank the model: first the child, then the sealed lane.
        accused = found.denunciation and chances.flags["denunciation"] >= chances.flags["danger"]
        if danger and kind != "denunciation" and not accused:
            return "child_protection", max(chances.flags["danger"], 0.9 if found.danger else 0.0)
        if (found.denunciation or denounced) and kind != "child_protection":
            return "denunciation", max(
                chances.flags["denunciation"], 0.9 if found.denunciation else 0.0
            )
        return kind, chance

    def _issues(self, form: str, whole: Chances) -> tuple[str, ...]:
        """Topics of the sentences when they are truly two matters, else nothing."""
        sentences = [
            s for s in _SENTENCE.findall(form)[:_MAX_SENTENCES] if s.count(" ") >= _MIN_WORDS
        ]
        if len(sentences) < 2:
            return ()
        heard = np.argsort(-whole.topics, kind="stable")[:3]
        found: dict[str, float] = {}
        for sentence in sentences:
            topics = self.chances_of(self.vectorizer.row_of(tokens(sentence))).topics
            best = int(np.argmax(topics))
            # A matter must show in its sentence and still be heard in the whole message.
            if topics[best] >= self.heads.issue and best in heard:
                code = self.heads.topics[best]
                found[code] = max(found.get(code, 0.0), float(topics[best]))
        if len(found) < 2:
            return ()
        first = self.heads.topics[int(np.argmax(whole.topics))]
        rest = sorted((code for code in found if code != first), key=lambda c: -found[c])
        return (first, *rest[:2]) if first in found else tuple(rest[:3])

    def save(self, model_dir: Path, trained_on: dict[str, str]) -> None:
        """Write the model file in one step."""
        heads = self.heads
        header: dict[str, Any] = {
            "code_version": CODE_VERSION,
            "version": self.version,
            "shape": self.vectorizer.settings(),
            "heads": {name: getattr(heads, name) for name in Heads.__slots__},
            "trained_on": trained_on,
        }
        arrays: Arrays = {
            "coef": self.coef.astype(np.float16),
            "bias": self.bias.astype(np.float32),
            **self.vectorizer.arrays("v_"),
        }
        write_model(Path(model_dir) / MODEL_FILE, header, arrays)


def place_of(text: str) -> Place:
    """School, level, district and grade as far as the text names them (the first of each)."""
    found: dict[str, str] = {}
    for entity in find_entities(text):
        found.setdefault(entity.kind, entity.value)
    grade = found.get("grade", "")
    level = found.get("level")
    if level is None and grade.isdigit():
        number = int(grade)
        level = "th" if number <= 5 else "thcs" if number <= 9 else "thpt"
    return Place(
        school=found.get("school"),
        level=level,
        district=found.get("district"),
        grade=int(grade) if grade.isdigit() else None,
    )


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def load(model_dir: Path) -> Classifier:
    """Read the model file; raises ModelMissing or ModelBroken."""
    header, arrays = read_model(Path(model_dir) / MODEL_FILE, CODE_VERSION)
    heads = Heads(**{name: _tuples(value) for name, value in header["heads"].items()})
    return Classifier(
        Vectorizer.load(header["shape"], arrays, "v_"),
        arrays["coef"].astype(np.float32),
        arrays["bias"],
        heads,
        header["version"],
    )


def rows_of(vectorizer: Vectorizer, texts: Sequence[str]) -> list[Row]:
    """Rows of raw texts."""
    return [vectorizer.row(text) for text in texts]
