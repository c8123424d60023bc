"""Copies of a training text as other people would have typed it: the augmentation.

Every copy goes through the same front end as a real message, so a copy only teaches something
where the front end cannot undo the difference (diacritics always, Telex and shorthand sometimes).
"""

from __future__ import annotations

import random
import re
import unicodedata

from vntext import fold

_TONE_KEYS = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPE_KEYS = {
    "\u0302": "{}{}",  # the circumflex is typed by doubling the letter
    "\u0306": "{}w",
    "\u031b": "{}w",
}
_WORD = re.compile(r"[^\W\d_]+")

# A few of the commonest short forms, the reverse of the front end's table.
_SHORT = {
    "không": ("ko", "k", "hok"), "được": ("đc", "dc"), "gì": ("j",), "với": ("vs",),
    "học sinh": ("hs",), "phụ huynh": ("ph",), "giáo viên": ("gv",), "trường": ("trg",),
    "như thế nào": ("ntn",), "thế nào": ("tnao",), "bao giờ": ("bh", "bg"), "bây giờ": ("bh",),
    "em": ("e",), "cũng": ("cx", "cg"), "vậy": ("v", "z"), "rồi": ("r",),
    "bao nhiêu": ("bn", "bnhieu"),
    "tốt nghiệp": ("tn",), "tuyển sinh": ("ts",), "đại học": ("đh", "dh"), "điểm": ("đ",),
    "phúc khảo": ("pk",), "sách giáo khoa": ("sgk",), "cơ sở vật chất": ("csvc",),
    "học phí": ("hphi",), "nguyện vọng": ("nv",), "kết quả": ("kq",), "đăng ký": ("đk", "dk"),
    "hiệu trưởng": ("ht",), "chủ nhiệm": ("cn",), "kiểm tra": ("kt", "ktra"), "mình": ("mk", "mik"),
    "người": ("ng",), "những": ("nhg",), "trước": ("trc",), "thi": ("thi",), "mầm non": ("mn",),
    "tiểu học": ("th",), "bài tập về nhà": ("btvn",), "giáo dục": ("gd",), "biết": ("bít", "bik"),
}  # fmt: skip
_SHORT_RE = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")\b", re.IGNORECASE
)


def _telex_word(word: str) -> str:
    out: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", word.replace("đ", "dd").replace("Đ", "Dd")):
        if char in _TONE_KEYS:
            tone = _TONE_KEYS[char]
        elif char in _SHAPE_KEYS:
            out.append(_SHAPE_KEYS[char].format(out[-1].lower(), out[-1].lower())[1:])
        else:
            out.append(char)
    return "".join(out) + tone


def raw_telex(text: str) -> str:
    """What reaches us when the Vietnamese keyboard was off: "tuyển" → "tuyeenr"."""
    return _WORD.sub(lambda m: _telex_word(m.group()), unicodedata.normalize("NFC", text))


def shorten(text: str, rng: random.Random, share: float = 0.8) -> str:
    """The text with common words in short form, as typed on a phone."""

    def one(match: re.Match[str]) -> str:
        choices = _SHORT[match.group().lower()]
        return rng.choice(choices) if rng.random() < share else match.group()

    return _SHORT_RE.sub(one, unicodedata.normalize("NFC", text))


def half_accented(text: str, rng: random.Random) -> str:
    """The text with the diacritics of about half its words missing."""
    return _WORD.sub(lambda m: fold(m.group()) if rng.random() < 0.5 else m.group(), text)


def copies_of(
    text: str, seed: int, kinds: tuple[str, ...] = ("folded", "telex", "short")
) -> list[str]:
    """The original followed by its distinct copies, the same ones for the same ``seed``."""
    rng = random.Random(seed)  # noqa: S311 - augmentation, not security
    found = [text]
    for kind in kinds:
        if kind == "folded":
            found.append(fold(text))
        elif kind == "telex":
            found.append(raw_telex(text))
        elif kind == "short":
            found.append(shorten(text, rng))
        elif kind == "short_folded":
            found.append(fold(shorten(text, rng)))
        elif kind == "half":
            found.append(half_accented(text, rng))
    return list(dict.fromkeys(found))
