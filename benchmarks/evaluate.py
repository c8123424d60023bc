"""Runs the held-out sets through the same functions as ``langnghe ask | classify | intent``.

Texts of the sets are handed to the models and to nothing else: results hold labels and counts.
"""

from __future__ import annotations

import json
import subprocess
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import dialogues
from benchmarks.measures import FORMS, Results
from benchmarks.serving import BenchProblem
from intake_api import classify, knowledge
from intake_api.domain import catalog, routing
from intake_api.domain.model import Classification
from intake_api.settings import ROOT

SETS = ROOT / "tests" / "quality"
MODELS = ROOT / "var" / "models" / "current"
INTENT_SECONDS = 300
DECLINED = "(declined)"
_EDGE = " \t\n.,;:!?()[]\"'“”‘’"

Item = dict[str, Any]


class SetBroken(ValueError):
    """A held-out file is not what it should be; names file and line, never the text."""


def read_set(name: str, folder: Path = SETS) -> list[Item] | None:
    """The items of one set; None when there is no such file. Raises SetBroken."""
    path = folder / f"{name}.jsonl"
    if not path.exists():
        return None
    items: list[Item] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            said = [turn["say"] for turn in item["turns"]] if "turns" in item else [item["text"]]
            usable = all(isinstance(text, str) for text in said) and item["id"]
            usable = usable and item["form"] in FORMS
        except (ValueError, KeyError, TypeError):
            usable = False
        if not usable:
            # The line itself may be a person's words: only its number is named.
            raise SetBroken(f"{path.name}, line {number}: no id, no text, or an unknown form")
        items.append(item)
    return items


@dataclass(frozen=True)
class Core:
    """The models and rules that are measured."""

    classifier: classify.Classifier
    index: knowledge.Index
    rules: catalog.Catalog
    models: Path = MODELS


def load_core(models: Path = MODELS) -> Core:
    """The core as the command line loads it. Raises ModelMissing, ModelBroken, CatalogError."""
    return Core(
        classify.load(models),
        knowledge.load(models, knowledge.load_entries(ROOT / "data")),
        catalog.load(ROOT / "intake_api" / "catalog"),
        models,
    )


def evaluate(core: Core, *, intents: bool, folder: Path = SETS) -> Results:
    """Everything that is measured, on every set that is there."""
    results = Results()
    steps = {
        "faq": _faq,
        "faq_none": _faq_none,
        "feedback": _feedback,
        "safety": _safety,
        "pii": _pii,
    }
    for name, step in steps.items():
        items = read_set(name, folder)
        if items is None:
            results.left_out.append(f"{name}: there is no {name}.jsonl")
            continue
        results.sizes[name] = Counter(str(item["form"]) for item in items)
        for item in items:
            step(core, item, results)
    results.models["classifier"] = core.classifier.version
    results.models["answer ranker"] = _digest(core.models / "knowledge.npz")
    results.models["catalogue"] = core.rules.sha256[:12]
    if intents:
        _intents(results, folder)
        _dialogues(results, folder)
    else:
        results.left_out.append("intents and dialogues: not asked for (--with-intents)")
    return results


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "?"


def _day(item: Item) -> date:
    return date.fromisoformat(str(item.get("as_of") or "2026-11-23")[:10])


def _faq(core: Core, item: Item, results: Results) -> None:
    reply = core.index.answer(item["text"], _day(item))
    offered = [answer.entry.slug for answer in reply.answers[:3]]
    wanted, form = item["expected"], item["form"]
    first = offered[0] if offered else DECLINED
    results.count("faq.first", form, first == wanted)
    results.count("faq.three", form, wanted in offered)
    results.count("faq.wrong", form, reply.decision == "answer" and first != wanted)
    results.count("faq.declined", form, reply.decision == "decline")
    results.confuse("FAQ entry", wanted, first)


def _faq_none(core: Core, item: Item, results: Results) -> None:
    reply = core.index.answer(item["text"], _day(item))
    distance = "near" if item["near"] else "far"
    results.count(f"none.{distance}", item["form"], reply.decision == "answer")
    results.count("none.offered", item["form"], reply.decision == "suggest")
    if reply.decision == "answer":
        results.confuse("No entry, answered", f"(none, {distance})", reply.answers[0].entry.slug)


@dataclass(frozen=True, slots=True)
class Labels:
    """What ``langnghe classify`` says of a message."""

    found: Classification
    unit: str
    urgent: bool
    confidential: bool


def label(core: Core, item: Item) -> Labels:
    """The labels of one message, decided as the command line decides them."""
    text = item["text"]
    found = core.classifier.classify(text)
    kind = core.rules.kinds[found.kind]
    route = routing.route(
        core.rules, kind=found.kind, topic=found.topic, confidence=found.confidence, text=text,
        place=found.place, on=_day(item),
    )  # fmt: skip
    return Labels(
        found, route.unit, found.urgent or kind.urgent, found.confidential or kind.confidential
    )


def _flag(results: Results, name: str, form: str, wanted: bool, got: bool) -> None:
    results.count(f"{name}.found" if wanted else f"{name}.false", form, got)


def _feedback(core: Core, item: Item, results: Results) -> None:
    labels, form = label(core, item), item["form"]
    found = labels.found
    accepted = {item["topic"], *item.get("also", ())}
    results.count("topic.first", form, found.topic == item["topic"])
    results.count("topic.accepted", form, found.topic in accepted)
    results.count("topic.three", form, item["topic"] in [s.code for s in found.topics[:3]])
    results.count("unit", form, labels.unit == item["unit"])
    results.count("kind", form, found.kind == item["kind"])
    results.count("sentiment", form, found.sentiment == item["sentiment"])
    _flag(results, "urgent", form, item["urgent"], labels.urgent)
    _flag(results, "confidential", form, item["confidential"], labels.confidential)
    _flag(results, "toxic", form, item["toxic"], found.toxic)
    results.confuse("Topic", item["topic"], found.topic)
    results.confuse("Unit", item["unit"], labels.unit)
    results.confuse("Kind", item["kind"], found.kind)


def _safety(core: Core, item: Item, results: Results) -> None:
    labels, form = label(core, item), item["form"]
    found = labels.found
    _flag(results, "danger", form, item["danger"], found.danger)
    if item["denunciation"]:
        results.count("denunciation.found", form, labels.confidential)
    elif not item["danger"]:
        # A child in danger is sealed for the child's sake; that is no false denunciation.
        results.count("denunciation.false", form, labels.confidential)
    wanted = "danger" if item["danger"] else "denunciation" if item["denunciation"] else "neither"
    got = "danger" if found.danger else "denunciation" if labels.confidential else "neither"
    if not (item["danger"] and item["denunciation"]):
        results.confuse("Safety", wanted, got)


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(_EDGE).casefold()


def _pii(core: Core, item: Item, results: Results) -> None:
    wanted = {_bare(one) for one in item["pii"]}
    got = {_bare(one) for one in core.classifier.classify(item["text"]).pii}
    right = len(wanted & got)
    # Precision counts every span that was marked, recall every span that is there.
    if wanted:
        results.count("pii.recall", item["form"], right, len(wanted))
    if got:
        results.count("pii.precision", item["form"], right, len(got))


def _dialogues(results: Results, folder: Path) -> None:
    items = read_set("dialogues", folder)
    if items is None:
        results.left_out.append("dialogues: there is no dialogues.jsonl")
        return
    try:
        dialogues.play(items, results)
    except BenchProblem as error:
        results.left_out.append(f"dialogues: {error}")


def _intents(results: Results, folder: Path) -> None:
    items, python = read_set("intents", folder), ROOT / ".venv-bot" / "bin" / "python"
    if items is None or not python.exists():
        results.left_out.append("intents: no set, or no bot environment (./dev setup)")
        return
    lines = "".join(json.dumps({"id": item["id"], "text": item["text"]}) + "\n" for item in items)
    try:
        done = subprocess.run(
            [str(python), "-m", "bot.intents"], cwd=ROOT, input=lines, capture_output=True,
            text=True, timeout=INTENT_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        results.left_out.append(f"intents: no answer within {INTENT_SECONDS} s")
        return
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or len(said) != len(items):
        results.left_out.append(f"intents: bot.intents ended with code {done.returncode}")
        return
    results.sizes["intents"] = Counter(str(item["form"]) for item in items)
    inputs = ROOT / "var" / "models" / "rasa" / "inputs.txt"
    results.models["assistant (training inputs)"] = _digest(inputs)
    for item, answer in zip(items, said, strict=True):
        got = str(answer.get("intent"))
        results.count("intent", item["form"], got == item["intent"])
        results.confuse("Intent", item["intent"], got)
