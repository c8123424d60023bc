"""The rules of Zalo's open API as the simulated server keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from intake_api.channels.twin_base import Refusal

WINDOW = timedelta(hours=48)
FREE_REPLIES = 8
MAX_TEXT = 2000


class OpenApiError(Refusal):
    """A refusal as Zalo says it: HTTP 200 and a number."""

    def as_dict(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": self.code, "message": str(self)}


@dataclass(frozen=True, slots=True)
class Received:
    """A message that the server took."""

    person: str
    text: str
    msg_id: str
    at: datetime
    quota: str = "reply"

    @property
    def to(self) -> str:
        return self.person

    def as_dict(self) -> dict[str, Any]:
        """For people who look at the server from outside."""
        return {
            "person": self.person, "text": self.text, "msg_id": self.msg_id,
            "at": self.at.isoformat(), "quota": self.quota,
        }  # fmt: skip


@dataclass
class People:
    """What the platform knows of the people of one OA."""

    last_interaction: dict[str, datetime] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def interacted(self, person: str, now: datetime) -> None:
        """A message or a tap: the window opens and the free replies are counted anew."""
        self.last_interaction[person] = now
        self.used[person] = 0


def read_message(
    body: Any, *, msg_id: str, now: datetime, people: People, extra: int = 0
) -> Received:
    """Checks one consultation message; raises OpenApiError as Zalo would.

    ``extra``: messages that the OA's package still pays for beyond the free ones.
    """
    person, text = _parts(body)
    if person in people.blocked:
        raise OpenApiError(-217, "User has blocked the official account")
    last = people.last_interaction.get(person)
    if last is None:
        raise OpenApiError(-213, "User has not followed or interacted with the official account")
    if person in people.left:
        raise OpenApiError(-213, "User has not followed official account")
    if now - last > WINDOW:
        raise OpenApiError(-230, "User has not interacted with the OA in the past 48 hours")
    quota = "reply"
    if people.used.get(person, 0) >= FREE_REPLIES:
        if extra <= 0:
            raise OpenApiError(-211, "Out of quota")
        quota = "sub_quota"
    people.used[person] = people.used.get(person, 0) + 1
    return Received(person=person, text=text, msg_id=msg_id, at=now, quota=quota)


def _parts(body: Any) -> tuple[str, str]:
    party = body.get("recipient") if isinstance(body, dict) else None
    person = party.get("user_id") if isinstance(party, dict) else None
    message = body.get("message") if isinstance(body, dict) else None
    text = message.get("text") if isinstance(message, dict) else None
    if not isinstance(person, str) or not person:
        raise OpenApiError(-201, "user_id is invalid")
    if not isinstance(text, str) or not text.strip():
        raise OpenApiError(-201, "message text is invalid")
    if len(text) > MAX_TEXT:
        raise OpenApiError(-210, "Parameter is limited: text must be at most 2000 characters")
    return person, text


def answer(received: Received, *, people: People, extra: int) -> Mapping[str, Any]:
    """What Zalo says to a message that it took."""
    return {
        "error": 0,
        "message": "Success",
        "data": {
            "message_id": received.msg_id,
            "user_id": received.person,
            "quota": {
                "quota_type": received.quota,
                "remain": str(
                    max(0, FREE_REPLIES - people.used.get(received.person, 0))
                    if received.quota == "reply"
                    else extra
                ),
                "total": str(FREE_REPLIES),
            },
        },
    }
