"""How a message may be sent now: the platforms' window rules as one pure function.

Decided again at the moment of sending, never when the message was written (interfaces 5.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from intake_api.domain.model import Channel

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SendMode:
    """``mode``: direct (no platform window), response, human_agent or hold."""

    mode: str
    reason: str = ""


def decide(
    channel: str,
    *,
    now: datetime,
    last_inbound_at: datetime | None,
    written_by_person: bool,
    human_agent_approved: bool,
) -> SendMode:
    """Decides for one outgoing message. ``last_inbound_at``: the person's newest message.

    Messenger: within 24 hours any answer; within 7 days a person's own words with the
    HUMAN_AGENT tag where the Page has it; otherwise the message waits until she writes again.
    """
    if channel != Channel.MESSENGER:
        return SendMode("direct")
    if last_inbound_at is None:
        return SendMode("hold", "người gửi chưa nhắn tin cho trang")
    age = now - last_inbound_at
    if age <= DAY:
        return SendMode("response")
    if age <= WEEK and written_by_person and human_agent_approved:
        return SendMode("human_agent")
    return SendMode("hold", "quá thời hạn nền tảng cho phép trả lời; gửi khi người đó nhắn lại")
