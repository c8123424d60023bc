"""Entries that came after the training: each gets its own linear column from the ways of asking
that it has, fitted on the spot against all other entries. The trained columns stay as they are.

The same loss as the training's (squared hinge), solved with scipy: scikit-learn would cost the
serving process a second and its memory. scipy itself (0.4 s, 50 MB) is imported by the first
newcomer: where there is none, nobody pays for it. What it finds and costs: docs/quality.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from intake_api.domain.model import Entry
from intake_api.knowledge.ranker import Ranker
from intake_api.linear.features import Floats, Row
from vntext import fold

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

COST = 0.5
# A newcomer has a handful of questions where others have thirty: each counts for several, and
# those who ask it in other words are met half-way. Chosen on entries held out of the training.
QUESTION_WEIGHT, ANSWER_WEIGHT = 5.0, 10.0
MOST_KEPT = 1000  # columns of a hundred kilobytes
BONUS = 4.5  # added to the logit, not to the margin that the decision looks at


class Newcomers:
    """Columns of weights for the labels that the ranker was not trained on."""

    def __init__(
        self, ranker: Ranker, new: Sequence[Sequence[Entry]], others: Sequence[Entry]
    ) -> None:
        """``new``: the entries of each newcomer label, in order; ``others``: all entries that the
        training knew."""
        texts = tuple(text for entry in others for text in _asked(entry))
        against, mark = [ranker.row_for(text) for text in texts], hash(texts)
        columns = [_known_column(ranker, members, against, mark) for members in new]
        self.coef: Floats = np.stack([column[:-1] for column in columns], axis=1)
        self.bias: Floats = np.array([column[-1] for column in columns], dtype=np.float32)

    def margins(self, row: Row) -> Floats:
        """Score of every newcomer for one text in the ranker's features."""
        out: Floats = row.weights @ self.coef[row.ids] + self.bias
        return out


def _asked(entry: Entry) -> list[str]:
    return [text for text in (*entry.questions, entry.title) if text]


def _answers(entry: Entry) -> list[str]:
    said = [text for one in entry.versions for text in (one.answer, *one.details)]
    return [text for text in said if text]


def _known_column(
    ranker: Ranker, members: Sequence[Entry], against: Sequence[Row], mark: int
) -> Floats:
    """The column of a label, fitted only when its words or the others' (``mark``) have changed:
    publishing one entry costs the fitting of one."""
    words = tuple(text for entry in members for text in (*_asked(entry), "", *_answers(entry)))
    found = ranker.columns.get((mark, words))
    if found is None:
        if len(ranker.columns) > MOST_KEPT:
            ranker.columns.clear()
        found = ranker.columns[mark, words] = _column(ranker, members, against)
    return found


def _column(ranker: Ranker, members: Sequence[Entry], against: Sequence[Row]) -> Floats:
    ways = dict.fromkeys(
        copy for entry in members for text in _asked(entry) for copy in (text, fold(text))
    )
    own = [ranker.row_for(text) for text in ways]
    said = [ranker.row_for(text) for entry in members for text in _answers(entry)]
    if not own and not said:  # a draft without a word yet: it is nobody's answer
        column = np.zeros(len(ranker.vectorizer) + 1, np.float32)
        column[-1] = -1.0
        return column
    # Only what the newcomer itself says gets a weight: a few hundred features instead of all, so
    # it takes milliseconds, and no thread of a numerical library waits for another.
    places = np.unique(np.concatenate([row.ids for row in (*own, *said)]))
    at = np.full(len(ranker.vectorizer), -1, np.int64)
    at[places] = np.arange(len(places))
    x = _matrix([*against, *own, *said], at, len(places))
    signs = np.repeat([-1.0, 1.0], [len(against), len(own) + len(said)])
    weights = np.repeat([1.0, QUESTION_WEIGHT, ANSWER_WEIGHT], [len(against), len(own), len(said)])
    found = _fit(x, signs, weights * COST)
    column = np.zeros(len(ranker.vectorizer) + 1, np.float32)
    column[places], column[-1] = found[:-1], found[-1]
    return column


def _matrix(rows: Sequence[Row], at: npt.NDArray[np.int64], width: int) -> csr_matrix:
    """Rows in the newcomer's features, with a last column of ones for the intercept."""
    from scipy.sparse import csr_matrix

    lengths = np.array([len(row.ids) for row in rows])
    places = at[np.concatenate([row.ids for row in rows])]
    values = np.concatenate([row.weights for row in rows]).astype(np.float64)
    owner, kept = np.repeat(np.arange(len(rows)), lengths), places >= 0
    count = np.arange(len(rows))
    return csr_matrix(
        (
            np.concatenate([values[kept], np.ones(len(rows))]),
            (
                np.concatenate([owner[kept], count]),
                np.concatenate([places[kept], np.full(len(rows), width)]),
            ),
        ),
        shape=(len(rows), width + 1),
    )


def _fit(
    x: csr_matrix, signs: npt.NDArray[np.float64], costs: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    from scipy.optimize import minimize

    turned = x.T.tocsr()

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        short = np.maximum(0.0, 1.0 - signs * (x @ w))
        value = 0.5 * float(w @ w) + float(costs @ (short * short))
        return value, w - turned @ (2.0 * costs * signs * short)

    start = np.zeros(x.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60})
    out: npt.NDArray[np.float64] = found.x
    return out
