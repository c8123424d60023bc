"""What happens in an invented season: incidents that must be found, traps that must not."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.seasons import World


def leak(made: World, day: int, people: float = 30.0) -> None:
    """An exam paper is said to have leaked, in the middle of the season."""
    for at, share in enumerate((1.0, 0.7, 0.35, 0.15)):
        made.put("i.de_thi", day + at, people * share, 0.8)
        made.put("i.thi_tn_thpt", day + at, 0.4 * people * share, 0.7)
    made.incident("i.de_thi", day, day + 4, "burst")


def poisoning(made: World, day: int, people: float = 15.0) -> None:
    """Children fell ill after lunch."""
    for at, share in enumerate((1.0, 0.9, 0.5, 0.3, 0.1)):
        made.put("b.bua_an_ban_tru", day + at, people * share, 0.85)
    made.incident("b.bua_an_ban_tru", day, day + 5, "burst")


def rumour(made: World, day: int, people: float = 9.0, topic: str = "b.dich_benh") -> None:
    """Something untrue goes round on all channels; few people on each."""
    for at, share in enumerate((1.0, 1.3, 1.0, 0.5)):
        made.put(topic, day + at, people * share, 0.45)
    made.incident(topic, day, day + 4, "burst")


def overcharging(
    made: World, day: int, topic: str = "dd.khoan_thu", *, first: float = 0.5, more: float = 0.2
) -> None:
    """More and more parents say that they had to pay, over four weeks: ``first`` and, each day,
    ``more`` of what is usual on top of it."""
    usual = float(made.mean[topic][max(0, day - 21) : day].mean())
    for at in range(28):
        weekend = (made.start.weekday() + day + at) % 7 >= 5
        people = usual * min(first + more * at, 3.0) * (0.6 if weekend else 1)
        made.put(topic, day + at, people, 0.8)
    made.incident(topic, day, day + 28, "slow")


def drowning(made: World, day: int, people: float = 8.0) -> None:
    """A topic that is nearly always silent."""
    for at, share in enumerate((1.0, 0.8, 0.3)):
        made.put("b.duoi_nuoc_tai_nan", day + at, people * share, 0.6)
    made.incident("b.duoi_nuoc_tai_nan", day, day + 3, "burst")


def violence(made: World, day: int, people: float = 30.0) -> None:
    """A clip of a fight goes round."""
    for at, share in enumerate((0.8, 1.0, 0.7, 0.4, 0.2)):
        made.put("b.bao_luc_hoc_duong", day + at, people * share, 0.85)
    made.incident("b.bao_luc_hoc_duong", day, day + 5, "burst")


# ------------------------------------------------------------------------------- traps


def flood(made: World, day: int, topic: str, messages: int = 90, senders: int = 1) -> None:
    """One person, or a few, writes again and again, always angry, never twice the same."""

    _angry(made, day, topic, messages, senders=senders, texts=messages)


def copied(made: World, day: int, topic: str, messages: int = 60) -> None:
    """One text, copied by many accounts."""

    _angry(made, day, topic, messages, senders=messages, texts=1)


def _angry(made: World, day: int, topic: str, messages: int, *, senders: int, texts: int) -> None:
    def step(scenario: dict[str, Any]) -> None:
        body = scenario["topics"][topic]
        for key, more in (
            ("count", messages), ("unique_senders", senders), ("unique_texts", texts),
            ("negative", messages),
        ):  # fmt: skip
            body[key][day] += more

    made.after.append(step)


def campaign(made: World, day: int, length: int = 6, times: float = 3.0) -> None:
    """The Page asks people to write: everything rises."""
    for mean in made.mean.values():
        mean[day : day + length] *= times * made.rng.uniform(0.7, 1.3)


def thanks(made: World, day: int, people: float = 40.0) -> None:
    """Teachers' day: many people, few of them angry."""
    for at, share in enumerate((0.5, 1.0, 0.3)):
        made.put("d.dao_duc_nha_giao", day + at, people * share, 0.02)


def outage(made: World, day: int, length: int = 4) -> None:
    """Nothing arrives; afterwards people write again."""
    for mean in made.mean.values():
        mean[day : day + length] *= 0.0
        mean[day + length : day + length + 2] *= 1.6


def imported(
    made: World, day: int, topic: str, messages: int = 300, *, told: str = "count"
) -> None:
    """Old data of a Page's archive is read in."""

    def step(scenario: dict[str, Any]) -> None:
        body = scenario["topics"][topic]
        for key in ("count", "unique_senders", "unique_texts"):
            body[key][day] += messages
        body["negative"][day] += messages // 2
        batch = {"day": day, "topic": topic, "count": messages}
        if told == "day":
            batch = {"day": day}
        scenario.setdefault("import_batches", []).append(batch)

    made.after.append(step)


def growth(made: World, times: float = 1.8) -> None:
    """The service becomes known over the year."""
    for mean in made.mean.values():
        mean *= np.linspace(1.0, times, made.days)
