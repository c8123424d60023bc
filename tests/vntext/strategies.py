"""Text as people type it, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from vntext.listing import listed
from vntext.shorthand_rules import DISTRICTS, RULES
from vntext.shorthand_table import PLAIN

WORDS = sorted(
    listed(
        "cho em hỏi trường học phí tuyển sinh lớp 6 7A khối 12 điểm thi năm 2025 co thay "
        "hoc truong thu tien ở huyện cô giáo không được nộp đơn hoà thuỷ quý Phủ Lý THPT "
        "Trần Phú tuyeenr hocj tru7o7ng2 phi1 hoc5 test A00 12A1 TT29 NV1 500k 1tr2 2k7 "
        "k12 10đ 😢 ❤️ quáaaa kkkk ... !!! , . ? ( ) / - a@b.vn https://x.vn/a "
        "29/2024/TT-BGDĐT PA-2611-7K3M-9QXM sở gd phòng hội ph ts10 lop6"
    )
)
KEYS = sorted({*PLAIN, *RULES, *DISTRICTS, "k", "đk", "đt"})

vietnamese = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(KEYS) | st.text(max_size=4), max_size=25
).map(" ".join)
any_text = st.text(max_size=80) | vietnamese
