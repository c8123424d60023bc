"""The buttons below an answer are those that the workbench's preview shows (tests/contract)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import say_answer

PATH = Path(__file__).parents[1] / "contract" / "answer_buttons.json"


@pytest.mark.parametrize("example", json.loads(PATH.read_text("utf-8")), ids=lambda e: e["about"])
def test_the_buttons_are_those_of_the_preview(example: dict[str, Any]) -> None:
    said = CollectingDispatcher()
    say_answer(said, {"text": "x", **example["answer"]}, more=False)
    assert said.messages[0]["buttons"] == example["buttons"]
