"""How long a text may be, and how sure the classifier must be, for each control intent."""

from __future__ import annotations

import unicodedata
from typing import Any

# intent → (most words, least confidence)
LIMITS = {
    "restart": (10, 0.45),
    "cancel": (14, 0.35),
    "skip": (14, 0.3),
    "affirm": (12, 0.3),
    "deny": (12, 0.3),
    "anonymous": (20, 0.3),
    "greet": (12, 0.3),
    "goodbye": (12, 0.3),
    # A fact by itself ("THCS Trần Phú") is short; with a verb it is somebody's sentence.
    "inform": (7, 0.0),
    # The intake looks for danger in every message before Rasa does, with rules that miss little;
    # a weak guess here would only raise false alarms about dirty kitchens.
    "report_danger": (10_000, 0.45),
}


def readable(text: str, best: dict[str, Any]) -> bool:
    """Whether there is anything to understand: a letter, a figure, or a known sign ("👍")."""
    if any(c.isalnum() for c in text):
        return True
    return best["confidence"] >= 0.5 and any(unicodedata.category(c) == "So" for c in text)


def believable(intent: dict[str, Any], words: int) -> bool:
    """Whether a text of so many words may be this intent (``name``, ``confidence``)."""
    limit = LIMITS.get(intent["name"])
    if limit is None:
        return True
    most, least = limit
    return words <= most and intent["confidence"] >= least
