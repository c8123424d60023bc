"""The detector: at the end of each day it looks at all subjects and knows nothing of later days.

Four questions are asked of every subject: are there more people than usual (over 1, 3, 7 and 14
days), more angry people, a larger share of angry ones, and the same on three channels at once? A
season that was announced answers the first two by itself: within it the share decides. All answers
of a day go through one control of false discoveries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import numpy as np

from intake_api.watch import chances, finer, limits, prior
from intake_api.watch.baseline import WINDOWS, Usual, learn, together
from intake_api.watch.model import Alert, Evidence, Flags, Level, Numbers, Panel, negative_people
from intake_api.watch.seasons import marks


@dataclass(slots=True)
class _Open:
    """An open alert of one subject."""

    since: int
    first: int  # day on which what it warns of began, as far as one can tell
    level: Level
    calm: int = 0


@dataclass(frozen=True, slots=True)
class _Sums:
    """Of one window that ends today: people and angry people, seen and expected."""

    people: Numbers
    due: Numbers
    angry: Numbers
    angry_due: Numbers
    of: Numbers  # people of days on which anger was counted


def _only(wanted: Flags, chance: Callable[..., Numbers], *arrays: Numbers) -> Numbers:
    """The chance where it is wanted, 1 elsewhere: most days have nothing to ask."""
    found = np.ones(len(wanted))
    if wanted.any():
        found[wanted] = chance(*(one[wanted] for one in arrays))
    return found


class Detector:
    """Walks over a panel; ``step`` takes the days one after another."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        rows, days = len(panel.series), panel.days
        self.people = np.vstack([one.people for one in panel.series] or [np.zeros((0, days))])
        self.angry = np.full((rows, days), np.nan)
        for row, one in enumerate(panel.series):
            if one.negative is not None:
                self.angry[row] = negative_people(one.count, one.people, one.negative)
        self.week = np.array(
            [(panel.start + timedelta(days=day)).weekday() for day in range(days)], dtype=np.float64
        )
        self.moody = np.array(
            [one.code not in limits.CALM_BY_NATURE for one in panel.series], dtype=np.bool_
        )
        self.marks = marks(panel)
        self.known = ~np.isnan(self.people)
        dark = self.marks.silent | self.marks.back | self.marks.rise
        self.teach = self.known & ~dark
        self.factor = np.ones((rows, days))  # how much the whole house rose or fell
        self.whole = np.ones(days)  # the same as each day alone says it
        self.lift = prior.lifts(panel)
        self.relearn = 0
        self.usual = self.usual_angry = learn(self.people, self.teach, self.week, 0)
        self.open: dict[int, _Open] = {}
        self.closed: dict[int, int] = {}  # subject: day on which its last alert closed
        self.spent = np.zeros((rows, days), dtype=np.bool_)
        self.expected = np.zeros((rows, days))
        self.expected_angry = np.zeros((rows, days))

    # ---------------------------------------------------------------------------- one day

    def step(self, day: int) -> list[Alert]:
        """What opens or rises at the end of ``day`` (index). Days of the warm-up tell nothing."""
        if not len(self.people):
            return []
        if day >= self.relearn:
            self.usual = learn(self.people, self.teach, self.week, day)
            counted = self.teach & ~np.isnan(self.angry)
            self.usual_angry = learn(self.angry, counted, self.week, day)
            self.relearn = day + (1 if self.panel.warmup <= day < limits.YOUNG else limits.RELEARN)
        usual, angry = self.usual, self.usual_angry
        self._expect(day, usual, angry)
        if day < max(self.panel.warmup, limits.LEAST_HISTORY):
            return []
        found = self._ask(day, usual, angry)
        return self._decide(day, found)

    def _expect(self, day: int, usual: Usual, angry: Usual) -> None:
        """What was to be expected of today, the whole house's rise and the marks included."""
        base = usual.level * usual.days[:, int(self.week[day])]
        base_angry = angry.level * angry.days[:, int(self.week[day])]
        now = np.nan_to_num(self.people[:, day])
        steady = self.known[:, day] & ~self.marks.rise[:, day]
        steady[list(self.open)] = False
        whole = together(now, base, usual.spread[1], steady & (not self.panel.chosen))
        self.whole[day] = whole
        # One day tells it badly: what went on all week goes on.
        lately = float(np.median(self.whole[max(0, day - 6) : day + 1]))
        up = max(whole, lately)
        up = up if up > limits.WHOLE_RISE else 1.0
        down = np.sqrt(whole) if whole < limits.WHOLE_FALL else 1.0
        if whole < limits.OUTAGE and not self.marks.silent[:, day].any():
            self.teach[:, day] = False  # the house heard nothing: that is no calm
        elif up > 1.5:
            self.teach[:, day] = False
        house = up * down
        more, more_angry = self._for_all(day, base, base_angry, usual.spread[1], steady)
        own = np.maximum(self.marks.allow[:, day], self.lift[:, day])
        # What the whole house brings back from a silence is counted in ``up`` already.
        mine = np.where(self.marks.back[:, day], np.maximum(own / up, 1.0), own) * house
        mine = np.maximum(mine, 1.0 + more / np.maximum(base, 1e-3)) if more else mine
        self.factor[:, day] = mine
        self.expected[:, day] = np.maximum(base * mine, 1e-3)
        mood = np.maximum(base_angry * mine, base_angry + more_angry) if more else base_angry * mine
        self.expected_angry[:, day] = np.maximum(mood, 1e-3)
        self._lately(day, usual, angry)

    def _for_all(
        self, day: int, base: Numbers, base_angry: Numbers, spread: Numbers, steady: Flags
    ) -> tuple[float, float]:
        """How many people more every subject got, when many subjects leapt on one day: an import
        nobody told of, a page that was shared. (0, 0) on any other day."""
        steady = steady & ~self.marks.silent[:, day]
        more = np.nan_to_num(self.people[:, day]) - base
        leapt = steady & (more >= limits.LEAP) & (
            more >= limits.LEAP_FAR * np.sqrt(base + spread * base**2 + 0.25)
        )  # fmt: skip
        wanted = max(limits.LEAP_FEW, limits.LEAP_SHARE * steady.sum())
        if self.panel.chosen or leapt.sum() < wanted:
            return 0.0, 0.0
        self.teach[:, day] = False
        angry = np.nan_to_num(self.angry[:, day]) - base_angry
        return float(np.median(more[leapt])), max(0.0, float(np.median(angry[leapt])))

    def _lately(self, day: int, usual: Usual, angry: Usual) -> None:
        """After an alert its subject may stay higher than it was, and the alert's days taught
        nothing: then the last weeks without their loudest days say what is usual now."""
        low = max(0, day - limits.LATELY)
        for row, closed in self.closed.items():
            if row in self.open or day - closed > limits.REMEMBER:
                continue
            pairs = ((self.people, self.expected, usual), (self.angry, self.expected_angry, angry))
            for seen, expected, told in pairs:
                days = np.sort(seen[row, low:day][~np.isnan(seen[row, low:day])])
                days = days[: len(days) - limits.LOUDEST]
                if len(days) >= limits.LATELY // 2:
                    now = days.mean() * told.days[row, int(self.week[day])]
                    expected[row, day] = max(expected[row, day], now)

    def _sums(self, day: int, window: int) -> _Sums:
        low = max(0, day - window + 1)
        people, due = self.people[:, low : day + 1], self.expected[:, low : day + 1]
        angry, own = self.angry[:, low : day + 1], self.expected_angry[:, low : day + 1]
        heard = self.known[:, low : day + 1]
        counted = heard & ~np.isnan(angry)
        # Days of a season that is over by now say nothing about what comes after it.
        # Nor do days of an alert that is closed.
        over = self.marks.rise[:, low : day + 1] & ~self.marks.rise[:, day : day + 1]
        over |= self.spent[:, low : day + 1]
        people = np.where(over, np.minimum(people, due), people)
        angry = np.where(over, np.minimum(angry, own), angry)
        return _Sums(
            np.where(heard, people, 0.0).sum(axis=1),
            np.where(heard, due, 0.0).sum(axis=1),
            np.where(counted, angry, 0.0).sum(axis=1),
            np.where(counted, own, 0.0).sum(axis=1),
            np.where(counted, people, 0.0).sum(axis=1),
        )

    # -------------------------------------------------------------------------- questions

    def _ask(self, day: int, usual: Usual, angry: Usual) -> dict[str, tuple[Numbers, _Sums, int]]:
        """Chance of what was seen by question and window; 1 where a question does not apply."""
        doubt = (1.0 + usual.spread[1] * usual.level) / (usual.worth * usual.level + 0.5)
        doubt_angry = (1.0 + angry.spread[1] * angry.level) / (angry.worth * angry.level + 0.5)
        heard = self.known[:, day]
        rise = self.marks.rise[:, day]
        uneven = np.where(self.factor[:, day] > 1.2, limits.UNEVEN, 0.0)
        shares_by = {gap: self._usual_share(day, usual, angry, gap) for gap in limits.GAPS.values()}
        found: dict[str, tuple[Numbers, _Sums, int]] = {}

        def answer(name: str, p: Numbers) -> None:
            if (p < 1).any():
                found[f"{name}{window}"] = (p, sums, window)

        for window in WINDOWS:
            sums, share = self._sums(day, window), shares_by[limits.GAPS[window]]
            open_days = ~rise & heard & limits.ongoing(self, day, window)
            spread = usual.spread[window] + np.minimum(doubt, 2.0) + uneven
            # Nobody more is angry than ever: that needs to be clearer, and more people.
            even = (sums.of > 0) & (sums.angry - sums.angry_due < limits.ANGRIER) & self.moody
            wanted = open_days & limits.people_matter(window, sums)
            wanted &= ~even | limits.enough_though_calm(window, sums)
            wanted &= ~(limits.busy_only(sums, share) & self.moody)
            if window == 1:
                wanted &= sums.people > 1.15 * usual.most * np.maximum(self.factor[:, day], 1) + 1
            wanted &= ~self._mild(wanted, sums, share)
            p = _only(wanted, chances.at_least, sums.people, sums.due, spread)
            slow = limits.SLOW_PENALTY if window >= 7 else 1.0
            answer("people", np.minimum(p * np.where(even, limits.EVEN_PENALTY, slow), 1.0))
            wanted = open_days & limits.angry_matter(window, sums)
            doubted = angry.spread[window] + np.minimum(doubt_angry, 2.0) + uneven
            p = _only(wanted, chances.at_least, sums.angry, sums.angry_due, doubted)
            answer("negative", p)
            wanted = heard & limits.share_matters(window, sums, share, rise)
            shares = _only(
                wanted, partial(chances.share_at_least, days=window), sums.angry, sums.of, share
            )
            answer("share", shares)
            # More people, and more of them angry: two answers that know nothing of each other.
            wanted = (p < 1) & (shares < 1)
            both = _only(wanted, chances.at_least, sums.people, sums.due, spread) * shares
            answer("both", np.where(wanted, both * (1.0 - np.log(np.maximum(both, 1e-300))), 1.0))
            wanted = rise & (shares < limits.SHARE_HINT)
            if wanted.any():
                answer("season", np.where(wanted, self._in_season(day, window, sums), 1.0))
            if window <= 3:
                p = finer.channels(self, day, window, sums.people, sums.due, usual.spread[window])
                answer("channels", np.where(open_days & ~self._mild(p < 1, sums, share), p, 1.0))
            if window == 1:
                p = finer.hours(self, day, usual.spread[1] + uneven)
                answer("hours", np.where(open_days & ~self._mild(p < 1, sums, share), p, 1.0))
                wanted = rise & heard & self._jumps(day, sums, share)
                if wanted.any():
                    answer("jump", np.where(wanted, self._in_season(day, 1, sums), 1.0))
        return found

    def _jumps(self, day: int, sums: _Sums, share: Numbers) -> Flags:
        """A leap in the middle of a season, and nobody calmer than before."""
        before = self.people[:, max(0, day - 7) : day]
        inside = self.marks.rise[:, max(0, day - 3) : day].all(axis=1)
        most = np.nanmax(np.nan_to_num(before), axis=1, initial=0.0)
        return (
            inside
            & (sums.people >= limits.JUMP_PEOPLE)
            & (sums.people >= limits.JUMP_TIMES * np.maximum(most, 1.0))
            & (sums.angry >= np.maximum(limits.JUMP_ANGRY, share * sums.of))
        )

    def _in_season(self, day: int, window: int, sums: _Sums) -> Numbers:
        """Chance of so many angry people when a season goes on as in its last days, and more."""
        low = max(0, day - window - 6)
        before = self.angry[:, low : day - window + 1]
        count = np.maximum((~np.isnan(before)).sum(axis=1), 1)
        mean = np.nansum(before, axis=1) / count
        due = np.maximum(limits.SEASON_STEP * mean * window + 0.5, sums.angry_due)
        return chances.at_least(sums.angry, due, np.full(len(due), limits.SEASON_SPREAD))

    def _usual_share(self, day: int, usual: Usual, angry: Usual, gap: int) -> Numbers:
        """The share of angry people: of quiet days, and in a season no less than of its own days
        up to ``gap`` days ago."""
        share = (angry.level * angry.worth + 2.0 * 0.25) / (usual.level * usual.worth + 2.0)
        low, high = max(0, day - 35), max(0, day - gap)
        use = self.marks.rise[:, low:high] & ~np.isnan(self.angry[:, low:high])
        for row in self.open:
            use[row] = False
        hits = np.where(use, self.angry[:, low:high], 0.0).sum(axis=1)
        of = np.where(use, self.people[:, low:high], 0.0).sum(axis=1)
        season = (hits + 10.0 * share) / (of + 10.0)
        return np.clip(np.maximum(share, season), 0.02, 0.9)

    def _mild(self, wanted: Flags, sums: _Sums, share: Numbers) -> Flags:
        """Many people, and clearly fewer of them angry than usual: thanks, or a question."""
        wanted = wanted & (sums.of > 0) & self.moody
        p = _only(wanted, chances.share_at_most, sums.angry, sums.of, share)
        return p < limits.MILD

    # --------------------------------------------------------------------------- decisions

    def _decide(self, day: int, found: dict[str, tuple[Numbers, _Sums, int]]) -> list[Alert]:
        names = list(found)
        if not names:
            self._settle(day, np.zeros(len(self.people), dtype=np.bool_))
            return []
        table = np.vstack([found[name][0] / found[name][2] ** limits.LOOKS for name in names])
        table = np.where(np.vstack([found[name][0] for name in names]) < 1, table, 1.0)
        best = table.argmin(axis=0)
        least = np.minimum(1.0, table.min(axis=0) * limits.QUESTIONS)
        believed = chances.significant(least, limits.RATE) & self.known[:, day]
        believed &= self._adds(day, [names[one] for one in best])
        if not self.panel.chosen and believed.sum() >= 3 and believed.mean() > limits.EVERYBODY:
            # All at once is one thing of the whole house; a larger share of anger is not.
            share = ("share", "both", "season", "jump")
            angry = np.array([names[one].startswith(share) for one in best])
            believed &= angry
        made: list[Alert] = []
        for row in np.flatnonzero(believed):
            name = names[best[row]]
            _, sums, window = found[name]
            alert = self._fire(int(row), day, name.rstrip("0123456789"), window, sums)
            if alert is not None:
                made.append(alert)
        self._settle(day, believed)
        return made

    def _adds(self, day: int, tests: list[str]) -> Flags:
        """True where today itself adds to what its test says of some days."""
        by_anger = np.array([one.startswith(limits.BY_ANGER) for one in tests], dtype=np.bool_)
        people = self.people[:, day] > self.expected[:, day]
        angry = self.angry[:, day] > self.expected_angry[:, day]
        return np.where(by_anger, angry, people)

    def _fire(self, row: int, day: int, test: str, window: int, sums: _Sums) -> Alert | None:
        level = limits.level_of(row, self._sums(day, 1), self._sums(day, 7))
        known = self.open.get(row)
        if known is not None:
            known.calm = 0
            if level <= known.level:
                return None
            known.level = level
        else:
            self.open[row] = _Open(day, max(0, day - window + 1), level)
        one = self.panel.series[row]
        by_anger = test in limits.BY_ANGER
        return Alert(
            one.code,
            day,
            level,
            Evidence(
                test=test,
                days=window,
                observed=float((sums.angry if by_anger else sums.people)[row]),
                expected=float((sums.angry_due if by_anger else sums.due)[row]),
                people=float(sums.people[row]),
                negative=float(sums.angry[row]) if sums.of[row] else None,
                share=float(sums.angry[row] / sums.of[row]) if sums.of[row] else None,
                usual_share=float(sums.angry_due[row] / sums.due[row]) if sums.of[row] else None,
            ),
            opened=known is None,
        )

    def _settle(self, day: int, believed: Flags) -> None:
        """Alerts that have grown calm close; their days teach nothing."""
        for row, one in list(self.open.items()):
            self.teach[row, one.first : day + 1] = False
            if believed[row] or not self.known[row, day]:
                continue
            calm = limits.is_calm(self, row, day)
            one.calm = one.calm + 1 if calm else 0
            if one.calm >= limits.CALM_DAYS:
                self.spent[row, one.first : day + 1] = True
                self.closed[row] = day
                del self.open[row]
            elif day - one.since >= limits.LONGEST:
                # So long is no incident any more: it is how things are now.
                self.teach[row, one.since : day + 1] = self.known[row, one.since : day + 1]
                self.spent[row, one.first : day + 1] = True
                self.closed[row] = day
                del self.open[row]
