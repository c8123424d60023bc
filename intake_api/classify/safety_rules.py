"""Read the safety tables of ``safety.yml``, where every rule is written down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written; ``reason`` is what an officer reads."""

    name: str
    reason: str
    patterns: tuple[str, ...]
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def _read() -> tuple[dict[str, str], dict[str, tuple[Rule, ...]]]:
    raw = yaml.safe_load(Path(__file__).with_name("safety.yml").read_text(encoding="utf-8"))
    # The lists of words are folded over several lines; a space after "|" is only for reading.
    words = {name: listed.replace("| ", "|") for name, listed in raw["words"].items()}
    lists: dict[str, list[str]] = raw["lists"]

    def spread(items: list[str]) -> tuple[str, ...]:
        return tuple(
            pattern
            for item in items
            for pattern in (lists[item[1:]] if item.startswith("*") else [item])
        )

    def rule(item: dict[str, Any]) -> Rule:
        parts = {part: spread(item.get(part, [])) for part in ("also", "unless", "never")}
        return Rule(item["name"], item["reason"], spread(item["patterns"]), **parts)

    lanes = ("danger", "denunciation", "toxic")
    return words, {lane: tuple(rule(item) for item in raw[lane]) for lane in lanes}


WORDS, _RULES = _read()
DANGER = _RULES["danger"]
DENUNCIATION = _RULES["denunciation"]
TOXIC = _RULES["toxic"]
