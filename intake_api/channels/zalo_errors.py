"""What refusals of Zalo's open API mean for a message: try again, hold, or give up. One table.

Zalo answers HTTP 200 and says in ``error`` what is wrong. The numbers are those of its own list
of error codes; an unknown one is given up and shown to staff, never tried blindly again.
"""

from __future__ import annotations

import httpx

from intake_api.channels.base import GiveUp, Hold, NotSent, Retry, Unknown, operator_alarm
from intake_api.channels.failing import BUSY, SOON, UNTIL_SOMEBODY_ACTS, Platform, Verdict

PLATFORM = Platform("Zalo", "zalo")
# The access token is not (any more) good: a new pair is fetched and the call made once more.
TOKEN = frozenset({-216, -220})

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
    away = PLATFORM.away(response.status_code)
    if away is not None:
        return away
    if response.is_success:
        return Unknown("Zalo trả lời không đọc được")
    return PLATFORM.strange(response.status_code)
