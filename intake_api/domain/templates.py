"""Reply templates: which variables they may use, and filling them in for one case."""

from __future__ import annotations

import re
from collections.abc import Mapping

# What a template may name; the words beside it tell officers what will stand there.
VARIABLES: dict[str, str] = {
    "code": "mã ý kiến",
    "unit": "đơn vị đang xử lý",
    "school": "tên trường, hoặc “nhà trường”",
    "due": "hạn trả lời bằng chữ",
}
_HOLE = re.compile(r"\{[^{}\n]{0,60}\}")


def unknown(text: str) -> list[str]:
    """Variables of a template that nobody will fill in, as they stand there."""
    return [hole for hole in _HOLE.findall(text) if hole[1:-1] not in VARIABLES]


def fill(text: str, given: Mapping[str, str]) -> str:
    """The template with what is known in it; what is not known stays as it stands there."""
    return _HOLE.sub(lambda hole: given.get(hole[0][1:-1]) or hole[0], text)


def unfilled(text: str) -> list[str]:
    """What is still in braces: nothing of it may reach a citizen."""
    return list(dict.fromkeys(_HOLE.findall(text)))
