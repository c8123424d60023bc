"""Cut a text into words and the gaps between them, setting apart what must never be touched."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# Every repetition is bounded: an unbounded local part before "@" makes long junk quadratic.
_TOKEN = re.compile(
    r"(?P<kept>"
    r"https?://\S{1,2000}"
    r"|www\.\S{1,2000}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
    r"|(?:[\w-]{1,63}\.){1,5}(?:vn|com|net|org|edu|gov|info)\b(?:/\S{0,2000})?"
    r"|pa[-\u2010-\u2015]?\d{4}[-\u2010-\u2015]?\w{4}[-\u2010-\u2015]?\w{4}\b"
    r"|\d{1,6}/\d{4}/[\w-]{1,40}"
    r"|\d{1,6}/[^\W\d_]{2,10}(?:-[^\W\d_]{1,12}){1,4}"
    r"|\#\w{1,100}"
    r")"
    r"|\w+",
    re.IGNORECASE,
)
# Without one of these the text has nothing to set apart, and plain words are much cheaper.
_MAYBE_KEPT = re.compile(r"[@#/]|\w\.\w|\bpa[-\u2010-\u2015]?\d", re.IGNORECASE)
_WORD = re.compile(r"(\w+)")
_SYMBOL = re.compile(r"[^\s\-–'‘’“”*_~/]")


class Token(NamedTuple):
    """One word with the gap before it; ``kept`` marks e-mails, links, codes; ``cut`` says a
    clause boundary stands in the gap."""

    gap: str
    text: str
    kept: bool
    cut: bool


@lru_cache(maxsize=1024)
def _cuts(gap: str) -> bool:
    """A gap with a newline or a symbol other than a dash, slash or quote ends the clause."""
    return "\n" in gap or _SYMBOL.search(gap) is not None


def split(text: str) -> tuple[list[Token], str]:
    """Return the tokens of ``text`` and the gap after the last; joining them gives ``text``."""
    if not _MAYBE_KEPT.search(text):
        parts = _WORD.split(text)
        pairs = zip(parts[::2], parts[1::2], strict=False)
        return [Token(g, w, False, g != " " and _cuts(g)) for g, w in pairs], parts[-1]
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        tokens.append(Token(gap, match.group(), match.lastgroup is not None, _cuts(gap)))
        end = match.end()
    return tokens, text[end:]
