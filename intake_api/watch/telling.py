"""Why an alert fired, in one or two Vietnamese sentences. Numbers only, nobody's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_api.watch.model import Evidence


def as_data(evidence: Evidence) -> dict[str, Any]:
    """The evidence as plain data that is kept with an alert."""
    return {
        "test": evidence.test,
        "days": evidence.days,
        "people": round(evidence.people),
        "expected": _short(evidence.expected),
        "observed": _short(evidence.observed),
        "negative": None if evidence.negative is None else round(evidence.negative),
        "share": None if evidence.share is None else round(evidence.share, 3),
        "usual_share": None if evidence.usual_share is None else round(evidence.usual_share, 3),
    }


def _short(value: float) -> float:
    return round(value) if value >= 10 else round(value, 1)


def _number(value: float) -> str:
    if value < 0.1:
        return "hầu như không có"
    text = f"{value:g}".replace(".", ",")
    return f"khoảng {text}"


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"


def why(data: Mapping[str, Any]) -> str:
    """The sentences for what ``as_data`` kept: what was seen and what was to be expected."""
    days = int(data["days"])
    when = "Trong ngày" if days == 1 else f"Trong {days} ngày"
    people, usual = int(data["people"]), float(data["expected"])
    test = data["test"]
    if test in ("negative", "both", "season"):
        lines = [
            f"{when} có {data['negative']} người bức xúc trong {people} người viết; "
            f"bình thường {_number(usual)} người bức xúc."
        ]
    elif test == "share":
        lines = [
            f"{when} có {people} người viết, {_percent(data['share'])} trong số đó bức xúc; "
            f"bình thường {_percent(data['usual_share'] or 0)}."
        ]
    else:
        lines = [f"{when} có {people} người viết; bình thường {_number(usual)} người."]
        if data.get("negative"):
            lines.append(f"{data['negative']} người trong số đó bức xúc.")
    if test == "channels":
        lines.append("Ý kiến đến cùng lúc trên ít nhất ba kênh.")
    elif test == "hours":
        lines.append("Phần lớn dồn vào ba giờ liền nhau.")
    elif test == "season":
        lines.append(
            "Đang trong mùa có nhiều người hỏi; tỷ lệ bức xúc cao hơn hẳn những ngày trước."
        )
    return " ".join(lines)
