"""The first answer on an idle system, two hundred people at once, a burst absorbed and drained in
order, and webhooks acknowledged while the assistant is slow."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import parts
from benchmarks.platforms import Setting, answered, running

PEOPLE = 40
SLOW_SECONDS = 2.0
DRAIN_SECONDS = 1800
FIRST = 25
CROWD = 200
# How long the assistant takes for one of the crowd, and for the few that keep it busy.
CROWD_SECONDS, STUCK_SECONDS, STUCK = 0.1, 6.0, 3


def measure(console: Console, *, seconds: float, rate: float, events: int) -> dict[str, Any]:
    """Measures all four and prints a table."""
    with tempfile.TemporaryDirectory(prefix="langnghe-bench-") as name, running(Path(name)) as here:
        found: dict[str, Any] = {"load_before": os.getloadavg()[0]}
        for part, work in _parts(here, seconds, rate, events).items():
            here.meta.forget()
            found[part] = work()
        found["load_after"] = os.getloadavg()[0]
    _show(console, found)
    return found


def _parts(
    here: Setting, seconds: float, rate: float, events: int
) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        "first": lambda: _first_answer(here),
        "crowd": lambda: _crowd(here),
        "burst": lambda: _burst(here, events),
        # The last one: it leaves more behind than the slow assistant answers in its time.
        "acknowledge": lambda: _acknowledge(here, seconds, rate),
    }


def _first_answer(here: Setting) -> dict[str, Any]:
    """One person after the other writes for the first time; nothing else goes on."""
    taken = []
    for number in range(FIRST):
        time.sleep(0.3)
        event = here.meta.text(f"f{number}", f"câu số {number} về lịch học")
        started = time.perf_counter()
        here.meta.deliver(event)
        here.meta.wait_for(f"f{number}", timeout=30)
        taken.append(time.perf_counter() - started)
    return {
        "people": FIRST,
        "p50_ms": 1000 * parts.median(taken),
        "p90_ms": 1000 * parts.percentile(taken, 0.9),
        "most_ms": 1000 * max(taken),
    }


def _crowd(here: Setting) -> dict[str, Any]:
    """Two hundred people write at once, a few of them things that keep the assistant busy: how
    long the others wait, beside how long it takes them all."""
    here.assistant.delay = CROWD_SECONDS
    here.assistant.slow = {"rất lâu": STUCK_SECONDS}
    events = [
        here.meta.text(f"c{n}", f"câu số {n} về {'rất lâu' if n < STUCK else 'lịch học'}")
        for n in range(CROWD)
    ]
    started = time.monotonic()
    for first in range(0, CROWD, 50):
        here.meta.deliver(*events[first : first + 50], entries=True)
    waits: dict[str, float] = {}
    while len(waits) < CROWD and time.monotonic() < started + 120:
        for one in list(here.meta.received):
            waits.setdefault(one.psid, time.monotonic() - started)
        time.sleep(0.02)
    here.assistant.delay, here.assistant.slow = 0.0, {}
    others = [waits[f"c{n}"] for n in range(STUCK, CROWD) if f"c{n}" in waits]
    return {
        "people": CROWD,
        "answered": len(waits),
        "p50_s": parts.median(others),
        "p90_s": parts.percentile(others, 0.9),
        "p99_s": parts.percentile(others, 0.99),
    }


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
    before = _memory(here)
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
    samples = [_memory(here)]
    got: dict[str, list[int]] = {}
    end = started + DRAIN_SECONDS
    while sum(len(numbers) for numbers in got.values()) < events and time.monotonic() < end:
        time.sleep(1)
        samples.append(_memory(here))
        # Read anew only when there can be enough: notices of the system count as well.
        if len(here.meta.received) >= events:
            got = _answers(here)
    drained = time.monotonic() - started
    wanted = {person: [n for n in range(events) if people[n] == person] for person in set(people)}
    return {
        "events": events,
        "absorbed_s": absorbed,
        "drained_s": drained,
        "answered": sum(len(numbers) for numbers in got.values()),
        "in_order": all(got.get(person) == wanted[person] for person in wanted),
        "memory_before_mb": before,
        "memory_highest_mb": max(samples),
        # Of the second half beside the first: flat memory makes 1.0.
        "memory_growth": _growth(samples),
    }


def _memory(here: Setting) -> float:
    return sum(program.pss() for program in here.programs.values()) / 2**20


def _growth(samples: list[float]) -> float:
    half = len(samples) // 2
    return parts.median(samples[half:]) / parts.median(samples[:half]) if half else 1.0


def _answers(here: Setting) -> dict[str, list[int]]:
    """What each person of the burst was answered, in order."""
    got: dict[str, list[str]] = {}
    for one in list(here.meta.received):
        if one.psid.startswith("b"):
            got.setdefault(one.psid, []).append(one.text)
    return {person: answered(texts) for person, texts in got.items()}


def _show(console: Console, found: dict[str, Any]) -> None:
    load = f"load {found['load_before']:.1f} before, {found['load_after']:.1f} after"
    table = Table(title=f"Channels (Messenger, simulated; {load})")
    for name in ("what", "value", "aim"):
        table.add_column(name)
    first, crowd = found["first"], found["crowd"]
    taken, burst = found["acknowledge"], found["burst"]
    table.add_row("first answer, idle, p50", f"{first['p50_ms']:.0f} ms", "< 300 ms")
    table.add_row("… p90, most", f"{first['p90_ms']:.0f} ms, {first['most_ms']:.0f} ms", "")
    table.add_row(
        f"{crowd['people']} people at once, {STUCK} of them for {STUCK_SECONDS:.0f} s each",
        f"{crowd['answered']} answered", f"{CROWD}",
    )  # fmt: skip
    table.add_row(
        f"… the others wait ({CROWD_SECONDS:g} s of assistant each) p50, p90, p99",
        f"{crowd['p50_s']:.1f} s, {crowd['p90_s']:.1f} s, {crowd['p99_s']:.1f} s",
        f"< {STUCK_SECONDS:.0f} s",
    )
    rows = (
        (
            f"webhooks, assistant answers after {SLOW_SECONDS:g} s",
            f"{taken['events']} at {taken['rate']:.0f}/s", "50/s",
        ),
        ("acknowledged p50", f"{taken['p50_ms']:.0f} ms", ""),
        ("acknowledged p99", f"{taken['p99_ms']:.0f} ms", "< 100 ms"),
        ("not acknowledged", f"{taken['not_acknowledged']}", "0"),
        ("burst", f"{burst['events']} events in {burst['absorbed_s']:.1f} s", ""),
        ("drained", f"{burst['answered']} answers in {burst['drained_s']:.0f} s", "all"),
        ("in order", "yes" if burst["in_order"] else "NO", "yes"),
        (
            "memory",
            f"{burst['memory_before_mb']:.0f} → {burst['memory_highest_mb']:.0f} MB at most, "
            f"second half × {burst['memory_growth']:.2f}",
            "flat",
        ),
    )  # fmt: skip
    for row in rows:
        table.add_row(*row)
    console.print(table)
