"""The optional parts of a recorded file, in the shapes in which people write them down.

Each may stand in the topic or in the scenario (there by topic). ``channels``: by name an array, or
a list of mappings, one a day. ``import_batches``: an array with the imported messages of each day,
a list of days (dates or indexes), or of mappings with day, topic and count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from intake_api.watch.model import Numbers, as_row, no_data

_UNKNOWN = np.inf  # a batch of which nobody says how large it was


def _wrong(message: str) -> Exception:
    from intake_api.watch.recorded import RecordedError  # it stands on this module

    return RecordedError(message)


def _part(code: str, body: Mapping[str, Any], scenario: Mapping[str, Any], key: str) -> Any:
    """What a topic says itself, else what the scenario says of it."""
    if body.get(key) is not None:
        return body[key]
    whole = scenario.get(key)
    return whole.get(code) if isinstance(whole, Mapping) else None


def _row(values: Any, days: int, where: str) -> Numbers:
    if not isinstance(values, list) or len(values) != days:
        size = f"{len(values)} numbers" if isinstance(values, list) else repr(values)
        raise _wrong(f"{where} must be a list of {days} numbers, not {size}.")
    for one in values:
        if one is not None and (isinstance(one, bool) or not isinstance(one, int | float)):
            raise _wrong(f"{where} holds {one!r}, which is no number.")
    row = as_row(values)
    if (row < 0).any():
        raise _wrong(f"{where} holds a number below 0.")
    return row


def prior(
    code: str, body: Mapping[str, Any], scenario: Mapping[str, Any], days: int, where: str
) -> Numbers | None:
    """Messages of the year before, day for day; one number is its average day and tells nothing."""
    raw = _part(code, body, scenario, "prior_year_count")
    if raw is None or isinstance(raw, int | float):
        return None
    if isinstance(raw, Mapping):
        raw = raw.get("count")
    return _row(raw, days, f"{where}: prior_year_count")


def channels(
    code: str, body: Mapping[str, Any], scenario: Mapping[str, Any], days: int, where: str
) -> dict[str, Numbers]:
    """Messages by channel."""
    raw = body.get("channels")
    if raw is None:
        whole = scenario.get("channels")
        if isinstance(whole, Mapping):
            raw = whole.get(code)
            if raw is None:  # by channel, then by topic
                inner = {
                    name: one[code]
                    for name, one in whole.items()
                    if isinstance(one, Mapping) and code in one
                }
                raw = inner or None
    if raw is None:
        return {}
    at = f"{where}: channels"
    if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
        return {}  # names only
    if isinstance(raw, list) and all(one is None or isinstance(one, Mapping) for one in raw):
        if len(raw) != days:
            raise _wrong(f"{at} has {len(raw)} entries for {days} days.")
        names = sorted({str(name) for one in raw if one for name in one})
        raw = {name: [float((one or {}).get(name) or 0) for one in raw] for name in names}
    if isinstance(raw, list) and all(isinstance(one, int | None) for one in raw):
        return {}  # how many channels each day: nothing to compare with
    if not isinstance(raw, Mapping):
        raise _wrong(f"{at} must be a mapping from channel to numbers.")
    found = {}
    for name, one in raw.items():
        if isinstance(one, Mapping):
            one = one.get("unique_senders", one.get("count"))
        found[str(name)] = _row(one, days, f"{at}, {name}")
    return found


def hourly(
    code: str, body: Mapping[str, Any], scenario: Mapping[str, Any], days: int, where: str
) -> Numbers | None:
    """Messages by day and hour: a list of 24 numbers for each day, or all hours in one list."""
    raw = _part(code, body, scenario, "hourly")
    if raw is None:
        return None
    at = f"{where}: hourly"
    if isinstance(raw, Mapping):
        raw = raw.get("count", raw.get("unique_senders"))
    if not isinstance(raw, list):
        raise _wrong(f"{at} must be a list with 24 numbers for each day.")
    if len(raw) == 24 * days and not any(isinstance(one, list) for one in raw):
        return _row(raw, 24 * days, at).reshape(days, 24)
    if len(raw) == 24 and days != 24 and not any(isinstance(one, list) for one in raw):
        return None  # a profile of the day: nothing that happened
    if len(raw) != days:
        raise _wrong(f"{at} has {len(raw)} entries for {days} days.")
    rows = [
        no_data(24) if one is None else _row(one, 24, f"{at}, day {number}")
        for number, one in enumerate(raw, 1)
    ]
    return np.vstack(rows) if rows else None


def imported(
    code: str, body: Mapping[str, Any], scenario: Mapping[str, Any], days: int, start: date,
    where: str,
) -> Numbers:  # fmt: skip
    """Messages of each day that came from an import of old data; infinite where only the day is
    known."""
    found = np.zeros(days)
    at = f"{where}: import_batches"
    whole, own = scenario.get("import_batches"), body.get("import_batches")
    if isinstance(whole, Mapping):
        named = {str(key) for key in whole} & {"day", "date", "from", "index"}
        whole, own = ([whole], own) if named else (None, whole.get(code) if own is None else own)
    if whole is not None:
        _add(found, whole, code, days, start, at, mine=False)
    if own is not None:
        _add(found, own, code, days, start, at, mine=True)
    return found


def _add(
    found: Numbers, raw: Any, code: str, days: int, start: date, where: str, *, mine: bool
) -> None:
    raw = [raw] if isinstance(raw, Mapping) else raw
    if not isinstance(raw, list):
        raise _wrong(f"{where} must be a list.")
    plain = all(isinstance(one, int | float | None) for one in raw)
    if plain and len(raw) == days and days > 0:
        flags = all(one in (0, 1, None, True, False) for one in raw)
        row = np.nan_to_num(as_row([None if one is None else float(one) for one in raw]))
        found += np.where(row > 0, _UNKNOWN, 0.0) if flags else row
        return
    for one in raw:
        item = one if isinstance(one, Mapping) else {"day": one}
        topics = item.get("topic", item.get("topics"))
        if topics is not None and code not in ([topics] if isinstance(topics, str) else topics):
            continue
        first = item.get("day", item.get("date", item.get("from", item.get("index"))))
        low = _index(first, days, start, where)
        high = _index(item.get("to", first), days, start, where)
        amount = item.get("count", item.get("size"))
        if isinstance(amount, Mapping):
            amount = amount.get(code, 0)
        if amount is not None and (isinstance(amount, bool) or not isinstance(amount, int | float)):
            raise _wrong(f"{where} holds the count {amount!r}, which is no number.")
        # Of all topics together: how much of it is this one's is not said.
        told = mine or topics is not None
        size = _UNKNOWN if amount is None or not told else float(amount)
        found[max(low, 0) : min(high + 1, days)] += size


def _index(value: Any, days: int, start: date, where: str) -> int:
    from intake_api.watch.recorded import as_day

    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value < max(days, 1):
            raise _wrong(f"{where}: {value} is no day of the scenario (0 to {days - 1}).")
        return value
    return (as_day(value, f"{where}: a day") - start).days


def without(
    batches: Numbers, count: Numbers, people: Numbers, negative: Numbers | None
) -> tuple[Numbers, Numbers, Numbers | None]:
    """Counts without what was imported. Where that cannot be told apart, the day has no data."""
    if not batches.any():
        return count, people, negative
    rest = count - np.where(np.isinf(batches), 0.0, batches)
    # More than there is: the batch was not counted in the first place.
    inside = (batches > 0) & ~np.isinf(batches) & (rest >= 0)
    share = np.divide(rest, count, out=np.ones_like(count), where=inside & (count > 0))
    fewer = np.where(inside, np.fmin(people, rest), people)
    fewer = np.where(np.isinf(batches), np.nan, fewer)
    left = np.where(inside, rest, count)
    angry = None if negative is None else np.where(inside, negative * share, negative)
    return left, fewer, angry
