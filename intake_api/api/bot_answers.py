"""What the assistant's door answers with, as pydantic models (examples: tests/contract)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from intake_api.api.answers import Body, Receipt


class Related(Body):
    """Một mục hỏi đáp gần với câu trả lời."""

    slug: str
    short: str


class FaqAnswer(Body):
    """Một câu trả lời đã duyệt, với nguồn và thời hạn."""

    slug: str
    title: str
    short: str
    score: float
    text: str
    more: str
    source: str
    validity: str
    related: list[Related]


class Found(Body):
    """Trả lời, gợi ý, hoặc nói thật là chưa có."""

    decision: Literal["answer", "suggest", "decline"]
    as_of: str
    answers: list[FaqAnswer]


class Where(Body):
    """Nơi xảy ra, theo những gì đã hiểu."""

    school: str | None
    level: str | None
    district: str | None


class DraftView(Body):
    """Ý kiến đang soạn: đã hiểu gì, còn thiếu gì, và bản tóm tắt để xác nhận."""

    draft_id: str
    kind: str
    kind_name: str
    topic: str
    topic_name: str
    confidential: bool
    danger: bool
    issues: list[str]
    place: Where
    needs_place: bool
    matter: str
    notice: str | None
    is_question: bool
    contact_kind: Literal["named", "anonymous"] | None
    summary: list[str]


class Next(Body):
    """Câu hỏi tiếp theo cho người gửi, với các nút."""

    text: str
    buttons: list[dict[str, str]]


class BotReceipt(Receipt):
    """Biên nhận, cùng những dòng để nói."""

    receipt: list[str]
    next: Next | None = Field(default=None, exclude_if=lambda value: value is None)


class StatusLine(Body):
    """Một ý kiến, cho người đã gửi nó."""

    code: str
    state_label: str
    unit_name: str
    due: str | None
    received: str
    last_reply: str | None
    buttons: list[dict[str, str]]


class StatusOf(Body):
    """Những ý kiến tìm thấy."""

    found: bool
    needs_pin: bool
    mistyped: bool
    cases: list[StatusLine]


class Handed(Body):
    """Đã chuyển tới cán bộ, đã bổ sung hoặc đã rút."""

    code: str | None
    notice: str


class Press(Body):
    """Yêu cầu của báo chí đã được ghi."""

    code: str
    pin: str | None
    due: str | None
    unit_name: str
    notice: str


class Danger(Body):
    """Việc khẩn đã được chuyển; các dòng đầu là số điện thoại."""

    code: str
    notice: list[str]


def plain(model: type[Body], told: dict[str, Any]) -> dict[str, Any]:
    """What a step of the path says, held to what is declared for it."""
    return model.model_validate(told).model_dump(mode="json")
