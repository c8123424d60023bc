from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import evaluate, report
from benchmarks.measures import Results
from tests import builders

SECRET = "Cô chủ nhiệm lớp 6B thu tiền không có phiếu"


def make_core() -> evaluate.Core:
    return evaluate.Core(builders.the_classifier(), builders.the_index(), builders.the_catalog())


def write_set(folder: Path, name: str, *items: dict[str, object]) -> None:
    base = {"id": "1", "text": SECRET, "form": "accented", "as_of": "2026-11-23"}
    lines = [json.dumps({**base, **item}, ensure_ascii=False) for item in items]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_sets(folder: Path) -> None:
    labels = {
        "kind": "criticism", "topic": "dd.khoan_thu", "also": [], "unit": "KHTC",
        "sentiment": "negative", "urgent": False, "confidential": False, "toxic": False,
    }  # fmt: skip
    write_set(folder, "faq", {"expected": "khong-co"})
    write_set(folder, "faq_none", {"near": False})
    write_set(folder, "feedback", labels)
    write_set(folder, "safety", {"danger": False, "denunciation": False})
    write_set(folder, "pii", {"text": SECRET + ", gọi tôi 0912345678", "pii": ["0912345678"]})


def test_the_page_holds_labels_and_never_a_text(tmp_path: Path) -> None:
    make_sets(tmp_path)
    results = evaluate.evaluate(make_core(), intents=False, folder=tmp_path)
    page = tmp_path / "quality.md"
    report.write(results, page)
    text = page.read_text(encoding="utf-8")
    assert "Personal data: recall | accented | 1 | 100.0" in text
    assert "`khong-co`" in text
    for part in (SECRET, "0912345678", "chủ nhiệm"):
        assert part not in text


def test_what_was_written_by_hand_stays(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    report.write(Results(), page)
    page.write_text(page.read_text(encoding="utf-8") + "\n## Ablations\n\nBy hand.\n", "utf-8")
    results = Results()
    results.count("kind", "accented", 1)
    report.write(results, page)
    text = page.read_text(encoding="utf-8")
    assert text.endswith("## Ablations\n\nBy hand.\n")
    assert "| Kind (11) | accented | 1 | 100.0 |" in text
    assert text.count(report.BEGIN) == 1


def test_a_broken_line_is_named_without_its_words(tmp_path: Path) -> None:
    (tmp_path / "faq.jsonl").write_text(json.dumps({"text": SECRET}) + "\n", encoding="utf-8")
    with pytest.raises(evaluate.SetBroken) as caught:
        evaluate.read_set("faq", tmp_path)
    assert str(caught.value).startswith("faq.jsonl, line 1")
    assert SECRET not in str(caught.value)


def test_a_missing_set_is_said_to_be_left_out(tmp_path: Path) -> None:
    results = evaluate.evaluate(make_core(), intents=False, folder=tmp_path)
    assert [line.split(":")[0] for line in results.left_out] == [
        "faq", "faq_none", "feedback", "safety", "pii", "intents and dialogues",
    ]  # fmt: skip
