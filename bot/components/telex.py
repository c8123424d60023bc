"""Write Vietnamese as its raw Telex keystrokes, as it looks with the keyboard switched off."""

from __future__ import annotations

import unicodedata

_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_CIRCUMFLEX = "\u0302"


def _keystrokes(word: str) -> str:
    typed, tone = [], ""
    for char in word:
        if char in "đĐ":
            typed.append(char.translate({0x111: "dd", 0x110: "DD"}))
            continue
        base, *marks = unicodedata.normalize("NFD", char)
        typed.append(base)
        for mark in marks:
            if mark in _TONES:
                tone = _TONES[mark]
            elif mark == _CIRCUMFLEX:
                typed.append(base.lower())
            else:  # breve and horn
                typed.append("w")
    return "".join(typed) + tone


def telex(text: str) -> str:
    """Return ``text`` typed in Telex with the tone key last: "học phí" → "hocj phis"."""
    return " ".join(_keystrokes(word) for word in text.split(" "))
