"""The look: base template, style sheet, words for times. Both page doors build on it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

from intake_api.domain import worktime

ROOM = Path(__file__).resolve().parent
STATIC = ROOM / "static"
TEMPLATES = ROOM / "templates"


@lru_cache(maxsize=64)
def _stamp(filename: str, changed: int) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:10]


def asset(filename: str) -> str:
    """URL of a static file that changes with its content, so that it may be cached for long."""
    return url_for(
        "static", filename=filename, v=_stamp(filename, (STATIC / filename).stat().st_mtime_ns)
    )


def moment(value: datetime | None) -> str:
    """``17h00 thứ Hai, 24/11/2026`` in local time; empty for None."""
    return worktime.moment_in_words(value) if value else ""


def day(value: datetime | date | str | None) -> str:
    """``24/11/2026`` in local time, of a day or its ISO form; empty for None, and what somebody
    typed as it stands when it is no day."""
    if isinstance(value, str):
        try:
            return worktime.day_in_words(date.fromisoformat(value))
        except ValueError:
            return value
    if value is None:
        return ""
    local = value.astimezone(worktime.LOCAL).date() if isinstance(value, datetime) else value
    return worktime.day_in_words(local)


def iso(value: datetime | None) -> str:
    """The exact moment for ``<time datetime>``, local with its offset; empty for None."""
    return value.astimezone(worktime.LOCAL).isoformat(timespec="minutes") if value else ""


def when(value: str) -> str:
    """``9h05, 24/11/2026`` from an ISO 8601 text with offset; empty for anything else."""
    try:
        local = datetime.fromisoformat(value).astimezone(worktime.LOCAL)
    except (TypeError, ValueError):
        return ""
    return f"{local.hour}h{local:%M}, {worktime.day_in_words(local.date())}"


def number(value: int) -> str:
    """``12.000``: a whole number as people write it here."""
    return f"{value:,}".replace(",", ".")


def install(app: Flask) -> None:
    """Gives the templates ``asset()`` and its filters of times and numbers."""
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.filters.update(moment=moment, day=day, iso=iso, when=when, number=number)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
