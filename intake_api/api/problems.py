"""Errors of the API as RFC 9457 problem documents."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from intake_api.store import StoreUnavailable

BASE = "https://langnghe.invalid/problems/"
TITLES = {
    "validation": "Dữ liệu không hợp lệ",
    "unauthenticated": "Chưa xác thực",
    "forbidden": "Không được phép",
    "not-found": "Không tìm thấy",
    "idempotency-missing": "Thiếu khóa chống gửi lặp",
    "idempotency-reused": "Khóa chống gửi lặp đã dùng cho nội dung khác",
    "rate-limited": "Gửi quá nhanh",
    "payload-too-large": "Nội dung quá lớn",
    "malformed": "Không đọc được nội dung gửi lên",
    "unavailable": "Tạm thời chưa ghi được",
}


class Problem(Exception):
    """An answer of the API that is not a success. ``extra`` are further members."""

    def __init__(self, slug: str, status: int, detail: str = "", **extra: Any) -> None:
        self.slug, self.status, self.detail, self.extra = slug, status, detail, extra
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
            headers={"Content-Language": "vi"},
        )


def from_validation(error: ValidationError) -> Problem:
    """Names every wrong field by JSON Pointer; never repeats what was sent."""
    errors = [
        {
            "detail": item["msg"],
            "pointer": "#/" + "/".join(str(part) for part in item["loc"]),
        }
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return Problem("validation", 422, f"{len(errors)} trường sai", errors=errors)


SLUGS = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
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
    """A problem for an error that Flask or the limiter raised."""
    status = error.code or 500
    slug = SLUGS.get(status, "malformed" if 400 <= status < 500 else "unavailable")
    return Problem(slug, status)
