"""``langnghe watch --replay``: JSON lines out, one sentence about what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from click.testing import CliRunner

from intake_api import cli
from tests.watch import build

BURST = [0] * 80 + [15, 60] + [0] * 18


def _run(tmp_path: Path, body: object) -> list[dict[str, str]]:
    path = tmp_path / "file.yml"
    path.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["watch", "--replay", str(path)])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_line_for_each_alert_with_day_and_level(tmp_path: Path) -> None:
    body = build.file({"b.bua_an_ban_tru": build.topic(BURST, negative=BURST)}, 100)
    second = {**body["scenarios"][0], "id": "quiet", "topics": {"e.sgk": build.topic([1] * 100)}}
    body["scenarios"].append(second)
    one = {"scenario": "one", "topic": "b.bua_an_ban_tru"}
    assert _run(tmp_path, body) == [
        {**one, "day": "2025-12-20", "level": "cảnh báo"},
        {**one, "day": "2025-12-21", "level": "khủng hoảng"},
    ]


def test_scenarios_share_nothing(tmp_path: Path) -> None:
    body = build.file({"b.x": build.topic(BURST)}, 100)
    alone = _run(tmp_path, body)
    body["scenarios"].append({**body["scenarios"][0], "id": "two"})
    both = _run(tmp_path, body)
    assert both == [*alone, *({**one, "scenario": "two"} for one in alone)]


def test_a_wrong_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    path.write_text("scenarios: 3", encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["watch", "--replay", str(path)])
    assert result.exit_code == 2
    assert "The key scenarios must be a list." in result.output


def test_doubts_go_to_stderr_and_stdout_is_alerts_in_the_files_own_codes(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    body = build.file({"bua_an_ban_tru": build.topic(BURST, negative=BURST)}, 100)
    path.write_text(yaml.safe_dump(body), encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["watch", "--replay", str(path)])
    topics = {json.loads(line)["topic"] for line in result.stdout.splitlines()}
    assert topics == {"bua_an_ban_tru"}
    assert "chủ đề bua_an_ban_tru: không có unique_texts" in result.stderr
