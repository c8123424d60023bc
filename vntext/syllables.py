"""Which strings are legal Vietnamese syllables, and where their tone mark stands.

The inventory is generated from onsets and rimes (standard orthography as taught in grade 1:
c/k/q, g/gh, ng/ngh distribution, stop codas only with sắc or nặng), not from a word list: it
says what could be Vietnamese, not what is.
"""

from __future__ import annotations

from functools import lru_cache

from vntext.letters import TONE_OF, TONED, fold
from vntext.listing import listed

_PLAIN_RIMES = listed(
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu "
    "ây e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu ia iêc "
    "iêm iên iêng iêp iêt iêu o oc oi om on ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn "
    "ơp ơt u uc ui um un ung up ut ua uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưng ưt ưu ươc "
    "ươi ươm ươn ương ươp ươt ươu"
)
_GLIDE_RIMES = listed(
    "oa oac oach oai oam oan oang oanh oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet "
    "uân uât uây uê uêch uênh uơ uy uya uych uynh uyt uyu uyên uyêt uyp"
)
_QU_RIMES = listed(
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê êch "
    "ên ênh êt i it ôc ơ ơi y ych ynh yt yên yêt"
)
_ONSETS = listed("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph r s t th tr v x")
_FRONT = "eêi"
# After these lips-closed onsets the w-glide does not occur, save in a few borrowed words.
_LABIAL = frozenset({"b", "m", "ph", "v", "p"})
_Y_ONSETS = frozenset({"", "h", "k", "l", "m", "s", "t", "v"})
_BORROWED = {
    "buyt": "uy", "phuy": "uy", "voan": "oa", "moay": "oa", "xoong": "oo", "boong": "oo",
    "sooc": "oo", "mooc": "oo", "gi": "i", "gin": "i", "gim": "i",
    "giêng": "ê", "giêt": "ê", "giêc": "ê",
}  # fmt: skip
_STOPS = ("p", "t", "c", "ch")


def _onset_fits(onset: str, rime: str) -> bool:
    front = rime[0] in _FRONT
    if onset in {"k", "gh", "ngh"}:
        return front
    if onset in {"c", "g", "ng"}:
        return not front
    if onset == "gi":
        return rime[0] != "i"
    return True


def _toneless() -> frozenset[str]:
    found = set(_BORROWED)
    for rime in _PLAIN_RIMES | _GLIDE_RIMES:
        if rime[0] != "i" or len(rime) < 3 or rime[1] != "ê":  # bare "iên" is written "yên"
            found.add(rime)
        for onset in _ONSETS:
            if onset in _LABIAL and rime in _GLIDE_RIMES:
                continue
            if _onset_fits(onset, rime):
                found.add(onset + rime)
    found.update("qu" + rime for rime in _QU_RIMES)
    found.update(onset + "y" for onset in _Y_ONSETS)
    found.update({"yêm", "yên", "yêng", "yêt", "yêu", "ngoeo", "nguây", "khuya"})
    return frozenset(found)


TONELESS = _toneless()
BARE = frozenset(fold(s) for s in TONELESS)


def tone_position(toneless: str) -> int:
    """Index of the letter that carries the tone in a legal toneless lower-case syllable.

    Traditional placement (hòa, úy, thủy), the one of undertheseanlp's normaliser: a vowel with a
    diacritic takes it (the second of "ươ"), else in a two-vowel group the first when the syllable
    is open and the second when it is closed, else the middle of three.
    """
    start = 0
    if toneless.startswith("qu") or (
        toneless.startswith("gi") and len(toneless) > 2 and toneless[2] in "aăâeêioôơuưy"
    ):
        start = 2
    vowels = [i for i in range(start, len(toneless)) if toneless[i] in "aăâeêioôơuưy"]
    if not vowels:
        return start - 1 if start else -1
    marked = [i for i in vowels if toneless[i] in "ăâêôơư"]
    if marked:
        return marked[-1] if toneless[marked[-1]] != "ư" else marked[0]
    if len(vowels) == 1:
        return vowels[0]
    if len(vowels) >= 3:
        return vowels[1]
    closed = vowels[-1] < len(toneless) - 1
    return vowels[1] if closed else vowels[0]


@lru_cache(maxsize=32768)
def split_tone(word: str) -> tuple[str, str] | None:
    """Split a word into (toneless word, tone key "sfrxj" or ""); None with two or more tones."""
    letters: list[str] = []
    tone = ""
    for char in word:
        base, key = TONE_OF.get(char, (char, ""))
        if key:
            if tone:
                return None
            tone = key
        letters.append(base)
    return "".join(letters), tone


def with_tone(toneless: str, tone: str) -> str:
    """Write ``tone`` on a legal lower-case toneless syllable, traditional placement."""
    if not tone:
        return toneless
    at = tone_position(toneless)
    return toneless[:at] + TONED[toneless[at], tone] + toneless[at + 1 :]


def tone_allowed(toneless: str, tone: str) -> bool:
    """Syllables closed by p, t, c, ch carry only sắc or nặng."""
    return tone in {"s", "j"} or not toneless.endswith(_STOPS)


@lru_cache(maxsize=32768)
def is_syllable(s: str) -> bool:
    """True when ``s`` is a legal Vietnamese syllable written with its diacritics, any case.

    "học" is, "hoc" is not (a stop coda needs a tone), "test" is not. Unusual tone placement
    ("hoà") is accepted.
    """
    parts = split_tone(s.lower())
    if parts is None:
        return False
    toneless, tone = parts
    return toneless in TONELESS and tone_allowed(toneless, tone)


@lru_cache(maxsize=32768)
def is_bare_syllable(s: str) -> bool:
    """True when ``s``, read without diacritics, could be a syllable ("hoc", "Duoc")."""
    return fold(s) in BARE


@lru_cache(maxsize=32768)
def place_tone(word: str) -> str:
    """Move the tone mark of a legal syllable to its traditional place, keeping letter case.

    Anything that is not a legal syllable with exactly one tone comes back unchanged.
    """
    parts = split_tone(word)
    if parts is None or not parts[1]:
        return word
    toneless, tone = parts
    lower = toneless.lower()
    if len(lower) != len(toneless) or lower not in TONELESS:
        return word
    at = tone_position(lower)
    return toneless[:at] + TONED[toneless[at], tone] + toneless[at + 1 :]
