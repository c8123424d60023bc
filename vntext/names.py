"""Persons' names: surname with capitals, or after a word that introduces a person."""

from __future__ import annotations

import re

from vntext.letters import fold
from vntext.listing import listed
from vntext.people import (
    GIVEN,
    GIVEN_ACCENTED,
    GIVEN_BARE,
    LOWER_STOP,
    LOWER_SURNAMES,
    MIDDLES,
    PLACES,
    SCHOOL_NAMES,
    STOP,
    STRONG_SURNAMES,
    SUBJECTS,
    SURE_MIDDLES,
    SURNAMES,
)
from vntext.syllables import is_bare_syllable

_WORD = re.compile(r"[^\W_]+")
_SCHOOLS = frozenset(fold(name) for name in SCHOOL_NAMES)
_STREETY = (
    r"(?:truong|thpt|thcs|th|tieu hoc|mam non|mn|mau giao|gdtx|chuyen|duong|pho|ngo|phuong|xa|"
    r"huyen|thon|xom|tinh|tp|tx|thanh pho|thi xa|thi tran|quan|cong ty|giai|quy|cong vien|san|"
    r"quang truong|chua|benh vien|dai hoc|dh|hoc vien|cao dang|cau|nha van hoa|hoi thi|khu|"
    r"cuoc thi|cap 1|cap 2|cap 3|nha may|trung tam|hoc o|lop|bai|tac gia|nha tho|nha van|"
    r"bac ho|chu tich|ky nien|quoc lo|doan|lien doi|chi doi)"
)
# The proper noun after these is a school, street or place, also with A/B/C or "chuyên" between.
_BLOCKED = re.compile(
    rf"(?<!\w){_STREETY}(?: (?:thpt|thcs|th|chuyen|va|&|[abc]|so \d|mn))* ?[:\"“]?\s?\Z"
)
_CUE = re.compile(
    r"(?<!\w)(?:(?P<sure>(?:toi|em|chau|con|be|minh|ban)? ?(?:ten(?: (?:toi|em|chau|con|minh|be|day"
    r" du|that))?)(?: la)?|ho (?:va )?ten(?: (?:toi|em|chau|con|hoc sinh|hs|phu huynh))?"
    r"(?: la)?)"
    r"|(?P<teach>co giao(?: chu nhiem)?|thay giao(?: chu nhiem)?|co chu nhiem|thay chu nhiem|"
    r"co hieu truong|thay hieu truong|hieu truong|hieu pho|gvcn|gvbm|giao vien(?: chu nhiem)?|gv"
    r"|co|thay)"
    r"|(?P<kin>(?:toi|em|chau|con|minh) la|chau|con|em|be|ban|hoc sinh|hs|ong|ba|anh|chi|chu"
    r"|bac|con trai|con gai|phu huynh"
    r"|ph|nguoi nha|me|bo|vo|chong|dong chi|d/c))[ :]{1,2}(?=[^\W\d_])"
)
_CUES_TYPED = listed(
    "tôi là|em là|cháu là|con là|mình là|cháu|bé|bạn|học sinh|ông|bà|chị|chú|bác|con gái|"
    "phụ huynh|người nhà|mẹ|bố|vợ|chồng|đồng chí|"
    "đ/c|cô giáo|cô giáo chủ nhiệm|thầy giáo|thầy giáo chủ nhiệm|cô chủ nhiệm|thầy chủ nhiệm|"
    "cô hiệu trưởng|thầy hiệu trưởng|hiệu trưởng|hiệu phó|giáo viên|giáo viên chủ nhiệm|cô|thầy",
    sep="|",
)
_NEED_ACCENT = listed("ban chi ba bo me vo chu chong co thay be bac ong chau")
_VERB_NEXT = re.compile(
    r"(?:\Z|[,.!?;:\n)]| (?:day|chu nhiem|danh|chui|mang|bat|thu|goi|la|o|lop|hay|tat|phat|de nghi"
    r"|hieu truong|gvcn|cn|mon|noi|cho|khong|k|ko|co|va|bao|doi|lam"
    r"|rat|qua|nhu|da|dang|a|vi|vua|tai)\b)"
)
_TITLE_STOP = STOP | listed(
    "chu giao hieu truong pho so phong ban gd gdđt giam doc to bo chuyen ubnd sgd thpt "
    "thcs th mn kinh trong khi nha hoc phu lop tieu mam cong bi uy thu thanh toan xin "
    "cam da vang nhung bao khoi doan doi hoi tong"
) - {"thanh", "toan", "bao", "thu", "cam", "cong", "uy", "doan", "truong", "phong", "hoc"}


def _words(text: str, at: int, limit: int) -> list[tuple[int, int]]:
    """Up to ``limit`` words from ``at`` on, each one blank after the other."""
    found: list[tuple[int, int]] = []
    while len(found) < limit:
        match = _WORD.match(text, at)
        if match is None:
            break
        found.append(match.span())
        at = match.end() + 1
        if text[match.end() : match.end() + 1] != " ":
            break
    return found


def _is_place(folded: str, spans: list[tuple[int, int]]) -> bool:
    name = folded[spans[0][0] : spans[-1][1]]
    return name in PLACES or name in _SCHOOLS


def _capital_run(text: str, folded: str, at: int) -> list[tuple[int, int]]:
    """Capitalised legal syllables (or single letters, as in "Nguyễn Văn A") from ``at`` on."""
    run: list[tuple[int, int]] = []
    for start, end in _words(text, at, 5):
        word = text[start:end]
        low = folded[start:end]
        if not word[0].isupper() or (len(word) > 1 and word.isupper()):
            break
        if not (is_bare_syllable(low) or (len(word) == 1 and run)):
            break
        surname = not run and low in STRONG_SURNAMES and word.lower() in LOWER_SURNAMES
        if low in _TITLE_STOP and not surname and not (run and (low in GIVEN or len(word) == 1)):
            break
        run.append((start, end))
    if all(text[a:b].lower() in SUBJECTS for a, b in run):
        return []
    return run


def _upper_run(text: str, folded: str, at: int) -> list[tuple[int, int]]:
    """A name in capitals inside ordinary text, as on bank slips: "NGUYEN VAN A"."""
    spans = _words(text, at, 4)
    while spans and not text[slice(*spans[-1])].isupper():
        spans.pop()
    words = [text[a:b] for a, b in spans]
    low = [folded[a:b] for a, b in spans]
    if len(low) < 3 or not all(w.isupper() for w in words) or low[1] not in MIDDLES:
        return []
    fits = all(is_bare_syllable(w) or len(w) == 1 for w in low)
    sure = low[0] in STRONG_SURNAMES and words[0].lower() in LOWER_SURNAMES
    return spans if fits and sure else []


def _lower_run(text: str, folded: str, at: int, sure: bool) -> list[tuple[int, int]]:
    """A name in lower case: surname + văn/thị + given, or after "tên là" any surname + given."""
    spans = _words(text, at, 5)
    low = [folded[a:b] for a, b in spans]
    if len(low) < 2 or text[slice(*spans[0])].lower() not in LOWER_SURNAMES:
        return []
    if text[slice(*spans[1])].lower() in {"thi", "van"} and not folded.startswith(
        text[slice(*spans[0])].lower(), spans[0][0]
    ):
        return []  # "nguyễn thi" with accents elsewhere is "thi", not "Thị"
    if (low[1] in SURE_MIDDLES and low[0] in STRONG_SURNAMES) or (low[1] in SURE_MIDDLES and sure):
        at_given = 2
    elif sure and low[0] in STRONG_SURNAMES and low[1] in (GIVEN | MIDDLES):
        at_given = 1
    else:
        return []
    if len(low) <= at_given or not is_bare_syllable(low[at_given]):
        return []
    if low[at_given] in LOWER_STOP and low[at_given] not in GIVEN:
        return []
    end = at_given + 1
    while end < len(low) and end < at_given + 3 and low[end] in GIVEN:
        # "minh quan": after a middle name even a common word is the given name.
        paired = (end == 2 and low[1] in MIDDLES) or (low[end - 1], low[end]) == ("hong", "nhung")
        if low[end] in LOWER_STOP and not paired:
            break
        end += 1
    return spans[:end]


def _after_cue(
    text: str, folded: str, match: re.Match[str], shouting: bool
) -> tuple[int, int] | None:
    at = match.end()
    sure = match["sure"] is not None
    first = _WORD.match(text, at)
    if first is None:
        return None
    low = folded[first.start() : first.end()]
    if first.group()[0].isupper() and not shouting:
        run = _capital_run(text, folded, at)
        known = len(run) > 1 or low in GIVEN or low in SURNAMES or len(low) == 1
        if f"{folded[match.start() : match.end()].strip()} {low}" in _SCHOOLS:
            return None  # "Châu Giang" is a place, not a child called Giang
        if low == "thong" and folded.startswith(" tu", first.end()):
            return None  # "Thông tư"
        if run and known and not (len(run) > 1 and _is_place(folded, run)):
            return run[0][0], run[-1][1]
        return None
    spans = _lower_run(text, folded, at, sure)
    if spans:
        return spans[0][0], spans[-1][1]
    if match["teach"] and _VERB_NEXT.match(folded, first.end()):
        # Without accents "co", "thay" are also "có", "thấy": only unmistakable names then.
        typed = text[match.start() : match.end()].lower()
        names = GIVEN_BARE if typed.isascii() else GIVEN_ACCENTED
        if first.group().lower() in names:
            return first.span()
    return None


def _cue_is_person(text: str, match: re.Match[str], shouting: bool) -> bool:
    """Accents, where typed, must agree with the cue ("bà", not "bá"; "chị", not "chỉ")."""
    typed = text[match.start() : match.end()].strip(" :")
    before = text[max(0, match.start() - 12) : match.start()].split(" ")
    if (
        not shouting
        and typed[0].isupper()
        and len(before) > 1
        and before[-2][:1].isupper()
        and not before[-1]
    ):
        return False  # inside a proper noun: "Hai Bà Trưng", "cầu Châu Sơn"
    low = typed.lower()
    if before[-2:-1] and before[-2].lower() in {"công", "cong", "tuyên", "phân", "phan"}:
        return False  # "công bố", "phân bổ"
    if low.isascii():
        # In accented text "ban", "chi", "thay" without accents are those very words.
        return text.isascii() or low not in _NEED_ACCENT
    return "tên" in low or low in _CUES_TYPED


def find_names(text: str, folded: str) -> list[tuple[int, int]]:
    """Spans of persons' names in NFC ``text``; ``folded`` is its fold, of the same length.

    Schools, streets, districts and the historical persons they are named after are left out.
    """
    found: list[tuple[int, int]] = []
    letters = [c for c in text if c.isalpha()]
    # In a shouted message every word is a capital one and capitals prove nothing.
    shouting = sum(c.isupper() for c in letters) * 2 > len(letters) if letters else False
    at = 0
    while match := _CUE.search(folded, at):
        at = match.end()
        if not _cue_is_person(text, match, shouting):
            continue
        span = _after_cue(text, folded, match, shouting)
        if span:
            found.append(span)
            at = span[1]
    if shouting:
        return found
    at = 0
    for word in _WORD.finditer(text):
        if word.start() < at or not word.group()[0].isupper():
            continue
        low = folded[word.start() : word.end()]
        if low not in SURNAMES:
            continue
        run = _capital_run(text, folded, word.start()) or _upper_run(text, folded, word.start())
        if len(run) < 2 or (low not in STRONG_SURNAMES and len(run) < 3):
            continue
        at = run[-1][1]
        if _is_place(folded, run) or _is_place(folded, run[:2]):
            continue
        if _BLOCKED.search(folded[max(0, word.start() - 40) : word.start()]):
            continue
        found.append((run[0][0], run[-1][1]))
    return found
