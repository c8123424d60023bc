from __future__ import annotations

import pytest

from intake_api.domain import likeness

FEES = "Trường THCS Trần Phú thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị Sở kiểm tra"


@pytest.mark.parametrize(
    ("other", "low", "high"),
    [
        (FEES, 1, 1),
        (
            "truong thcs tran phu thu quy lop 500 nghin khong co phieu thu, de nghi so kiem tra",
            1,
            1,
        ),
        ("Kính gửi Sở. " + FEES + ". Xin cảm ơn.", 0.9, 1),
        (FEES.replace("500", "700"), likeness.SAME, 0.95),
        ("Lớp con tôi thu quỹ lớp không có phiếu thu, bao nhiêu lần rồi", likeness.ALIKE, 0.5),
        ("Con tôi bị bạn bắt nạt nhiều lần mà nhà trường im lặng", 0, likeness.ALIKE),
        ("", 0, 0),
        ("ok", 0, 0),
    ],
)
def test_how_alike_two_texts_are(other: str, low: float, high: float) -> None:
    found = likeness.likeness(likeness.runs(FEES), likeness.runs(other))
    assert low <= found <= high


def test_the_same_runs_give_the_same_prints_wherever_they_stand() -> None:
    words = [f"chữ{number}" for number in range(500)]
    whole, half = " ".join(words), " ".join(words[:250])
    assert len(likeness.prints(whole)) == likeness.PRINTS
    # Which runs are chosen does not depend on the place: about half of the whole's are the half's.
    assert len(set(likeness.prints(whole)) & set(likeness.prints(half))) >= 4
    assert set(likeness.prints(FEES)) & set(likeness.prints("Kính gửi Sở. " + FEES + ". Cảm ơn"))
    assert likeness.prints(FEES) == likeness.prints(FEES.upper())
    assert len(likeness.prints("Chào em")) == 1
    assert likeness.prints(" … ") == []
    assert all(-(2**31) <= mark < 2**31 for mark in likeness.prints(whole))
