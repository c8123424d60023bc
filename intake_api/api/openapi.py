"""The OpenAPI 3.1 document, written from the operations themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from intake_api.api import idempotency
from intake_api.api.operations import (
    ASSISTANT,
    IF_MATCH,
    MAY_SHOW_KEY,
    NEEDS_KEY,
    NO_KEY,
    Header,
    Operation,
)
from intake_api.api.payloads import DRAFT_ID
from intake_api.api.problems import TITLES

VERSION = "1.0.0"
REF = "#/components/schemas/{model}"
INTRO = """
API của Lắng nghe, kênh tiếp nhận ý kiến về giáo dục. Hệ thống khác gửi ý kiến thay người dân, đọc
tình trạng, bổ sung. Khóa truy cập do quản trị hệ thống cấp bằng `langnghe api add`, gửi trong tiêu
đề `Authorization: Bearer …`. Quyền: `feedback:write` gửi ý kiến và nói tiếp thay người gửi những ý
kiến đã gửi; `cases:read` đọc ý kiến thường. Ý kiến trong kênh mật không bao giờ đọc được qua API.

Lỗi theo RFC 9457 (`application/problem+json`); `type` kết thúc bằng tên lỗi. Lần ghi có
`Idempotency-Key` gửi lại được: cùng khóa, cùng nội dung thì nhận lại câu trả lời cũ, trong 48 giờ.
Thông tin liên hệ chỉ được nhận khi `consent` là true (Luật 91/2025/QH15).
""".strip()
_PATH = re.compile(r"<(?:\w+:)?(\w+)>")
CODE = {"type": "string", "pattern": "^[0-9A-Za-z -]{4,60}$", "examples": ["PA-2611-7K3M-9QXD"]}
PLACES: dict[str, dict[str, Any]] = {
    "code": {"description": "Mã ý kiến", "schema": CODE},
    "draft_id": {
        "description": "Ý kiến đang soạn",
        "schema": {"type": "string", "pattern": DRAFT_ID},
    },
}  # fmt: skip
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Một lỗi theo RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "allowed": {"type": "array", "items": {"type": "string"}},
        "etag": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def document(operations: Sequence[Operation], *, server: str, about: str = INTRO) -> dict[str, Any]:
    """The whole document as plain data. ``server``: the address of this service."""
    schemas, names = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(_PATH.sub(r"{\1}", one.rule), {})[one.method.lower()] = _described(
            one, names
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lắng nghe", "version": VERSION, "description": about},
        "servers": [{"url": server}],
        "tags": [{"name": name} for name in dict.fromkeys(one.tag for one in operations)],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer"}
                for name in ("key", ASSISTANT)
                if any(name == _scheme(one) for one in operations)
            },
        },
    }


Names = dict[tuple[Any, JsonSchemaMode], str]


def _schemas(operations: Sequence[Operation]) -> tuple[dict[str, Any], Names]:
    """Every model in its place, and the reference to each."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    for one in operations:
        wanted += [(one.body, "validation")] if one.body else []
        wanted += [(one.query, "validation")] if one.query else []
        wanted += [
            (model, "serialization") for model in one.answers.values() if isinstance(model, type)
        ]
    refs, made = models_json_schema(wanted, ref_template=REF)
    found = dict(made.get("$defs", {}))
    names = {key: str(value["$ref"]).rpartition("/")[2] for key, value in refs.items()}
    for one in operations:
        # A query's members are parameters, not a schema of their own.
        if one.query is not None:
            found.pop(names[one.query, "validation"], None)
    return found, names


def _described(one: Operation, names: Names) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": one.about,
        "tags": [one.tag],
        "parameters": _parameters(one),
        "responses": _responses(one, names),
    }
    if one.body is not None:
        ref = {"$ref": REF.format(model=names[one.body, "validation"])}
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref}}}
    if one.key in (NEEDS_KEY, ASSISTANT):
        made["security"] = [{_scheme(one): []}]
    if one.key == MAY_SHOW_KEY:
        made["security"] = [{}, {"key": []}]
    return made


def _scheme(one: Operation) -> str:
    return ASSISTANT if one.key == ASSISTANT else "" if one.key == NO_KEY else "key"


def _parameters(one: Operation) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, **PLACES[name]}
        for name in _PATH.findall(one.rule)
    ]
    if one.query is not None:
        schema = one.query.model_json_schema(ref_template=REF)
        found += [
            {"name": name, "in": "query", "required": False, "schema": _plain(about)}
            for name, about in schema["properties"].items()
        ]
    headers = list(one.headers)
    if one.idempotent:
        about = "Khóa chống gửi lặp, 1 đến 150 ký tự; nên là một UUID"
        headers.append(Header("Idempotency-Key", about, required=True, pattern=idempotency.KEY))
    if one.if_match:
        about = "ETag của phiên bản đã đọc"
        headers.append(Header("If-Match", about, required=True, pattern=IF_MATCH))
    for header in headers:
        text: dict[str, Any] = {"type": "string"}
        if header.pattern:
            text["pattern"] = header.pattern
        found.append(
            {"name": header.name, "in": "header", "required": header.required,
             "description": header.about, "schema": text}
        )  # fmt: skip
    return found


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be absent: null is no value that an address can hold."""
    options = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    kept = {name: value for name, value in schema.items() if name not in ("anyOf", "title")}
    if len(options) == 1:
        kept = {**options[0], **kept}
    if kept.get("default", 0) is None:
        del kept["default"]
    return kept


def _responses(one: Operation, names: Names) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, model in one.answers.items():
        made: dict[str, Any] = {"description": "Thành công", "headers": _answer_headers(one)}
        if isinstance(model, str):
            made["content"] = {model: {}}
        elif model is not None:
            ref = {"$ref": REF.format(model=names[model, "serialization"])}
            made["content"] = {"application/json": {"schema": ref}}
        found[str(status)] = made
    problem = {"$ref": REF.format(model="Problem")}
    by_status: dict[int, list[str]] = {}
    for slug, status in problems_of(one):
        by_status.setdefault(status, []).append(slug)
    for status, slugs in sorted(by_status.items()):
        found[str(status)] = {
            "description": "; ".join(f"{slug}: {TITLES[slug]}" for slug in slugs),
            "content": {"application/problem+json": {"schema": problem}},
        }
    return found


def _answer_headers(one: Operation) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    found = {}
    if one.etag:
        found["ETag"] = {**text, "required": True, "description": "Phiên bản, cho If-Match"}
    if one.idempotent:
        found["Idempotency-Replayed"] = {**text, "description": "true: câu trả lời của lần trước"}
    if one.query is not None:
        found["Link"] = {**text, "description": 'Trang sau, rel="next"'}
    return found


def problems_of(one: Operation) -> list[tuple[str, int]]:
    """Every problem that an operation may answer with: those that its declaration brings along,
    and those that it names itself."""
    found = list(one.problems)
    if one.key != NO_KEY:
        found.append(("unauthenticated", 401))
    if one.scope is not None:
        found.append(("forbidden", 403))
    if one.body is not None:
        found += [
            ("malformed", 400), ("payload-too-large", 413), ("unsupported-media", 415),
            ("validation", 422),
        ]  # fmt: skip
    if one.query is not None:
        found.append(("validation", 422))
    if one.idempotent:
        found += [("idempotency-missing", 400), ("idempotency-reused", 422)]
    if one.if_match or any(header.name == "If-Match" for header in one.headers):
        found.append(("conflict", 412))
    if one.if_match:
        found.append(("precondition-required", 428))
    return [*found, ("rate-limited", 429), ("internal", 500), ("unavailable", 503)]
