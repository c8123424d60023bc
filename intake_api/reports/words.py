"""How reports write numbers, shares, times and filters. Vietnamese; they read frozen figures, which
are plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from intake_api.domain import worktime
from intake_api.domain.catalog import CalendarRule, Catalog
from intake_api.reports import titles
from intake_api.reports.documents.model import full_day

HIDDEN = "*"
HIDDEN_NOTE = "* Số nhỏ được che, cùng số cần che theo, để không nhận ra cá nhân."
NOTHING = "-"


def number(value: float) -> str:
    """``12.345`` and ``4,2``: a point for thousands, a comma for what is less than one."""
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}".replace(",", ".")
    return f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(value: float) -> str:
    """``91,5%``."""
    return f"{number(round(value, 1))}%"


def minutes(value: float, calendar: CalendarRule) -> str:
    """Working minutes as people say them: ``2 ngày làm việc 3 giờ``, ``45 phút``."""
    day = worktime.day_length(calendar) // timedelta(minutes=1)
    whole = round(value)
    days, rest = divmod(whole, day)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days} ngày làm việc" + (f" {hours} giờ" if hours else "")
    if hours:
        return f"{hours} giờ" + (f" {left} phút" if left else "")
    return f"{left} phút"


def value(found: Any, unit: str, calendar: CalendarRule) -> str:
    """One value of the figures in its unit; ``NOTHING`` where there is none."""
    if found is None:
        return NOTHING
    if unit == "percent":
        return percent(found)
    return minutes(found, calendar) if unit == "minutes" else number(found)


def said(one: Mapping[str, Any], calendar: CalendarRule) -> str:
    """A number of the figures with what hiding it asks for."""
    if one["hidden"]:
        # Of the lane it is not even said that it is small.
        return "không nêu" if one["id"] == "sealed" else "dưới 5"
    return value(one["value"], one["unit"], calendar)


_FILTER = {
    "kind": "loại", "topic": "chủ đề", "group": "nhóm chủ đề", "channel": "kênh", "unit": "đơn vị",
    "district": "địa bàn", "level": "cấp học", "sender": "đối tượng", "outcome": "kết quả",
}  # fmt: skip
_FLAGS = {
    ("answered", "1"): "đã trả lời", ("deadline", "missed"): "đã quá hạn",
    ("deadline", "met"): "đúng hạn", ("reopened", "1"): "có mở lại", ("urgent", "1"): "khẩn",
    ("state", "open"): "đang xử lý", ("state", "all"): "", ("counted", "1"): "không kể rác",
}  # fmt: skip


# What a number counts that no list of the queue can show.
MEANING = {
    "carried": "nhận trước kỳ, chưa kết thúc lúc kỳ bắt đầu",
    "finished": "kết thúc trong kỳ, nhận lúc nào cũng tính",
    "forwarded": "nhận trong kỳ, đã chuyển cơ quan có thẩm quyền",
    "due": "nhận trong kỳ, hạn trả lời đã qua hoặc đã trả lời",
    "on_time_rate": "số đúng hạn chia cho số đã tới hạn",
    "first_median": "nhận trong kỳ; một nửa có người xử lý trong thời gian này (giờ làm việc)",
    "first_p90": "nhận trong kỳ; 90% có người xử lý trong thời gian này (giờ làm việc)",
    "answer_median": "nhận trong kỳ; một nửa được trả lời trong thời gian này (giờ làm việc)",
    "answer_p90": "nhận trong kỳ; 90% được trả lời trong thời gian này (giờ làm việc)",
    "reopened_rate": "số mở lại chia cho số đã trả lời",
    "rated": "nhận trong kỳ, người gửi đã chấm điểm",
    "satisfaction": "trung bình các điểm đã chấm, từ 1 đến 5",
    "satisfied_rate": "số điểm 4 và 5 chia cho số điểm đã chấm",
    "anonymous": "nhận trong kỳ, không nêu tên người gửi",
    "spam": "nhận trong kỳ, bị xác định là rác",
    "erased": "nhận trong kỳ, nội dung đã xóa theo quy định",
    "questions": "câu hỏi gửi trợ lý tự động trong kỳ",
    "bot_answered": "câu hỏi trong kỳ mà trợ lý trả lời hoặc người hỏi chọn được câu đúng",
    "bot_rate": "số trợ lý trả lời được chia cho số câu hỏi",
    "gaps": "câu hỏi trong kỳ chưa có câu trả lời",
    "sealed": "kênh mật; chỉ nêu khi đủ lớn và không suy ra được số nhỏ",
}


def source(one: Mapping[str, Any], catalog: Catalog) -> str:
    """Where a number comes from: the filter of its list, or what it counts."""
    if one["query"]["filter"]:
        return condition(one["query"]["filter"], catalog)
    return MEANING.get(one["id"], condition({}, catalog))


def condition(filter_: Mapping[str, str], catalog: Catalog) -> str:
    """The filter of a query in words: ``nhận từ 01/11/2026 đến 30/4/2027; không kể rác``."""
    parts = []
    if "from" in filter_ and "to" in filter_:
        first, last = (date.fromisoformat(filter_[name]) for name in ("from", "to"))
        parts.append(f"nhận từ {full_day(first)} đến {full_day(last)}")
    for key, code in filter_.items():
        if key in ("from", "to"):
            continue
        words = _FLAGS.get((key, code))
        if words is None:
            words = f"{_FILTER.get(key, key)}: {titles.name(catalog, key, code)}"
        if words:
            parts.append(words)
    return "; ".join(parts) or "trong kỳ báo cáo"
