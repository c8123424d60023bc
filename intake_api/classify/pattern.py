"""A small pattern language for safety rules, so that the tables read like Vietnamese.

A pattern is written with full diacritics: ``{child} … bị … (đánh|đấm)``. ``…`` stands for up to
six words within the sentence, ``{name}`` for a word list, ``(a|b)`` and ``?`` as usual. A word
typed with diacritics must carry exactly the pattern's; a word typed without any matches by its
bare letters, but only in a text that is not fully accented: there "danh" really is "danh", not a
lazy "đánh". ``~đè`` must carry its marks everywhere, since "de" is far more often "để".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from vntext import fold

_GAP = r"(?:[^\w.!?;\n]+\w+){0,6}?[^\w.!?;\n]+"
_SPACE = r"[^\w.!?;\n]+"
_WORD = re.compile(r"[^\W\d_]+")
# Four words in five of ordinary accented Vietnamese carry a mark; half-typed text has far fewer.
_ACCENTED_SHARE = 0.5


@lru_cache(maxsize=512)
def _readings(char: str) -> str:
    """The letter as written and with its marks left out one by one: "ấ" → "ấâa"."""
    toneless = unicodedata.normalize("NFC", "".join(
        c for c in unicodedata.normalize("NFD", char) if c not in "\u0300\u0301\u0303\u0309\u0323"
    ))  # fmt: skip
    return "".join(dict.fromkeys((char, toneless, fold(char))))


def _source(pattern: str, words: Mapping[str, str], loose: bool) -> str:
    pattern = re.sub(r"\{(\w+)\}", lambda m: f"(?:{words[m.group(1)]})", pattern)
    pattern = re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
    pattern = re.sub(r"\s*…\s*", "\x01", pattern)
    # An optional word takes its space with it: "không (còn )?muốn".
    out = []
    exact = False
    for char in pattern:
        exact = exact and char.isalpha()
        if char == "\x01":
            out.append(_GAP)
        elif char == " ":
            out.append(_SPACE)
        elif char == "~":
            exact = True
        elif loose and not exact and char.isalpha() and len(choices := _readings(char)) > 1:
            out.append(f"[{choices}]")
        else:
            out.append(char)
    return "".join(out)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One alternative list, compiled for accented and for lazily typed text."""

    strict: re.Pattern[str]
    loose: re.Pattern[str]

    def search(self, text: str, accented: bool) -> re.Match[str] | None:
        """First match in canonical ``text``."""
        return (self.strict if accented else self.loose).search(text)


def compile_all(patterns: tuple[str, ...], words: Mapping[str, str]) -> Pattern:
    """One Pattern that matches any of ``patterns``."""

    def whole(loose: bool) -> re.Pattern[str]:
        body = "|".join(_source(p, words, loose) for p in patterns)
        return re.compile(rf"(?<!\w)(?:{body})(?!\w)")

    return Pattern(whole(False), whole(True))


def is_accented(text: str) -> bool:
    """True for text typed with its diacritics, so that bare words mean what they say."""
    words = _WORD.findall(text)
    marked = sum(not word.isascii() for word in words)
    return bool(words) and marked >= _ACCENTED_SHARE * len(words)
