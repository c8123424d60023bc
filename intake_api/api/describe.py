"""The API's description: the OpenAPI document, and a page that people read."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from intake_api.api import bot, openapi
from intake_api.api.callers import runtime
from intake_api.api.operations import ASSISTANT, OPERATIONS, Call, Operation, operation
from intake_api.api.problems import BASE, TITLES

blueprint = Blueprint("describe_api", __name__, url_prefix="/api/v1", template_folder="templates")


ASSISTANTS = "Cửa riêng của trợ lý: chỉ trong máy chủ, với mã của dịch vụ (LANGNGHE_BOT_TOKEN)."


def of_everybody() -> list[Operation]:
    """The operations that other systems may call."""
    return [one for one in OPERATIONS if one.key != ASSISTANT]


def of_the_assistant() -> list[Operation]:
    """Those of the assistant's own door."""
    return [one for one in OPERATIONS if one.key == ASSISTANT]


def document() -> dict[str, object]:
    """The document of this service at its own address."""
    return openapi.document(of_everybody(), server=runtime().settings.public_url)


@bot.blueprint.get("/openapi.json")
def bot_openapi_json() -> Response:
    """The assistant's door, for whoever shows its token."""
    server = runtime().settings.public_url
    return jsonify(openapi.document(of_the_assistant(), server=server, about=ASSISTANTS))


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
    return render_template("api/docs.html", doc=document(), base=BASE, titles=TITLES)
