"""Read the labelled messages of data/feedback as examples of intents."""

from __future__ import annotations

from pathlib import Path

import yaml

FEEDBACK = Path(__file__).resolve().parents[2] / "data" / "feedback"
# A kind that is missing here (spam) teaches the assistant nothing about what to do.
INTENT_OF_KIND = {
    "suggestion": "give_feedback",
    "criticism": "give_feedback",
    "complaint": "give_feedback",
    "denunciation": "give_feedback",
    "misinformation": "give_feedback",
    "draft_comment": "give_feedback",
    "child_protection": "report_danger",
    "press_inquiry": "press_inquiry",
    "praise": "praise",
    "question": "ask_question",
}
_OUTSIDE = ("x.khac", "x.spam")  # not about education: another kind of "question"


def feedback_examples(folder: Path = FEEDBACK) -> list[tuple[str, str]]:
    """Pairs (text, intent) from the labelled feedback; none when the folder is missing."""
    pairs = []
    for path in sorted(folder.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        if content.get("topic") in _OUTSIDE:
            continue
        for message in content.get("messages") or []:
            intent = INTENT_OF_KIND.get(message.get("kind"))
            text = message.get("text")
            if intent and isinstance(text, str):
                pairs.append((text, intent))
    return pairs
