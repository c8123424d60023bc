"""Word lists written as running text, so that a list of a hundred words stays readable."""

from __future__ import annotations


def listed(text: str, sep: str = " ") -> frozenset[str]:
    """Set of the pieces of ``text`` between separators; no piece may be empty."""
    return frozenset(text.split(sep))
