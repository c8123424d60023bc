"""Reads a file of recorded days (``langnghe watch --replay``) into panels.

Needed are ``scenarios`` with ``id``, ``start`` and ``topics``, and of each topic ``count`` and
``unique_senders``: without senders nobody knows how many people wrote. Every other key may be left
out, and in an array ``null`` is a day without data. What is wrong is named in one sentence; what
can be used but may not be meant is told by ``doubts``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from intake_api.domain.catalog import YearlySeason
from intake_api.watch import extras
from intake_api.watch.model import Numbers, Panel, Season, Series, as_row, people_of
from intake_api.watch.seasons import of_rules

_LONGEST = 4000  # days
WARMUP = 28


class RecordedError(ValueError):
    """The file cannot be used; one sentence says where and why."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recorded stretch of days by its name. ``written``: how the file writes a code where that
    is not the catalogue's way ("de_thi" for "i.de_thi")."""

    id: str
    panel: Panel
    written: Mapping[str, str] = field(default_factory=dict)


def parsed(path: Path) -> Any:
    """What a file holds, as YAML. Raises RecordedError."""
    try:
        with path.open("rb") as file:
            return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe both
    except OSError as error:
        raise RecordedError(f"{path}: the file cannot be read ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" near line {line + 1}"
        raise RecordedError(f"{path}: not readable as YAML{where}.") from error


def read(
    raw: Any, likely: Sequence[YearlySeason] = (), known: Collection[str] = ()
) -> list[Scenario]:
    """The scenarios of a parsed file. ``likely``: seasons that the catalogue adds to each;
    ``known``: its codes. Raises RecordedError."""
    if not isinstance(raw, Mapping):
        raise RecordedError("The file must be one mapping with the key scenarios.")
    found = raw.get("scenarios")
    if not isinstance(found, list):
        raise RecordedError("The key scenarios must be a list.")
    zone = raw.get("timezone") or "Asia/Ho_Chi_Minh"
    try:
        ZoneInfo(str(zone))
    except (ValueError, OSError, KeyError) as error:
        raise RecordedError(f"timezone {zone!r} is not known.") from error
    warmup = _number(raw.get("warmup_days", WARMUP), "warmup_days")
    full = full_codes(known)
    made = [
        _scenario(one, number, warmup, raw, likely, full) for number, one in enumerate(found, 1)
    ]
    names = [one.id for one in made]
    for name in names:
        if names.count(name) > 1:
            raise RecordedError(f"Two scenarios have the id {name!r}.")
    return made


def full_codes(known: Collection[str]) -> dict[str, str]:
    """The catalogue's codes by what follows their first level, where only one ends so."""
    ends = [code.partition(".")[2] for code in known]
    return {end: code for end, code in zip(ends, known, strict=True) if ends.count(end) == 1}


def _number(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LONGEST:
        raise RecordedError(f"{where} must be a whole number from 0 to {_LONGEST}, not {value!r}.")
    return value


def as_day(value: Any, where: str) -> date:
    """A date as YAML or text gives it. Raises RecordedError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise RecordedError(f"{where} must be a date (YYYY-MM-DD), not {value!r}.") from error


def _scenario(
    raw: Any, number: int, warmup: int, whole: Mapping[str, Any], likely: Sequence[YearlySeason],
    full: Mapping[str, str],
) -> Scenario:  # fmt: skip
    if not isinstance(raw, Mapping) or raw.get("id") in (None, ""):
        raise RecordedError(f"Scenario {number} must be a mapping with an id.")
    name = str(raw["id"])
    where = f"Scenario {name!r}"
    start = as_day(raw.get("start"), f"{where}: start")
    topics = raw.get("topics")
    if topics is None:
        topics = {}
    if not isinstance(topics, Mapping):
        raise RecordedError(f"{where}: topics must be a mapping from code to arrays.")
    days = _days(raw, topics, where)
    warmup = _number(raw.get("warmup_days", warmup), f"{where}: warmup_days")
    series = [
        _series(str(code), body, days, start, raw, f"{where}, topic {code!r}")
        for code, body in topics.items()
    ]
    own = _calendar(raw.get("calendar", whole.get("calendar")), start, where)
    years = range(start.year, (start + timedelta(days=days)).year + 1)
    codes = {one.code for one in series}
    written = {full[code]: code for code in codes if code in full and full[code] not in codes}
    if written:
        renamed = {short: code for code, short in written.items()}
        series = [replace(one, code=renamed.get(one.code, one.code)) for one in series]
        own = [
            replace(one, topics=tuple(renamed.get(code, code) for code in one.topics))
            if one.topics
            else one
            for one in own
        ]
    seasons = (*own, *of_rules(likely, years))
    return Scenario(name, Panel(start, days, warmup, tuple(series), seasons), written)


def _days(raw: Mapping[str, Any], topics: Mapping[Any, Any], where: str) -> int:
    """As many as are said; without a word, as many as the arrays have."""
    longest = max(
        (
            len(values)
            for body in topics.values()
            if isinstance(body, Mapping)
            for key in ("count", "unique_senders")
            if isinstance(values := body.get(key), list)
        ),
        default=0,
    )
    if raw.get("days") is None:
        return longest
    days = _number(raw["days"], f"{where}: days")
    if days == 0:
        raise RecordedError(f"{where}: days is 0; a scenario needs one day at least.")
    # Some count the warm-up apart: then the arrays say how many days there are.
    return max(days, longest) if longest - days == int(raw.get("warmup_days") or 0) else days


def array(body: Mapping[str, Any], key: str, days: int, where: str) -> Numbers | None:
    """An array of a topic, or None when it is not there. Raises RecordedError."""
    values = body.get(key)
    if values is None:
        return None
    if not isinstance(values, list):
        raise RecordedError(f"{where}: {key} must be a list of numbers.")
    if len(values) != days:
        raise RecordedError(f"{where}: {key} has {len(values)} numbers for {days} days.")
    for at, one in enumerate(values):
        good = one is None or (isinstance(one, int | float) and not isinstance(one, bool))
        if not good or (one is not None and not 0 <= one < 1e9):
            raise RecordedError(
                f"{where}: {key} holds {one!r} on day {at + 1}; it must be a number, 0 or more."
            )
    return as_row(values)


def _series(
    code: str, body: Any, days: int, start: date, scenario: Mapping[str, Any], where: str
) -> Series:
    if not isinstance(body, Mapping):
        raise RecordedError(f"{where}: must be a mapping with arrays.")
    count = array(body, "count", days, where)
    senders = array(body, "unique_senders", days, where)
    texts = array(body, "unique_texts", days, where)
    negative = array(body, "negative", days, where)
    if count is None or senders is None:
        missing = "count" if count is None else "unique_senders"
        raise RecordedError(
            f"{where}: {missing} is missing; count and unique_senders are needed to tell people "
            "from messages."
        )
    people = people_of(count, senders, texts)
    batches = extras.imported(code, body, scenario, days, start, where)
    count, people, negative = extras.without(batches, count, people, negative)
    return Series(
        code,
        count,
        people,
        negative,
        channels=extras.channels(code, body, scenario, days, where),
        hourly=extras.hourly(code, body, scenario, days, where),
        prior=extras.prior(code, body, scenario, days, where),
    )


def _calendar(raw: Any, start: date, where: str) -> list[Season]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise RecordedError(f"{where}: calendar must be a list.")
    found = []
    for number, one in enumerate(raw, 1):
        at = f"{where}: calendar entry {number}"
        if not isinstance(one, Mapping):
            raise RecordedError(f"{at} must be a mapping with name, from, to and topics.")
        first, last = (_moment(one.get(key), start, f"{at}: {key}") for key in ("from", "to"))
        if first is None:
            raise RecordedError(f"{at}: from is missing.")
        last = first if last is None else last
        if last < first:
            raise RecordedError(f"{at}: to {last} is before from {first}.")
        topics = one.get("topics")
        if isinstance(topics, str):
            topics = [topics]
        if topics is not None and not isinstance(topics, list):
            raise RecordedError(f"{at}: topics must be a list of codes.")
        codes = tuple(str(code) for code in topics or ())
        everything = not codes or any(code.lower() in ("*", "all", "tất cả") for code in codes)
        found.append(Season(str(one.get("name") or ""), first, last, None if everything else codes))
    return found


def _moment(value: Any, start: date, where: str) -> date | None:
    """A day of a calendar: a date, or its index among the days (0 is the first)."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if not -_LONGEST <= value <= _LONGEST:
            raise RecordedError(f"{where}: {value} is no day of the scenario.")
        return start + timedelta(days=value)
    return as_day(value, where)
