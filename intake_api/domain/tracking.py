"""Draws tracking codes and PINs. Reading and checking codes is ``vntext.codes``."""

from __future__ import annotations

from datetime import datetime
from random import Random, SystemRandom

from intake_api.domain.worktime import LOCAL
from vntext import codes

ALPHABET = codes.ALPHABET
_SYSTEM = SystemRandom()


def new_code(now: datetime, rng: Random = _SYSTEM) -> str:
    """Returns a code ``PA-YYMM-XXXX-XXXX``: 35 random bits and a check character, so that
    neither counting nor mistyping leads to somebody else's case."""
    body = "".join(rng.choice(ALPHABET) for _ in range(7))
    return codes.format_code(f"{now.astimezone(LOCAL):%y%m}", body)


def new_pin(rng: Random = _SYSTEM) -> str:
    """Returns six digits that open the content of a case on another device."""
    return f"{rng.randrange(1_000_000):06d}"
