"""Fitting: one-against-rest linear SVMs. The only module here that imports scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from intake_api.linear.features import Floats, Row


def matrix(rows: Sequence[Row], width: int) -> csr_matrix:
    """Rows as one scipy matrix."""
    ends = np.cumsum([0] + [len(row.ids) for row in rows])
    ids = np.concatenate([row.ids for row in rows]) if rows else np.zeros(0, np.int32)
    data = np.concatenate([row.weights for row in rows]) if rows else np.zeros(0, np.float32)
    return csr_matrix((data.astype(np.float64), ids, ends), shape=(len(rows), width))


def fit_svm(
    x: csr_matrix,
    labels: npt.NDArray[np.int64],
    classes: int,
    cost: float,
    *,
    weights: npt.NDArray[np.float64] | None = None,
    balanced: bool = False,
) -> tuple[Floats, Floats]:
    """Coefficients (features, classes) and intercepts; two classes give one column."""
    model = LinearSVC(
        C=cost, tol=1e-2, max_iter=300, random_state=0, intercept_scaling=1.0,
        class_weight="balanced" if balanced else None,
    )  # fmt: skip
    with warnings.catch_warnings():
        # A looser optimum ranks the same; more sweeps changed no figure.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(x, labels, sample_weight=weights)
    if classes == 2:
        return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
    coef = np.zeros((x.shape[1], classes), np.float32)
    bias = np.full(classes, -1.0, np.float32)
    coef[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    return coef, bias


def with_bayes(
    x: csr_matrix,
    labels: npt.NDArray[np.int64],
    coef: Floats,
    weights: npt.NDArray[np.float64] | None = None,
    share: float = 0.5,
) -> Floats:
    """``coef`` with complement naive Bayes mixed in, scaled to ``share`` of its spread.

    Counting is blunt but steady where a class has thirty examples; the sum of both ranks better
    than either, and costs nothing when served.
    """
    if coef.shape[1] < 2:
        return coef
    counts = np.zeros((coef.shape[1], x.shape[1]))
    row_weights = np.ones(x.shape[0]) if weights is None else weights
    for label in range(coef.shape[1]):
        mine = labels == label
        counts[label] = row_weights[mine] @ x[mine]
    others = counts.sum(axis=0) - counts + 0.3
    told = -np.log(others / others.sum(axis=1, keepdims=True)).T
    told -= told.mean(axis=1, keepdims=True)
    some = x[:2000]
    spread = np.std(_centred(some @ coef)) / max(float(np.std(_centred(some @ told))), 1e-9)
    out: Floats = (coef + share * spread * told).astype(np.float32)
    return out


def _centred(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    return scores - scores.mean(axis=1, keepdims=True)


def softmax(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Rows of scores as probabilities."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True), dtype=np.float64)
    out: npt.NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return out


def temperature(scores: Floats, labels: npt.NDArray[np.int64]) -> float:
    """The factor on held-out scores that makes their softmax say how often they are right."""

    def loss(log_factor: float) -> float:
        chances = softmax(scores * np.exp(log_factor))
        return float(-np.log(chances[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))
