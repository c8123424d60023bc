"""``./dev quality``: how well the system understands people it has not been trained on."""

from __future__ import annotations

import argparse
import sys
import time

from rich.console import Console

from benchmarks import evaluate, gate, report
from benchmarks.measures import Results
from intake_api.classify import ModelBroken, ModelMissing
from intake_api.domain.catalog import CatalogError


def options(arguments: list[str] | None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="./dev quality", description=__doc__)
    parser.add_argument("--gate", action="store_true", help="fail when a measure dropped")
    parser.add_argument("--accept", action="store_true", help="accept these figures for the gate")
    intents = parser.add_mutually_exclusive_group()
    intents.add_argument("--with-intents", action="store_true", help="in the gate: intents too")
    intents.add_argument("--without-intents", action="store_true", help="leave the assistant out")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Measures, prints, writes docs/quality.md; with --gate only compares. Returns an exit code."""
    given = options(arguments)
    intents = given.with_intents or not (given.gate or given.without_intents)
    started = time.monotonic()
    try:
        results = evaluate.evaluate(evaluate.load_core(), intents=intents)
    except (ModelMissing, ModelBroken, CatalogError, evaluate.SetBroken) as error:
        sys.stderr.write(f"./dev quality: {error}\n")
        return 2
    console = Console(width=None if sys.stdout.isatty() else 110)
    if given.gate:
        return _gate(results, intents=intents)
    report.show(results, console)
    if given.accept:
        console.print(f"Accepted: {gate.accept(results)} figures in {gate.BASELINE.name}.")
    report.write(results)
    console.print(f"docs/quality.md written; {time.monotonic() - started:.0f} s.")
    return 0


def _gate(results: Results, *, intents: bool) -> int:
    try:
        lines = gate.dropped(results, intents=intents)
    except gate.BaselineMissing as error:
        sys.stderr.write(f"./dev quality: {error}\n")
        return 1
    for line in lines:
        print(line)
    print(f"The gate is closed: {len(lines)} measures dropped." if lines else "The gate holds.")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
