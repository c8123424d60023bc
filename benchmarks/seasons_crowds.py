"""The second generator: a crowd of people, each with a town, a mood and a matter.

People come in bunches (a class, a village, a thread below a post), bunches come at random moments,
some people write every day, moods change with the week. No parameter of the first generator
appears here, so what was tuned there is tested here.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from benchmarks.seasons import AUTUMN, ENTRY, EXAM, TOPICS

_CHANNELS = ("facebook", "zalo", "cong_thong_tin", "email")


class Crowd:
    """Letters of a stretch of days, kept by day and topic as (sender, text, angry, channel)."""

    def __init__(self, seed: int, start: date, days: int, *, size: float = 1.0,
                 bunch: float = 1.4, topics: tuple[str, ...] = TOPICS) -> None:  # fmt: skip
        self.rng = random.Random(seed)
        self.start, self.days, self.topics = start, days, topics
        self.letters: dict[str, list[list[tuple[int, int, bool, str]]]] = {
            topic: [[] for _ in range(days)] for topic in topics
        }
        self.calendar: list[dict[str, Any]] = []
        self.incidents: list[dict[str, Any]] = []
        self.quiet: set[int] = set()
        self.lively: dict[int, float] = {}
        self._next = 0
        self.size, self.bunch = size, bunch
        self.weight = {topic: self.rng.paretovariate(1.2) * 0.35 for topic in topics}
        self.mood = {topic: self.rng.betavariate(2, 7) for topic in topics}
        self.rises: list[tuple[tuple[str, ...], int, int, int, float]] = []

    def at(self, day: date) -> int:
        """Index of a day."""
        return (day - self.start).days

    def season(self, name: str, first: date, last: date, topics: tuple[str, ...], top: date,
               height: float) -> None:  # fmt: skip
        """A bell around a day, in the calendar."""
        self.rises.append((topics, self.at(first), self.at(last), self.at(top), height))
        self.calendar.append({"name": name, "from": first, "to": last, "topics": list(topics)})

    def silence(self, name: str, first: date, last: date) -> None:
        """Days on which hardly anybody writes, and after which they do."""
        low, high = self.at(first), self.at(last)
        self.quiet |= set(range(low, high + 1))
        for after, times in enumerate((2.0, 1.7, 1.2), 1):
            self.lively[high + after] = times
        self.calendar.append({"name": name, "from": first, "to": last, "topics": list(self.topics)})

    def _rate(self, topic: str, day: int) -> float:
        week = (self.start + timedelta(days=day)).weekday()
        rate = self.weight[topic] * self.size * (1.0, 1, 1, 1, 0.9, 0.6, 0.5)[week]
        rate *= self.lively.get(day, 1.0) * (0.1 if day in self.quiet else 1.0)
        for topics, first, last, top, height in self.rises:
            if topic in topics and first - 2 <= day <= last + 3:
                width = max((last - first) / 5.0, 3.0)
                bell = 2.718 ** (-(((day - top) / width) ** 2) / 2)
                rate *= 1 + height * bell
        return rate

    def live(self) -> None:
        """Sends everybody about."""
        for topic in self.topics:
            regulars = [self._new() for _ in range(3)]
            for day in range(self.days):
                bunches = self._poisson(self._rate(topic, day) / self.bunch)
                for _ in range(bunches):
                    many = 1 + self._poisson(self.bunch - 1)
                    upset = min(0.95, self.rng.gauss(self.mood[topic], 0.1))
                    for _ in range(many):
                        self.write(topic, day, self._new(), self.rng.random() < upset)
                if day not in self.quiet and self.rng.random() < 0.04:
                    one = self.rng.choice(regulars)
                    for _ in range(self.rng.randint(1, 6)):
                        self.write(topic, day, one, True)

    def _new(self) -> int:
        self._next += 1
        return self._next

    def _poisson(self, mean: float) -> int:
        if mean <= 0:
            return 0
        if mean > 50:
            return max(0, round(self.rng.gauss(mean, mean**0.5)))
        count, left = 0, self.rng.expovariate(1.0)
        while left < mean:
            count += 1
            left += self.rng.expovariate(1.0)
        return count

    def write(self, topic: str, day: int, who: int, angry: bool, *, text: int | None = None,
              channel: str | None = None) -> None:  # fmt: skip
        """One message."""
        if 0 <= day < self.days:
            self._next += 1
            words = self._next if text is None else text
            where = channel or self.rng.choice(_CHANNELS)
            self.letters[topic][day].append((who, words, angry, where))

    def happen(self, topic: str, day: int, sizes: list[int], upset: float, kind: str = "burst",
               *, channels: tuple[str, ...] = _CHANNELS) -> None:  # fmt: skip
        """Something happens: so many people on each day."""
        for after, many in enumerate(sizes):
            for _ in range(many):
                self.write(topic, day + after, self._new(), self.rng.random() < upset,
                           channel=self.rng.choice(channels))  # fmt: skip
        last = self.start + timedelta(days=day + len(sizes))
        self.incidents.append(
            {"topic": topic, "from": self.start + timedelta(days=day), "to": last, "kind": kind}
        )

    def scenario(self, name: str, *, with_channels: bool = False) -> dict[str, Any]:
        """Counted, as a scenario of a file."""
        topics: dict[str, Any] = {}
        for topic, days in self.letters.items():
            topics[topic] = {
                "count": [len(one) for one in days],
                "unique_senders": [len({letter[0] for letter in one}) for one in days],
                "unique_texts": [len({letter[1] for letter in one}) for one in days],
                "negative": [sum(letter[2] for letter in one) for one in days],
            }
            if with_channels:
                topics[topic]["channels"] = {
                    channel: [sum(letter[3] == channel for letter in one) for one in days]
                    for channel in _CHANNELS
                }
        return {
            "id": name, "start": self.start, "days": self.days, "calendar": self.calendar,
            "incidents": self.incidents, "topics": topics,
        }  # fmt: skip


def year(seed: int, *, size: float = 1.0, bunch: float = 1.4, days: int = 380,
         start: date = date(2026, 1, 1), topics: tuple[str, ...] = TOPICS) -> Crowd:  # fmt: skip
    """A quiet year from January on, with the seasons and the silence that a year has."""
    made = Crowd(seed, start, days, size=size, bunch=bunch, topics=topics)
    made.silence("Tết Bính Ngọ", date(2026, 2, 12), date(2026, 2, 22))
    made.season("Tuyển sinh", date(2026, 5, 15), date(2026, 7, 5), ENTRY, date(2026, 6, 10), 7.0)
    made.season("Thi tốt nghiệp THPT", date(2026, 6, 15), date(2026, 7, 5), EXAM,
                date(2026, 6, 26), 9.0)  # fmt: skip
    made.season("Công bố điểm thi", date(2026, 7, 14), date(2026, 7, 19), EXAM,
                date(2026, 7, 16), 14.0)  # fmt: skip
    made.season("Khai giảng", date(2026, 8, 20), date(2026, 9, 20), AUTUMN, date(2026, 9, 4), 3.0)
    return made
