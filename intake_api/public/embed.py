"""The chat on other sites: a page for their frame, and the script of one line that makes it."""

from __future__ import annotations

import json

from flask import Response, current_app, render_template

from intake_api.look import STATIC
from intake_api.public import blueprint, house


@blueprint.get("/nhung")
def embedded() -> str:
    """The chat without header and footer; which sites may frame it says the answer's policy."""
    kept = house.kept_token(framed=True)
    return render_template(
        "public/embedded.html", token=house.sealed_token(kept), kept=bool(kept), framed=True
    )


@blueprint.get("/nhung.js")
def embed_script() -> Response:
    """What a site puts into its pages: ``<script src="…/nhung.js" defer></script>``.

    Where a frame is not allowed the button leads to the chat page instead of an empty frame.
    """
    base = house.runtime().settings.public_url.rstrip("/")
    facts = {"base": base, "sites": current_app.config["EMBED_ORIGINS"].split()}
    script = (STATIC / "public" / "embed.js").read_text(encoding="utf-8")
    response = Response(
        script.replace("/* FACTS */ {}", json.dumps(facts)), mimetype="text/javascript"
    )
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
