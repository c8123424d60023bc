"""The classifier that is served: one row of features per message, one product, then the rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from intake_api.classify import cues, safety
from intake_api.classify.reasons import topic_reason
from intake_api.classify.second_look import SecondLook, plain
from intake_api.domain.model import Classification, Place, Scored
from intake_api.linear import Row, Vectorizer, read_model, tokens, write_model
from intake_api.linear.features import Floats
from intake_api.linear.files import Arrays
from vntext import find_entities, find_pii, views

MODEL_FILE = "classify.npz"
CODE_VERSION = "classify-5"
SENTIMENTS = ("negative", "neutral", "positive")
FLAGS = ("urgent", "confidential", "toxic", "danger", "denunciation")
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_MIN_WORDS = 6  # a shorter sentence does not raise a matter of its own
_MAX_SENTENCES = 8
_CHILD_FIRST = 1.5  # how much plainer the blame must be than the danger to a child
_SPAM_SURE = 0.6


@dataclass(frozen=True, slots=True)
class Heads:
    """Names of the columns in their order, and how scores become probabilities."""

    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    topic_factor: float = 4.0
    flags: tuple[float, ...] = (0.5,) * len(FLAGS)  # thresholds, chosen by cost
    # A rule stands unless the model, which knows that the rule fired, finds it less likely still.
    doubts: tuple[float, ...] = (0.0,) * len(FLAGS)
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


def _repeats(form: str) -> bool:
    """True for a few words said over and over: what they add up to is no evidence."""
    said = form.split()
    return len(said) > 60 and len(set(said)) < len(said) / 12


class Classifier:
    """Vectoriser and one matrix for all questions asked of a message."""

    def __init__(
        self,
        vectorizer: Vectorizer,
        coef: Floats,
        bias: Floats,
        heads: Heads,
        version: str,
        second: SecondLook | None = None,
    ) -> None:
        self.vectorizer = vectorizer
        self.coef = coef
        self.bias = bias
        self.heads = heads
        self.version = version
        self.second = second or plain(heads.width - len(heads.topics))

    def topic_chances(self, row: Row) -> Floats:
        """Probabilities of the topics for one row."""
        return self._topics(self._scores(row))

    def chances_of(self, row: Row, form: str, found: safety.Safety) -> Chances:
        """What the models say of one text: its row, its canonical form, what the rules found."""
        scores = self._scores(row)
        logits = self.second.logits(scores[len(self.heads.topics) :], cues.read(form, found))
        kinds = len(self.heads.kinds)
        flags = 1 / (1 + np.exp(-logits[kinds + len(SENTIMENTS) :]))
        return Chances(
            self._topics(scores),
            _softmax(logits[:kinds]),
            _softmax(logits[kinds : kinds + len(SENTIMENTS)]),
            dict(zip(FLAGS, map(float, flags), strict=True)),
        )

    def _scores(self, row: Row) -> Floats:
        out: Floats = row.weights @ self.coef[row.ids] + self.bias
        return out

    def _topics(self, scores: Floats) -> Floats:
        return _softmax(self.heads.topic_factor * scores[: len(self.heads.topics)])

    def threshold(self, flag: str) -> float:
        """Probability from which a flag is raised."""
        return self.heads.flags[FLAGS.index(flag)]

    def classify(self, text: str, *, channel: str | None = None) -> Classification:
        """Everything that is understood of one message. Never raises on any text.

        ``channel`` is accepted for the contract; no channel changes the result today.
        """
        form = views(text[:6000]).accented
        words = tokens(form)
        row = self.vectorizer.row_of(words)
        found = safety.check_canonical(form)
        chances = self.chances_of(row, form, found)
        # A text without a single known word raises nothing: only the rules may.
        raised = {
            name: len(row.ids) > 0
            and not _repeats(form)
            and chances.flags[name] >= self.threshold(name)
            for name in FLAGS
        }
        found = self._doubted(row, found, chances)
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

    def _doubted(self, row: Row, found: safety.Safety, chances: Chances) -> safety.Safety:
        """What the rules found, less what the model all but rules out ("crush đá": no blow)."""
        if not len(row.ids):
            return found
        gone = {
            f"why_{name}": None
            for name in ("danger", "denunciation")
            if chances.flags[name] < self.heads.doubts[FLAGS.index(name)]
        }
        return replace(found, **gone)

    def _kind(
        self, chances: Chances, found: safety.Safety, danger: bool, denounced: bool
    ) -> tuple[str, float]:
        # Lanes outrank the model: first the child, then the sealed lane. A teacher's slap told as
        # a denunciation stays one unless the child's danger is about as plain.
        denounced = denounced or found.denunciation
        child, blame = chances.flags["danger"], chances.flags["denunciation"]
        if danger and not (denounced and blame > _CHILD_FIRST * child):
            return "child_protection", max(child, 0.9 if found.danger else 0.0)
        if denounced:
            return "denunciation", max(blame, 0.9 if found.denunciation else 0.0)
        # What was not raised is none of the lanes, whatever the kinds' own model thinks of it.
        kinds = self.heads.kinds
        open_ones = [
            float(chance) if kind not in ("child_protection", "denunciation") else -1.0
            for kind, chance in zip(kinds, chances.kinds, strict=True)
        ]
        best = int(np.argmax(open_ones))
        if kinds[best] == "spam" and chances.kinds[best] < _SPAM_SURE:
            # A complaint with a phone number is no advertisement; only a sure one is put away.
            open_ones[best] = -1.0
            best = int(np.argmax(open_ones))
        return kinds[best], float(chances.kinds[best])

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
            topics = self.topic_chances(self.vectorizer.row_of(tokens(sentence)))
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
            "second_coef": self.second.coef.astype(np.float32),
            "second_bias": self.second.bias.astype(np.float32),
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
        SecondLook(arrays["second_coef"], arrays["second_bias"]),
    )


def rows_of(vectorizer: Vectorizer, texts: Sequence[str]) -> list[Row]:
    """Rows of raw texts."""
    return [vectorizer.row(text) for text in texts]
