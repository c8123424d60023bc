"""Read the safety tables of ``safety.yml`` and ``cues.yml``, where every rule is written down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_NAMED = re.compile(r"\{([a-z]\w*)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written; ``reason`` is what an officer reads."""

    name: str
    reason: str
    patterns: tuple[str, ...]
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def _load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))
    return found


def _spelled_out(words: dict[str, str]) -> dict[str, str]:
    """Word lists with the lists that they name put in their place."""
    # The lists are folded over several lines; a space after "|" is only for reading.
    flat = {name: listed.replace("| ", "|") for name, listed in words.items()}

    def named(match: re.Match[str]) -> str:
        return _NAMED.sub(named, flat[match.group(1)])

    return {name: _NAMED.sub(named, listed) for name, listed in flat.items()}


def _read() -> tuple[dict[str, str], dict[str, tuple[Rule, ...]], dict[str, tuple[str, ...]]]:
    raw, cues = _load("safety.yml"), _load("cues.yml")
    words = _spelled_out({**raw["words"], **cues["words"]})
    lists: dict[str, list[str]] = {**raw["lists"], **cues["lists"]}
    # A deed counts as the person's own when it is told close behind the person.
    lists["did"] = [r"({person}) (\w+ ){0,12}" + f"({deed})" for deed in lists["doing"]]

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
    named = {name: tuple(lists[name]) for name in (*cues["lists"], "did")}
    named["person"] = ("{person}",)
    return words, {lane: tuple(rule(item) for item in raw[lane]) for lane in lanes}, named


WORDS, _RULES, CUES = _read()
DANGER = _RULES["danger"]
DENUNCIATION = _RULES["denunciation"]
TOXIC = _RULES["toxic"]
