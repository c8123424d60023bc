"""What is compared on a public corpus: our core, a plain TF-IDF SVM, Rasa's default pipeline.

Models live in memory; Rasa's files lie in a temporary folder that is deleted with them.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.svm import LinearSVC

from benchmarks.corpora_data import Split, Task
from benchmarks.parts import median
from intake_api.classify.train import COPIES, COST, COSTS, SHAPE
from intake_api.linear import Row, Vectorizer, copies_of, tokens
from intake_api.linear.features import Floats
from intake_api.linear.fit import fit_svm, matrix
from intake_api.settings import ROOT
from vntext import fold, views

RASA_PYTHON = ROOT / ".venv-bot" / "bin" / "python"
RASA_PROGRAM = ROOT / "benchmarks" / "corpora_rasa.py"
# (cost, balanced) of the classifier's heads: the topic head's and the others'.
SETTINGS = tuple(dict.fromkeys([(COST, False), (COSTS.get("topic", COST), True)]))

Predict = Callable[[str], str]


class RasaFailed(Exception):
    """Rasa could not be trained or asked; the message says what it said last."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; shares are percentages."""

    model: str
    form: str
    f1: float
    accuracy: float
    seconds: float
    micros: float


def line(
    model: str, form: str, truth: Sequence[str], said: Sequence[str], seconds: float, micros: float
) -> Line:
    """Scores of what was said; a label that training never saw counts as missed."""
    return Line(
        model, form, weighted_f1(truth, said), 100 * float(accuracy_score(truth, said)),
        seconds, micros,
    )  # fmt: skip


def weighted_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """Percent; each label counts as often as it is true."""
    return 100 * float(f1_score(truth, said, average="weighted", zero_division=0))


class Core:
    """Our vectoriser and one linear head; predicts as ``Classifier`` does, without its rules."""

    def __init__(
        self, vectorizer: Vectorizer, coef: Floats, bias: Floats, names: list[str]
    ) -> None:
        self.vectorizer = vectorizer
        self.coef = coef
        self.bias = bias
        self.names = names

    def predict(self, text: str) -> str:
        """The label of one raw text."""
        row = self.vectorizer.row(text)
        scores = row.weights @ self.coef[row.ids] + self.bias
        # Two labels share one column.
        best = int(scores[0] > 0) if len(scores) == 1 else int(np.argmax(scores))
        return self.names[best]


def train_core(train: Split, dev: Split) -> Core:
    """Trained as the classifier's heads are; ``dev`` decides which head's settings fit better."""
    names = sorted(set(train.labels))
    number = {name: i for i, name in enumerate(names)}
    groups = [
        list({tuple(tokens(views(copy).accented)): None for copy in copies_of(text, seed, COPIES)})
        for seed, text in enumerate(train.texts)
    ]
    vectorizer = Vectorizer.fit_words(groups, SHAPE)
    rows: list[Row] = [vectorizer.row_of(words) for group in groups for words in group]
    x = matrix(rows, len(vectorizer))
    coded = np.array([number[label] for label in train.labels], dtype=np.int64)
    target = np.repeat(coded, [len(group) for group in groups])
    asked = [*dev.texts, *map(fold, dev.texts)]
    best: tuple[float, Core] | None = None
    for cost, balanced in SETTINGS:
        coef, bias = fit_svm(x, target, len(names), cost, balanced=balanced)
        core = Core(vectorizer, coef, bias, names)
        score = weighted_f1(dev.labels * 2, [core.predict(text) for text in asked])
        if best is None or score > best[0]:
            best = (score, core)
    assert best is not None
    return best[1]


def train_plain(train: Split, _: Split) -> Predict:
    """scikit-learn's defaults, but for words of one letter, which Vietnamese has."""
    vectorizer = TfidfVectorizer(token_pattern=r"(?u)\w+")
    model = LinearSVC(random_state=0).fit(vectorizer.fit_transform(train.texts), train.labels)
    return lambda text: str(model.predict(vectorizer.transform([text]))[0])


OURS, PLAIN, RASA = "our core", "TF-IDF SVM", "Rasa default"
TRAINERS: dict[str, Callable[[Split, Split], Predict]] = {
    OURS: lambda train, dev: train_core(train, dev).predict,
    PLAIN: train_plain,
}


def measure(name: str, task: Task, forms: dict[str, list[str]]) -> list[Line]:
    """Trains once and asks one text at a time, as messages come; a text costs the median."""
    started = time.perf_counter()
    predict = TRAINERS[name](task.train, task.dev)
    seconds = time.perf_counter() - started
    found = []
    for form, texts in forms.items():
        said, took = [], []
        for text in texts:
            begun = time.perf_counter()
            said.append(predict(text))
            took.append(time.perf_counter() - begun)
        found.append(line(name, form, task.test.labels, said, seconds, 1e6 * median(took)))
    return found


def measure_rasa(task: Task, forms: dict[str, list[str]], epochs: int | None = None) -> list[Line]:
    """The same split through Rasa's default pipeline, in the bot's environment."""
    names = sorted(set(task.train.labels))
    number = {name: f"c{i}" for i, name in enumerate(names)}  # "/" and "+" mean something to Rasa
    examples = [
        {"text": text, "intent": number[label]}
        for text, label in zip(task.train.texts, task.train.labels, strict=True)
        if text
    ]
    with tempfile.TemporaryDirectory(prefix="langnghe-corpora-") as made:
        folder = Path(made)
        (folder / "train.json").write_text(
            json.dumps({"rasa_nlu_data": {"common_examples": examples}}), encoding="utf-8"
        )
        (folder / "asked.json").write_text(json.dumps(forms), encoding="utf-8")
        _run_rasa(folder, epochs)
        answer = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    back = {code: name for name, code in number.items()}
    model = RASA if epochs is None else f"{RASA}, {epochs} epochs"
    return [
        line(
            model, form, task.test.labels, [back.get(code, "") for code in answer["said"][form]],
            answer["seconds"], answer["micros"][form],
        )
        for form in forms
    ]  # fmt: skip


def _run_rasa(folder: Path, epochs: int | None) -> None:
    command = [str(RASA_PYTHON), str(RASA_PROGRAM), str(folder), str(epochs or "")]
    # Rasa keeps caches where it works and at home: all of it goes with the folder.
    env = {
        **os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "HOME": str(folder),
        "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    log = folder / "log.txt"
    try:
        with log.open("w", encoding="utf-8") as out:
            done = subprocess.run(
                command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                check=False,
            )  # fmt: skip
    except OSError as error:
        raise RasaFailed(f"{RASA_PYTHON} cannot be run ({error.strerror}): ./dev setup") from None
    if done.returncode or not (folder / "answers.json").is_file():
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise RasaFailed(f"ended with code {done.returncode}: {said[-1][:200] if said else ''}")
