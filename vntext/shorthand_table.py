"""The shorthand table: what people type on a phone, and what it stands for.

Content follows the department's own list (domain facts, section 6; most entries seen in public
chat data). Keys with one meaning are in ``PLAIN``; keys whose meaning hangs on their neighbours
are in :mod:`vntext.shorthand`. No expansion may contain a key of either table.
"""

from __future__ import annotations

_PLAIN = """
ko|hok|khg|khum|hông|hongg|khôg|khog|hổng = không
dc|đc|dcj|đcj|dcoj = được
vs = với
ntn = như thế nào
j|gi = gì
z|zậy|zay|dzay = vậy
cx|cg|cũg = cũng
mik|mìk = mình
mng|mnguoi = mọi người
r|rùi|ruì = rồi
trc|trk = trước
bjt|bik|bít = biết
nhiu|bnhiu|bnhieu|bnhiêu|baonhieu = bao nhiêu
ad|adm|admin = quản trị trang
chj = chị
tui|tuii = tôi
ngta|ngt = người ta
vd = ví dụ
sd = sử dụng
wa|qa|wá|qá = quá
ak = à
wan = quan
ns = nói
haiz|haizz|haizzz|hic|hix|huhu|hichic = (buồn)
vcl|vãi|clgt|đm|đmm|vkl|đcm = (tục)
bgio|bjo|bgiờ|bj = bây giờ
lm = làm
ms = mới
ny = nay
hnay = hôm nay
hqua = hôm qua
ib|inb|inbox = nhắn tin riêng
rep = trả lời
cmt|cmnt|comment = bình luận
tks|thanks|thks|thankyou|tkss = cảm ơn
pls|plz|please = làm ơn
oke|okie|oki|okay|okê = đồng ý
ok = đồng ý
sđt|sdt|đthoai|đthoại = số điện thoại
cccd|cmnd|cmtnd = căn cước
hsinh = học sinh
hssv = học sinh sinh viên
sv = sinh viên
phhs|cmhs|phuynh|fhhs = phụ huynh
gv|gviên|gvien = giáo viên
gvcn = giáo viên chủ nhiệm
gvbm = giáo viên bộ môn
bgh = ban giám hiệu
pk = phúc khảo
kq|kqua|kquả = kết quả
dkdt|đkdt = đăng ký dự thi
sbd = số báo danh
đtb|dtb = điểm trung bình
btvn = bài tập về nhà
ktra|kiemtra = kiểm tra
sgk = sách giáo khoa
ctgdpt|gdpt18|ctgdpt18 = chương trình giáo dục phổ thông 2018
tnkq = trắc nghiệm
dh|đh|đhọc = đại học
cđ = cao đẳng
csvc = cơ sở vật chất
nvs = nhà vệ sinh
ttb = trang thiết bị
bđd|bdd|bdcmhs|bđdcmhs = ban đại diện cha mẹ học sinh
xhh = xã hội hóa
blhd|blhđ = bạo lực học đường
attp|vsattp|nđtp|ndtp = an toàn thực phẩm
atgt = an toàn giao thông
pgd|pgddt|pgdđt = phòng giáo dục và đào tạo
bgd|bgddt|bgdđt = bộ giáo dục và đào tạo
tnthpt = tốt nghiệp thpt
hsg = học sinh giỏi
đgnl|dgnl = đánh giá năng lực
đgtd|dgtd = đánh giá tư duy
ktx = ký túc xá
hbong = học bổng
hphi|hphí = học phí
tkb = thời khóa biểu
clb = câu lạc bộ
qđ = quyết định
tsinh = tuyển sinh
ts10 = tuyển sinh lớp 10
ts6 = tuyển sinh lớp 6
hk1|hki = học kỳ 1
hk2|hkii = học kỳ 2
hkì|hkỳ|hocky = học kỳ
xn = xác nhận
gvmn = giáo viên mầm non
gvth = giáo viên tiểu học
lquan = liên quan
trg|trườg|trừơng = trường
nhug|nhưg|nhưngg = nhưng
nvay = như vậy
tnao|tnào = thế nào
lsao = làm sao
tsao|tạisao = tại sao
gđ = gia đình
cta = chúng ta
oj = ơi
thj = thì
nh = nhưng
nhg = nhưng
đug|đúg = đúng
"""

PLAIN: dict[str, str] = {}


def _load() -> None:
    for line in _PLAIN.strip().splitlines():
        raw, _, norm = line.partition("=")
        for key in raw.split("|"):
            cleaned = key.strip()
            # one token per key: the tokenizer never produces a space or an apostrophe
            if norm.strip() and cleaned.isalnum():
                PLAIN[cleaned] = norm.strip()


_load()
PLAIN.update({"sgd": "sở giáo dục và đào tạo", "sgddt": "sở giáo dục và đào tạo"})
PLAIN["sgdđt"] = PLAIN["sgd"]
PLAIN["gdđt"] = PLAIN["gddt"] = "giáo dục và đào tạo"

# Two-word phrases (folded) -> expansion.
PHRASES: dict[tuple[str, str], str] = {
    ("so", "gd"): PLAIN["sgd"],
    ("phong", "gd"): PLAIN["pgd"],
    ("bo", "gd"): PLAIN["bgd"],
    ("hoi", "ph"): "hội phụ huynh",
}
