"""What the Send API's refusals mean for a message: try again, hold, or give up."""

from __future__ import annotations

import json
from typing import Any

import httpx

from intake_api.channels.base import GiveUp, Hold, NotSent, Retry, Unknown, operator_alarm

SOON = 2.0
BUSY = 60.0
UNTIL_SOMEBODY_ACTS = 900.0
LONGEST = 3600.0

RATE_LIMITS = frozenset({4, 613, 80006})
# Not in our interface document, but Meta calls them temporary.
TEMPORARY = frozenset({1, 2, 1200})
WINDOW = frozenset({2018065, 2018278})
GIVE_UP = {
    100: "nền tảng không nhận nội dung hoặc người nhận này",
    200: "trang chưa có quyền gửi tin",
    230: "trang chưa có quyền nhắn cho người này",
    368: "nền tảng tạm chặn trang gửi tin",
    551: "người này hiện không nhận tin của trang",
    10900: "bình luận này đã được trả lời riêng một lần",
    10903: "không thể trả lời người này",
    10904: "trang đang tắt tính năng nhắn tin",
}
# Here only whoever runs the Page can help, and every other message fails as well.
OPERATOR = frozenset({200, 368, 10904})


def refusal(response: httpx.Response) -> NotSent:
    """The exception for an answer that is not a success; alarms the operator where needed."""
    error = _error(response)
    code = error.get("code")
    code = code if isinstance(code, int) else None
    subcode = error.get("error_subcode")
    subcode = subcode if isinstance(subcode, int) else None
    after = _after(response)
    known = _by_code(code, subcode, after)
    if known is not None:
        return known
    if response.status_code >= 500:
        return Retry(after or SOON, f"Messenger đang lỗi (HTTP {response.status_code})")
    if response.status_code == 429:
        return Retry(after or BUSY, "Messenger đang giới hạn số tin gửi")
    if error.get("is_transient") is True:
        return Retry(after or SOON, f"Messenger tạm thời chưa nhận (mã {code})")
    if code is None:
        # Not Meta's own words: a wrong address, or something in between that wants a log-in.
        operator_alarm("messenger_strange_answer", status=response.status_code)
        return Retry(UNTIL_SOMEBODY_ACTS, f"câu trả lời lạ (HTTP {response.status_code})")
    return GiveUp(f"Messenger không nhận (HTTP {response.status_code}, mã {code})")


def _by_code(code: int | None, subcode: int | None, after: float | None) -> NotSent | None:
    if code == 190:
        operator_alarm("messenger_token", code=code, subcode=subcode)
        return Retry(UNTIL_SOMEBODY_ACTS, "mã truy cập của trang hết hạn hoặc sai (mã 190)")
    if code == 10 or subcode in WINDOW:
        return Hold("ngoài thời hạn nền tảng cho phép trả lời (mã 10)")
    if code in RATE_LIMITS:
        return Retry(after or BUSY, f"Messenger đang giới hạn số tin gửi (mã {code})")
    if code in TEMPORARY:
        return Retry(after or SOON, f"Messenger tạm thời chưa nhận (mã {code})")
    if code in GIVE_UP:
        if code in OPERATOR:
            operator_alarm("messenger_page", code=code, subcode=subcode)
        return GiveUp(f"{GIVE_UP[code]} (mã {code})")
    return None


def failure(error: httpx.RequestError) -> NotSent:
    """The exception for a call without an answer."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Retry(SOON, "chưa kết nối được tới Messenger")
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.ProxyError):
        operator_alarm("messenger_address", error=type(error).__name__)
        return Retry(UNTIL_SOMEBODY_ACTS, "địa chỉ hoặc cổng nối tới Messenger sai")
    return Unknown("đã gửi đi nhưng Messenger chưa xác nhận")


def _error(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return min(float(value), LONGEST) if value.isascii() and value.isdigit() else None
