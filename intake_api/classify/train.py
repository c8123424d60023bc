"""Train the classifier from the labelled messages; calibrate it by cross-validation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from intake_api.classify.data import Message, examples, load_feedback, questions
from intake_api.classify.model import (
    CODE_VERSION,
    FLAGS,
    MODEL_FILE,
    SENTIMENTS,
    Classifier,
    Heads,
)
from intake_api.linear import (
    ModelBroken,
    ModelMissing,
    Row,
    Shape,
    Vectorizer,
    copies_of,
    fingerprint,
    load_lexicon,
    read_model,
    tokens,
)
from vntext import views

FOLDS = 3
SHAPE = Shape()
# The front end undoes Telex and shorthand, so copies of those taught nothing more (measured).
COPIES = ("folded",)
# Regularisation of each head; topics are many and small, so theirs is balanced.
COSTS = {"topic": 0.8}
COST = 0.5
# Each phrase of the lexicon is also a tiny message of its topic.
PHRASE_WEIGHT = 0.3
# Intents whose examples say something of one head; each was kept because it measured better.
_SOURCES = {"report_danger": "danger", "abuse": "toxic"}
# What people say to the assistant between their comments: names, places, "đúng rồi", "thôi không
# gửi nữa". It has no topic or kind; it teaches the flags that none of it is an alarm.
_CALM = (
    "affirm", "anonymous", "bot_challenge", "cancel", "check_status", "correct", "deny",
    "foreign_language", "goodbye", "greet", "inform", "off_topic", "praise", "press_inquiry",
    "restart", "skip", "talk_to_person", "thank",
)  # fmt: skip

Progress = Callable[[str], None]
Ints = npt.NDArray[np.int64]


def training_files(data_dir: Path) -> list[Path]:
    """Everything whose change makes the classifier old."""
    data = Path(data_dir)
    nlu = [data / "nlu" / f"{name}.yml" for name in (*_SOURCES, *_CALM)]
    return [
        *sorted((data / "feedback").glob("*.yml")),
        *sorted((data / "faq").glob("*.yml")),
        *sorted((data / "lexicon").glob("*.yml")),
        *(path for path in nlu if path.is_file()),
    ]


def load_messages(data_dir: Path) -> list[Message]:
    """Feedback first, then what other files teach; an empty label teaches that head nothing."""
    found = load_feedback(data_dir)
    for text in examples(data_dir, "report_danger"):
        found.append(Message(text, "child_protection", "", "negative", danger=True, urgent=True))
    for text in examples(data_dir, "abuse"):
        found.append(Message(text, "", "", "negative", toxic=True))
    for intent in _CALM:
        found += [Message(text, "", "", "") for text in examples(data_dir, intent)]
    found += [Message(text, "", topic, "") for text, topic in questions(data_dir)]
    return found


class Sample:
    """Messages, the tokens of their copies, and the target of every head (-1: unknown)."""

    def __init__(self, messages: Sequence[Message], lexicon: dict[str, list[str]]) -> None:
        self.messages = list(messages)
        self.lexicon = lexicon
        self.forms: list[list[str]] = [
            [views(copy).accented for copy in copies_of(message.text, seed, COPIES)]
            for seed, message in enumerate(messages)
        ]
        self.words: list[list[list[str]]] = [[tokens(form) for form in one] for one in self.forms]
        self.topics = sorted({m.topic for m in messages if m.topic})
        self.kinds = sorted({m.kind for m in messages if m.kind})
        self.targets: dict[str, Ints] = {
            "topic": self._coded([m.topic for m in messages], self.topics),
            "kind": self._coded([m.kind for m in messages], self.kinds),
            "sentiment": self._coded([m.sentiment for m in messages], SENTIMENTS),
        }
        number = {topic: i for i, topic in enumerate(self.topics)}
        self.phrases = [
            (phrase.split(" "), number[topic])
            for phrase, topics in lexicon.items()
            for topic in topics
            if topic in number
        ]
        # FAQ questions carry no kind; they are plain questions, so no flag is raised by them.
        for flag in FLAGS:
            if flag == "denunciation":
                values = [int(m.kind == "denunciation") for m in messages]
            else:
                values = [int(getattr(m, flag)) for m in messages]
            self.targets[flag] = np.array(values, dtype=np.int64)

    @staticmethod
    def _coded(values: Sequence[str], names: Sequence[str]) -> Ints:
        number = {name: i for i, name in enumerate(names)}
        return np.array([number.get(value, -1) for value in values], dtype=np.int64)

    @property
    def labelled(self) -> Ints:
        """Numbers of the messages with every label: those that measure."""
        known = (self.targets["topic"] >= 0) & (self.targets["kind"] >= 0)
        return np.flatnonzero(known)

    @property
    def calm(self) -> Ints:
        """Numbers of the messages that say only that nothing is wrong."""
        nothing = (self.targets["topic"] < 0) & (self.targets["kind"] < 0)
        for flag in FLAGS:
            nothing &= self.targets[flag] == 0
        return np.flatnonzero(nothing)


def heads_of(sample: Sample) -> list[tuple[str, int]]:
    """(head, classes) in the order of the columns."""
    return [
        ("topic", len(sample.topics)),
        ("kind", len(sample.kinds)),
        ("sentiment", len(SENTIMENTS)),
        *((flag, 2) for flag in FLAGS),
    ]


def fit(sample: Sample, chosen: Sequence[int], heads: Heads, version: str) -> Classifier:
    """A classifier trained on the ``chosen`` messages."""
    # scikit-learn only when training
    from intake_api.linear.fit import fit_svm, matrix, with_bayes

    groups = [list({tuple(w): None for w in sample.words[i]}) for i in chosen]
    phrases = [[words] for words, _ in sample.phrases]
    vectorizer = Vectorizer.fit_words([*groups, *phrases], SHAPE, sample.lexicon)
    rows: list[Row] = [vectorizer.row_of(words) for group in groups for words in group]
    rows += [vectorizer.row_of(words) for words, _ in sample.phrases]
    x = matrix(rows, len(vectorizer))
    repeats = [len(group) for group in groups]
    weights = np.ones(len(rows))
    weights[len(rows) - len(phrases) :] = PHRASE_WEIGHT
    coefs, biases = [], []
    for name, classes in heads_of(sample):
        told = [topic if name == "topic" else -1 for _, topic in sample.phrases]
        target = np.concatenate([np.repeat(sample.targets[name][list(chosen)], repeats), told])
        target = target.astype(np.int64)
        known = np.flatnonzero(target >= 0)
        coef, bias = fit_svm(
            x[known],
            target[known],
            classes,
            COSTS.get(name, COST),
            weights=weights[known],
            balanced=name == "topic",
        )
        if name == "topic":
            coef = with_bayes(x[known], target[known], coef, weights[known])
        coefs.append(coef)
        biases.append(bias)
    return Classifier(vectorizer, np.hstack(coefs), np.concatenate(biases), heads, version)


def folds_of(sample: Sample, seed: int = 3) -> Ints:
    """Fold of each labelled or calm message, spread evenly within every topic; -1 for others."""
    rng = np.random.default_rng(seed)
    fold = np.full(len(sample.messages), -1, dtype=np.int64)
    labelled = sample.labelled
    topics = sample.targets["topic"][labelled]
    for topic in np.unique(topics):
        where = labelled[topics == topic]
        rng.shuffle(where)
        fold[where] = np.arange(len(where)) % FOLDS
    calm = sample.calm
    rng.shuffle(calm)
    fold[calm] = np.arange(len(calm)) % FOLDS
    return fold


def held_out(sample: Sample, heads: Heads, progress: Progress) -> list[tuple[Ints, Classifier]]:
    """For each fold: the messages held out and a classifier that never saw them."""
    fold = folds_of(sample)
    found = []
    for number in range(FOLDS):
        progress(f"phân loại: kiểm tra chéo {number + 1}/{FOLDS}")
        inside = np.flatnonzero(fold != number)
        found.append((np.flatnonzero(fold == number), fit(sample, list(inside), heads, "cv")))
    return found


def train(data_dir: Path, model_dir: Path, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Fit, calibrate and store the classifier; returns sizes and the model's version."""
    from intake_api.classify.calibrate import calibrated

    sample = Sample(load_messages(data_dir), load_lexicon(data_dir))
    plain = Heads(tuple(sample.topics), tuple(sample.kinds))
    heads, second, _ = calibrated(sample, plain, held_out(sample, plain, progress))
    progress("phân loại: huấn luyện")
    content = json.dumps(
        [[[m.text, m.kind, m.topic] for m in sample.messages], sample.lexicon, CODE_VERSION]
    )
    version = hashlib.sha256(content.encode()).hexdigest()[:12]
    classifier = fit(sample, range(len(sample.messages)), heads, version)
    classifier.second = second
    classifier.save(model_dir, fingerprint(training_files(data_dir), Path(data_dir)))
    return {
        "messages": len(sample.labelled),
        "features": len(classifier.vectorizer),
        "topics": len(sample.topics),
        "version": version,
    }


def needs_training(data_dir: Path, model_dir: Path) -> str | None:
    """Why the classifier must be trained again, in words; None when it is up to date."""
    try:
        header, _ = read_model(Path(model_dir) / MODEL_FILE, CODE_VERSION)
    except (ModelMissing, ModelBroken) as error:
        return str(error)
    before: dict[str, str] = header.get("trained_on", {})
    now = fingerprint(training_files(data_dir), Path(data_dir))
    changed = sorted(n for n in before.keys() | now.keys() if before.get(n) != now.get(n))
    if not changed:
        return None
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"data/{changed[0]} changed{more}"
