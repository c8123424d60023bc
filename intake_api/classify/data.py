"""Read the labelled messages the classifier learns from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class DataError(ValueError):
    """A training file cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message. ``kind`` and ``topic`` may be "" where a source does not say."""

    text: str
    kind: str
    topic: str
    sentiment: str
    urgent: bool = False
    confidential: bool = False
    toxic: bool = False
    danger: bool = False
    also: tuple[str, ...] = ()


def _message(path: Path, topic: str, number: int, raw: dict[str, Any]) -> Message:
    try:
        kind, text = str(raw["kind"]), str(raw["text"])
        return Message(
            text=text,
            kind=kind,
            topic=topic,
            sentiment=str(raw["sentiment"]),
            urgent=bool(raw.get("urgent", False)),
            confidential=bool(raw.get("confidential", False)),
            toxic=bool(raw.get("toxic", False)),
            danger=kind == "child_protection",
            also=tuple(raw.get("also") or ()),
        )
    except (KeyError, TypeError) as error:
        raise DataError(f"{path.name}: message {number} lacks {error}") from error


def load_feedback(data_dir: Path) -> list[Message]:
    """Every message of data/feedback; raises DataError for the first bad file."""
    found: list[Message] = []
    for path in sorted((Path(data_dir) / "feedback").glob("*.yml")):
        try:
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
            topic, messages = str(raw["topic"]), raw["messages"]
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise DataError(f"{path.name}: not a mapping with topic and messages") from error
        found += [_message(path, topic, i, item) for i, item in enumerate(messages, 1)]
    return found


def examples(data_dir: Path, intent: str) -> list[str]:
    """The example texts of one intent of data/nlu; empty when the file is absent."""
    path = Path(data_dir) / "nlu" / f"{intent}.yml"
    if not path.is_file():
        return []
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = [line for part in raw["nlu"] for line in str(part.get("examples", "")).splitlines()]
    return [line[2:].strip() for line in lines if line.startswith("- ")]


def questions(data_dir: Path) -> list[tuple[str, str]]:
    """(text, topic) of the FAQ variants: questions whose topic is known."""
    found: list[tuple[str, str]] = []
    for path in sorted((Path(data_dir) / "faq").glob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(str(text), str(raw["topic"])) for text in raw.get("questions", [])]
    return found
