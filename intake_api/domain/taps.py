"""Buttons about a case that its sender taps in a chat: content, not content, a mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_TAP = re.compile(r"case:(confirm|reopen|rate):(PA-[0-9A-Z-]{5,20})(?::([1-5]))?")
# At most twenty characters: what a quick reply holds (interfaces 5.6).
MARKS = ("1 – rất chưa tốt", "2 – chưa tốt", "3 – tạm được", "4 – tốt", "5 – rất tốt")


@dataclass(frozen=True, slots=True)
class Tap:
    """What was tapped (confirm, reopen, rate), about which case; ``score`` for a mark."""

    what: str
    code: str
    score: int | None


def read(payload: str | None) -> Tap | None:
    """The tap that a button's payload stands for, or None for the assistant's own buttons."""
    found = _TAP.fullmatch(payload or "")
    if found is None or (found[1] == "rate") != (found[3] is not None):
        return None
    return Tap(found[1], found[2], int(found[3]) if found[3] else None)


def after_answer(code: str) -> dict[str, Any]:
    """What an answer carries: one tap says whether it was one."""
    return {
        "buttons": [
            {"title": "Tôi hài lòng", "payload": f"case:confirm:{code}"},
            {"title": "Chưa rõ, mở lại", "payload": f"case:reopen:{code}"},
        ]
    }


def marks(code: str) -> dict[str, Any]:
    """The five marks, below the thanks for having confirmed."""
    return {
        "buttons": [
            {"title": title, "payload": f"case:rate:{code}:{number}"}
            for number, title in enumerate(MARKS, start=1)
        ]
    }
