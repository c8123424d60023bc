"""Personal data: found, and everything else left readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from tests.vntext.strategies import any_text
from vntext import find_pii, mask


def kinds(text: str) -> list[tuple[str, str]]:
    return [(s.kind, s.text) for s in find_pii(text)]


@pytest.mark.parametrize(
    "number",
    ["0900000123", "0900 000 123", "0900.000.123", "090-000-0123", "+84900000123",
     "+84 900 000 123", "84900000123", "(0226) 3852 123", "02263852123", "0226.3852.123",
     "024 3869 4242", "0351 3852123", "0084 900000123"],
)  # fmt: skip
def test_phones(number: str) -> None:
    assert kinds(f"gọi {number} nhé") == [("phone", number)]
    assert kinds(f"số {number}.") == [("phone", number)]


@pytest.mark.parametrize(
    "text",
    ["gọi 113 hoặc 111, 115", "tổng đài 1022", "thu 1.200.000 và 300k", "1.200.000.000 đồng",
     "ngày 30/12/2024", "năm 2023-2024", "mã PA-2611-7K3M-9QXM", "PA26117K3M9QXM",
     "29/2024/TT-BGDĐT", "điểm 8.25, 9,5", "lớp 12A1 khối A00", "hộp 500000000đ",
     "CV 1234/SGDĐT-VP", "thi 26-27/6/2025"],
)  # fmt: skip
def test_numbers_that_are_not_personal(text: str) -> None:
    assert find_pii(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cccd 035090001234", "035090001234"),
        ("số 035 090 001 234 của tôi", "035 090 001 234"),
        ("CMND 168123456", "168123456"),
        ("sbd 012345", "012345"),
        ("số báo danh: 24000123", "24000123"),
        ("stk 19031234567890 tcb", "19031234567890"),
        ("chuyển vào số tài khoản của cô giáo 0011004123456", "0011004123456"),
        ("thẻ bhyt HS4351234567890", "HS4351234567890"),
        ("ma dinh danh 0312345678", "0312345678"),
    ],
)
def test_id_numbers(text: str, number: str) -> None:
    assert kinds(text) == [("id_number", number)]


def test_email() -> None:
    assert kinds("gửi a.b-c@truong.edu.vn.") == [("email", "a.b-c@truong.edu.vn")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cháu Nguyễn Văn An, lớp 6B", "Nguyễn Văn An"),
        ("chau nguyen van an hoc lop 6", "nguyen van an"),
        ("co tran thi hoa day toan", "tran thi hoa"),
        ("thay hung danh hoc sinh", "hung"),
        ("thầy hùng dạy thêm", "hùng"),
        ("cô Lan chủ nhiệm", "Lan"),
        ("Thầy Hùng hiệu trưởng", "Hùng"),
        ("tôi tên là Lê Thị Hồng Nhung ạ", "Lê Thị Hồng Nhung"),
        ("con tên là phạm minh anh học 6b", "phạm minh anh"),
        ("HỌC SINH NGUYỄN VĂN AN BỊ ĐÁNH", "NGUYỄN VĂN AN"),
        ("Nguyễn Văn A đánh bạn", "Nguyễn Văn A"),
        ("hôm qua Phạm Minh Anh nghỉ", "Phạm Minh Anh"),
        ("anh Tuấn bảo vệ", "Tuấn"),
        ("em la nguyen thi hong nhung hs lop 9a", "nguyen thi hong nhung"),
        ("PH: Đỗ Mạnh Cường", "Đỗ Mạnh Cường"),
        ("chau ten la le minh quan", "le minh quan"),
        ("chuyển cho NGUYEN VAN A nhé cô", "NGUYEN VAN A"),
        ("cô giáo trần thị hoa", "trần thị hoa"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert kinds(text) == [("name", name)]


@pytest.mark.parametrize(
    "text",
    ["cô giáo chủ nhiệm bắt đóng tiền", "trường THPT Nguyễn Khuyến", "thpt Lê Hoàn thu quỹ",
     "trường Trần Phú", "ở Lý Nhân, Hà Nam", "THCS Nguyễn Hữu Tiến", "huyện Thanh Liêm",
     "Cô Toán 6B cho nghỉ", "giáo viên Văn", "tổ hợp Lý Hóa Anh", "theo Thông tư 13/2024",
     "co huong dan nop ho so khong", "thay dong phuc moi", "thầy hiệu trưởng", "em nguyện vọng 1",
     "giáo viên không thi thăng hạng", "công bố Thông tư mới", "ở Hai Bà Trưng", "cầu Châu Sơn",
     "nhà Bá Kiến", "CÔ GIÁO THU TIỀN QUỸ LỚP", "hieu truong co quyen cho doi mon khong",
     "bo phan van bang", "Ban Chỉ đạo thi", "dang thi thi mat dien", "em thay huong dan khong ro",
     "Bộ trưởng yêu cầu", "Phủ Lý", "Chuyên Biên Hòa", "thầy Hóa dạy hay",
     "chiến thắng Bạch Đằng", "MÀ TỔNG THU CÒN CAO hơn trước nhiều",
     "nuoc song Chau Giang den"],
)  # fmt: skip
def test_not_names(text: str) -> None:
    assert find_pii(text) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("nhà ở số 12 ngõ 34 đường Trần Hưng Đạo, phường Minh Khai",
         "số 12 ngõ 34 đường Trần Hưng Đạo, phường Minh Khai"),
        ("số nhà 5B khu tập thể", "số nhà 5B"),
        ("tôi ở thôn Đồng Lạc xã Tiên Sơn", "thôn Đồng Lạc xã Tiên Sơn"),
        ("ở xóm 5 nhé", "xóm 5"),
        ("tổ 4 phường Lam Hạ", "tổ 4 phường Lam Hạ"),
        ("thon dong lac xa tien son", "thon dong lac xa tien son"),
    ],
)  # fmt: skip
def test_addresses(text: str, address: str) -> None:
    assert kinds(text) == [("address", address)]


@pytest.mark.parametrize(
    "text",
    ["hàng xóm bảo thế", "cả xóm mừng", "xom hat karaoke", "nông thôn 70.000 đồng",
     "đường dây nóng", "tổ Toán họp", "học theo tổ 3 người", "bồi dưỡng AI", "hết đường. Đề nghị",
     "con e sn 2019", "tổ chức thi", "bán nhà mặt phố Phủ Lý", "số 29/2024", "dọc đường Lê Hoàn",
     "ngõ nhỏ", "phó Nam"],
)  # fmt: skip
def test_not_addresses(text: str) -> None:
    assert find_pii(text) == []


def test_mask_stays_readable() -> None:
    text = "cháu Nguyễn Văn An, lớp 6B, nhà số 5 ngõ 3, sđt 0900 000 123, mail a@b.vn, sbd 012345"
    assert mask(text) == (
        "cháu [tên], lớp 6B, nhà [địa chỉ], sđt [số điện thoại], mail [email], sbd [số giấy tờ]"
    )


def test_spans_of_decomposed_and_broken_text_point_into_the_original() -> None:
    text = unicodedata.normalize("NFD", "cháu Nguyễn Văn An") + " 09\u200b00000123"
    found = find_pii(text)
    assert [s.kind for s in found] == ["name", "phone"]
    assert found[0].text == unicodedata.normalize("NFD", "Nguyễn Văn An")
    assert found[1].text == "09\u200b00000123"


PIECES = "cháu Nguyễn Văn An 0900000123 a@b.vn số 5 ngõ 3 đường Lê Lợi cccd 035090001234 tên là"


@given(any_text)
def test_spans_are_exact_ordered_and_apart(text: str) -> None:
    mixed = f"{text} {PIECES} {text}"
    end = 0
    for span in find_pii(mixed):
        assert mixed[span.start : span.end] == span.text != ""
        assert span.start >= end
        end = span.end


@given(any_text)
def test_mask_is_idempotent(text: str) -> None:
    for typed in (text, f"{text} {PIECES}", f"{PIECES} {text}"):
        once = mask(typed)
        assert mask(once) == once
