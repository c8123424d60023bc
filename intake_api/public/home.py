"""The front page: what this is, three ways in, and what people have a right to know first."""

from __future__ import annotations

from flask import render_template

from intake_api.public import blueprint, house

# The kinds people ask about before they write; what is sealed or internal is not promised here.
TOLD = ("question", "criticism", "suggestion", "complaint")


@blueprint.get("/")
def home() -> str:
    kinds = house.services().catalog.kinds
    clocks = [
        (kinds[code].name, str(kinds[code].resolve), kinds[code].basis == "law")
        for code in TOLD
        if code in kinds and kinds[code].resolve
    ]
    return render_template("public/home.html", clocks=clocks)
