"""The catalogue the department owns: units, topics, kinds, calendar, texts.

Read from YAML and checked whole: every problem names the file and the line to look at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intake_api.domain.durations import Duration, parse

if TYPE_CHECKING:
    from intake_api.domain.reporting import ReportRules

FILES = (
    "units.yml", "topics.yml", "kinds.yml", "keeping.yml", "calendar.yml", "messages.yml",
    "templates.yml", "reports.yml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the catalogue; ``line`` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class CatalogError(ValueError):
    """The catalogue cannot be used; ``problems`` lists everything that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that handles cases. Outside its dates its ``successor`` takes over."""

    code: str
    name: str
    level: str
    handles: str = ""
    district: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    aliases: tuple[str, ...] = ()

    def exists_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the second level, its unit and the units that work with it."""

    code: str
    name: str
    scope: str
    group: str
    group_name: str
    unit: str
    with_units: tuple[str, ...] = ()
    urgent: bool = False
    confidential: bool = False
    # About single children: small counts of it could tell who they are.
    child: bool = False


@dataclass(frozen=True, slots=True)
class KindRule:
    """A kind of message with its clocks (None: that clock does not exist)."""

    code: str
    name: str
    acknowledge: Duration | None
    resolve: Duration | None
    extend: tuple[Duration, ...] = ()
    # Whether an extension counts from the running due date or, as the Law on Complaints puts it,
    # names the whole length from the day of receipt.
    extend_from: str = "due"
    basis: str = "proposal"
    confidential: bool = False
    urgent: bool = False
    unit: str | None = None
    note: str = ""
    # How long a case is kept after it ended (None: for good), and whether its sender's wish to
    # have it erased is granted.
    keep: Duration | None = None
    erase_on_request: bool = True


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which one unit is closed (both ends included), and why (Vietnamese)."""

    unit: str
    first: date
    last: date
    reason: str

    def days(self) -> list[date]:
        return [
            date.fromordinal(n) for n in range(self.first.toordinal(), self.last.toordinal() + 1)
        ]


@dataclass(frozen=True, slots=True)
class YearlySeason:
    """A stretch of every year (month and day, both ends included) in which more people than usual
    write about some topics; ``topics`` empty: about everything. ``fixed``: it falls on just these
    days each year. ``year``: it was announced for that year only."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    topics: tuple[str, ...]
    fixed: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """Working hours and the days that differ from the national calendar."""

    hours: tuple[tuple[time, time], ...]
    weekdays: frozenset[int]
    extra_holidays: frozenset[date]
    swapped_working_days: frozenset[date]
    # Years whose days somebody has compared with what was announced.
    checked_years: frozenset[int] = frozenset()
    closures: tuple[Closure, ...] = ()
    seasons: tuple[YearlySeason, ...] = ()
    notes: Mapping[date, str] = field(default_factory=dict)

    def for_unit(self, unit: str) -> CalendarRule:
        """The calendar of one unit: its closures are days off."""
        own = [closure for closure in self.closures if closure.unit == unit]
        if not own:
            return self
        days = {day: closure.reason for closure in own for day in closure.days()}
        return replace(
            self, extra_holidays=self.extra_holidays | set(days), notes={**self.notes, **days}
        )


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole catalogue, checked. ``sha256`` names this state of it."""

    units: Mapping[str, Unit]
    topics: Mapping[str, Topic]
    kinds: Mapping[str, KindRule]
    calendar: CalendarRule
    messages: Mapping[str, str]
    templates: Mapping[str, Mapping[str, str]]
    reports: ReportRules
    # How long a conversation that became no case is kept after its last word (None: for good).
    keep_talks: Duration | None
    sha256: str

    def unit_on(self, code: str, day: date) -> Unit:
        """The unit that does ``code``'s work on ``day``, following successors.

        Raises KeyError for a code that the catalogue does not have.
        """
        unit = self.units[code]
        while not unit.exists_on(day) and unit.successor:
            unit = self.units[unit.successor]
        return unit

    def district_unit(self, district: str) -> Unit | None:
        """The education office of ``district`` ("Phủ Lý"), or None."""
        for unit in self.units.values():
            if unit.district == district:
                return unit
        return None

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a snapshot (dates as ISO text)."""
        plain = {
            "units": {code: asdict(unit) for code, unit in self.units.items()},
            "topics": {code: asdict(topic) for code, topic in self.topics.items()},
            "kinds": {code: asdict(kind) for code, kind in self.kinds.items()},
        }
        loaded: dict[str, Any] = json.loads(json.dumps(plain, default=str))
        return loaded


class _Reader:
    """Collects problems while the files are read, each with its line."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def say(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))

    def mapping(self, file: str) -> tuple[dict[str, Any], dict[str, int]]:
        """Top-level keys with their values and lines; a list counts by its items' ``code``."""
        path = self.directory / file
        try:
            raw = path.read_bytes()
            self.digest.update(raw)
            node = yaml.compose(raw.decode("utf-8"), Loader=yaml.SafeLoader)
            data = yaml.safe_load(raw)
        except FileNotFoundError:
            self.say(file, 1, "file is missing")
            return {}, {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            self.say(file, mark.line + 1 if mark else 1, f"not readable: {error}".split("\n")[0])
            return {}, {}
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        if isinstance(node, yaml.SequenceNode) and isinstance(data, list):
            for item_node, item in zip(node.value, data, strict=True):
                line = item_node.start_mark.line + 1
                if not isinstance(item, dict) or "code" not in item:
                    self.say(file, line, "an item needs a code")
                elif item["code"] in values:
                    self.say(file, line, f"code {item['code']} stands twice")
                else:
                    values[item["code"]], lines[item["code"]] = item, line
        elif isinstance(node, yaml.MappingNode) and isinstance(data, dict):
            for key_node, _value in node.value:
                key = str(key_node.value)
                if key in lines:
                    self.say(file, key_node.start_mark.line + 1, f"{key} stands twice")
                values[key], lines[key] = data.get(key_node.value), key_node.start_mark.line + 1
        else:
            self.say(file, 1, "expected a list or a mapping")
        return values, lines


def load(directory: Path) -> Catalog:
    """Reads and checks the catalogue in ``directory``. Raises CatalogError with all problems."""
    from intake_api.domain import catalog_parts as parts
    from intake_api.domain.catalog_reports import read_reports

    reader = _Reader(directory)
    units = parts.read_units(reader)
    topics = parts.read_topics(reader, units)
    kinds = parts.read_kinds(reader, units)
    calendar = parts.read_calendar(reader, units, topics)
    messages = parts.read_texts(reader, "messages.yml")
    templates = parts.read_templates(reader)
    reports = read_reports(reader)
    keep_talks = parts.read_keeping(reader)
    if reader.problems or calendar is None or reports is None:
        raise CatalogError(reader.problems)
    return Catalog(
        units,
        topics,
        kinds,
        calendar,
        messages,
        templates,
        reports,
        keep_talks,
        reader.digest.hexdigest(),
    )


def duration_or_none(value: object) -> Duration | None:
    """Reads a clock of a kind: null and ``consultation_close`` (set by the consultation) give
    None; anything else must be a length of time, else ValueError."""
    if value is None or value == "consultation_close":
        return None
    return parse(str(value))
