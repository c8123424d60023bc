"""What the numbers, tables and their lines are called, in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from intake_api.domain.catalog import Catalog
from intake_api.domain.model import CHANNEL_TITLE, OUTCOME_TITLE, Channel, Outcome
from intake_api.domain.texts import SENDER_TITLE
from intake_api.reports.shapes import CASES, MINUTES, PERCENT, SCORE, Column

NUMBERS: Final[dict[str, tuple[str, str]]] = {
    "received": ("Tiếp nhận trong kỳ", CASES),
    "carried": ("Kỳ trước chuyển sang", CASES),
    "finished": ("Kết thúc trong kỳ", CASES),
    "answered": ("Đã trả lời", CASES),
    "open": ("Đang xử lý", CASES),
    "open_late": ("Đang xử lý, đã quá hạn", CASES),
    "forwarded": ("Chuyển cơ quan có thẩm quyền", CASES),
    "due": ("Đã tới hạn", CASES),
    "on_time": ("Đúng hạn", CASES),
    "on_time_rate": ("Tỷ lệ đúng hạn", PERCENT),
    "first_median": ("Thời gian tới khi có người xử lý, trung vị", MINUTES),
    "first_p90": ("Thời gian tới khi có người xử lý, 90% ý kiến", MINUTES),
    "answer_median": ("Thời gian tới khi trả lời, trung vị", MINUTES),
    "answer_p90": ("Thời gian tới khi trả lời, 90% ý kiến", MINUTES),
    "reopened": ("Mở lại", CASES),
    "reopened_rate": ("Tỷ lệ mở lại", PERCENT),
    "rated": ("Có chấm mức hài lòng", CASES),
    "satisfaction": ("Mức hài lòng trung bình (1 đến 5)", SCORE),
    "satisfied_rate": ("Tỷ lệ hài lòng (4 và 5)", PERCENT),
    "urgent": ("Khẩn", CASES),
    "anonymous": ("Không nêu tên", CASES),
    "spam": ("Rác, không tính vào số liệu", CASES),
    "erased": ("Đã xóa nội dung, còn trong số liệu", CASES),
    "questions": ("Câu hỏi với trợ lý", CASES),
    "bot_answered": ("Trợ lý trả lời được", CASES),
    "bot_rate": ("Tỷ lệ trợ lý trả lời được", PERCENT),
    "gaps": ("Câu hỏi chưa có câu trả lời", CASES),
    "sealed": ("Kênh mật", CASES),
}
TABLES: Final[dict[str, tuple[str, str]]] = {
    "week": ("Theo tuần", "Tuần"),
    "month": ("Theo tháng", "Tháng"),
    "channel": ("Theo kênh", "Kênh"),
    "kind": ("Theo loại", "Loại"),
    "group": ("Theo nhóm chủ đề", "Nhóm chủ đề"),
    "topic": ("Theo chủ đề", "Chủ đề"),
    "unit": ("Theo đơn vị", "Đơn vị"),
    "district": ("Theo địa bàn", "Địa bàn"),
    "level": ("Theo cấp học", "Cấp học"),
    "sender": ("Theo đối tượng", "Đối tượng"),
    "outcome": ("Theo kết quả", "Kết quả"),
}
COLUMNS: Final = (
    Column("received", "Tiếp nhận", CASES),
    Column("previous", "Kỳ trước", CASES),
    Column("last_year", "Cùng kỳ năm trước", CASES),
    Column("answered", "Đã trả lời", CASES),
    Column("on_time_rate", "Đúng hạn", PERCENT),
    Column("answer_median", "Thời gian trả lời", MINUTES),
    Column("reopened", "Mở lại", CASES),
)
LEVELS: Final = {
    "mn": "Mầm non", "th": "Tiểu học", "thcs": "THCS", "thpt": "THPT",
    "gdtx": "Giáo dục thường xuyên",
}  # fmt: skip
UNKNOWN = "Không rõ"
# What the department's catalogue does not name.
_NAMES: Final[dict[str, Mapping[str, str]]] = {
    "channel": {str(one): CHANNEL_TITLE[one] for one in Channel}, "level": LEVELS,
    "sender": SENDER_TITLE, "outcome": {str(one): OUTCOME_TITLE[one] for one in Outcome},
}  # fmt: skip


def order(catalog: Catalog, dimension: str) -> list[str]:
    """The codes of a dimension in the order in which people expect them."""
    known: dict[str, list[str]] = {
        "unit": list(catalog.units), "kind": list(catalog.kinds), "topic": list(catalog.topics),
        "channel": [str(one) for one in Channel], "level": list(LEVELS),
        "group": list(dict.fromkeys(one.group for one in catalog.topics.values())),
        "district": sorted(districts(catalog)), "sender": list(SENDER_TITLE),
        "outcome": [str(one) for one in Outcome],
    }  # fmt: skip
    return known[dimension]


def districts(catalog: Catalog) -> list[str]:
    """The districts that the catalogue knows."""
    return [unit.district for unit in catalog.units.values() if unit.district]


def name(catalog: Catalog, dimension: str, code: str) -> str:
    """What a code is called; a code that is no longer known is its own name."""
    if not code:
        return UNKNOWN
    if dimension == "group":
        return next((one.group_name for one in catalog.topics.values() if one.group == code), code)
    owned: dict[str, Mapping[str, Any]] = {
        "unit": catalog.units, "kind": catalog.kinds, "topic": catalog.topics,
    }  # fmt: skip
    if dimension in owned:
        return str(owned[dimension][code].name) if code in owned[dimension] else code
    return _NAMES.get(dimension, {}).get(code, code)
