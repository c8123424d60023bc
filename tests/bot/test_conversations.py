"""Conversations with the real model, the real action server and a small fake intake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.fake_intake import right_code
from tests.bot.running import BIN, Assistant, assistant
from vntext import format_code

FOLDER = Path(__file__).parent / "conversations"
ALL = [
    pytest.param(c, id=f"{path.stem}: {c['name']}")
    for path in sorted(FOLDER.glob("*.yml"))
    for c in yaml.safe_load(path.read_text(encoding="utf-8"))
]

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(not (BIN / "rasa").exists(), reason="the bot environment is not set up"),
]


@pytest.fixture(scope="session")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The assistant, started once for all conversations."""
    with assistant(tmp_path_factory.mktemp("assistant")) as running:
        yield running


def _short(call: tuple[str, str, dict[str, Any], str]) -> str:
    return f"{call[0]} /{call[1].removeprefix('/bot/v1/').split('/')[0]}"


def _check(turn: dict[str, Any], answers: list[dict[str, Any]], calls: list[Any]) -> None:
    text = "\n".join(a["text"] for a in answers if "text" in a)
    assert text, "an empty answer means failure to the intake"
    for fragment in turn.get("expect", []):
        assert fragment in text
    for fragment in turn.get("not", []):
        assert fragment not in text
    if "first" in turn:
        assert text.startswith(turn["first"])
    titles = [b["title"] for a in answers for b in a.get("buttons", [])]
    for title in turn.get("buttons", []):
        assert title in titles
    for answer in answers:
        assert len(answer.get("buttons", [])) <= 3
        assert all(len(b["title"]) <= 20 for b in answer.get("buttons", []))
    if "custom" in turn:
        assert any(turn["custom"] in a.get("custom", {}) for a in answers)
    if "calls" in turn:
        assert [_short(c) for c in calls] == turn["calls"]
    for field, value in turn.get("sent", {}).items():
        assert calls[-1][2][field] == value
    for _, _, body, key in calls:
        assert key.count("/") == 2
        assert body.get("message_id", 1) >= 1


@pytest.mark.parametrize("conversation", ALL)
def test_conversation(conversation: dict[str, Any], talking: Assistant) -> None:
    sender = "web:" + re.sub(r"\W+", "-", conversation["name"])
    codes = {"{code}": right_code(), "{other}": format_code("2610", "ABCDEFG")}
    talking.intake.down = False
    for turn in conversation["turns"]:
        if "down" in turn:
            talking.intake.down = turn["down"]
            continue
        said = turn["say"]
        for mark, code in codes.items():
            said = said.replace(mark, code)
        before = len(talking.intake.calls)
        answers = talking.say(sender, said, **turn.get("metadata", {}))
        try:
            _check(turn, answers, talking.intake.calls[before:])
        except AssertionError as error:
            calls = talking.intake.calls[before:]
            raise AssertionError(f"after {said!r}: {error}\n{answers}\n{calls}") from error


def test_person_is_answered_quickly(talking: Assistant) -> None:
    """Not a benchmark: guards against a turn that has become several times slower."""
    import time

    took = []
    for number in range(12):
        start = time.perf_counter()
        talking.say(f"web:quick-{number}", "thi tốt nghiệp 2025 thi mấy môn")
        took.append(time.perf_counter() - start)
    assert sorted(took)[6] < 0.5
