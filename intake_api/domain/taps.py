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


# A way to a person, as the assistant offers it (converse.START_PAYLOADS).
TALK = {"title": "Gặp cán bộ", "payload": "/talk_to_person"}
_UNHELPFUL = re.compile(r"faq:unhelpful:([a-z0-9][a-z0-9-]{0,79})")


def unhelpful(payload: str | None) -> str | None:
    """The entry whose answer was tapped as none ("Chưa đúng ý"), or None for other buttons."""
    found = _UNHELPFUL.fullmatch(payload or "")
    return found[1] if found else None


def not_helpful(slug: str) -> dict[str, str]:
    """The button below an approved answer that says it was none."""
    return {"title": "Chưa đúng ý", "payload": f"faq:unhelpful:{slug}"}


def after_answer(code: str) -> dict[str, Any]:
    """What an answer carries: one tap says whether it was one."""
    return {
        "buttons": [
            {"title": "Tôi hài lòng", "payload": f"case:confirm:{code}"},
            {"title": "Chưa rõ, mở lại", "payload": f"case:reopen:{code}"},
        ]
    }


def left(code: str, may: frozenset[str]) -> list[dict[str, str]]:
    """What may still be tapped when the sender asks how a case stands: the buttons below the
    answer are out of reach once something else was said."""
    content, reopen = after_answer(code)["buttons"]
    return [*([content] if "confirm" in may else []), *([reopen] if "reopen" in may else [])]


def marks(code: str) -> dict[str, Any]:
    """The five marks, below the thanks for having confirmed."""
    return {
        "buttons": [
            {"title": title, "payload": f"case:rate:{code}:{number}"}
            for number, title in enumerate(MARKS, start=1)
        ]
    }
