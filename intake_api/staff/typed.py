"""Numbers out of a form or an address, where anything may stand."""

from __future__ import annotations


def whole(raw: str, *, digits: int = 9) -> int | None:
    """A whole number of at most so many ``digits`` (nine fit a column); None for anything else."""
    good = raw.isascii() and raw.isdigit() and len(raw) <= digits
    return int(raw) if good else None
