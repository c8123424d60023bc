"""Rules of consultations: which are open, who may do what, how people are named, what is alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from intake_api.domain import consulting
from intake_api.domain.consulting import Who, like, meant, speaks_of_draft, subjects
from intake_api.domain.worktime import LOCAL

OPENS = datetime(2026, 11, 23, tzinfo=LOCAL)
CLOSES = datetime(2026, 12, 1, tzinfo=LOCAL)


def test_the_phase_follows_the_dates() -> None:
    at = {
        "upcoming": OPENS - timedelta(seconds=1), "open": OPENS,
        "closed": CLOSES,
    }  # fmt: skip
    for wanted, moment in at.items():
        assert consulting.phase("announced", OPENS, CLOSES, moment) == wanted
    assert consulting.phase("announced", OPENS, CLOSES, CLOSES - timedelta(seconds=1)) == "open"
    for state in ("preparing", "waiting", "published", "withdrawn"):
        assert consulting.phase(state, OPENS, CLOSES, OPENS) == state


def test_a_period_of_one_day_is_a_day() -> None:
    day = date(2026, 11, 23)
    opens, closes = consulting.period(day, day, today=day)
    assert closes - opens == timedelta(days=1) and consulting.last_day(closes) == day
    with pytest.raises(consulting.DatesReversed):
        consulting.period(day, day - timedelta(days=1), today=day)


@pytest.mark.parametrize(
    ("role", "see", "make", "work", "announce", "answer", "decide"),
    [
        ("coordinator", True, True, True, False, False, False),
        ("leader", True, False, False, True, False, True),
        ("lead", True, True, True, True, True, False),
        ("handler", True, True, True, False, True, False),
        ("confidential_officer", False, False, False, False, False, False),
        ("editor", False, False, False, False, False, False),
        ("admin", False, False, False, False, False, False),
        ("unknown", False, False, False, False, False, False),
    ],
)
def test_who_may_do_what(
    role: str, see: bool, make: bool, work: bool, announce: bool, answer: bool, decide: bool
) -> None:
    unit = "KHTC"
    assert consulting.may_see(role, unit, "KHTC") is see
    assert consulting.may_list(role) is see
    assert consulting.may_make(role) is make
    assert consulting.may_work(role, unit, "KHTC") is work
    assert consulting.may_announce(role, unit, "KHTC") is announce
    assert consulting.may_answer(role, unit, "KHTC") is answer
    assert consulting.may_decide(role, 7, 8) is decide
    assert not consulting.may_decide(role, 7, 7)
    if role in ("lead", "handler"):
        for rule in (consulting.may_see, consulting.may_work, consulting.may_announce,
                     consulting.may_answer):  # fmt: skip
            assert not rule(role, "GDTRH", "KHTC") and not rule(role, None, "KHTC")


ALIKE = (
    ("Nên cho dạy thêm tới 21 giờ vì phụ huynh đón muộn",
     "de nghi cho day them toi 21 gio vi phu huynh di lam ve muon"),
    ("Bỏ quy định giáo viên phải đăng ký với hiệu trưởng",
     "Tôi đề nghị bỏ quy định giáo viên phải đăng ký với hiệu trưởng, rất hình thức"),
    ("Mức thu phải niêm yết công khai ở cổng trường",
     "Đề nghị mức thu phải niêm yết công khai trên trang của trường"),
)  # fmt: skip
CLAUSE = "Giáo viên phải đăng ký nơi dạy với hiệu trưởng; mức thu niêm yết."
APART = (
    ("Nên cho dạy thêm tới 21 giờ vì phụ huynh đón muộn",
     "Không nên dạy thêm quá 18 giờ, các cháu cần nghỉ ngơi"),
    ("Mức thu phải niêm yết công khai ở cổng trường",
     "Mức thu như dự thảo là quá thấp, giáo viên không sống nổi"),
    ("Bỏ quy định giáo viên phải đăng ký với hiệu trưởng",
     "Giáo viên phải đăng ký thêm với phòng văn hóa xã"),
)  # fmt: skip


def test_the_same_wish_in_other_words_joins_its_group() -> None:
    for one, other in ALIKE:
        assert like(other, [(1, "Nhất trí với dự thảo"), (2, one)], CLAUSE) == 2, other
    for one, other in APART:
        assert like(other, [(2, one)], CLAUSE) is None, other
    assert like("gì cũng được", []) is None


def test_offices_are_named_and_private_persons_counted() -> None:
    people = [
        Who("Trường THPT A"), Who("Trường THPT A"), Who(role="giao_vien"), Who(role="giao_vien"),
        Who(), Who(name="Lê Mở", role="phu_huynh"), Who("Tổ Văn, gọi 0912345678", name="Lê Kín"),
    ]  # fmt: skip
    said = subjects(people)
    assert said.startswith("Trường THPT A; ") and said.count("Trường THPT A") == 1
    assert "Lê Mở (phụ huynh)" in said and "02 cá nhân (giáo viên)" in said
    assert "01 cá nhân" in said
    assert "0912345678" not in said and "Lê Kín" not in said


@pytest.mark.parametrize(
    "text",
    [
        "góp ý dự thảo kế hoạch ts10: nên bỏ môn thi thứ 4", "gop y cai du thao khung nam hoc",
        "Tôi không tán thành Điều 4 của bản dự thảo quy tắc ứng xử",
        "du thao muc ho tro hoc phi: dieu 3 viet khong ro", "Về dự thảo quy chế học bạ số, nên sửa",
    ],
)  # fmt: skip
def test_a_comment_on_a_draft_is_known_by_its_words(text: str) -> None:
    assert speaks_of_draft(text)


@pytest.mark.parametrize(
    "text",
    [
        "trường thu quỹ lớp không có phiếu thu", "góp ý về bữa ăn bán trú", "bao giờ có điểm thi",
        "con tôi phải dự thi hai lần", "thầy bắt học sinh viết bản thảo báo tường",
    ],
)  # fmt: skip
def test_other_words_are_no_comment_on_a_draft(text: str) -> None:
    assert not speaks_of_draft(text)


def test_the_draft_that_is_meant_is_told_by_its_telling_words() -> None:
    titles = [(1, "Quy định về dạy thêm, học thêm trên địa bàn tỉnh"),
              (2, "Kế hoạch tuyển sinh lớp 10 năm học 2027-2028")]  # fmt: skip
    assert meant("gop y du thao day them hoc them: nen bo", titles) == 1
    assert meant("góp ý dự thảo tuyển sinh lớp 10", titles) == 2
    assert meant("góp ý dự thảo của sở", titles) is None
    assert meant("góp ý dự thảo", []) is None
