"""Drafts before the public: read them, comment on a clause, see what became of it."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Response, abort, redirect, render_template, request, send_file, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from intake_api.domain import consulting, worktime
from intake_api.flow import consult_comment, formed
from intake_api.flow.files import DOCX
from intake_api.limits import limiter
from intake_api.public import blueprint, effort, fields, form, house
from intake_api.public import opinion_fields as opinion
from intake_api.reports import opinions as reporting
from intake_api.reports import sheets
from intake_api.store import Session, StoreUnavailable, consultations
from intake_api.store.consult_tables import Consultation, DraftClause

log = structlog.get_logger()
# A first line that is no longer than this is the clause's title.
MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A clause as the page shows it."""

    number: int
    kind: str
    label: str
    place: str
    head: str
    lines: list[str]
    count: int


def _phase(found: Consultation) -> str:
    return consulting.phase(found.state, found.opens_at, found.closes_at, house.services().now())


def _known(tx: Session, number: int) -> Consultation:
    """The consultation that the public may see; whatever else is not there."""
    found = consultations.get(tx, number)
    if found is None or _phase(found) not in consulting.SHOWN:
        abort(404)
    return found


def _part(one: DraftClause, count: int) -> Part:
    lines = one.text.split("\n") if one.text else []
    head = one.label
    if one.kind in ("clause", "point") and lines:
        # As the document writes it: "2. …", "a) …".
        sign = one.label.rsplit(" ", 1)[-1] + (")" if one.label.startswith("Điểm") else ".")
        return Part(
            one.number, one.kind, one.label, one.place, f"{sign} {lines[0]}", lines[1:], count
        )
    if one.kind not in ("opening", "paragraph") and lines and len(lines[0]) <= MOST_TITLE:
        head = f"{one.label}. {lines[0]}"
        lines = lines[1:]
    return Part(one.number, one.kind, one.label, one.place, head, lines, count)


def _words(found: Consultation) -> dict[str, Any]:
    """What every page of a draft says of its dates and its unit."""
    unit = house.services().catalog.units.get(found.unit)
    return {
        "found": found,
        "phase": _phase(found),
        "phase_name": consulting.PHASE[_phase(found)],
        "unit": unit.name if unit else "",
        "first_day": worktime.day_in_words(found.opens_at.astimezone(worktime.LOCAL).date()),
        "last_day": worktime.day_in_words(consulting.last_day(found.closes_at)),
    }


@blueprint.get("/du-thao")
def drafts() -> str:
    """Everything that was put before the public, what is open first."""
    with house.store().reading() as tx:
        found = [one for one in consultations.public(tx) if _phase(one) in consulting.SHOWN]
        counts = consultations.counts(tx, [one.id for one in found])
    order = ("open", "upcoming", "closed", "waiting", "published")
    found.sort(key=lambda one: order.index(_phase(one)))
    return render_template(
        "public/drafts.html", drafts=[_words(one) for one in found], counts=counts
    )


@blueprint.get("/du-thao/<int:number>")
def draft(number: int) -> str:
    """The draft clause by clause; once it is published, what was said and what became of it."""
    with house.store().reading() as tx:
        found = _known(tx, number)
        words = _words(found)
        if words["phase"] == "upcoming":
            return render_template("public/draft.html", parts=[], rows=[], total=0, **words)
        counts = consultations.counts_by_clause(tx, found.id)
        parts = [_part(one, counts.get(one.id, 0)) for one in consultations.clauses(tx, found.id)]
        rows = reporting.gather(tx, found).rows if words["phase"] == "published" else ()
        words["has_file"] = consultations.has_file(tx, found.id)
    return render_template(
        "public/draft.html", parts=parts, rows=rows, total=sum(counts.values()),
        verdicts=consulting.VERDICT, **words,
    )  # fmt: skip


@blueprint.get("/du-thao/<int:number>/du-thao.docx")
@limiter.limit("60/minute")
def draft_file(number: int) -> Response:
    """The draft as a file, without names of who wrote it."""
    with house.store().reading() as tx:
        found = _known(tx, number)
        if _phase(found) == "upcoming":
            abort(404)
        kept = consultations.draft_file(tx, number)
    if kept is None:
        abort(404)
    return send_file(io.BytesIO(kept[1]), mimetype=DOCX, as_attachment=True, download_name=kept[0])


@blueprint.get("/du-thao/<int:number>/bang-tong-hop.<any('docx', 'xlsx'):form>")
@limiter.limit("20/minute")
def draft_table(number: int, form: str) -> Response:
    """The published table to take away."""
    with house.store().reading() as tx:
        found = _known(tx, number)
        if found.state != "published":
            abort(404)
        table = reporting.gather(tx, found)
    if form == "xlsx":
        body, kind = reporting.xlsx(table), sheets.KIND
    else:
        services = house.services()
        body, kind = reporting.docx(table, services.catalog, now=services.now()), DOCX
    name = f"tiep-thu-giai-trinh-{number}.{form}"
    return send_file(io.BytesIO(body), mimetype=kind, as_attachment=True, download_name=name)


# ------------------------------------------------------------------ commenting


def _form(
    number: int, filled: opinion.Filled, wrong: dict[str, str], status: int = 200, **more: Any
) -> tuple[str, int]:
    with house.store().reading() as tx:
        found = _known(tx, number)
        words = _words(found)
        if words["phase"] == "upcoming":
            abort(404)
        parts = consultations.clauses(tx, found.id)
    chosen = next((one for one in parts if one.number == filled.part), None)
    page = render_template(
        "public/draft_form.html",
        filled=filled,
        errors=wrong,
        roles=fields.ROLES,
        max_text=fields.MAX_TEXT,
        options=[("0", "Toàn dự thảo"), *((str(one.number), one.place) for one in parts)],
        chosen=_part(chosen, 0) if chosen else None,
        **words,
        **more,
    )
    return page, status


@blueprint.get("/du-thao/<int:number>/gop-y")
def opinion_form(number: int) -> tuple[str, int]:
    return _form(number, opinion.blank(opinion.number(request.args.get("muc", ""))), {})


@blueprint.post("/du-thao/<int:number>/gop-y")
@limiter.limit("300/hour")
def send_opinion(number: int) -> AnyResponse | tuple[str, int]:
    filled = opinion.read(request.form)
    wrong = opinion.problems(filled)
    if wrong:
        return _form(number, filled, wrong, 422)
    work = ""
    if effort.too_many():
        work = effort.given()
        if not effort.solved(work):
            return _form(number, filled, {}, 429, effort=effort.challenge())
    try:
        with house.store().transaction() as tx:
            if work and not effort.spend(tx, work):
                return _form(number, filled, {}, 429, effort=effort.challenge())
            receipt = _keep(tx, number, filled)
    except StoreUnavailable:
        log.warning("opinion_not_kept")
        return _form(number, filled, {}, 503, failure=form.NOT_KEPT)
    form.keep_receipt(receipt)
    return redirect(url_for("public.receipt"), code=303)


def _keep(tx: Session, number: int, filled: opinion.Filled) -> form.Receipt:
    """Puts the comment on record; the receipt says where the answer will stand."""
    services = house.services()
    found = _known(tx, number)
    if _phase(found) == "upcoming":
        abort(404)
    clause = consultations.clause(tx, found.id, filled.part)
    received = consult_comment.from_form(
        tx, services, found, clause,
        formed.FormInput(
            text=filled.text, form_token=filled.once, role=filled.role or None,
            name=filled.name or None, anonymous=not (filled.name or filled.organisation),
            consent=filled.consent, origin=get_remote_address(),
        ),
        organisation=filled.organisation or None, named=filled.show_name, now=services.now(),
    )  # fmt: skip
    receipt = form.receipt_of(received.case, received.pin, 0)
    made = consultations.opinion(tx, received.case.id)
    if made is None:
        return receipt  # a matter of the confidential lane: nothing is said that tells what it is
    last = worktime.day_in_words(consulting.last_day(found.closes_at))
    late = (
        f"Thời hạn góp ý đã hết ngày {last}. Ý kiến vẫn được ghi nhận, đánh dấu gửi muộn; đơn vị "
        "soạn thảo quyết định có xem xét cùng các ý kiến gửi đúng hạn hay không."
    )
    return dataclasses.replace(
        receipt,
        due=consulting.ANSWERED_IN,
        topic=f"{clause.place if clause else 'Toàn dự thảo'}, dự thảo “{found.title}”",
        place="",
        notice=late if made.late else "",
    )


def _expired() -> tuple[str, int]:
    number = (request.view_args or {}).get("number", 0)
    return _form(number, opinion.read(request.form), {}, 400, failure=form.EXPIRED)


form.KEPT_FORMS["public.send_opinion"] = _expired
