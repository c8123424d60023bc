"""Reads the parts of the catalogue; every doubt is said with its file and line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any

from intake_api.domain import templates
from intake_api.domain.catalog import (
    CalendarRule,
    Closure,
    KindRule,
    Topic,
    Unit,
    YearlySeason,
    duration_or_none,
)
from intake_api.domain.durations import Duration, parse

if TYPE_CHECKING:
    from intake_api.domain.catalog import _Reader

COORDINATOR = "VP"
# An unquoted comma in a flow mapping cuts a name in two and leaves a key nobody knows.
UNIT_KEYS = frozenset(
    {
        "code",
        "name",
        "level",
        "handles",
        "district",
        "valid_from",
        "valid_to",
        "successor",
        "aliases",
    }
)
TOPIC_KEYS = frozenset({"name", "scope", "unit", "with", "urgent", "confidential", "child"})
KIND_KEYS = frozenset(
    {
        "name", "acknowledge", "resolve", "extend", "basis", "confidential", "urgent", "unit",
        "note", "assign_within", "outer_limit", "extend_from", "keep", "erase_on_request",
    }
)  # fmt: skip


def _known(
    reader: _Reader, file: str, line: int, what: str, item: dict[str, Any], keys: frozenset[str]
) -> None:
    for key in item:
        if key not in keys:
            reader.say(file, line, f"{what}: unknown key {key!r} (a comma needs quotes around it)")


def _day(reader: _Reader, file: str, line: int, value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    reader.say(file, line, f"{value!r} is not a date such as 2025-06-30")
    return None


def read_units(reader: _Reader) -> dict[str, Unit]:
    """Units by code; checks names, dates, and that successors exist and do not run in a circle."""
    file = "units.yml"
    values, lines = reader.mapping(file)
    units: dict[str, Unit] = {}
    for code, item in values.items():
        line = lines[code]
        if not item.get("name"):
            reader.say(file, line, f"unit {code} has no name")
        _known(reader, file, line, f"unit {code}", item, UNIT_KEYS)
        start = _day(reader, file, line, item.get("valid_from"))
        end = _day(reader, file, line, item.get("valid_to"))
        if start and end and start > end:
            reader.say(file, line, f"unit {code} ends before it begins")
        units[code] = Unit(
            code=code,
            name=str(item.get("name", code)),
            level=str(item.get("level", "so")),
            handles=str(item.get("handles", "")),
            district=item.get("district"),
            valid_from=start,
            valid_to=end,
            successor=item.get("successor"),
            aliases=tuple(item.get("aliases", ())),
        )
    for code, unit in units.items():
        _check_successor(reader, units, unit, lines[code])
    if values and COORDINATOR not in units:
        reader.say(file, 1, f"unit {COORDINATOR} (it sorts what nothing else decides) is missing")
    return units


def _check_successor(reader: _Reader, units: dict[str, Unit], unit: Unit, line: int) -> None:
    if unit.valid_to and not unit.successor:
        reader.say("units.yml", line, f"unit {unit.code} ends on {unit.valid_to} without successor")
    seen = {unit.code}
    step = unit
    while step.successor:
        if step.successor not in units:
            reader.say("units.yml", line, f"successor {step.successor} is no unit")
            return
        if step.successor in seen:
            reader.say("units.yml", line, f"the successors of {unit.code} run in a circle")
            return
        seen.add(step.successor)
        step = units[step.successor]


def read_topics(reader: _Reader, units: dict[str, Unit]) -> dict[str, Topic]:
    """Topics of the second level as ``group.topic``; checks that their units exist."""
    file = "topics.yml"
    groups, lines = reader.mapping(file)
    topics: dict[str, Topic] = {}
    for group, body in groups.items():
        if not isinstance(body, dict) or not isinstance(body.get("topics"), dict):
            reader.say(file, lines[group], f"group {group} needs a name and topics")
            continue
        for name, item in body["topics"].items():
            code = f"{group}.{name}"
            line = _line_of(reader, file, f"{name}:", lines[group])
            _known(reader, file, line, f"topic {code}", item, TOPIC_KEYS)
            named = [item.get("unit"), *item.get("with", ())]
            for unit in named:
                # PGD stands for the office of the district at hand.
                if unit not in units and unit != "PGD":
                    reader.say(file, line, f"topic {code}: unit {unit} is not in units.yml")
            topics[code] = Topic(
                code=code,
                name=str(item.get("name", code)),
                scope=str(item.get("scope", "")),
                group=group,
                group_name=str(body.get("name", group)),
                unit=str(item.get("unit")),
                with_units=tuple(item.get("with", ())),
                urgent=bool(item.get("urgent", False)),
                confidential=bool(item.get("confidential", False)),
                child=bool(item.get("child", False)),
            )
    return topics


def _line_of(reader: _Reader, file: str, start: str, after: int) -> int:
    """The line where a nested key stands; its group's line when it cannot be found."""
    text = (reader.directory / file).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(text[after - 1 :], start=after):
        if line.strip().startswith(start):
            return number
    return after


def read_kinds(reader: _Reader, units: dict[str, Unit]) -> dict[str, KindRule]:
    """Kinds by code with their clocks."""
    file = "kinds.yml"
    values, lines = reader.mapping(file)
    kinds: dict[str, KindRule] = {}
    for code, item in values.items():
        line = lines[code]
        try:
            acknowledge = duration_or_none(item.get("acknowledge"))
            resolve = duration_or_none(item.get("resolve"))
            extend = tuple(parse(str(value)) for value in item.get("extend", ()))
            keep = duration_or_none(item.get("keep"))
        except (ValueError, AttributeError) as error:
            reader.say(file, line, f"kind {code}: {error}")
            continue
        _known(reader, file, line, f"kind {code}", item, KIND_KEYS)
        if item.get("unit") and item["unit"] not in units:
            reader.say(file, line, f"kind {code}: unit {item['unit']} is not in units.yml")
        if item.get("basis") not in ("law", "proposal"):
            reader.say(file, line, f"kind {code}: basis must be law or proposal")
        if keep is not None and keep.unit not in ("cd", "mo"):
            reader.say(file, line, f"kind {code}: keep is counted in cd or mo")
        if item.get("extend_from", "due") not in ("due", "received"):
            reader.say(file, line, f"kind {code}: extend_from must be due or received")
        kinds[code] = KindRule(
            code=code,
            name=str(item.get("name", code)),
            acknowledge=acknowledge,
            resolve=resolve,
            extend=extend,
            extend_from=str(item.get("extend_from", "due")),
            basis=str(item.get("basis")),
            confidential=bool(item.get("confidential", False)),
            urgent=bool(item.get("urgent", False)),
            unit=item.get("unit"),
            note=str(item.get("note", "")),
            keep=keep,
            erase_on_request=bool(item.get("erase_on_request", True)),
        )
    return kinds


def read_calendar(
    reader: _Reader, units: dict[str, Unit], topics: Mapping[str, Any]
) -> CalendarRule | None:
    """Working hours and exceptional days; None (with problems said) when unusable."""
    file = "calendar.yml"
    values, lines = reader.mapping(file)
    if not values:
        return None
    hours: list[tuple[time, time]] = []
    for window in values.get("hours") or ():
        try:
            start, end = (time.fromisoformat(part.strip()) for part in str(window).split("-"))
        except ValueError:
            reader.say(file, lines.get("hours", 1), f'{window!r} is not "07:30-11:30"')
            continue
        if end <= start or (hours and start < hours[-1][1]):
            reader.say(file, lines.get("hours", 1), f"{window!r} ends early or overlaps")
        hours.append((start, end))
    weekdays = frozenset(values.get("weekdays") or ())
    if not hours or not weekdays or not weekdays <= set(range(1, 8)):
        reader.say(file, 1, "hours and weekdays (1 = Monday … 7) are needed")
        return None
    days = {
        key: frozenset(
            day
            for item in values.get(key) or ()
            if (day := _day(reader, file, lines.get(key, 1), item)) is not None
        )
        for key in ("extra_holidays", "swapped_working_days")
    }
    years = values.get("checked_years") or ()
    if any(not isinstance(year, int) for year in years):
        reader.say(file, lines.get("checked_years", 1), "checked_years are numbers such as 2026")
        years = ()
    return CalendarRule(
        tuple(hours),
        weekdays,
        days["extra_holidays"],
        days["swapped_working_days"],
        frozenset(years),
        _closures(reader, units, values.get("closures") or (), lines.get("closures", 1)),
        _seasons(reader, topics, values.get("seasons") or (), lines.get("seasons", 1)),
    )


def _seasons(
    reader: _Reader, topics: Mapping[str, Any], items: Any, line: int
) -> tuple[YearlySeason, ...]:
    """Seasons; each needs its name, both days ("06-01" each year, "2026-06-10" that year) and
    topics that exist."""
    file, found = "calendar.yml", []
    for item in items:
        body: Any = item if isinstance(item, dict) else {}
        first, last = _season_day(body.get("from")), _season_day(body.get("to"))
        codes = tuple(str(code) for code in body.get("topics") or ())
        unknown = [code for code in codes if code not in topics]
        if not body.get("name") or first is None or last is None or first[2] != last[2]:
            said = 'season: name, from and to are needed ("06-01", or both as "2026-06-10")'
            reader.say(file, line, said)
        elif first[2] and last[:2] < first[:2]:
            reader.say(file, line, f"season {body['name']} ends before it begins")
        elif unknown:
            reader.say(file, line, f"season: topic {unknown[0]} is not in topics.yml")
        else:
            sure, year = bool(body.get("fixed")) or first[2] is not None, first[2]
            found.append(YearlySeason(str(body["name"]), first[:2], last[:2], codes, sure, year))
    return tuple(found)


def _season_day(raw: Any) -> tuple[int, int, int | None] | None:
    """Month, day, and the year where one is named."""
    text = str(raw)
    whole = len(text) > 5
    try:
        found = date.fromisoformat(text if whole else f"2001-{text}")
    except ValueError:
        return None
    return found.month, found.day, found.year if whole else None


def _closures(
    reader: _Reader, units: dict[str, Unit], items: Any, line: int
) -> tuple[Closure, ...]:
    """Closures of single units; each needs its unit, both days and the reason."""
    file, found = "calendar.yml", []
    for item in items:
        body: Any = item if isinstance(item, dict) else {}
        first = _day(reader, file, line, body.get("from"))
        last = _day(reader, file, line, body.get("to"))
        if body.get("unit") not in units:
            reader.say(file, line, f"closure: unit {body.get('unit')} is not in units.yml")
        elif first is None or last is None or last < first or not body.get("reason"):
            reader.say(file, line, f"closure of {body['unit']}: from, to and reason are needed")
        else:
            found.append(Closure(str(body["unit"]), first, last, str(body["reason"])))
    return tuple(found)


def read_texts(reader: _Reader, file: str) -> dict[str, str]:
    """Texts by name; an empty one is a problem."""
    values, lines = reader.mapping(file)
    for name, text in values.items():
        if not isinstance(text, str) or not text.strip():
            reader.say(file, lines[name], f"text {name} is empty")
    return {name: str(text).strip() for name, text in values.items()}


def read_templates(reader: _Reader) -> dict[str, dict[str, str]]:
    """Reply templates: title and text each."""
    file = "templates.yml"
    values, lines = reader.mapping(file)
    found: dict[str, dict[str, str]] = {}
    for name, item in values.items():
        body: Any = item if isinstance(item, dict) else {}
        if not body.get("title") or not body.get("text"):
            reader.say(file, lines[name], f"template {name} needs a title and a text")
            continue
        for hole in templates.unknown(str(body["text"])):
            reader.say(file, lines[name], f"template {name} names {hole}, which nobody fills in")
        found[name] = {key: str(value).strip() for key, value in body.items()}
    return found


def read_keeping(reader: _Reader) -> Duration | None:
    """How long conversations are kept that became no case."""
    file = "keeping.yml"
    values, lines = reader.mapping(file)
    item = values.get("conversations")
    if not isinstance(item, dict):
        reader.say(file, 1, "conversations is missing")
        return None
    try:
        keep = duration_or_none(item.get("keep"))
    except ValueError as error:
        reader.say(file, lines["conversations"], f"conversations: {error}")
        return None
    if keep is not None and keep.unit not in ("cd", "mo"):
        reader.say(file, lines["conversations"], "conversations: keep is counted in cd or mo")
    return keep
