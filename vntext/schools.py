"""School names in people's spelling, as clean as the text allows."""

from __future__ import annotations

import re

from vntext.letters import fold
from vntext.people import GIVEN, MIDDLES, SCHOOL_NAMES, STRONG_SURNAMES
from vntext.shorthand import district_of
from vntext.shorthand_rules import DISTRICTS

_TYPES = {
    "thpt": "THPT", "trung hoc pho thong": "THPT", "cap 3": "THPT", "c3": "THPT",
    "thcs": "THCS", "trung hoc co so": "THCS", "cap 2": "THCS", "c2": "THCS",
    "tieu hoc": "Tiểu học", "th": "Tiểu học", "cap 1": "Tiểu học", "c1": "Tiểu học",
    "mam non": "Mầm non", "mn": "Mầm non", "mau giao": "Mẫu giáo", "gdtx": "GDTX",
    "ttgdtx": "Trung tâm GDTX", "gdnn-gdtx": "GDNN-GDTX", "trung tam gdtx": "Trung tâm GDTX",
    "trung tam gdnn-gdtx": "Trung tâm GDNN-GDTX", "th&thcs": "TH&THCS",
    "th va thcs": "TH&THCS", "thcs&thpt": "THCS&THPT", "thcs va thpt": "THCS&THPT",
}  # fmt: skip
LEVEL_OF_TYPE = {
    "THPT": "thpt", "THCS": "thcs", "Tiểu học": "th", "Mầm non": "mn", "Mẫu giáo": "mn",
    "GDTX": "gdtx", "Trung tâm GDTX": "gdtx", "GDNN-GDTX": "gdtx",
    "Trung tâm GDNN-GDTX": "gdtx", "TH&THCS": "thcs", "THCS&THPT": "thpt",
}  # fmt: skip
_HEAD = re.compile(
    r"(?<!\w)(?P<lead>(?:truong|trg|tr) )?(?P<type>"
    + "|".join(sorted(map(re.escape, _TYPES), key=len, reverse=True))
    + r")(?P<special> chuyen| dan lap| tu thuc)? (?=\w)"
)
_ONLY_LEAD = re.compile(r"(?<!\w)(?P<lead>truong) (?=\w)")
_WORD = re.compile(r"[^\W_]+")
_KNOWN = {tuple(fold(name).split()): name for name in SCHOOL_NAMES}
_KNOWN.update({tuple(fold(name).split()): name.title() for name in DISTRICTS.values()})
_DISTRICT_WORDS = {tuple(fold(v).split()): v.title() for v in DISTRICTS.values()}
_LETTERS = frozenset("abc")


def _known_at(words: list[str], i: int) -> str | None:
    for size in (4, 3, 2):
        name = _KNOWN.get(tuple(words[i : i + size]))
        if name is not None and len(words[i : i + size]) == size:
            return name
    return None


def _title(text: str) -> str:
    return " ".join(w[0].upper() + w[1:].lower() for w in text.split())


def _name(text: str, folded: str, at: int) -> tuple[str, int] | None:
    """(clean name, end) of the proper name starting at ``at``, or None."""
    spans: list[tuple[int, int]] = []
    where = at
    while len(spans) < 6:
        match = _WORD.match(folded, where)
        if match is None:
            break
        spans.append(match.span())
        where = match.end() + 1
        if folded[match.end() : match.end() + 1] != " ":
            break
    words = [folded[a:b] for a, b in spans]
    if not words:
        return None
    # "A Kim Bảng", "a kb": a letter and a district, in either order, are one name.
    if words[0] in _LETTERS and len(words) > 1:
        if words[1] in DISTRICTS:
            return f"{words[0].upper()} {DISTRICTS[words[1]].title()}", spans[1][1]
        place = _DISTRICT_WORDS.get(tuple(words[1:3]))
        if place:
            return f"{words[0].upper()} {place}", spans[2][1]
        return None
    if words[0] in DISTRICTS and len(words) > 1 and words[1] in _LETTERS:
        return f"{words[1].upper()} {DISTRICTS[words[0]].title()}", spans[1][1]
    if words[0] == "so" and len(words) > 1 and words[1].isdigit():
        return f"số {words[1]}", spans[1][1]
    known = _known_at(words, 0)
    if known:
        size = len(known.split())
        if size < len(words) and words[size] in _LETTERS and known in _DISTRICT_WORDS.values():
            return f"{words[size].upper()} {known}", spans[size][1]
        return known, spans[size - 1][1]
    return _free_name(text, words, spans)


def _free_name(text: str, words: list[str], spans: list[tuple[int, int]]) -> tuple[str, int] | None:
    first = text[spans[0][0] : spans[0][1]]
    shouting = text.isupper()
    count = 0
    if first[0].isupper() and not shouting:
        for a, b in spans[:5]:
            token = text[a:b]
            if not (token[0].isupper() or token.isdigit()) or (count and token.isdigit()):
                break
            if len(token) > 2 and token.isupper() and not token.isdigit():
                break
            count += 1
    else:
        # In lower case a name not on the list is told from the sentence only when it has the
        # shape of a person's name; anything looser reads "thpt giải thể" as a school.
        if words[0] not in STRONG_SURNAMES or len(words) < 3:
            return None
        if words[1] not in MIDDLES or words[2] not in GIVEN:
            return None
        count = 3
    if not count or (count == 1 and len(first) == 1):
        # "trường THPT X": a letter standing for a name the writer withholds.
        return None
    start, end = spans[0][0], spans[count - 1][1]
    return _title(text[start:end]), end


def find_schools(text: str, folded: str) -> list[tuple[int, int, str, str]]:
    """(start, end, clean name, type) of schools; "Trường" is kept in the name when typed.

    Known names get their diacritics back ("tran phu" → "Trần Phú"); unknown ones keep the
    spelling they came in. A trailing district abbreviation stays outside unless part of the name.
    """
    found: list[tuple[int, int, str, str]] = []
    end = 0
    for match in _HEAD.finditer(folded):
        if match.start() < end:
            continue
        kind = _TYPES[match["type"]]
        if match["type"] == "th" and not match["lead"] and not text[match.end()].isupper():
            continue
        special = (match["special"] or "").strip()
        named = _name(text, folded, match.end())
        if named is None:
            continue
        name, end = named
        middle = {"chuyen": " Chuyên", "dan lap": " Dân lập", "tu thuc": " tư thục"}.get(
            special, ""
        )
        prefix = "Trường " if match["lead"] else ""
        found.append((match.start(), end, f"{prefix}{kind}{middle} {name}", kind))
    taken = [(a, b) for a, b, _, _ in found]
    for match in _ONLY_LEAD.finditer(folded):
        if any(a <= match.start() < b for a, b in taken):
            continue
        words = folded[match.end() : match.end() + 40].split()
        named = None
        cut = [re.sub(r"\W.*", "", w) for w in words[:4]]
        if cut and _known_at(cut, 0):
            named = _name(text, folded, match.end())
        elif text[match.end()].isupper() and not text.isupper():
            named = _name(text, folded, match.end())
            if named and len(named[0].split()) < 2:
                named = None
        if named:
            found.append((match.start(), named[1], f"Trường {named[0]}", ""))
    return sorted(found)


__all__ = ["LEVEL_OF_TYPE", "district_of", "find_schools"]
