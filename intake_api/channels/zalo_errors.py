"""What refusals of Zalo's open API mean for a message: try again, hold, or give up. One table.

Zalo answers HTTP 200 and says in ``error`` what is wrong. The numbers are those of its own list
of error codes; an unknown one is given up and shown to staff, never tried blindly again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import httpx

from intake_api.channels.base import GiveUp, Hold, NotSent, Retry, Unknown, operator_alarm

SOON = 2.0
BUSY = 60.0
UNTIL_SOMEBODY_ACTS = 900.0
# The access token is not (any more) good: a new pair is fetched and the call made once more.
TOKEN = frozenset({-216, -220})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the message. ``alarm``: only whoever runs the OA can help."""

    do: Literal["retry", "hold", "give_up"]
    reason: str
    wait: float = 0.0
    alarm: str = ""


_WINDOW = Verdict("hold", "quá 48 giờ từ lần tương tác cuối; gửi khi người đó nhắn lại")
_QUOTA = Verdict("hold", "đã hết số tin trả lời Zalo cho phép; gửi khi người đó nhắn lại")
_BUSY = Verdict("retry", "Zalo đang giới hạn số tin gửi", BUSY)
_OA = "zalo_oa"

CODES: dict[int, Verdict] = {
    -100: Verdict("retry", "Zalo tạm thời chưa nhận", SOON),
    -32: _BUSY,
    -200: Verdict("retry", "Zalo tạm thời chưa nhận", SOON),
    -201: Verdict("give_up", "Zalo không nhận nội dung hoặc người nhận này"),
    -202: Verdict("give_up", "OA chưa có quyền gửi tin", alarm=_OA),
    -204: Verdict("give_up", "OA đã bị xóa", alarm=_OA),
    -205: Verdict("give_up", "không có OA này", alarm=_OA),
    -209: Verdict("give_up", "ứng dụng chưa được phép dùng chức năng gửi tin", alarm=_OA),
    -210: Verdict("give_up", "tin vượt giới hạn của Zalo"),
    -211: _QUOTA,
    -213: Verdict("hold", "người này không còn quan tâm OA; gửi khi người đó nhắn lại"),
    -216: Verdict("retry", "mã truy cập OA hết hạn hoặc sai", UNTIL_SOMEBODY_ACTS, "zalo_token"),
    -217: Verdict("give_up", "người này chặn tin của OA"),
    -218: _QUOTA,
    -219: Verdict("give_up", "ứng dụng bị gỡ hoặc vô hiệu", alarm=_OA),
    -220: Verdict("retry", "mã truy cập OA hết hạn hoặc sai", UNTIL_SOMEBODY_ACTS, "zalo_token"),
    -221: Verdict("give_up", "OA chưa được xác thực", alarm=_OA),
    -223: _QUOTA,
    -224: Verdict("give_up", "OA chưa mua gói dịch vụ cần cho việc gửi tin", alarm=_OA),
    -227: Verdict("give_up", "tài khoản Zalo của người này bị khóa hoặc lâu không dùng"),
    -230: _WINDOW,
    -232: _WINDOW,
    -233: Verdict("give_up", "Zalo không hỗ trợ loại tin này"),
    -234: Verdict("retry", "Zalo không nhận tin vào giờ này", UNTIL_SOMEBODY_ACTS),
    -244: Verdict("give_up", "người này hạn chế nhận tin của OA"),
}


def refusal(code: int) -> NotSent:
    """The exception for an answer with this ``error``; alarms the operator where needed."""
    known = CODES.get(code)
    if known is None:
        return GiveUp(f"Zalo không nhận (mã {code})")
    if known.alarm:
        operator_alarm(known.alarm, code=code)
    reason = f"{known.reason} (mã {code})"
    if known.do == "retry":
        # A limit of the minute, a dead token, an hour of silence: nothing else passes either.
        return Retry(known.wait, reason, channel_wide=known.wait > SOON)
    return Hold(reason) if known.do == "hold" else GiveUp(reason)


def no_answer(response: httpx.Response) -> NotSent:
    """The exception for an answer that is not Zalo's own words."""
    if response.status_code >= 500:
        return Retry(SOON, f"Zalo đang lỗi (HTTP {response.status_code})", channel_wide=True)
    if response.status_code == 429:
        return Retry(BUSY, "Zalo đang giới hạn số tin gửi", channel_wide=True)
    if response.is_success:
        return Unknown("Zalo trả lời không đọc được")
    operator_alarm("zalo_strange_answer", status=response.status_code)
    return Retry(
        UNTIL_SOMEBODY_ACTS, f"câu trả lời lạ (HTTP {response.status_code})", channel_wide=True
    )


def failure(error: httpx.RequestError) -> NotSent:
    """The exception for a call without an answer."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Retry(SOON, "chưa kết nối được tới Zalo", channel_wide=True)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.ProxyError):
        operator_alarm("zalo_address", error=type(error).__name__)
        return Retry(UNTIL_SOMEBODY_ACTS, "địa chỉ hoặc cổng nối tới Zalo sai", channel_wide=True)
    return Unknown("đã gửi đi nhưng Zalo chưa xác nhận")
