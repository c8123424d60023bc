"""The safety tables: what is said when a child is in danger, when somebody denounces, insults.

Patterns are written with diacritics and matched on text with or without (see ``pattern``).
``also`` must be found somewhere in the text too; ``unless`` looks at the sentence that matched,
``never`` at the whole text: figurative use,
general questions, lessons and plans. Every rule has its tests for both sides.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """``reason`` is what an officer reads."""

    name: str
    reason: str
    patterns: tuple[str, ...]
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


WORDS: dict[str, str] = {
    "child": "con|con tôi|con em|con mình|con gái|con trai|cháu|bé|em|em nó|trẻ|đứa trẻ|đứa bé|học sinh|"
    "học trò|bạn em|bạn con|bạn ấy|bạn cháu|các cháu|các em|các bạn|chúng em|bọn em|thằng bé|con bé|nó",
    "many": "nhiều|mấy|các|cả lớp|hàng loạt|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|gần|hơn|\\d+",
    "hit": "đánh|đấm|~đá|~tát|~đạp|chém|~đâm|bóp cổ|hành hung|quất|vụt|dìm|~trói|nhốt|xô ngã|đẩy ngã|hội đồng|"
    "~đè|túm tóc|lột áo|lột đồ|trấn lột|cầm dao",
    "hurt": "chảy máu|ra máu|bất tỉnh|ngất|gãy tay|gãy chân|gãy xương|gãy răng|chấn thương|vỡ đầu|rách đầu|~khâu|khâu (\\d+|mấy|hai|ba|bốn) mũi|~bỏng|"
    "tím tái|tím người|bầm tím|nhập viện|đi viện|cấp cứu|nằm viện|co giật|khó thở|không thở|thủng màng nhĩ|"
    "hôn mê|chưa tỉnh|sưng mặt|mặt sưng|~mổ",
    "now": "đang|vừa|vừa mới|mới|hôm nay|sáng nay|chiều nay|tối nay|đêm qua|hôm qua|tối qua|từ sáng|từ chiều|từ trưa|"
    "bây giờ|giờ|rồi|ngay lúc này|khẩn cấp|gấp",
    "abuser": "thầy|thầy giáo|chú|bác|ông|dượng|bố dượng|cha dượng|anh|bảo vệ|lái xe|người lạ|gia sư|cậu|hàng xóm|"
    "bạn trai|người quen|người ta|người đàn ông|đối tượng|hắn|gã",
    "touch": "~sờ|sờ soạng|sờ (vào|đùi|mông|ngực|người)|sàm sỡ|đụng chạm|~động chạm|chạm vào|dâm ô|~hiếp|cưỡng hiếp|hiếp dâm|xâm hại|lạm dụng|quấy rối|giở trò|"
    "làm nhục|ôm hôn|cởi quần|cởi áo|lột quần|vuốt ve|gạ gẫm|gạ tình",
    "official": "~thầy|~cô|~bà|~ông|thầy (giáo|hiệu|chủ nhiệm|dạy|tổng|phó|giám thị|trưởng)|cô (giáo|hiệu|chủ nhiệm|dạy|kế toán|phó|bảo mẫu)|"
    "ông (phó|hiệu|trưởng|giáo|giám)|bà (phó|hiệu|kế toán|giám)|hiệu trưởng|hiệu phó|phó hiệu trưởng|bảo mẫu|giám thị|kế toán|"
    "thủ quỹ|văn thư|tổ trưởng|trưởng phòng|phó phòng|chuyên viên|cán bộ|giám đốc|chủ nhóm|tổng phụ trách|"
    "nhân viên|trưởng ban|giám khảo|chủ tịch hội đồng|giáo vụ|thành viên hội đồng|trưởng điểm thi|quản sinh|bảo vệ",
}

# A question about the rule, a lesson, a plan, thanks: no child is meant.
_GENERAL = (
    "(thì|phải|cần|nên) (báo|gọi|gặp|liên hệ|trình báo) (cho )?(ai|đâu|số nào|cơ quan nào|nơi nào)(?! (ngay|bây giờ))",
    "(báo|gọi|liên hệ) (cho )?(ai|ở đâu|số nào|số điện thoại nào|cơ quan nào) (khi|nếu)",
    "(báo|gọi) (\\w+ ){0,3}(hay|hoặc) (111|113|115)", "(gọi|báo) số (mấy|nào)", "số (nào|mấy|điện thoại nào)( |$)", "có (bắt buộc|phải) (phải )?(thông báo|báo|khai)", "có bị (xử )?phạt", "có nhận tin", "có đúng luật",
    "quy (định|trình|chế)", "tuyên truyền", "phòng(,)? (chống|tránh|ngừa)", "tập huấn", "chuyên đề", "ngoại khóa",
    "(kỹ năng|bài học|tiết học|lớp|buổi|sách|sổ tay|chương trình|dạy|giáo dục) … (phòng|chống|nhận biết|sơ cứu|bơi)",
    "đề (xuất|nghị) … (lắp|mở|tổ chức|đưa|thêm|bố trí|trang bị|có)", "(nên|mong|kiến nghị|góp ý) … (có|lắp|mở|tổ chức|dạy|phát|đưa|bố trí|trang bị)",
    "cảm ơn", "hoan nghênh", "dự thảo", "phóng viên", "tin (giả|đồn)", "bịa( đặt)?", "có (thật|đúng) (không|hay)", "xác minh", "đính chính",
    "(bị|sẽ|phải) … (xử lý|phạt) (thế nào|ra sao|như thế nào)", "(là|gồm|có) (những )?gì", "bao nhiêu",
    "(nếu|khi|lỡ|giả sử) (có )?(con|cháu|bé|em|trẻ|học sinh|bạn)( mà)? (bị|gặp|muốn)",
)  # fmt: skip

# Reports of rumours name what is not so; the model still reads them.
_RUMOUR = (
    "(tin|clip|video|ảnh|hình|bài|chuyện) … (giả|sai|bịa|bịa đặt|đồn|cũ|hoang đường)", "(là|toàn) (giả|bịa|tin giả|sai)( |,|$)", "bác (bỏ )?tin", "đính chính", "gỡ (bài|tin)", "(đang|cứ|lại) đồn", "đồn (là|rằng|ầm|cả|khắp)", "phóng viên", "phát ngôn", "mạo danh", "tung tin", "người ta đang (truyền|đồn)", "hoang mang", "ở tỉnh khác", "cắt ghép", "(không|chẳng) hề có (chuyện|việc)",
)  # fmt: skip

DANGER: tuple[Rule, ...] = (
    Rule(
        "no_wish_to_live",
        "có lời không muốn sống",
        (
            "(không|chẳng|chả|đừng|hết) (còn )?(muốn|thiết|phải|cần) (sống|tồn tại)",
            "(em|con|cháu|nó|bạn ấy|mình|khóc|chỉ|lại|cứ|thà|cùng|ăn|rồi) (lại |cũng |chỉ )?(đòi|định|thà|tính|xin) (được )?(chết|tự tử|tự sát)",
            "(em|con|cháu|nó|bạn ấy|mình) (chỉ |rất |thật sự )?muốn chết", "muốn chết (thật|đi|quách|cho xong|cho rồi|cho nhẹ)",
            "thà chết", "đòi chết", "chán sống", "sống (chỉ|không|cũng) (làm khổ|còn ý nghĩa|để làm gì|được nữa)",
            "(muốn|ước|mong|thì|sẽ|nghĩ) … (biến mất|được biến mất|tan biến)", "biến mất (cho|thôi|đi|khỏi|thì)",
            "không có (em|con|cháu|mình) (nữa )?(thì|chắc|chắc là|sẽ|mọi người)", "(mai|ngày mai) (là|sẽ) hết",
            "ngủ (một |1 )?giấc (thật |rất )?dài", "ngủ mãi", "không (tỉnh|dậy) lại nữa", "uống bao nhiêu viên", "(em|con|cháu) đi đây( ạ)?", "(viết|để lại) (lá )?thư (cho (mẹ|bố|gia đình)|để (trên bàn|lại))", "chia hết đồ", "thua các bạn … xin lỗi bố mẹ",
        ),
        unless=(
            "(bài|bài tập|học|mệt|nóng|rét|lạnh|đói|chán|đắt|nhiều|buồn cười|ngại|ngượng|xấu hổ|tức|lo|cười|sướng|thèm|khát) (\\w+ )?(đến |phát |tới )?(muốn|đòi) chết",
            "(tiền|điểm|link|bài viết|tin nhắn|tên|kết quả|thông tin|hồ sơ|dữ liệu|nguyện vọng|trang|khoản|quỹ|môn|nghề|trò chơi|lớp học|mục|nút) … biến mất",
            "làng nghề", "biến mất khỏi (hệ thống|trang|danh sách|phần mềm)",
        ),
        never=("\\d+ (câu|bộ) chuyện",),
    ),
    Rule(
        "self_harm",
        "có dấu hiệu tự làm hại mình",
        (
            "tự (~tử|sát|~vẫn|~thiêu|~hại)", "(muốn|đòi|định|mới|vừa|ý định|nghĩ đến|dọa|bạn|đã) tự tử", "tự làm (đau|hại) (mình|bản thân)", "quyên sinh", "treo cổ", "~thắt cổ", "thư tuyệt mệnh", "vĩnh biệt",
            "nhảy (lầu|cầu|sông|xuống|từ (tầng|cầu|lan can))", "đòi nhảy", "(trèo|leo|đứng) … (lan can|thành cầu|sân thượng|nóc)",
            "(rạch|cắt|cứa|cào) (vào )?(cổ )?tay( mình)?", "vết (rạch|cứa|cắt)", "(đập|đâm) đầu vào tường", "lưỡi (dao )?lam",
            "(uống|nuốt) … (thuốc ngủ|thuốc sâu|thuốc trừ sâu|thuốc chuột|thuốc diệt cỏ|hết vỉ|vỉ thuốc|nắm thuốc)",
            "(thuốc|dây) … (lấy rồi|chuẩn bị rồi|chuẩn bị sẵn)", "chuẩn bị (sẵn )?(dây|thuốc)",
            "(ngồi|đứng|đang) (ở|trên|một mình|ngoài) (\\w+ )?(~cầu|thành cầu|bờ sông|sân thượng|lan can)", "ở cầu (không|ko|khóc)", "(viết|để lại|có) … thư … (xin lỗi|bố mẹ|ông bà|cho mẹ|tuyệt)", "lá thư xin lỗi",
            "nghĩ quẩn", "làm liều", "làm (điều|việc|chuyện) dại dột", "uống bao nhiêu viên",
        ),
        unless=(*_GENERAL, "đọc (sách|truyện|bài|thơ)", "văn học", "tác phẩm", "phim", "bài (văn|thơ)", "(cắt|gọt) tay nghề", "cầu (lông|thủ|trượt)", "sân thượng trường"),
        never=_RUMOUR,
    ),
    Rule(
        "sexual_abuse",
        "có dấu hiệu trẻ bị xâm hại",
        (
            "{child} … bị … {touch}", "{child} bị … {touch}", "{child} … bị {touch}", "{child} bị {touch}", "bị {touch}",
            "{abuser} … {touch} … (con|cháu|em|bé|trẻ|nữ sinh|học sinh|người|bạn|mấy)", "{abuser} … {touch} {child}", "{abuser} {touch} … (con|cháu|em|bé|trẻ|học sinh|người|đùi)",
            "(đụng|~sờ|chạm|động|~nắm|bóp|vuốt) … (chỗ kín|vùng kín|ngực|đùi|~mông|người (con|em|cháu|bé|nó)|vào người)",
            "(chỗ kín|vùng kín|quần lót) … (đau|máu|chảy máu)", "quần … dính máu", "(kêu|bị|bảo|than|nói) đau (ở )?(chỗ|vùng) kín", "chơi trò bí mật",
            "(bắt|bảo|dụ|ép|đòi) … gửi … (ảnh|hình|clip)", "(chụp|gửi|ảnh|hình) … (không mặc|cởi đồ|khỏa thân|~hở|đồ ngủ|nhạy cảm)",
            "(dọa|đe dọa) … (tung|đăng|phát tán|phát|gửi) … (ảnh|clip|hình|lên)", "(dọa|đe dọa) (tung|đăng|phát|phát tán) (ảnh|clip|hình)", "tống tiền",
            "(bắt|ép|cho) (con|em|cháu|bé) … ngồi lên (đùi|lòng)", "ngồi lên (đùi|lòng)", "(làm|những) (chuyện|điều|việc) … (em|con|cháu) (không|chẳng) (thích|muốn)",
            "làm (chuyện|điều|việc) (không phải|đồi bại|xấu|bậy|kỳ lạ|kỳ|ấy) (với|nhiều lần|con|em|cháu)", "làm (điều|chuyện|việc) xấu", "(có thai|mang bầu|mang thai|có bầu) … (lớp|tuổi|học sinh)",
            "(lớp|tuổi|học sinh|bạn) … (có thai|mang bầu|mang thai|có bầu)", "(chú|bác|ông|dượng|ông ngoại|anh ta|thầy) làm (gì|thế) (với )?(con|em|cháu)( ấy| nữa)?", "làm thế với (con|em|cháu) nữa",
            "(vào|sang) (phòng|giường) (con|em|cháu)", "(rủ|dụ|đưa) … (nhà nghỉ|khách sạn|xem phim người lớn)", "(gạ gẫm|gạ tình|tán tỉnh) (bạn|em|con|cháu|học sinh|nữ sinh)", "sợ đàn ông", "(ông ngoại|ông nội|dượng|chú|bác) làm gì ấy", "quay trộm", "quay lén", "(hiếp dâm|dâm ô|ấu dâm)",
            "(thầy|chú|bác|ông|anh) … ôm (em|con|cháu|bé|hôn)", "dấu hiệu bị xâm hại", "(tảo hôn|gả chồng|bắt lấy chồng|ép lấy chồng)", "ôm hôn (con|cháu|em|bé|mấy|các)",
            "(chạm|đụng) vào người", "(dụ|rủ) … (lên xe|ra xe|vào nhà kho|vào nhà)", "cho (em|cháu|con|bé) kẹo",
        ),
        unless=(*_GENERAL, "xâm hại (quyền|lợi ích|bản quyền|uy tín|danh dự)", "lạm dụng (điện thoại|mạng|ai|công nghệ|văn mẫu|chức|thuốc kháng)", "(sách|ngữ liệu|bài đọc)"),
        never=_RUMOUR,
    ),
    Rule(
        "child_beaten",
        "trẻ bị đánh, bị hành hạ",
        (
            "(con|cháu|bé|em|trẻ|bạn|nó|học sinh) (\\w+ ){0,5}bị (\\w+ ){0,7}{hit}( |$)?",
            "bị (bạn|bạn bè|các bạn|mấy bạn|nhóm|đàn anh|chúng nó|bọn nó|tụi nó|anh chị|mấy đứa|một nhóm) … {hit}", "bị {hit} (vào|bằng|đến|ở|hội|bầm|chảy|dã|gãy|rất)",
            "(bố|mẹ|dượng|mẹ kế|bố dượng|cha|hàng xóm|ông ngoại|ông nội|bảo mẫu) … (đánh|đập|hành hạ|bạo hành|xích|~trói|nhốt|bỏ đói|đốt|cào cấu) … (con|cháu|bé|em|nó|trẻ)", "(bố|mẹ|mẹ kế|dượng) … (đánh chết|bỏ đói|là bố đánh)",
            "(đánh|đấm|đá|tát|chém|đâm|đạp|xô|đập) … {hurt}", "(~trói|bịt miệng|dốc ngược|xích|nhốt) … (con|cháu|bé|trẻ|em|tay|chân|miệng|cơm|nhà kho|nhà vệ sinh|trong phòng)", "(nhồi|nhét) (cơm|khăn|giẻ|thức ăn)", "~đè (lên|ra|đầu|con|cháu|bé|em)",
            "(dìm|đẩy|xô) (đầu )?(con|em|cháu|bạn|bé) (\\w+ ){0,2}xuống", "(dìm|đẩy|xô) xuống (ao|sông|hồ|mương)", "tát (con|em|cháu)", "bắt (con|em|cháu) (quỳ|nghỉ học đi)", "bị … (cạp|trấn|cướp|xin đểu|lột|cắp) tiền", "bỏ (ở nhà )?một mình", "không có gì ăn", "xử bạn \\w+", "bị (nhốt|~trói|xích|bỏ đói|bạo hành|hành hạ|dìm|bóp cổ|hành hung|lột áo|lột đồ|đánh hội đồng)", "bạo hành (con|cháu|bé|trẻ)",
            "vết (bầm|tím|bỏng|roi|hằn)", "(bầm|tím) … (người|mặt|tay|đùi|lưng)", "thương tích (đầy|trên) người", "bị tẩy chay … {hurt}", "bị bắt nạt … (từ|suốt|không dám|sợ)",
            "(~nó|chúng nó|bọn nó|tụi nó|bạn) … (giật tóc|bắt (em|con|cháu) quỳ|bắt quỳ|bắt em|ép con|bắt con|bắt cháu) … (quỳ|uống|ăn|đưa|giặt)",
        ),
        unless=("danh (sách|hiệu|dự|nghĩa|mục|tiếng|giá|tính)", "đánh (nghỉ|vắng|hạnh kiểm|không phép)", "(bị )?đánh (giá|máy|dấu|trượt|hỏng|đồng|trống|lừa|bạc|số|rơi|mất|thuế|vần|golf|cờ)", "nhốt … (xe|chó|gà)", "đá qua", "đá (bóng|cầu)", *_GENERAL),
        never=_RUMOUR,
    ),
    Rule(
        "threat",
        "có lời đe dọa trẻ",
        (
            "(~dọa|đe dọa|hăm dọa|đòi|hẹn|sẽ|bảo) … (chém|giết|~đâm|đâm (con|em|cháu|chết|nó)|đốt lớp|xử (em|con|cháu|bạn)|la xong đời|xong đời|đánh (con|em|cháu|chết|tiếp))",
            "(bị|đang) (dọa|đe dọa|hăm dọa|bám theo|theo dõi|rình)", "(mang|cầm|giấu|có) (dao|gậy|kiếm|mã tấu|hung khí|phóng lợn|tuýp)", "(đợi|chặn|đón đầu|~chờ) (con|em|cháu|đánh) … (cổng|đường)", "(đang )?(đợi|chờ|chặn|đứng) … cổng … (đánh|em|không dám)",
            "không (đưa|nộp|mang) tiền … (đánh|dìm|xử|dọa)", "không dám (ra (cổng|khỏi|ngoài cổng)|về nhà|đến trường|đi học)", "(em|con|cháu|bạn ấy) không dám (ra|về)$", "bị … bám theo", "tiếng (la hét|kêu cứu|khóc thét)", "bị … (đe dọa|dọa (đánh|giết|chém))", "xong đời", "người lạ … (đón|rủ|dụ|cổng|kéo|bám|theo)", "bắt cóc", "(bị|suýt) (bắt|kéo) (lên xe|lên ô tô)",
            "nhận là … đón (bé|cháu|con)", "(dọa|sợ) … (bị đánh|đánh tiếp)", "sợ về nhà", "trấn (lột|tiền) (con|em|cháu|bé)",
        ),
        unless=("(biết|dạy|buổi học|kỹ năng)", "(tuyển sinh|học phí|điểm|thi|bài kiểm tra|mưa|đường|nắng|xe) … không dám", "không dám (nói|phản ánh|góp ý|ý kiến)", *_GENERAL),
        never=_RUMOUR,
    ),
    Rule(
        "acute_health",
        "nhiều trẻ ốm, ngộ độc hoặc trẻ phải cấp cứu",
        (
            "ngộ độc( thực phẩm)? … (cháu|em|bé|học sinh|trẻ|con|đứa|viện|rồi)", "{many} (\\w+ ){0,4}(cháu|em|bé|học sinh|trẻ|bạn|đứa|lớp) … (~nôn|nôn (ói|ra|mửa|thốc)|~ói|đau bụng|tiêu chảy|ngất|nhập viện|đi viện|cấp cứu|co giật|khó thở|sốt (nóng )?(cùng|hàng loạt))",
            "(~nôn|nôn (ói|ra|mửa|thốc)|~ói|ngất|tiêu chảy|đau bụng) … (hàng loạt|cả lớp|mấy bé|các cháu|mấy bạn|mấy cháu|nhiều cháu|cấp cứu|ra máu|liên tục)", "(ăn|uống|hít|hút) … (xong|về|vào|trưa) … (~nôn|nôn (ói|ra|mửa|thốc)|~ói|đau bụng|ngất|tiêu chảy|co giật|khó thở|nói lảm nhảm)", "cả lớp … (~nôn|nôn (ói|ra|mửa|thốc)|đau bụng|ngất)",
            "(con|cháu|bé|em|bạn|trẻ|học sinh|nó) … (bất tỉnh|co giật|khó thở|tím tái|ngất xỉu|ngất|hôn mê|sùi bọt|không thở|gọi không dậy|lơ mơ|mặt sưng|tím người|tím môi|tái tím)",
            "(đang|vừa|phải|đưa|đi|gọi|chờ|chở) … (cấp cứu|xe cứu thương|cứu thương)", "(nằm|nhập|đưa đi|đang ở) (bệnh viện|viện)", "hô hấp nhân tạo", "~hóc (\\w+ )?(\\w+ )?(thịt|hạt|dị vật|thạch|xương|tím)", "hóc (miếng thịt|dị vật)",
            "gọi (dậy )?không (dậy|tỉnh)", "ngủ … không dậy", "(axit|hóa chất|nước sôi) … (mắt|người|miệng|bỏng)", "(mặt|môi|mũi) … (sưng|tím) … (khó thở|viện|tái)", "trên đường đi viện", "chảy (nhiều )?máu", "máu chảy", "ra máu", "chảy cả máu", "bật máu",
        ),
        unless=("(thi|đặc cách|phúc khảo|xin nghỉ|nghỉ ốm|hồ sơ|đơn|chế độ|lương|xét|chảy máu cam|chảy máu (chất xám|hết))", "(bảo hiểm|thanh toán|viện phí|tiền viện|giấy ra viện|khám sức khỏe)", "(tường|trần|điện|mái|giá|đề|web|trang|mạng) … (sập|ngất|sốt)", "sốt (đất|vé|giá|sách)", "cười ngất", "(hết|không còn|khỏi) (kêu |bị )?(đau|sốt|ốm)", "viện (trợ|lý|cớ|kiểm|nghiên cứu)", "mũi(?! tiêm)", "năm (ngoái|trước|kia)", *_GENERAL),
        never=_RUMOUR,
    ),
    Rule(
        "accident_now",
        "có tai nạn, cháy, sập, đuối nước",
        (
            "(~cháy|~nổ) … (lớp|trường|tầng|phòng|bếp|nhà|kẹt|khói)( rồi)?", "khói (đen|dày|dầy) … (lớp|tầng|phòng|kín|đặc)", "(trường|lớp|phòng|bếp|tầng) … ~cháy … (rồi|kẹt|khói|cứu)", "cháy … khói (đen|dày|đặc)", "rò (rỉ )?(khí )?ga|mùi gas|rò gas",
            "(~sập|sập (trần|mái|xuống|tường|giàn|lớp)|~đổ|~rơi|tốc mái) … (trúng|~đè|cháu|các em|học sinh|lúc|giờ|trẻ)", "~đè (vào|lên|trúng) … (cháu|em|học sinh|trẻ|chân)", "bị (~đè|~vùi|kẹt|mắc kẹt|cuốn|điện giật|giật điện)", "(đang|còn|bị) (mắc )?kẹt (ở|trong|trên|lại)", "điện giật", "giật điện",
            "(có|hai|ba|một|mấy|các|vừa|bị) (\\w+ ){0,3}(cháu|em|trẻ|đứa|học sinh|bé)? ?(\\w+ ){0,3}(đuối nước|chết đuối)", "(lọt|~rơi|ngã|chìm|trượt|nhảy) xuống (ao|hồ|sông|mương|giếng|hố|cống|kênh)", "(xuống|dưới) (sông|hồ|ao) … (chưa lên|lặn tìm|mất)", "(cuốn|nước cuốn) (trôi|mất)", "(đang|lặn) … tìm … (cháu|em|trẻ|bé)",
            "(ngã|~rơi) (từ|xuống|cầu thang|giàn) … (tầng|cầu thang|lan can|đất|giàn giáo|bất tỉnh|gãy|viện)", "ngã (vỡ|gãy|rách|bất tỉnh)", "xe … (lật|~đâm|lao xuống|bỏ quên)", "tai nạn … (cháu|em|học sinh|đang|vừa|nằm|thương)", "bỏ quên … (trên xe|xe|ô tô)|(quên|ngủ) … trên (xe|ghế)", "lái xe … say",
            "(cuốn|lũ|ngập) … (cháu|em|trẻ|học sinh) … (mắc|kẹt|cứu|cuốn)", "nước (lên|lũ) … nhanh", "bị thương", "gãy (tay|chân|xương|răng)", "xuyên (sắt|qua)",
        ),
        unless=(
            "đã (tổ chức|dạy|lắp|phòng)", "(thi|đặc cách|dự thi|xét tốt nghiệp|phúc khảo|chế độ|bảo hiểm)", "(biện pháp|giảm|hay có|mùa hè|số vụ|tỷ lệ)", "(dạy|học|lớp|kỹ năng|phổ cập) (\\w+ )?(bơi|chống|phòng)", "(cháy hàng|cháy vé|cháy giáo án|cháy túi|cháy hết mình|cháy máy|bán cháy)", "sập (web|mạng|trang|hệ thống|sàn|bẫy|nguồn|app|server|cổng)", "(nguy cơ|có thể|sắp|sợ|lo|kẻo|dễ|nhỡ|lỡ|chực|e rằng|không biết lúc nào) … (sập|đổ|cháy|rơi|đuối|ngã|giật|tai nạn|nổ)",
            "tờ ~rơi", "~rơi (bằng|thẻ|ví|giấy|mất)", "(mất|rơi) bằng", "(bằng|học bạ|giấy tờ|hồ sơ) … cuốn", "(bóng|đèn|quạt|bóng đèn) … ~cháy", "(web|trang|mạng|hệ thống|app|máy chủ|cổng) … (sập|treo)", "(đổ|rơi) (lỗi|tội|thừa|vào đầu|trách nhiệm|xô|bộ|mồ hôi|lệ|nước mắt)", "điểm rơi", "(bình|hệ thống|diễn tập|thiết bị|phương án|báo|chuông|cửa) (chữa |phòng |báo )?cháy", "chưa (có )?ai", "may (mà )?(chưa|không)|may là (chưa|không)", "(năm ngoái|năm kia|năm trước|mùa trước)",
            *_GENERAL,
        ),
        never=_RUMOUR,
    ),
    Rule(
        "missing_child",
        "trẻ mất tích, không liên lạc được",
        (
            "(con|cháu|bé|em|bạn|nó|học sinh|trẻ) … (mất tích|bỏ nhà|bị bắt cóc|bị lạc)", "mất tích", "bỏ nhà (đi|theo|ra)", "(đi|tan) (học|trường) … (chưa|không) (về|thấy về|thấy đâu|thấy)", "(không|chưa) thấy (con|cháu|bé|em|nó|đâu) … (từ|tìm)", "mất liên lạc", "không tìm thấy (con|cháu|bé|em|học sinh|mấy|hai)", "đi (xa )?(lắm |luôn )?không về", "không (liên lạc|gọi) được … (cháu|con|em|bạn|nó|bé)",
            "(giờ|từ|đến nay|tắt máy|tiếng|biệt) … không (liên lạc|gọi) được", "đi … từ (chiều|sáng|trưa|tối|hôm qua) … (chưa|không|xe vẫn)", "(gọi|nhắn) … không (nghe|bắt) máy … (lo|sợ|vĩnh biệt|hết|thư)", "tìm (cháu|con|bé|em) (giúp|từ|khắp)", "~bị (lừa )?bán", "bị lừa bán",
        ),
        unless=("(hồ sơ|học bạ|điểm|tiền|giấy|quyết định|dữ liệu|thẻ|sách) … mất tích", "(cô|thầy|sở|phòng|trường|số|đường dây|tổng đài|hotline|cán bộ|hiệu trưởng|nhà trường|giáo viên) … không (liên lạc|gọi|nghe|bắt)", *_GENERAL),
        never=_RUMOUR,
    ),
    Rule(
        "cry_for_help",
        "có lời kêu cứu",
        (
            "cứu (với|em|con|cháu|bạn|tôi|bé|nó|con bé|các cháu|mấy)", "(xin|kêu|nhờ) cứu", "giúp (con|em|cháu) với … (nhốt|đánh|sợ|trốn)", "(em|con|cháu|bạn ấy) (đang )?(trốn|nấp) (trong|ở)", "(con|em|cháu) (sợ|đau) (quá|lắm)", "(không|chẳng) dám (kể|nói) (với )?ai", "(dặn|bắt|thề|dọa) … (không|đừng) (được )?(kể|nói) (với|cho|ai)", "(dặn|bắt) (không|đừng) (được )?kể",
            "(không|chẳng) biết (nói|kể) (với )?ai(?! ngoài)", "(nhốt|khóa) … không cho (ra|về)", "(khóa|bị khóa) (trái )?cửa … (sợ|trong phòng|không ra|con|cháu|bé)",
        ),
        unless=("cứu (xét|vãn|trợ|nét|hỏa)", "(nghiên|cấp) cứu", "cứu (với )?(ad|sở|quản trị) ơi.*(điểm|mật khẩu|nguyện vọng|đăng nhập|hồ sơ)", "(trượt|tỉ lệ|đề|thi|điểm|bài) … sợ quá", "sợ quá … (đề|thi|điểm|trượt)", *_GENERAL),
        never=_RUMOUR,
    ),
)  # fmt: skip

_ASKING_HOW = (
    "(gửi|nộp|viết|làm|muốn|cách|mẫu|thủ tục|quy trình|đơn) … tố cáo … (ở đâu|thế nào|ra sao|như nào|gì|không|ai|bao lâu|được không)", "(gửi|nộp|viết|làm|cách|mẫu|thủ tục|luật) (đơn )?tố cáo", "tố cáo (ở đâu|thì|như thế nào|qua|online|nặc danh)", "(giải quyết|tiếp nhận|xử lý|người|thời hạn) (đơn )?tố cáo",
    "(thủ tục|quy trình|trình tự) (ra sao|thế nào|như thế nào)", "(đơn )?cho ai( ạ)?\\W*$", "thì (\\w+ )?(đến|ở) đâu", "có được (giải quyết|bảo vệ|tính|coi|xem)", "được không( ạ)?\\W*$", "phải làm sao",
    "dự thảo", "tin (đồn|giả)", "bịa", "nghe đồn", "đồn", "xác minh (giúp|xem|hộ)", "vu khống",
)  # fmt: skip

DENUNCIATION: tuple[Rule, ...] = (
    Rule(
        "denounce_words",
        "có lời tố cáo",
        (
            "(tôi|em|xin|nay|gia đình|chúng tôi|mình|đề nghị|phải|sẽ|và|này) (xin |muốn |phải |làm đơn |viết đơn |gửi đơn )?(tố cáo|tố giác)",
            "(tố cáo|tố giác) {official}", "^(đơn )?(tố cáo|tố giác) (?!ở|thế|như|thì|qua|online)", "(tố cáo|tố giác) … (xin giấu|giấu tên|giữ kín|ẩn danh|bí mật)",
        ),
        unless=_ASKING_HOW,
        never=_RUMOUR,
    ),
    Rule(
        "money_taken",
        "nói người cụ thể nhận tiền, ăn chặn, vòi vĩnh",
        (
            "{official} … (nhận|đòi|vòi|lấy|cầm|gợi ý|rút|ăn) … (phong bì|hoa hồng|hối lộ|tiền cà phê|tiền lót tay|phần trăm|\\d+ ?%|tiền của|bỏ túi|quà của)",
            "{official} … (ăn chặn|ăn bớt|tham ô|biển thủ|bỏ túi|rút ruột|kê khống|~khai khống|lập khống|thông đồng|bảo kê|nghiệm thu khống|làm giả|lập hai sổ|tiêu riêng|túi riêng|bao đỗ)",
            "{official} … (nhận|đòi|thu|lấy|đưa|gợi ý|vay) … (\\d+|mấy|vài|chục|trăm|mỗi \\w+) (triệu|nghìn|tr) … (chạy|hứa|lo|để|mới|không trả|cho con|suất|bao đỗ|nhét|cảm ơn)",
            "{official} … (nhận|đòi|thu|lấy) … (~tiền|tiền của|triệu|nghìn) … (rồi|để|mới|nên|thì) … (sửa|nâng|xếp|nhận|ký|xin|đưa vào|đánh|bớt|làm|cho)", "(đưa|biếu|chuyển khoản|đút|lót) … (cho )?{official} … (triệu|tiền|phong bì)", "(đút lót|hối lộ|đưa phong bì) … {official}",
            "{official} … (~sửa|~nâng|sửa điểm|nâng điểm|~bán đề|bán đề|bán chứng chỉ|bán bằng|~mua điểm) … (điểm|đề|bằng|chứng chỉ|học bạ|hạnh kiểm|đáp án|cho con|cho)",
            "{official} … (lấy|mang|đem|bán) … (~về nhà|ra ngoài bán|về nhà dùng|bỏ túi|bán ở)", "không đưa thì … (hết|hạ|bị|bảo)", "nhận (tiền|quà|phong bì) (của|từ) … (rồi|để|mà)", "tiền vào túi",
        ),
        unless=(
            *_ASKING_HOW, "(không|chưa bao giờ|chẳng) (nhận|lấy|đòi|cầm)", "(cảm ơn|khen|biểu dương|hoan nghênh)", "(có được|có phải|được phép|có đúng|có quyền) … (không|ko|k)", "nếu", "(ở đâu|thế nào|như thế nào|ra sao|làm sao|đến đâu|cho ai|với ai)( |$)",
        ),
        never=_RUMOUR,
    ),
    Rule(
        "teacher_violence",
        "nói giáo viên cụ thể đánh, hành hạ học sinh",
        (
            "(~thầy|~cô|thầy (giáo|chủ nhiệm|dạy|hiệu)|cô (giáo|chủ nhiệm|dạy|hiệu)|hiệu trưởng|hiệu phó|giám thị|tổng phụ trách|bảo mẫu) (\\w+ ){0,7}(đánh|~tát|tát (con|cháu|em|vào)|~đá|véo tai|~đấm|vụt|đập|nhốt|~trói|bịt miệng|ném (phấn|dép|sách|giẻ)|tự tát|tự vả) (\\w+ ){0,6}(con|cháu|em|học sinh|bạn|bé|trẻ|đầu|mặt|~tay|tai|chân|mông|lưng|~má)",
            "(~thầy|~cô|thầy (giáo|chủ nhiệm|dạy)|cô (giáo|chủ nhiệm|dạy)) (\\w+ ){0,7}bắt (\\w+ ){0,5}(quỳ|tự tát|tự vả|liếm|ăn hết|ở lại đến|đứng ngoài nắng|đứng ngoài hiên)", "bị (~thầy|~cô|thầy giáo|cô giáo|giáo viên|bảo mẫu|cô chủ nhiệm) (\\w+ ){0,5}(đánh|~tát|~đá|vụt|đấm|véo|đập|nhốt)",
            "(dùng|cầm|lấy) (thước|roi|gậy|dép|cán chổi|sổ) (\\w+ ){0,4}(đánh|vụt|đập|quất)",
        ),
        unless=("(danh|đánh) (giá|dấu|máy|vần|trượt|rơi|sách|hiệu|tiếng)", "(~đá|đánh) (bóng|cầu)", "tất cả", *_GENERAL[:8], *_GENERAL[10:]),
        never=_RUMOUR,
    ),
    Rule(
        "with_proof",
        "nói việc làm của người cụ thể, có bằng chứng",
        (
            "(tôi|em|mình|cháu|tụi em|gia đình)? ?(có|còn|giữ|còn giữ|chụp|chụp được|quay được|lưu) (\\w+ ){0,3}(ghi âm|~ảnh|ảnh chụp|clip|video|tin nhắn|bằng chứng|chứng cứ|sao kê|giấy viết tay|biên lai|bảng chia|phiếu chi|bản photo|làm chứng|camera)", "(tôi|em|mình) (là người|là thủ quỹ|là nhân viên|là thư ký|biết rõ|tận mắt|chứng kiến|nắm rõ)", "(xin|đề nghị|mong|cho em|cho tôi) (được )?(giấu tên|ẩn danh|giữ kín|giữ bí mật|bảo mật|bí mật)", "(nặc danh|ẩn danh|giấu tên)",
        ),
        also=("(hiệu trưởng|hiệu phó|kế toán|thủ quỹ|tổ trưởng|trưởng phòng|phó phòng|giám đốc|giám thị|giám khảo|cô chủ nhiệm|thầy chủ nhiệm|thầy (giáo |dạy )?\\w+|cô (giáo |dạy )\\w+|cán bộ|nhân viên|trưởng điểm thi|hội đồng thi|ông \\w+|bà \\w+) … (nhận|lấy|thu|bán|sửa|ép|đưa|kê|lập|dùng|nâng|ăn|đánh|tham ô|bao che|thuê|ký|chỉ đạo|gợi ý|mượn|chữa|bắt|đọc|cho|hạ|vay|nói|thông đồng|uống|quan hệ|ra đề|bỏ)",),
        unless=(*_ASKING_HOW, "(góp ý|phản ánh|kiến nghị|gửi ý kiến|gửi) (\\w+ ){0,3}(ẩn danh|giấu tên|nặc danh)", "\\?$", "có được", "(khen|cảm ơn)"),
        never=_RUMOUR,
    ),
)  # fmt: skip

TOXIC: tuple[Rule, ...] = (
    Rule(
        "obscene",
        "có lời tục, xúc phạm",
        (
            "\\(tục\\)", "mất dạy", "khốn nạn", "khốn kiếp", "~đồ (ngu|chó|khốn|súc vật|rác rưởi|đần|vô học|mất dạy|vô dụng)", "ngu (như|vl|vãi|hết|xuẩn|dốt|si)", "óc chó", "~lũ (ăn hại|chó|khốn|ngu|quan liêu ăn hại)", "bọn (chó|khốn|ngu|mất dạy)",
            "(~địt|~đụ|~đéo|~lồn|~cặc|~buồi|~đĩ|~cứt|~đ\\W?m|dit me|du ma|vcl|vl|clgt|đmm|dmm|dcm|đcm|djt\\w*|djtme)", "con mẹ (nó|mày|cô|thằng)", "mẹ (~mày|kiếp|chúng mày)", "~chó (đẻ|chết|má)", "câm mồm", "~cút", "cút (đi|xéo)", "im mẹ", "~hãm (lờ|l)", "rác rưởi", "l\\.o\\.n", "đ!t", "cặk", "đỵt", "cái cục (~cứt|cut)", "thằng (ngu|khốn|chó|mất dạy)", "ăn (~cứt|cut)", "đồ ăn hại", "rửng mỡ", "đ\\*+", "l\\*+", "c\\*t",
            "(fuck|shit|bitch)\\w*", "cái ~lồn", "~mả (cha|mẹ|bố)", "~phò", "súc vật",
        ),
        unless=("chửi (học sinh|trẻ|con|cháu|các em|em|bạn|nhau|tôi|phụ huynh)", "(nói|chửi) (tục|bậy|thề)"),
    ),
)  # fmt: skip
