"""Words around a person's name: what introduces it and what may follow it. Folded."""

from __future__ import annotations

from vntext.listing import listed

# Last word of the title -> spellings with diacritics that mean a person.
TEACHER = {
    "co": listed("cô"), "thay": listed("thầy thày"), "gv": listed("gv"), "gvcn": listed("gvcn"),
    "gvbm": listed("gvbm"), "hp": listed("hp"), "ht": listed("ht"),
}  # fmt: skip
KIN = {
    "chau": listed("cháu"), "be": listed("bé"), "em": listed("em"), "con": listed("con"),
    "ban": listed("bạn"), "hs": listed("hs"), "ong": listed("ông"), "ba": listed("bà ba"),
    "anh": listed("anh"), "chi": listed("chị"), "chu": listed("chú"), "bac": listed("bác"),
    "di": listed("dì"), "cau": listed("cậu"), "mo": listed("mợ"), "me": listed("mẹ"),
    "bo": listed("bố"), "vo": listed("vợ"), "chong": listed("chồng"), "ph": listed("ph"),
    "phhs": listed("phhs"), "e": listed("e"), "thang": listed("thằng"), "cu": listed("cu"),
    "d/c": listed("đ/c"), "gai": listed("gái"), "trai": listed("trai"), "c": listed("c"),
}  # fmt: skip
# Two-word titles: (first, last) -> is it a school's person?
PAIRS = {
    ("co", "giao"): True, ("thay", "giao"): True, ("giao", "vien"): True,
    ("chu", "nhiem"): True, ("hieu", "truong"): True, ("hieu", "pho"): True,
    ("lop", "truong"): True, ("lop", "pho"): True, ("bao", "ve"): True, ("ke", "toan"): True,
    ("van", "thu"): True, ("bao", "mau"): True, ("phu", "trach"): True, ("to", "truong"): True,
    ("truong", "phong"): True, ("pho", "phong"): True, ("chuyen", "vien"): True,
    ("giam", "thi"): True, ("bi", "thu"): True, ("doan", "truong"): True, ("co", "gv"): True,
    ("co", "cn"): True, ("thay", "cn"): True, ("co", "nuoi"): True, ("hoc", "sinh"): False,
    ("phu", "huynh"): False, ("nguoi", "nha"): False, ("dong", "chi"): False, ("d", "c"): False,
}  # fmt: skip
PAIRS_TYPED = listed(
    "cô giáo|thầy giáo|thày giáo|giáo viên|chủ nhiệm|hiệu trưởng|hiệu phó|lớp trưởng|lớp phó|"
    "bảo vệ|kế toán|văn thư|bảo mẫu|phụ trách|tổ trưởng|trưởng phòng|phó phòng|chuyên viên|"
    "giám thị|bí thư|đoàn trường|cô gv|cô cn|thầy cn|cô nuôi|học sinh|phụ huynh|người nhà|"
    "đồng chí|đ c",
    sep="|",
)
# "X là": who can be named by it.
SELF = listed(
    "toi em e minh mk mik chau con t tui no day gai trai be nha ngoai noi ban truong pho nhiem "
    "giao gvcn ten ong ba me bo cha co thay sinh hs"
)
SELF_SURE = listed("toi em e minh mk mik chau con t tui gai trai nhiem gvcn ten be")
# Between "tên" and the name: "tên của cháu là", "tên học sinh".
AFTER_TEN = listed("la toi em e minh mk chau con be hs hoc sinh no day du that cua nha phu huynh t")
# Signing: the name follows after a colon or a blank.
SIGNED = {
    "gui": listed("nguoi"), "don": listed("lam viet"), "cao": listed("to"), "ten": listed("ky ki"),
    "viet": listed("nguoi"), "he": listed("lien"), "anh": listed("phan"), "tk": listed("chu"),
}  # fmt: skip

# What follows the name of someone at school.
TEACHER_NEXT = listed(
    "day chu gvcn cn lop gv hieu mang chui danh tat quat doa ep keo bat phat goi cham mon tong "
    "mam nheo nguoi gvbm pho dung voi vs va phong"
)
# Two words that after a name tell what the person does; they outweigh all doubts.
ROLES = frozenset(
    tuple(pair.split())
    for pair in listed(
        "mau giao|mam non|van thu|ke toan|bao ve|ban tru|ban giam|hieu truong|hieu pho|chu nhiem|"
        "tong phu|giao vien|thu vien|y te|phong giao|phong gd|the duc|thu quy|quan sinh|bao mau|"
        "cang tin|can tin|lai xe|xe om|xe dua|nha bep|cap duong|lao cong|truong ban|hoi truong|"
        "chu tich|bi thu|day toan|day van|day anh|day li|day hoa|day sinh|day su|day dia|day tin|"
        "day the|day gdcd|day gdqp|day gdtc|day nhac|day tieng|day lop|day them|day mam|day "
        "tieu|day mon|nha toi|"
        "nha em|nha minh|nha chau|con toi|con em|truong thcs|truong thpt|truong mam|truong mn|"
        "truong tieu|lop truong|lop pho|to truong|gv toan|gv van|gv anh|chuyen vien|pho phong",
        sep="|",
    )
)
# What says so even when "co" could be "có".
SCHOOL_NEXT = listed("day chu gvcn cn gv gvbm hieu mam tong")
# What follows the name of a pupil.
PUPIL_NEXT = listed("lop hoc bi sinh sn hs")
# Everyday words that may follow any name; they end it.
PLAIN_NEXT = listed(
    "veo nheo tiep "
    "xe hach so nham giam thien lo trom gan rieng tha mat moc cai hoi bo "
    "quay cop cam tim nem da dam tang rot truot om sot khoc benh ngoi cuop vo gioi kem xinh tot "
    "hien xep say bong cat nhot treu vu ngat ngu thi dau "
    "o la da dang khong ko k kg hay noi bao lam co cho thi xin nghi doi het tiep day rat qua "
    "ay a oi nhe nha va voi vs hoac nhung ma vi nen nhan dua ra vao len xuong ve di den gap con "
    "me bo ong ba anh chi lai van cung moi chua se bi duoc dc thu thuong ghi hoi tra ky xep bat "
    "goi mang chui danh tat quat keo ep phat doa bop lay cua nay kia roi luon cu toan the lop hoc "
    "sinh sn sdt so dien hs gv gvcn chu hieu day lien bay hom nam tren trong ngoi chay lai an ban "
    "tu uong hut dap chan doc viet ke mua trung phu lay may truong mac mach tuyet viec thieu dung "
    "van nham vang uu bu cung ai sao phai muon can dam ca tai bo qua nghe cham gay day dang xau "
    "khoe giup de trac xuc pham"
)
# Name + this word is an everyday word ("thu tiền", "an toàn", "minh bạch", "hiện nay").
BREAKS = {
    "thu": "tien quy phi hoc them cua bao dien hoi lai nhap chi nhieu moi lan tu tuc ve ca hang "
    "qua ho bai gi sai du va hut may nhat hai ba bay vien doan co",
    "an": "toan ninh ban uong com sang trua toi phan ui bot tien o chan giang cuop do khong het "
    "cap tam them duoc dc rieng xong kem vat gi tet thua hoc nhau thit rau sua o tai trong nua "
    "it nhieu ngon duoc cua lai va qua nha bua thi vao",
    "hoa": "hong nhap giai don chat hoc thuan don qua va tuoi sinh duoc",
    "nam": "nay hoc ngoai sau truoc toi moi nao tay ngang dau cuoi thu nhat giao cu chac vung",
    "hien": "hoa hau dang nay tai gio la hanh khong ko o hoc lanh tuong co thi van dai ra nay "
    "lam qua that",
    "minh": "bach chung hoa khong ko la hoc thi cung tu di co dang bi duoc dc lop o voi",
    "binh": "thuong yen an quan dang dan luan tinh phuong phap chan duc bau dinh bau",
    "hanh": "phuc kiem chinh dong vi ha nghe hung xu hung ca trinh",
    "phuong": "an phap huong tien thuc tay nao nay xa",
    "huong": "dan nghiep toi ung den thu ve theo nay loi",
    "thanh": "tra tich cong lap toan phan phan nien pho ly thi ra vien thao khan tich thu minh",
    "hong": "hao hoc het roi phuc quat may dien cap den mat ca bao bet chua",
    "thao": "luan go gia truong",
    "trang": "web thiet bi phuc tri tin chu diem",
    "quang": "cao ba",
    "tien": "tien hoc an quy bo hanh do trinh sy nuoc dien xe bac phat sinh mat gui sach ao den",
    "tuan": "nay sau truoc nao toi theo thu le hoc mot hai ba roi dau cuoi co gan lien",
    "tam": "ly huyet tinh ngung trong tu su than vong hon linh noi thuong",
    "kien": "nghi thuc tri quyet dinh ca khuc trung co",
    "khanh": "thanh kiet tiet hoa",
    "khoi": "danh so luong 1 2 10 11 12 nha benh hoc phuc phai can nghiep to a thi lop nay tu "
    "cong bi co ma truong duong noi mat tieu",
    "khoa": "hoc hoc thi cua cong nay trai luan so mat nha truong dao ngoai",
    "hai": "long chau dua ban con mon lop nam san thang tuan buoi ngay lan em mat hoa duong hung "
    "cap tang tram muoi trieu quan hang truong",
    "lan": "hoc nay sau truoc nao dau thu hai ba toi cuoi can luot man vao nua dau ma roi thi goi "
    "nop nhau lon dau an day danh",
    "long": "dong biet vong lo tin mong ngong tot thanh yeu khong",
    "loan": "xa len bao",
    "lien": "quan tuc he ket doan thong hoan tiep tay mien cap hop ngay den",
    "linh": "dong hoat tinh vuc",
    "loi": "dung ich hua nhuan the he mang nay gi khuyen noi ai thi do nhap",
    "ly": "do luan lich thuyet hoa tuong le hon than",
    "chi": "tiet phi dao doan bo muon co can duoc dc la vi hoc thay tieu tra cho thi bo dinh nhanh "
    "bao",
    "chinh": "sach sua tri quyen phu quy thuc dang dien xac la chu minh thuc",
    "cuong": "dieu che ep quyet do",
    "dung": "la roi gio han nghia sai tuyen thi so hinh luc mat thoi quy co de cho dien dam lai do "
    "tai mang trai cam an chan may khong nguoi noi tung hoc mat luong loai buoi ra day va hang",
    "duc": "tinh",
    "duong": "di den day sat pho nao lang ham truong tinh dai ve nay vao xa dang lo ra hinh",
    "dat": "giai diem yeu chuan hoc loai so may nuoc ten coc hang tieu muc ra cau trong cho van",
    "giang": "day bai vien duong ho",
    "ha": "noi nam tang ban khau hanh giang canh diem tinh long huyen mat",
    "han": "che nop cuoi chot mac che che han",
    "hang": "giao ngay thang nam tuan xom hoa loat rao xe muc buoi dau nghin chuc tram quan gia "
    "trieu qua ky nua kem lop",
    "hieu": "luc qua truong pho biet sao nham bai lam duoc dc roi gi ro qua the thao suat nang sai",
    "hoan": "thanh toan canh nghenh ho lai tra tien nop thi hy hong nop",
    "hop": "ly dong phap tac lop le phu mat bao co thanh nhom to tac giay but",
    "huyen": "thoai bi moi nao cu uy toi minh nay ly la",
    "mai": "em con la sau nay thi di co nop hoc khong ko moi chua chieu sang ca toi anh chau phai "
    "duoc nghi vao mot mat da het lo o lai",
    "manh": "me tay dan mieng giay",
    "my": "thuat pham",
    "nga": "ngua vao gay xe xuong tu ba cau rat len mau tren trong dap u o bi tu dung",
    "ngan": "sach hang han chan can cap ngua nhat ngay lai khong nua",
    "nghia": "vu la trang",
    "ngoc": "nu",
    "nhan": "ban xet dan vien su hoc tai cach duoc tien dinh phong thuc ra con cho ho don giay "
    "kq lop "
    "duoc dc bang tre quyet tin vien hau",
    "phong": "hoc trao giao ban thi bi bao ve chong cach tuc benh may an vs ky khi xet ngu to hop "
    "thuc rieng nao o dao doi bo ho dich",
    "phuc": "vu khao tap hoi loi",
    "quan": "ly tam trong he sat su ao doi diem nam net ngu net hoa phuc phiet an day",
    "quyen": "loi gop tac han lop luc sach nho so hoc tu phat dua nay gi",
    "quynh": "luu",
    "sang": "tao nay mai hom suot som thu truong toi 5 6 7 chu nam lop ca som muon tac chieu nam",
    "son": "mai phong phu lai moi tuong mong",
    "thai": "do qua nghien bo san binh",
    "thang": "lop nay sau truoc 1 2 3 4 5 6 7 8 9 10 11 12 nao toi hang diem qua hang vao luong "
    "thua nam con tien dau cuoi ba hai nhat nha gia ngu nao cap do cho ay kia nam roi",
    "thuong": "thi yeu xuyen tat truc tich mai con luong binh ca vu tru ngay bi xay tinh tiec "
    "hieu xe khong ko la em chau hoc phat kho",
    "trung": "hoc tam binh thuc uong tuyen quoc cap thi vao bay ve tuan xay thu thu lap ten",
    "tung": "nha khoan khoi lan ngoi em chau buoi lop thang ngay mon be ban nguoi bi hoc lam co "
    "day dap hoanh",
    "tuyet": "voi doi vong that ky mat",
    "uyen": "bac",
    "van": "de con chua chua bang phong minh ban hoc hoa con mau nghe chi dang phai bat thu cu co "
    "khong la hay dap",
    "vinh": "du quang",
    "vy": "pham",
    "xuan": "nay hoa ve thu ha",
    "yen": "tam tinh on binh chi lang bac nam",
    "diem": "thi so cao thap danh chuan hoc cong mon truong tong trung san liet kiem xet khai uu "
    "8 9 10 tb ktra rat vao toan van anh ly sai kem tu le",
    "thom": "ngon tho",
    "tho": "o mat moc xay dien ca oc van sua ung",
    "duyen": "dang hai",
    "anh": "huong chup van em chi the hung trai minh ngu khong tham",
    "nhi": "dong",
    "trinh": "do bay tu duyet",
    "hue": "ky",
    "luong": "tam thap thuong giao thang tri lu san chua duyen hop",
    "giap": "ranh",
    "the": "nao thao le duc ma la thi gioi chat luc nay kia hs the",
    "tai": "sao lieu san khoan chinh tro nha truong lop nan cho nang lop le xe",
    "thiet": "bi ke hai thoi thuc",
    "tu": "van do ti chuc tin nguyen luc dien hoc ve ngay nhien lam choi khi thuc dong lop quan "
    "sau truoc bao tot",
    "viet": "bai nam don chu gi sai ra tay len thu lach tat bang",
    "vu": "viec nay gian tai dao khi an trang thi do",
    "vi": "pham the sao du con la ly mot tri chung tien khong thanh",
    "hau": "qua het can nhu",
    "nghi": "dinh huu hoc he tet le ngo dinh quyet thi thai luc la o om phep viec trua som",
    "sen": "vang",
    "sinh": "vien nam ngay hoat hoc ra nhat con su thai duc dong de truong",
    "dao": "duc tao hoa day",
    "cong": "bang khai van an tac viec dong truong lap ty nhan nghe diem trinh khong luan dan bo",
    "chien": "thang tranh sy",
    "chung": "minh chi toi ta em chau con cu khao nhan toi minh cho to",
    "dinh": "danh duong ky chi huong muc dang hoc nop",
    "kim": "bang loai nam chi son",
    "hoai": "nghi niem bao ma khong khong roi",
    "thuy": "loi dau",
    "lam": "luan du sao the gi bai thu don ro nhu viec them dung quen on ha gia dong lan hoi "
    "chung ho",
    "khuyen": "hoc khich cao mai tat bao",
    "dong": "phuc gop tien y du nguoi van hoc da thap hs bo cua ho lam tu",
    "dan": "pho toc den bao ca cong nop chu truong van dat du duong giau di hoc",
    "tinh": "thu hinh trang tien cach nguyen ha dinh den ninh nam thi yeu huong tuong nay khac "
    "nao la than mang diem co toan",
    "tuyen": "giao dung sinh vien bao truyen duong duoc cu",
    "ky": "thi nay hoc nghi luat",
    "hung": "ho huc hon thu hang ngay bi du",
    "kiet": "suc que",
    "kieu": "ngao gi nay",
    "phan": "khoi dau trang",
    "khai": "giang khong bao man thac sinh",
    "tham": "van khao quan gia du",
    "bao": "hanh gia hiem cao dam luc tien nhieu gio lau ve hoc",
    "dieu": "kien tra hoa le",
    "tram": "cam cua phan y",
    "gia": "dinh tri ca han",
    "quy": "dinh che mo trinh luat lop khach bao mo vi",
    "hoang": "loan mang toan tu phi",
    "khiem": "thi ton",
    "tin": "nhan hoc tuc vao ve tuong chi la",
    "thi": "diem dua tran sinh cu",
    "huy": "hoai dong ket bo hieu hoach sinh do",
    "vuong": "vai phai",
    "oanh": "liet",
    "bich": "hoa",
    "que": "quan huong",
    "ninh": "binh thuan",
}
STOPS_AFTER = {name: listed(words) for name, words in BREAKS.items()}
