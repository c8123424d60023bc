"""A year's report among many cases: from the wish to both files, with its progress."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import filling
from benchmarks.serving import BenchProblem, databases
from intake_api.domain import catalog, reporting
from intake_api.domain.reporting import About, Kind
from intake_api.reports import desk, snapshot
from intake_api.reports.documents import docx, pdf
from intake_api.settings import ROOT
from intake_api.store import Store, migrate, reports

CASES = 100_000
AIM_SECONDS = 20.0  # at 1,000,000 cases on PostgreSQL


def measure(console: Console, *, cases: int = CASES) -> dict[str, Any]:
    """On SQLite, and on PostgreSQL where a server is named; prints a table."""
    found: dict[str, Any] = {}
    with databases(console) as (_folder, urls):
        if cases > CASES and "PostgreSQL" in urls:
            del urls["SQLite"]  # many cases are what PostgreSQL is for
        for title, (url,) in urls.items():
            store = Store(url)
            migrate.upgrade(store)
            filling.fill(store, cases)
            found[title] = one(store)
            store.close()
    _show(console, found, cases)
    return found


def one(store: Store) -> dict[str, Any]:
    """A year's report: seconds of taking the figures and of each file, and what was told."""
    rules, now = catalog.load(ROOT / "intake_api" / "catalog"), datetime.now(UTC)
    period = reporting.ending_in(rules.reports, Kind.YEAR, now.date() - timedelta(days=20))
    with store.transaction() as tx:
        made = desk.make(tx, rules, kind=Kind.YEAR, period=period, of=About(), by=None, now=now)
    told: list[tuple[int, float]] = []
    started = time.perf_counter()
    if snapshot.take(
        store, rules, made.id, now=now,
        told=lambda percent: told.append((percent, time.perf_counter() - started)),
    ) is None:  # fmt: skip
        raise BenchProblem("the figures were not taken")
    figures = time.perf_counter() - started
    with store.reading() as tx:
        report = reports.one(tx, made.id)
        if report is None:
            raise BenchProblem("the report is gone")
        document = desk.document(tx, rules, report, today=now.date())
        frozen = snapshot.read(tx, report)
    found: dict[str, Any] = {
        "figures_s": figures, "progress": told,
        "counted": frozen.figures["numbers"]["received"]["value"] if frozen else 0,
    }  # fmt: skip
    for name, writer in (("docx_s", docx.write), ("pdf_s", pdf.write)):
        begun = time.perf_counter()
        writer(document, made_at=now)
        found[name] = time.perf_counter() - begun
    found["whole_s"] = time.perf_counter() - started
    return found


def _show(console: Console, found: dict[str, Any], cases: int) -> None:
    table = Table(title=f"A year's report, {cases} cases (aim < {AIM_SECONDS:.0f} s)")
    for column in ("database", "cases of the year", "figures", ".docx", "PDF", "whole", "progress"):
        table.add_column(column, justify="left" if column in ("database", "progress") else "right")
    for title, one_ in found.items():
        percents = [percent for percent, _at in one_["progress"]]
        widest = max(later - before for before, later in pairwise([0, *percents, 100]))
        steps = f"{len(percents)} steps, the widest {widest}%"
        table.add_row(
            title, str(one_["counted"]), *(f"{one_[name]:.2f} s" for name in
            ("figures_s", "docx_s", "pdf_s", "whole_s")), steps,
        )  # fmt: skip
    console.print(table)
