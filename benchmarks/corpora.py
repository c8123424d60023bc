"""``./dev bench corpora FOLDER``: our core on public Vietnamese corpora, beside other models.

FOLDER holds corpora that you asked their authors for (benchmarks/README.md says whom). They are
for research: nothing of them, nor any model trained on them, is kept.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import corpora_models
from benchmarks.corpora_data import CORPORA, F1, SPLITS, CorpusBroken, Task, find
from benchmarks.corpora_models import OURS, PLAIN, Line, RasaFailed
from benchmarks.corpora_noise import BARE, CLEAN, FORMS, noisy
from intake_api.settings import ROOT

LOSS = 1.0  # points that our core may lose without diacritics


def options(arguments: list[str] | None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="./dev bench corpora", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the corpora lie, as published")
    parser.add_argument("--seed", type=int, default=7, help="of the noise (7)")
    parser.add_argument(
        "--with-rasa", action="store_true",
        help="Rasa's default pipeline too (minutes for each task, ViHSD far longer)",
    )  # fmt: skip
    parser.add_argument(
        "--rasa-epochs", type=int, metavar="N", help="for a trial: instead of Rasa's own 100"
    )
    given = parser.parse_args(arguments)
    if not given.folder.is_dir():
        parser.error(f"there is no folder {given.folder}")
    if given.folder.resolve().is_relative_to(ROOT):
        parser.error("keep the corpora outside the project: their licences do not let them in")
    if given.rasa_epochs is not None and given.rasa_epochs < 1:
        parser.error("--rasa-epochs must be 1 or more")
    return given


def verdict(task: Task, line: Line, clean: Line) -> tuple[str, str]:
    """(aim, met) of a line; empty where there is none."""

    def value(one: Line) -> float:
        return one.f1 if task.measure == F1 else one.accuracy

    if line.model != OURS or task.aim is None:
        return "", ""
    if line.form == CLEAN:
        return f"{task.measure} ≥ {task.aim:g}", "yes" if value(line) >= task.aim else "no"
    if line.form == BARE:
        lost = value(clean) - value(line)
        return f"loses ≤ {LOSS:g}", "yes" if lost <= LOSS else "no"
    return "", ""


def show(console: Console, task: Task, lines: Sequence[Line]) -> None:
    """Prints the table of one task."""
    labels = len(set(task.train.labels))
    sizes = ", ".join(f"{part} {len(getattr(task, part).texts)}" for part in SPLITS)
    table = Table(
        title=f"{task.corpus}, {task.name}: {labels} labels; {sizes}", title_justify="left"
    )
    for name in ("model", "test text"):
        table.add_column(name, no_wrap=True)
    for name in ("weighted F1", "accuracy", "training s", "µs a text"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("aim", no_wrap=True)
    table.add_column("met")
    first: dict[str, Line] = {}
    for line in lines:
        new = line.model not in first
        if new and first:
            table.add_section()
        clean = first.setdefault(line.model, line)
        aim, met = verdict(task, line, clean)
        colour = {"yes": "green", "no": "red"}.get(met, "default")
        table.add_row(
            line.model if new else "", line.form, f"{line.f1:.2f}", f"{line.accuracy:.2f}",
            f"{line.seconds:.1f}" if new else "", f"{line.micros:.0f}", aim, f"[{colour}]{met}[/]",
        )  # fmt: skip
    console.print(table)


class Bench:
    """One run: measures what is there, remembers what went wrong."""

    def __init__(self, console: Console, given: argparse.Namespace) -> None:
        self.console = console
        self.given = given
        self.failed: list[str] = []

    def _say(self, text: str) -> None:
        # Paths and Rasa's words may hold brackets.
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _measure(self, task: Task) -> None:
        forms = {
            form: [noisy(text, form, self.given.seed) for text in task.test.texts] for form in FORMS
        }
        lines: list[Line] = []
        for name in (OURS, PLAIN):
            self._say(f"{task.corpus}, {task.name}: {name} …")
            lines += corpora_models.measure(name, task, forms)
        if self.given.with_rasa:
            self._say(f"{task.corpus}, {task.name}: Rasa …")
            try:
                lines += corpora_models.measure_rasa(task, forms, self.given.rasa_epochs)
            except RasaFailed as error:
                self.failed.append(f"Rasa on {task.corpus}, {task.name}: {error}")
        show(self.console, task, lines)

    def run(self) -> int:
        """Everything that was found. Returns the exit code."""
        where = find(self.given.folder)
        for corpus in CORPORA:
            if corpus.name not in where:
                continue
            self._say(f"{corpus.name}: {where[corpus.name]}")
            try:
                tasks = corpus.read(where[corpus.name])
            except CorpusBroken as error:
                self.failed.append(f"{corpus.name}: {error}; published as {corpus.layout}")
                continue
            for task in tasks:
                self._measure(task)
        if where:
            self._say(
                "Trained on the clean training part. Training s: all of it, with the choice of "
                "settings on the dev part (our core). µs a text: median, one text at a time."
            )
        for line in self.failed:
            self._say(f"FAILED     {line}")
        for corpus in CORPORA:
            if corpus.name not in where:
                self._say(f"NOT FOUND  {corpus.name} ({corpus.layout}); ask {corpus.ask}")
        if not where:
            self._say("Nothing measured. How to ask for the corpora: benchmarks/README.md")
        return 1 if self.failed or not where else 0


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints; writes nothing. Returns the exit code."""
    given = options(arguments)
    return Bench(Console(width=None if sys.stdout.isatty() else 120), given).run()


if __name__ == "__main__":
    raise SystemExit(main())
