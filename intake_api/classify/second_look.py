"""The second look: kind, sentiment and flags from the models' scores and the cues together.

A few thousand short messages teach a bag of words little about who does what to whom. The cues
know that, and this small linear model learned how much to believe each of them (docs/quality.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intake_api.classify.cues import NAMES
from intake_api.linear.features import Floats

_PLAIN = 4.0  # how steep the models' own scores are read before anything was calibrated


@dataclass(frozen=True, slots=True)
class SecondLook:
    """One column per kind, sentiment and flag over the models' scores of them and the cues."""

    coef: Floats
    bias: Floats

    def logits(self, scores: Floats, cues: Floats) -> Floats:
        """Log odds of kinds, sentiments and flags, in the order of the models' columns."""
        out: Floats = np.concatenate([scores, cues]) @ self.coef + self.bias
        return out


def plain(width: int) -> SecondLook:
    """A second look that adds nothing: the models' scores alone."""
    coef = np.vstack([np.eye(width) * _PLAIN, np.zeros((len(NAMES), width))])
    return SecondLook(coef.astype(np.float32), np.zeros(width, np.float32))
