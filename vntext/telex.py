"""Repair of words typed while the Vietnamese keyboard was off: raw Telex and raw VNI.

Key tables: the published Telex and VNI input methods (tone keys s f r x j / 1-5; shapes by
doubling, w and d / 6-9). A word changes only when the raw word could not be Vietnamese and the
repaired one could, so that English words and codes stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vntext.letters import TONE_OF
from vntext.listing import listed
from vntext.syllables import BARE, TONELESS, tone_allowed, with_tone

_VNI_TONES = {"1": "s", "2": "f", "3": "r", "4": "x", "5": "j"}
_VNI_SHAPES = {
    "6": {"a": "â", "e": "ê", "o": "ô"},
    "7": {"o": "ơ", "u": "ư"},
    "8": {"a": "ă"},
    "9": {"d": "đ"},
}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"a": "ă", "o": "ơ", "u": "ư"}

# English words, abbreviations and names that happen to be legal Telex. Repaired only when
# another word of the same text is surely Telex.
_AMBIGUOUS = listed(
    "basis reset there here these where sir sirs visa virus kis laos loj sort thesis haiz user "
    "bonus menus minus tiger timer paper later water layer labor tutor motor minor major mayor "
    "buyer liver river lever never lover cover tower lower power meter deter taxi maxi mini more "
    "care bare dare hare mare rare tare vare core bore gore lore sore tore cure lure pure mere "
    "here sere dire hire mire sire tire base case vase lase dose nose rose hose lose pose rise "
    "wise vise muse ruse luse gene texas lexus nexus ngos gens cafes cafe games names sales tales "
    "titles les mes noise voice raise mouse house course nurse horse verse sense tense dense "
    "these those chose close music basic logic laser loser taser maser river diver driver robot "
    "data gala mama papa banana canada panama malaysia lara sara bara dodo logo photo moto toto "
    "coco loco polo solo mono demo memo hello"
    " "
    "air ans as ass aw awn bar bass bats beef been beer best bias boot bos boss box bus "
    "buss car cas cats cars chair chef chess class cos coos cow deep deer dis does door "
    "dos doss dual ear fax foot gas gif gis gos guess hair has hax her his hos host how "
    "hw if is its keen keep kiss lag las last law lens less list los loss lost low mas "
    "mars mass max meet mess mix moon moor mos most now of off ok okay oops or os pass "
    "pair pos poss post ras raw row saw see seen ses six sos soon soor sos tags tax teen "
    "tees tex text test this thus tor tour tow toy tours tw us user vis was wow yes yaw "
    "zoom uk us ex ox ax oj aj ej ij uj dj dos des les res pros tips chips tops maps "
    "laps mens men gens boots books hops too tee bee nee nhee hee nhoo hoo boo ngoo haw "
    "naw chaw thaw gaw law paw vaw caw daw baw maw raw los vos kas nas chaos thes sars "
    "mess miss less boss moss toss tess ross bass dress lass mass pass tass guess bix "
    "fix nix pix rix six tix vix dax lax pax sax wax lex rex sex vex hex box fox lox pox "
    "sox lux tux bux as us tier bier pier leer peer seer teer veer beers peers deed seed "
    "reed need feed heed weed meed tools cool pool fool boom room doom loom loon noon "
    "coon goon roof hoof loop hoop coop poop seek seem teem keel peel heel reel lift "
    "gift teams bots vats mes mets nets sets lets pets bets tets dots lots hots pots "
    "nots cots bits hits kits sits fits pits huts nuts cuts buts ours hours tours noun "
    "bios trios vip vips cis des dns sms ios cms los les asus"
)
# Of these, the ones that are frequent Vietnamese words when typed raw ("cos" = có, "moon" = môn).
_WITH_EVIDENCE = listed(
    "cos car cas mas as gif deer teen been tees thus too cow now tow her has las los nos "
    "tor tos max moon hoof oj aj nee dis des of tas bos coo"
)
_ENGLISH = _AMBIGUOUS - _WITH_EVIDENCE
_TELEX_TONE = re.compile("[sfrxj]")
_HAS_TELEX = re.compile("[sfrxjw]|aa|ee|oo|dd|a.*a|e.*e|o.*o|d.*d")
_VNI_SHAPE = re.compile(r"[^\W\d_]{1,}\d[^\W_]*\Z")
# School words that people glue to a number: "lop5" is a class, not "lọp".
_COUNTED = listed(
    "lop khoi mon de ky ki hk cau bai dot vong nam lan tiet quy to tuan thang thu hang "
    "loai muc cap so cho tap chuong phan trang doi nhom phong toa tang nha ngo xom khu "
    "duong ban quyen nv tt ca buoi ngay gio lua khoa trai kip tuoi diem ma phieu mau don "
    "top no thi bac phieu"
)


def _accented_vowels(word: str) -> bool:
    return any(TONE_OF.get(c, ("", ""))[1] for c in word)


def _finish(letters: list[str], tone: str) -> str | None:
    """Join, spread the horn over "uo", and accept only a legal syllable."""
    word = "".join(letters)
    # One w (or 7) after "uo" means "ươ"; "uơ" alone exists only in open syllables (thuở, quơ).
    if "uơ" in word and not word.endswith("uơ"):
        word = word.replace("uơ", "ươ")
    if "ưo" in word:
        word = word.replace("ưo", "ươ")
    if word not in TONELESS or not tone_allowed(word, tone) or word.startswith(("p", "pr")):
        if word.startswith("ph") and word in TONELESS and tone_allowed(word, tone):
            return with_tone(word, tone)
        return None
    return with_tone(word, tone)


def _double(letters: list[str], char: str, table: dict[str, str], late: bool) -> bool:
    """Apply a doubling key to the last matching letter; ``late`` allows letters in between."""
    for i in range(len(letters) - 1, -1, -1):
        if letters[i] == char:
            letters[i] = table[char]
            return True
        if not late and i == len(letters) - 1:
            return False
    return False


def _from_telex(word: str) -> str | None:
    letters: list[str] = []
    tone = ""
    late = bool(_TELEX_TONE.search(word[1:]))
    seen_vowel = False
    for char in word:
        if char == "w":
            for i in range(len(letters) - 1, -1, -1):
                if letters[i] in _HORN:
                    # "ua" + w is "ưa", "uo" + w is "ươ": the horn goes to the u.
                    if letters[i] == "a" and i and letters[i - 1] == "u" and letters[0] != "q":
                        letters[i - 1] = "ư"
                    else:
                        letters[i] = _HORN[letters[i]]
                    break
                if letters[i] in "ươă":
                    if letters[i] == "ơ" and i and letters[i - 1] == "u":
                        letters[i - 1] = "ư"
                    break
            else:
                if not letters or seen_vowel:
                    return None
                letters.append("ư")
            seen_vowel = True
        elif char in "sfrxj" and seen_vowel:
            tone = char
        elif char == "d" and letters and letters[0] == "d" and (len(letters) == 1 or late):
            letters[0] = "đ"
        elif char in _CIRCUMFLEX and char in letters and _double(letters, char, _CIRCUMFLEX, late):
            pass
        else:
            letters.append(char)
            seen_vowel = seen_vowel or char in "aăâeêioôơuưy"
    if "".join(letters) == word:
        return None
    return _finish(letters, tone)


def _from_vni(word: str) -> str | None:
    letters: list[str] = []
    tone = ""
    for char in word:
        if char in _VNI_TONES:
            if tone or not any(c in "aăâeêioôơuưy" for c in letters):
                return None
            tone = _VNI_TONES[char]
        elif char in _VNI_SHAPES:
            table = _VNI_SHAPES[char]
            at = next((i for i in range(len(letters) - 1, -1, -1) if letters[i] in table), -1)
            if at < 0:
                # the second 7 of "tru7o7ng" finds its vowel already horned
                return None
            letters[at] = table[letters[at]]
        elif char.isdigit():
            return None
        else:
            letters.append(char)
    return _finish(letters, tone)


@lru_cache(maxsize=32768)
def repair_word(word: str) -> tuple[str, bool] | None:
    """Repair one lower-case word typed in raw Telex or VNI.

    Returns (repaired word, sure) or None when there is nothing to repair. ``sure`` is False for
    words that are also English or a school word with a number: the caller then wants evidence
    from the rest of the text.
    """
    if len(word) < 2 or len(word) > 10 or word in BARE or _accented_vowels(word):
        return None
    if any(c.isdigit() for c in word):
        if word[0].isdigit() or not _VNI_SHAPE.match(word):
            return None
        fixed = _from_vni(word)
        if fixed is None:
            return None
        head = word.rstrip("0123456789")
        digits = sum(c.isdigit() for c in word)
        if digits == 1 and word[-1].isdigit():
            return None if head in _COUNTED or len(head) < 2 else (fixed, False)
        return fixed, not (word[-2:].isdigit() and head in _COUNTED)
    if word in _ENGLISH or not _HAS_TELEX.search(word):
        return None
    fixed = _from_telex(word)
    return None if fixed is None else (fixed, word not in _AMBIGUOUS)


def repair_words(words: list[str]) -> list[str]:
    """Repair a whole text's lower-case words, using sure repairs as evidence for unsure ones.

    A lone "test" or "hoc5" stays; beside a sure Telex word, or beside another word with a tone
    digit, it is repaired. The list keeps its length; words not understood come back unchanged.
    """
    repairs = [repair_word(w) for w in words]
    telex = vni = vni_unsure = 0
    for word, found in zip(words, repairs, strict=True):
        if found is None:
            continue
        digits = not word.isalpha()
        if found[1]:
            vni += digits
            telex += not digits
        elif digits:
            vni_unsure += 1
    fixed = list(words)
    for i, found in enumerate(repairs):
        if found is None:
            continue
        digits = not words[i].isalpha()
        if found[1] or (digits and (vni or vni_unsure > 1)) or (not digits and telex):
            fixed[i] = found[0]
    return fixed
