from __future__ import annotations

from datetime import date

import pytest

from intake_api.domain import routing
from intake_api.domain.model import Place
from tests.builders import the_catalog

BEFORE, AFTER = date(2023, 10, 2), date(2026, 11, 23)
LOWER = Place(school="Trường THCS Trần Phú", level="thcs", district="Phủ Lý")


def unit(
    *,
    kind: str = "criticism",
    topic: str = "dd.khoan_thu",
    text: str = "trường thu sai",
    place: Place | None = None,
    on: date = AFTER,
    confidence: float = 0.9,
) -> routing.Route:
    return routing.route(
        the_catalog(), kind=kind, topic=topic, confidence=confidence, text=text,
        place=place or Place(), on=on,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "wanted", "rule"),
    [
        ("child_protection", "CTTT", "1a"),
        ("denunciation", "TTR", "1b"),
        ("press_inquiry", "VP", "1c"),
        ("complaint", "TTR", "2"),
    ],
)
def test_lanes_come_first_even_with_a_school(kind: str, wanted: str, rule: str) -> None:
    found = unit(kind=kind, place=LOWER, on=BEFORE)
    assert (found.unit, found.rule) == (wanted, rule)


def test_a_complaint_tells_the_unit_of_the_topic() -> None:
    assert unit(kind="complaint", on=BEFORE).copies == ("KHTC",)


def test_lower_school_in_a_district_goes_to_the_district_office_until_june_2025() -> None:
    found = unit(place=LOWER, on=date(2025, 6, 30))
    assert (found.unit, found.copies, found.rule) == ("PGD-PL", ("KHTC",), "3")


def test_from_july_2025_the_successor_takes_over_with_the_topic_unit_in_copy() -> None:
    found = unit(place=LOWER, on=date(2025, 7, 1))
    assert (found.unit, found.copies) == ("GDMNTH", ("KHTC",))
    assert "kế thừa" in found.reason


def test_upper_school_goes_to_the_topic_unit() -> None:
    place = Place(school="THPT A Kim Bảng", level="thpt", district="Kim Bảng")
    assert unit(place=place, on=BEFORE).unit == "KHTC"


def test_a_district_without_a_level_goes_to_the_topic_unit() -> None:
    assert unit(place=Place(district="Lý Nhân"), on=BEFORE).unit == "KHTC"


def test_a_suggestion_about_policy_goes_to_the_topic_unit() -> None:
    place = Place(level="thcs", district="Lý Nhân")
    assert unit(kind="suggestion", place=place, on=BEFORE).unit == "KHTC"


@pytest.mark.parametrize(
    ("level", "wanted"), [("th", "GDMNTH"), ("mn", "GDMNTH"), ("thpt", "GDTRH"), (None, "GDTRH")]
)
def test_where_both_school_departments_are_named_the_level_decides(
    level: str | None, wanted: str
) -> None:
    assert unit(topic="e.sgk", place=Place(level=level)).unit == wanted


def test_low_confidence_goes_to_the_coordinator() -> None:
    found = unit(confidence=0.1)
    assert (found.unit, found.rule) == ("VP", "5")


def test_the_inspectorate_has_ended_in_2025() -> None:
    assert unit(kind="denunciation", on=AFTER).unit == "VP"


def test_a_criticised_office_is_not_the_recipient() -> None:
    found = unit(
        topic="a.thai_do_cong_vu",
        text="Chuyên viên phòng giáo dục Phủ Lý gây khó dễ khi làm thủ tục",
        place=Place(level="th", district="Phủ Lý"),
        on=BEFORE,
    )
    assert (found.unit, found.rule) == ("VP", "3-x")


def test_an_office_that_is_asked_to_act_is_the_recipient() -> None:
    found = unit(text="Đề nghị phòng giáo dục Phủ Lý kiểm tra trường này", place=LOWER, on=BEFORE)
    assert found.unit == "PGD-PL"


@pytest.mark.parametrize(
    ("blamed", "wanted"),
    [("phòng Kế hoạch tài chính", "VP"), ("phòng Kế hoạch tài chính, Văn phòng Sở", "TCCB"),
     ("phòng Kế hoạch tài chính, Văn phòng Sở, phòng Tổ chức cán bộ", "CTTT")],
)  # fmt: skip
def test_none_of_several_that_are_criticised_is_the_recipient(blamed: str, wanted: str) -> None:
    assert unit(text=f"{blamed} bao che cho nhau chuyện thu quỹ").unit == wanted


def test_criticised_coordinator_does_not_judge_itself() -> None:
    found = unit(topic="a.thai_do_cong_vu", text="Cán bộ Văn phòng Sở hách dịch với người dân")
    assert found.unit == "TCCB"
