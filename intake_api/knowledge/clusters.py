"""Questions that ask the same thing, put together: cosine of folded TF-IDF, around leaders. Pure.

Leaders instead of chains: every member is near the question in the middle, so a cluster never
drifts from school fees to school lunches over a dozen small steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from intake_api.linear import Shape, Vectorizer, tokens
from vntext import fold, views

# Words and pairs only: characters cost most of the time and joined what rhymes.
SHAPE = Shape(accented=False, chars=(0, 0), min_pairs=2)
NEAR = 0.42
_BLOCK = 1000
# Politeness and frames that every question may carry: they make nothing alike.
_EMPTY = frozenset(
    """
    cho hoi xin a ad oi em minh toi con chau anh chi so thay co ban nhe nhi voi va thi la ma duoc
    khong biet giup muon can the nao nhu gi sao nay vay da roi ho nha ? ! ...
    """.split()  # noqa: SIM905 - a list of words reads better as a text
)


@dataclass(frozen=True, slots=True)
class Asking:
    """One question and who asked it (any name that tells people apart)."""

    text: str
    person: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Numbers of the questions, the one in the middle first; how many people asked them."""

    members: tuple[int, ...]
    people: int


def cluster(asked: Sequence[Asking]) -> list[Cluster]:
    """Every question in exactly one cluster; those that most people ask first."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(asked):
        words = [fold(word) for word in tokens(views(one.text).accented)]
        kept = [word for word in words if word not in _EMPTY] or words
        groups[tuple(kept)].append(number)
    if not groups:
        return []
    texts, members = list(groups), list(groups.values())
    rows = _rows(texts)
    weight = np.array([len({asked[n].person for n in mine}) for mine in members], np.float64)
    found = []
    for leader, others in _around_leaders(rows, weight):
        numbers = [n for group in (leader, *others) for n in members[group]]
        found.append(Cluster(tuple(numbers), len({asked[n].person for n in numbers})))
    return sorted(found, key=lambda one: (-one.people, -len(one.members), one.members[0]))


def _rows(texts: Sequence[Sequence[str]]) -> csr_matrix:
    vectorizer = Vectorizer.fit_words([[one] for one in texts], SHAPE)
    made = [vectorizer.row_of(one) for one in texts]
    ends = np.cumsum([0] + [len(row.ids) for row in made])
    ids = np.concatenate([row.ids for row in made])
    data = np.concatenate([row.weights for row in made])
    return csr_matrix((data, ids, ends), shape=(len(made), max(len(vectorizer), 1)))


def _around_leaders(
    rows: csr_matrix, weight: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> list[tuple[int, list[int]]]:
    """(leader, the others nearest first): whoever has most people near leads, then the next of
    what is left."""
    count = rows.shape[0]
    near: list[tuple[np.ndarray, np.ndarray]] = []
    turned = rows.T.tocsr()
    for start in range(0, count, _BLOCK):
        part = (rows[start : start + _BLOCK] @ turned).tocsr()
        part.data[part.data < NEAR] = 0
        part.eliminate_zeros()
        near += [
            (part.indices[a:b], part.data[a:b])
            for a, b in zip(part.indptr[:-1], part.indptr[1:], strict=True)
        ]
    crowd = np.array([float(weight[ids].sum()) for ids, _ in near])
    taken = np.zeros(count, bool)
    found = []
    for leader in np.argsort(-crowd, kind="stable"):
        if taken[leader]:
            continue
        taken[leader] = True
        ids, likeness = near[leader]
        order = np.argsort(-likeness, kind="stable")
        others = [int(one) for one in ids[order] if not taken[one]]
        taken[others] = True
        found.append((int(leader), others))
    return found
