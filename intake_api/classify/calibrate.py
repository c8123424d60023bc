"""Turn held-out scores into probabilities and thresholds (training only)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from intake_api.classify.model import FLAGS, Classifier, Heads
from intake_api.classify.train import Ints, Sample, heads_of
from intake_api.linear.fit import matrix, temperature

# Largest share of harmless messages that a flag may raise. A missed danger costs 100 needless
# alarms, so the threshold goes as low as the aim for false alarms (1 %) lets it.
FALSE_ALARMS = {"danger": 0.008, "denunciation": 0.012}
LOWEST = 0.15  # no flag on less, however clean the messages it was calibrated on


def scores_of(
    sample: Sample, parts: Sequence[tuple[Ints, Classifier]], copy: int
) -> tuple[Ints, npt.NDArray[np.float32]]:
    """Held-out scores of all heads for one copy of every labelled message."""
    numbers, scores = [], []
    for chosen, classifier in parts:
        rows = [
            classifier.vectorizer.row_of(sample.words[i][min(copy, len(sample.words[i]) - 1)])
            for i in chosen
        ]
        x = matrix(rows, len(classifier.vectorizer))
        scores.append((x @ classifier.coef + classifier.bias).astype(np.float32))
        numbers.append(chosen)
    return np.concatenate(numbers), np.concatenate(scores)


def _flag(
    name: str, score: npt.NDArray[np.float32], truth: Ints, bystanders: Ints
) -> tuple[float, float, float]:
    model = LogisticRegression(C=10.0, max_iter=500).fit(score[:, None], truth)
    factor, shift = float(model.coef_[0, 0]), float(model.intercept_[0])
    chance = 1 / (1 + np.exp(-(factor * score + shift)))
    threshold = 0.5
    if name in FALSE_ALARMS:
        harmless = np.sort(chance[bystanders == 1])[::-1]
        threshold = float(harmless[int(FALSE_ALARMS[name] * len(harmless))]) + 1e-6
    return factor, shift, max(threshold, LOWEST)


def calibrated(sample: Sample, heads: Heads, parts: Sequence[tuple[Ints, Classifier]]) -> Heads:
    """The heads with temperatures and thresholds fitted on messages not seen in training."""
    copies = [scores_of(sample, parts, copy) for copy in (0, 1)]
    numbers = np.concatenate([n for n, _ in copies])
    scores = np.concatenate([s for _, s in copies])
    at = 0
    factors: dict[str, float] = {}
    flags: list[tuple[float, float, float]] = []
    danger = sample.targets["danger"] | sample.targets["urgent"]
    for name, classes in heads_of(sample):
        truth = sample.targets[name][numbers]
        if name in FLAGS:
            # A hurt child told as a denunciation is no false alarm, nor the other way round.
            apart = danger | sample.targets["denunciation"] | sample.targets[name]
            flags.append(_flag(name, scores[:, at], truth, 1 - apart[numbers]))
            at += 1
        else:
            factors[name] = temperature(scores[:, at : at + classes], truth)
            at += classes
    return replace(
        heads,
        topic_factor=factors["topic"],
        kind_factor=factors["kind"],
        sentiment_factor=factors["sentiment"],
        flags=tuple(flags),
    )
