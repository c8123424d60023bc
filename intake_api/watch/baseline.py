"""What is to be expected of each subject on a day, learned from the days before it.

A level for each subject (later days count more), a factor for each weekday (the subject's own as
far as it has people enough, else everybody's), and how far days scatter around it, alone and in
runs. Days of seasons, silences, outages and earlier alerts teach nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intake_api.watch.model import Flags, Numbers

LOOK_BACK = 224  # days; of them the newest that teach
TEACH = 91
FEW = 21
HALF_LIFE = 45.0
# The last week does not teach: what creeps up must not become what is usual.
GUARD = 7
WINDOWS = (1, 3, 7, 14)
_PRIOR_DAYS, _PRIOR_LEVEL = 3.0, 0.4
# People a day from which on a subject says how the whole house does, and how many such are enough.
_LIVELY, _ENOUGH_LIVELY = 0.5, 6
_DAY_PRIOR = 20.0  # people
_SPREAD_PRIOR = 100.0  # squared expected people
_LEAST_SPREAD, _MOST_SPREAD = 0.06, 2.5


@dataclass(frozen=True, slots=True)
class Usual:
    """By subject: ``level`` people on an average day, ``days``: weekday factors (7 columns),
    ``spread``: by window, ``worth``: how many days of data stand behind it, ``most``: the
    busiest day seen."""

    level: Numbers
    days: Numbers
    spread: dict[int, Numbers]
    worth: Numbers
    most: Numbers


def learn(counts: Numbers, teach: Flags, weekdays: Numbers, today: int) -> Usual:
    """The usual of each row of ``counts`` (subject × day) as it can be known before ``today``."""
    history = today if today < 3 * GUARD else today - GUARD
    start = max(0, history - LOOK_BACK)
    seen = counts[:, start:history]
    use = teach[:, start:history] & ~np.isnan(seen)
    # Where too few days are left, all are better than none.
    few = use.sum(axis=1) < FEW
    use[few] = ~np.isnan(seen[few])
    # Of the days that teach, the newest.
    newest = np.cumsum(use[:, ::-1], axis=1)[:, ::-1] <= TEACH
    use = use & newest
    values = np.where(use, seen, 0.0)
    age = history - np.arange(start, history)
    weight = use * 0.5 ** (age / HALF_LIFE)
    week = weekdays[start:history].astype(np.int64)
    level = _level(values, weight, np.ones_like(values))
    factor = _weekday_factors(values, weight, level, week)
    shape = factor[:, week]
    level = _level(values, weight, shape)
    expected = level[:, None] * shape
    # A day out of all measure counts as a busy one.
    calm = np.minimum(values, 1.0 + expected + 4.0 * np.sqrt(expected * (1.0 + 0.3 * expected)))
    level = _level(calm, weight, shape)
    expected = level[:, None] * shape
    return Usual(
        level=level,
        days=factor,
        spread=_spreads(values, expected, use),
        worth=(weight * shape).sum(axis=1),
        most=np.where(use, values, 0.0).max(axis=1, initial=0.0),
    )


def _level(values: Numbers, weight: Numbers, shape: Numbers) -> Numbers:
    total = (values * weight).sum(axis=1)
    days = (shape * weight).sum(axis=1)
    everybody = total.sum() / max(days.sum(), 1.0)
    prior = min(float(everybody), _PRIOR_LEVEL)
    result: Numbers = (total + _PRIOR_DAYS * prior) / (days + _PRIOR_DAYS)
    return np.maximum(result, 0.004)


def _weekday_factors(values: Numbers, weight: Numbers, level: Numbers, week: np.ndarray) -> Numbers:
    seen, due = np.empty((len(values), 7)), np.empty((len(values), 7))
    for day in range(7):
        on = week == day
        seen[:, day] = (values[:, on] * weight[:, on]).sum(axis=1)
        due[:, day] = level * weight[:, on].sum(axis=1)
    pooled = (seen.sum(axis=0) + _DAY_PRIOR) / (due.sum(axis=0) + _DAY_PRIOR)
    own = (seen + _DAY_PRIOR * pooled) / (due + _DAY_PRIOR)
    return np.clip(own / np.maximum(own.mean(axis=1, keepdims=True), 1e-6), 0.1, 3.0)


def _spreads(values: Numbers, expected: Numbers, use: Flags) -> dict[int, Numbers]:
    """Variance of sums over a window is expected + spread · expected²; of each subject, drawn
    towards everybody's, and not below what single days make it."""
    found: dict[int, Numbers] = {}
    rest = np.where(use, values - expected, 0.0)
    due = np.where(use, expected, 0.0)
    for window in WINDOWS:
        if values.shape[1] < window:
            found[window] = found[1] if found else np.full(len(values), 0.5)
            continue
        sums, means = _rolling(rest, window), _rolling(due, window)
        whole = _rolling(use.astype(np.float64), window) >= window
        over = np.where(whole, sums**2 - means, 0.0).sum(axis=1)
        base = np.where(whole, means**2, 0.0).sum(axis=1)
        everybody = max(over.sum(), 0.0) / max(base.sum(), 1e-9) if base.sum() > 0 else 0.3
        prior = _SPREAD_PRIOR * window  # longer sums lie one in another
        spread = (np.maximum(over, 0.0) + prior * everybody) / (base + prior)
        if found:
            spread = np.maximum(spread, found[1] / window)
        # Half of everybody's at the least: a subject may have been calm by luck.
        spread = np.maximum(spread, 0.5 * everybody)
        found[window] = np.clip(spread, _LEAST_SPREAD / window, _MOST_SPREAD)
    return found


def _rolling(rows: Numbers, window: int) -> Numbers:
    total = np.cumsum(rows, axis=1)
    sums: Numbers = total[:, window - 1 :].copy()
    sums[:, 1:] -= total[:, :-window]
    return sums


def together(
    seen: Numbers, expected: Numbers, spread: Numbers, eligible: Flags
) -> float:  # fmt: skip
    """How much all subjects rose (above 1) or fell (below) on a day, as most of them did: a
    quarter of them, the highest, do not count. 1 when there are too few to tell. Subjects on which
    hardly anybody writes say little, and make the others look like the highest: they are asked only
    where there are no others."""
    lively = eligible & (expected >= _LIVELY)
    if int(lively.sum()) >= _ENOUGH_LIVELY:
        eligible = lively
    if int(eligible.sum()) < 4:
        return 1.0
    x, e, s = seen[eligible], expected[eligible], spread[eligible]
    order = np.argsort((x - e) / np.sqrt(e + s * e * e + 1e-9))
    count = len(order)
    kept = order[count // 10 : count - int(np.ceil(0.25 * count))]
    return float((x[kept].sum() + 5.0) / (e[kept].sum() + 5.0))
