"""Numbers and days out of a form or an address, where anything may stand."""

from __future__ import annotations

from datetime import date


def whole(raw: str, *, digits: int = 9) -> int | None:
    """A whole number of at most so many ``digits`` (nine fit a column); None for anything else."""
    good = raw.isascii() and raw.isdigit() and len(raw) <= digits
    return int(raw) if good else None


def day(raw: str) -> date | None:
    """A day as a browser's calendar gives it (ISO 8601) of this or the last century; None for
    anything else."""
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return None
    return found if 1900 <= found.year < 2100 else None
