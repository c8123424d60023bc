"""The pass of the early warning over many cases: counting, looking at topics, schools, phrases."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console
from rich.table import Table

from benchmarks import filling, parts
from benchmarks.serving import databases, environment, free_ports
from intake_api.domain import catalog
from intake_api.jobs import watch
from intake_api.settings import ROOT

if TYPE_CHECKING:
    from intake_api.flow.services import Services

# Seconds for one pass with a million cases on PostgreSQL (issue 6, Speed).
AIM = 5.0


def measure(console: Console, *, cases: int) -> dict[str, Any]:
    """Measures on SQLite, and on PostgreSQL where a server is named; prints one table."""
    found: dict[str, Any] = {}
    with databases(console) as (folder, urls):
        for title, (url,) in urls.items():
            found[title] = _one(folder, url, cases)
    table = Table(title=f"Early warning, {cases} cases", title_justify="left")
    for column in ("database", "first pass s", "every pass s", "aim", "alerts"):
        table.add_column(column, justify="left" if column == "database" else "right")
    for title, row in found.items():
        table.add_row(
            title, f"{row['first_s']:.1f}", f"{row['pass_s']:.1f}", f"< {AIM:.0f}",
            str(row["alerts"]),
        )  # fmt: skip
    console.print(table)
    return found


def _one(folder: Path, url: str, cases: int) -> dict[str, Any]:
    (port,) = free_ports(1)
    store = filling.migrated(environment((port, port, port), folder, url), url)
    filling.fill(store, cases)
    loaded = catalog.load(ROOT / "intake_api" / "catalog")
    # Looking asks nobody but the catalogue, the store and the clock.
    services = cast(
        "Services", SimpleNamespace(store=store, catalog=loaded, now=lambda: datetime.now(UTC))
    )
    started = time.monotonic()
    alerts = watch.look(services)
    first = time.monotonic() - started
    took = []
    for _ in range(3):
        started = time.monotonic()
        alerts += watch.look(services)
        took.append(time.monotonic() - started)
    store.close()
    return {"first_s": first, "pass_s": parts.median(took), "alerts": alerts, "cases": cases}
