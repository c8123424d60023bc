"""Each lane from both sides: what must raise it, and what only sounds like it."""

from __future__ import annotations

import pytest

from intake_api.classify import safety
from intake_api.classify.pattern import compile_all, is_accented
from intake_api.classify.safety_rules import DANGER, DENUNCIATION, TOXIC
from vntext import fold

DANGERS = {
    "no_wish_to_live": [
        "em không muốn sống nữa",
        "ad ơi e ko muốn tồn tại nữa",
        "cháu nó khóc đòi chết từ hôm qua",
        "con chỉ muốn biến mất cho nhẹ nhà",
        "tối nay em sẽ ngủ một giấc thật dài",
    ],
    "self_harm": [
        "bạn em rạch tay nhiều lần rồi",
        "con uống hết vỉ thuốc của mẹ",
        "nó trèo lên lan can tầng 3",
        "bạn ấy nhắn vĩnh biệt rồi tắt máy",
    ],
    "sexual_abuse": [
        "thầy hay sờ vào đùi con",
        "bé kêu đau chỗ kín, bảo chú ở trường làm",
        "bạn trai cũ dọa tung clip của em",
        "con bị sàm sỡ trên đường đi học về",
    ],
    "child_beaten": [
        "con tôi bị bạn đánh ở lớp mà giáo viên bao che",
        "bị nhốt trong nhà vệ sinh từ giờ ra chơi",
        "bố dượng đánh cháu bằng dây điện",
    ],
    "threat": [
        "chúng nó mang dao vào trường",
        "có người lạ rủ các cháu lên xe",
        "em không dám về nhà",
    ],
    "acute_health": [
        "cả lớp ăn xong đau bụng nôn ói",
        "hơn chục cháu nôn mửa sau bữa trưa",
        "cháu co giật ngay ở lớp",
    ],
    "accident_now": [
        "có cháu bị đuối nước ở ao sau trường",
        "xe đưa đón bỏ quên cháu trên xe",
        "tường đổ đè vào hai cháu",
    ],
    "missing_child": ["cháu tan học chưa thấy về", "con bé bỏ nhà đi từ tối qua"],
    "cry_for_help": ["cứu em với", "bác ấy dặn không được kể với ai"],
}
HARMLESS = [
    "bài tập nhiều muốn chết",
    "học mệt muốn chết luôn á",
    "trời nóng muốn chết mà lớp không có quạt",
    "cười chết mất thôi",
    "điểm đánh giá thường xuyên tính thế nào",
    "con tôi bị đánh giá sai, đề nghị xem lại điểm",
    "cháu bị gạch tên khỏi danh sách lớp",
    "cháy hàng sách giáo khoa lớp 1",
    "sập web tra điểm rồi ad ơi",
    "web tra điểm sập đúng lúc cần",
    "các cháu đá bóng trên sân trường",
    "trẻ bị xâm hại thì báo ai?",
    "trẻ bị xâm hại báo 111 hay 113 ạ",
    "quy định về phòng chống bạo lực học đường là gì",
    "mong Sở tổ chức dạy bơi phòng đuối nước cho học sinh",
    "bị lừa đăng ký nhầm nguyện vọng, hồ sơ biến mất khỏi hệ thống",
    "xin đặc cách vì gãy tay trước ngày thi thì nộp hồ sơ ở đâu",
    "tin hai học sinh đuối nước là sai, nhờ gỡ bài giúp",
    "tường rào nứt, nguy cơ đổ bất cứ lúc nào",
    "Nhà trường lạm dụng văn mẫu",
]
DENOUNCED = [
    "tôi tố cáo thầy dạy toán nhận phong bì của phụ huynh rồi nâng điểm",
    "hiệu trưởng có dấu hiệu ăn chặn tiền ăn của các cháu",
    "cô giáo chủ nhiệm 5C tát cháu tôi trước lớp",
    "thầy hiệu phó nhận 15 triệu hứa xin cho cháu vào lớp chọn",
    "kế toán lập khống danh sách để rút tiền hỗ trợ",
]
NOT_DENOUNCED = [
    "gửi đơn tố cáo ở đâu",
    "tố cáo hiệu trưởng gửi đơn cho ai ạ",
    "muốn tố cáo thì thủ tục thế nào",
    "cô giáo nhận hồ sơ rồi hẹn thứ hai trả",
    "cảm ơn thầy cô đã nhận cháu vào lớp",
    "nghe đồn cô giáo đánh học sinh, chắc là tin giả",
    "cô đánh giá con tôi rất công bằng",
]


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in DANGERS.items() for text in texts]
)
def test_a_danger_rule_fires(rule: str, text: str) -> None:
    assert rule in safety.fired(text)
    assert safety.check(text).danger


@pytest.mark.parametrize(
    "text",
    [
        "em không muốn sống nữa",
        "con tôi bị bạn đánh ở lớp mà giáo viên bao che",
        "bé kêu đau chỗ kín, bảo chú ở trường làm",
        "cả lớp ăn xong đau bụng nôn ói",
        "cháu tan học chưa thấy về",
    ],
)
@pytest.mark.parametrize("form", [fold, str.upper, lambda t: t + " 😭😭!!!"])
def test_danger_is_seen_however_it_is_typed(text: str, form: object) -> None:
    assert callable(form)
    assert safety.check(form(text)).danger


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_of_speech_and_general_questions_raise_nothing(text: str) -> None:
    assert [name for name in safety.fired(text) if name in DANGERS] == []


@pytest.mark.parametrize("text", ["bài tập nhiều muốn chết", "cháy hàng sách giáo khoa", "đá bóng"])
def test_figures_of_speech_stay_harmless_without_diacritics(text: str) -> None:
    assert not safety.check(fold(text)).danger


@pytest.mark.parametrize("text", DENOUNCED)
def test_a_denunciation_is_seen(text: str) -> None:
    assert safety.check(text).denunciation


@pytest.mark.parametrize("text", NOT_DENOUNCED)
def test_asking_how_to_denounce_is_not_denouncing(text: str) -> None:
    assert not safety.check(text).denunciation


@pytest.mark.parametrize(
    ("text", "toxic"),
    [
        ("đồ ngu", True),
        ("lũ khốn nạn", True),
        ("dit me may", True),
        ("buổi chiều con đi học", False),
        ("buoi chieu con di hoc cac mon", False),
        ("cô chửi học sinh là mất dạy", False),
        ("điện tử, lớn lên, các con", False),
    ],
)
def test_insults(text: str, toxic: bool) -> None:
    assert safety.check(text).toxic is toxic


def test_reasons_are_vietnamese_and_quote_nothing() -> None:
    found = safety.check("Cô Nguyễn Thị Hoa 0912345678 tát con tôi chảy máu")
    assert found.reasons
    assert not any("Hoa" in reason or "0912" in reason for reason in found.reasons)


def test_accents_decide_where_the_fold_is_ambiguous() -> None:
    pattern = compile_all(("bị đánh",), {})
    assert pattern.search("bị đánh", accented=True)
    assert pattern.search("bi danh", accented=False)
    assert not pattern.search("bị dành", accented=False)
    assert not pattern.search("bi danh", accented=True)
    marked = compile_all(("~đè lên",), {})
    assert not marked.search("de len", accented=False)


def test_half_typed_text_is_read_loosely() -> None:
    assert is_accented("con tôi bị đánh ở lớp")
    assert not is_accented("con toi bi đánh o lop")


@pytest.mark.parametrize(
    "text", ["", "a", "😀", "\x00\x07", "Привет", "a" * 5000, "(((", "?" * 3000]
)
def test_any_text_is_taken(text: str) -> None:
    assert not safety.check(text).danger


def test_every_rule_is_tried_by_some_text() -> None:
    texts = [text for listed in (*DANGERS.values(), DENOUNCED) for text in listed]
    fired = {name for text in texts for name in safety.fired(text)}
    named = {rule.name for rule in (*DANGER, *DENUNCIATION)} - {"with_proof"}
    assert named <= fired
    assert {rule.name for rule in TOXIC} == {"obscene"}
    proof = "Hiệu trưởng ép chúng tôi ký khống, tôi có ghi âm, xin giấu tên"
    assert "with_proof" in safety.fired(proof)
