"""Finer questions, asked where the data say more: channels, and hours of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from intake_api.watch import chances, limits
from intake_api.watch.baseline import GUARD
from intake_api.watch.model import Numbers

if TYPE_CHECKING:
    from intake_api.watch.detect import Detector

_SHARE_PRIOR = 5.0  # people


def channels(
    one: Detector, day: int, window: int, people: Numbers, due: Numbers, spread: Numbers
) -> Numbers:
    """Chance of so many people when at least three channels are above their usual part at once:
    they are no one class and no one thread. 1 where there are fewer channels, or too few people."""
    found = np.ones(len(people))
    low, history = max(0, day - window + 1), max(day - GUARD, 1)
    whole = chances.at_least(people, due, spread)
    enough = (
        (due <= limits.CHANNEL_DUE[window])
        & (people >= limits.CHANNEL_PEOPLE[window])
        & (people >= limits.CHANNEL_TIMES * due)
        & (whole <= limits.CHANNEL_WHOLE)
    )
    for row in np.flatnonzero(enough):
        series = one.panel.series[row]
        if len(series.channels) < limits.CHANNELS:
            continue
        table = np.nan_to_num(np.vstack(list(series.channels.values())))
        past = table[:, :history].sum(axis=1)
        part = (past + _SHARE_PRIOR / len(past)) / (past.sum() + _SHARE_PRIOR)
        messages = table[:, low : day + 1].sum(axis=1)
        seen = messages * people[row] / max(messages.sum(), 1.0)
        each = np.maximum(limits.CHANNEL_EACH[window], limits.CHANNEL_ABOVE * part * due[row])
        if (seen >= each).sum() < limits.CHANNELS:
            continue
        # What makes days uneven is a class or a thread, and those are in one place.
        apart = limits.CHANNEL_APART * spread[row : row + 1]
        found[row] = chances.at_least(people[row : row + 1], due[row : row + 1], apart)[0]
    return found


def hours(one: Detector, day: int, spread: Numbers) -> Numbers:
    """Chance of so many people within three hours of today; 1 where nobody wrote down hours."""
    found = np.ones(len(spread))
    for row, series in enumerate(one.panel.series):
        if series.hourly is None or series.people[day] < limits.HOURS_PEOPLE:
            continue
        today = np.nan_to_num(series.hourly[day])
        past = np.nan_to_num(series.hourly[: max(day - GUARD, 1)]).sum(axis=0) + 1.0
        profile = past / past.sum()
        seen = _three(today) * series.people[day] / max(today.sum(), 1.0)
        due = _three(profile) * one.expected[row, day]
        good = (seen >= limits.HOURS_PEOPLE) & (seen >= limits.HOURS_TIMES * due)
        if good.any():
            p = chances.at_least(seen, due, np.full(len(due), spread[row]))
            found[row] = min(1.0, 24.0 * float(p[good].min()))
    return found


def _three(row: Numbers) -> Numbers:
    return np.convolve(row, np.ones(3), mode="valid")
