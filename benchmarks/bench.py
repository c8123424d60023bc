"""``./dev bench``: speed and memory, printed as tables with medians and ratios."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from typing import Any

from rich.console import Console

from benchmarks import (
    answers,
    channels,
    chat,
    faults,
    figures,
    submit,
    understand,
    warning,
    workbench,
    year_report,
)
from benchmarks.serving import BenchProblem
from intake_api.classify import ModelBroken, ModelMissing
from intake_api.settings import ROOT

PARTS = ("submit", "understand", "chat", "memory", "workbench", "channels", "warning", "answers")
# Only when asked for by name: they take minutes.
NAMED = ("faults", "figures", "year-report")
RESULTS = ROOT / "var" / "bench.json"


def options(arguments: list[str] | None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="./dev bench", description=__doc__,
        epilog="./dev bench corpora FOLDER measures on public corpora (corpora --help)",
    )  # fmt: skip
    parser.add_argument(
        "parts", nargs="*", metavar="part", help="of " + ", ".join((*PARTS, *NAMED))
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each load (8)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of submissions (3)")
    parser.add_argument("--cases", type=int, default=workbench.CASES, help="of the workbench")
    parser.add_argument("--many", type=int, default=figures.CASES, help="cases of the figures")
    parser.add_argument("--threads", type=int, default=8, help="submissions at once (8)")
    parser.add_argument("--rate", type=float, default=50.0, help="webhooks a second (50)")
    parser.add_argument("--events", type=int, default=500, help="of the burst (500)")
    parser.add_argument("--minutes", type=float, default=3.0, help="of the faults (3)")
    parser.add_argument("--seed", type=int, default=None, help="of the faults")
    given = parser.parse_args(arguments)
    unknown = set(given.parts) - {*PARTS, *NAMED}
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return given


def measure(console: Console, given: argparse.Namespace) -> dict[str, Any]:
    """Runs the parts that were asked for, all by default."""
    wanted = set(given.parts or PARTS)
    found: dict[str, Any] = {}
    if "understand" in wanted:
        found["understand"] = understand.measure(console, seconds=given.seconds)
    if "answers" in wanted:
        found["answers"] = answers.measure(console)
    if "submit" in wanted:
        found["submit"] = submit.measure(
            console, seconds=given.seconds, rounds=given.rounds, threads=given.threads
        )
    if "workbench" in wanted:
        found["workbench"] = workbench.measure(
            console, seconds=max(20.0, given.seconds), cases=given.cases
        )
    if "channels" in wanted:
        found["channels"] = channels.measure(
            console, seconds=given.seconds, rate=given.rate, events=given.events
        )
    if "warning" in wanted:
        found["warning"] = warning.measure(console, cases=given.cases)
    if "figures" in wanted:
        found["figures"] = figures.measure(
            console, seconds=max(20.0, given.seconds), cases=given.many
        )
    if "faults" in wanted:
        found["faults"] = faults.measure(console, minutes=given.minutes, seed=given.seed)
        if found["faults"]["lost"] or found["faults"]["final_doubled"]:
            raise BenchProblem("messages were lost or doubled: see the table above")
    if "year-report" in wanted:
        found["year-report"] = year_report.measure(console, cases=given.cases)
    if wanted & {"chat", "memory"}:
        whole = chat.measure(console, seconds=given.seconds, parts_wanted=wanted)
        if "memory" in whole:
            found["memory"] = whole.pop("memory")
        if whole:
            found["chat"] = whole
    return found


def keep(found: dict[str, Any]) -> None:
    """Writes the results; parts that were not run keep theirs."""
    old = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**old, **found, "machine": machine}, indent=1) + "\n")


def _corpora(arguments: list[str]) -> int:
    # Here, because it brings scikit-learn, which no other part needs.
    from benchmarks import corpora

    try:
        return corpora.main(arguments)
    except KeyboardInterrupt:
        return 130


def main(arguments: list[str] | None = None) -> int:
    """Measures, prints and writes var/bench.json. Returns the exit code."""
    # An end from outside must still stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if "corpora" in arguments:
        arguments.remove("corpora")
        return _corpora(arguments)
    given = options(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    busy = os.getloadavg()[0]
    console.print(f"{os.cpu_count()} cores, load {busy:.1f} before the start", highlight=False)
    try:
        keep(measure(console, given))
    except (BenchProblem, ModelMissing, ModelBroken) as error:
        sys.stderr.write(f"./dev bench: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
