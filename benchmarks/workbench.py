"""The workbench with many cases: queue, case, search while officers work and people write."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console

from benchmarks import filling, parts, submit
from benchmarks.serving import databases
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
AIMS = {"queue": 150.0, "case": 120.0, "search": 200.0, "related": None, "news": None}
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
    with filling.house(console, folder, url, cases, filling.fill) as house:
        found = _load(house, seconds)
        found["bulk_1000_s"] = _bulk(house.store)
    return found


def _load(house: filling.House, seconds: float) -> dict[str, Any]:
    """Officers and citizens at once; the citizens' ten a second run in a process of their own."""
    port, sent = house.port, submit.bodies()
    people = {"people": PEOPLE, "password": house.password}
    parts.load("desk", port, seconds=3, threads=4, **people)  # warms up
    lasts = seconds + LEAD
    with ThreadPoolExecutor(1) as beside:
        citizens = beside.submit(
            parts.load, "pace", port, seconds=lasts, lead=LEAD, threads=2, path="/api/v1/feedback",
            bodies=sent, per_second=PER_SECOND,
        )  # fmt: skip
        outcome = parts.load("desk", port, seconds=lasts, lead=LEAD, threads=STAFF, **people)
    written = citizens.result()
    found: dict[str, Any] = {"not_2xx": outcome.bad + written.bad}
    found |= outcome.pages(AIMS)
    found["submissions_a_second"] = written.good / seconds
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
    parts.show_pages(
        console,
        f"Workbench on {title}, {cases} cases, {STAFF} officers, "
        f"{found['submissions_a_second']:.0f} submissions a second",
        found, AIMS,
    )  # fmt: skip
    console.print(
        f"ending 1,000 cases with a template: {found['bulk_1000_s']:.1f} s (aim < 5); "
        f"answers that were not 2xx: {found['not_2xx']}",
        highlight=False,
    )
