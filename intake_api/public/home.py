"""The front page: what this is, three ways in, and what people have a right to know first."""

from __future__ import annotations

from flask import render_template

from intake_api.domain import consulting, worktime
from intake_api.public import blueprint, house
from intake_api.store import StoreUnavailable, consultations
from intake_api.store.consult_tables import Consultation

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
    return render_template("public/home.html", clocks=clocks, drafts=_drafts())


def _drafts() -> list[tuple[Consultation, str]]:
    """What is open for comments now, with the last day. The numbers to call stand on this page
    whatever the database does."""
    now = house.services().now()
    try:
        with house.store().reading() as tx:
            found = consultations.takes_comments(tx, now, now)[:3]
    except StoreUnavailable:
        return []
    return [(one, worktime.day_in_words(consulting.last_day(one.closes_at))) for one in found]
