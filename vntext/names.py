"""Persons' names: in capitals by their shape, in lower case by lists and the words around them.

Every word that could begin a name is judged by the word before it (a title, "tên là", a school
or street word) and by the word after it: "cô hoa dạy toán" names a person, "co hoa hong" does
not. How sure the list knowledge is decides how much of this is asked for.
"""

from __future__ import annotations

import re

from vntext.cues import PLAIN_NEXT, PUPIL_NEXT, ROLES, SCHOOL_NEXT, STOPS_AFTER, TEACHER_NEXT
from vntext.given import (
    CLEAN_BARE,
    CLEAN_TYPED,
    DOUBLE_FIRST,
    DOUBLE_FIRST_BARE,
    GIVEN_BARE,
    GIVEN_TYPED,
    NEVER_BARE,
    NEVER_TYPED,
    PET_NAMES,
    STRICT_TEACHER,
    STRICT_TYPED,
)
from vntext.leads import Lead, blocked, lead_of
from vntext.letters import fold
from vntext.people import (
    BEFORE_SURNAME,
    CORE_TYPED,
    GIVEN,
    LOWER_BARE,
    MIDDLES,
    MIDDLES_TYPED,
    PLACES,
    SCHOOL_NAMES,
    STRONG_SURNAMES,
    SUBJECTS,
    SURE_BARE,
    SURNAMES,
    SURNAMES_TYPED,
    TITLE_STOP,
)
from vntext.syllables import is_bare_syllable
from vntext.words import Words

_SCHOOLS = frozenset(fold(name) for name in SCHOOL_NAMES)
_CLASS = re.compile(r"(?:1[0-2]|[1-9])[a-z]\d{0,2}\Z|2k\d\Z")
_PETS = PET_NAMES | frozenset(fold(name) for name in PET_NAMES)
_END = ""


def _is_place(name: str) -> bool:
    return name in PLACES or name in _SCHOOLS


class _Finder:
    """One text; each method answers with the index behind the last word of a name, or 0."""

    def __init__(self, words: Words) -> None:
        self.w = words

    # --- words -----------------------------------------------------------------------------

    def next_of(self, i: int) -> str:
        """Folded word that follows word ``i - 1`` after one blank, or "" at a boundary."""
        return self.w.low[i] if i < self.w.count and self.w.gap[i] == " " else _END

    def given(self, i: int) -> bool:
        """Whether word ``i`` is on the list of given names in the spelling it has."""
        if self.w.exact(i):
            return self.w.raw[i] in GIVEN_TYPED
        return self.w.low[i] in GIVEN or self.w.low[i] in CLEAN_BARE

    def surname(self, i: int) -> bool:
        raw = self.w.raw[i]
        return raw in SURNAMES_TYPED if self.w.exact(i) else self.w.low[i] in SURNAMES

    def middle(self, i: int) -> bool:
        if self.w.exact(i):
            return self.w.raw[i] in MIDDLES_TYPED
        return self.w.low[i] in MIDDLES

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
            if low in TITLE_STOP and not surname and not (end > i and low in GIVEN_BARE):
                if not (lead and w.accented and raw in GIVEN_TYPED) and len(low) > 1:
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
            return end if lead.firm and (not after or self._strong(after, _ANY)) else 0
        if sure:
            strong = _CLASS.match(after) or after in TEACHER_NEXT or after in PUPIL_NEXT
            return end if clean or strong or not after or self.role(end) else 0
        if not after and low[i + 1] in _SURE_MIDDLES and last not in _LOOSE:
            return end
        if after and not (_CLASS.match(after) or after in TEACHER_NEXT or after in PUPIL_NEXT):
            return 0
        return end if low[i + 1] in _SURE_MIDDLES and last in CLEAN_BARE - _LOOSE else 0

    def _pair_fits(self, i: int, lead: Lead | None, sloppy: bool) -> bool:
        """Surname and given name only: beside a title, and without another meaning."""
        w = self.w
        if lead is None or not lead.person or not lead.firm or w.cap[i] and not w.shouting:
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
            return w.low[k] in GIVEN or w.low[k] in MIDDLES
        return w.raw[k] in GIVEN_TYPED or w.raw[k] in MIDDLES_TYPED

    def _may_end(self, i: int, end: int, sloppy: bool) -> bool:
        """Whether the last word before ``end`` can be a given name here."""
        w = self.w
        k = end - 1
        raw, low = w.raw[k], w.low[k]
        loose = sloppy and raw.isascii()
        if not (low in GIVEN if loose else raw in GIVEN_TYPED):
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
        if never and loose and size == 3 and w.low[i] in SURE_BARE and w.low[k - 1] in MIDDLES:
            return self.role(end) or self._strong(self.next_of(end), _ANY)
        if never and not (low == "minh" and size >= 3 and w.low[k - 1] in DOUBLE_FIRST_BARE):
            return False
        if self.breaks(k, end) or (size > 4 and w.low[k - 3] in _SURE_MIDDLES):
            return False
        if size == 2 or k - 1 == i + 1 and w.low[k - 1] in MIDDLES:
            return True
        # A second given syllable: the two must go together.
        if w.low[k - 1] not in DOUBLE_FIRST_BARE or self.breaks(k - 1, k):
            return False
        if (low in CLEAN_BARE or low in _SECOND) if loose else raw not in NEVER_TYPED:
            return True
        return self._follows(self.next_of(end))

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

    def double(self, i: int, lead: Lead) -> int:
        """A lower-case given name of two syllables: "gia bảo", "thu ha"."""
        w = self.w
        k = i + 1
        if k >= w.count or w.gap[k] != " " or self.breaks(i, k) or not self.given(k):
            return 0
        exact = w.exact(i)
        if (w.low[i] in lead.doubtful and not exact) or self.breaks(k, k + 1):
            return 0
        if w.exact(i):
            if w.raw[i] not in DOUBLE_FIRST:
                return 0
        elif w.low[i] not in DOUBLE_FIRST_BARE or w.low[i] in NEVER_BARE - {"bao", "nhat", "minh"}:
            return 0
        after = self.next_of(k + 1)
        strong = self._strong(after, lead)
        if w.exact(k):
            bad = w.raw[k] in NEVER_TYPED or (w.raw[k] in STRICT_TYPED - _SECOND_TYPED and not strong)
        else:
            bad = w.low[k] not in CLEAN_BARE
            if bad and w.low[k] not in _SECOND and not (strong or lead.firm):
                return 0
            if (
                not (lead.firm or lead.likely)
                and not strong
                and (bad or w.low[i] not in CLEAN_BARE)
            ):
                return 0
            bad = w.low[k] in NEVER_BARE
        if bad and not (w.exact(k) and (strong or lead.intro)):
            return 0
        return k + 1 if lead.likely or self._follows(after) else 0

    def _strong(self, after: str, lead: Lead) -> bool:
        if _CLASS.match(after):
            return True
        if lead is _ANY:
            return after in TEACHER_NEXT or after in PUPIL_NEXT
        if lead.teacher:
            return after in TEACHER_NEXT
        return after in PUPIL_NEXT or (lead.firm and after in _BLOWS)

    def _follows(self, after: str) -> bool:
        return after == _END or after in PLAIN_NEXT or after[0].isdigit() or len(after) == 1

    def single(self, i: int, lead: Lead) -> int:
        """One lower-case given name after a title or "tên là"."""
        w = self.w
        after = self.next_of(i + 1)
        exact = w.exact(i)
        raw, low = w.raw[i], w.low[i]
        role = self.role(i + 1)
        if role and self.given(i) and (low not in NEVER_BARE if not exact else raw in GIVEN_TYPED):
            return i + 1
        if (low in lead.doubtful and not exact) or self.breaks(i, i + 1):
            return 0
        if lead.named in _PET_OWNERS and (raw in PET_NAMES if exact else low in _PETS_SURE):
            sure = lead.named == "be" or (lead.intro and (not after or after[0].isdigit()))
            if sure and self._follows(after):
                return i + 1
        if not self.given(i) or (raw in NEVER_TYPED if exact else low in NEVER_BARE):
            return 0
        clean = raw in CLEAN_TYPED if exact else low in CLEAN_BARE
        strong = self._strong(after, lead)
        if exact and lead.accented:
            if clean or strong:
                return i + 1 if strong or self._follows(after) else 0
            if lead.intro and lead.named == "be":
                return i + 1 if self._follows(after) else 0
            if raw in (STRICT_TEACHER if lead.teacher else STRICT_TYPED) or lead.named in _VERBY:
                return 0
            return i + 1 if self._follows(after) and (lead.firm or lead.intro) else 0
        if strong:
            sure = lead.firm or lead.likely or after in SCHOOL_NEXT
            return i + 1 if clean or sure else 0
        if lead.sure and (clean or self._follows(after)):
            return i + 1
        if not clean or not self._follows(after):
            return 0
        return i + 1 if lead.firm or lead.likely else 0

    # --- judging ---------------------------------------------------------------------------

    def at(self, i: int) -> int:
        """End of the name that begins at word ``i``, or 0."""
        w = self.w
        low = w.low[i]
        lead = lead_of(w, i)
        if w.cap[i] and not w.shouting:
            end = self._capital(i, lead)
            if end:
                return end
        if low not in GIVEN_BARE and low not in SURNAMES and w.raw[i] not in _PETS:
            return 0
        if w.cap[i] and not w.shouting:
            return 0
        if blocked(w, i):
            return 0
        if low in SURNAMES:
            end = self.full(i, lead)
            if end and not _is_place(w.folded(i, end)):
                return end
        if lead is None or not lead.person or (w.low[i - 1], low) in _NOT_PERSONS:
            return 0
        if _is_place(w.folded(i, i + 2)) or _is_place(w.folded(i, i + 3)):
            return 0
        return self.double(i, lead) or self.single(i, lead)

    def _capital(self, i: int, lead: Lead | None) -> int:
        w = self.w
        low = w.low[i]
        if lead is not None and lead.person and not w.titled(i - 1):
            end = self.capitals(i, lead)
            if end and self._capital_fits(i, end, lead):
                return end
        if low not in SURNAMES:
            return 0
        end = self.capitals(i, None) or self.slip(i)
        if end - i < 2 or (low not in STRONG_SURNAMES and end - i < 3):
            return 0
        if w.exact(i) and not w.upper[i] and w.raw[i] not in SURNAMES_TYPED:
            return 0
        if _is_place(w.folded(i, end)) or _is_place(w.folded(i, i + 2)) or blocked(w, i):
            return 0
        return end

    def _capital_fits(self, i: int, end: int, lead: Lead) -> bool:
        w = self.w
        low = w.low[i]
        if end - i > 1:
            if _is_place(w.folded(i, end)):
                return False
            return low in GIVEN_BARE or low in SURNAMES or lead.firm
        sure = lead.accented and lead.named in _TAKES_ANY
        if w.accented and not sure and self.breaks(i, end):
            return False  # "Học sinh Tiên tiến", "thay Nghị định"
        if f"{w.low[i - 1]} {low}" in _SCHOOLS or (w.low[i - 1], low) in _NOT_PERSONS:
            return False  # "Châu Giang" is a place, not a child called Giang
        if low == "thong" and self.next_of(end) == "tu":
            return False  # "Thông tư"
        if len(low) == 1 or low == "ai":
            return False
        if w.raw[i] in _PETS and lead.named == "be":
            return True
        if w.exact(i) and w.raw[i] not in GIVEN_TYPED and w.raw[i] not in SURNAMES_TYPED:
            return lead.accented and lead.named in _TAKES_ANY and w.gap[i] == " "
        return low in GIVEN_BARE or low in SURNAMES

    def more(self, i: int, end: int) -> list[tuple[int, int]]:
        """Further names joined to one with a title: "hai em Trang, Huyền", "cô Lan và Mai"."""
        w = self.w
        found: list[tuple[int, int]] = []
        while end < w.count and len(found) < 6 and not w.shouting:
            k = end
            if w.low[k] in {"va", "voi", "vs"} and w.gap[k] == " " and k + 1 < w.count:
                k += 1
                if w.gap[k] != " ":
                    break
            elif w.gap[k] not in {", ", " & ", " + ", ","}:
                break
            last = self.capitals(k, None) if w.cap[k] else 0
            if last - k not in {1, 2} or not all(self.given(j) for j in range(k, last)):
                break
            if last - k == 1 and w.raw[k] in NEVER_TYPED | STRICT_TYPED and w.gap[k] != " ":
                break
            if _is_place(w.folded(k, last)) or w.low[k] in SURNAMES - GIVEN_BARE:
                break
            found.append((k, last))
            end = last
        return found


_NOT_PERSONS = frozenset(
    {("bac", "ho"), ("ba", "trieu"), ("ba", "trung"), ("ba", "vi"), ("chu", "van"),
     ("anh", "van"), ("ba", "dinh"), ("con", "cuong"), ("ong", "tay"), ("ong", "dia"),
     ("chi", "hang"), ("thang", "anh"), ("thang", "em"), ("hoc", "vien"),
     ("hoc", "sinh"), ("ten", "thanh"), ("ten", "that"), ("chu", "cuoi"), ("bac", "si"), ("ba", "dao")}
)  # fmt: skip
_TAKES_ANY = frozenset({"co", "thay", "be", "chau", "ong", "ba", "bac", "chu"})
_SURE_MIDDLES = frozenset({"van", "thi"})
_AFTER_THI = frozenset({"ai", "truong", "toi", "minh_", "the", "nhu", "co", "di", "hoc", "la"})
_AFTER_VAN = frozenset({"trung", "tin", "thu", "de", "phong"})
# Second syllables that are everyday words too, but stand where a name has begun.
_SECOND = frozenset(
    "anh an chi ha minh nam phuc bao long son hai lam bach tu tri mai hoa lan quan dan thu tien "
    "chau ly van nguyen duong ninh hien lien thanh phong kien trung hung sang tai khoi".split()
)
_PETS_SURE = frozenset("bong cun su bin na tom kem miu chip bo bon ben sam".split())
# After these an everyday word is what it is: "con thương bố mẹ", "em tiến bộ".
_VERBY = frozenset({"con", "em", "e", "chau", "ban", "hoc sinh", "phu huynh", "hs", "ph"})
_BLOWS = frozenset({"danh", "dam", "tat", "dap", "chui", "mang", "gay"})
_SECOND_TYPED = frozenset("anh an chi mai thư minh hà nam phúc sơn long trí tiên thảo khang nguyên".split())
_PET_OWNERS = frozenset({"be", "la"})
_BEFORE_NHUNG = frozenset({"hong", "tuyet", "kim", "cam", "phuong", "trang"})
_LOOSE = frozenset({"dung", "diem", "trang", "thang"})
_NONE: frozenset[str] = frozenset()
_ANY = Lead()


def find_names(text: str, folded: str) -> list[tuple[int, int]]:
    """Spans of persons' names in NFC ``text``; ``folded`` is its fold, of the same length.

    Schools, streets, districts and the historical persons they are named after are left out.
    """
    words = Words(text, folded)
    finder = _Finder(words)
    found: list[tuple[int, int]] = []
    i = 0
    while i < words.count:
        if not words.cap[i] and words.low[i] not in _BEGINS:
            i += 1
            continue
        end = finder.at(i)
        if not end:
            i += 1
            continue
        found.append((i, end))
        if lead_of(words, i) is not None:
            more = finder.more(i, end)
            found.extend(more)
            end = more[-1][1] if more else end
        i = end
    return [(words.spans[a][0], words.spans[b - 1][1]) for a, b in found]


_BEGINS = GIVEN_BARE | SURNAMES | _PETS
