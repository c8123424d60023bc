"""Invented seasons for the early warning: daily counts as a department might see them.

The first of two generators that have nothing in common but the format of the file: here every
day's people are drawn from a negative binomial around a level that wanders (``seasons_crowds``
sends single people about instead). ``season(kind, seed)`` is the same for the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

TOPICS = (
    "a.van_ban_du_thao", "a.thu_tuc_khac", "b.bao_luc_hoc_duong", "b.bua_an_ban_tru",
    "b.dich_benh", "b.thien_tai_ret", "b.duoi_nuoc_tai_nan", "c.tin_gia", "d.luong_che_do",
    "d.dao_duc_nha_giao", "dd.khoan_thu", "dd.hoc_phi", "dd.csvc_thiet_bi", "e.sgk", "e.day_them",
    "e.ap_luc_hoc_tap", "e.mam_non", "e.chuyen_truong", "e.van_bang", "g.csdl_phan_mem",
    "h.thi_dua_khen_thuong", "i.thi_tn_thpt", "i.de_thi", "i.phuc_khao", "i.ts_dai_hoc",
    "i.ts_lop10", "i.ts_dau_cap", "k.nq29",
)  # fmt: skip
# People a day on an average working day; the share of angry ones.
_LEVEL = {
    "i.thi_tn_thpt": 4.0, "i.ts_lop10": 5.0, "dd.khoan_thu": 3.0, "dd.hoc_phi": 2.5,
    "i.de_thi": 0.4, "c.tin_gia": 0.15, "b.dich_benh": 0.5, "b.bua_an_ban_tru": 0.6,
    "k.nq29": 0.02, "b.duoi_nuoc_tai_nan": 0.1, "i.phuc_khao": 0.5, "b.thien_tai_ret": 0.4,
}  # fmt: skip
_ANGRY = {"dd.khoan_thu": 0.5, "e.day_them": 0.45, "b.bao_luc_hoc_duong": 0.6, "c.tin_gia": 0.4}
EXAM = ("i.thi_tn_thpt", "i.de_thi", "i.phuc_khao", "i.ts_dai_hoc")
ENTRY = ("i.ts_lop10", "i.ts_dau_cap")
AUTUMN = ("dd.khoan_thu", "dd.hoc_phi", "e.sgk", "e.chuyen_truong", "e.mam_non")


@dataclass
class World:
    """A year in the making: what people would write, before it is drawn."""

    rng: np.random.Generator
    start: date
    days: int
    scale: float = 1.0
    topics: tuple[str, ...] = TOPICS
    spread: float = 0.12
    wander: float = 0.10
    mean: dict[str, np.ndarray] = field(default_factory=dict)
    angry: dict[str, np.ndarray] = field(default_factory=dict)
    extra: list[tuple[str, int, float, float]] = field(default_factory=list)
    calendar: list[dict[str, Any]] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    after: list[Callable[[dict[str, Any]], None]] = field(default_factory=list)
    channels: bool = False

    def day(self, month: int, day: int) -> int:
        """Index of the first such day of the season."""
        year = self.start.year
        found = (date(year, month, day) - self.start).days
        return found if found >= 0 else (date(year + 1, month, day) - self.start).days

    def put(self, topic: str, day: int, people: float, angry: float) -> None:
        """So many people more on a day, of whom a share is angry."""
        if 0 <= day < self.days:
            self.extra.append((topic, day, people, angry))

    def entry(self, name: str, first: int, last: int, topics: tuple[str, ...] | None) -> None:
        """A line of the calendar."""
        day = [self.start + timedelta(days=one) for one in (first, last)]
        line: dict[str, Any] = {"name": name, "from": day[0], "to": day[1]}
        if topics is not None:
            line["topics"] = list(topics)
        self.calendar.append(line)

    def incident(self, topic: str, first: int, last: int, kind: str) -> None:
        """What a good early warning finds."""
        self.incidents.append(
            {"topic": topic, "from": self.start + timedelta(days=first),
             "to": self.start + timedelta(days=last), "kind": kind}
        )  # fmt: skip


def _tet(year: int) -> date:
    return {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17),
            2027: date(2027, 2, 6)}[year]  # fmt: skip


def world(seed: int, *, days: int = 365, scale: float = 1.0, spread: float = 0.12,
          wander: float = 0.10, topics: tuple[str, ...] = TOPICS,
          start: date = date(2025, 9, 1)) -> World:  # fmt: skip
    """A quiet year: weekdays, a wandering level, the seasons of schools, Tết."""
    rng = np.random.default_rng(seed)
    made = World(rng, start, days, scale, topics, spread, wander)
    week = np.array([1.15, 1.08, 1.02, 1.0, 0.95, 0.55, 0.45])
    dates = [start + timedelta(days=one) for one in range(days)]
    shape = week[[one.weekday() for one in dates]]
    for topic in topics:
        level = _LEVEL.get(topic, float(np.exp(rng.normal(-0.2, 0.8)))) * scale
        made.mean[topic] = level * shape * np.exp(_walk(rng, days, wander))
        made.angry[topic] = np.full(days, _ANGRY.get(topic, 0.18))
    _tet_silence(made)
    _season(
        made, "Kỳ thi tốt nghiệp THPT", (6, 5), (7, 25), EXAM, height=5.0, peaks=((6, 26), (7, 16))
    )
    _season(
        made, "Tuyển sinh lớp 10 và đầu cấp", (5, 10), (7, 10), ENTRY, height=4.0, peaks=((6, 20),)
    )
    _season(
        made,
        "Đầu năm học: các khoản thu, sách vở",
        (8, 15),
        (9, 25),
        AUTUMN,
        height=2.5,
        peaks=((9, 5),),
    )
    return made


def _walk(rng: np.random.Generator, days: int, sd: float, keep: float = 0.8) -> np.ndarray:
    found = np.zeros(days)
    for day in range(1, days):
        found[day] = keep * found[day - 1] + rng.normal(0, sd * math.sqrt(1 - keep**2))
    return found


def _tet_silence(made: World) -> None:
    for year in (made.start.year, made.start.year + 1):
        try:
            first = (_tet(year) - made.start).days - 3
        except KeyError:
            continue
        if first + 9 < 0 or first >= made.days:
            continue
        made.entry("Nghỉ Tết Nguyên đán", first, first + 8, None)
        low, high = max(first, 0), min(first + 9, made.days)
        for mean in made.mean.values():
            mean[low:high] *= 0.08
            mean[high : high + 4] *= np.array([1.9, 1.6, 1.4, 1.2])[: max(0, made.days - high)]


def _season(
    made: World, name: str, first: tuple[int, int], last: tuple[int, int],
    topics: tuple[str, ...], *, height: float, peaks: tuple[tuple[int, int], ...],
) -> None:  # fmt: skip
    low, high = made.day(*first), made.day(*last)
    if high < low:  # it was under way when the file begins
        low = 0
    if low >= made.days:
        return
    made.entry(name, low, min(high, made.days - 1), topics)
    at = np.arange(made.days)
    ramp = np.clip((at - low + 4) / 10.0, 0, 1) * np.clip((high + 6 - at) / 8.0, 0, 1)
    for topic in topics:
        if topic not in made.mean:
            continue
        own = height * made.rng.uniform(0.6, 1.4)
        made.mean[topic] = made.mean[topic] * (1 + (own - 1) * ramp)
        for peak in peaks:
            day = made.day(*peak)
            made.mean[topic][day : day + 3] *= np.array([3.0, 2.2, 1.4])[: max(0, made.days - day)]


def draw(made: World, name: str) -> dict[str, Any]:
    """The year as one scenario of a file."""
    rng = made.rng
    house = np.exp(_walk(rng, made.days, 0.08, 0.5))
    topics: dict[str, Any] = {}
    for topic in made.topics:
        mean = made.mean[topic] * house
        size = 1 / made.spread
        people = rng.negative_binomial(size, size / (size + mean))
        angry = rng.binomial(people, made.angry[topic])
        for where, day, more, share in made.extra:
            if where == topic:
                count = rng.poisson(more)
                people[day] += count
                angry[day] += rng.binomial(count, share)
        again = rng.binomial(people, 0.12)  # some write twice
        count = people + again
        negative = np.minimum(count, angry + rng.binomial(again, 0.3))
        topics[topic] = {
            "count": count.tolist(),
            "unique_senders": people.tolist(),
            "unique_texts": np.maximum(people - rng.binomial(people, 0.02), 0).tolist(),
            "negative": negative.tolist(),
        }
        if made.channels:
            split = [rng.multinomial(one, (0.5, 0.3, 0.2)) for one in count]
            topics[topic]["channels"] = {
                channel: [int(one[at]) for one in split]
                for at, channel in enumerate(("messenger", "zalo", "web"))
            }
    scenario: dict[str, Any] = {
        "id": name, "start": made.start, "days": made.days, "calendar": made.calendar,
        "incidents": made.incidents, "topics": topics,
    }  # fmt: skip
    for step in made.after:
        step(scenario)
    return scenario
