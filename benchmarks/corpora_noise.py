"""The same text as people would have typed it otherwise: seeded, the same on every run.

Short forms and Telex keys come from ``intake_api.linear``, whose tables the front end shares;
letter play, slips and tone keys inside the word are added here. The front end repairs some of it by
design, such as "quáaa": benchmarks/README.md says whom that flatters.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from intake_api.linear import raw_telex, shorten
from vntext import fold

CLEAN, BARE, TEEN, TYPOS, TELEX = "clean", "no diacritics", "teencode", "typos", "raw Telex"

_WORD = re.compile(r"[^\W\d_]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in _ROWS for i, key in enumerate(row)
}
_PLAY = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"^ph", "f"), (r"^qu", "w"), (r"^gi(?=[aeou])", "j"), (r"^c(?=[aou])", "k"),
        (r"ng$", "g"), (r"nh$", "h"), (r"ch$", "k"), (r"i$", "j"), (r"([aeou])$", r"\1\1\1"),
    )
)  # fmt: skip
_MIXED = (("s", "x"), ("tr", "ch"), ("d", "gi"), ("l", "n"), ("r", "d"))
PLAYED, STRIPPED, SLIPPED = 0.25, 0.5, 0.2  # shares of the words


def _recomposed(word: str, marks: Callable[[str], str]) -> str:
    return unicodedata.normalize("NFC", marks(unicodedata.normalize("NFD", word)))


def teencode(text: str, rng: random.Random) -> str:
    """Short forms, letter play, half of the diacritics gone."""

    def one(match: re.Match[str]) -> str:
        word = match.group()
        if rng.random() < STRIPPED:
            word = fold(word)
        fitting = [(rule, new) for rule, new in _PLAY if rule.search(word)]
        if len(word) > 1 and fitting and rng.random() < PLAYED:
            rule, new = rng.choice(fitting)
            word = rule.sub(new, word, count=1)
        return word

    return _WORD.sub(one, shorten(text, rng))


def _slip(word: str, rng: random.Random) -> str:
    """One mistake in a word of at least two letters."""
    at = rng.randrange(len(word) - 1)
    kind = rng.choice(("beside", "swap", "drop", "double", "tone", "mixed"))
    if kind == "beside":
        keys = _BESIDE.get(fold(word[at]).lower(), word[at])
        return word[:at] + rng.choice(keys) + word[at + 1 :]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[: at + 1] + word[at:]
    if kind == "tone":
        swap = str.maketrans({"\u0309": "\u0303", "\u0303": "\u0309"})
        other = _recomposed(word, lambda marks: marks.translate(swap))
        return other if other != word else _recomposed(word, lambda marks: _TONES.sub("", marks))
    if kind == "mixed":
        for pair in rng.sample(_MIXED, len(_MIXED)):
            for right, wrong in (pair, pair[::-1]):
                if word.startswith(right) and not word.startswith(("nh", "ng")):
                    return wrong + word[len(right) :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def typos(text: str, rng: random.Random) -> str:
    """A mistake in about every fifth word."""

    def one(match: re.Match[str]) -> str:
        word = match.group()
        return _slip(word, rng) if len(word) > 1 and rng.random() < SLIPPED else word

    return _WORD.sub(one, text)


def telex(text: str, rng: random.Random) -> str:
    """All words as raw keys; half of the tone keys right after the vowel, as many people type."""

    def one(match: re.Match[str]) -> str:
        word = match.group()
        typed = raw_telex(word)
        flat = raw_telex(_recomposed(word, lambda marks: _TONES.sub("", marks)))
        vowels = [i for i, char in enumerate(flat.lower()) if char in "aeiouyw"]
        if typed == flat or not vowels or rng.random() < 0.5:
            return typed
        return flat[: vowels[-1] + 1] + typed[-1] + flat[vowels[-1] + 1 :]

    return _WORD.sub(one, text)


FORMS: dict[str, Callable[[str, random.Random], str]] = {
    CLEAN: lambda text, _: text,
    BARE: lambda text, _: fold(text),
    TEEN: teencode,
    TYPOS: typos,
    TELEX: telex,
}


def noisy(text: str, form: str, seed: int) -> str:
    """The text in one form; the same for the same seed, whatever else is in the corpus."""
    return FORMS[form](text, random.Random(f"{seed}:{form}:{text}"))
