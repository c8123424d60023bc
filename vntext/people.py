"""Word lists for finding persons and places in text. Folded unless a comment says otherwise.

Surnames: the common Kinh surnames; given names: frequent ones of the last two generations.
Places and school names: the province's districts, schools and the historical persons that
schools and streets are named after, who are never anybody's personal data.
"""

from __future__ import annotations

from vntext.listing import listed

# Surnames that are hardly ever anything else when capitalised.
STRONG_SURNAMES = listed(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ngo duong dao doan vuong "
    "trinh truong dinh phung ta chu luong luu tong quach nghiem kieu doan nhu lai "
    "trieu dam hua khuat mac thieu"
)
# Also ordinary words or place syllables: need a middle name or a cue word.
WEAK_SURNAMES = listed(
    "ho ly lam mai to ha thai cao cu tang than la tu giang ninh van vi la quan dong phi "
    "vien luc ung nong hoa tra can lo an au ong bang cam chau diep kim lieu ma tiet vua"
)
SURNAMES = STRONG_SURNAMES | WEAK_SURNAMES
MIDDLES = listed(
    "van thi duc ngoc minh huu dinh xuan quang thanh hong thu thuy kim tuan cong viet "
    "manh quoc anh bao gia ngo hoang phuong khanh trong the tien dang hai nhat nhu mai "
    "my bich tuong tue ha ba duy trung viet huy khac nguyen phuc tan tri vinh hoai kieu lan linh "
    "dieu tra cam huong huyen yen quynh tu thanh thien thai sy tat dai danh nam nha phu quy song "
    "son hung thuc to truong vu tran le duong luong tung chi dan hanh hien hieu "
    "khoi binh an chan thao"
)
GIVEN = listed(
    "an anh bach ban bang bao bich binh cam chau chi chien chinh chung cuc cuong dai dan "
    "dang danh dao dat diem diep dieu dinh doan dong du duc dung duong duy duyen gia giang "
    "giao ha hai han hang hanh hao hau hien hieu hoa hoai hoan hoang hoc hong hop hue "
    "hung huong huy huyen khai khang khanh khiem khoa khoi khue kien kiet kim ky lam lan "
    "le lien linh loan loc loi long luan luong luyen ly mai man manh mien minh mo my nam "
    "nga ngan nghia ngoc nguyen nguyet nha nhan nhat nhi nhien nhu nhung ninh oanh phat "
    "phi phong phu phuc phung phuong quan quang que quoc quy quyen quynh sang sinh son "
    "suong tai tam tan thach thai tham thang thanh thao the thi thien thinh tho thoa "
    "thom thong thu thuan thuc thuy thuong tien tin tinh to toan trang tri trinh trong "
    "truc trung truong tu tuan tue tung tuyen tuyet uyen van vi viet vinh vu vuong vy "
    "xuan y yen"
)
# Words that never belong to a person's name although they are legal syllables.
STOP = listed(
        "la va hoc lop khoi o tai truong nam co thay em chau con toi minh khong ko k duoc dc "
        "bi cua thi nay kia ay do voi vs de cho xin hoi chu nhiem giao vien hieu pho so "
        "phong ban sinh ngay day den tu gui mong a oi ad nhe roi da dang se muon can hien sn "
        "so dien thoai sdt ma tuoi lam tra loi noi thpt thcs th mn vao tot khi nhung ma chi "
        "nhung nhieu moi cac trong ngoai dien diem van toan anh_van bo bai tap khac nao gi j "
        "hay that rat qua cung van_con that mang danh goi bat thu tien lay chui quan ly "
        "nguyen_vong tieu tuong"
) - {"tu", "an", "nam", "hien", "thi", "van", "sinh", "hieu", "ly", "chi", "hay", "tieu", "quan",
     "tuong", "phong", "toan", "pho"}  # fmt: skip
# A name typed in lower case ends before these.
LOWER_STOP = STOP | listed("nam hien sinh ly chi quan thi sinh_nam hieu_truong sinh phong")
PLACES = listed(
    "ha nam|ha noi|ninh binh|nam dinh|thai binh|hung yen|hai phong|thanh hoa|hai duong|"
    "viet nam|ho chi minh|phu ly|duy tien|kim bang|ly nhan|thanh liem|binh luc|dong van|"
    "hoa mac|vinh tru|binh my|kien khe|que|ba sao|nghe an|ha tinh|quang ninh|da nang|"
    "dong nai|bac ninh|lam dong|cao bang|ha giang|an giang|lai chau|dien bien|son la|"
    "hoa binh|phu tho|vinh phuc|thai nguyen|tuyen quang|bac giang|lang son|cao dang|"
    "trung hoc|mai dich|ha long|thai lan",
    sep="|",
)
# Accented: schools of the province and the persons and words schools are named after.
SCHOOL_NAMES = listed(
    "Biên Hòa|Nguyễn Hữu Tiến|Lý Thường Kiệt|Nam Lý|Bắc Lý|Nam Cao|Trần Hưng Đạo|Lê Hoàn|"
    "Nguyễn Khuyến|Lương Thế Vinh|Trần Phú|Lê Hồng Phong|Lương Khánh Thiện|Minh Khai|"
    "Nguyễn Thị Minh Khai|Nguyễn Du|Nguyễn Trãi|Lê Lợi|Lê Quý Đôn|Chu Văn An|"
    "Trần Quốc Toản|Nguyễn Viết Xuân|Đinh Công Tráng|Nguyễn Bỉnh Khiêm|Ngô Quyền|"
    "Nguyễn Huệ|Quang Trung|Hồ Chí Minh|Hồ Xuân Hương|Tố Hữu|Võ Nguyên Giáp|"
    "Đinh Tiên Hoàng|Lý Công Uẩn|Lý Thái Tổ|Trần Nhân Tông|Trần Bình Trọng|Võ Thị Sáu|"
    "Nguyễn Văn Trỗi|Kim Đồng|Lý Tự Trọng|Phan Bội Châu|Phan Chu Trinh|Nguyễn Tất Thành|"
    "Nguyễn Ái Quốc|Hai Bà Trưng|Bà Triệu|Lê Duẩn|Trường Chinh|Phạm Văn Đồng|"
    "Tôn Đức Thắng|Nguyễn Văn Linh|Nguyễn Văn Cừ|Nguyễn Đình Chiểu|Hoàng Hoa Thám|"
    "Ngô Gia Tự|Hoàng Văn Thụ|Lê Thánh Tông|Phạm Ngũ Lão|Lê Lai|Lê Đại Hành|"
    "Trần Quang Khải|Trần Thủ Độ|Mạc Đĩnh Chi|Đoàn Thị Điểm|Nguyễn Lương Bằng|Hoa Sen|"
    "Hoa Hồng|Sao Mai|Họa Mi|Sơn Ca|Bình Minh|Ánh Dương|Tuổi Thơ|Hoa Mai|Hoa Phượng|"
    "Hướng Dương|Thanh Châu|Liêm Chính|Châu Sơn|Lam Hạ|Liêm Chung|Thanh Tuyền|Phù Vân|"
    "Kim Bình|Tiên Tân|Tiên Hải|Đinh Xá|Trịnh Xá|Liêm Tuyền|Liêm Tiết|Hai Bà Trưng|"
    "Lê Hồng Phong|Bắc Sơn|Thi Sơn|Thanh Sơn|Tân Sơn|Tượng Lĩnh|Đại Cương|Nhật Tân|"
    "Nhật Tựu|Hoàng Tây|Văn Xá|Đồng Hóa|Lê Hồ|Ngọc Sơn|Liên Sơn|Khả Phong|Thụy Lôi|"
    "Tân Lang|Kiện Khê|Thanh Nghị|Thanh Hải|Thanh Hà|Liêm Cần|Liêm Phong|Liêm Thuận|"
    "Liêm Túc|Liêm Sơn|Thanh Hương|Thanh Tâm|Thanh Nguyên|Thanh Phong|Thanh Thủy|"
    "Thanh Bình|Thanh Tân|Tiên Sơn|Tiên Hiệp|Tiên Nội|Tiên Ngoại|Yên Bắc|Yên Nam|"
    "Châu Giang|Bạch Thượng|Duy Minh|Duy Hải|Mộc Nam|Mộc Bắc|Chuyên Ngoại|Trác Văn|"
    "Hòa Mạc|Đồng Văn|Vĩnh Trụ|Nhân Hậu|Nhân Chính|Nhân Mỹ|Nhân Bình|Nhân Khang|Hòa Hậu|"
    "Xuân Khê|Bình Mỹ|Bồ Đề|An Ninh|An Đổ|An Lão|An Mỹ|An Nội|Ngọc Lũ|Hưng Công|Tràng An|"
    "Đồng Du|Đồn Xá|La Sơn|Tiêu Động|Trung Lương|Vũ Bản|Bối Cầu|Ba Sao|Quế|Hùng Vương|"
    "Kim Bảng|Duy Tiên|Phủ Lý|Lý Nhân|Thanh Liêm|Bình Lục|Hà Nam|Hà Nội",
    sep="|",
)

# Surnames and middle names spelled with care.
SURNAMES_TYPED = listed(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ ngô dương đào đoàn vương trịnh trương "
    "đinh phùng tạ chu lương lưu tống quách nghiêm kiều hồ lý lâm mai tô hà thái cao cù tăng thân "
    "đàm hứa bạch lại doãn phí khổng nhữ triệu khuất mạc thiều vi la từ giang ninh văn đồng viên "
    "lục ung nông hoa trà cấn lò an âu ông bàng cầm châu diệp kim liễu mã tiết lường giàng tòng "
    "lò sùng thào đậu tôn ngụy"
)
MIDDLES_TYPED = listed(
    "văn thị đức ngọc minh hữu đình xuân quang thanh hồng thu thùy thuỳ thúy thuý thủy kim tuấn "
    "công việt mạnh quốc anh bảo gia ngô hoàng phương khánh trọng thế tiến đăng hải nhật như mai "
    "mỹ bích tường tuệ hà bá duy trung viết huy khắc nhất nguyên phúc tấn trí vĩnh hoài kiều lan "
    "linh diệu ánh an á thảo trà cẩm hương huyền yến quỳnh tú thành thiện thái thiên sỹ sĩ tất "
    "đắc đại danh doãn nam nhã phú quý song sơn hùng thục tố trường vũ vân bùi trần lê phạm "
    "nguyễn đỗ đặng phan dương lương tùng chí đan hạ hạnh hiền hiếu khôi bình tiểu"
)
# Hardly anything else even without a title before them.
CORE_TYPED = listed(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ ngô dương đào đoàn trịnh trương đinh "
    "phùng quách đàm hồ tạ vương"
)
# "tự nguyện", "chương trình", "phụ huynh", "tỷ lệ": the word before makes it another word.
BEFORE_SURNAME = {
    "nguyen": listed("tu trung cong binh y cao tet ngay giu vung thuy khoi nguyen ky"),
    "trinh": listed("chuong quy lo qua giao hanh tien lich cong kiem to trinh"),
    "huynh": listed("phu"),
    "pham": listed("vi su san tac xuc quy pham mo bi tai"),
    "tran": listed("thi tham o mat bi cai"),
    "le": listed("ti ty dieu hop ngay buoi nghi loi the hai"),
    "hoang": listed("bo hoang em"),
    "doan": listed("cong bo tong lien chi giai lua van hoi"),
    "vuong": listed("quoc"),
    "quach": listed("co"),
    "phung": listed("lang"),
    "bui": listed("bi hut khoi cat"),
    "hoa": listed("hoa"),
    "vu": listed("nghia dich phuc chuc tu vien noi nhiem thoi"),
    "do": listed("trinh toc ty ly che tu muc muc"),
    "truong": listed("hieu truong lop cho nha doan to"),
    "phan": listed("bo mot thanh bai"),
    "dang": listed("dang"),
    "ly": listed("vat xu quan tam"),
    "lam": listed("di nhan viec"),
}
# Without diacritics these are surnames and hardly anything else.
SURE_BARE = listed("nguyen tran pham hoang huynh trinh bui le phung quach vuong")
# In lower case without diacritics: these, too, beside a title or with "thi"/"van".
LOWER_BARE = SURE_BARE | listed(
    "vu vo dang do ngo duong doan dao dinh phan dam ta luong luu tong kieu ho ly lam mai to ha cao "
    "truong chu nghiem"
)
# School subjects as typed: "cô Toán", "giáo viên Văn" names no person.
SUBJECTS = listed(
    "toán văn lý lí hóa hoá sinh sử địa anh tin nhạc họa mĩ mỹ thể âm thuật nghệ gdcd khtn toan su"
)
# Capitalised words behind a title that are offices, bodies, school words.
TITLE_STOP = (
    STOP
    | listed(
        "chu giao hieu truong pho so phong ban gd gdđt giam doc to bo chuyen ubnd sgd thpt "
        "thcs th mn kinh trong khi nha hoc phu lop tieu mam cong bi uy thu thanh toan xin "
        "cam da vang nhung bao khoi doan doi hoi tong"
    )
) - listed(
    "thanh toan bao thu cam cong uy doan truong phong hoc minh tien lam khoi nha hoi vang loi tot"
)
