"""Train the ranker from the entries' own questions; choose its thresholds by cross-validation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from intake_api.domain.model import Entry
from intake_api.knowledge.index import Index
from intake_api.knowledge.ranker import CODE_VERSION, MODEL_FILE, NONE, Ranker, Reading
from intake_api.linear import (
    ModelBroken,
    ModelMissing,
    Shape,
    Vectorizer,
    copies_of,
    fingerprint,
    load_lexicon,
    read_model,
    tokens,
)
from vntext import views

FOLDS = 5
COST = 0.5
ANSWER_WEIGHT = 2.0
SHAPE = Shape()
COPIES = ("folded",)
# Small talk and other business: texts of these intents have no entry, and are far from any.
_FAR = (
    "off_topic",
    "abuse",
    "bot_challenge",
    "foreign_language",
    "greet",
    "thank",
    "talk_to_person",
)

Progress = Callable[[str], None]
Words = Sequence[str]


def training_files(data_dir: Path) -> list[Path]:
    """Everything whose change makes the ranker old."""
    data = Path(data_dir)
    far = [data / "nlu" / f"{name}.yml" for name in _FAR]
    return [
        *sorted((data / "faq").glob("*.yml")),
        *sorted((data / "faq_none").glob("*.yml")),
        *sorted((data / "lexicon").glob("*.yml")),
        *(path for path in far if path.is_file()),
    ]


def _examples(path: Path) -> list[str]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = [line for part in raw["nlu"] for line in str(part.get("examples", "")).splitlines()]
    return [line[2:].strip() for line in lines if line.startswith("- ")]


def load_negatives(data_dir: Path) -> list[tuple[str, bool]]:
    """(text, near) of questions without an entry; ``near``: about schooling all the same."""
    found: list[tuple[str, bool]] = []
    data = Path(data_dir)
    for path in sorted((data / "faq_none").glob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        items = raw if isinstance(raw, list) else raw.get("questions", [])
        found += [(str(item["text"]), bool(item.get("near", True))) for item in items]
    for name in _FAR:
        path = data / "nlu" / f"{name}.yml"
        if path.is_file():
            found += [(text, False) for text in _examples(path)]
    return list(dict.fromkeys(found))


class Sample:
    """Questions with their label number and the tokens of their copies (computed once).

    ``answers`` are the sentences of the answers with their label: people ask with the words of
    the answer too. They train at ``ANSWER_WEIGHT`` and are never counted as questions.
    """

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[int],
        answers: Sequence[tuple[str, int]] = (),
        lexicon: dict[str, list[str]] | None = None,
    ) -> None:
        self.lexicon = lexicon or {}
        self.answers = [(tokens(views(text).accented), label) for text, label in answers]
        self.texts = list(texts)
        self.labels = np.array(labels, dtype=np.int64)
        self.words: list[list[list[str]]] = [
            [tokens(views(copy).accented) for copy in copies_of(text, seed, COPIES)]
            for seed, text in enumerate(texts)
        ]


def fit(
    sample: Sample, chosen: Sequence[int], labels: Sequence[str], reading: Reading, version: str
) -> Ranker:
    """A ranker trained on the ``chosen`` questions of the sample."""
    from intake_api.linear.fit import fit_svm, matrix  # scikit-learn only when training

    groups = [sample.words[i] for i in chosen]
    answers = [[words] for words, _ in sample.answers]
    vectorizer = Vectorizer.fit_words([*groups, *answers], SHAPE, sample.lexicon)
    distinct = [list({tuple(words): None for words in group}) for group in groups]
    rows = [vectorizer.row_of(words) for group in distinct for words in group]
    rows += [vectorizer.row_of(words) for words, _ in sample.answers]
    target = np.repeat(sample.labels[list(chosen)], [len(group) for group in distinct])
    target = np.concatenate([target, [label for _, label in sample.answers]]).astype(np.int64)
    weights = np.ones(len(rows))
    weights[len(rows) - len(answers) :] = ANSWER_WEIGHT
    x = matrix(rows, len(vectorizer))
    coef, bias = fit_svm(x, target, len(labels), COST, weights=weights)
    return Ranker(labels, vectorizer, coef, bias, reading, version)


def sample_of(
    entries: Sequence[Entry],
    negatives: Sequence[tuple[str, bool]],
    lexicon: dict[str, list[str]] | None = None,
) -> tuple[Sample, list[str]]:
    """All questions with their labels; the last label is "no entry"."""
    labels = list(dict.fromkeys(entry.label for entry in entries))
    number = {label: i for i, label in enumerate(labels)}
    texts: list[str] = []
    owner: list[int] = []
    for entry in entries:
        for text in dict.fromkeys((*entry.questions, entry.title)):
            texts.append(text)
            owner.append(number[entry.label])
    texts += [text for text, _ in negatives]
    owner += [len(labels)] * len(negatives)
    answers = [
        (text, number[entry.label])
        for entry in entries
        for text in (
            entry.title,
            *(t for version in entry.versions for t in (version.answer, *version.details)),
        )
    ]
    return Sample(texts, owner, answers, lexicon), [*labels, NONE]


def folds_of(sample: Sample, seed: int = 7) -> npt.NDArray[np.int64]:
    """Fold number of each question, spread evenly within every label."""
    rng = np.random.default_rng(seed)
    fold = np.zeros(len(sample.labels), np.int64)
    for label in np.unique(sample.labels):
        where = np.flatnonzero(sample.labels == label)
        rng.shuffle(where)
        fold[where] = np.arange(len(where)) % FOLDS
    return fold


def _part(entries: Sequence[Entry], kept: set[str]) -> list[Entry]:
    return [
        replace(
            entry,
            questions=tuple(q for q in entry.questions if q in kept),
            title=entry.title if entry.title in kept else "",
        )
        for entry in entries
    ]


def held_out(
    sample: Sample, labels: Sequence[str], entries: Sequence[Entry], progress: Progress
) -> list[tuple[int, int, Index, Words]]:
    """(question, copy, index that never saw it, tokens) for every question and copy."""
    fold = folds_of(sample)
    found: list[tuple[int, int, Index, Words]] = []
    for number in range(FOLDS):
        progress(f"hỏi đáp: kiểm tra chéo {number + 1}/{FOLDS}")
        inside = np.flatnonzero(fold != number)
        ranker = fit(sample, list(inside), labels, Reading(), "cv")
        index = Index(_part(entries, {sample.texts[i] for i in inside}), ranker)
        for i in np.flatnonzero(fold == number):
            for copy, words in enumerate(sample.words[i]):
                found.append((int(i), copy, index, words))
    return found


def choose_reading(
    sample: Sample,
    labels: Sequence[str],
    entries: Sequence[Entry],
    far: Container[str],
    progress: Progress,
) -> Reading:
    """Blend and thresholds from questions that the model had not seen; ``far``: off topic."""
    from intake_api.knowledge.thresholds import blend, deciders

    tests = held_out(sample, labels, entries, progress)
    reading = blend(sample, tests)
    return deciders(sample, tests, reading, len(labels) - 1, far)


def train(
    entries: Iterable[Entry],
    model_dir: Path,
    progress: Progress = lambda _: None,
    *,
    data_dir: Path | None = None,
) -> dict[str, Any]:
    """Fit and store the ranker; returns sizes and the model's version."""
    known = list(entries)
    negatives = load_negatives(data_dir) if data_dir else []
    files = fingerprint(training_files(data_dir), Path(data_dir)) if data_dir else {}
    lexicon = load_lexicon(data_dir) if data_dir else {}
    sample, labels = sample_of(known, negatives, lexicon)
    far = {text for text, near in negatives if not near}
    reading = choose_reading(sample, labels, known, far, progress)
    progress("hỏi đáp: huấn luyện")
    content = json.dumps(
        [sample.texts, sample.labels.tolist(), sample.answers, sample.lexicon, labels, CODE_VERSION]
    )
    version = hashlib.sha256(content.encode()).hexdigest()[:12]
    ranker = fit(sample, range(len(sample.texts)), labels, reading, version)
    ranker.save(model_dir, files)
    return {
        "entries": len(known),
        "questions": len(sample.texts) - len(negatives),
        "negatives": len(negatives),
        "features": len(ranker.vectorizer),
        "version": version,
    }


def needs_training(data_dir: Path, model_dir: Path) -> str | None:
    """Why the ranker must be trained again, in words; None when it is up to date."""
    try:
        header, _ = read_model(Path(model_dir) / MODEL_FILE, CODE_VERSION)
    except (ModelMissing, ModelBroken) as error:
        return str(error)
    before: dict[str, str] = header.get("trained_on", {})
    now = fingerprint(training_files(data_dir), Path(data_dir))
    changed = sorted(
        name for name in before.keys() | now.keys() if before.get(name) != now.get(name)
    )
    if not changed:
        return None
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"data/{changed[0]} changed{more}"
