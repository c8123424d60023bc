"""What every part of the bench needs: running load, percentiles, texts to send."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.serving import HOST, BenchProblem
from intake_api.settings import ROOT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load brought: latencies in seconds of what was answered with 2xx."""

    elapsed: float
    client_cpu: float
    statuses: dict[str, int]
    seconds: tuple[tuple[str, float], ...]

    @property
    def good(self) -> int:
        return len(self.seconds)

    @property
    def bad(self) -> int:
        """Answers that are not 2xx, and requests that got none."""
        return sum(self.statuses.values()) - self.good

    @property
    def rate(self) -> float:
        return self.good / self.elapsed

    def latencies(self, what: str | None = None) -> list[float]:
        return [seconds for name, seconds in self.seconds if what in (None, name)]

    def pages(self, names: Iterable[str]) -> dict[str, dict[str, float]]:
        """How long each of these pages took."""
        taken = {name: self.latencies(name) for name in names}
        return {
            name: {
                "p50_ms": 1000 * median(seconds),
                "p95_ms": 1000 * percentile(seconds, 0.95),
                "count": len(seconds),
            }
            for name, seconds in taken.items()
        }


def load(do: str, port: int, *, seconds: float, threads: int, **task: Any) -> Outcome:
    """Runs a load in a process of its own. Raises BenchProblem when it does not come back."""
    whole = {"do": do, "host": HOST, "port": port, "seconds": seconds, "threads": threads, **task}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.load"], cwd=ROOT, input=json.dumps(whole),
            capture_output=True, text=True, timeout=seconds + 60, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise BenchProblem("the load did not end in time") from None
    if done.returncode:
        raise BenchProblem(f"the load failed: {done.stderr[-800:]}")
    said = json.loads(done.stdout)
    pairs = tuple((str(name), float(took)) for name, took in said["seconds"])
    return Outcome(said["elapsed"], said["client_cpu"], said["statuses"], pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed (nearest rank); 0 of nothing."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value; 0 of nothing."""
    return percentile(values, 0.5)


def show_pages(
    console: Console, title: str, found: Mapping[str, Any], aims: Mapping[str, float | None]
) -> None:
    """Prints a line for each page of ``aims``, in milliseconds."""
    table = Table(title=title, title_justify="left")
    for name in ("page", "p50 ms", "p95 ms", "aim", "n"):
        table.add_column(name, justify="left" if name == "page" else "right")
    for what, aim in aims.items():
        row = found[what]
        table.add_row(
            what, f"{row['p50_ms']:.0f}", f"{row['p95_ms']:.0f}", f"< {aim:.0f}" if aim else "",
            str(row["count"]),
        )  # fmt: skip
    console.print(table)


def feedback_texts() -> list[str]:
    """Messages as people write them, from the training data (never from the held-out sets)."""
    found: list[str] = []
    for path in sorted((ROOT / "data" / "feedback").glob("*.yml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [message["text"] for message in body["messages"]]
    return found
