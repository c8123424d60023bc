"""Home addresses: house, lane, hamlet, residents' group and street, with a name or a number."""

from __future__ import annotations

import re

from vntext.letters import fold
from vntext.listing import listed
from vntext.people import LOWER_STOP, PLACES, SCHOOL_NAMES
from vntext.syllables import is_bare_syllable

# Schools are named after communes: one list serves both.
_COMMUNES = frozenset(fold(name) for name in SCHOOL_NAMES)
_WORD = re.compile(r"[^\W_]+(?:/\d+)*")
# Cues that speak of a home by themselves, and the kinds of thing that may follow them.
_START = re.compile(
    r"(?<!\w)(?<!hang )(?<!nong )(?<!trong )(?<!doc )(?<!tren )(?<!tuyen )(?<!doan )(?<!mat )(?:"
    r"(?P<num>so nha|sn|nha so|ngo|ngach|hem|kiet|xom|thon|ap|khu pho|to dan pho|tdp|to|so|can ho"
    r"|khu do thi|kdt|duong|pho)"
    r")(?: |: ?)(?=\w)"
)
_NEXT = re.compile(
    r"[ ,\-]{1,3}(?:(?:so nha|ngo|ngach|hem|duong|pho|thon|xom|to dan pho|tdp|to|khu pho|khu"
    r"|phuong|xa|thi tran|tt|p|x)[ .]{1,2})(?=\w)"
)
_NUMERIC = re.compile(r"\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,4}(?!\w)(?![.,]\d)")
_TYPED = listed(
    "số nhà|nhà số|ngõ|ngách|hẻm|kiệt|xóm|thôn|ấp|khu phố|tổ dân phố|tổ|số|căn hộ|khu đô thị|kđt|"
    "đường|phố",
    sep="|",
)
_NEEDS_NUMBER = frozenset({"so nha", "sn", "nha so", "ngo", "ngach", "hem", "kiet", "to", "so"})
_LOWER_OK = frozenset({"thon", "xom"})
_UNITS = listed("thon xom to xa phuong huyen tinh thanh thi tp duong pho ngo ngach khu")
# "tổ 3" alone is a group in class; it is an address beside these.
_GROUP_AFTER = re.compile(r"[ ,\-]{1,3}(?:phuong|thi tran|tt|xa|p|thon|khu|dan)[ .]")
_HOUSE_AFTER = re.compile(r"[ ,]{1,2}(?:ngo|ngach|hem|duong|pho|thon|xom|to)[ .]")
_NO_STREET = listed("day link di truyen xuong ve lay huong sat bo thuy len dua cong")


def _name_end(text: str, folded: str, at: int, lower: bool) -> int:
    """End of a proper name starting at ``at``: capitalised syllables, or two lower-case ones."""
    end = at
    count = 0
    if lower:
        pair = " ".join(folded[at : at + 24].split(" ")[:2])
        known = re.match(r"\w+ \w+", pair)
        if known and known.group() in _COMMUNES:
            return at + known.end()
    while count < 4:
        match = _WORD.match(text, end if count == 0 else end + 1)
        if match is None or (count and text[end] != " "):
            break
        word = folded[match.start() : match.end()]
        capital = match.group()[0].isupper() or match.group()[0].isdigit()
        if count and word in _UNITS:
            break
        if not capital and not (
            lower and count < 2 and word not in LOWER_STOP and is_bare_syllable(word)
        ):
            break
        end = match.end()
        count += 1
    return end if count else at


def _part_end(text: str, folded: str, at: int, lower: bool) -> int:
    number = _NUMERIC.match(folded, at)
    return number.end() if number else _name_end(text, folded, at, lower)


def find_addresses(text: str, folded: str) -> list[tuple[int, int]]:
    """Spans of home addresses in NFC ``text``; ``folded`` is its fold, of the same length."""
    found: list[tuple[int, int]] = []
    done = 0
    for match in _START.finditer(folded):
        if match.start() < done:
            continue
        cue = match["num"]
        typed = text[match.start() : match.start() + len(cue)].lower()
        if not typed.isascii() and typed not in _TYPED:
            continue
        end = _first_end(text, folded, match.end(), cue)
        if end == match.end():
            continue
        more = _NEXT.match(folded, end)
        steps = 0
        while more and steps < 5:
            after = _part_end(text, folded, more.end(), lower=cue not in {"so", "to"})
            if after == more.end():
                break
            end, steps = after, steps + 1
            more = _NEXT.match(folded, end)
        found.append((match.start(), end))
        done = end
    return found


def _first_end(text: str, folded: str, at: int, cue: str) -> int:
    number = _NUMERIC.match(folded, at)
    if number:
        if cue == "sn" and len(number.group()) == 4:
            return at  # "sn 2019": sinh năm
        if cue == "to" and not _GROUP_AFTER.match(folded, number.end()):
            return at
        if cue == "so" and not _HOUSE_AFTER.match(folded, number.end()):
            return at
        if cue in {"duong", "pho", "can ho", "khu do thi", "kdt", "ap"} and cue != "can ho":
            return at
        return number.end()
    if cue in _NEEDS_NUMBER or cue == "can ho":
        return at
    word = _WORD.match(folded, at)
    if word is None or word.group() in _NO_STREET:
        return at
    # In all capitals a capital says nothing: read as if it were lower case.
    shouting = text.isupper()
    if shouting and cue not in _LOWER_OK:
        return at
    if text[at].isupper() and not shouting:
        end = _name_end(text, folded, at, lower=False)
        return at if folded[at:end] in PLACES else end
    # "xóm hát karaoke", "thôn ai cũng": a lower-case name needs a commune behind it.
    for end in _lower_ends(folded, at):
        if _NEXT.match(folded, end):
            return end
    return at


def _lower_ends(folded: str, at: int) -> list[int]:
    """Ends of the one- and two-word readings of a lower-case hamlet name."""
    ends: list[int] = []
    for _ in range(2):
        match = _WORD.match(folded, at)
        if match is None or match.group() in LOWER_STOP or not is_bare_syllable(match.group()):
            break
        ends.append(match.end())
        at = match.end() + 1
        if folded[match.end() : at] != " ":
            break
    return ends
