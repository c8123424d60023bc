"""Errors of the API as RFC 9457 problem documents."""

from __future__ import annotations

import json
import uuid
from typing import Any

import structlog
from flask import Flask, Response, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from intake_api.store import StoreUnavailable

log = structlog.get_logger()
BASE = "https://langnghe.invalid/problems/"
TITLES = {
    "validation": "Dữ liệu không hợp lệ",
    "unauthenticated": "Chưa xác thực",
    "forbidden": "Không được phép",
    "not-found": "Không tìm thấy",
    "idempotency-missing": "Thiếu khóa chống gửi lặp",
    "idempotency-reused": "Khóa chống gửi lặp đã dùng cho nội dung khác",
    "method-not-allowed": "Địa chỉ này không nhận cách gọi đó",
    "conflict": "Ý kiến vừa thay đổi",
    "precondition-required": "Thiếu phiên bản đã đọc",
    "transition-not-allowed": "Tình trạng hiện tại không cho phép",
    "window-closed": "Đã quá thời hạn",
    "rate-limited": "Gửi quá nhanh",
    "payload-too-large": "Nội dung quá lớn",
    "unsupported-media": "Kiểu nội dung không được nhận",
    "malformed": "Không đọc được nội dung gửi lên",
    "internal": "Hệ thống gặp lỗi",
    "unavailable": "Tạm thời chưa ghi được",
}
# What an error of the framework may tell besides its status.
_KEPT = frozenset({"allow", "retry-after", "www-authenticate"})


class Problem(Exception):
    """An answer of the API that is not a success. ``extra`` are further members."""

    def __init__(self, slug: str, status: int, detail: str = "", **extra: Any) -> None:
        self.slug, self.status, self.detail, self.extra = slug, status, detail, extra
        self.headers: dict[str, str] = {}
        if status == 401:
            self.headers["WWW-Authenticate"] = "Bearer"
        if status == 503:
            self.headers["Retry-After"] = "30"
        super().__init__(slug)

    def response(self) -> Response:
        body: dict[str, Any] = {
            "type": BASE + self.slug,
            "title": TITLES[self.slug],
            "status": self.status,
            **({"detail": self.detail} if self.detail else {}),
            **self.extra,
        }
        return Response(
            json.dumps(body, ensure_ascii=False),
            status=self.status,
            content_type="application/problem+json",
            headers={"Content-Language": "vi", **self.headers},
        )


def from_validation(error: ValidationError, *, of: str = "", inside: int = 0) -> Problem:
    """Names every wrong field by JSON Pointer, or as the parameter that it is (``of`` "query");
    never repeats what was sent. ``inside``: how much of a place names the model, not the field.
    """
    errors = [
        {
            "detail": item["msg"],
            **(
                {"parameter": str(item["loc"][0])}
                if of == "query"
                else {"pointer": "#/" + "/".join(str(part) for part in item["loc"][inside:])}
            ),
        }
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return Problem("validation", 422, f"{len(errors)} trường sai", errors=errors)


SLUGS = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    415: "unsupported-media",
    413: "payload-too-large",
    429: "rate-limited",
}


def is_api(path: str) -> bool:
    return path.startswith(("/api/", "/bot/"))


def register(app: Flask) -> None:
    """Makes every error of the API doors a problem document."""
    app.register_error_handler(Problem, lambda error: error.response())
    app.register_error_handler(ValidationError, lambda error: from_validation(error).response())

    @app.errorhandler(StoreUnavailable)
    def unavailable(_error: StoreUnavailable) -> Any:
        detail = "Nội dung chưa được lưu; xin gửi lại sau ít phút."
        if is_api(request.path):
            return Problem("unavailable", 503, detail).response()
        return app.handle_http_exception(ServiceUnavailable(detail, retry_after=30))


def from_http(error: HTTPException) -> Problem:
    """A problem for an error that Flask or the limiter raised. One that nobody foresaw gets a
    number, which the log has too."""
    status = error.code or 500
    if status == 500:
        number = f"urn:uuid:{uuid.uuid4()}"
        cause = getattr(error, "original_exception", None)
        log.error("call failed", instance=number, reason=type(cause or error).__name__)
        return Problem("internal", 500, "Lỗi này đã được ghi lại.", instance=number)
    slug = SLUGS.get(status, "malformed" if 400 <= status < 500 else "unavailable")
    made = Problem(slug, status)
    made.headers.update(
        {name: value for name, value in error.get_headers() if name.lower() in _KEPT}
    )
    return made
