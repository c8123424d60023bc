"""(a) A submission through the JSON API beside a bare Flask route, on the same server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import bare, parts
from benchmarks.serving import (
    Program,
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

WARM_SECONDS = 2.0


def bodies() -> list[str]:
    """Bodies of POST /api/v1/feedback; every third person leaves a name and a number."""
    made = []
    for number, text in enumerate(parts.feedback_texts()):
        body: dict[str, Any] = {"description": text, "place": "THCS Trần Phú, Phủ Lý"}
        if number % 3 == 0:
            body["contact"] = {"name": "Nguyễn Thị Mẫu", "phone": "0912000000"}
            body["consent"] = True
        made.append(json.dumps(body))
    return made


def measure(console: Console, *, seconds: float, rounds: int, threads: int) -> dict[str, Any]:
    """Measures on SQLite, and on PostgreSQL where a server is named; prints a table each."""
    found: dict[str, Any] = {}
    with databases(console, ("intake", "bare")) as (folder, urls):
        for title, pair in urls.items():
            rows = _one_database(folder, pair, seconds=seconds, rounds=rounds, threads=threads)
            found[title] = _summary(rows)
            show(console, title, found[title], rounds)
    return found


def _one_database(
    folder: Path, urls: list[str], *, seconds: float, rounds: int, threads: int
) -> dict[str, list[dict[str, float]]]:
    """Both servers side by side, loaded in turn: what disturbs the machine disturbs both."""
    ports, sent = free_ports(2), bodies()
    rows: dict[str, list[dict[str, float]]] = {"submission": [], "bare": []}
    with stopping([]) as programs:
        served = {
            "submission": (_serve(programs, folder, urls[0], ports[0]), "/api/v1/feedback"),
            "bare": (_serve(programs, folder, urls[1], ports[1], bare_route=True), "/bare"),
        }
        for number in range(rounds + 1):
            for (name, (program, path)), port in zip(served.items(), ports, strict=True):
                before = program.cpu()
                outcome = parts.load(
                    "post", port, seconds=seconds if number else WARM_SECONDS, threads=threads,
                    path=path, bodies=sent,
                )  # fmt: skip
                if number:  # round 0 warms up
                    rows[name].append(_row(outcome, program.cpu() - before))
    return rows


def _serve(
    programs: list[Program], folder: Path, url: str, port: int, *, bare_route: bool = False
) -> Program:
    require_free(port)
    env = environment((port, port, port), folder, url)
    command = commands((port, port, port), url)["intake"]
    if bare_route:
        bare.prepare(url)
        command = [*command[:-1], "benchmarks.bare:create()"]
    else:
        langnghe(env, "migrate")
    name = "bare" if bare_route else "intake"
    program = start(name, command, env, folder)
    programs.append(program)
    wait(program, port, "/")
    return program


def _row(outcome: parts.Outcome, cpu: float) -> dict[str, float]:
    taken = outcome.latencies()
    return {
        "cpu_ms": 1000 * cpu / max(outcome.good, 1),
        "rate": outcome.rate,
        "p50_ms": 1000 * parts.median(taken),
        "p99_ms": 1000 * parts.percentile(taken, 0.99),
        "client_cpu_ms": 1000 * outcome.client_cpu / max(outcome.good, 1),
        "count": outcome.good,
        "not_2xx": outcome.bad,
    }


def _summary(rows: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, measured in rows.items():
        found[name] = {key: parts.median([row[key] for row in measured]) for key in measured[0]}
        found[name]["count"] = sum(row["count"] for row in measured)
        found[name]["not_2xx"] = sum(row["not_2xx"] for row in measured)
    pairs = list(zip(rows["submission"], rows["bare"], strict=True))
    found["rate_ratio"] = parts.median([ours["rate"] / other["rate"] for ours, other in pairs])
    found["cpu_ratio"] = parts.median([ours["cpu_ms"] / other["cpu_ms"] for ours, other in pairs])
    return found


def show(console: Console, title: str, found: dict[str, Any], rounds: int) -> None:
    """Prints the table of one database."""
    table = Table(
        title=f"Submission on {title}, medians of {rounds} rounds in turn", title_justify="left"
    )
    for name in ("route", "CPU ms", "a second", "p50 ms", "p99 ms", "client ms", "n", "not 2xx"):
        table.add_column(name, justify="left" if name == "route" else "right")
    for name in ("submission", "bare"):
        row = found[name]
        table.add_row(
            name, f"{row['cpu_ms']:.2f}", f"{row['rate']:.0f}", f"{row['p50_ms']:.1f}",
            f"{row['p99_ms']:.1f}", f"{row['client_cpu_ms']:.2f}", f"{row['count']:.0f}",
            f"{row['not_2xx']:.0f}",
        )  # fmt: skip
    console.print(table)
    console.print(
        f"rate of submissions / bare rate: {found['rate_ratio']:.2f} (aim on PostgreSQL ≥ 0.50); "
        f"CPU {found['cpu_ratio']:.1f} times",
        highlight=False,
    )
