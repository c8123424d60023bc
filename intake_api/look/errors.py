"""Errors as pages: what happened, in words, and a way on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from intake_api import look


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says about one kind of error."""

    title: str
    text: str
    retry: bool = False


WORDS = {
    400: Words(
        "Trình duyệt gửi thiếu thông tin",
        "Máy chủ không đọc được nội dung vừa gửi. Anh/chị quay lại trang trước và thử lần nữa.",
        retry=True,
    ),
    403: Words(
        "Anh/chị không có quyền xem trang này",
        "Nếu anh/chị cho rằng đây là nhầm lẫn, hãy liên hệ Văn phòng Sở.",
    ),
    404: Words(
        "Không tìm thấy trang này",
        "Địa chỉ có thể đã đổi hoặc gõ thiếu. Ý kiến đã gửi vẫn được giữ; "
        "anh/chị tra cứu bằng mã trên biên nhận.",
    ),
    405: Words(
        "Trang này không mở theo cách đó",
        "Anh/chị quay lại trang trước và thử lần nữa.",
        retry=True,
    ),
    413: Words(
        "Nội dung gửi lên quá lớn",
        "Mỗi tệp không quá 10 MB, tối đa 5 tệp. Anh/chị quay lại, bớt hoặc thu nhỏ tệp rồi gửi.",
        retry=True,
    ),
    429: Words(
        "Có quá nhiều lần gửi trong thời gian ngắn",
        "Để bảo vệ hệ thống, xin anh/chị chờ khoảng một phút rồi thử lại. "
        "Nếu trẻ đang gặp nguy hiểm, xin gọi ngay 111, 113 hoặc 115.",
        retry=True,
    ),
    500: Words(
        "Hệ thống gặp lỗi",
        "Lỗi này đã được ghi lại. Anh/chị thử lại sau ít phút; nếu việc gấp, "
        "xin liên hệ trực tiếp Văn phòng Sở.",
        retry=True,
    ),
    503: Words(
        "Hệ thống tạm thời chưa ghi được",
        "Nội dung vừa gửi CHƯA được lưu. Anh/chị giữ lại nội dung và thử lại sau ít phút.",
        retry=True,
    ),
}
EXPIRED = Words(
    "Trang đã mở quá lâu",
    "Vì lý do an toàn, trang này không còn nhận nội dung. Anh/chị quay lại, tải lại trang rồi gửi; "
    "nội dung đã gõ thường vẫn còn khi quay lại.",
    retry=True,
)


def page(error: HTTPException) -> Any:
    """The error as a page, or as JSON for the scripts of our own pages."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.response or error  # a redirect, or an answer made on purpose
    words = EXPIRED if isinstance(error, CSRFError) else WORDS.get(status)
    if words is None:
        words = WORDS[500] if status >= 500 else WORDS[400]
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() in ("retry-after", "allow", "www-authenticate")
    }
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    if best == "application/json":
        return {"message": f"{words.title}. {words.text}"}, status, headers
    return render_template("look/error.html", words=words, status=status), status, headers


def register(app: Flask) -> None:
    """Gives the application its error pages and the templates their helpers.

    An exception nobody caught arrives here too: Flask wraps it as InternalServerError.
    """
    look.install(app)
    app.register_error_handler(HTTPException, page)
