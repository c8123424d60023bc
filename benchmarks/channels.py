"""Webhooks acknowledged while the assistant is slow; a burst absorbed and drained in order."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import parts
from benchmarks.platforms import Setting, answered, running

PEOPLE = 40
SLOW_SECONDS = 2.0
DRAIN_SECONDS = 1800


def measure(console: Console, *, seconds: float, rate: float, events: int) -> dict[str, Any]:
    """Measures both and prints a table."""
    with tempfile.TemporaryDirectory(prefix="langnghe-bench-") as name, running(Path(name)) as here:
        found = {
            "acknowledge": _acknowledge(here, seconds, rate),
            "burst": _burst(here, events),
        }
    _show(console, found)
    return found


def _acknowledge(here: Setting, seconds: float, rate: float) -> dict[str, float]:
    here.assistant.delay = SLOW_SECONDS
    taken: list[float] = []
    bad = 0
    lock = threading.Lock()

    def post(number: int) -> None:
        nonlocal bad
        event = here.meta.text(f"a{number % PEOPLE}", f"câu số {number} về lịch học")
        started = time.perf_counter()
        delivery = here.meta.deliver(event)
        spent = time.perf_counter() - started
        with lock:
            taken.append(spent)
            bad += not delivery.acknowledged

    begun, threads = time.monotonic(), []
    for number in range(int(seconds * rate)):
        pause = begun + number / rate - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        threads.append(threading.Thread(target=post, args=(number,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - begun
    here.assistant.delay = 0.0
    return {
        "events": len(taken),
        "rate": len(taken) / spent,
        "p50_ms": 1000 * parts.median(taken),
        "p99_ms": 1000 * parts.percentile(taken, 0.99),
        "not_acknowledged": bad,
    }


def _burst(here: Setting, events: int) -> dict[str, Any]:
    before = {name: program.pss() for name, program in here.programs.items()}
    people = [f"b{number % PEOPLE}" for number in range(events)]
    started = time.monotonic()
    for first in range(0, events, 50):
        batch = [
            here.meta.text(people[number], f"câu số {number} về lịch học")
            for number in range(first, min(first + 50, events))
        ]
        while not here.meta.deliver(*batch).acknowledged:
            time.sleep(1)
    absorbed = time.monotonic() - started
    highest, end = 0, started + DRAIN_SECONDS
    while time.monotonic() < end:
        got = {person: answered([m.text for m in here.meta.sent_to(person)]) for person in people}
        highest = max(highest, sum(program.pss() for program in here.programs.values()))
        if sum(len(numbers) for numbers in got.values()) >= events:
            break
        time.sleep(1)
    drained = time.monotonic() - started
    wanted = {person: [n for n in range(events) if people[n] == person] for person in set(people)}
    return {
        "events": events,
        "absorbed_s": absorbed,
        "drained_s": drained,
        "answered": sum(len(numbers) for numbers in got.values()),
        "in_order": all(got[person] == wanted[person] for person in wanted),
        "memory_before_mb": sum(before.values()) / 2**20,
        "memory_highest_mb": highest / 2**20,
    }


def _show(console: Console, found: dict[str, Any]) -> None:
    table = Table(title="Channels (Messenger, simulated; assistant answers after 2 s)")
    for name in ("what", "value", "aim"):
        table.add_column(name)
    taken, burst = found["acknowledge"], found["burst"]
    rows = (
        ("webhooks", f"{taken['events']} at {taken['rate']:.0f}/s", "50/s"),
        ("acknowledged p50", f"{taken['p50_ms']:.0f} ms", ""),
        ("acknowledged p99", f"{taken['p99_ms']:.0f} ms", "< 100 ms"),
        ("not acknowledged", f"{taken['not_acknowledged']}", "0"),
        ("burst", f"{burst['events']} events in {burst['absorbed_s']:.1f} s", ""),
        ("drained", f"{burst['answered']} answers in {burst['drained_s']:.0f} s", "all"),
        ("in order", "yes" if burst["in_order"] else "NO", "yes"),
        (
            "memory",
            f"{burst['memory_before_mb']:.0f} → {burst['memory_highest_mb']:.0f} MB at most",
            "flat",
        ),
    )
    for row in rows:
        table.add_row(*row)
    console.print(table)
