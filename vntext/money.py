"""Sums of money in people's spelling, in đồng."""

from __future__ import annotations

import re

_UNITS = {
    "k": 1000, "nghin": 1000, "ngan": 1000, "ng": 1000, "tr": 1_000_000, "trieu": 1_000_000,
    "cu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000, "d": 1, "dong": 1, "vnd": 1,
    "vnđ": 1,
}  # fmt: skip
_DIGIT_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10,
}  # fmt: skip
_WORDS = "|".join(_DIGIT_WORDS)
_FIGURE = re.compile(
    r"(?<![\w/.,\-])(?P<num>\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,9}(?:[.,]\d{1,2})?)"
    r"(?P<space> ?)(?P<tram>tram )?(?P<unit>nghin|ngan|ng|k|trieu|tr|cu|ty|ti|vnd|dong|d)"
    r"(?:(?P<tail> ?\d{1,3})(?![\w/]|[.,]\d)|(?P<half> ruoi))?(?![^\W_])"
)
_GROUPED = re.compile(r"(?<![\w/.,\-])\d{1,3}(?:[.,]000|(?:[.,]\d{3}){2,4})(?![\w/]|[.,]\d)")
_SPELT = re.compile(
    rf"(?<!\w)(?P<first>{_WORDS})(?P<tram> tram)?(?P<ten> (?:muoi|chuc))? "
    r"(?P<unit>nghin|ngan|trieu|ty)(?P<half> ruoi)?(?!\w)"
)
# A bare "6 k ..." is "6 không ..." unless the sum is round and no verb follows.
_VERB_AFTER = re.compile(r" (?:co|duoc|dc|biet|bit|thay|phai|hoc|thi|thu|cho|di|hieu|muon|can)\b")
_NOT_MONEY_BEFORE = re.compile(r"\b(?:lop|khoi|nam|khoa|tuoi|thang|ngay|tiet|tuan) ?\Z")
_NO_LEADING = re.compile(r"\b(?:thang|thu|lop|ngay|hoc|khoi|trong|moi|cac|cap|nghi) ?\Z")


def _plain_number(text: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    return float(text.replace(",", "."))


def _figure_value(match: re.Match[str], folded: str) -> int | None:
    unit = match["unit"]
    scale = _UNITS[unit]
    before = folded[max(0, match.start() - 8) : match.start()]
    if unit == "cu" and len(match["num"]) > 3:
        return None  # "nam 2025 cu"
    if match["space"] and unit in {"k", "ng", "tr", "d", "cu"}:
        if _NOT_MONEY_BEFORE.search(before):
            return None
        if unit in {"k", "ng", "d"} and (
            _VERB_AFTER.match(folded, match.end()) or len(match["num"]) < 2
        ):
            return None
    # In text without a unit of its own "7k"/"12k" glued is money, "2k7" is a year of birth.
    amount = _plain_number(match["num"])
    if unit in {"k", "ng"} and match["tail"]:
        return None
    if match["tram"]:
        amount *= 100
    value = amount * scale
    tail = (match["tail"] or "").strip()
    if tail and scale >= 1_000_000:
        if match["tail"].startswith(" ") and len(tail) < 3:
            return round(value)
        value += int(tail) * scale / 10 ** len(tail)
    if match["half"]:
        value += scale / 2
    if scale == 1 and value < 500:
        return None  # "10đ" is a mark of ten
    return round(value)


def find_money(folded: str) -> list[tuple[int, int, int]]:
    """(start, end, đồng) for every sum in folded text, in order, not overlapping."""
    found: list[tuple[int, int, int]] = []
    for match in _FIGURE.finditer(folded):
        value = _figure_value(match, folded)
        if value is not None:
            end = match.end()
            tail = match["tail"]
            if tail and tail.startswith(" ") and len(tail.strip()) < 3:
                end = match.start("tail")
            found.append((match.start(), end, value))
    for match in _SPELT.finditer(folded):
        before = folded[max(0, match.start() - 8) : match.start()]
        if _NO_LEADING.search(before) and not match["tram"]:
            continue
        amount = _DIGIT_WORDS[match["first"]]
        amount *= (100 if match["tram"] else 1) * (10 if match["ten"] else 1)
        scale = _UNITS[match["unit"]]
        value = amount * scale + (scale // 2 if match["half"] else 0)
        found.append((match.start(), match.end(), value))
    for match in _GROUPED.finditer(folded):
        if not any(a < match.end() and match.start() < b for a, b, _ in found):
            value = int(re.sub(r"[.,]", "", match.group()))
            if value >= 1000:
                found.append((*match.span(), value))
    return sorted(found)
