"""What is measured, the aims, and the arithmetic of proportions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

FORMS = ("accented", "unaccented", "shorthand")
ALL = "all"
_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table. ``aims`` are percentages: one for every form, or one each."""

    name: str
    title: str
    aims: tuple[float, ...] = ()
    lower_is_better: bool = False

    def aim(self, form: str) -> float | None:
        """The aim for a form; for all forms together only where every form has the same one."""
        if len(set(self.aims)) == 1:
            return self.aims[0]
        return self.aims[FORMS.index(form)] if self.aims and form in FORMS else None

    def reached(self, form: str, value: float) -> bool | None:
        """True when ``value`` (a percentage) meets the aim; None without an aim."""
        aim = self.aim(form)
        if aim is None:
            return None
        return value <= aim if self.lower_is_better else value >= aim


MEASURES: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure("faq.first", "FAQ: right entry first", (95, 94, 90)),
        Measure("faq.three", "FAQ: right entry among those offered", (99, 98, 96)),
        Measure("faq.wrong", "FAQ: answered with another entry", (), True),
        Measure("faq.declined", "FAQ: declined although there is an entry", (), True),
        Measure("none.far", "No entry, far topic: answered", (1,), True),
        Measure("none.near", "No entry, near topic: answered", (8,), True),
        Measure("none.offered", "No entry: choices offered", (), True),
        Measure("topic.first", "Topic (57): first", (88,)),
        Measure("topic.three", "Topic: in three", (97,)),
        Measure("topic.accepted", "Topic: first, or one also accepted"),
        Measure("unit", "Unit", (93,)),
        Measure("kind", "Kind (11)", (92,)),
        Measure("sentiment", "Sentiment"),
        Measure("urgent.found", "Urgent: found"),
        Measure("urgent.false", "Urgent: false alarms", (), True),
        Measure("confidential.found", "Confidential: found"),
        Measure("confidential.false", "Confidential: false", (), True),
        Measure("toxic.found", "Toxic: found"),
        Measure("toxic.false", "Toxic: false alarms", (), True),
        Measure("danger.found", "Danger to a child: found", (99,)),
        Measure("danger.false", "Danger to a child: false alarms", (1,), True),
        Measure("denunciation.found", "Denunciation to the confidential lane", (97,)),
        Measure("denunciation.false", "Denunciation: false", (2,), True),
        Measure("pii.recall", "Personal data: recall", (97,)),
        Measure("pii.precision", "Personal data: precision", (95,)),
        Measure("intent", "Intent (21)"),
        Measure("dialogue.turn", "Dialogues: turns met as they should be"),
        Measure("dialogue.answered", "Dialogues: questions answered at once, not offered"),
        Measure("dialogue.whole", "Dialogues: right from the first turn to the last"),
    )
}


@dataclass(frozen=True, slots=True)
class Figure:
    """Hits of n for one measure and form."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """Percentage; 0 of nothing is 0."""
        return 100 * self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the percentage."""
        return wilson(self.hits, self.n)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a proportion, in percent. (0, 100) without data."""
    if n == 0:
        return 0.0, 100.0
    share, square = hits / n, _Z * _Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return 100 * max(0.0, centre - half), 100 * min(1.0, centre + half)


@dataclass
class Results:
    """Counts of everything measured, and what was taken for what (labels only, never texts)."""

    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    confused: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    sizes: dict[str, Counter[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)

    def count(self, measure: str, form: str, hits: int, n: int = 1) -> None:
        """Adds ``hits`` of ``n`` to a measure, for its form and for all forms."""
        if measure not in MEASURES:
            raise KeyError(measure)
        for column in (form, ALL):
            self.hits[measure, column] += hits
            self.seen[measure, column] += n

    def confuse(self, what: str, expected: str, got: str) -> None:
        """Notes a pair of labels that differ."""
        if expected != got:
            self.confused.setdefault(what, Counter())[expected, got] += 1

    def figure(self, measure: str, form: str) -> Figure | None:
        """The figure, or None when nothing was counted."""
        n = self.seen[measure, form]
        return Figure(self.hits[measure, form], n) if n else None

    def figures(self) -> Iterator[tuple[Measure, str, Figure]]:
        """Every figure in the order of the table."""
        for measure in MEASURES.values():
            for form in (*FORMS, ALL):
                found = self.figure(measure.name, form)
                if found is not None:
                    yield measure, form, found

    def worst(self, what: str, most: int = 10) -> list[tuple[str, str, int]]:
        """The label pairs confused most often: (expected, got, count)."""
        pairs = self.confused.get(what, Counter()).items()
        ordered = sorted(pairs, key=lambda item: (-item[1], item[0]))
        return [(expected, got, count) for (expected, got), count in ordered[:most]]
