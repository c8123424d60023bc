"""First step of the front end: one spelling for one text, whatever keyboard it came from."""

from __future__ import annotations

import re
import unicodedata

from vntext.letters import TONE_OF
from vntext.syllables import place_tone

# Zero-width, bidi, soft hyphen, variation selectors, tags: invisible, and used to break filters.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_NEWLINE = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_BLANK = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_EDGE = re.compile(" *\n *")
_EXOTIC = re.compile(
    "[\u00d0\u00f0\u0189\u0370-\u052f\u2102-\u2134\u24b6-\u24e9\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
_WORD_MARKS = "\u0300-\u036f"
_WORD = re.compile(f"[^\\W\\d_](?:[^\\W\\d_]|[{_WORD_MARKS}])*")
_MARK_RUN = re.compile(
    "[^\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]?"
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2,}"
)
_VIET_SHAPES = {"a": "\u0302\u0306", "e": "\u0302", "o": "\u0302\u031b", "u": "\u031b"}
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ACCENTED = "".join(c for c, (_, key) in TONE_OF.items() if key)
# A tone mark can only be misplaced where it stands beside another vowel: everything else is
# skipped by the regular expression, which keeps the step cheap.
_TWO_VOWELS = re.compile(
    f"[^\\W\\d_]*(?:[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][{_ACCENTED}]|[{_ACCENTED}][aăâeêioôơuưyAĂÂEÊIOÔƠUƯY])"
    "[^\\W\\d_]*"
)

_LOOKALIKE = str.maketrans(
    # Cyrillic, then Greek: only letters whose usual glyph is a Latin letter's.
    "АВЕЅІЈКМНОРСТХУҮаеѕіјорсухԁԛԝһѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοινυρκ",
    "ABESIJKMHOPCTXYYaesijopcyxdqwhvABEZHIKMNOPTYXaoivupk",
)
_ETH = str.maketrans("ÐðƉ", "ĐđĐ")


def _compatible(char: str) -> str:
    """Fullwidth, mathematical, circled and letter-like forms of ASCII letters to ASCII."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain.isascii() else char


def _exotic_char(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    return char if 0x370 <= code <= 0x52F else _compatible(char)


def _latin_word(match: re.Match[str]) -> str:
    word = match.group()
    if any(c.isascii() or "\u00c0" <= c <= "\u024f" or "\u1e00" <= c <= "\u1eff" for c in word):
        return word.translate(_LOOKALIKE)
    return word


def _calm(match: re.Match[str]) -> str:
    """Strip piled-up marks ("zalgo"), leaving what Vietnamese spelling allows on the letter."""
    cluster = unicodedata.normalize("NFD", match.group())
    first = cluster[0]
    base = "" if unicodedata.combining(first) else first
    marks = cluster[len(base) :]
    shapes = _VIET_SHAPES.get(base.lower(), "")
    vowel = base.lower() in "aeiouy" and bool(base)
    shape = next((m for m in marks if m in shapes), "") if shapes else ""
    tone = next((m for m in marks if m in _TONES), "") if vowel else ""
    extra = len(marks) - bool(shape) - bool(tone)
    if extra <= 2:
        return match.group()
    return unicodedata.normalize("NFC", base + shape + tone)


def _one_pass(text: str) -> str:
    text = _BLANK.sub(" ", text)
    text = _LINE_EDGE.sub("\n", text).strip(" ")
    if text.isascii():
        return text
    if _EXOTIC.search(text):
        text = _EXOTIC.sub(_exotic_char, text.translate(_ETH))
        text = _WORD.sub(_latin_word, text)
    text = unicodedata.normalize("NFC", text)
    if _MARK_RUN.search(text):
        text = unicodedata.normalize("NFC", _MARK_RUN.sub(_calm, text))
    return _TWO_VOWELS.sub(lambda m: place_tone(m.group()), text)


def normalize(text: str) -> str:
    """Return ``text`` spelled one way, case and punctuation kept.

    NFC; traditional tone placement (hoà→hòa, thuỷ→thủy); invisible characters removed;
    look-alike letters inside Latin words mapped; control characters and odd spaces → one space;
    zalgo stripped; newlines kept. Idempotent, never raises, and loses no visible character.
    Order of the steps: domain facts, section 6.
    """
    text = _NEWLINE.sub("\n", text)
    if not text.isascii():
        text = INVISIBLE.sub("", text)
    # Steps can feed each other on hostile input only (a stripped mark lets two letters compose),
    # so the second pass is nearly always the cheap proof that nothing moves any more.
    for _ in range(4):
        done = _one_pass(text)
        if done == text:
            break
        text = done
    return text
