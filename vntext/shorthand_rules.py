"""Context rules for ambiguous shorthand, as data (domain table, section 6, and its notes).

Special neighbours: ``#`` a number, ``^`` start of a clause, ``$`` end of a clause.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """``out`` when a neighbour matches; with ``both`` the two sides must; empty sides always."""

    out: str
    prev: frozenset[str] = frozenset()
    nxt: frozenset[str] = frozenset()
    both: bool = False


def _set(words: str) -> frozenset[str]:
    """Words separated by blanks; an underscore stands for the space of a two-word neighbour."""
    return frozenset(w.replace("_", " ") for w in words.split())


def _rule(out: str, prev: str = "", nxt: str = "", *, both: bool = False) -> Rule:
    return Rule(out, _set(prev), _set(nxt), both)


DISTRICTS = {
    "pl": "phủ lý", "kb": "kim bảng", "ln": "lý nhân", "bl": "bình lục", "tl": "thanh liêm",
    "dt": "duy tiên",
}  # fmt: skip
SCHOOL_WORDS = _set("thpt thcs th mn truong tieu_hoc hoc non gdtx pgd gd tieu mam")

_END = "$ a nhe nha nhi vay z v ha ad k ko khong chua ntn ah the"
_VERBS = (
    "co duoc dc biet bit bik thay hieu phai cho di hoc thi nop lam thay ai ro "
    "dam muon can thich nhan noi tra thu the bao nghi hoi tin chiu dong xin mua "
    "xem vao ra nen quan chap tot on vay"
)
_SUBJECTS = "mon diem thi lop hoc thay co giao_vien gv hsg gioi doi_tuyen"

# Keys are folded: "dk" serves "đk", "dt" serves "đt".
RULES: dict[str, tuple[Rule, ...]] = {
    "hk": (
        _rule("học kỳ", nxt="# i ii nay 1 2 he phu truoc sau toi"),
        _rule("hạnh kiểm", nxt="tot kha yeu trung_binh tb gioi xau"),
        _rule("hạnh kiểm", prev="xep loai xep_loai danh_gia ha hoc_luc va_hl hl ve va"),
        _rule(
            "học kỳ",
            prev="diem cuoi giua dau trong het moi mot hai thi sang kiem_tra ket_thuc "
            "tong_ket bang_diem kt ca tung nua",
        ),
        _rule("không"),
    ),
    "dk": (
        _rule(
            "điều kiện",
            prev="du dap_ung hoan_canh cac nhung ve theo mot_so kinh_te thoa_man nhung bo_sung",
            nxt="gi j nao kem kho_khan gia_dinh kinh_te tot_nghiep toi_thieu can",
        ),
        _rule(
            "được",
            prev="khong k ko chua se van moi nhan tinh mien nghi hieu lam mua cung vua "
            "khong_the hk hok xem biet",
        ),
        _rule(
            "đăng ký",
            prev="phieu don mo cach link form cong han lich phai muon dang nop can da "
            "tai_khoan thoi_gian thoi_han huong_dan quen thu_tuc ho_so hay",
            nxt="du thi xet tuyen nguyen nv ts tai online truc qua mon nhap tk vao lop dot "
            "hoc_ba nguyen_vong dt hoc o tren lai roi bao_nhieu truong cho onl ktx them "
            "tu_do thu dgnl hsa tuyen_sinh ho_so tin_chi khi",
        ),
        _rule("được", prev="co thi hoc vao nop tra doi cong", nxt=_END, both=True),
    ),
    "dt": (
        _rule("dự thi", prev="dang_ky dk du phieu ho_so the"),
        _rule("duy tiên", prev="thi_xa tx huyen"),
        _rule(
            "điện thoại",
            prev="so cam dung mang cai bang qua goi thu sac xem choi man_hinh nghe cho_dien",
            nxt="# thong di trong cua la di_dong oi ban o",
        ),
        _rule("điện thoại"),
    ),
    "tl": (
        _rule("tự luận", prev="thi de phan bai cau hoi mon va hinh_thuc nghiem tn trac_nghiem"),
        _rule(
            "trả lời",
            prev="ad so cho chua khong k ko mong xin doi cho_em se phai nguoi khong_thay "
            "admin tri dang da ai cau duoc som giup cho_e hoi de trang cho_minh moi ma "
            "thay",
            nxt="giup giup_em em e minh cho cau tin som nhanh voi vs toi ro di gium ho thac phu ib",
        ),
    ),
    "bn": (
        _rule("bạn", prev="bi danh"),
        _rule("bạn", prev="cac may nhung nhieu_bn cung con_cua moi ba mot hai vai con chao"),
        _rule("bạn", nxt="oi nao a cho hoi be biet cung oi_cho hs hoc_sinh nay kia tre gi"),
        _rule(
            "bao nhiêu",
            prev="het la lay thu duoc can phai nop khoang diem tien gia ti phi mat tu tam "
            "tren toi dong chuan hoc_phi dau chi_tieu tuyen so cham muc dat",
            nxt="diem tien hs em tuoi nam ngay la a vay z v k ko mon $ nguoi nguyen thi_sinh "
            "lop truong tiet buoi dau phan_tram lan nv thang chi ta mot cham trong",
        ),
    ),
    "bl": (_rule("bảo lưu", nxt="diem kq ket_qua dc duoc"),),
    "pl": (_rule("pháp luật", prev="gdkt kinh_te"),),
    "hp": (
        _rule("hiệu phó", prev="thay co ong ba bgh truong ht va_hp", nxt="nha_truong phu_trach"),
        _rule(
            "học phí",
            prev="mien giam dong nop tien thu muc tang hoan khoan quy ve bao_nhieu mien_giam "
            "xem cac gia bot no chua k khong",
            nxt="cap cho mot bao bn nam nhieu cua moi cao tang thang hk ky la thcs thpt ra thu "
            "the dong co lop ntn va k gom qua truong dai dh nha",
        ),
    ),
    "cn": (
        _rule(
            "công nghệ", prev="mon sach khoi nganh hoc_mon sgk bai_tap", nxt="thong_tin so cao lop"
        ),
        _rule("chủ nhiệm", prev="giao_vien gv co thay cong_tac giao phu_trach lam"),
        _rule(
            "chủ nhật",
            prev="hay thu_7 t7 sang chieu toi ngay vao va bay thu_bay hoc nghi ca # va_cn den",
        ),
        _rule("chủ nhật", nxt="hang tuan nay tuan_nay cung van tuan_sau toi"),
        _rule("chủ nhiệm", nxt="lop cua danh bao thu la co moi"),
    ),
    "kt": (
        _rule(
            "kinh tế",
            nxt="phap_luat va_phap_luat pl gia_dinh kho_khan",
            prev="hoan_canh ve dieu_kien",
        ),
        _rule("kỹ thuật", prev="su_pham khoa_hoc cao_dang day_nghe", nxt="so vien cong_nghe"),
        _rule("khen thưởng", nxt="ki ky_luat", prev="thi_dua"),
        _rule(
            "kiểm tra",
            prev="bai diem lich de thanh_tra mong so ve xuong can phai dot cho bi cuoi giua "
            "vao den giup xin hoc nghi yeu_cau vao_kt 15p cua ve_kt cac nhieu dau di "
            "duoc lam doan da ban ubnd hoi sau truoc ko k khong",
            nxt="# lai giua cuoi hk hoc truong 15 15p chat dau thuong viec ho giup bep gium "
            "som dinh mieng bai cac ve xem thi co thu lop ky 1 cai suat diem bua ksc noi "
            "xac xu",
        ),
    ),
    "tn": (
        _rule("tự nhiên", prev="khoa_hoc khoi ban_kh ban khoi_kh to_hop", nxt="va_xa xa_hoi va"),
        _rule(
            "tin nhắn",
            prev="doc xem nhan gui tra_loi rep soan cac bo doan",
            nxt="hom sang roi cho_e zalo rieng",
        ),
        _rule("trắc nghiệm", nxt="va_tl tl va_tu 100 khach", prev="de_thi cau hoi_tn phan khoanh"),
        _rule(
            "tốt nghiệp",
            prev="cach thi bang diem xet ky de ky_thi kythi hoc_sinh xet_tuyen cong_nhan dau do "
            "mon dot du_thi duoc ket_qua chung_nhan lich dk giay ti_le sau chua da "
            "quy_che on van_bang bo kq khi truot vua",
            nxt="thpt thcs # nam th xong loai roi bao gdtx truong som tam",
        ),
    ),
    "mn": (
        _rule(
            "mầm non",
            prev="truong lop giao_vien gv gvmn cap bac hoc tre co_giao cac_truong co be khoi",
        ),
        _rule(
            "mầm non", nxt="tu_thuc cong_lap tu 5 4 3 2-10 2/9 tren so # hoa sao tuoi_tho va_th th"
        ),
        _rule("mọi người"),
    ),
    "ng": (
        _rule("nghìn", prev="tram"),
        _rule(
            "người", prev="nghe moi nhieu cac # mot nhung con hai ba bon vai so co ai bao_nhieu bn"
        ),
        _rule("người", nxt="ta dan lon khac nao nha lam than bi thi hoc di noi co oi day"),
    ),
    "bt": (
        _rule(
            "bài tập",
            prev="lam giai nhieu cho_lam sach giao chep nop cac hoc chua vo",
            nxt="ve toan van",
        ),
        _rule(
            "bình thường", prev="van rat hoc_sinh thay cung la lop_bt het", nxt="thoi nhu ma roi"
        ),
        _rule("biết", prev="k ko khong cho e em minh ai toi chua hk hok muon de mk t chac tui dau"),
        _rule("biết", nxt="la dc ko k khong duoc gi j ve lam thong bao rang"),
    ),
    "bit": (_rule("biết"),),
    "bh": (
        _rule(
            "bảo hiểm",
            prev="dong nop tien mua the thu phi goi thu_tien khoan",
            nxt="y_te than_the xa_hoi",
        ),
        _rule("bây giờ", prev="tu den gio toi_tan thoi tinh_den"),
        _rule("bao giờ"),
    ),
    "ht": (
        _rule("hoàn thành", nxt="nhiem_vu tot chuong_trinh xuat_sac ho_so", prev="chua_ht"),
        _rule("hỗ trợ", prev="tien muc duoc xin nguoi", nxt="hoc_phi tien hs hoc_sinh em chi"),
        _rule("hệ thống", nxt="loi bao", prev="tren vao"),
        _rule(
            "hiệu trưởng",
            prev="thay co ong ba truong bgh ban co_giao gap hoi pho ong_ht ke cu kien qua ma va",
            nxt="truong nha_truong bao co nhan khong la thi thu noi an moi ky cua bao_che",
        ),
    ),
    "hb": (
        _rule(
            "học bổng", prev="nhan xin suat duoc_hb san quy cap trao", nxt="# du_hoc toan khuyen"
        ),
        _rule(
            "học bạ",
            prev="vao diem xet rut so nop sua cong_chung chua ban sao tra lay hoc mat giu ghi",
            nxt="giay cap thcs thpt dien lop cua co # so goc ban",
        ),
    ),
    "ts": (
        _rule("thí sinh", prev="cac moi nhieu so quyen cho mot", nxt="tu_do du_thi vang"),
        _rule(
            "tuyển sinh",
            prev="phong ke_hoach cong_tac thong_tin ho_so xet lich diem_chuan chi_tieu de_an "
            "quy_che tu_van thong_bao vung han hd ban kh trang mua ky_thi ky dot "
            "phuong_an thi va ve he_thong cong dk dang_ky tin",
            nxt="# lop vao dau dai dh truc thpt 10 6 mam bo_sung nam som rieng thcs "
            "truc_tuyen vao_10 cap truong cua",
        ),
    ),
    "ths": (
        _rule("thạc sĩ", prev="hoc bang co_bang trinh_do hoc_vi bao_ve len luan_van"),
        _rule("cảm ơn", prev="e em ^ da vang $", nxt="ad a so nhieu ban ac mn $ admin"),
    ),
    "nv": (
        _rule(
            "nhân viên",
            nxt="van bep y_te bao_ve van_phong truong thu phuc_vu cap_duong nau",
            prev="giao_vien gv cac_co",
        ),
        _rule(
            "nguyện vọng",
            prev="dang_ky dk cac doi thay_doi may dat xet sua dieu_chinh nhieu them thu_tu "
            "diem truot do bao_nhieu # dau so 1 2 bn",
            nxt="su cao # 1 2 3 dau vao cao nao cuoi mot hai bo_sung dai thu",
        ),
    ),
    "nt": (
        _rule(
            "nhà trường",
            prev="^ cua den bao gv_va phia ma_nt do",
            nxt="thu khong bao yeu phai bat lai",
        ),
        _rule("nhắn tin", prev="da minh e em goi gv co", nxt="cho rieng zalo voi k ko"),
    ),
    "hs": (_rule("học sinh"),),
    "ph": (
        _rule("phường", nxt="le minh quang liem chau hoa_mac dong_van hai thanh"),
        _rule("phụ huynh"),
    ),
    "mk": (
        _rule(
            "mật khẩu",
            prev="quen doi dang_nhap tk va mat cap_lai tai_khoan lay_lai",
            nxt="dang_nhap",
        ),
        _rule("mình"),
    ),
    "e": (
        _rule("e", prev="# nhom vitamin"),
        _rule("em"),
    ),
    "a": (
        _rule(
            "anh",
            nxt="chi oi cho hoi ad e em c b nao ay",
            prev="chao cua cac nho e_nho hoi_a",
            both=True,
        ),
        _rule("anh", nxt="oi chi c ad e em cho_em cho_e"),
        _rule("anh", prev="chao cac"),
    ),
    "b": (
        _rule("b", prev="# lop khoi to nha de cau nhom phong thpt"),
        _rule("bạn", prev="cac may moi_b chao", nxt="oi nao ah cho hoi biet bit ay be"),
    ),
    "c": (
        _rule("c", prev="# lop khoi to nha de cau nhom phong thpt vitamin"),
        _rule("chị", prev="cac chao a anh", nxt="oi nao cho hoi e em ay"),
    ),
    "t": (
        _rule("t", prev="# lop khoi to nha de cau nhom phong thpt"),
        _rule(
            "tôi",
            prev="con cua cho bon tui de hoi_t",
            nxt="thay nghi hoi ko k khong la bit biet cung cx muon dang se moi chua ns",
        ),
    ),
    "s": (
        _rule(
            "sao",
            prev="tai vi lam the ko_sao tai_s",
            nxt="lai ko k khong ma vay z v the ha ad cac hoc nha truong co so",
        ),
    ),
    "v": (
        _rule(
            "vậy",
            prev="gio j gi ntn nhu sao the dau nao nhieu lam thi diem may chua bn roi ai "
            "khong ko k nua z nay_v hoc",
            nxt=_END,
            both=True,
        ),
        _rule("v", prev="# chuong phan muc lop quyen"),
        _rule("vậy", nxt="a ad ta troi nhi ha tr mn $"),
    ),
    "tr": (
        _rule("triệu", prev="#"),
        _rule("trường", nxt="thpt thcs th mn tieu mam em minh con_em con hoc toi a"),
        _rule("trường", prev="o nha trong cac hieu"),
        _rule("trời", prev="v vay oi", nxt="oi"),
    ),
    "củ": (_rule("triệu", prev="# mot hai ba bon nam sau bay tam chin chuc muoi vai may"),),
    "hong": (_rule("không", nxt="biet bit duoc dc thay hieu phai co", prev="duoc_hong biet_hong"),),
    "hem": (_rule("không", nxt="biet bit duoc dc thay hieu phai", prev="duoc dc biet co_hem"),),
    "kh": (
        _rule(
            "kế hoạch", prev="theo xay_dung lich ban_hanh cong_bo", nxt="tuyen_sinh ts nam so day"
        ),
        _rule("không", nxt=_VERBS, prev="duoc dc co hay"),
    ),
    "vl": (
        _rule("vật lý", prev=_SUBJECTS),
        _rule("(tục)", prev="qua nhu lam chan met cay hai kho ngu", nxt="qua that luon"),
    ),
    "dm": (_rule("(tục)", prev="^", nxt="thang con may bon"),),
    "cc": (
        _rule(
            "chứng chỉ",
            nxt="ielts tin ngoai toeic tieng boi nghe anh tin_hoc",
            prev="nop co_cc bang",
        ),
        _rule("căn cước", prev="so the lam so_cc"),
    ),
    "stk": (
        _rule(
            "sách tham khảo",
            prev="mua cuon sach bo quyen sgk va cac doc dung loai",
            nxt="toan van lop mon",
        ),
        _rule(
            "số tài khoản",
            prev="chuyen vao cho qua gui xin ngan_hang",
            nxt="# cua ngan la ngan_hang co gvcn",
        ),
    ),
    "u": (_rule("ừ", prev="^", nxt="$ thi"),),
    "th": (_rule("tiểu học", prev="truong hoc giao_vien gv bac cap cac", nxt="minh_khai"),),
}
