"""How to read the ranker's numbers, fitted on questions it had not seen (training only)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from intake_api.knowledge.index import Index
from intake_api.knowledge.ranker import Reading
from intake_api.knowledge.train import Sample
from intake_api.linear.fit import softmax

# What of the questions asked has no entry, near and far; the sample has its own shares. People who
# write to the department write about schooling, so those without an entry are near topic nearly
# always, and they are many: with the earlier 0.1 and 0.1 twice as many of them were answered with
# a wrong rule, while the right ones gained two points (docs/quality.md).
NEAR_SHARE = 0.3
FAR_SHARE = 0.05


def scores_of(
    index: Index, words: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Margins (labels, then none) and cosines (none: 0) of one text."""
    row = index.ranker.vectorizer.row_of(words)
    margins = index.ranker.margins(row).astype(np.float64)
    cosines, _ = index.nearest.scores(words)
    return margins, np.append(cosines, 0.0).astype(np.float64)


def blend(sample: Sample, tests: Sequence[tuple[int, int, Index, Sequence[str]]]) -> Reading:
    """Weights of margin and cosine with the lowest log loss."""
    pairs = [scores_of(index, words) for _, _, index, words in tests]
    margins = np.stack([m for m, _ in pairs])
    cosines = np.stack([c for _, c in pairs])
    truth = np.array([sample.labels[i] for i, _, _, _ in tests])
    at = np.arange(len(truth))

    def loss(values: npt.NDArray[np.float64]) -> float:
        logits = values[0] * margins + values[1] * cosines
        logits[:, -1] += values[2]
        return float(-np.log(softmax(logits)[at, truth] + 1e-12).mean())

    best = minimize(loss, np.array([4.0, 6.0, 0.0]), method="Nelder-Mead", options={"maxiter": 150})
    a, b, c = (float(value) for value in best.x)
    return Reading(a, b, c)


def deciders(
    sample: Sample,
    tests: Sequence[tuple[int, int, Index, Sequence[str]]],
    reading: Reading,
    none: int,
    far: Container[str],
) -> Reading:
    """Logistic models for "the first is right" and "one of three is right".

    ``none`` is the label without an entry; of its texts those in ``far`` are off topic.
    """
    inputs, first, three, groups = [], [], [], []
    for i, _, index, words in tests:
        index.ranker.reading = reading
        ranking = index.rank(words)
        order = [int(k) for k in np.argsort(-ranking.chances, kind="stable")[:3]]
        inputs.append(index.evidence(ranking, order).vector())
        truth = int(sample.labels[i])
        first.append(order[0] == truth)
        three.append(truth in order)
        groups.append(0 if truth != none else 2 if sample.texts[i] in far else 1)
    x = np.stack(inputs)
    shares = np.array([1 - NEAR_SHARE - FAR_SHARE, NEAR_SHARE, FAR_SHARE])
    counts = np.maximum(np.bincount(groups, minlength=3), 1)
    scale = (shares / counts)[groups] * len(groups)

    def model(target: list[bool]) -> tuple[float, ...]:
        if all(target) or not any(target):  # a sample too small to be wrong in
            return (6.0 if target[0] else -6.0, *(0.0 for _ in range(x.shape[1] - 1)))
        fitted = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000)
        fitted.fit(x, np.array(target), sample_weight=scale)
        return tuple(round(float(v), 5) for v in fitted.coef_[0])

    return replace(reading, first=model(first), three=model(three))
