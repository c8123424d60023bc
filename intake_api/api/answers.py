"""What the public API answers with, as pydantic models: they make the answer and describe it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["open", "closed"]


class Body(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Receipt(Body):
    """Biên nhận một ý kiến."""

    code: str = Field(description="Mã ý kiến, dạng PA-YYMM-XXXX-XXXX")
    pin: str | None = Field(description="PIN 6 số, chỉ được nói một lần")
    kind: str
    kind_name: str
    topic_name: str
    unit_name: str
    due: str | None = Field(description="Hạn trả lời bằng lời; không có nếu loại này không đặt hạn")
    confidential: bool = Field(description="Đúng: ý kiến nằm trong kênh mật")


class CaseStatus(Body):
    """Tình trạng một ý kiến, cho người có mã và PIN."""

    code: str
    state: str
    state_label: str
    unit_name: str
    received: str
    due: str | None
    last_reply: str | None


class Case(Body):
    """Một ý kiến; thông tin cá nhân trong lời đã được che."""

    code: str
    status: Status
    state: str
    state_label: str
    kind: str
    kind_name: str
    topic: str
    topic_name: str
    unit: str
    unit_name: str
    channel: str
    urgent: bool
    level: str | None
    district: str | None
    school: str | None
    text: str = Field(description="Nội dung, đã che thông tin cá nhân")
    received_at: datetime
    due_at: datetime | None
    first_response_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    reopened: int
    last_answer: str | None = Field(description="Trả lời gần nhất, đã che thông tin cá nhân")
    may: list[Literal["withdrawn", "confirmed", "reopened"]] = Field(
        description="Những gì người gửi có thể đề nghị lúc này"
    )


class Turned(Case):
    """Một ý kiến sau khi đổi tình trạng theo đề nghị của người gửi."""

    notice: str | None = Field(description="Một câu, khi đề nghị phải chờ cán bộ xem xét")


class CasePage(Body):
    """Một trang danh sách, mới nhất trước."""

    items: list[Case]
    next_cursor: str | None
    total_estimate: int | None = Field(
        description="Số ý kiến khớp, chỉ ở trang đầu; 1001 nghĩa là nhiều hơn 1000"
    )


class Step(Body):
    """Một việc đã xảy ra với ý kiến; ai làm không được nêu."""

    at: datetime
    action: str
    title: str
    state_before: str | None
    state_after: str | None


class StepPage(Body):
    """Một trang lịch sử, cũ nhất trước."""

    items: list[Step]
    next_cursor: str | None


class Said(Body):
    """Lời bổ sung đã được ghi."""

    code: str = Field(description="Ý kiến chứa lời này: ý kiến đang nói tới, hoặc một ý kiến mật")
    apart: bool = Field(description="Đúng: lời cần bảo vệ, thành một ý kiến mật riêng")
    pin: str | None = Field(description="PIN của ý kiến riêng")
    notice: list[str]


class Named(Body):
    """Một mã và tên."""

    code: str
    name: str


class TopicName(Named):
    """Một chủ đề (tầng 2) và nhóm của nó (tầng 1)."""

    group: str
    group_name: str
    unit: str


class UnitName(Named):
    """Một đơn vị và ngày nó kết thúc, nếu có."""

    level: str
    valid_to: str | None
    successor: str | None


class CatalogOut(Body):
    """Danh mục để hiểu các mã."""

    kinds: list[Named]
    topics: list[TopicName]
    units: list[UnitName]
    states: list[Named]
