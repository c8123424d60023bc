"""(b) knowledge.answer and classify in this process."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import parts
from benchmarks.evaluate import MODELS
from intake_api import classify, knowledge
from intake_api.settings import ROOT
from vntext import fold

AS_OF = date(2026, 11, 23)
AIMS = {"answer": 3.0, "classify": 5.0}
SAMPLE = 1200


def measure(console: Console, *, seconds: float) -> dict[str, Any]:
    """Times both on texts with and without diacritics; prints median and p99."""
    entries = knowledge.load_entries(ROOT / "data")
    index, classifier = knowledge.load(MODELS, entries), classify.load(MODELS)
    questions = _spread([text for entry in entries for text in entry.questions])
    messages = _spread(parts.feedback_texts())
    work: dict[str, tuple[Callable[[str], Any], list[str]]] = {
        "answer": (lambda text: index.answer(text, AS_OF), questions),
        "classify": (lambda text: classifier.classify(text), messages),
    }
    found = {name: _time(call, texts, seconds / 2) for name, (call, texts) in work.items()}
    show(console, found)
    return found


def _spread(texts: list[str]) -> list[str]:
    """Every n-th text as written, every other of them without diacritics."""
    some = texts[:: max(1, len(texts) // SAMPLE)]
    return [fold(text) if number % 2 else text for number, text in enumerate(some)]


def _time(call: Callable[[str], Any], texts: list[str], seconds: float) -> dict[str, float]:
    for text in texts[:100]:
        call(text)
    wall: list[float] = []
    cpu: list[float] = []
    end = time.monotonic() + seconds
    for text in itertools.cycle(texts):
        if time.monotonic() > end:
            break
        started, used = time.perf_counter(), time.thread_time()
        call(text)
        cpu.append(time.thread_time() - used)
        wall.append(time.perf_counter() - started)
    return {
        "p50_ms": 1000 * parts.median(wall),
        "p99_ms": 1000 * parts.percentile(wall, 0.99),
        "cpu_p50_ms": 1000 * parts.median(cpu),
        "cpu_p99_ms": 1000 * parts.percentile(cpu, 0.99),
        "n": len(wall),
    }


def show(console: Console, found: dict[str, Any]) -> None:
    """Prints the table."""
    table = Table(title="Understanding, in process", title_justify="left")
    for name in ("call", "p50 ms", "p99 ms", "CPU p50", "CPU p99", "n", "aim"):
        table.add_column(name, justify="left" if name == "call" else "right")
    for name, row in found.items():
        table.add_row(
            name, f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.2f}", f"{row['cpu_p50_ms']:.2f}",
            f"{row['cpu_p99_ms']:.2f}", str(row["n"]), f"p50 ≤ {AIMS[name]:g}",
        )  # fmt: skip
    console.print(table)
