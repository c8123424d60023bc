"""Fits a message into what a channel takes: its parts, its short titles, its source line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Best place first: between paragraphs, lines, sentences, clauses, words.
BREAKS = tuple(
    re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"(?<=[.!?…])\s", r"(?<=[;:,])\s", r"\s")
)
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered below a message; ``payload`` is what comes back when it is tapped."""

    title: str
    payload: str


def length(text: str) -> int:
    """Length in UTF-16 units: no platform counts a character as more than that."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def with_source(text: str, source: Mapping[str, Any] | None) -> str:
    """The text with its source and validity below, unless it says them already."""
    if not source:
        return text.strip()
    line = str(source.get("source") or "").strip()
    if line and not line.startswith("Nguồn"):
        line = f"Nguồn: {line}"
    lines = [line, str(source.get("validity") or "").strip()]
    below = "\n".join(one for one in lines if one and one not in text)
    return f"{text.strip()}\n\n{below}".strip()


CHOOSE = "Anh/chị nhắn số để chọn."


def with_choices(text: str, buttons: Sequence[Button]) -> str:
    """The text with its choices as numbered lines, for channels without buttons."""
    named = [" ".join(button.title.split()) for button in buttons if button.title.strip()]
    if not named:
        return text
    lines = [f"{number}. {title}" for number, title in enumerate(named, start=1)]
    return "\n".join([text, *lines, CHOOSE]).strip()


def split(text: str, limit: int) -> list[str]:
    """Parts of at most ``limit`` UTF-16 units, cut at paragraph, line, sentence or word ends.

    Nothing but white space at the cuts is lost. A place to cut is looked for in the second half
    of a part, so that parts do not become tiny.
    """
    parts = []
    rest = text.strip()
    while length(rest) > limit:
        cut = _cut(rest, _fitting(rest, limit))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        parts.append(rest)
    return [part for part in parts if part]


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit into ``limit`` UTF-16 units (at least one)."""
    units = 0
    for index, char in enumerate(text):
        units += 2 if ord(char) > 0xFFFF else 1
        if units > limit:
            return max(index, 1)
    return len(text)


def _cut(text: str, most: int) -> int:
    # One character more is looked at: the space just behind a sentence that fits exactly.
    for pattern in BREAKS:
        places = [found.start() for found in pattern.finditer(text, 0, most + 1)]
        places = [place for place in places if most // 2 < place <= most]
        if places:
            return places[-1]
    cut = most
    while cut > most // 2 and _belongs_to_the_one_before(text, cut):
        cut -= 1
    return cut if cut > most // 2 else most


def _belongs_to_the_one_before(text: str, index: int) -> bool:
    """True inside what people see as one character: a combining mark, a joined emoji."""
    char = text[index]
    return (
        unicodedata.combining(char) != 0
        or char in "\u200d\ufe0e\ufe0f"
        or text[index - 1] == "\u200d"
        or 0x1F3FB <= ord(char) <= 0x1F3FF
    )


def shorten(title: str, limit: int) -> str:
    """The title in at most ``limit`` units, cut at a word and marked with "…" when too long."""
    title = " ".join(title.split())
    if length(title) <= limit:
        return title
    kept = title[: _fitting(title, limit - 1)]
    if not title[len(kept)].isspace() and " " in kept:
        kept = kept.rpartition(" ")[0]
    return kept.rstrip(" ,;:.-–(") + ELLIPSIS


def short_titles(buttons: Sequence[Button], limit: int) -> list[str]:
    """A short title for each button. Titles that would look the same are numbered."""
    titles = [shorten(button.title, limit) for button in buttons]
    if len(set(titles)) == len(titles):
        return titles
    numbered = []
    for number, button in enumerate(buttons, start=1):
        mark = f"{number}. "
        numbered.append(mark + shorten(button.title, limit - len(mark)))
    return numbered
