"""Entries, the ranker and the calendar together: a question on a day becomes a Reply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from intake_api.domain.model import Answer, Entry, Reply
from intake_api.knowledge.coverage import Coverage
from intake_api.knowledge.dates import day_for, member_on
from intake_api.knowledge.followup import Followup, means_then, read_followup, swapped
from intake_api.knowledge.nearest import Nearest
from intake_api.knowledge.newcomers import BONUS, Newcomers
from intake_api.knowledge.ranker import NONE, Evidence, Ranker, chance, decide
from intake_api.knowledge.words import words_of
from intake_api.linear import tokens
from intake_api.linear.features import Floats
from vntext import asked_year, fold, views

# How far an expired label may look for a replacement before giving up.
_LOOK_AT = 40


@dataclass(frozen=True, slots=True)
class Ranking:
    """Probabilities of all labels of the index for one text, and what else was seen."""

    chances: Floats
    none: float
    cosines: Floats
    margins: Floats
    known: float
    words: tuple[str, ...]  # folded


class Index:
    """The entries being served. Build a new one when an entry is published or withdrawn."""

    def __init__(self, entries: Iterable[Entry], ranker: Ranker) -> None:
        self.entries = {entry.slug: entry for entry in entries}
        self.ranker = ranker
        self.families: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            self.families.setdefault(entry.label, []).append(entry)
        self.labels = list(self.families)
        self._number = {label: i for i, label in enumerate(self.labels)}
        variants = [
            (text, self._number[entry.label])
            for entry in self.entries.values()
            for text in (*entry.questions, entry.title)
        ]
        self.nearest = Nearest(variants, len(self.labels))
        self.coverage = Coverage([self.families[label] for label in self.labels])
        columns = [ranker.column.get(label, -1) for label in self.labels]
        self._columns = np.array(columns, dtype=np.int64)
        self._trained = self._columns >= 0
        self._newcomers = self._welcome()
        self._none_column = ranker.column.get(NONE, -1)

    def _welcome(self) -> Newcomers | None:
        """Columns for labels that the training did not know; None when it knew them all."""
        new = [self.families[label] for label in self.labels if label not in self.ranker.column]
        others = [e for e in self.entries.values() if e.label in self.ranker.column]
        return Newcomers(self.ranker, new, others) if new and others else None

    def rank(self, words: Sequence[str], bonus: Floats | None = None) -> Ranking:
        """Score every label for canonical tokens; ``bonus`` is added before the softmax."""
        reading = self.ranker.reading
        row = self.ranker.vectorizer.row_of(words)
        margins_all = self.ranker.margins(row)
        cosines, known = self.nearest.scores(words)
        margins = margins_all[self._columns]
        if self._newcomers is not None:
            margins[~self._trained] = self._newcomers.margins(row)
        logits = reading.margin * margins + reading.cosine * cosines
        if self._newcomers is not None:
            logits[~self._trained] += BONUS
        if bonus is not None:
            logits = logits + bonus
        none = reading.none_bias
        none += (
            reading.margin * float(margins_all[self._none_column]) if self._none_column >= 0 else 0
        )
        top = max(float(logits.max(initial=-50.0)), none)
        powers = np.exp(logits - top)
        total = float(powers.sum()) + float(np.exp(none - top))
        return Ranking(
            chances=(powers / total).astype(np.float32),
            none=float(np.exp(none - top)) / total,
            cosines=cosines,
            margins=margins,
            known=known,
            words=tuple(fold(word) for word in words),
        )

    def answer(self, text: str, as_of: date, context_slug: str | None = None) -> Reply:
        """Answer, suggest up to three distinct entries, or decline.

        ``context_slug`` is the entry answered just before: "thế năm 2023 thì sao" then stays with
        its family, "còn phúc khảo thì sao" with its subject.
        """
        year = asked_year(text, as_of)
        words = tokens(views(text).accented)
        # A lone letter or a smile asks nothing.
        if not any(word.isalnum() and len(word) > 1 for word in words):
            return Reply("decline", (), as_of, year is not None)
        context = self.entries.get(context_slug) if context_slug else None
        if context and year is None and means_then(words):
            year = _last_applied(context, as_of)
        follow = read_followup(words) if context else None
        if context and follow:
            return self._leaning(context, follow, words, year, as_of)
        return self._decide(self.rank(words), year, as_of, words)

    def _leaning(
        self, context: Entry, follow: Followup, words: Sequence[str], year: int | None, as_of: date
    ) -> Reply:
        """The same in another year, the same for another level of school, or something near what
        was answered before; where none is found, what was answered before."""
        if follow.only_a_year and year is not None:
            same = self._answer_of(context.label, year, as_of, 0.95)
            if same:
                return Reply("answer", (same,), self._day(context.label, year, as_of), True)
        asked = words
        if follow.words:
            asked = swapped(follow.words, words_of(context.title)) or follow.words
        reply = self._decide(self.rank(asked, self._bonus(context, follow)), year, as_of, words)
        if reply.decision == "decline":
            # "Thế hồi 2023 được mấy ngày": what it leans on is all that is known of it.
            same = self._answer_of(context.label, year, as_of, 0.5)
            if same:
                return Reply("answer" if year else "suggest", (same,), reply.as_of, bool(year))
        return reply

    def by_slug(self, slug: str, as_of: date) -> Answer | None:
        """The entry picked from a list; its family's member if it does not hold that day."""
        entry = self.entries.get(slug)
        if entry is None:
            return None
        version = entry.version_on(as_of)
        if version:
            return Answer(entry, version, 1.0)
        pair = member_on(self.families[entry.label], as_of)
        return Answer(*pair, 1.0) if pair else None

    def picked(self, slug: str, as_of: date) -> Answer | None:
        """The very entry that a person chose. When nothing of it holds on the day, its last
        published version is shown as what it is, a rule of the past; None when there is none."""
        entry = self.entries.get(slug)
        if entry is None:
            return None
        version = entry.version_on(as_of)
        if version:
            return Answer(entry, version, 1.0)
        before = [one for one in entry.versions if one.published and one.valid_from <= as_of]
        return Answer(entry, before[-1], 1.0, past=True) if before else None

    def related(self, entry: Entry, as_of: date) -> list[Entry]:
        """Entries people ask next, as far as they are served on the day."""
        found: dict[str, Entry] = {}
        for slug in entry.related:
            answer = self.by_slug(slug, as_of)
            if answer and answer.entry.slug != entry.slug:
                found.setdefault(answer.entry.slug, answer.entry)
        return list(found.values())

    def _day(self, label: str, year: int | None, as_of: date) -> date:
        return day_for(self.families[label], year, as_of)

    def _answer_of(self, label: str, year: int | None, as_of: date, score: float) -> Answer | None:
        """The member of a label that holds on the day meant, else one of its ``instead``."""
        members = self.families[label]
        day = self._day(label, year, as_of)
        pair = member_on(members, day)
        if pair is None:
            for slug in dict.fromkeys(s for entry in members for s in entry.instead):
                other = self.entries.get(slug)
                if other:
                    day = self._day(other.label, year, as_of)
                    pair = member_on(self.families[other.label], day)
                if pair:
                    break
        if pair is None:
            return None
        past = day < as_of and not pair[1].holds_on(as_of)
        return Answer(pair[0], pair[1], round(score, 4), past)

    def _candidates(
        self, ranking: Ranking, year: int | None, as_of: date
    ) -> list[tuple[int, Answer]]:
        found: dict[str, tuple[int, Answer]] = {}
        for label in np.argsort(-ranking.chances, kind="stable")[:_LOOK_AT]:
            answer = self._answer_of(self.labels[label], year, as_of, float(ranking.chances[label]))
            if answer and answer.entry.slug not in found:
                found[answer.entry.slug] = (int(label), answer)
            if len(found) == 3:
                break
        return list(found.values())

    def evidence(self, ranking: Ranking, chosen: Sequence[int]) -> Evidence:
        """What the decision is taken on when the labels ``chosen`` can be offered."""
        first = chosen[0] if chosen else 0
        covers = [self.coverage.of(ranking.words, label) for label in chosen or (first,)]
        return Evidence(
            chances=tuple(float(ranking.chances[label]) for label in chosen),
            none=ranking.none,
            cosine=float(ranking.cosines[first]),
            best_cosine=float(ranking.cosines.max(initial=0.0)),
            margin=float(ranking.margins[first]),
            known=ranking.known,
            length=len(ranking.words),
            covered=covers[0].share,
            best_covered=max(cover.share for cover in covers),
            missing=covers[0].missing,
            lacking=covers[0].lacking,
        )

    def _decide(
        self, ranking: Ranking, year: int | None, as_of: date, words: Sequence[str]
    ) -> Reply:
        pairs = self._candidates(ranking, year, as_of)
        named = year is not None
        if not pairs:
            return Reply("decline", (), as_of, named)
        evidence = self.evidence(ranking, [label for label, _ in pairs])
        reading = self.ranker.reading
        decision = decide(chance(reading.first, evidence), chance(reading.three, evidence))
        day = self._day(pairs[0][1].entry.label, year, as_of)
        answers = tuple(answer for _, answer in pairs)
        if decision == "answer":
            return Reply("answer", answers[:1], day, named, tuple(words[:12]))
        if decision == "suggest":
            return Reply("suggest", answers, day, named, tuple(words[:12]))
        return Reply("decline", (), day, named, tuple(words[:12]))

    def _bonus(self, context: Entry, follow: Followup) -> Floats:
        """Labels near the entry answered before, raised: nearer the fewer words were new."""
        bonus = np.zeros(len(self.labels), np.float32)
        near = {self.entries[s].label for s in context.related if s in self.entries}
        for label, members in self.families.items():
            number = self._number[label]
            if any(entry.topic == context.topic for entry in members):
                bonus[number] += 1.0
            elif any(entry.topic[:2] == context.topic[:2] for entry in members):
                bonus[number] += 0.7
            if label in near:
                bonus[number] += 1.0
        if not follow.words:
            bonus[self._number[context.label]] += 6.0
        return bonus


def _last_applied(entry: Entry, as_of: date) -> int | None:
    """The year in which an entry that has ended was last applied; None for one that holds."""
    ended = max((one.valid_to or as_of for one in entry.versions), default=as_of)
    # A rule that ended in February was last applied the year before.
    return (ended - timedelta(days=180)).year if ended < as_of else None


def load(model_dir: Path, entries: Iterable[Entry]) -> Index:
    """An index of ``entries`` with the trained ranker of ``model_dir``."""
    return Index(entries, Ranker.load(model_dir))
