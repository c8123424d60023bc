"""How good the ranker is on questions it has not seen: rows for ``./dev quality``. Pure."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intake_api.knowledge.entries import load_entries
from intake_api.knowledge.ranker import chance, decide
from intake_api.knowledge.thresholds import blend, deciders
from intake_api.knowledge.train import Progress, held_out, load_negatives, sample_of
from intake_api.linear import load_lexicon, raw_telex, shorten, tokens
from vntext import fold, views


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``good`` of ``total`` for texts typed in one ``form``."""

    name: str
    form: str
    good: int
    total: int

    @property
    def share(self) -> float:
        """Good of total, 0 when nothing was measured."""
        return self.good / self.total if self.total else 0.0


def forms() -> dict[str, Callable[[str], str]]:
    """Ways of typing the same text."""
    return {
        "có dấu": lambda text: text,
        "không dấu": fold,
        "viết tắt": lambda text: fold(shorten(text, random.Random(1))),  # noqa: S311 - same every run
        "telex": raw_telex,
    }


def cross_validate(data_dir: Path, progress: Progress = lambda _: None) -> list[Figure]:
    """Right label first and among three, and what is decided, for every way of typing.

    Entries of one family count as one label: the date tells them apart, not the ranker.
    """
    entries = load_entries(data_dir)
    negatives = load_negatives(data_dir)
    near = dict(negatives)
    sample, labels = sample_of(entries, negatives, load_lexicon(data_dir))
    tests = held_out(sample, labels, entries, progress)
    none = len(labels) - 1
    far = {text for text, is_near in negatives if not is_near}
    reading = deciders(sample, tests, blend(sample, tests), none, far)
    figures: list[Figure] = []
    for name, form in forms().items():
        good: Counter[str] = Counter()
        total: Counter[str] = Counter()

        def count(
            what: str, right: bool, good: Counter[str] = good, total: Counter[str] = total
        ) -> None:
            total[what] += 1
            good[what] += right

        for i, copy, index, _ in tests:
            if copy:
                continue
            index.ranker.reading = reading
            ranking = index.rank(tokens(views(form(sample.texts[i])).accented))
            order = [int(k) for k in np.argsort(-ranking.chances, kind="stable")[:3]]
            evidence = index.evidence(ranking, order)
            decision = decide(chance(reading.first, evidence), chance(reading.three, evidence))
            truth = int(sample.labels[i])
            if truth == none:
                kind = "gần" if near[sample.texts[i]] else "xa"
                count(f"không có mục, {kind}: vẫn trả lời", decision == "answer")
                continue
            count("hỏi đáp, đúng ngay", order[0] == truth)
            count("hỏi đáp, trong ba", truth in order)
            count("hỏi đáp: trả lời thẳng", decision == "answer")
            count("hỏi đáp: từ chối nhầm", decision == "decline")
            if decision == "answer":
                count("hỏi đáp: trả lời thẳng và đúng", order[0] == truth)
        figures += [Figure(what, name, good[what], total[what]) for what in total]
    return figures
