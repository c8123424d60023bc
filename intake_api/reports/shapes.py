"""What figures are made of: numbers, tables, and for each the query and the filter it came from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from intake_api.domain.period import Period

Value = int | float | None
# What a value is counted in; pages and files write each in their own way.
CASES, PERCENT, MINUTES, SCORE = "cases", "percent", "minutes", "score"
DIMENSIONS: Final = ("unit", "kind", "group", "topic", "channel", "district", "level")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Codes of the catalogue that narrow the cases; "" does not. ``group``: a topic's first
    level."""

    unit: str = ""
    kind: str = ""
    group: str = ""
    topic: str = ""
    channel: str = ""
    district: str = ""
    level: str = ""

    def params(self) -> dict[str, str]:
        """Those that narrow, as parts of an address."""
        return {name: value for name, value in asdict(self).items() if value}


EVERYTHING: Final = Narrowed()


@dataclass(frozen=True, slots=True)
class Query:
    """Where a number comes from: the name of the count and the filter of the queue that lists its
    cases (empty where no list can show them). ``count`` None: hidden."""

    id: str
    filter: dict[str, str] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """One number. ``of``: how many cases it is a share, a mean or a median of. ``value`` None:
    nothing to say, or ``hidden`` because it is small."""

    id: str
    title: str
    value: Value
    unit: str
    of: int | None = None
    hidden: bool = False
    previous: Value = None
    last_year: Value = None
    query: Query = field(default_factory=lambda: Query(""))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    id: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; ``code`` "" stands for cases where it is not known. ``group``: code of
    the first level of a topic. A hidden row says nothing at all."""

    code: str
    title: str
    values: tuple[Value, ...]
    group: str = ""
    hidden: bool = False
    query: Query = field(default_factory=lambda: Query(""))


@dataclass(frozen=True, slots=True)
class Table:
    """Cases of the period by one dimension. ``withheld``: so few that no line can be told."""

    id: str
    title: str
    dimension: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything about a period, as of ``taken_at``."""

    period: Period
    taken_at: str  # ISO 8601, UTC
    scope: dict[str, Any]
    narrowed: Narrowed
    compared: tuple[Period, ...]  # the one before, a year before; empty where nothing is
    numbers: dict[str, Number]
    tables: dict[str, Table]

    def plain(self) -> dict[str, Any]:
        """Only texts, numbers, None, lists and dicts: for freezing, hashing, sending."""
        found = {
            "period": _named(self.period),
            "compared": [_named(one) for one in self.compared],
            "taken_at": self.taken_at,
            "scope": self.scope,
            "narrowed": self.narrowed.params(),
            "numbers": {name: asdict(one) for name, one in self.numbers.items()},
            "tables": {name: asdict(one) for name, one in self.tables.items()},
        }
        listed: dict[str, Any] = _listed(found)
        return listed


def _named(period: Period) -> dict[str, str]:
    return {
        "code": period.code,
        "title": period.title,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }


def _listed(value: Any) -> Any:
    """Tuples as lists, as JSON gives them back."""
    if isinstance(value, dict):
        return {name: _listed(one) for name, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, list | tuple) else value
