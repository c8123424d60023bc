"""Home addresses: house, lane, hamlet, residents' group and what follows them down to the province.

An address is read as a chain of parts ("số 12", "ngõ 34", "đường Lê Hoàn", "phường Minh Khai").
A street, a ward or a hamlet alone is a place people talk about, not where somebody lives: the
chain must hold a house or a hamlet, and a word that speaks of living where that is not enough.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vntext.letters import fold
from vntext.listing import listed
from vntext.people import LOWER_STOP, PLACES, SCHOOL_NAMES
from vntext.syllables import is_bare_syllable

# Schools are named after communes and the persons streets are named after: one list serves all.
_KNOWN = (
    frozenset(fold(name) for name in SCHOOL_NAMES)
    | PLACES
    | listed(
        "tran tu binh|dinh cong trang|bien hoa|ngo gia tu|le chan|quy luu|dinh tien hoang|le loi|"
        "truong chinh|nguyen viet xuan|liem chinh|chau cau|bau|thanh chau|nhan khang|binh nghia|"
        "an bai 1|que|lam ha|hoa mac|thanh ha|dong hoa|nhan hau|hoa hau|tan lang|chau son",
        sep="|",
    )
) - listed("trung hoc|cao dang|mai dich|kinh", sep="|")
_BARE_PLACES = listed(
    "ha nam|ninh binh|nam dinh|phu ly|duy tien|kim bang|ly nhan|thanh liem|binh luc|hai duong",
    sep="|",
)
_KIND = {
    "so nha": "house", "nha so": "house", "sn": "house", "so": "number",
    "ngo": "lane", "ngach": "lane", "hem": "lane", "kiet": "lane",
    "thon": "hamlet", "xom": "hamlet", "ap": "hamlet", "doi": "group", "to": "group",
    "to dan pho": "hamlet", "tdp": "hamlet", "khu pho": "hamlet", "khu": "group", "doi so": "group",
    "duong": "street", "pho": "street", "d": "street",
    "chung cu": "block", "toa nha": "block", "toa": "block", "phong": "room", "can ho": "room",
    "ktt": "block", "khu tap the": "block", "khu do thi": "block", "kdt": "block",
    "xa": "ward", "phuong": "ward", "p": "ward", "x": "ward", "thi tran": "ward", "tt": "ward",
    "huyen": "region", "h": "region", "thi xa": "region", "tx": "region", "thanh pho": "region",
    "tp": "region", "quan": "region", "tinh": "region",
}  # fmt: skip
_TYPED = listed(
    "số nhà|nhà số|số|ngõ|ngách|hẻm|kiệt|thôn|xóm|ấp|đội|tổ|tổ dân phố|tđp|khu phố|khu|đường|phố|"
    "chung cư|tòa nhà|toà nhà|tòa|toà|phòng|căn hộ|khu tập thể|khu đô thị|kđt|xã|phường|thị trấn|"
    "huyện|thị xã|thành phố|quận|tỉnh|đ",
    sep="|",
)
_UNITS = "|".join(sorted(_KIND, key=len, reverse=True))
_UNIT = re.compile(rf"(?<!\w)({_UNITS})(?:\. ?|: ?| )(?=\w)")
_OPENERS = frozenset({"house", "number", "lane", "hamlet", "group", "block", "room", "street"})
_LINK = re.compile(r"(?: ?[,\-\u2013] ?| |\. )")
_NUMERIC = re.compile(r"(?:so )?\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,4}(?!\w)(?![.,]\d)")
_ROOM = re.compile(r"(?:so )?(?:\d{1,4}[a-z]?|[a-z]{1,2}\d{1,4}[a-z]?)(?!\w)")
_BLOCK_NUMBER = re.compile(r"(?:so )?(?:\d{1,4}[a-z]?|[a-z]|[a-z]{1,2}\d{1,4}[a-z]?)(?!\w)")
_TO_WARD = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?(?=[ ,]{1,2}(?:xa|phuong|thi tran|tt) \w)")
_LONG_UNIT = re.compile(r"(?:thanh pho|thi xa|thi tran) ")
_WORD = re.compile(r"[^\W_]+")
_SPLIT = listed(
    "thon xom to xa phuong huyen tinh tp duong pho ngo ngach khu p tt tx doi tdp h x sn"
)
# The place of something else than a home: "điểm trường thôn Đồng Lạc", "46 hộ thôn Trung".
_BLOCK = listed(
    "truong hoa den cho doc doan tuyen tu cong cau ubnd hang nong trong tren toan ca cac moi ho "
    "dan lang bon may mat duong hoc mon cap dinh chua tram nguoi sau duoi qua nganh long"
)
_HOME = re.compile(
    r"(?<!\w)(?:o(?: tro| tai| so| dia chi)?|tai(?: nha)?|tru(?: tai| o)?|tam tru|"
    r"dia chi[^,.;!?\n\d]{0,18}|"
    r"dc(?: nha)?|d/c|que|que quan|ho khau(?: o)?|nha(?: (?:em|minh|toi|chau|o|con|tai|rieng|co))?|"
    r"song(?: o)?|noi o(?: hien tai)?|hien tai|cho o|giay moi ve|(?:gui|ket qua|don) ve|"
    r"nha ba|hktt|voi ba)[ :,]{1,3}\Z"
)
_STREET_NUMBER = re.compile(r"(?<![\w.,/])\d{1,4}[a-z]?(?:/\d{1,3}){0,3} (?=\w)")
_NO_NAME = LOWER_STOP | listed(
    "day link di truyen xuong ve lay huong sat bo thuy len dua cong van hat ai cung muon "
    "nho be nha tap dan toan hay xin cach gan bi moi cua minh vuc"
)


class _Part(NamedTuple):
    start: int
    end: int
    kind: str
    numeric: bool


_VALUE = {"room": _ROOM, "block": _BLOCK_NUMBER}


def _words(folded: str, at: int, limit: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while len(found) < limit:
        match = _WORD.match(folded, at)
        if match is None:
            break
        found.append(match.span())
        at = match.end() + 1
        if folded[match.end() : at] != " ":
            break
    return found


def _name_end(text: str, folded: str, at: int, kind: str, shouting: bool) -> int:
    """End of the proper name at ``at``: a known one, capitalised words, or one or two others."""
    spans = _words(folded, at, 4)
    if not spans:
        return at
    for size in range(len(spans), 0, -1):
        if folded[at : spans[size - 1][1]] in _KNOWN:
            end = spans[size - 1][1]
            if size < len(spans) and kind == "hamlet":
                more = folded[slice(*spans[size])]
                end = spans[size][1] if more.isdigit() else end
            return end
    capital = text[at].isupper() and not shouting
    if kind == "hamlet" and not capital:
        short = _TO_WARD.match(folded, at)
        if short and short.group().split(" ")[0] not in _SPLIT:
            return short.end()
    end = at
    for i, (a, b) in enumerate(spans):
        word = folded[a:b]
        if i and _LONG_UNIT.match(folded, a):
            break
        if i and word in _SPLIT and not (capital and text[a].isupper() and word in {"ngo", "to"}):
            break
        if capital:
            if not (text[a].isupper() or word.isdigit()):
                break
        elif word.isdigit():
            if not i:
                break
        elif i > 1 or word in _NO_NAME or not is_bare_syllable(word):
            break
        end = b
    return end


def _part(text: str, folded: str, at: int, shouting: bool) -> _Part | None:
    match = _UNIT.match(folded, at)
    if match is None:
        return None
    unit = match[1]
    typed = text[at : match.end(1)].lower()
    if not typed.isascii() and typed not in _TYPED:
        return None
    # "p minh khai" is a ward; other single letters need their dot: "đ. Lê Hoàn".
    if len(unit) == 1 and unit != "p" and folded[match.end(1)] != ".":
        return None
    kind = _KIND[unit]
    value = match.end()
    number = _VALUE.get(kind, _NUMERIC).match(folded, value)
    if number and unit == "sn" and len(number.group()) == 4:
        return None  # "sn 2019": sinh năm
    if number and kind not in {"street", "region"}:
        if kind == "ward" and not number.group().isdigit():
            number = None
        else:
            return _Part(at, number.end(), kind, True)
    if kind in {"house", "number", "lane", "room"} or kind == "group":
        return None
    end = _name_end(text, folded, value, kind, shouting)
    return None if end == value else _Part(at, end, kind, False)


def _bare_part(text: str, folded: str, at: int, known: frozenset[str]) -> int:
    spans = _words(folded, at, 3)
    for size in (3, 2, 1):
        if size <= len(spans) and folded[at : spans[size - 1][1]] in known:
            return spans[size - 1][1]
    return at


def _chain(text: str, folded: str, first: _Part, shouting: bool) -> list[_Part]:
    parts = [first]
    while len(parts) < 8:
        end = parts[-1].end
        link = _LINK.match(folded, end)
        if link is None:
            break
        part = _part(text, folded, link.end(), shouting)
        if part is None or (part.kind == "number" and parts[-1].kind not in {"block", "room"}):
            # "…, Phủ Lý, Hà Nam"; behind a hamlet also the bare name of its commune.
            known = _BARE_PLACES if any(p.kind == "ward" for p in parts) else _KNOWN - _NOT_WARDS
            if parts[-1].kind == "street" and link.group() == " ":
                break
            after = _bare_part(text, folded, link.end(), known)
            if after == link.end() or (link.group() == " " and not _names_place(text, link.end())):
                break
            part = _Part(link.end(), after, "region" if known is _BARE_PLACES else "ward", False)
        parts.append(part)
    return parts


def _names_place(text: str, at: int) -> bool:
    return text[at].isupper() or text.isascii()


_NOT_WARDS = listed("que|bau|mai dich|cao bang|trung hoc", sep="|")


def _accepted(parts: list[_Part], folded: str, text: str) -> bool:
    kinds = {p.kind for p in parts}
    first = parts[0]
    before = folded[max(0, first.start - 44) : first.start]
    home = _HOME.search(before) is not None
    last = before.rstrip(" :,").rsplit(" ", 1)[-1]
    if last in _BLOCK and not home:
        return False
    below = kinds & {"lane", "street", "hamlet", "group", "ward", "block"}
    if first.kind == "house":
        return True
    if first.kind == "number":
        return len(parts) > 1 and parts[1].kind in below - {"ward"}
    if first.kind == "lane":
        return True
    if first.kind in {"hamlet", "group"}:
        if (len(parts) > 1 and "ward" in kinds) or (len(parts) > 1 and parts[1].kind == "hamlet"):
            return True
        unit = folded[first.start : first.end].split(" ")[0]
        if unit in {"to", "khu", "doi"} and not (home and first.numeric and "region" in kinds):
            return False
        if unit == "ap" and not home:
            return False
        if first.numeric:
            alone = not before.strip() and not folded[first.end :].strip(" .!")
            return alone or home or len(parts) > 1
        return home and (text[first.end - 1] != folded[first.end - 1] or not text.isascii()
                         or len(parts) > 1)  # fmt: skip
    if first.kind in {"block", "room"}:
        rooms = any(p.kind in {"room", "block"} and p.numeric for p in parts)
        return (home and len(parts) > 1) or (rooms and len(parts) > 1 and "ward" in kinds)
    return False


def find_addresses(text: str, folded: str) -> list[tuple[int, int]]:
    """Spans of home addresses in NFC ``text``; ``folded`` is its fold, of the same length."""
    found: list[tuple[int, int]] = []
    capitals = sum(map(str.isupper, text))
    shouting = capitals * 2 > sum(map(str.isalpha, text))
    extra: list[tuple[int, int]] = []
    done = done_by_number = 0
    for match in _UNIT.finditer(folded):
        start = match.start()
        if start < done or _KIND[match[1]] not in _OPENERS:
            continue
        if match[1] == "nha so":
            start += 4
        first = _part(text, folded, start, shouting)
        if first is None:
            continue
        parts = _chain(text, folded, first, shouting)
        if _accepted(parts, folded, text):
            found.append((start, parts[-1].end))
            done = parts[-1].end
    taken = iter((*found, (len(text), len(text))))
    low, high = next(taken)
    for match in _STREET_NUMBER.finditer(folded):
        # "nhà ở 12 Lê Lợi, phường …": a bare number and a street beside a word of living.
        while high <= match.start():
            low, high = next(taken, (len(text), len(text) + 1))
        if low <= match.start() or match.start() < done_by_number:
            continue
        end = _bare_part(text, folded, match.end(), _KNOWN)
        if end == match.end() or not _HOME.search(
            folded[max(0, match.start() - 44) : match.start()]
        ):
            continue
        parts = _chain(text, folded, _Part(match.start(), end, "street", False), shouting)
        extra.append((match.start(), parts[-1].end))
        done_by_number = parts[-1].end
    return sorted(found + extra)
