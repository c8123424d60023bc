"""The model's front end: one canonical form, and its two views."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from vntext.letters import fold, fold_chars
from vntext.normalise import normalize
from vntext.shorthand import expand_words, is_open, join
from vntext.syllables import place_tone
from vntext.telex import repair_word, repair_words
from vntext.tokens import split

_EMOJI = re.compile(
    " *((?:[\U0001f1e6-\U0001f1ff]{2}|[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a-\u23ff"
    "\u2b05-\u2b1c\u2934\u2935\u3030\u303d\u3297\u3299\u203c\u2049])[\U0001f3fb-\U0001f3ff]?) *"
)
_RUN = re.compile(r"([a-z])\1\1+")
_ROMAN = re.compile(r"[xvi]*iii\Z")
_LAUGH = re.compile(r"([bcdfghjklmnpqrstvxz])\1\1+\Z")


class Views(NamedTuple):
    """One text seen twice: as written, and folded to its bare letters."""

    accented: str
    folded: str


@lru_cache(maxsize=32768)
def _squeeze(word: str) -> str:
    """ "quáaaa" → "quá": runs of three or more of a letter, whatever its accents, become one."""
    bare = fold_chars(word)
    if not _RUN.search(bare) or _ROMAN.match(bare):
        return word
    laugh = _LAUGH.match(bare)
    if laugh:
        # "kkkk" is laughter; squeezed to "k" it would be read as "không".
        return word[:3]

    def one(match: re.Match[str]) -> str:
        run = word[match.start() : match.end()]
        # The accent sits on any letter of the run, most often the first: keep that one.
        return next((c for c in run if not c.isascii()), run[0])

    pieces: list[str] = []
    end = 0
    for match in _RUN.finditer(bare):
        pieces += [word[end : match.start()], one(match)]
        end = match.end()
    return place_tone("".join(pieces) + word[end:])


def _pass(text: str) -> tuple[str, bool]:
    """One round over the words: (result, whether some word in it is still open)."""
    tokens, tail = split(text)
    words = [t.text.lower() if t.kept else _squeeze(t.text.lower()) for t in tokens]
    fixed = repair_words(words)
    for i, token in enumerate(tokens):
        if token.kept:
            fixed[i] = words[i]
    expanded = expand_words(tokens, fixed)
    unsettled = any(
        w == f and (is_open(w) or repair_word(w) is not None)
        for w, f in zip(expanded, fixed, strict=True)
    )
    return join(tokens, expanded, tail), unsettled


def canonical(text: str) -> str:
    """Return the form every model sees: normalised, lower case, slips and shorthand undone.

    Emoji become separate tokens, letters repeated three times or more are squeezed, raw Telex and
    VNI are repaired where the result is surely Vietnamese, shorthand is expanded by its
    neighbours. Idempotent; never raises.
    """
    text = normalize(text)
    if not text.isascii() and _EMOJI.search(text):
        text = normalize(_EMOJI.sub(r" \1 ", text))
    # An expansion can settle its neighbour ("dk dt"), so while an open word remains the pass runs
    # until nothing moves; the bound only guards against rules that undo each other.
    for _ in range(6):
        done, unsettled = _pass(text)
        if not done.isascii() and not unicodedata.is_normalized("NFC", done):
            done = normalize(done)
        if done == text or not unsettled:
            return done
        text = done
    return text


def views(text: str) -> Views:
    """Canonical form of ``text`` and its fold, the two inputs of every model here."""
    accented = canonical(text)
    return Views(accented, fold(accented))
