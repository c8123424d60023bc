"""The part of the queue's address that says which cases a figure has counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from intake_api.domain.catalog import Catalog
from intake_api.domain.worktime import LOCAL, day_in_words
from intake_api.reports import titles
from intake_api.store.counted import Counted

NAMES = ("from", "to", "group", "district", "level", "counted", "deadline", "answered", "reopened")
_DEADLINES = {"met": "đúng hạn", "missed": "quá hạn"}


def choices(catalog: Catalog) -> dict[str, Collection[str]]:
    """What each part may be, but for the days."""
    return {
        "group": titles.order(catalog, "group"), "district": titles.order(catalog, "district"),
        "level": titles.LEVELS, "deadline": _DEADLINES,
        "counted": {"1"}, "answered": {"1"}, "reopened": {"1"},
    }  # fmt: skip


def days(args: Mapping[str, str]) -> dict[str, str]:
    """The days of the address that are days."""
    return {name: args[name] for name in ("from", "to") if _day(args.get(name, "")) is not None}


def _day(raw: str) -> date | None:
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def read(params: Mapping[str, str]) -> Counted | None:
    """What checked parameters narrow to; None when they do not."""
    if not set(params) & set(NAMES):
        return None
    first, last = _day(params.get("from", "")), _day(params.get("to", ""))
    return Counted(
        since=datetime.combine(first, time(), LOCAL) if first else None,
        until=datetime.combine(last + timedelta(days=1), time(), LOCAL) if last else None,
        group=params.get("group", ""),
        district=params.get("district", ""),
        level=params.get("level", ""),
        alone="counted" in params,
        deadline=params.get("deadline", ""),
        answered="answered" in params,
        reopened="reopened" in params,
    )


def said(params: Mapping[str, str], catalog: Catalog) -> str:
    """The same in words for the person who came from a figure; "" without one."""
    first, last = _day(params.get("from", "")), _day(params.get("to", ""))
    when = f"nhận từ {day_in_words(first)}" if first else "nhận" if last else ""
    if last:
        when += f" đến {day_in_words(last)}"
    group, level = params.get("group", ""), params.get("level", "")
    parts = (
        when,
        f"nhóm “{titles.name(catalog, 'group', group)}”" if group else "",
        f"địa bàn {params['district']}" if "district" in params else "",
        f"cấp {titles.name(catalog, 'level', level)}" if level else "",
        _DEADLINES.get(params.get("deadline", ""), ""),
        "đã trả lời" if "answered" in params else "",
        "từng mở lại" if "reopened" in params else "",
        "không kể rác" if "counted" in params else "",
    )
    return ", ".join(part for part in parts if part)
