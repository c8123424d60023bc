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
