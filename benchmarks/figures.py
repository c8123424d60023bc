"""The figures with very many cases: the dashboard while people write, and a large workbook."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from rich.console import Console

from benchmarks import desk, filling, parts, submit
from benchmarks.serving import HOST, BenchProblem, databases
from intake_api.domain import catalog
from intake_api.settings import ROOT
from intake_api.store import Store

CASES, SQLITE_CASES, PER_SECOND, READERS = 1_000_000, 100_000, 2, 4
AIM_MS, BOOK_ROWS = 400.0, 25_000
PEOPLE = ["lanhdao", "vanphong", "khtc", "ktqlcl"]
DAYS = 900
_PATTERNS = 9_973  # a prime: it shares no beat with the days


def measure(console: Console, *, seconds: float, cases: int = CASES) -> dict[str, Any]:
    """Measures on SQLite with a tenth of the cases, and on PostgreSQL where a server is named."""
    found: dict[str, Any] = {}
    with databases(console) as (folder, urls):
        for title, (url,) in urls.items():
            count = min(cases, SQLITE_CASES) if title == "SQLite" else cases
            found[title] = _one(console, folder, url, seconds=seconds, cases=count)
            show(console, title, found[title])
    return found


def _one(console: Console, folder: Path, url: str, *, seconds: float, cases: int) -> dict[str, Any]:
    with filling.house(console, folder, url, cases, fill) as house:
        found = {"cases": cases, **_load(house, seconds)}
        found["book"] = _book(house, cases)
    return found


def _load(house: filling.House, seconds: float) -> dict[str, Any]:
    port, people = house.port, {"people": PEOPLE, "password": house.password}
    # The first page of a process that has not read everything yet.
    started = time.monotonic()
    parts.load("figures", port, seconds=4, threads=1, **people)
    cold = time.monotonic() - started
    parts.load("figures", port, seconds=8, threads=READERS, **people)
    with ThreadPoolExecutor(1) as beside:
        citizens = beside.submit(
            parts.load, "pace", port, seconds=seconds, threads=1, path="/api/v1/feedback",
            bodies=submit.bodies(), per_second=PER_SECOND,
        )  # fmt: skip
        outcome = parts.load("figures", port, seconds=seconds, threads=READERS, **people)
    written = citizens.result()
    return {
        "not_2xx": outcome.bad + written.bad, "cold_s": cold,
        "submissions_a_second": written.rate, **outcome.pages(desk.FIGURES),
    }  # fmt: skip


def _book(house: filling.House, cases: int) -> dict[str, float]:
    """A workbook of the queue, 25,000 lines: seconds, size, and how much the server grew."""
    program, base_url = house.program, f"http://{HOST}:{house.port}"
    peak, going = [program.pss()], True

    def look() -> None:
        while going:
            peak.append(program.pss())
            time.sleep(0.2)

    first = date.today() - timedelta(days=DAYS * BOOK_ROWS // cases)  # noqa: DTZ011
    with httpx.Client(base_url=base_url, timeout=300, trust_env=False) as browser:
        desk.sign_in(browser, "lanhdao", house.password)
        watcher = threading.Thread(target=look)
        watcher.start()
        started, size = time.monotonic(), 0
        with browser.stream("GET", f"/can-bo/xuat.xlsx?state=all&from={first}") as answer:
            if answer.status_code != 200:
                raise BenchProblem(f"the workbook was answered with {answer.status_code}")
            for piece in answer.iter_bytes():
                size += len(piece)
        took, going = time.monotonic() - started, False
        watcher.join()
    return {"seconds": took, "mb": size / 1e6, "grown_mb": (max(peak) - peak[0]) / 1e6}


def show(console: Console, title: str, found: dict[str, Any]) -> None:
    """Prints the table of one database."""
    parts.show_pages(
        console,
        f"Figures on {title}, {found['cases']} cases, {READERS} readers, "
        f"{found['submissions_a_second']:.1f} submissions a second",
        found, dict.fromkeys(desk.FIGURES, AIM_MS),
    )  # fmt: skip
    book = found["book"]
    console.print(
        f"first page of a process that knows nothing yet: up to {found['cold_s']:.1f} s; workbook: "
        f"{book['seconds']:.1f} s, {book['mb']:.1f} MB, server grew {book['grown_mb']:.0f} MB; "
        f"answers that were not 2xx: {found['not_2xx']}",
        highlight=False,
    )


# ---------------------------------------------------------------- filling
def fill(store: Store, count: int) -> None:
    """Puts ``count`` bare cases into a migrated store, made by the database itself: their texts
    are one word, their codes and moments as varied as those of a department."""
    now = int(time.time())
    with filling.loading(store), store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE pattern (n integer, channel text, state text, kind text, "
            "topic text, unit text, level text, district text, first integer, answer integer, "
            "due integer, reopened integer)"
        )
        connection.execute(
            sa.text(
                "INSERT INTO pattern VALUES (:n, :channel, :state, :kind, :topic, :unit, :level, "
                ":district, :first, :answer, :due, :reopened)"
            ),
            _patterns(),
        )
        connection.execute(sa.text(_filling(store.is_sqlite, count, now)))
        connection.exec_driver_sql("DROP TABLE pattern")
    filling.analyze(store)


def _patterns() -> list[dict[str, Any]]:
    rng = random.Random(2026)
    loaded = catalog.load(ROOT / "intake_api" / "catalog")
    kinds = [one.code for one in loaded.kinds.values() if not one.confidential]
    topics, units = list(loaded.topics), list(loaded.units)
    return [
        {
            "n": n, "channel": rng.choice(("messenger", "web", "form", "zalo", "email")),
            "state": str(rng.choice(filling.ENDED)), "kind": rng.choice(kinds),
            "topic": rng.choice(topics), "unit": rng.choice(units),
            "level": rng.choice(filling.LEVELS),
            "district": rng.choice(filling.DISTRICTS), "first": rng.randrange(60, 200_000),
            "answer": rng.randrange(7_200, 1_500_000), "due": rng.choice((172_800, 1_296_000)),
            "reopened": int(rng.random() < 0.03),
        }
        for n in range(_PATTERNS)
    ]  # fmt: skip


def _filling(sqlite: bool, count: int, now: int) -> str:
    at = f"({now} - {DAYS * 86_400} + s.i * {DAYS * 86_400 / count})"

    def moment(plus: str) -> str:
        seconds = f"CAST({at} + {plus} AS {'INTEGER' if sqlite else 'bigint'})"
        if sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
        return f"to_timestamp({seconds})"

    series = (
        "(WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r "
        f"WHERE i < {count}) SELECT i FROM r) AS s"
        if sqlite
        else f"generate_series(1, {count}) AS s(i)"
    )
    # Every fiftieth of the newest tenth is still open; one in a hundred is sealed.
    still = f"(s.i % 50 = 0 AND s.i > {int(count * 0.9)})"
    no = "0" if sqlite else "false"
    return (
        "INSERT INTO cases (id, code, pin_hash, channel, state, version, text, text_masked, folded,"
        " kind, topic, sentiment, urgent, confidential, toxic, confidence, classification, level,"
        " district, unit, route_rule, route_reason, received_at, first_response_at, answered_at,"
        " closed_at, due_at, due_explanation, outcome, anonymous, bounces, reopened, undelivered)"
        " SELECT s.i, 'PA-' || s.i, '0', p.channel,"
        f" CASE WHEN {still} THEN 'routed' ELSE p.state END, 1, 'x', 'x', 'x', p.kind, p.topic,"
        f" 'negative', {no}, (s.i % 100 = 0), {no}, 0.9, '{{}}', p.level,"
        f" CASE WHEN s.i % 100 = 0 THEN NULL ELSE p.district END, p.unit, '4', '-', {moment('0')},"
        f" {moment('p.first')}, CASE WHEN {still} THEN NULL ELSE {moment('p.answer')} END,"
        f" CASE WHEN {still} THEN NULL ELSE {moment('p.answer')} END, {moment('p.due')}, '',"
        f" CASE WHEN {still} THEN NULL ELSE 'answered' END, {no}, 0, p.reopened, {no}"
        f" FROM {series} JOIN pattern p ON p.n = s.i % {_PATTERNS}"
    )
