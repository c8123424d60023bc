"""The early warning over what people send in: counts days, looks at them, opens alerts.

Counts are of distinct people and never of sealed cases. The machine opens and proposes; what an
alert's level is, people decide (``flow.alerting``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from intake_api.domain.access import Scope
from intake_api.domain.model import Role
from intake_api.domain.reminding import Kind
from intake_api.domain.worktime import LOCAL
from intake_api.flow import reminding
from intake_api.flow.services import Services, local_day
from intake_api.store import events, registry, watching
from intake_api.store.tables import Case
from intake_api.store.watch_tables import Alert, AlertEntry
from intake_api.store.watching import PHRASE, SCHOOL, TOPIC, Counted, Written
from intake_api.watch import model, phrases, telling
from intake_api.watch.model import LEVEL_TITLE, Level, Panel, Series
from intake_api.watch.seasons import of_rules

if TYPE_CHECKING:
    from intake_api.store import Session

DAYS, YEAR = 200, 364  # looked at; the same weekday a year before
WARMUP = 28
PORTION = 20  # days counted in one transaction
# A school nobody has written about lately needs no looking at.
BUSY_DAYS, BUSY_PEOPLE = 14, 4
PHRASE_DAYS, PHRASE_NOW, PHRASE_TEXTS = 42, 3, 12_000
EXCERPTS, PHRASES_SHOWN = 40, 5
RECENT = 7
# An alert that was closed does not open again by what made it open, nor by what was before.
AGAIN = timedelta(days=3)


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments between which days of Hà Nam lie, the last one whole."""
    start = datetime.combine(first, time(), LOCAL)
    return start, datetime.combine(last + timedelta(days=1), time(), LOCAL)


def count(tx: Session, *, now: datetime, most: int = PORTION) -> bool:
    """Counts days that have not been counted, and yesterday and today anew; True while days are
    left. Senders are told apart for two days only, so that older days stay as they were."""
    today, known = local_day(now), watching.state(tx)
    oldest = today - timedelta(days=DAYS + YEAR)
    if known is None:
        begun = watching.first_case(tx)
        day = first = max(local_day(begun), oldest) if begun else today
    else:
        first, day = known.first_day, known.last_day - timedelta(days=1)
        day = max(day, first)
    last = min(today, day + timedelta(days=most - 1))
    while True:
        watching.count_day(tx, day, *bounds(day, day))
        if day >= last:
            break
        day += timedelta(days=1)
    watching.set_state(tx, first=first, last=last, at=now)
    return last < today


@dataclass(frozen=True, slots=True)
class Rising:
    """What the numbers say rises, and since which day; ``behind``: who uses a phrase."""

    kind: str
    alert: model.Alert
    day: date
    behind: tuple[Written, ...] = ()


def rising(tx: Session, services: Services, *, now: datetime) -> list[Rising]:
    """Looks at topics, schools and phrases as they stand now. Only reads and reckons: with a year
    of cases that takes seconds, and whoever writes must not wait for it."""
    known = watching.state(tx)
    if known is None:
        return []
    panels = [
        (kind, _panel(tx, services, kind, known.first_day, local_day(now)))
        for kind in (TOPIC, SCHOOL)
    ]
    found = [one for kind, panel in panels for one in _recent(kind, panel)]
    return [*found, *_phrases(tx, known.first_day, now)]


def open_alerts(
    tx: Session, services: Services, found: Sequence[Rising], *, now: datetime
) -> list[Alert]:
    """Opens alerts for what rises, or proposes a higher level for open ones. Returns those that
    are new or rose."""
    made: list[Alert] = []
    for one in found:
        # Of a topic that raised the alarm itself its phrases need not do it as well.
        if one.kind == PHRASE and _told_by_topics(tx, one, local_day(now)):
            continue
        made += _open(tx, services, one, now)
    return made


def _recent(kind: str, panel: Panel) -> Iterator[Rising]:
    """Alerts of the last days: the jobs process may have stood still for some of them."""
    # It brings scipy along, and only the jobs process reckons.
    from intake_api.watch.replay import replay

    for one in replay(panel):
        if one.day >= panel.days - RECENT:
            yield Rising(kind, one, panel.start + timedelta(days=one.day))


def _panel(tx: Session, services: Services, kind: str, first: date, today: date) -> Panel:
    start = max(first, today - timedelta(days=DAYS - 1))
    days = (today - start).days + 1
    before = start - timedelta(days=YEAR)
    if kind == TOPIC:
        codes = list(services.catalog.topics)
    else:
        lately = today - timedelta(days=BUSY_DAYS)
        codes = sorted(watching.busy(tx, kind, lately, BUSY_PEOPLE))
    rows = watching.days_of(tx, kind, codes, before)
    seasons = of_rules(services.catalog.calendar.seasons, range(start.year, today.year + 1))
    prior = first <= before
    series = _series(rows, codes, start, days, prior=prior)
    return Panel(start, days, WARMUP, tuple(series), tuple(seasons) if kind == TOPIC else ())


def _series(
    rows: Sequence[Counted], codes: Sequence[str], start: date, days: int, *, prior: bool
) -> Iterator[Series]:
    at = {code: number for number, code in enumerate(codes)}
    names = sorted({name for row in rows for name in row.channels})
    people, angry, before = (np.zeros((len(codes), days)) for _ in range(3))
    channels = {name: np.zeros((len(codes), days)) for name in names}
    for row in rows:
        number, day = at[row.code], (row.day - start).days
        if 0 <= day < days:
            people[number, day] = min(row.people, row.texts)
            angry[number, day] = min(row.negative, row.people, row.texts)
            for name, count in row.channels.items():
                channels[name][number, day] = count
        elif 0 <= day + YEAR < days:
            before[number, day + YEAR] = row.people
    for code, number in at.items():
        yield Series(
            code, people[number], people[number], angry[number],
            {name: table[number] for name, table in channels.items()},
            prior=before[number] if prior else None,
        )  # fmt: skip


# ------------------------------------------------------------------------------ phrases


def _phrases(tx: Session, first: date, now: datetime) -> list[Rising]:
    """Phrases that surge, with the texts of the last days that use them."""
    today = local_day(now)
    start = max(first, today - timedelta(days=PHRASE_DAYS - 1))
    days = (today - start).days + 1
    if days < WARMUP:
        return []
    recent = _distinct(
        watching.written(
            tx, *bounds(today - timedelta(days=PHRASE_NOW - 1), today), limit=PHRASE_TEXTS // 4
        )
    )
    said = [phrases.read(one.person, one.text, one.case_id) for one in recent]
    found = [phrase for phrase, _ in phrases.candidates(said)]
    if not found:
        return []
    table = np.zeros((len(found), days))
    for day in range(days):
        on = start + timedelta(days=day)
        texts = watching.written(tx, *bounds(on, on), limit=PHRASE_TEXTS // PHRASE_DAYS)
        table[:, day] = _people_of(found, _distinct(texts))
    series = tuple(Series(name, row, row) for name, row in zip(found, table, strict=True))
    panel = Panel(start, days, WARMUP, series, chosen=True)
    return [
        replace(one, behind=users)
        for one in _recent(PHRASE, panel)
        if (users := tuple(text for text in recent if phrases.uses(one.alert.code, text.text)))
    ]


def _told_by_topics(tx: Session, one: Rising, today: date) -> bool:
    """True when half of those who use a phrase write on a topic that raised the alarm."""
    alarmed = watching.fired(tx, today - AGAIN)
    inside = sum((TOPIC, text.topic) in alarmed for text in one.behind)
    return inside >= 0.5 * len(one.behind)


def _distinct(texts: Sequence[Written]) -> list[Written]:
    """One text copied by many is one text."""
    return list({one.text: one for one in reversed(texts)}.values())


def _people_of(found: Sequence[str], texts: Sequence[Written]) -> list[int]:
    people: list[set[str]] = [set() for _ in found]
    for one in texts:
        words = phrases.flat(one.text)
        for number, phrase in enumerate(found):
            if f" {phrase} " in words:
                people[number].add(one.person)
    return [len(one) for one in people]


# ------------------------------------------------------------------------------- opening


def _open(tx: Session, services: Services, one: Rising, now: datetime) -> list[Alert]:
    kind, alert, day = one.kind, one.alert, one.day
    known = watching.latest(tx, kind, alert.code)
    if known is not None and known.state == "open":
        if alert.level <= known.proposed:
            return []
        known.proposed, known.snoozed_until = int(alert.level), None
        known.version += 1
        known.evidence = _evidence(tx, one)
        _say(tx, services, known, "proposed", alert.level, now)
        return [known]
    if known is not None and day - known.day < AGAIN:
        return []
    made = watching.add(
        tx,
        Alert(
            kind=kind, code=alert.code, day=day, opened_at=now, state="open",
            level=int(Level.WATCHING), proposed=int(alert.level), evidence=_evidence(tx, one),
        ),
    )  # fmt: skip
    _say(tx, services, made, "opened", alert.level, now)
    data = {"alert": made.id, "kind": kind, "level": LEVEL_TITLE[alert.level], "day": f"{day}"}
    if kind == TOPIC:  # a school is a place, a phrase somebody's words
        data["topic"] = made.code
    events.append(tx, at=now, actor="system", action="alert_opened", data=data)
    return [made]


def _evidence(tx: Session, one: Rising) -> dict[str, object]:
    kind, alert, behind = one.kind, one.alert, list(one.behind)
    data = telling.as_data(alert.evidence)
    if kind == PHRASE:
        said = [phrases.read(text.person, text.text) for text in behind]
        data["shown"] = phrases.spelled(alert.code, said)
    else:
        first = one.day - timedelta(days=alert.evidence.days - 1)
        behind = watching.behind(tx, kind, alert.code, *bounds(first, one.day))
        said = [phrases.read(text.person, text.text, text.case_id) for text in behind]
        data["phrases"] = [
            [phrases.spelled(phrase, said), people]
            for phrase, people in phrases.candidates(said)[:PHRASES_SHOWN]
        ]
    data["cases"] = [text.case_id for text in behind][:EXCERPTS]
    return data


def _say(
    tx: Session, services: Services, alert: Alert, action: str, level: Level, now: datetime
) -> None:
    """On record, and told to those who decide."""
    words = telling.why(alert.evidence)
    watching.log(
        tx,
        AlertEntry(
            alert_id=alert.id, at=now, staff_id=None, action=action, level=int(level), words=words
        ),
    )
    roles = {Role.COORDINATOR} | ({Role.LEADER} if level >= Level.INCIDENT else set())
    wanted = [one.id for one in registry.all_staff(tx) if one.active and one.role in roles]
    reminding.tell_people(
        tx, Kind.ALERT, wanted, words=f"{title(services, alert, said=False)}: {LEVEL_TITLE[level]}",
        path=f"/can-bo/canh-bao/{alert.id}", once=f"alert:{alert.id}:{int(level)}", now=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """What one reader may see of what people said: their cases, and the phrases of several with
    how many used them."""

    cases: list[Case]
    phrases: list[tuple[str, int]]


def behind(tx: Session, scope: Scope, alert: Alert) -> Behind:
    """What people said behind an alert, as somebody may read it now. Words that stand only in
    cases which are sealed, gone, or name the reader are not told as phrases either."""
    ids = alert.evidence.get("cases", [])
    cases = watching.shown(tx, scope, ids)
    told = [(str(phrase), int(people)) for phrase, people in alert.evidence.get("phrases", [])]
    if len(cases) < len(ids):
        left = [phrases.flat(case.text_masked) for case in cases]
        told = [one for one in told if any(phrases.flat(one[0]) in text for text in left)]
    return Behind(cases, told)


def titles(
    tx: Session, services: Services, scope: Scope, alerts: Sequence[Alert]
) -> dict[int, str]:
    """What alerts are about, as one reader may read it, by their numbers: a phrase is people's
    words."""
    ids = {one.id: one.evidence.get("cases", []) for one in alerts if one.kind == PHRASE}
    left = {one.id for one in watching.shown(tx, scope, [n for some in ids.values() for n in some])}
    return {
        one.id: title(services, one, said=not left.isdisjoint(ids.get(one.id, ())))
        for one in alerts
    }


def title(services: Services, alert: Alert, *, said: bool) -> str:
    """What an alert is about; ``said``: whether what people said may stand in it."""
    if alert.kind == TOPIC:
        topic = services.catalog.topics.get(alert.code)
        return topic.name if topic else alert.code
    if alert.kind == SCHOOL:
        return alert.code
    if not said:
        return "Một cụm từ nhiều người cùng viết"
    return f"Cụm từ “{alert.evidence.get('shown', alert.code)}”"
