"""The shapes a person's name can have, tried at one word of a text.

Runs of capitals, block letters, surname with middle and given names in lower case. Whether
something in such a shape is a name is judged in :mod:`vntext.names`.
"""

from __future__ import annotations

import re

from vntext.cues import PLAIN_NEXT, PUPIL_NEXT, ROLES, STOPS_AFTER, TEACHER_NEXT
from vntext.given import (
    CLEAN_BARE,
    CLEAN_TYPED,
    DOUBLE_FIRST_BARE,
    GIVEN_BARE,
    GIVEN_TYPED,
    NEVER_BARE,
    NEVER_TYPED,
    STRICT_TEACHER,
)
from vntext.leads import Lead
from vntext.listing import listed
from vntext.people import (
    BEFORE_SURNAME,
    CORE_TYPED,
    GIVEN,
    LOWER_BARE,
    MIDDLES,
    MIDDLES_TYPED,
    STRONG_SURNAMES,
    SUBJECTS,
    SURE_BARE,
    SURNAMES,
    SURNAMES_TYPED,
    TITLE_STOP,
)
from vntext.syllables import is_bare_syllable
from vntext.words import Words

_CLASS = re.compile(r"(?:1[0-2]|[1-9])[a-z]\d{0,2}\Z|2k\d\Z")
END = ""
_SURE_MIDDLES = frozenset({"van", "thi"})
_AFTER_THI = frozenset({"ai", "truong", "toi", "co", "la"})
_AFTER_VAN = frozenset({"trung", "tin", "thu", "de", "phong"})
# Second syllables that are everyday words too, but stand where a name has begun.
SECOND = listed(
    "anh an chi ha minh nam phuc bao long son hai lam bach tu tri mai hoa lan quan dan thu tien "
    "chau ly van nguyen duong ninh hien lien thanh phong kien trung hung sang tai khoi"
)
_BLOWS = frozenset({"danh", "dam", "tat", "dap", "chui", "mang", "gay"})
_BEFORE_NHUNG = frozenset({"hong", "tuyet", "kim", "cam", "phuong", "trang"})
_RARE_WORDS = listed("vu vo ngo dinh dam phan ly luong luu dao duong ho")
_LOOSE = frozenset({"dung", "diem", "trang", "thang"})
_NONE: frozenset[str] = frozenset()
ANY_LEAD = Lead()


class Shapes:
    """One text; each method answers with the index behind the last word of a name, or 0."""

    def __init__(self, words: Words) -> None:
        self.w = words

    # --- words -----------------------------------------------------------------------------

    def next_of(self, i: int) -> str:
        """Folded word that follows word ``i - 1`` after one blank, or "" at a boundary."""
        return self.w.low[i] if i < self.w.count and self.w.gap[i] == " " else END

    def given(self, i: int) -> bool:
        """Whether word ``i`` is on the list of given names in the spelling it has."""
        if self.w.exact(i):
            return self.w.raw[i] in GIVEN_TYPED
        return self.w.low[i] in GIVEN or self.w.low[i] in CLEAN_BARE

    def surname(self, i: int) -> bool:
        raw = self.w.raw[i]
        return raw in SURNAMES_TYPED if self.w.exact(i) else self.w.low[i] in SURNAMES

    def breaks(self, i: int, end: int) -> bool:
        """Word ``i`` together with the word at ``end`` is an everyday word."""
        after = self.next_of(end)
        stops = STOPS_AFTER.get(self.w.low[i])
        if stops is None or not after:
            return False
        if after not in stops or self.role(end):
            return False
        if after in {"voi", "va"} and self.next_of(end + 1) in {"co", "thay"}:
            return False
        # Spelled with care it is the name: "em minh lớp 6" is not "em mình lớp 6".
        clean = self.w.exact(i) and self.w.raw[i] in CLEAN_TYPED
        return not (clean and (after in TEACHER_NEXT or after in PUPIL_NEXT))

    def role(self, i: int) -> bool:
        """Whether the two words from ``i`` on say what somebody does."""
        return (self.next_of(i), self.next_of(i + 1)) in ROLES

    def strong(self, after: str, lead: Lead) -> bool:
        if _CLASS.match(after):
            return True
        if lead is ANY_LEAD:
            return after in TEACHER_NEXT or after in PUPIL_NEXT
        if lead.teacher:
            return after in TEACHER_NEXT
        return after in PUPIL_NEXT or (lead.firm and after in _BLOWS)

    def follows(self, after: str) -> bool:
        return after == END or after in PLAIN_NEXT or after[0].isdigit() or len(after) == 1

    # --- shapes ----------------------------------------------------------------------------

    def capitals(self, i: int, lead: Lead | None) -> int:
        """End of a run of capitalised syllables (or single letters) beginning at ``i``."""
        w = self.w
        end = i
        while end < w.count and end - i < 5 and (end == i or w.gap[end] == " "):
            raw, low = w.raw[end], w.low[end]
            if not w.cap[end] or not raw.isalpha():
                break
            if w.upper[end] and not (lead and low in GIVEN_BARE and len(low) > 1):
                if len(low) > 1 or not (end > i or lead):
                    break
            elif not is_bare_syllable(low) and not (len(low) == 1 and end > i):
                break
            surname = end == i and low in STRONG_SURNAMES and self.surname(i)
            fits = surname or (end > i and low in GIVEN_BARE) or len(low) == 1
            fits = fits or (lead is not None and w.accented and raw in GIVEN_TYPED)
            if low in TITLE_STOP and not fits:
                break
            end += 1
        if all(w.raw[k] in SUBJECTS for k in range(i, end)):
            return 0
        return end if end > i else 0

    def slip(self, i: int) -> int:
        """A whole name in block letters inside ordinary text: "NGUYEN VAN A"."""
        w = self.w
        end = i
        while end < w.count and end - i < 5 and (end == i or w.gap[end] == " "):
            low = w.low[end]
            if not w.upper[end] or not (is_bare_syllable(low) or len(low) == 1):
                break
            end += 1
        sure = w.raw[i] in CORE_TYPED or (w.raw[i].isascii() and w.low[i] in STRONG_SURNAMES)
        sure = sure and end - i >= 3 and w.low[i + 1] in MIDDLES
        return end if sure else 0

    def full(self, i: int, lead: Lead | None) -> int:
        """A lower-case name with its surname: surname, middle names, given name."""
        w = self.w
        low = w.low
        if w.exact(i):
            if w.raw[i] not in (SURNAMES_TYPED if lead and lead.person else CORE_TYPED):
                return 0
        elif low[i] not in LOWER_BARE:
            return 0
        if i and low[i - 1] in BEFORE_SURNAME.get(low[i], _NONE) and w.gap[i] == " ":
            return 0
        # "nguyen thi hoa" in a message with diacritics elsewhere is typed without them itself.
        sloppy = not w.exact(i) or (w.raw[i].isascii() and low[i] in SURE_BARE)
        end = i + 1
        while end < w.count and end - i < 5 and w.gap[end] == " " and self._part(end, sloppy):
            end += 1
        while end - i >= 2 and not self._may_end(i, end, sloppy):
            end -= 1
        size = end - i
        if size < 2:
            return self._initial(i)
        if size == 2:
            return end if self._pair_fits(i, lead, sloppy) else 0
        if any(self.breaks(k, k + 1) for k in range(i, end - 1)):
            return 0
        if low[i + 1] not in MIDDLES:
            return 0
        last = low[end - 1]
        clean = last in CLEAN_BARE or low[i + 1] in _SURE_MIDDLES
        sure = low[i] in SURE_BARE
        if not sloppy:
            return end
        after = self.next_of(end)
        if lead is not None and lead.person:
            if sure or (clean and (lead.firm or low[i + 1] in _SURE_MIDDLES)):
                return end
            return end if lead.firm and (not after or self.strong(after, ANY_LEAD)) else 0
        if sure:
            strong = _CLASS.match(after) or after in TEACHER_NEXT or after in PUPIL_NEXT
            return end if clean or strong or not after or self.role(end) else 0
        if (
            not after
            and low[i] in _RARE_WORDS
            and low[i + 1] in _SURE_MIDDLES
            and last not in _LOOSE
        ):
            return end
        if after and not (_CLASS.match(after) or after in TEACHER_NEXT or after in PUPIL_NEXT):
            return 0
        return end if low[i + 1] in _SURE_MIDDLES and last in CLEAN_BARE - _LOOSE else 0

    def _pair_fits(self, i: int, lead: Lead | None, sloppy: bool) -> bool:
        """Surname and given name only: beside a title, and without another meaning."""
        w = self.w
        if lead is None or not lead.person or not lead.firm or (w.cap[i] and not w.shouting):
            return False
        k = i + 1
        if not sloppy:
            return w.raw[k] in CLEAN_TYPED or (w.low[i] in SURE_BARE and w.raw[k] in GIVEN_TYPED)
        return w.low[i] in SURE_BARE and w.low[k] in CLEAN_BARE

    def _part(self, k: int, sloppy: bool) -> bool:
        w = self.w
        if w.cap[k] and not w.shouting:
            return False
        if sloppy and w.raw[k].isascii():
            return w.low[k] in GIVEN_BARE or w.low[k] in MIDDLES
        return w.raw[k] in GIVEN_TYPED or w.raw[k] in MIDDLES_TYPED

    def _may_end(self, i: int, end: int, sloppy: bool) -> bool:
        """Whether the last word before ``end`` can be a given name here."""
        w = self.w
        k = end - 1
        raw, low = w.raw[k], w.low[k]
        loose = sloppy and raw.isascii()
        if not (low in GIVEN_BARE if loose else raw in GIVEN_TYPED):
            return False
        never = low in NEVER_BARE if loose else raw in NEVER_TYPED
        size = end - i
        if size >= 3 and w.low[k - 1] in _SURE_MIDDLES and k - 1 == i + 1:
            # The word right after văn/thị is the given name, save for the plainest words.
            after = self.next_of(end)
            return not after or not (
                low in _AFTER_THI or (low in _AFTER_VAN and loose and self.breaks(k, end))
            )
        if low == "nhung" and w.low[k - 1] in _BEFORE_NHUNG:
            return True
        if loose and low not in GIVEN and low not in CLEAN_BARE:
            # A rarer name: only where the surname is sure and nothing else could follow.
            return (
                size == 3
                and w.low[i] in SURE_BARE
                and w.low[k - 1] in MIDDLES
                and (self.next_of(end) == END or self.strong(self.next_of(end), ANY_LEAD))
            )
        if never and loose and size == 3 and w.low[i] in SURE_BARE and w.low[k - 1] in MIDDLES:
            return self.role(end) or self.strong(self.next_of(end), ANY_LEAD)
        if never and not (low == "minh" and size >= 3 and w.low[k - 1] in DOUBLE_FIRST_BARE):
            return False
        if (
            not sloppy
            and size >= 3
            and self.next_of(end) in PLAIN_NEXT
            and raw not in STRICT_TEACHER - {"chi"}
        ):
            return size == 3 or raw not in NEVER_TYPED
        if self.breaks(k, end) or (size > 4 and w.low[k - 3] in _SURE_MIDDLES):
            return False
        if size == 2 or (k - 1 == i + 1 and w.low[k - 1] in MIDDLES):
            return True
        # A second given syllable: the two must go together.
        if w.low[k - 1] not in DOUBLE_FIRST_BARE or self.breaks(k - 1, k):
            return False
        if (low in CLEAN_BARE or low in SECOND) if loose else raw not in NEVER_TYPED:
            return True
        return self.follows(self.next_of(end)) or self.role(end)

    def _initial(self, i: int) -> int:
        """ "nguyen van a": an initial instead of the given name."""
        w = self.w
        if i + 2 >= w.count or w.low[i] not in SURE_BARE or w.low[i + 1] not in {"van", "thi"}:
            return 0
        letter = w.raw[i + 2]
        if w.cap[i] and not w.shouting:
            return 0
        if len(letter) == 1 and letter.isalpha() and w.gap[i + 2] == " " == w.gap[i + 1]:
            return i + 3
        return 0
