"""Panels and files with good defaults."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from intake_api.watch.model import Alert, Panel, Season, Series
from intake_api.watch.recorded import read
from intake_api.watch.replay import replay

START = date(2025, 10, 1)


def counts(level: float, days: int, seed: int = 1) -> list[int]:
    """A calm subject."""
    return [int(one) for one in np.random.default_rng(seed).poisson(level, days)]


def series(code: str, people: list[int], angry: list[int] | None = None) -> Series:
    row = np.array(people, dtype=np.float64)
    negative = None if angry is None else np.array(angry, dtype=np.float64)
    return Series(code, row, row, negative)


def panel(*rows: Series, warmup: int = 60, seasons: tuple[Season, ...] = ()) -> Panel:
    return Panel(START, len(rows[0].people), warmup, rows, seasons)


def alerts(made: Panel) -> list[Alert]:
    return list(replay(made))


def file(topics: dict[str, Any], days: int, **more: Any) -> dict[str, Any]:
    """A file with one scenario; keys of the scenario by name."""
    return {
        "warmup_days": 60,
        "scenarios": [{"id": "one", "start": START, "days": days, "topics": topics, **more}],
    }


def replayed(body: dict[str, Any]) -> list[tuple[str, int]]:
    """(topic, day) of every alert of a file's first scenario."""
    return [(one.code, one.day) for one in replay(read(body)[0].panel)]


def topic(people: list[int], **more: Any) -> dict[str, Any]:
    """The least that is said of a topic, everybody writing once."""
    return {"count": people, "unique_senders": people, **more}
