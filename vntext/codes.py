"""Tracking codes ``PA-YYMM-XXXX-XXXX``: writing, checking and finding them in what people type.

Letters: Crockford base32 (no I, L, O, U). Check character: the Luhn mod N algorithm with N = 32
over the eleven characters YYMM + seven random ones, in Crockford's order of digits. It finds
every single wrong character and every swap of neighbours except 0 with Z.
"""

from __future__ import annotations

import re
from itertools import product

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(ALPHABET)}
_CONFUSED = str.maketrans("OIL", "011")
_DATE = re.compile(r"\d\d(?:0[1-9]|1[0-2])\Z")

_SEP = r"[ \t.,_:/\-\u2010-\u2015\u2212]{0,3}"
_CHAR = r"[0-9A-Za-z\u00c0-\u024f\u1ea0-\u1ef9]"
# "PA" then up to 24 characters with short separators; the reader below decides how many belong.
_PREFIXED = re.compile(
    rf"(?<![^\W_])[pP]{_SEP}[aAáàÁÀ]{_SEP}(?=(?P<body>{_CHAR}(?:{_SEP}{_CHAR}){{2,24}}))"
)
_GROUPED = re.compile(
    rf"(?<![^\W_])(?<![\-.])(?P<body>{_CHAR}{{4}}[ \-\u2010-\u2015]{_CHAR}{{3,5}}"
    rf"[ \-\u2010-\u2015]{_CHAR}{{3,5}})(?![^\W_])(?!-)"
)
_OTHER = re.compile(r"[^0-9A-Za-z\u00c0-\u024f\u1ea0-\u1ef9]+")
# What the Vietnamese keyboard makes of letters of a code: Telex, then VNI. No O or U occurs in
# a code, so only a, e, y and the shaped letters can appear.
_NOISE: dict[str, tuple[str, ...]] = {
    "Â": ("AA", "A6"), "Ă": ("AW", "A8"), "Ê": ("EE", "E6"), "Đ": ("DD", "D9"), "Ư": ("W",),
    "Ô": ("00",), "Ơ": ("0W",),
}  # fmt: skip
for _base, _letters in (("A", "ÁÀẢÃẠ"), ("E", "ÉÈẺẼẸ"), ("Y", "ÝỲỶỸỴ")):
    for _letter, _telex, _vni in zip(_letters, "SFRXJ", "12345", strict=True):
        _NOISE[_letter] = (_base + _telex, _base + _vni)
for _shape, _plain in (("Â", "ẤẦẨẪẬ"), ("Ă", "ẮẰẲẴẶ"), ("Ê", "ẾỀỂỄỆ")):
    for _letter, _telex, _vni in zip(_plain, "SFRXJ", "12345", strict=True):
        _NOISE[_letter] = tuple(s + t for s, t in zip(_NOISE[_shape], (_telex, _vni), strict=True))
_MAX_NOISY = 4  # bounds the candidates tried for one piece of text


def check_char(body: str) -> str:
    """Check character over ``body`` (any length, Crockford letters, dashes ignored).

    Luhn mod N, N = 32. Raises ValueError on a character outside the alphabet.
    """
    factor, total = 2, 0
    for char in reversed(body.upper().replace("-", "").translate(_CONFUSED)):
        if char not in _VALUE:
            raise ValueError(f"not a base32 character: {char!r}")
        addend = factor * _VALUE[char]
        total += addend // 32 + addend % 32
        factor = 3 - factor
    return ALPHABET[-total % 32]


def format_code(yymm: str, body7: str) -> str:
    """Build a code from year-month digits and seven random characters.

    Raises ValueError when ``yymm`` is not YYMM or ``body7`` is not seven Crockford characters.
    """
    body = body7.upper()
    if not _DATE.match(yymm) or not yymm.isascii():
        raise ValueError("yymm must be four digits, month 01-12")
    if len(body) != 7 or any(c not in _VALUE for c in body):
        raise ValueError("body7 must be seven Crockford base32 characters")
    full = body + check_char(yymm + body)
    return f"PA-{yymm}-{full[:4]}-{full[4:]}"


def _readings(raw: str) -> list[str]:
    """Spellings a raw run may stand for once keyboard noise is undone."""
    upper = raw.upper()
    if upper.isascii():
        return [upper]
    noisy = [i for i, c in enumerate(upper) if c in _NOISE]
    if len(noisy) > _MAX_NOISY:
        return []
    found = []
    for choice in product(*(_NOISE[upper[i]] for i in noisy)):
        pieces = list(upper)
        for i, text in zip(noisy, choice, strict=True):
            pieces[i] = text
        found.append("".join(pieces))
        # The tone key may have been typed after a later letter: "E9S" shows as "É9".
        for i, text in zip(noisy, choice, strict=True):
            for shift in range(1, 4):
                if i + shift < len(upper):
                    moved = list(pieces)
                    moved[i] = text[:-1]
                    moved[i + shift] = moved[i + shift] + text[-1]
                    found.append("".join(moved))
    return found


def _valid(chars: str) -> str | None:
    plain = chars.translate(_CONFUSED)
    if len(plain) != 12 or not plain.isascii() or not _DATE.match(plain[:4]):
        return None
    if any(c not in _VALUE for c in plain) or check_char(plain[:11]) != plain[11]:
        return None
    return f"PA-{plain[:4]}-{plain[4:8]}-{plain[8:]}"


def _read(body: str, exact: bool) -> tuple[str, int] | None:
    """The code at the start of ``body`` and its end; text after a separator may follow it."""
    ends = [len(body)]
    if not exact:
        ends += [m.start() for m in _OTHER.finditer(body)]
    for end in sorted(ends, reverse=True):
        chars = "".join(c for c in body[:end] if c.isalnum())
        if 8 <= len(chars) <= 12:
            for reading in _readings(chars):
                code = _valid(reading)
                if code:
                    return code, end
    return None


def find_codes(text: str) -> list[str]:
    """Codes with a right check character, in order, each once, in canonical form.

    Accepts lower case, spaces or other dashes, missing dashes, O for 0, I or L for 1, and letters
    accented by a Vietnamese keyboard. Never raises.
    """
    found: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    # The body is matched ahead of the scan, so a code right behind another is seen too.
    for match in _PREFIXED.finditer(text):
        read = _read(match["body"], exact=False)
        if read:
            found.append((match.start(), read[0]))
            taken.append((match.start(), match.start("body") + read[1]))
    for match in _GROUPED.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in taken):
            continue
        # Without the prefix a telephone number has the same shape: a letter is required.
        if any(c.isalpha() for c in match["body"]):
            read = _read(match["body"], exact=True)
            if read:
                found.append((match.start(), read[0]))
    return list(dict.fromkeys(code for _, code in sorted(found)))


def parse_code(text: str) -> str | None:
    """The one code ``text`` contains, or None when it has none or several different ones."""
    codes = find_codes(text)
    return codes[0] if len(codes) == 1 else None


def looks_like_code(text: str) -> bool:
    """True for anything shaped like a code, even with a wrong check character or length.

    Ask :func:`find_codes` first; this one tells a mistyped code from a question.
    """
    if find_codes(text):
        return True
    for match in _PREFIXED.finditer(text):
        chars = "".join(c for c in match["body"].split("\n")[0] if c.isalnum()).upper()
        groups = re.split(r"[^0-9A-Z]+", match["body"].upper())
        if chars[:4].translate(_CONFUSED).isdigit() and len(chars) >= 6:
            return True
        if len(chars) >= 8 and sum(c.isdigit() for c in "".join(groups[:3])) >= 3:
            return True
    return any(
        _DATE.match(m["body"][:4]) and any(c.isalpha() for c in m["body"])
        and any(c.isdigit() for c in m["body"][5:])
        for m in _GROUPED.finditer(text)
    )  # fmt: skip
