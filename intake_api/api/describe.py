"""The API's description: the OpenAPI document, and a page that people read."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from intake_api.api import openapi
from intake_api.api.operations import OPERATIONS, Call, operation, runtime
from intake_api.api.problems import BASE, TITLES

blueprint = Blueprint("describe_api", __name__, url_prefix="/api/v1", template_folder="templates")


def document() -> dict[str, object]:
    """The document of this service at its own address."""
    return openapi.document(OPERATIONS, server=runtime().settings.public_url)


@operation(
    blueprint, "GET", "/openapi.json", summary="Mô tả API này theo OpenAPI 3.1", tag="Danh mục",
    answers={200: "application/json"},
)  # fmt: skip
def openapi_json(_call: Call) -> Response:
    """Sinh từ chính mã nguồn đang chạy."""
    return jsonify(document())


@blueprint.get("/docs")
def docs() -> str:
    """The same for people: no script, printable."""
    made = openapi.document(OPERATIONS, server=runtime().settings.public_url)
    return render_template("api/docs.html", doc=made, base=BASE, titles=TITLES)
