"""What platforms' refusals have in common: what becomes of the message, and what HTTP itself says.

Each platform adds the table of its own numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import httpx

from intake_api.channels.base import NotSent, Retry, Unknown, operator_alarm

SOON = 2.0
BUSY = 60.0
UNTIL_SOMEBODY_ACTS = 900.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the message. ``wait``: seconds before the next try. ``alarm``: only whoever
    runs the Page or the OA can help, and every other message fails as well."""

    do: Literal["retry", "hold", "reply_used", "give_up"]
    reason: str
    wait: float = 0.0
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform as people call it, and what the operator's alarms begin with ("zalo_address",
    "zalo_strange_answer")."""

    name: str
    alarm: str

    def away(self, status: int, after: float | None = None) -> NotSent | None:
        """The exception for a platform that is broken or has too much to do; None for another
        status. ``after``: the seconds that it asks for itself."""
        if status >= 500:
            return Retry(after or SOON, f"{self.name} đang lỗi (HTTP {status})", channel_wide=True)
        if status == 429:
            return Retry(after or BUSY, f"{self.name} đang giới hạn số tin gửi", channel_wide=True)
        return None

    def strange(self, status: int) -> NotSent:
        """The exception for an answer that is not the platform's own words: a wrong address, or
        something in between that wants a log-in."""
        operator_alarm(f"{self.alarm}_strange_answer", status=status)
        return Retry(UNTIL_SOMEBODY_ACTS, f"câu trả lời lạ (HTTP {status})", channel_wide=True)

    def failure(self, error: httpx.RequestError) -> NotSent:
        """The exception for a call without an answer."""
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
            return Retry(SOON, f"chưa kết nối được tới {self.name}", channel_wide=True)
        if isinstance(
            error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.ProxyError
        ):
            operator_alarm(f"{self.alarm}_address", error=type(error).__name__)
            reason = f"địa chỉ hoặc cổng nối tới {self.name} sai"
            return Retry(UNTIL_SOMEBODY_ACTS, reason, channel_wide=True)
        return Unknown(f"đã gửi đi nhưng {self.name} chưa xác nhận")
