"""Fills a report's text with its figures: the sentences are the catalogue's, the numbers frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from intake_api.domain.catalog import Catalog
from intake_api.domain.reporting import SectionRule
from intake_api.reports import words
from intake_api.reports.documents.model import full_day

POINTS = "abcdđeghiklmnopqrstuvxy"
TOP = 3
_NAMES = ("Messenger", "Zalo", "Nghị quyết", "Internet")
_HOLE = re.compile(r"\{(\w+)\}")
_POINT = re.compile(r"^[a-zđ]\) ")
_LEFT_OPEN = re.compile(r"\[[^\[\]\n]{3,}\]")
# Numbers whose absence or smallness makes the whole line say nothing.
_NUMBERS = (
    "received", "carried", "urgent", "anonymous", "answered", "forwarded", "open", "open_late",
    "due", "on_time", "on_time_rate", "answer_median", "answer_p90", "reopened", "reopened_rate",
    "rated", "satisfaction", "questions", "bot_rate", "gaps",
)  # fmt: skip


def is_empty(figures: Mapping[str, Any]) -> bool:
    """True when no case came in within the period."""
    received = figures["numbers"]["received"]
    return not received["value"] and not received["hidden"]


def phrases(
    figures: Mapping[str, Any],
    catalog: Catalog,
    *,
    title: str,
    incidents: Sequence[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """What the holes of a text are filled with; a hole without a figure is missing.
    ``incidents``: those that the early warning has on record."""
    head, period = catalog.reports.letterhead, figures["period"]
    first, last = (date.fromisoformat(period[name]) for name in ("first", "last"))
    found = {
        "period": title, "year": str(last.year), "from": f"từ ngày {full_day(first)}",
        "to": f"hết ngày {full_day(last)}", "issuer": head.name, "Issuer": head.name,
    }  # fmt: skip
    for name in _NUMBERS:
        one = figures["numbers"].get(name)
        if one is not None and (one["hidden"] or one["value"] is not None):
            found[name] = words.said(one, catalog.calendar)
    if incidents:
        found["incidents"] = "; ".join(_incident(one, catalog) for one in incidents)
    else:
        found["no_incident"] = ""
    found["compared"] = _compared(figures["numbers"]["received"])
    for hole, table in (("groups", "group"), ("topics", "topic"), ("channels", "channel")):
        best = _best(figures["tables"].get(table))
        if best:
            found[f"top_{hole}"] = "; ".join(best)
    topics = _best(figures["tables"].get("topic"), counted=False)
    if topics:
        found["top_topic"] = topics[0]
    return found


def _incident(one: Mapping[str, Any], catalog: Catalog) -> str:
    """Without a school's name and without anybody's words: a report goes far."""
    topic = catalog.topics.get(one["topic"])
    subject = in_a_sentence(topic.name) if topic else "một nội dung được nhiều người nêu"
    day = full_day(date.fromisoformat(one["day"]))
    ended = "đã kết thúc" if one["closed"] else "đang xử lý"
    return f"{one['level']} về {subject} (ngày {day}, {ended})"


def _compared(received: Mapping[str, Any]) -> str:
    now, before = received["value"], received["last_year"]
    if now is None or not before:
        return ""
    share = (now - before) / before * 100
    if round(share, 1) == 0:
        return ", bằng cùng kỳ năm trước"
    way = "tăng" if share > 0 else "giảm"
    return f", {way} {words.percent(abs(share))} so với cùng kỳ năm trước"


def _best(table: Mapping[str, Any] | None, *, counted: bool = True) -> list[str]:
    """The lines with most cases, ``tên (12 ý kiến)``; what is hidden or unknown is not named."""
    if table is None or table["withheld"]:
        return []
    at = [column["id"] for column in table["columns"]].index("received")
    rows = [
        row for row in table["rows"]
        if row["code"] and not row["hidden"] and row["values"][at]
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["values"][at])
    return [
        f"{in_a_sentence(row['title'])} ({words.number(row['values'][at])} ý kiến)"
        if counted
        else in_a_sentence(row["title"])
        for row in rows[:TOP]
    ]


def in_a_sentence(title: str) -> str:
    """A title that is no name or abbreviation begins small within a sentence."""
    if not title[:2].istitle() or title.startswith(_NAMES):
        return title
    return title[0].lower() + title[1:]


def text(rule: SectionRule, found: Mapping[str, str], *, empty: bool, unit: bool) -> str:
    """A section as it stands before anybody writes. Lines whose figure is missing are left out,
    points are lettered anew."""
    chosen = rule.empty if empty and rule.empty else rule.text
    if unit and rule.unit_text:
        chosen = rule.unit_text
    lines = []
    for line in chosen.splitlines():
        if all(name in found for name in _HOLE.findall(line)):
            lines.append(_HOLE.sub(lambda hole: found[hole[1]], line.strip()))
    return "\n".join(_lettered(lines))


def _lettered(lines: list[str]) -> list[str]:
    made, place = [], 0
    for line in lines:
        if _POINT.match(line):
            line, place = f"{POINTS[place]}) {line[3:]}", place + 1
        else:
            place = 0
        made.append(line)
    return made


def left_open(text_: str) -> list[str]:
    """What still stands in square brackets: it asks the writer for something."""
    return _LEFT_OPEN.findall(text_)
