"""The public door: home, chat, feedback form, status. Nobody signs in here."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("public", __name__, template_folder="templates")

# The views attach themselves to the blueprint.
from intake_api.public import (  # noqa: E402
    chat,
    consultations,
    embed,
    form,
    home,
    mycase,
    openly,
    status,
)

__all__ = [
    "blueprint", "chat", "consultations", "embed", "form", "home", "mycase", "openly", "status",
]  # fmt: skip
