"""The workbench with many cases: queue, case, search while officers work and people write."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console
from rich.table import Table

from benchmarks import filling, parts, submit
from benchmarks.serving import (
    commands,
    databases,
    environment,
    free_ports,
    langnghe,
    require_free,
    start,
    stopping,
    wait,
)
from intake_api.domain import catalog
from intake_api.domain.access import Scope
from intake_api.flow import bulk
from intake_api.settings import ROOT
from intake_api.store import Store, registry
from intake_api.store.queue import Filter, page

if TYPE_CHECKING:
    from intake_api.flow.services import Services

CASES, STAFF, PER_SECOND = 100_000, 20, 10
# p95 in milliseconds (issue "The staff workbench", section Speed).
AIMS = {"queue": 150.0, "case": 120.0, "search": 200.0}
# Seconds until all officers have signed in; what they are shown before is not counted.
LEAD = 8.0
PEOPLE = ["vanphong", "khtc", "cttt", "ktqlcl"]


def measure(console: Console, *, seconds: float, cases: int = CASES) -> dict[str, Any]:
    """Measures on SQLite, and on PostgreSQL where a server is named; prints a table each."""
    found: dict[str, Any] = {}
    with databases(console) as (folder, urls):
        for title, (url,) in urls.items():
            found[title] = _one(console, folder, url, seconds=seconds, cases=cases)
            show(console, title, found[title], cases)
    return found


def _one(console: Console, folder: Path, url: str, *, seconds: float, cases: int) -> dict[str, Any]:
    port = free_ports(1)[0]
    require_free(port)
    env = environment((port, port, port), folder, url)
    langnghe(env, "migrate")
    langnghe(env, "staff", "seed")
    store = Store(url)
    started = time.monotonic()
    filling.fill(store, cases)
    console.print(f"{cases} cases filled in after {time.monotonic() - started:.0f} s")
    with stopping([]) as programs:
        program = start("intake", commands((port, port, port), url)["intake"], env, folder)
        programs.append(program)
        wait(program, port, "/can-bo/dang-nhap")
        found = _load(port, env, seconds)
        found["bulk_1000_s"] = _bulk(store)
    store.close()
    return found


def _load(port: int, env: dict[str, str], seconds: float) -> dict[str, Any]:
    """Officers and citizens at once; the citizens' ten a second run in a process of their own."""
    sent = submit.bodies()
    people = {"people": PEOPLE, "password": env["LANGNGHE_RUN_PASSWORD"]}
    parts.load("desk", port, seconds=3, threads=4, **people)  # warms up
    lasts = seconds + LEAD
    citizens: list[parts.Outcome] = []

    def write() -> None:
        outcome = parts.load(
            "pace", port, seconds=lasts, lead=LEAD, threads=2, path="/api/v1/feedback", bodies=sent,
            per_second=PER_SECOND,
        )  # fmt: skip
        citizens.append(outcome)

    other = threading.Thread(target=write)
    other.start()
    outcome = parts.load("desk", port, seconds=lasts, lead=LEAD, threads=STAFF, **people)
    other.join()
    found: dict[str, Any] = {"not_2xx": outcome.bad + sum(one.bad for one in citizens)}
    for what in ("queue", "case", "search", "related", "news"):
        taken = outcome.latencies(what)
        found[what] = {
            "p50_ms": 1000 * parts.median(taken),
            "p95_ms": 1000 * parts.percentile(taken, 0.95),
            "count": len(taken),
        }
    found["submissions_a_second"] = sum(one.good for one in citizens) / seconds
    return found


def _bulk(store: Store) -> float:
    """Seconds for ending a thousand cases with a template, row by row checked."""
    now = datetime.now(UTC)
    loaded = catalog.load(ROOT / "intake_api" / "catalog")
    # Ending a case asks nobody but the catalogue and the store.
    services = cast("Services", SimpleNamespace(store=store, catalog=loaded))
    step = bulk.close_with(services, outcome="noted", template="cam_on")
    with store.reading() as tx:
        staff = registry.staff_by_username(tx, "vanphong")
        chosen = page(tx, Scope(False, None), Filter(state="open"), now=now, limit=1000).cases
    assert staff is not None
    started = time.monotonic()
    for portion in bulk.portions([bulk.Row(case.code, case.version) for case in chosen]):
        with store.transaction() as tx:
            bulk.do(tx, portion, staff=staff, now=now, step=step)
    return time.monotonic() - started


def show(console: Console, title: str, found: dict[str, Any], cases: int) -> None:
    """Prints the table of one database."""
    table = Table(
        title=f"Workbench on {title}, {cases} cases, {STAFF} officers, "
        f"{found['submissions_a_second']:.0f} submissions a second",
        title_justify="left",
    )
    for name in ("page", "p50 ms", "p95 ms", "aim", "n"):
        table.add_column(name, justify="left" if name == "page" else "right")
    for what in ("queue", "case", "search", "related", "news"):
        row, aim = found[what], AIMS.get(what)
        table.add_row(
            what, f"{row['p50_ms']:.0f}", f"{row['p95_ms']:.0f}", f"< {aim:.0f}" if aim else "",
            str(row["count"]),
        )  # fmt: skip
    console.print(table)
    console.print(
        f"ending 1,000 cases with a template: {found['bulk_1000_s']:.1f} s (aim < 5); "
        f"answers that were not 2xx: {found['not_2xx']}",
        highlight=False,
    )
