"""Persons' names: in capitals by their shape, in lower case by lists and the words around them.

Every word that could begin a name is judged by the word before it (a title, "tên là", a school
or street word) and by the word after it: "cô hoa dạy toán" names a person, "co hoa hong" does
not. How sure the list knowledge is decides how much of this is asked for.
"""

from __future__ import annotations

from vntext.cues import ROLES, SCHOOL_NEXT
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
from vntext.listing import listed
from vntext.people import (
    PLACES,
    SCHOOL_NAMES,
    STRONG_SURNAMES,
    SUBJECTS,
    SURNAMES,
    SURNAMES_TYPED,
)
from vntext.shapes import ANY_LEAD, SECOND, Shapes
from vntext.words import Words

_SCHOOLS = frozenset(fold(name) for name in SCHOOL_NAMES)
_PETS = PET_NAMES | frozenset(fold(name) for name in PET_NAMES)

_NOT_PERSONS = frozenset(
    {("bac", "ho"), ("ba", "trieu"), ("ba", "trung"), ("ba", "vi"), ("chu", "van"),
     ("anh", "van"), ("ba", "dinh"), ("con", "cuong"), ("ong", "tay"), ("ong", "dia"),
     ("chi", "hang"), ("thang", "anh"), ("thang", "em"), ("hoc", "vien"),
     ("hoc", "sinh"), ("ten", "thanh"), ("ten", "that"), ("anh", "hung"), ("vo", "anh"),
     ("chong", "chi"), ("con", "anh"), ("con", "chi"), ("ong", "gia"), ("ba", "gia"),
     ("co", "quan"),
     ("chau", "au"), ("chau", "a"), ("chau", "phi"), ("chau", "my"), ("bo", "tri"), ("co", "lam"),
     ("ten", "chau"), ("ten", "em"), ("ten", "con"), ("chu", "cuoi"), ("bac", "si"), ("ba", "dao")}
)  # fmt: skip
_TAKES_ANY = frozenset({"co", "thay", "be", "chau", "ong", "ba", "bac", "chu"})
_PETS_SURE = listed("bong cun su bin na tom kem miu chip bo bon ben sam")
# After these an everyday word is what it is: "con thương bố mẹ", "em tiến bộ".
_VERBY = frozenset({"con", "em", "e", "chau", "ban", "hoc sinh", "phu huynh", "hs", "ph"})
_WEAK_ROLES = listed("con nha truong lop day giao xe")
_SECOND_TYPED = listed("anh an chi mai thư minh hà nam phúc sơn long trí tiên thảo khang nguyên")
_POSTS = frozenset({"gvcn", "gvbm", "cn"})
_PET_OWNERS = frozenset({"be", "la"})
_BEGINS = GIVEN_BARE | SURNAMES | _PETS | DOUBLE_FIRST_BARE


def _is_place(name: str) -> bool:
    return name in PLACES or name in _SCHOOLS


class _Finder(Shapes):
    """One text; each method answers with the index behind the last word of a name, or 0."""

    def double(self, i: int, lead: Lead) -> int:
        """A lower-case given name of two syllables: "gia bảo", "thu ha"."""
        w = self.w
        k = i + 1
        if k >= w.count or w.gap[k] != " " or self.breaks(i, k) or not self.given(k):
            return 0
        exact = w.exact(i)
        if w.raw[i] == "anh" and lead.named in {"vo", "chong", "con", "me", "bo", "cua"}:
            return 0
        if self.breaks(k, k + 1):
            return 0
        if w.exact(i):
            if w.raw[i] not in DOUBLE_FIRST:
                return 0
        elif w.low[i] not in DOUBLE_FIRST_BARE or w.low[i] in NEVER_BARE - {"bao", "nhat", "minh"}:
            return 0
        after = self.next_of(k + 1)
        strong = self.strong(after, lead)
        if w.low[i] in lead.doubtful and not exact and not strong:
            return 0
        if exact and {w.raw[i], w.raw[k]} <= STRICT_TYPED and not (strong or lead.intro):
            return 0
        if w.exact(k):
            if w.raw[k] in NEVER_TYPED:
                return 0
            bad = w.raw[k] in STRICT_TYPED - _SECOND_TYPED and not strong
        else:
            bad = w.low[k] not in CLEAN_BARE
            if bad and w.low[k] not in SECOND and not (strong or lead.firm):
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
        return k + 1 if lead.likely or self.follows(after) else 0

    def single(self, i: int, lead: Lead) -> int:
        """One lower-case given name after a title or "tên là"."""
        w = self.w
        after = self.next_of(i + 1)
        exact = w.exact(i)
        raw, low = w.raw[i], w.low[i]
        role = self.role(i + 1)
        if raw in SUBJECTS and lead.teacher and not (role or after in SCHOOL_NEXT):
            return 0
        if role and self.given(i) and self._role_fits(i, lead):
            return i + 1
        if lead.teacher and after in _POSTS and self.given(i) and (exact or low not in NEVER_BARE):
            return i + 1
        if (low in lead.doubtful and not exact) or self.breaks(i, i + 1):
            return 0
        if lead.named in _PET_OWNERS and (raw in PET_NAMES if exact else low in _PETS_SURE):
            sure = lead.named == "be" or (lead.intro and (not after or after[0].isdigit()))
            if sure and self.follows(after):
                return i + 1
        if not self.given(i) or (raw in NEVER_TYPED if exact else low in NEVER_BARE):
            return 0
        clean = raw in CLEAN_TYPED if exact else low in CLEAN_BARE
        strong = self.strong(after, lead)
        if exact and lead.accented:
            if clean or strong:
                sure = strong or (lead.firm and (lead.teacher or lead.named not in _VERBY))
                return i + 1 if sure or self.follows(after) else 0
            if lead.intro and lead.named == "be":
                return i + 1 if self.follows(after) else 0
            if raw in (STRICT_TEACHER if lead.teacher else STRICT_TYPED) or lead.named in _VERBY:
                return 0
            return i + 1 if self.follows(after) and (lead.firm or lead.intro) else 0
        if strong:
            sure = lead.firm or lead.likely or after in SCHOOL_NEXT
            return i + 1 if clean or sure else 0
        if lead.sure and (clean or self.follows(after)):
            return i + 1
        if not clean or not self.follows(after):
            return 0
        return i + 1 if lead.firm or lead.likely else 0

    def _role_fits(self, i: int, lead: Lead) -> bool:
        raw, low = self.w.raw[i], self.w.low[i]
        if self.w.exact(i):
            return raw not in NEVER_TYPED
        if low in NEVER_BARE - {"nhung"} or lead.named == "thang":
            return False
        if low in lead.doubtful:
            return self.next_of(i + 1) not in _WEAK_ROLES
        return lead.firm or (lead.teacher and len(lead.named) <= 4) or low in CLEAN_BARE or (
            self.next_of(i + 1) not in _WEAK_ROLES
        )  # fmt: skip

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
        if low not in _BEGINS:
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
        if (low, self.next_of(i + 1)) in ROLES:
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
        if (low, w.low[min(i + 1, w.count - 1)]) in ROLES:
            return False
        if end - i > 1:
            if (w.folded(i, end) in PLACES) if lead.intro else _is_place(w.folded(i, end)):
                return False
            return low in GIVEN_BARE or low in SURNAMES or lead.firm
        sure = lead.accented and lead.named in _TAKES_ANY
        if (
            not sure
            and (w.accented or not lead.firm)
            and self.breaks(i, end)
            and not (self.strong(self.next_of(end), ANY_LEAD) and not w.accented)
        ):
            return False  # "Học sinh Tiên tiến", "thay Nghị định"
        if f"{w.low[i - 1]} {low}" in PLACES:
            return False
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
