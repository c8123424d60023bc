"""How likely so many people are by chance alone. All functions work on whole arrays."""

from __future__ import annotations

import numpy as np
from scipy import special

from intake_api.watch.model import Flags, Numbers

_TINY = 1e-300
# How much those of one day go together (intra-class correlation): so many are worth fewer.
TIED = 0.02


def at_least(seen: Numbers, expected: Numbers, spread: Numbers) -> Numbers:
    """P(X ≥ seen) for a negative binomial with variance expected + spread · expected²."""
    mean = np.maximum(expected, 1e-6)
    size = 1.0 / np.maximum(spread, 1e-6)
    wanted = np.maximum(seen, 0.0)
    tail = special.betainc(np.maximum(wanted, 1e-9), size, mean / (mean + size))
    return np.where(wanted <= 0, 1.0, np.maximum(tail, _TINY))


def share_at_least(hits: Numbers, of: Numbers, share: Numbers, days: int = 1) -> Numbers:
    """P(as many hits or more of ``of``) when each has the chance ``share``, over
    so many ``days``."""
    worth = 1.0 / (1.0 + np.maximum(of / days - 1.0, 0.0) * TIED)
    k, n = hits * worth, of * worth
    tail = special.betainc(np.maximum(k, 1e-9), np.maximum(n - k + 1.0, 1e-9), share)
    return np.where(hits <= 0, 1.0, np.maximum(tail, _TINY))


def share_at_most(hits: Numbers, of: Numbers, share: Numbers, days: int = 1) -> Numbers:
    """P(as few hits or fewer of ``of``), as ``share_at_least``."""
    worth = 1.0 / (1.0 + np.maximum(of / days - 1.0, 0.0) * TIED)
    k, n = hits * worth, of * worth
    tail = special.betaincc(k + 1.0, np.maximum(n - k, 1e-9), share)
    return np.where(of <= 0, 1.0, np.maximum(tail, _TINY))


def significant(chances: Numbers, rate: float) -> Flags:
    """Benjamini and Hochberg: those of ``chances`` that may be believed when a share of ``rate``
    of the believed may be wrong."""
    order = np.argsort(chances, kind="stable")
    count = len(chances)
    good = chances[order] <= rate * np.arange(1, count + 1) / count
    believed = np.zeros(count, dtype=np.bool_)
    if good.any():
        believed[order[: int(np.flatnonzero(good).max()) + 1]] = True
    return believed
