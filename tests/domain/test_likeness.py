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


def test_probes_are_spread_over_the_whole_text() -> None:
    long = " ".join(f"chữ{number}" for number in range(500))
    probes = likeness.probes(long)
    assert len(probes) == 8
    assert "chu0 chu1 chu2" in probes
    assert any("chu4" in probe for probe in probes[-3:])
    assert likeness.probes("Chào em") == ["chao em"]
    assert likeness.probes(" … ") == []
