"""What the API accepts, as pydantic models. Unknown members are refused by name."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

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


class Turn(Body):
    """What every call of the assistant carries."""

    sender: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,12}:[0-9a-f]{32}$")]
    message_id: int | None = None


class AnswerBody(Turn):
    text: Text = ""
    slug: Short | None = None
    more: bool = False


class DraftBody(Turn):
    text: Text


class DraftChange(Body):
    text_append: Text | None = None
    text_replace: Text | None = None
    place_text: Short | None = None
    name: Short | None = None
    phone: Annotated[str, StringConstraints(max_length=30)] | None = None
    email: Short | None = None
    anonymous: bool | None = None
    consent: bool | None = None


class SubmitBody(Body):
    message_id: int | None = None


class StatusBody(Turn):
    text: Text = ""
    pin: Annotated[str, StringConstraints(max_length=20)] | None = None


class TellBody(Turn):
    text: Text
    reason: Short | None = None


class ContactBody(Body):
    name: Short | None = None
    phone: Annotated[str, StringConstraints(max_length=30)] | None = None
    email: Short | None = None


class FeedbackBody(Body):
    """POST /api/v1/feedback: one comment from another system."""

    description: Annotated[str, StringConstraints(min_length=1, max_length=5000)]
    place: Short | None = None
    contact: ContactBody = Field(default_factory=ContactBody)
    anonymous: bool = False
    consent: bool = False
    sender_role: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)] | None = (
        None
    )
