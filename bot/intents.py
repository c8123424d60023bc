"""Measure what the assistant understands: JSON lines ``{"id","text"}`` in, intents out.

``python -m bot.intents [model]`` loads the newest model in var/models/rasa and writes
``{"id","intent","confidence"}`` for each line, in order. It names the best intent even where the
assistant would rather ask back; the confidence says how sure it is. A line that is not usable
gets ``"intent": null`` and an ``"error"``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.components.grams import MAX_CHARS
from vntext import canonical

MODELS = Path(__file__).resolve().parents[1] / "var" / "models" / "rasa"
FALLBACK = "nlu_fallback"
_BATCH = 200

Line = tuple[Any, "str | None", "str | None"]


def newest_model(folder: Path = MODELS) -> Path:
    """The model written last; exits with a sentence when there is none."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)
    if not models:
        sys.exit(f"no trained model in {folder}: run rasa train first")
    return models[-1]


def read(raw: str) -> Line:
    """One input line as (id, text, error)."""
    try:
        line = json.loads(raw)
    except ValueError:
        return None, None, "not JSON"
    if not isinstance(line, dict):
        return None, None, "not a JSON object"
    text = line.get("text")
    if not isinstance(text, str):
        return line.get("id"), None, "text is missing or not a string"
    # Rasa takes a leading "/" for a command; the intake strips it from what people write.
    text = text.lstrip("/").strip()
    if not canonical(text[:MAX_CHARS]):
        return line.get("id"), None, "text is empty"
    return line.get("id"), text, None


class Reader:
    """The language side of a trained model."""

    def __init__(self, model: Path) -> None:
        """Load ``model``; takes some seconds, most of them Rasa's own imports."""
        from rasa.core.agent import Agent

        agent = Agent.load(model)
        if agent.processor is None:
            sys.exit(f"{model} is not a usable model")
        self._processor = agent.processor

    def intents(self, texts: list[str]) -> list[dict[str, Any]]:
        """The best real intent of each text, with its confidence."""
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

        target = self._processor.model_metadata.nlu_target
        inputs = {
            PLACEHOLDER_MESSAGE: [UserMessage(text) for text in texts],
            PLACEHOLDER_TRACKER: None,
        }
        parsed = self._processor.graph_runner.run(inputs=inputs, targets=[target])[target]
        return [_best(message.as_dict(only_output_properties=True)) for message in parsed]


def _best(parsed: dict[str, Any]) -> dict[str, Any]:
    ranking = parsed.get("intent_ranking") or [parsed.get("intent") or {}]
    best = next((i for i in ranking if i.get("name") != FALLBACK), {})
    return {
        "intent": best.get("name"),
        "confidence": round(float(best.get("confidence") or 0.0), 4),
    }


def answers(lines: Iterable[str], reader: Reader) -> Iterator[dict[str, Any]]:
    """One answer per non-blank line, in order."""
    waiting: list[Line] = []
    for raw in lines:
        if raw.strip():
            waiting.append(read(raw))
        if len(waiting) >= _BATCH:
            yield from _answer(waiting, reader)
            waiting = []
    yield from _answer(waiting, reader)


def _answer(lines: list[Line], reader: Reader) -> Iterator[dict[str, Any]]:
    texts = [text for _, text, _ in lines if text is not None]
    # Rasa's classifier fails on nothing at all, which is what the last batch may hold.
    found = iter(reader.intents(texts) if texts else ())
    for identifier, text, error in lines:
        if text is None:
            yield {"id": identifier, "intent": None, "confidence": 0.0, "error": error}
        else:
            yield {"id": identifier, **next(found)}


def main() -> None:
    """Read standard input, write standard output."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    model = Path(sys.argv[1]) if len(sys.argv) > 1 else newest_model()
    # Some libraries greet on standard output, which belongs to the answers.
    with contextlib.redirect_stdout(sys.stderr):
        reader = Reader(model)
    lines = (raw.decode("utf-8", "replace") for raw in sys.stdin.buffer)
    for answer in answers(lines, reader):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
