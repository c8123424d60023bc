"""What is brought in from before: an old post, comment or message, or what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vntext import fold

Kind = Literal["post", "comment", "message"]


@dataclass(frozen=True, slots=True)
class OldItem:
    """One thing that was said before this system came. ``line``: row, or place in the file.

    ``key`` is the same whenever the same thing is read again. ``author`` is the platform's id or
    a mark made from the name, never a name. ``answer``: what the department said to it.
    """

    key: str
    kind: Kind
    line: int
    text: str
    at: datetime
    author: str = ""
    post_id: str = ""
    parent_id: str = ""
    by_page: bool = False
    permalink: str = ""
    place: str = ""
    channel: str = ""
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BadItem:
    """A row that cannot be brought in, and why (Vietnamese, one phrase)."""

    line: int
    why: str


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message is one Vietnamese sentence."""


def fingerprint(text: str, at: datetime) -> str:
    """The same for the same words on the same day, however they are typed."""
    plain = " ".join(re.findall(r"\w+", fold(text)))
    return hashlib.sha256(f"{at:%Y-%m-%d}\n{plain}".encode()).hexdigest()


def mark(name: str) -> str:
    """A mark instead of a name: equal names, equal marks; nobody is named by it."""
    return f"x{hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:16]}" if name else ""
