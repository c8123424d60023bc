"""What a recorded file leaves out or says oddly although it can be used: one Vietnamese line for
each matter, however often it occurs, so that whoever wrote the file learns what was made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from intake_api.watch.recorded import WARMUP, Scenario, full_codes

_ARRAYS = ("count", "unique_senders", "unique_texts", "negative")
_WITHOUT = {
    "unique_texts": "không biết được tin chép lại hàng loạt",
    "negative": "không xét mức độ bức xúc",
}
_NO_MORE = {
    "unique_senders": "lớn hơn count, tính bằng count",
    "unique_texts": "lớn hơn count, tính bằng count",
    "negative": "lớn hơn count, tính bằng count",
}


def doubts(raw: Mapping[str, Any], read: list[Scenario], known: Collection[str]) -> list[str]:
    """The lines about a file that was read (``raw`` as parsed, ``read`` what came of it);
    ``known``: the catalogue's codes."""
    found: dict[str, list[str]] = {}
    for where, what in _all(raw, read, known):
        found.setdefault(what, []).append(where)
    return [_line(what, places) for what, places in found.items()]


def _line(what: str, places: list[str]) -> str:
    first = f"{places[0]}: " if places[0] else ""
    more = f" (và {len(places) - 1} chỗ khác)" if len(places) > 1 else ""
    return f"Lưu ý: {first}{what}{more}."


def _all(
    raw: Mapping[str, Any], read: list[Scenario], known: Collection[str]
) -> Iterator[tuple[str, str]]:
    if not raw["scenarios"]:
        yield "", "scenarios trống, không có gì để xét"
    names = {*known, *full_codes(known), *(code.partition(".")[0] for code in known)}
    if raw.get("timezone") is None:
        yield "", "không có timezone, dùng Asia/Ho_Chi_Minh"
    for body, scenario in zip(raw["scenarios"], read, strict=True):
        where = f"kịch bản {scenario.id}"
        if body.get("warmup_days", raw.get("warmup_days")) is None:
            yield where, f"không có warmup_days, dùng {WARMUP} ngày"
        if 0 < scenario.panel.days <= scenario.panel.warmup:
            yield where, "warmup_days không ngắn hơn dữ liệu, không ngày nào được xét"
        topics = body.get("topics") or {}
        if not topics:
            yield where, "không có topics, không có gì để xét"
        for code, arrays in topics.items():
            if known and str(code) not in names:
                yield (
                    f"{where}, chủ đề {code}",
                    "mã chủ đề không có trong danh mục, vẫn được xét",
                )
            yield from _topic(f"{where}, chủ đề {code}", arrays)
        entries = body.get("calendar", raw.get("calendar")) or []
        parents = {str(code).partition(".")[0] for code in topics}
        yield from _calendar(where, entries, names | parents | {str(code) for code in topics})


def _topic(where: str, arrays: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, means in _WITHOUT.items():
        if arrays.get(key) is None:
            yield where, f"không có {key}: {means}"
    for key in _ARRAYS:
        values = arrays.get(key) or []
        if any(one is None for one in values):
            yield where, f"{key} có ngày bỏ trống (null), ngày ấy coi như không có số liệu"
        if any(isinstance(one, float) and not one.is_integer() for one in values):
            yield where, f"{key} có số lẻ, dùng nguyên như đã ghi"
    for key, means in _NO_MORE.items():
        pairs = zip_longest(arrays.get(key) or [], arrays["count"])
        if any(one is not None and of is not None and one > of for one, of in pairs):
            yield where, f"{key} {means}"


def _calendar(
    where: str, entries: list[Mapping[str, Any]], names: set[str]
) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(entries, 1):
        at = f"{where}, lịch mục {number}"
        if one.get("to") is None:
            yield at, "không có to, tính là một ngày"
        codes = one.get("topics") or []
        for code in [codes] if isinstance(codes, str) else codes:
            name = str(code).rstrip("*").rstrip(".")
            if name not in names and name.lower() not in ("", "all", "tất cả"):
                yield at, f"không có chủ đề {code}"
