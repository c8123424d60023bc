"""What stands before a word that may be a person's name: a title, "tên là", a school, a street."""

from __future__ import annotations

from typing import NamedTuple

from vntext.cues import AFTER_TEN, KIN, PAIRS, PAIRS_TYPED, SELF, SELF_SURE, SIGNED, TEACHER
from vntext.listing import listed
from vntext.words import Words

_LAST = (
    frozenset(TEACHER) | frozenset(KIN) | frozenset(SIGNED) | frozenset(b for _, b in PAIRS)
    | AFTER_TEN | {"ten", "la"}
)  # fmt: skip


class Lead(NamedTuple):
    """How the name is introduced.

    ``person``: a person is meant; ``intro``: by "tên", "tôi là"; ``teacher``: of the school;
    ``firm``: the introducing word has no other reading here; ``accented``: it was typed with its
    diacritics; ``named``: the title itself; ``likely``: an unaccented "co", "thay" that the word
    before makes a person (``sure``: beyond doubt);
    ``doubtful``: names it must not take in lower case.
    """

    person: bool = True
    intro: bool = False
    teacher: bool = False
    firm: bool = True
    accented: bool = False
    named: str = ""
    likely: bool = False
    sure: bool = False
    doubtful: frozenset[str] = frozenset()


# Titles that without diacritics are an everyday word: có, thấy, còn, bán, chỉ, ba, bỏ, vỡ, chủ …
_AMBIGUOUS = listed("co thay con ban chi ba bo vo chu di mo cau c e thang cu gai trai bac anh me")
_GAPS = frozenset({" ", ": ", " : ", ":", " - ", "- ", "  ", " (", ". "})
# "của mình", "con năm nay": never a name in lower case after these titles.
_DOUBTFUL = {
    "con": listed(
        "anh tu ba nho ngoan trong yeu nghi dang loan lan khoi khoa minh nam em ban cai nha trai "
        "gai an hoc vui tin bi on thi chau thu"
    ),
    "be": listed("minh nam gai trai an hoc thu thi"),
    "chau": listed(
        "loan sang nga khoi giang lan nghi dang thich duong han hai muon minh an thi hoc thu hong"
    ),
    "em": listed(
        "khoi ngan do khong dang nghi lan loi nga hoang minh an thi hoc thu hien chi trong"
    ),
    "anh": listed("lam the huong minh van hung em chi huong"),
    "chi": listed(
        "dan thang le doan dinh dung vi nam chuyen em minh tiet phi thi hai hoi thu muon co"
    ),
    "ban": listed(
        "hang hanh lien chinh giam thao thuong sach dong do ve dau be cong trai giao minh hoc thu "
        "toan an hong cung thi than"
    ),
    "me": listed("minh chau con be em"),
    "bo": listed(
        "minh chau con be em phan tri han giao thi truong mac duong dinh cong mon luat sung"
    ),
    "ba": listed("lan tuan nguyen nam chau ky hoc dao muoi nghin trieu mon me"),
    "bac": listed("hoc luong mam thom trung ho"),
    "chu": listed("nhat nhiem truong thi y quan dong hoa trong tri thich viet"),
    "cau": listed("hoi an ca chuyen nay thang truc noi cu hoc"),
    "e": listed("minh la thi hoc dang an chi hien thay thu"),
    "cu": listed("the di nhu tuan nam lan hoc thu"),
    "c": listed("huong dung the thi"),
    "thang": listed("hoa nam hai hang hoc lop long luong loi thang"),
    "vo": listed("van ly trach duyen the chong loi danh"),
    "di": listed("hoc lam an choi lai san duong linh thi thu hai xa tham"),
    "gai": listed("minh toi em nha"),
    "trai": listed("minh nghiem tuyen duong phep cay long"),
    "co": listed(
        "lan khoa diem phong quyen thanh trinh trang anh chi doan ly hoa chau thai huong an thi "
        "hien dung thu hong nam minh long tam bao mot hai nhan do nhieu bang hoc"
    ),
    "thay": listed("ngan minh co tot thu hong dung hay nam hai hoc khac the thi moi van"),
    "hs": listed("nam nu lop thi hoc gioi"),
}
_NONE: frozenset[str] = frozenset()
_STREETS = listed(
    "truong thpt thcs th mn gdtx chuyen duong pho ngo phuong xa huyen thon xom tinh tp tx quan "
    "giai quy san chua dh cau khu lop bai doan dao lang ho song nui tt ttgdtx kcn kdt tuong ql "
    "p c1 c2 c3"
)
_STREETS_TYPED = listed(
    "trường chuyên đường phố ngõ phường xã huyện thôn xóm tỉnh quận giải quỹ sân chùa đh cầu lớp "
    "bài đoàn đảo làng hồ sông núi tượng chợ đền đình"
)
_STREET_PAIRS = frozenset(
    tuple(pair.split())
    for pair in listed(
        "tieu hoc|mam non|mau giao|thanh pho|thi xa|thi tran|cong ty|cong vien|quang truong|"
        "benh vien|dai hoc|hoc vien|cao dang|van hoa|hoi thi|cuoc thi|cap 1|cap 2|cap 3|nha may|"
        "trung tam|hoc o|tac gia|nha tho|nha van|bac ho|chu tich|ky nien|quoc lo|lien doi|"
        "chi doi|danh nhan|anh hung|liet si|tac pham|nhan vat|bai tho|nhac si|ca si|dan toc|"
        "khu pho|do thi|ngo pho|bo truong|thu tuong|tuong dai|hoa si|vua hung|nghia trang|"
        "giai thuong|quy hoc|khuyen hoc|chien dich|chien thang|phong trao|tren duong|bac si",
        sep="|",
    )
)
_BETWEEN = listed("thpt thcs th chuyen va a b c mn so tieu hoc mam non")


def blocked(w: Words, i: int) -> bool:
    """Whether the name at word ``i`` is a school's, a street's, a place's or a celebrity's."""
    k = i - 1
    for _ in range(3):
        if k < 0 or w.gap[k + 1] not in {" ", ": ", ' "', " “", "  ", "."}:
            return False
        low = w.low[k]
        pair = (w.low[k - 1], low) if k else ("", low)
        if pair in _STREET_PAIRS:
            return pair != ("hieu", "truong")
        raw = w.raw[k]
        if pair not in PAIRS and (raw in _STREETS_TYPED if not raw.isascii() else low in _STREETS):
            return True
        if low not in _BETWEEN:
            return False
        k -= 1
    return False


def _intro(w: Words, i: int) -> Lead | None:
    """ "tên là", "tên của cháu:", "tôi là", "người gửi:" right before word ``i``."""
    low = w.low
    k = i - 1
    gap = w.gap[i]
    for _ in range(5):
        if k < 0 or w.gap[k + 1] not in _GAPS or w.gap[k + 1] == ". ":
            break
        if low[k] == "ten" and w.raw[k] in {"ten", "tên"}:
            return Lead(intro=True, accented=w.raw[k] == "tên", named="be")
        if low[k] not in AFTER_TEN:
            break
        k -= 1
    last = low[i - 1]
    before = low[i - 2] if i > 1 and w.gap[i - 1] == " " else ""
    if last == "la" and w.raw[i - 1] in {"la", "là"} and before in SELF:
        sure = before in SELF_SURE
        if not sure and (not w.cap[i] or w.shouting):
            return None
        return Lead(intro=True, accented=w.raw[i - 1] == "là", named="la")
    signed = SIGNED.get(last)
    if signed and before in signed and (":" in gap or w.cap[i]):
        return Lead(intro=True, named="ky")
    return None


def lead_of(w: Words, i: int) -> Lead | None:
    """How word ``i`` is introduced, or None when nothing before it speaks of a person."""
    if i == 0 or w.low[i - 1] not in _LAST or w.gap[i] not in _GAPS:
        return None
    intro = _intro(w, i)
    if intro is not None:
        return intro
    gap = w.gap[i]
    if gap == ". " and w.low[i - 1] not in {"c", "gv", "hs", "ph"}:
        return None
    last, raw = w.low[i - 1], w.raw[i - 1]
    marked = not raw.isascii()
    before = w.low[i - 2] if i > 1 and w.gap[i - 1] == " " else ""
    school = PAIRS.get((before, last))
    if school is not None and w.gap[i - 1] in {" ", "/"}:
        typed = f"{w.raw[i - 2]} {raw}"
        exact = w.accented or not typed.isascii()
        if exact and typed not in PAIRS_TYPED:
            return None
        firm = before in {"co", "thay", "hieu", "lop", "bao", "chu"} and exact
        return Lead(teacher=school, firm=firm or exact, accented=exact, named=f"{before} {last}")
    spellings = TEACHER.get(last)
    teacher = spellings is not None
    if spellings is None:
        spellings = KIN.get(last)
    if spellings is None:
        return None
    if marked or raw in spellings:
        if raw not in spellings:
            return None
        if (before, last) in {("cong", "bo"), ("thay", "co")} and (w.shouting or not w.cap[i]):
            return None
        firm = raw not in _AMBIGUOUS or w.accented
        if before in _AGAINST.get(last, _NONE) and raw.isascii():
            return None
        likely = last in {"co", "thay"} and (not before or before in _FOR_TEACHER)
        likely = likely or (before in {"nha", "con"} and last in _NEIGHBOURS and not marked)
        sure = teacher and before in _SURE_BEFORE
        doubtful = _NONE if sure else _DOUBTFUL.get(last, _NONE)
        return Lead(teacher=teacher, firm=firm, likely=likely, sure=sure, named=last,
                    accented=w.accented or marked, doubtful=doubtful)  # fmt: skip
    if w.accented and not (w.cap[i] and last in {"co", "thay", "chau", "be", "ong", "bac"}):
        return None
    if before in _AGAINST.get(last, _NONE):
        return None
    likely = last in {"co", "thay"} and (not before or before in _FOR_TEACHER)
    likely = likely or (before in {"nha", "con"} and last in _NEIGHBOURS)
    sure = teacher and before in _SURE_BEFORE
    doubtful = _NONE if sure else _DOUBTFUL.get(last, _NONE)
    return Lead(teacher=teacher, firm=last not in _AMBIGUOUS, named=last, likely=likely, sure=sure,
                doubtful=doubtful)  # fmt: skip


_NEIGHBOURS = listed("chi anh bac chu ong ba co")
_SURE_BEFORE = listed("on voi vs cua gap boi bi gui khen thua")
_FOR_TEACHER = listed(
    "on voi vs cua va gap boi hoi bi do nho gui thua tu theo khen to kinh chao oi sao noi hoc"
)
# "không có", "nhìn thấy", "công bố", "phân bổ", "tuyên bố", "mua bán", "địa chỉ"
_AGAINST = {
    "co": listed(
        "mai dinh bang quyen du phat lam cam kha tuyen thay khong ko k kg chua chang cung van deu "
        "lai se dang da phai hay moi hien"
    ),
    "thay": listed("nhin cam khong ko k chua tim tray nghe hong chang cung"),
    "bo": listed("cong tuyen phan bai huy can giai"),
    "ban": listed("mua uy phong van co"),
    "chi": listed("dao dia tin thu phai"),
    "con": listed("khong ko van chi"),
    "be": listed("o bep"),
    "ba": listed("lop thang thu"),
    "bac": listed("thu cap phia mien"),
    "chu": listed("tu tieu lam"),
    "thang": listed("mot moi hang cuoi dau"),
    "anh": listed("tieng mon hinh chup"),
    "vo": listed("bi tran tat"),
}
