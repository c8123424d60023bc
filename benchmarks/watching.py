"""Seasons for the early warning: written to files, and the figures of how well they are told apart.

``python -m benchmarks.watching write`` makes tests/watch/seasons anew (same seeds, same files);
``python -m benchmarks.watching`` prints the figures and writes them into docs/quality.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from benchmarks import seasons_crowds as crowds
from benchmarks import seasons_events as events
from benchmarks.seasons import TOPICS, World, draw, world
from intake_api.domain import catalog
from intake_api.settings import ROOT
from intake_api.watch.recorded import Scenario, read
from intake_api.watch.replay import replay

FOLDER = ROOT / "tests" / "watch" / "seasons"
PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- early warning: begin -->", "<!-- early warning: end -->"
WARMUP = 60
# An alert of an incident's own topic, or of one beside it, so long after its end is about it.
AFTER = 7
SOON = {"burst": 0, "slow": 7}
SMALL = (
    "b.bao_luc_hoc_duong", "b.bua_an_ban_tru", "b.dich_benh", "b.duoi_nuoc_tai_nan", "c.tin_gia",
    "d.dao_duc_nha_giao", "dd.khoan_thu", "e.sgk", "i.thi_tn_thpt", "i.de_thi", "i.ts_lop10",
    "k.nq29",
)  # fmt: skip


@dataclass
class Score:
    """What came of some seasons."""

    quiet_days: int = 0
    seasons: int = 0
    quiet: int = 0
    false: list[str] = field(default_factory=list)
    false_beside: int = 0
    delays: dict[str, list[int | None]] = field(default_factory=dict)

    @property
    def false_a_year(self) -> float:
        """False alarms in a quiet year, over all topics."""
        return len(self.false) * 365 / max(self.quiet_days, 1)

    def found(self, kind: str) -> tuple[int, int, int]:
        """(in time, at all, of) incidents of a kind."""
        seen = self.delays.get(kind, [])
        at_all = [one for one in seen if one is not None]
        return sum(one <= SOON[kind] for one in at_all), len(at_all), len(seen)


def judge(scenario: Scenario, incidents: list[dict[str, Any]], score: Score) -> None:
    """Replays a scenario and counts."""
    start = scenario.panel.start
    alerts = list(replay(scenario.panel))
    score.seasons += 1
    spans = [
        (one["topic"], (one["from"] - start).days, (one["to"] - start).days, one["kind"])
        for one in incidents
    ]
    for topic, first, last, kind in spans:
        hits = [a.day - first for a in alerts if a.code == topic and first <= a.day <= last]
        score.delays.setdefault(kind, []).append(min(hits, default=None))
    beside = [
        alert
        for alert in alerts
        if not any(
            first <= alert.day <= last + AFTER and alert.code.split(".")[0] == topic.split(".")[0]
            for topic, first, last, _ in spans
        )
    ]
    if spans:
        score.false_beside += len(beside)
        return
    score.quiet += 1
    score.quiet_days += scenario.panel.days - scenario.panel.warmup
    score.false += [f"{scenario.id} {a.code} {start + timedelta(days=a.day)}" for a in beside]


# -------------------------------------------------------------------------------- seasons


def _worlds() -> Iterator[tuple[str, World]]:
    """Those of the first generator."""

    def made(name: str, seed: int, *happenings: Any, **given: Any) -> tuple[str, World]:
        given.setdefault("topics", SMALL)
        given.setdefault("days", 300)
        given.setdefault("start", date(2025, 10, 1))
        one = world(seed, **given)
        for happening in happenings:
            happening(one)
        return name, one

    for seed, scale, spread in ((1, 1, 0.12), (2, 5, 0.2), (3, 0.3, 0.3)):
        yield made(f"a-yen-tinh-{seed}", 700 + seed, scale=scale, spread=spread)
    yield made("a-lu-mot-nguoi", 711, lambda w: events.flood(w, w.day(3, 3), "dd.khoan_thu"),
               lambda w: events.flood(w, w.day(6, 20), "i.de_thi", 120, 3))  # fmt: skip
    yield made("a-chep-mot-van-ban", 712, lambda w: events.copied(w, w.day(4, 8), "dd.khoan_thu"),
               lambda w: events.copied(w, w.day(6, 18), "i.de_thi", 90))  # fmt: skip
    yield made("a-trang-moi-gop-y", 713, lambda w: events.campaign(w, w.day(3, 10)),
               lambda w: events.campaign(w, w.day(5, 12), 4, 5.0))  # fmt: skip
    yield made("a-ngay-nha-giao", 714, lambda w: events.thanks(w, w.day(11, 19)), days=200)
    yield made("a-mat-ket-noi", 715, lambda w: events.outage(w, w.day(3, 9), 5))
    yield made("a-nap-du-lieu-cu", 716, lambda w: events.imported(w, w.day(3, 3), "dd.khoan_thu"),
               lambda w: events.imported(w, w.day(4, 3), "e.sgk", told="day"))  # fmt: skip
    yield made("a-lon-dan", 717, lambda w: events.growth(w, 2.2))
    yield made("a-lo-de-thi", 721, lambda w: events.leak(w, w.day(6, 26), 35))
    yield made("a-lo-de-thi-lon", 722, lambda w: events.leak(w, w.day(6, 27), 120), scale=5)
    yield made("a-ngo-doc", 723, lambda w: events.poisoning(w, w.day(3, 12), 14))
    yield made("a-ngo-doc-cuoi-tuan", 724, lambda w: events.poisoning(w, w.day(4, 18), 16))
    yield made("a-tin-don-ba-kenh", 725, lambda w: _on_channels(w, w.day(4, 7)))
    yield made("a-lam-thu-am-i", 726, lambda w: events.overcharging(w, w.day(3, 9), first=0.8))
    yield made("a-bao-luc-trong-tet", 727, lambda w: events.violence(w, w.day(2, 16), 22))
    yield made("a-hai-viec-mot-luc", 728, lambda w: events.violence(w, w.day(4, 14), 25),
               lambda w: events.poisoning(w, w.day(4, 15), 14))  # fmt: skip
    yield made("a-hai-lan-lien-tiep", 729, lambda w: events.violence(w, w.day(3, 6), 30),
               lambda w: events.violence(w, w.day(3, 30), 24))  # fmt: skip
    yield made("a-duoi-nuoc", 730, lambda w: events.drowning(w, w.day(5, 9), 9))


def _on_channels(made: World, day: int) -> None:
    made.channels = True
    events.rumour(made, day, 9.0)


def _crowds() -> Iterator[tuple[str, crowds.Crowd]]:
    """Those of the second generator, by which the first one's numbers were checked."""

    def made(name: str, seed: int, *happenings: Any, **given: Any) -> tuple[str, crowds.Crowd]:
        given.setdefault("start", date(2025, 12, 1))
        one = crowds.year(seed, topics=SMALL, days=290, **given)
        one.live()
        for topic, day, sizes, upset, kind in happenings:
            one.happen(topic, one.at(day), sizes, upset, kind)
        return name, one

    for seed, size, bunch in ((1, 1.0, 1.4), (2, 4.0, 2.0), (3, 0.4, 1.2), (4, 2.0, 1.8),
                              (5, 1.0, 2.2), (6, 8.0, 1.3)):  # fmt: skip
        yield made(f"b-yen-tinh-{seed}", 900 + seed, size=size, bunch=bunch)
    for name, seed, given, happenings in _MATTERS:
        yield made(name, seed, *happenings, **given)


_MATTERS: tuple[tuple[str, int, dict[str, float], tuple[Any, ...]], ...] = (
    ("b-lo-de-thi", 911, {}, (
        ("i.de_thi", date(2026, 6, 26), [40, 30, 12, 5], 0.75, "burst"),
        ("e.sgk", date(2026, 3, 18), [18, 14, 6], 0.7, "burst"),
    )),
    ("b-ngo-doc", 912, {}, (
        ("b.bua_an_ban_tru", date(2026, 4, 15), [16, 19, 9, 4], 0.8, "burst"),
        ("b.bao_luc_hoc_duong", date(2026, 5, 23), [20, 25, 10, 6], 0.85, "burst"),
    )),
    ("b-tin-don", 913, {}, (
        ("b.dich_benh", date(2026, 4, 4), [9, 10, 9, 6], 0.4, "burst"),
        ("c.tin_gia", date(2026, 8, 5), [10, 14, 9, 6], 0.5, "burst"),
    )),
    ("b-lam-thu", 914, {}, (
        ("dd.khoan_thu", date(2026, 4, 6), [2 + one // 2 for one in range(24)], 0.8, "slow"),
        ("b.duoi_nuoc_tai_nan", date(2026, 6, 13), [12, 8, 3], 0.5, "burst"),
    )),
    ("b-trong-tet", 915, {}, (
        ("b.bao_luc_hoc_duong", date(2026, 2, 17), [12, 15, 8], 0.9, "burst"),
        ("b.bua_an_ban_tru", date(2026, 3, 28), [17, 12, 6], 0.8, "burst"),
    )),
    ("b-im-lang-roi-muoi-nguoi", 916, {}, (
        ("b.duoi_nuoc_tai_nan", date(2026, 7, 28), [11, 13, 5], 0.5, "burst"),
        ("k.nq29", date(2026, 3, 11), [8, 9, 4], 0.6, "burst"),
    )),
    ("b-lon-trong-mua-thi", 917, {"size": 4.0}, (
        ("i.thi_tn_thpt", date(2026, 6, 27), [160, 120, 40, 20], 0.8, "burst"),
        ("dd.khoan_thu", date(2026, 5, 6), [70, 60, 30, 12], 0.8, "burst"),
    )),
    ("b-sgk-am-i", 918, {}, (
        ("e.sgk", date(2026, 5, 4), [2 + one // 2 for one in range(24)], 0.7, "slow"),
        ("d.dao_duc_nha_giao", date(2026, 3, 3), [3 + one // 2 for one in range(20)], 0.85, "slow"),
    )),
)  # fmt: skip


def scenarios() -> Iterator[dict[str, Any]]:
    """All of them, in the format of the file, with what happened in each."""
    for name, made in _worlds():
        yield draw(made, name)
    for name, crowd in _crowds():
        yield crowd.scenario(name)


def write(folder: Path = FOLDER) -> int:
    """Writes every season to a file of its own; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for one in scenarios():
        (folder / f"{one['id']}.yml").write_text(as_text(one), encoding="utf-8")
        count += 1
    return count


def as_text(scenario: dict[str, Any]) -> str:
    """A scenario as the file that holds it."""
    body = {"warmup_days": WARMUP, "timezone": "Asia/Ho_Chi_Minh", "scenarios": [scenario]}
    text = yaml.safe_dump(
        body, allow_unicode=True, sort_keys=False, width=4000, default_flow_style=None
    )
    return str(text).replace(", ", ",")


def measure(folder: Path = FOLDER) -> dict[str, Score]:
    """The figures of the written seasons: of the first generator, and of the second."""
    found = {"a": Score(), "b": Score()}
    seasons = catalog.load(ROOT / "intake_api" / "catalog").calendar.seasons
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(folder.glob("*.yml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both safe
        for scenario, body in zip(read(raw, seasons), raw["scenarios"], strict=True):
            judge(scenario, body["incidents"], found[path.name[0]])
    return found


def page(found: dict[str, Score]) -> str:
    """The part of docs/quality.md."""
    lines = [
        "| seasons | of them quiet | false alarms a quiet year | bursts found the same day | "
        "later | missed | slow burns within 7 days | later | missed |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, title in (("a", "levels that wander"), ("b", "crowds of people")):
        score = found[name]
        cells = [f"{title}, {score.seasons}", str(score.quiet), f"{score.false_a_year:.1f}"]
        for kind in ("burst", "slow"):
            soon, at_all, of = score.found(kind)
            cells += [f"{soon} of {of}", str(at_all - soon), str(of - at_all)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Writes the seasons, or measures them."""
    if arguments == ["write"]:
        print(f"{write()} seasons written.")
        return 0
    found = measure()
    print(page(found))
    for score in found.values():
        print("\n".join(score.false))
        print(score.false_beside, score.delays)
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{page(found)}\n\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))


assert set(SMALL) <= set(TOPICS)
