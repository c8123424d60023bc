"""What the year before tells: where it rose, a rise of this year is no surprise."""

from __future__ import annotations

import numpy as np

from intake_api.watch.model import Numbers, Panel

_NEAR = 4  # days: weekdays and the moon move what repeats
_MOST, _MOST_UNNAMED = 20.0, 4.0


def lifts(panel: Panel) -> Numbers:
    """How far above its own usual each subject was a year before (1 or more), by day."""
    found = np.ones((len(panel.series), panel.days))
    for row, one in enumerate(panel.series):
        if one.prior is None:
            continue
        named = any(
            season.topics is not None and season.concerns(one.code) for season in panel.seasons
        )
        found[row] = np.clip(
            _lift(np.nan_to_num(one.prior)), 1.0, _MOST if named else _MOST_UNNAMED
        )
    return found


def _lift(prior: Numbers) -> Numbers:
    smooth = np.convolve(np.pad(prior, 1, mode="edge"), np.ones(3) / 3.0, mode="valid")
    padded = np.pad(smooth, _NEAR, mode="edge")
    near = np.max(np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1), axis=1)
    usual = np.median(prior) if np.median(prior) > 0 else prior.mean()
    result: Numbers = (near + 1.0) / (max(usual, np.percentile(smooth, 60)) + 1.0)
    return result
