"""Recorded days, one after another."""

from __future__ import annotations

from collections.abc import Iterator

from intake_api.watch.detect import Detector
from intake_api.watch.model import Alert, Panel


def replay(panel: Panel) -> Iterator[Alert]:
    """The alerts of a panel in the order in which they would have come."""
    detector = Detector(panel)
    for day in range(panel.days):
        yield from detector.step(day)
