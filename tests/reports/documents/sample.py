"""Two documents with everything that Decree 30 names."""

from __future__ import annotations

from datetime import UTC, date, datetime

from intake_api.reports.documents.model import (
    Annex,
    Document,
    Signature,
    Style,
    Table,
    Text,
    number_line,
    place_and_date,
)

MADE = datetime(2027, 5, 4, 3, 0, 0, 123456, tzinfo=UTC)
# Every letter of Vietnamese with its marks, small and capital.
VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
LETTERS = " ".join(f"{one}{one.upper()}" for one in VOWELS)
TOPICS = Table(
    head=(("STT", "Chủ đề", "Số ý kiến", "Đúng hạn"),),
    rows=(
        *((str(n), f"Chủ đề số {n}: tuyển sinh đầu cấp, chuyển trường", str(7 * n), "91,5%")
          for n in range(1, 60)),
        ("", "Tổng số", "12.390", "90,1%"),
    ),
    widths=(1, 7, 2, 2), align="clrr", caption="Bảng 1. Ý kiến theo chủ đề",
    note="Nguồn: truy vấn topic.", totals=1,
)  # fmt: skip
REPORT = Document(
    parent="UBND TỈNH HÀ NAM",
    issuer="SỞ GIÁO DỤC VÀ ĐÀO TẠO",
    number=number_line("", "BC-SGDĐT"),
    place_date=place_and_date("Hà Nam", None, month=date(2027, 5, 1)),
    title="BÁO CÁO",
    subject="Kết quả tiếp nhận, xử lý ý kiến góp ý, phản biện 6 tháng đầu năm 2027",
    body=(
        Text("Căn cứ Kế hoạch truyền thông năm 2027 của Sở Giáo dục và Đào tạo;", Style.BASIS),
        Text("Sở Giáo dục và Đào tạo báo cáo kết quả như sau:"),
        Text("I. CÔNG TÁC CHỈ ĐẠO", Style.PART),
        Text("1. Tiếp nhận", Style.CLAUSE),
        Text(f"a) Mọi chữ cái: {LETTERS}.", Style.POINT),
        TOPICS,
        Text("Trên đây là báo cáo của Sở./."),
    ),
    signature=Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn Mẫu"),
    recipients=("UBND tỉnh (để b/c)", "Lãnh đạo Sở", "Lưu: VT, VP"),
    annexes=(
        Annex("Phụ lục I", "Số liệu theo chủ đề", (TOPICS, Text("ab12" * 16, Style.CODE)), True),
        Annex("Phụ lục II", "Nguồn số liệu", (Text("Một dòng."),)),
    ),
)
LETTER = Document(
    parent="UBND TỈNH HÀ NAM",
    issuer="SỞ GIÁO DỤC VÀ ĐÀO TẠO",
    number=number_line("8", "SGDĐT-VP"),
    place_date=place_and_date("Hà Nam", date(2027, 1, 5), month=date(2027, 1, 5)),
    subject="V/v xử lý phản ánh về các khoản thu đầu năm học",
    mark="KHẨN",
    to=("Phòng Kế hoạch - Tài chính", "Trường THCS Mẫu"),
    body=(Text("Đề nghị trả lời trước ngày 15/01/2027./."),),
    signature=Signature(("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG")),
    recipients=("Như trên", "Lưu: VT, VP"),
)
