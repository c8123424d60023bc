"""How the pages and files write the values of figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from intake_api.domain import worktime
from intake_api.domain.catalog import CalendarRule
from intake_api.reports.shapes import CASES, MINUTES, PERCENT, SCORE, Number, Table, Value

HIDDEN = "được che"
_CHART_ROWS = 12
_SMALL = 20  # below, a percentage says less than the difference


def whole(value: float) -> str:
    """``1.204``."""
    return f"{value:,.0f}".replace(",", ".")


def decimal(value: float, places: int = 1) -> str:
    """``3,5``; a whole number without its zero."""
    said = f"{value:.{places}f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return said.replace(".", ",")


def day_minutes(calendar: CalendarRule) -> float:
    """Working minutes of a day."""
    return worktime.day_length(calendar) / timedelta(minutes=1)


def minutes(value: float, calendar: CalendarRule, *, short: bool = False) -> str:
    """Working time: ``45 phút``, ``5 giờ 10 phút``, ``2,3 ngày làm việc`` (short: ``2,3 ngày``)."""
    day = day_minutes(calendar)
    if value >= day:
        return f"{decimal(round(value / day, 1))} ngày{'' if short else ' làm việc'}"
    if short and value >= 60:
        return f"{decimal(round(value / 60, 1))} giờ"
    hours, rest = divmod(round(value), 60)
    said = [f"{hours} giờ" if hours else "", f"{rest} phút" if rest or not hours else ""]
    return " ".join(part for part in said if part)


def value(found: Value, unit: str, calendar: CalendarRule, *, short: bool = False) -> str:
    """One value for people; ``–`` where there is nothing to say."""
    if found is None:
        return "–"
    if unit == MINUTES:
        return minutes(found, calendar, short=short)
    if unit == PERCENT:
        return f"{decimal(found)}%"
    return decimal(found, 2) if unit == SCORE else whole(found)


def change(now: Value, before: Value, unit: str) -> str:
    """``+9%``, ``−3 điểm`` against what it was; "" where that says nothing."""
    if now is None or before is None:
        return ""
    if unit == PERCENT:
        return f"{_sign(now - before)}{decimal(abs(round(now - before, 1)))} điểm"
    if unit == SCORE:
        return f"{_sign(now - before)}{decimal(abs(round(now - before, 2)), 2)}"
    if before < _SMALL and unit == CASES:
        return f"{_sign(now - before)}{whole(abs(now - before))}" if before else ""
    if not before:
        return ""
    return f"{_sign(now - before)}{abs(round(100 * (now - before) / before))}%"


def _sign(difference: float) -> str:
    return "+" if difference > 0 else "−" if difference < 0 else "±"


def tile(number: Number, compared: str, calendar: CalendarRule) -> dict[str, Any]:
    """A number of the page's head: its words, and what it was."""
    before = number.previous if compared == "previous" else number.last_year
    return {
        "id": number.id,
        "title": number.title,
        "words": HIDDEN if number.hidden else value(number.value, number.unit, calendar),
        "hidden": number.hidden,
        "before": "" if before is None else value(before, number.unit, calendar),
        "change": change(number.value, before, number.unit),
        "filter": number.query.filter if number.value else {},
    }


def chart(table: Table, compared: str, before_title: str) -> dict[str, Any]:
    """What the chart of a table shows: the same numbers, hidden ones left out. Of many topics the
    largest."""
    place = {"previous": 1, "last_year": 2}[compared]
    rows = [row for row in table.rows if not row.hidden]
    if table.id == "topic":
        rows = sorted(rows, key=lambda row: -(row.values[0] or 0))[:_CHART_ROWS]
    elif table.id in ("week", "month"):
        rows = list(table.rows)
    return {
        "kind": "line" if table.id in ("week", "month") else "bars",
        "labels": [row.title for row in rows],
        "series": [
            {"name": "Tiếp nhận", "values": [row.values[0] for row in rows]},
            {"name": before_title, "values": [row.values[place] for row in rows]},
        ],
    }
