"""Vietnamese letters: tone tables and the length-preserving fold, shared by every module."""

from __future__ import annotations

import unicodedata

# Toneless vowels in the order the alphabet lists them; each row below adds one tone.
BASE_VOWELS = "aăâeêioôơuưy"
TONE_MARKS = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}

# TONED[(vowel, tone key)] -> letter;  TONE_OF[letter] -> (vowel, tone key or "")
TONED: dict[tuple[str, str], str] = {}
TONE_OF: dict[str, tuple[str, str]] = {}


def _fill_tone_tables() -> None:
    for vowel in BASE_VOWELS + BASE_VOWELS.upper():
        TONED[vowel, ""] = vowel
        TONE_OF[vowel] = (vowel, "")
        for key, mark in TONE_MARKS.items():
            letter = unicodedata.normalize("NFC", vowel + mark)
            TONED[vowel, key] = letter
            TONE_OF[letter] = (vowel, key)


_fill_tone_tables()

# Letters whose folding is not a canonical decomposition.
_SPECIAL = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "İ": "i"}


class _FoldTable(dict[int, int]):
    """Code point -> folded code point, computed once per character met and then kept."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        folded = _SPECIAL.get(char)
        if folded is None:
            decomposed = unicodedata.normalize("NFD", char)
            # Only letters built on an ASCII letter are folded: "й" or a Hangul syllable is not a
            # Latin letter with a diacritic and must stay what it is.
            base = decomposed[0] if decomposed[0].isascii() else char
            folded = base.lower()
            if len(folded) != 1:
                folded = base
        self[code] = ord(folded)
        return self[code]


_FOLD = _FoldTable()


def fold_chars(text: str) -> str:
    """Fold character by character: always as long as ``text``, whatever it contains.

    Unlike :func:`vntext.fold` it does not compose first, so decomposed input keeps its marks.
    """
    return text.lower() if text.isascii() else text.translate(_FOLD)


def fold(text: str) -> str:
    """Return ``text`` in lower case without diacritics (đ→d); punctuation and digits stay.

    Decomposed input is composed first. For NFC input the result has the same length, so a span
    found in the folded text is the same span in the original. Never raises.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).translate(_FOLD)


def is_unaccented(text: str) -> bool:
    """True when ``text`` has letters but none that only Vietnamese diacritics produce.

    Empty text and text without letters give True as well: nothing in it is accented.
    """
    return fold(text) == unicodedata.normalize("NFC", text).lower()
