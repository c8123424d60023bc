"""Small careful readers of what platforms send: they never raise, whatever the value is."""

from __future__ import annotations

import hashlib
import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from intake_api.domain.inbound import InboundEvent

MAX_ID = 150
MAX_URL = 4000
MAX_DEPTH = 30
# Characters that a database refuses: NUL, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]")
EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)


def moment(value: Any, otherwise: datetime, latest: datetime) -> datetime:
    """Seconds or milliseconds since 1970 (the feed counts seconds, messages milliseconds)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**14:
        return otherwise
    found = datetime.fromtimestamp(value / 1000 if value >= 10**11 else value, UTC)
    return found if EARLIEST <= found <= latest + timedelta(days=1) else otherwise


def identity(value: Any) -> str:
    """An id as a string (they exceed what a float holds); "" when it cannot be one."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**40:
        return str(value)
    if isinstance(value, str) and len(value) <= MAX_ID and not CONTROL.search(value):
        return value
    return ""


def words(value: Any, limit: int) -> str:
    """At most ``limit`` characters of a text, storable everywhere; "" for anything else."""
    return UNSTORABLE.sub("\ufffd", value[:limit]) if isinstance(value, str) else ""


def file_address(value: Any) -> str:
    """Where a file may be fetched from; "" for anything else."""
    url = words(value, MAX_URL + 1)
    good = url.startswith(("https://", "http://")) and len(url) <= MAX_URL
    return url if good and not CONTROL.search(url) else ""


def unreadable(raw: bytes, *, now: datetime) -> InboundEvent:
    """A body that the platform signed but that is not JSON, kept as it came under its own hash."""
    text = UNSTORABLE.sub("\ufffd", raw.decode("utf-8", "replace"))
    key = f"raw:{hashlib.sha256(raw).hexdigest()}"
    return InboundEvent("other", "", key, "", None, (), now, {"unreadable": text}, "unreadable")


def digest(value: Any) -> str:
    """The natural key of an event that has none: its own hash, however its keys are ordered."""
    plain = json.dumps(storable(value), sort_keys=True, allow_nan=False)
    return f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"


def storable(value: Any, depth: int = 0) -> Any:
    """The same value as every database takes it as JSON."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int) and value.bit_length() > 4000:
        return hex(value)  # Python refuses to write very long numbers in decimal
    if depth >= MAX_DEPTH and isinstance(value, dict | list):
        return _flat(value)
    if isinstance(value, dict):
        return {
            UNSTORABLE.sub("\ufffd", str(key)): storable(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [storable(inner, depth + 1) for inner in value]
    return value


def _flat(value: Any) -> str:
    try:
        return json.dumps(value)
    except (RecursionError, ValueError):
        return "…"
