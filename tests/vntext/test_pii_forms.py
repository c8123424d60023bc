"""Personal data in the spellings people really use, each beside the words it is mistaken for."""

from __future__ import annotations

import time

import pytest

from vntext import find_pii


def kinds(text: str) -> list[tuple[str, str]]:
    return [(s.kind, s.text) for s in find_pii(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("chau nam lop 7a bi chan duong", ["nam"]),
        ("be Bống nha em 4 tuoi", ["Bống"]),
        ("bé tôm nhà mình bị sốt", ["tôm"]),
        ("bé bi bị bạn đẩy", ["bi"]),
        ("ong Thang hieu truong hen ba lan", ["Thang"]),
        ("ph em Khôi xin nghỉ", ["Khôi"]),
        ("thay Minh vs co Thao day them", ["Minh", "Thao"]),
        ("co lan gvcn khong cho vao lop", ["lan"]),
        ("cô hương dạy anh bắt chép phạt", ["hương"]),
        ("cô mai chủ nhiệm 3b hay mắng", ["mai"]),
        ("gui co hoa, con toi hom nay om", ["hoa"]),
        ("bi co thao phat dung goc lop", ["thao"]),
        ("co thuy tien day nhac", ["thuy tien"]),
        ("cháu bảo an bị bạn tuấn kiệt cắn", ["bảo an", "tuấn kiệt"]),
        ("mk là trang 11a3", ["trang"]),
        ("toi la hoang thi nhu, 35 tuoi", ["hoang thi nhu"]),
        ("tran thi mai gvcn 5a thu tien", ["tran thi mai"]),
        ("so oi nguyen thi hong nhung lop 12 co ten ko", ["nguyen thi hong nhung"]),
        ("thay tran dinh trong hieu truong", ["tran dinh trong"]),
        ("học sinh phạm thùy chi có giấy khen", ["phạm thùy chi"]),
        ("chu tk Tran Van Huan", ["Tran Van Huan"]),
        ("em Giàng A Páo bỏ học", ["Giàng A Páo"]),
        ("hai em Trang, Huyền lớp 9 bỏ nhà", ["Trang", "Huyền"]),
        ("em minh lớp 6 bị đuối nước chiều nay", ["minh"]),
        ("CÔ OANH CHỦ NHIỆM MẮNG HỌC SINH", ["OANH"]),
        ("MẸ CHÁU PHẠM NHẬT MINH ĐÂY", ["PHẠM NHẬT MINH"]),
        ("thầy HÙNG và cô HOA ăn chặn tiền", ["HÙNG", "HOA"]),
        ("đón cháu ở nhà bác chiến lái xe", ["chiến"]),
    ],
)
def test_names_in_every_spelling(text: str, names: list[str]) -> None:
    assert kinds(text) == [("name", name) for name in names]


@pytest.mark.parametrize(
    "text",
    ["mai nop ho so con kip ko", "co mai nop ho so duoc ko", "lễ khai giảng bắt mua hoa",
     "an toàn thực phẩm kém", "chau an khong du no", "hanh kiem trung binh", "minh hoi chut",
     "đề nghị minh bạch các khoản thu", "cô thu mỗi cháu 200 nghìn", "cô hiền lắm các con quý cô",
     "co hien khong day o day nua", "sơn lại phòng học", "be nha toi 5 tuoi", "em hiểu rồi",
     "thầy cô mạnh khỏe", "thay co giao nhieu bai", "co lan con toi bi quen", "co long biet on",
     "em thương bố mẹ", "con hiếu thảo là được", "cháu tiến bộ nhiều", "thay chi chuyen lop",
     "phu huynh dang ky cho con", "giao vien truong cong lap", "chuong trinh do quoc gia lam",
     "nguyen vong hai co duoc xet khong", "ty le phi thi", "hoc sinh dang hoc lop 12",
     "vụ thi cử gian lận", "do van dung nen khong co", "noi la dung", "ten truong sai",
     "ten that co bi lo khong", "toi la phu huynh lop 6", "tôi là thư ký", "tên học viên ma",
     "Học sinh Tiên tiến", "thay Nghị định 81", "Bac Ninh lay bao nhieu diem", "Con đoàn viên",
     "BÀ HIỆU TRƯỞNG ĂN CHẶN", "cô hiệu trưởng mn", "thay quan sinh bat phoi nang",
     "anh hùng lao động", "cô giáo tên H. ở nhóm trẻ", "bác sĩ bảo trầm cảm", "chi dao giao vien",
     "cô hiền hòa với học sinh", "thằng anh học một kiểu"],
)  # fmt: skip
def test_words_that_are_also_names(text: str) -> None:
    assert find_pii(text) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("nhà em ở số 12 ngõ 34 đường Lê Hoàn, phường Minh Khai",
         "số 12 ngõ 34 đường Lê Hoàn, phường Minh Khai"),
        ("gia dinh toi o thon 3 xa thanh ha", "thon 3 xa thanh ha"),
        ("địa chỉ số nhà 45 phố Trần Tử Bình, phường Minh Khai, Phủ Lý",
         "số nhà 45 phố Trần Tử Bình, phường Minh Khai, Phủ Lý"),
        ("thuong tru xom 7 xa nhan khang huyen ly nhan",
         "xom 7 xa nhan khang huyen ly nhan"),
        ("nha minh to 4 phuong lam ha ma xa", "to 4 phuong lam ha"),
        ("gửi về xóm 3, thôn Ngọc Lâm, xã Thanh Hải, huyện Thanh Liêm, tỉnh Hà Nam nhé",
         "xóm 3, thôn Ngọc Lâm, xã Thanh Hải, huyện Thanh Liêm, tỉnh Hà Nam"),
        ("dạy tại nhà số 18 ngõ 5 đường Biên Hòa, tối nào cũng đông",
         "số 18 ngõ 5 đường Biên Hòa"),
        ("hoc them o so nha 22 ngo 8 pho bau dong nghet", "so nha 22 ngo 8 pho bau"),
        ("em ở chung cư Mường Thanh tòa A phòng 1203, phường Lê Hồng Phong",
         "chung cư Mường Thanh tòa A phòng 1203, phường Lê Hồng Phong"),
        ("nhà ở 12 Lê Lợi, phường Minh Khai, trái tuyến", "12 Lê Lợi, phường Minh Khai"),
        ("chau o thon do xa chau giang bo me ly hon", "thon do xa chau giang"),
        ("thôn 3 xã Nhân Mỹ", "thôn 3 xã Nhân Mỹ"),
        ("xóm 5 Tiên Sơn", "xóm 5 Tiên Sơn"),
    ],
)  # fmt: skip
def test_whole_addresses(text: str, address: str) -> None:
    assert kinds(text) == [("address", address)]


@pytest.mark.parametrize(
    "text",
    ["đường Lê Hoàn đoạn trước cổng trường tắc", "duong tran hung dao ngap nuoc",
     "nhà văn hóa thôn 3 cho học nhờ", "diem truong thon dong lac dot nat", "đèn đường xóm 4 cháy",
     "46 hộ thôn Trung không đồng ý", "phường Minh Khai có mấy trường", "so 12 hoc sinh truot",
     "to 3 nguoi lam bai", "phòng GD Lý Nhân", "trung tâm số 1 Việt Nam", "khu vực Lý Nhân",
     "phòng 302 hỏng quạt", "chuyển từ Hải Phòng về Phủ Lý", "xom toi ai cung keu"],
)  # fmt: skip
def test_places_nobody_lives_at(text: str) -> None:
    assert find_pii(text) == []


@pytest.mark.parametrize(
    "number",
    ["o9ooooo234", "O900 OOO 666", "0900-000-345", "+84 900 000 567", "(+84) 900000114",
     "0 9 0 0 0 0 0 7 7 7", "09 0000 0678", "0226 3850 001", "0226-3850-003", "(0226) 3 850 002",
     "0900.00.01.17", "0168 000 0116"],
)  # fmt: skip
def test_phones_in_every_grouping(number: str) -> None:
    assert kinds(f"số máy {number} nhé") == [("phone", number)]


def test_two_phones_and_a_glued_one() -> None:
    assert kinds("gọi 0900000444/0900000555 số nào cũng được") == [
        ("phone", "0900000444"),
        ("phone", "0900000555"),
    ]
    assert kinds("sđt0900000113 nha ad") == [("phone", "0900000113")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CCCD 035 190 000 123 cấp 2021", "035 190 000 123"),
        ("can cuoc 0350 9000 0457", "0350 9000 0457"),
        ("cmnd cũ 168000789 đổi rồi", "168000789"),
        ("mã định danh của con là 035219001234", "035219001234"),
        ("tài khoản 1903 4567 8901 23 techcombank", "1903 4567 8901 23"),
        ("vietcombank 0351000123456 nhé", "0351000123456"),
        ("tk 100870001234 vietinbank", "100870001234"),
        ("ck 21510001234567 BIDV", "21510001234567"),
        ("stk 0900000119 mb bank", "0900000119"),
        ("thẻ BHYT số HS 4 35 35 12345679 hết hạn", "HS 4 35 35 12345679"),
        ("thẻ bảo hiểm y tế 3520123456 không dùng được", "3520123456"),
        ("xe đưa đón biển 90B-012.34 chở quá", "90B-012.34"),
    ],
)
def test_id_numbers_in_every_grouping(text: str, number: str) -> None:
    assert kinds(text) == [("id_number", number)]


@pytest.mark.parametrize(
    "text",
    ["stk quỹ lớp thu 2.500.000", "bhyt 631.800 hay 884.520", "chuyen khoan 500000 vao quy",
     "bao hiem y te thu 789750 a", "ma ho so 000.00.12.H42-250601-0012", "tổng đài 1900 1234",
     "nop 1500000 roi", "cccd co 12 so", "biển 2024 hỏng", "co 50 em o lop 10 o tang 2"],
)  # fmt: skip
def test_numbers_that_only_look_personal(text: str) -> None:
    assert find_pii(text) == []


@pytest.mark.parametrize(
    "piece", ["co ", "nguyen thi ", "so nha 5 ngo ", "o 12 le loi ", "thon a xa b, ", "o0 ", "stk "]
)
def test_time_grows_with_length_only(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        started = time.thread_time()
        find_pii(text)
        return time.thread_time() - started

    seconds(50)
    short = min(seconds(400) for _ in range(3))
    assert min(seconds(1600) for _ in range(3)) < short * 9 + 0.02
