"""What the Graph API's refusals mean for a message: try again, hold, or give up. One table.

Codes as in interfaces 5.6, and a few that Meta calls temporary. Whatever is not in the table is
given up and shown to staff: a refusal that nobody knows is never tried blindly again.
"""

from __future__ import annotations

import json
from typing import Any

import httpx

from intake_api.channels.base import GiveUp, Hold, NotSent, ReplyUsed, Retry, operator_alarm
from intake_api.channels.failing import BUSY, SOON, UNTIL_SOMEBODY_ACTS, Platform, Verdict

PLATFORM = Platform("Messenger", "messenger")
LONGEST = 3600.0

_BUSY = Verdict("retry", "Messenger đang giới hạn số tin gửi", BUSY)
_TEMPORARY = Verdict("retry", "Messenger tạm thời chưa nhận", SOON)
_WINDOW = Verdict("hold", "ngoài thời hạn nền tảng cho phép trả lời")
_PAGE = "messenger_page"

CODES: dict[int, Verdict] = {
    1: _TEMPORARY,
    2: _TEMPORARY,
    1200: _TEMPORARY,
    4: _BUSY,
    613: _BUSY,
    80006: _BUSY,
    10: _WINDOW,
    190: Verdict(
        "retry", "mã truy cập của Trang hết hạn hoặc sai", UNTIL_SOMEBODY_ACTS, "messenger_token"
    ),
    100: Verdict("give_up", "nền tảng không nhận nội dung hoặc người nhận này"),
    200: Verdict("give_up", "Trang chưa có quyền gửi tin", alarm=_PAGE),
    230: Verdict("give_up", "Trang chưa có quyền nhắn cho người này"),
    368: Verdict("give_up", "nền tảng tạm chặn Trang gửi tin", alarm=_PAGE),
    551: Verdict("give_up", "người này hiện không nhận tin của Trang"),
    10900: Verdict("reply_used", "bình luận này đã được trả lời riêng một lần"),
    10903: Verdict("give_up", "không thể trả lời riêng người này"),
    10904: Verdict("give_up", "Trang đang tắt tính năng nhắn tin", alarm=_PAGE),
}
# These say more than the code that they come with.
SUBCODES: dict[int, Verdict] = {
    2018065: _WINDOW,
    2018278: _WINDOW,
    2018300: Verdict("hold", "hộp thư của Trang đang giữ cuộc trò chuyện này"),
    33: Verdict("give_up", "nội dung này không còn trên nền tảng"),
}


def refusal(response: httpx.Response) -> NotSent:
    """The exception for an answer that is not a success; alarms the operator where needed."""
    error = _error(response)
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    after = _after(response)
    known = _known(code, subcode)
    if known is not None:
        if known.alarm:
            operator_alarm(known.alarm, code=code, subcode=subcode)
        return _exception(known, f"{known.reason} (mã {code})", after)
    away = PLATFORM.away(response.status_code, after)
    if away is not None:
        return away
    if error.get("is_transient") is True:
        return Retry(after or SOON, f"Messenger tạm thời chưa nhận (mã {code})")
    if code is None:
        return PLATFORM.strange(response.status_code)
    return GiveUp(f"Messenger không nhận (HTTP {response.status_code}, mã {code})")


def _known(code: int | None, subcode: int | None) -> Verdict | None:
    """The verdict on a refusal, or None when neither number is known."""
    if subcode in SUBCODES and (code in (10, 100) or code not in CODES):
        return SUBCODES[subcode]
    return CODES.get(code) if code is not None else None


def _exception(verdict: Verdict, reason: str, after: float | None) -> NotSent:
    if verdict.do == "retry":
        # Somebody has to act: the platform's own "come back soon" does not count.
        wait = verdict.wait if verdict.alarm else after or verdict.wait
        return Retry(wait, reason, channel_wide=bool(verdict.alarm) or verdict is _BUSY)
    return {"hold": Hold, "reply_used": ReplyUsed, "give_up": GiveUp}[verdict.do](reason)


def _error(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return min(float(value), LONGEST) if value.isascii() and value.isdigit() else None
