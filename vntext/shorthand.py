"""Shorthand expansion: the plain table, then keys whose meaning hangs on their neighbours.

Rules are data. A rule fires when the word before is in ``prev`` or the word after is in ``nxt``;
words are compared folded, so the same rules serve text without diacritics. What no rule and no
default settles stays as it was typed: a wrong guess costs more than an unread abbreviation.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vntext.letters import fold_chars
from vntext.listing import listed
from vntext.shorthand_rules import DISTRICTS, RULES, SCHOOL_WORDS, Rule
from vntext.shorthand_table import PHRASES, PLAIN
from vntext.tokens import Token, split

_AMOUNT = re.compile(r"(\d+)(k|ng|tr|triệu|trieu|củ|nghìn|nghin)(\d{0,3})\Z")
_GRADE_KEY = re.compile(r"k(1[0-2]|[6-9])\Z")
_GLUED = re.compile(r"(lop|lớp|khoi|khối)(\d{1,2}[a-z]?\d?)\Z")
_PHRASE_TAILS = frozenset(key[1] for key in PHRASES)
_AFTER_AMOUNT = listed("thang bua ngay em hs nam ky suat 1 mot moi dong tien buoi mon lan")
_UNIT = {"k": "nghìn", "ng": "nghìn", "tr": "triệu", "củ": "triệu"}
_PLACE_WORDS = frozenset(["o", "huyen", "tp", "tx", "pgd"])
_PLACE_PAIRS = frozenset({"thanh pho", "thi xa", "phong gd", "gd dt"})
_CASED = {"MN": "mầm non", "TS": "tiến sĩ", "ThS": "thạc sĩ", "Ths": "thạc sĩ"}


_fold_word = lru_cache(maxsize=32768)(fold_chars)


@lru_cache(maxsize=32768)
def _amount(word: str) -> str | None:
    """ "500k" → "500 nghìn", "1tr2" → "1 triệu 2"; "2k7" (a birth year) stays."""
    if not word[0].isdigit():
        grade = _GRADE_KEY.match(word)
        if grade:
            return f"khối {grade[1]}"
        glued = _GLUED.match(word)
        return f"{glued[1]} {glued[2]}" if glued else None
    match = _AMOUNT.match(word)
    if match is None:
        return None
    unit, rest = match[2], match[3]
    if unit in {"k", "ng"} and rest:
        return None
    return f"{match[1]} {_UNIT.get(unit, unit)}" + (f" {rest}" if rest else "")


def _holds(rule: Rule, prev: str, pair: str, nxt: str, next_pair: str) -> bool:
    before = bool(rule.prev) and (prev in rule.prev or pair in rule.prev)
    after = bool(rule.nxt) and (nxt in rule.nxt or next_pair in rule.nxt)
    return (before and after) if rule.both else (before or after)


def district_of(key: str, before: list[str]) -> str | None:
    """District an abbreviation names, given the folded words before it in the same clause.

    Only after "ở/huyện/tp …" or shortly after a school word: "thpt a kb", "truong thcs x pl".
    """
    name = DISTRICTS.get(key)
    if name is None or not before:
        return None
    if before[-1] in _PLACE_WORDS or " ".join(before[-2:]) in _PLACE_PAIRS:
        return name
    # "tl" and "dt" have other common readings, so the school word must be nearer.
    reach = 3 if key in {"tl", "dt"} else 5
    return name if any(w in SCHOOL_WORDS for w in before[-reach:]) else None


def _kay(clause: list[str], prev: str, nxt: str, next2: str) -> str:
    """The word "k": nghìn after an amount, khối before 10-12, else không."""
    if prev.isdigit():
        before = clause[-2] if len(clause) > 1 else ""
        round_sum = int(prev[:6]) >= 20 and before not in {"lop", "khoi", "nam", "thang", "khoa"}
        if round_sum and (nxt in _AFTER_AMOUNT or nxt == "$" or int(prev[:6]) % 50 == 0):
            return "nghìn"
        return "không"
    if nxt in {"10", "11", "12"} and next2 not in {"diem", "nghin", "trieu", "nam", "thang"}:
        return "khối"
    return "không"


@lru_cache(maxsize=32768)
def _key(word: str) -> str:
    """Rule key of a word: only đ is folded, so that "ạ" never meets the rules for "a"."""
    return word.replace("đ", "d")


@lru_cache(maxsize=32768)
def is_open(word: str) -> bool:
    """True when some rule could expand this lower-case word; most words are not open."""
    if word in PLAIN or (not word.isalpha() and _amount(word) is not None):
        return True
    key = _key(word)
    return key == "k" or key in RULES or key in DISTRICTS or key in _PHRASE_TAILS


def expand_words(tokens: list[Token], words: list[str]) -> list[str]:
    """Expand lower-case ``words`` (one per token); tokens give gaps and the typed case.

    A word swallowed by a phrase ("sở gd") comes back empty.
    """
    folded = [_fold_word(w) for w in words]
    out: list[str] = []
    clause: list[str] = []  # folded words of this clause so far, expansions included
    for i, word in enumerate(words):
        token = tokens[i]
        if token.cut:
            clause = []
        if token.kept or not is_open(word):
            out.append(word)
            clause.append(folded[i])
            continue
        new = None
        if clause and folded[i] in _PHRASE_TAILS:
            phrase = PHRASES.get((clause[-1], folded[i]))
            if phrase is not None and out[-1]:
                clause[-1:] = _fold_word(phrase).split()
                out[-1] = phrase
                out.append("")
                continue
        if new is None:
            new = _expansion(tokens, words, folded, clause, i)
        out.append(word if new is None else new)
        if new is None:
            clause.append(folded[i])
        else:
            clause.extend(_fold_word(new).split())
    return out


def _expansion(
    tokens: list[Token], words: list[str], folded: list[str], clause: list[str], i: int
) -> str | None:
    word = words[i]
    plain = PLAIN.get(word)
    if plain is not None:
        return plain
    if not word.isalpha():
        return _amount(word)
    key = _key(word)
    last = len(words) - 1
    closed = i == last or tokens[i + 1].cut
    if not closed and tokens[i].text in _CASED:
        # "TS Nguyễn…", "MN Hoa Sen": capitals before a name, unless the whole line shouts.
        after = tokens[i + 1].text
        if after[0].isupper() and not after.isupper():
            return _CASED[tokens[i].text]
    nxt = "$" if closed else folded[i + 1]
    next2 = "" if closed or i + 1 == last or tokens[i + 2].cut else folded[i + 2]
    prev = clause[-1] if clause else "^"
    if key == "k":
        return _kay(clause, prev, nxt, next2)
    place = district_of(key, clause)
    if place:
        return place
    pair = f"{clause[-2]} {prev}" if len(clause) > 1 else ""
    next_pair = f"{nxt} {next2}"
    prev = "#" if prev.isdigit() else prev
    nxt = "#" if nxt.isdigit() else nxt
    for rule in RULES.get(key, ()):
        if (not rule.prev and not rule.nxt) or _holds(rule, prev, pair, nxt, next_pair):
            return rule.out
    return None


def join(tokens: list[Token], words: list[str], tail: str) -> str:
    """Put words back between their gaps; a word merged into the one before loses its gap."""
    pieces: list[str] = []
    for token, word in zip(tokens, words, strict=True):
        if word:
            pieces.append(token.gap)
            pieces.append(word)
    pieces.append(tail)
    return "".join(pieces)


def expand(text: str) -> str:
    """Expand shorthand in ``text`` ("ko bit nop o dau" → "không biết nop o dau").

    Words not expanded keep their case, everything between words stays. Codes, links, e-mails are
    not touched. Works with and without diacritics; unsure abbreviations stay. Never raises.
    """
    tokens, tail = split(text)
    lower = [t.text if t.kept else t.text.lower() for t in tokens]
    expanded = expand_words(tokens, lower)
    kept = [
        t.text if new == low else new for t, low, new in zip(tokens, lower, expanded, strict=True)
    ]
    return join(tokens, kept, tail)
