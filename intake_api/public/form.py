"""The feedback form and its receipt. Works without scripts; sending twice is harmless."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import structlog
from flask import redirect, render_template, request, session, url_for
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from intake_api.domain import consulting, deadline, texts
from intake_api.domain.model import Place
from intake_api.flow import consult_comment, files, formed
from intake_api.limits import limiter
from intake_api.look import errors
from intake_api.public import blueprint, effort, fields, house
from intake_api.store import StoreUnavailable
from intake_api.store.tables import Case

log = structlog.get_logger()
RECEIPT = "receipt"
RECEIPT_MINUTES = 30
NOT_KEPT = (
    "Hệ thống tạm thời chưa ghi được nên ý kiến CHƯA được gửi. Nội dung vẫn còn bên dưới; "
    "anh/chị bấm Gửi lại sau ít phút."
)

# Forms that are shown again with what was typed, by endpoint.
KEPT_FORMS: dict[str, Callable[[], Any]] = {}

EXPIRED = (
    "Trang mở đã lâu nên chưa gửi được. Nội dung vẫn còn bên dưới; anh/chị xem lại rồi bấm Gửi "
    "lần nữa."
)


def _page(
    filled: fields.Filled, wrong: dict[str, str], status: int = 200, **more: Any
) -> tuple[str, int]:
    page = render_template(
        "public/form.html",
        filled=filled,
        errors=wrong,
        roles=fields.ROLES,
        max_text=fields.MAX_TEXT,
        max_files=files.MAX_FILES,
        **more,
    )
    return page, status


@blueprint.get("/gop-y")
def form() -> tuple[str, int]:
    return _page(fields.blank(), {})


def uploaded() -> tuple[list[files.Kept], str | None]:
    """What was attached and can be kept, and what is wrong with the rest."""
    kept: list[files.Kept] = []
    sent = [one for one in request.files.getlist("tep") if one.filename]
    if len(sent) > files.MAX_FILES:
        return [], f"Chọn tối đa {files.MAX_FILES} tệp; anh/chị đã chọn {len(sent)}."
    for one in sent:
        name = one.filename or "tep"
        try:
            # One byte more than allowed tells a file that is too big without reading it all.
            kept.append(
                files.inspect(name, one.stream.read(files.MAX_FILE + 1), house.services().scanner)
            )
        except files.FileRefused as refused:
            return [], f"“{name[:60]}”: {refused.reason_vi}"
    return kept, None


@blueprint.post("/gop-y")
@limiter.limit("300/hour")
def send_form() -> Response | tuple[str, int]:
    filled = fields.read(request.form)
    wrong = fields.problems(filled)
    kept, refused = uploaded()
    if refused:
        # In the order of the page: the consent comes last.
        last = wrong.pop("dong_y", None)
        wrong["tep"] = refused
        wrong.update({"dong_y": last} if last else {})
    if wrong:
        return _page(filled, wrong, 422, files_lost=_had_files())
    services, work = house.services(), ""
    if effort.too_many():
        work = effort.given()
        if not effort.solved(work):
            return _ask_effort(filled)
    try:
        with house.store().transaction() as tx:
            if work and not effort.spend(tx, work):
                return _ask_effort(filled)
            received = formed.submit_form(tx, services, _input(filled, kept), services.now())
            named = consult_comment.adopt_named(tx, services, received.case, now=services.now())
            receipt = receipt_of(received.case, received.pin, len(kept))
            if named is not None:
                receipt = dataclasses.replace(receipt, due=consulting.ANSWERED_IN)
    except StoreUnavailable:
        log.warning("form_not_kept")
        return _page(filled, {}, 503, failure=NOT_KEPT, files_lost=_had_files())
    keep_receipt(receipt)
    return redirect(url_for("public.receipt"), code=303)


def _ask_effort(filled: fields.Filled) -> tuple[str, int]:
    """The form again with everything in it, and a piece of work for the browser."""
    return _page(filled, {}, 429, effort=effort.challenge(), files_lost=_had_files())


@blueprint.errorhandler(CSRFError)
def expired(error: CSRFError) -> Any:
    """A form that stood open for half a day is shown again with everything that was typed."""
    kept = KEPT_FORMS.get(request.endpoint or "")
    return kept() if kept else errors.page(error)


def _expired() -> tuple[str, int]:
    return _page(fields.read(request.form), {}, 400, failure=EXPIRED, files_lost=_had_files())


KEPT_FORMS["public.send_form"] = _expired


def _had_files() -> bool:
    return any(one.filename for one in request.files.getlist("tep"))


def _input(filled: fields.Filled, kept: list[files.Kept]) -> formed.FormInput:
    """Whoever does not want to be named is not named, whatever stands in the fields."""
    named = not filled.anonymous
    return formed.FormInput(
        text=filled.text,
        form_token=filled.once,
        role=filled.role or None,
        place_text=filled.place or None,
        name=(filled.name or None) if named else None,
        phone=(filled.phone or None) if named else None,
        email=(filled.email or None) if named else None,
        anonymous=filled.anonymous,
        consent=filled.consent,
        origin=get_remote_address(),
        files=tuple(
            formed.FormFile(one.filename, one.content_type, one.original, one.shown) for one in kept
        ),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """What the person takes home. Of a sealed matter nothing is said that tells what it is."""

    code: str
    pin: str | None
    unit: str
    due: str | None
    kind: str
    topic: str
    place: str
    confidential: bool
    emergency: bool
    notice: str
    file_count: int
    anonymous: bool
    at: int


def receipt_of(case: Case, pin: str | None, file_count: int) -> Receipt:
    catalog = house.services().catalog
    sealed = case.confidential
    place = Place(school=case.school, level=case.level, district=case.district)
    topic = catalog.topics.get(case.topic)
    known = topic is not None and topic.group != "x"
    return Receipt(
        code=case.code,
        pin=pin,
        unit="Sở Giáo dục và Đào tạo" if sealed else catalog.units[case.unit].name,
        due=deadline.due_in_words(case.due_at),
        kind="" if sealed else catalog.kinds[case.kind].name,
        topic=topic.name if topic and known and not sealed else "",
        place="" if sealed else (texts.place_line(place, case.place_text) or ""),
        confidential=sealed,
        emergency=case.kind == "child_protection",
        notice=texts.notice(case.kind) or "",
        file_count=file_count,
        anonymous=case.anonymous,
        at=int(case.received_at.timestamp()),
    )


def keep_receipt(receipt: Receipt) -> None:
    """The receipt rides in the person's own signed, script-proof cookie for half an hour: the
    PIN is stored nowhere else, and a reload must not lose it."""
    before = session.get(RECEIPT)
    fresh = dataclasses.asdict(receipt)
    if receipt.pin is None and before and before.get("code") == receipt.code:
        fresh["pin"], fresh["file_count"] = before["pin"], before["file_count"]
    session[RECEIPT] = fresh


@blueprint.get("/gop-y/da-nhan")
def receipt() -> Response | str:
    kept = session.get(RECEIPT)
    if not kept:
        return redirect(url_for("public.status"))
    found = Receipt(**kept)
    if house.services().now().timestamp() - found.at > RECEIPT_MINUTES * 60:
        session.pop(RECEIPT, None)
        return redirect(url_for("public.status", ma=found.code))
    return render_template("public/receipt.html", receipt=found)


@blueprint.post("/gop-y/xong")
def forget_receipt() -> Response:
    """For shared computers: nothing of the receipt stays in the browser."""
    session.pop(RECEIPT, None)
    return redirect(url_for("public.home"), code=303)
