"""(c) One chat turn through the whole system, and (d) the memory of the whole running system."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import parts
from benchmarks.load import VISIT
from benchmarks.serving import (
    BenchProblem,
    Program,
    commands,
    environment,
    free_ports,
    langnghe,
    require_free,
    start,
    stopping,
    wait,
)
from intake_api.settings import ROOT

WARM_SECONDS = 4.0
AIM_MS, AIM_GB = 60, 1.6


@dataclass(frozen=True)
class House:
    """The running system of one measurement."""

    port: int
    programs: list[Program]

    def cpu(self) -> dict[str, float]:
        return {program.name: program.cpu() for program in self.programs}

    def pss(self) -> dict[str, int]:
        return {program.name: program.pss() for program in self.programs}


@contextlib.contextmanager
def house(now: str | None = None) -> Iterator[House]:
    """Intake, jobs, Rasa and actions as ``./dev up`` starts them, on data of their own.

    ``now`` (ISO 8601) sets the clock of the intake and its jobs; it runs on from there.
    """
    for needed in ("bot", "actions"):
        if not (ROOT / needed / "__init__.py").exists():
            raise BenchProblem(f"{needed}/ is not there")
    if not list((ROOT / "var" / "models" / "rasa").glob("*.tar.gz")):
        raise BenchProblem("the assistant has no model: run ./dev setup")
    ports = free_ports(3)
    with tempfile.TemporaryDirectory(prefix="langnghe-bench-") as name, stopping([]) as programs:
        folder = Path(name)
        database = f"sqlite:///{folder / 'langnghe.db'}"
        env = environment((ports[0], ports[1], ports[2]), folder, database)
        if now is not None:
            env["LANGNGHE_NOW"] = now
        langnghe(env, "migrate")
        for port in ports:
            require_free(port)
        lines = commands((ports[0], ports[1], ports[2]), database)
        programs += [start(title, command, env, folder) for title, command in lines.items()]
        by_name = {program.name: program for program in programs}
        for title, port, path in (
            ("intake", ports[0], "/"),
            ("actions", ports[2], "/health"),
            ("rasa", ports[1], "/status"),
        ):  # fmt: skip
            wait(by_name[title], port, path)
        # Rasa answers /status before its first message has loaded everything.
        parts.load("visit", ports[0], seconds=WARM_SECONDS, threads=1)
        yield House(ports[0], programs)


def measure(console: Console, *, seconds: float, parts_wanted: set[str]) -> dict[str, Any]:
    """Measures turns (``chat``) and memory (``memory``) on one running system."""
    found: dict[str, Any] = {}
    with house() as running:
        if "chat" in parts_wanted:
            for threads in (1, 8):
                found[f"{threads} at once"] = _turns(running, threads, seconds)
            show_turns(console, found)
        elif "memory" in parts_wanted:
            parts.load("visit", running.port, seconds=min(seconds, 5.0), threads=8)
        if "memory" in parts_wanted:
            time.sleep(1.0)
            found["memory"] = running.pss()
            show_memory(console, found["memory"])
    return found


def _turns(running: House, threads: int, seconds: float) -> dict[str, Any]:
    before = running.cpu()
    outcome = parts.load("visit", running.port, seconds=seconds, threads=threads)
    used = {name: cpu - before[name] for name, cpu in running.cpu().items()}
    count = max(outcome.good, 1)
    steps = {what: 1000 * parts.median(outcome.latencies(what)) for what in dict(VISIT)}
    taken = outcome.latencies()
    return {
        "p50_ms": 1000 * parts.median(taken),
        "p99_ms": 1000 * parts.percentile(taken, 0.99),
        "turns_per_second": outcome.rate,
        "cpu_ms": {name: 1000 * cpu / count for name, cpu in used.items()},
        "cpu_ms_all": 1000 * sum(used.values()) / count,
        "steps_p50_ms": steps,
        "n": outcome.good,
        "failed": {name: n for name, n in outcome.statuses.items() if not name.startswith("2")},
    }


def show_turns(console: Console, found: dict[str, Any]) -> None:
    """Prints turns at 1 and at 8 at once."""
    table = Table(title="Chat turn: web chat → Rasa → actions → reply", title_justify="left")
    for name in ("", "p50 ms", "p99 ms", "turns/s", "CPU ms/turn", "of which", "n", "failed"):
        table.add_column(name, justify="left" if name in ("", "of which") else "right")
    for name, row in found.items():
        of_which = ", ".join(f"{title} {cpu:.0f}" for title, cpu in row["cpu_ms"].items())
        table.add_row(
            name, f"{row['p50_ms']:.0f}", f"{row['p99_ms']:.0f}", f"{row['turns_per_second']:.1f}",
            f"{row['cpu_ms_all']:.0f}", of_which, str(row["n"]), str(sum(row["failed"].values())),
        )  # fmt: skip
    console.print(table)
    for name, row in found.items():
        steps = ", ".join(f"{what} {ms:.0f}" for what, ms in row["steps_p50_ms"].items())
        failed = f"; failed: {row['failed']}" if row["failed"] else ""
        console.print(f"{name}, p50 ms by turn: {steps}{failed}", highlight=False)
    console.print(f"aim: p50 < {AIM_MS} ms at 1 at once")


def show_memory(console: Console, found: dict[str, int]) -> None:
    """Prints resident memory by program."""
    table = Table(title="Memory of the running system (PSS)", title_justify="left", min_width=40)
    table.add_column("program")
    table.add_column("MB", justify="right")
    for name, size in found.items():
        table.add_row(name, f"{size / 1e6:.0f}")
    total = sum(found.values())
    table.add_row("all", f"{total / 1e6:.0f}")
    console.print(table)
    console.print(f"{total / 1e9:.2f} GB; aim: under {AIM_GB} GB")
