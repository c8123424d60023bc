"""How good the classifier is on messages it has not seen: rows for ``./dev quality``. Pure.

The model's part is cross-validated. The rules are not learned, but they were written with these
messages in sight, so the danger and denunciation figures flatter them: the held-out sets of other
hands are the judges.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from intake_api.classify.calibrate import calibrated
from intake_api.classify.data import Message
from intake_api.classify.model import Classifier, Heads
from intake_api.classify.train import Ints, Sample, held_out, load_messages
from intake_api.domain.model import Classification
from intake_api.linear import load_lexicon, raw_telex, shorten
from vntext import fold

Progress = Callable[[str], None]


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


def judge(pairs: Sequence[tuple[Message, Classification]], form: str) -> list[Figure]:
    """The table's lines for messages and what was understood of them."""
    good: Counter[str] = Counter()
    total: Counter[str] = Counter()

    def count(name: str, right: bool) -> None:
        total[name] += 1
        good[name] += right

    for message, found in pairs:
        denounced = found.kind == "denunciation"
        count("chủ đề, đúng ngay", found.topic == message.topic)
        count("chủ đề, trong ba", message.topic in [one.code for one in found.topics])
        count("loại", found.kind == message.kind)
        count("cảm xúc", found.sentiment == message.sentiment)
        count("kín", found.confidential == message.confidential)
        count("khẩn", found.urgent == message.urgent)
        if message.danger:
            count("trẻ gặp nguy hiểm: tìm ra", found.danger)
        elif not message.urgent and message.kind != "denunciation":
            count("trẻ gặp nguy hiểm: báo nhầm", found.danger)
        if message.kind == "denunciation":
            count("tố cáo: tìm ra", denounced)
        elif not message.danger and not message.confidential:
            count("tố cáo: báo nhầm", denounced)
    return [Figure(name, form, good[name], total[name]) for name in total]


def confusions(
    pairs: Sequence[tuple[Message, Classification]], most: int = 20
) -> list[tuple[str, str, int]]:
    """(right topic, given topic, how often), most frequent first."""
    found = Counter((m.topic, c.topic) for m, c in pairs if m.topic != c.topic)
    return [(right, given, times) for (right, given), times in found.most_common(most)]


def unseen(
    sample: Sample, parts: Sequence[tuple[Ints, Classifier]], form: Callable[[str], str]
) -> list[tuple[Message, Classification]]:
    """Every labelled message as understood by a classifier that never saw it."""
    return [
        (sample.messages[i], classifier.classify(form(sample.messages[i].text)))
        for chosen, classifier in parts
        for i in chosen
    ]


def cross_validate(
    data_dir: Path, progress: Progress = lambda _: None
) -> tuple[list[Figure], list[tuple[str, str, int]]]:
    """The whole table and the worst confusions, from the training data alone."""
    sample = Sample(load_messages(data_dir), load_lexicon(data_dir))
    plain = Heads(tuple(sample.topics), tuple(sample.kinds))
    parts = held_out(sample, plain, progress)
    heads, _, looks = calibrated(sample, plain, parts)
    for (_, classifier), look in zip(parts, looks, strict=True):
        classifier.heads, classifier.second = heads, look
    figures: list[Figure] = []
    worst: list[tuple[str, str, int]] = []
    for name, form in forms().items():
        progress(f"phân loại: đo {name}")
        pairs = unseen(sample, parts, form)
        figures += judge(pairs, name)
        worst = worst or confusions(pairs)
    return figures, worst
