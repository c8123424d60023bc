"""Every number that decides about an alert, in one place, and the tests of "enough"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from intake_api.watch.model import Flags, Level, Numbers

if TYPE_CHECKING:
    from intake_api.watch.detect import Detector, _Sums

# So many days must have been seen, warm-up or not.
LEAST_HISTORY = 14
# What is usual is learned anew every so many days, in the first weeks every day.
RELEARN, YOUNG = 5, 40
# False discoveries among a day's alerts: a year has 365 days, and at most two may be wrong.
RATE = 0.003
QUESTIONS = 6.0  # independent ones among all of them
# Weeks are looked at every day, but there are only so many of them: a longer window has fewer
# chances to be wrong, and its answers count for more.
LOOKS = 0.8
# Of a season's own days, those so long ago tell its usual share of anger; by window.
GAPS = {1: 3, 3: 3, 7: 10, 14: 10}
# The whole house: from here on a rise or fall is taken for one of everybody.
WHOLE_RISE, WHOLE_FALL, OUTAGE = 1.2, 0.35, 0.25
UNEVEN = 0.35  # a rise of everybody lifts not everybody alike
EVERYBODY = 0.4
# When so many subjects (and this share of them) leap on one day, by so many people and so many
# standard deviations, each is asked whether it leapt further than they did.
LEAP_FEW, LEAP_SHARE, LEAP, LEAP_FAR = 4, 1 / 3, 3.0, 3.0
# So long after an alert the last weeks count, without their loudest days.
REMEMBER, LATELY, LOUDEST = 60, 21, 4
# Tests of anger: what they say is about angry people.
BY_ANGER = ("negative", "share", "both", "season")
# In a season: the share is a hint, and the number has to jump beyond what seasons do in a day.
FAR = {1: 2.2, 3: 2.2, 7: 1.7, 14: 1.6}
SHARE_HINT, SEASON_STEP, SEASON_SPREAD = 0.03, 1.6, 0.35
# However high a season stands, this is no step of a season.
JUMP_PEOPLE, JUMP_TIMES, JUMP_ANGRY = 25.0, 6.0, 10.0
# The same on three channels: people in all, ratio, people on each; by window.
CHANNELS = 3
# Only where few write: what many write about comes on every channel on any day.
CHANNEL_DUE = {1: 1.2, 3: 2.5}
CHANNEL_PEOPLE, CHANNEL_TIMES, CHANNEL_EACH = {1: 6.0, 3: 8.0}, 2.5, {1: 1.5, 3: 2.0}
CHANNEL_WHOLE, CHANNEL_ABOVE, CHANNEL_APART = 1e-3, 2.0, 0.5
# Within three hours of one day.
HOURS_PEOPLE, HOURS_TIMES = 8.0, 5.0
MILD = 0.02
# Where nobody needs to be angry: a rumour is asked about calmly.
CALM_BY_NATURE = frozenset({"c.tin_gia"})
SLOW_PENALTY, EVEN_PENALTY = 30.0, 10.0
ANGRIER = 2.5
CALM_DAYS, LONGEST = 3, 35

# By window: least people, least excess over the expected, least ratio.
_PEOPLE = {1: (5.5, 5.0, 2.6), 3: (7.5, 6.5, 2.2), 7: (10.0, 9.0, 1.9), 14: (14.0, 12.0, 1.8)}
# The same number of angry people as ever.
BUSY = 3.2
SILENT = 0.1  # people a day
# Where nobody wrote so far: a subject that begins is no incident (many angry people are, at once).
_YOUNG_PEOPLE = {1: 5.5, 3: 9.5, 7: 14.0, 14: 20.0}
_CALM_PEOPLE = {1: 9.0, 3: 14.0, 7: 20.0, 14: 30.0}
_ANGRY = {1: (5.5, 5.0, 2.8), 3: (6.5, 5.5, 2.4), 7: (8.0, 6.5, 2.0), 14: (10.0, 8.5, 1.8)}


def _enough(seen: Numbers, due: Numbers, wanted: tuple[float, float, float]) -> Flags:
    least, over, ratio = wanted
    return (seen >= least) & (seen - due >= over) & (seen >= ratio * due)


def enough_though_calm(window: int, sums: _Sums) -> Flags:
    """True where people are enough although nobody more than usual is angry."""
    silent = sums.due < SILENT * window
    return sums.people >= np.where(silent, _PEOPLE[window][0], _CALM_PEOPLE[window])


def people_matter(window: int, sums: _Sums) -> Flags:
    """True where enough people are behind it, and far enough above the usual."""
    young = sums.due < SILENT * window
    return _enough(sums.people, sums.due, _PEOPLE[window]) & (
        ~young | (sums.people >= _YOUNG_PEOPLE[window])
    )


def busy_only(sums: _Sums, share: Numbers) -> Flags:
    """True where more people write in the mood of every day, and not three times as many."""
    level = sums.angry <= 1.25 * share * sums.of
    return (sums.of > 0) & level & (sums.people < BUSY * sums.due)


def angry_matter(window: int, sums: _Sums) -> Flags:
    """True where enough angry people are behind it."""
    return _enough(sums.angry, sums.angry_due, _ANGRY[window])


def share_matters(window: int, sums: _Sums, share: Numbers, rise: Flags) -> Flags:
    """True where the share of anger is far above the usual. Outside a named season the number of
    angry people must have grown as well."""
    now = np.divide(sums.angry, sums.of, out=np.zeros_like(sums.of), where=sums.of > 0)
    # In odds, so that a topic that is always half angry can stand out as well.
    far = now >= 1.0 / (1.0 + (1.0 - share) / share / FAR[window])
    over = sums.angry - share * sums.of >= {1: 5.0, 3: 6.0, 7: 8.0, 14: 10.0}[window]
    grown = rise | (sums.angry >= 1.6 * sums.angry_due)
    return far & over & grown & (sums.of >= 8)


def ongoing(one: Detector, day: int, window: int) -> Flags:
    """True where a run of days is one: not a single loud day of a week ago."""
    if window == 1:
        return np.ones(len(one.people), dtype=np.bool_)
    low = max(0, day - window + 1)
    above = np.nan_to_num(one.people[:, low : day + 1]) > one.expected[:, low : day + 1]
    late = above[:, -3:].sum(axis=1)
    if window == 3:
        return late >= 2
    return (late >= 2) & (above.sum(axis=1) >= 0.55 * window)


def level_of(row: int, day: _Sums, week: _Sums) -> Level:
    """The level that numbers alone propose; a person confirms each rise."""
    people, angry = float(day.people[row]), float(day.angry[row])
    ratio = people / max(float(day.due[row]), 1.0)
    if (people >= 80 and ratio >= 8) or angry >= 60:
        return Level.CRISIS
    if (people >= 25 and ratio >= 5) or angry >= 20:
        return Level.INCIDENT
    if float(week.people[row]) >= 90 and week.people[row] >= 4 * week.due[row]:
        return Level.INCIDENT
    return Level.WARNING


def is_calm(one: Detector, row: int, day: int) -> bool:
    """True when a day of an open alert is as any other."""
    people, due = one.people[row, day], one.expected[row, day]
    calm = people <= max(1.6 * due, due + 3)
    angry = one.angry[row, day]
    if not np.isnan(angry):
        calm = calm and angry <= max(
            1.8 * one.expected_angry[row, day], one.expected_angry[row, day] + 3
        )
    return bool(calm)
