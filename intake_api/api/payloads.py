"""What the API accepts, as pydantic models. Unknown members are refused by name."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)

Text = Annotated[str, StringConstraints(max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Body(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_nul(cls, value: object) -> object:
        # PostgreSQL cannot store NUL; no writing system needs it.
        return value.replace("\x00", "") if isinstance(value, str) else value


class Strict(Body):
    """Base of everything that is sent: a number is no text, and "yes" is no boolean."""

    model_config = ConfigDict(extra="forbid", strict=True)


def whole(value: object) -> object:
    """5.0 is an integer in JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


DRAFT_ID = "^[0-9a-f]{32}$"
# Numbers of messages, as both databases count them.
MessageId = Annotated[int | None, Field(ge=0, le=2**31 - 1), BeforeValidator(whole)]


class Turn(Strict):
    """What every call of the assistant carries."""

    sender: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,12}:[0-9a-f]{32}$")]
    message_id: MessageId = None


class AnswerBody(Turn):
    text: Text = ""
    slug: Short | None = None
    more: bool = False


class DraftBody(Turn):
    text: Text


class DraftChange(Strict):
    text_append: Text | None = None
    text_replace: Text | None = None
    place_text: Short | None = None
    name: Short | None = None
    phone: Annotated[str, StringConstraints(max_length=30)] | None = None
    email: Short | None = None
    anonymous: bool | None = None
    consent: bool | None = None


class SubmitBody(Strict):
    message_id: MessageId = None


class StatusBody(Turn):
    text: Text = ""
    pin: Annotated[str, StringConstraints(max_length=20)] | None = None


class TellBody(Turn):
    text: Text
    reason: Short | None = None


# One visible character at least: blanks, controls and loose marks put nothing on record. The same
# expression in JSON Schema's dialect and in pydantic's.
VISIBLE = (
    r"[^\s\u0000-\u0020\u007f-\u00a0\u00ad\u0300-\u036f\u061c\u115f\u1160\u1680\u17b4\u17b5"
    r"\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u20d0-\u20ff\u3000\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff9-\ufffb]"
)
Said = Annotated[str, StringConstraints(min_length=1, max_length=5000, pattern=VISIBLE)]


class ContactBody(Strict):
    """Ai cần được trả lời."""

    name: Short | None = None
    phone: Annotated[str, StringConstraints(max_length=30)] | None = None
    email: Short | None = None


_NOBODY = {"enum": [None, ""]}
# Silence is no consent (Law 91/2025/QH15): contact data needs an explicit yes. What the view
# checks stands in the description too.
_CONSENT: dict[str, Any] = {
    "anyOf": [
        {"properties": {"consent": {"const": True}}, "required": ["consent"]},
        {"properties": {"contact": {"properties": dict.fromkeys(
            ("name", "phone", "email"), _NOBODY)}}},
    ]
}  # fmt: skip


class FeedbackBody(Strict):
    """Một ý kiến do hệ thống khác gửi."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_CONSENT)

    description: Said = Field(description="Nội dung, nguyên văn")
    place: Short | None = Field(None, description="Nơi xảy ra: trường, địa bàn")
    contact: ContactBody = Field(default_factory=ContactBody)
    anonymous: bool = Field(default=False, description="Người gửi không muốn nêu tên")
    consent: bool = Field(default=False, description="Bắt buộc đúng khi có thông tin liên hệ")
    sender_role: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)] | None = (
        None
    )


class MessageBody(Strict):
    """Lời bổ sung của người gửi."""

    text: Said


class _Wished(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Withdraw(_Wished):
    """Rút ý kiến."""

    status: Literal["withdrawn"]


class Confirm(_Wished):
    """Xác nhận đã được trả lời, kèm mức hài lòng nếu có."""

    status: Literal["confirmed"]
    rating: Annotated[int | None, Field(ge=1, le=5), BeforeValidator(whole)] = None


class Reopen(_Wished):
    """Đề nghị xem lại."""

    status: Literal["reopened"]


class StatusChange(
    RootModel[Annotated[Withdraw | Confirm | Reopen, Field(discriminator="status")]]
):
    """Đề nghị của người gửi."""


# ------------------------------------------------------------------------------ addresses

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)")


def read_moment(value: object) -> object:
    """An RFC 3339 moment from an address; raises ValueError for anything else."""
    text = str(value).replace(" ", "+")  # what a plus sign becomes that nobody encoded
    if not _MOMENT.fullmatch(text):
        raise ValueError("cần thời điểm có múi giờ, như 2026-11-23T08:00:00+07:00")
    # A leap second is the one before it, as everywhere.
    found = datetime.fromisoformat(re.sub(r"(:\d\d):60", r"\1:59", text).upper())
    try:
        return found.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar
        return found.replace(tzinfo=UTC)


def _digits(value: object) -> object:
    if not re.fullmatch(r"[0-9]{1,4}", str(value)):
        raise ValueError("cần một số")
    return int(str(value))


Moment = Annotated[
    datetime, BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]  # fmt: skip
Limit = Annotated[int, Field(ge=1, le=200), BeforeValidator(_digits)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
# The place to go on from, as an answer gave it.
Place = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class CaseQuery(Body):
    """Lọc danh sách ý kiến."""

    limit: Limit = 50
    cursor: Place | None = None
    status: Literal["open", "closed"] | None = None
    state: Code | None = None
    kind: Code | None = None
    topic: Code | None = None
    unit: Code | None = None
    channel: Code | None = None
    received_from: Moment | None = None
    received_to: Moment | None = None


class StepQuery(Body):
    """Trang của lịch sử."""

    limit: Limit = 50
    cursor: Place | None = None
