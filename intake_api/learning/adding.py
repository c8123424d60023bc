"""Accepted candidates into the training data, in the form that people write there by hand."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from intake_api import classify, knowledge
from intake_api.classify.data import load_feedback
from intake_api.domain.candidate import Candidate
from intake_api.domain.likeness import Twins, plain
from intake_api.knowledge.train import load_negatives
from vntext import find_pii
from vntext.pii import LABELS

_FLAGS = ("urgent", "confidential", "toxic")
_SENTIMENTS = ("negative", "neutral", "positive")
_STUB = 3  # texts of so few words coincide without anybody having copied


class Refused(ValueError):
    """This candidate may not be added; the sentence says why and quotes no held-out text."""


class Data:
    """The training data of one folder, growing while candidates are added."""

    def __init__(
        self, data_dir: Path, held_out: Path, *, kinds: Collection[str], topics: Collection[str]
    ) -> None:
        self.dir, self.kinds, self.topics = data_dir, kinds, topics
        self.entries = {entry.slug: entry for entry in knowledge.load_entries(data_dir)}
        messages = load_feedback(data_dir)
        self.feedback = Twins([message.text for message in messages])
        self.topic_of = {plain(message.text): message.topic for message in messages}
        self.questions = {slug: Twins(entry.questions) for slug, entry in self.entries.items()}
        self.label_of = {
            plain(question): entry.label
            for entry in self.entries.values()
            for question in entry.questions
        }
        self.without = {plain(text) for text, _near in load_negatives(data_dir)}
        self.held_out = Twins(_held_out(held_out))

    def check(self, text: str) -> None:
        """What holds for every kind of example. Raises Refused."""
        if not plain(text):
            raise Refused("no words")
        if find_pii(text):
            raise Refused("personal data in the text")
        if len(plain(text).split()) > _STUB and next(self.held_out.of(text), None):
            raise Refused("a held-out text: it measures and must not train")


def _held_out(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                found.append(str(json.loads(line).get("text", "")))
    return [text for text in found if len(plain(text).split()) > _STUB]


def _as_example(text: str) -> str:
    """One line in normal form, without the marks of masking: nobody types those."""
    for label in LABELS.values():
        text = text.replace(label, " ")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def add(candidates: Sequence[Candidate], data: Data) -> list[Candidate]:
    """Adds what was accepted; every candidate as it stands afterwards: added or refused."""
    done = []
    for one in candidates:
        if one.status != "accepted":
            done.append(one)
            continue
        text = _as_example(one.text)
        try:
            data.check(text)
            if "entry" in one.proposed:
                _add_question(data, text, one.proposed)
            else:
                _add_message(data, text, one.proposed)
        except Refused as error:
            done.append(replace(one, status="refused", why=str(error)))
        else:
            done.append(replace(one, status="added", why=""))
    return done


def _add_message(data: Data, text: str, label: dict[str, Any]) -> None:
    topic, kind, sentiment = (str(label.get(name)) for name in ("topic", "kind", "sentiment"))
    path = data.dir / "feedback" / f"{topic}.yml"
    if topic not in data.topics or not path.is_file():
        raise Refused(f"there is no topic {topic}")
    if kind not in data.kinds or sentiment not in _SENTIMENTS:
        raise Refused(f"unknown kind or sentiment: {kind}, {sentiment}")
    if plain(text) in data.topic_of:
        raise Refused(f"stands under {data.topic_of[plain(text)]} already")
    if next(data.feedback.of(text), None):
        raise Refused("a near duplicate of a message that is there")
    flags = [f"{flag}: true" for flag in _FLAGS if label.get(flag) is True]
    said = ", ".join([f"kind: {kind}", f"sentiment: {sentiment}", *flags, f"text: {_quoted(text)}"])
    _insert(path, "messages", f"  - {{{said}}}", lambda item: item["text"] == text)
    data.feedback.add(text)
    data.topic_of[plain(text)] = topic


def _add_question(data: Data, text: str, label: dict[str, Any]) -> None:
    slug = str(label["entry"])
    entry = data.entries.get(slug)
    if entry is None:
        raise Refused(f"there is no entry {slug}")
    before = data.label_of.get(plain(text))
    if before is not None:
        raise Refused(f"stands under {before} already")
    if plain(text) in data.without:
        raise Refused("stands among the questions without an entry")
    if next(data.questions[slug].of(text), None):
        raise Refused("a near duplicate of a question of this entry")
    path = data.dir / "faq" / f"{slug}.yml"
    _insert(path, "questions", f"  - {_quoted(text)}", lambda item: item == text)
    data.questions[slug].add(text)
    data.label_of[plain(text)] = entry.label


def _quoted(text: str) -> str:
    """A text in double quotes: JSON's are YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _insert(path: Path, name: str, line: str, is_it: Callable[[Any], bool]) -> None:
    """Puts ``line`` at the end of the list ``name`` and touches nothing else of the file."""
    old = path.read_text(encoding="utf-8")
    lines = old.splitlines()
    at = lines.index(f"{name}:") + 1 if f"{name}:" in lines else len(lines)
    while at < len(lines) and lines[at].startswith((" ", "-")):
        at += 1
    new = "\n".join([*lines[:at], line, *lines[at:]]) + "\n"
    was, now = yaml.safe_load(old), yaml.safe_load(new)
    if not is_it(now[name].pop()) or was != now:
        raise classify.DataError(f"{path.name}: the list of {name} is not where it is looked for")
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(new, encoding="utf-8")
    part.replace(path)
