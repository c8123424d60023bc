"""Texts of entries cut into canonical tokens, once: an entry that is republished is one of a
hundred, and the others need not be read again."""

from __future__ import annotations

from functools import lru_cache

from intake_api.linear import tokens
from vntext import views


@lru_cache(maxsize=32768)
def words_of(text: str) -> tuple[str, ...]:
    """Canonical tokens of one text. Only for what the department wrote or a check reads again:
    what people type in passing must not fill the memory."""
    return tuple(tokens(views(text).accented))
