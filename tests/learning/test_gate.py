"""The gate asked from outside: real models, held-out sets of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake_api.learning import gate
from tests.builders import MODELS


def make_sets(folder: Path, accepted: float) -> Path:
    item = {
        "id": "x", "form": "accented", "text": "Năm 2025 thi tốt nghiệp THPT mấy môn vậy ạ",
        "as_of": "2026-11-23", "expected": "thi-tn-2025-mon-thi",
    }  # fmt: skip
    wrong = {**item, "id": "y", "expected": "an-danh"}
    lines = [json.dumps(one, ensure_ascii=False) for one in [*[item] * 5, *[wrong] * 5]]
    (folder / "faq.jsonl").write_text("\n".join(lines), "utf-8")
    baseline = {"faq.first / accented": {"value": accepted, "n": 10}}
    (folder / "baseline.json").write_text(json.dumps(baseline), "utf-8")
    return folder


def test_it_holds_where_nothing_dropped(tmp_path: Path) -> None:
    assert gate.dropped(MODELS, make_sets(tmp_path, 50.0)) == []


def test_it_names_what_dropped(tmp_path: Path) -> None:
    (line,) = gate.dropped(MODELS, make_sets(tmp_path, 90.0))
    assert line.startswith("faq.first / accented: 90.0 % → 50.0 %")


def test_without_sets_or_with_broken_ones_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(gate.GateUnknown, match="--no-gate"):
        gate.dropped(MODELS, tmp_path)
    make_sets(tmp_path, 50.0)
    (tmp_path / "faq.jsonl").write_text("{", "utf-8")
    with pytest.raises(gate.GateUnknown, match=r"faq\.jsonl, line 1"):
        gate.dropped(MODELS, tmp_path)
