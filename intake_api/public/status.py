"""Looking up a case by its code and PIN, or on the browser that sent it in the chat."""

from __future__ import annotations

from contextlib import suppress

from flask import Response, render_template, request

from intake_api.domain.model import Channel
from intake_api.flow import status as lookup
from intake_api.limits import limiter, pin_tries
from intake_api.public import blueprint, house, mycase
from intake_api.store import StoreUnavailable, conversations

# One sentence for an unknown code and a wrong PIN: which it was is not told.
NOT_FOUND = (
    "Không tìm thấy ý kiến với mã và PIN này. Anh/chị xem lại biên nhận: mã có dạng "
    "PA-2611-XXXX-XXXX, PIN có 6 số."
)


@blueprint.get("/tra-cuu")
def status() -> str:
    return render_template(
        "public/status.html", errors={}, code=request.args.get("ma", "")[:60], view=None
    )


def _failed(response: Response) -> bool:
    return response.status_code == 404


# Few wrong guesses; an office or a school looks its own cases up from one address.
@blueprint.post("/tra-cuu")
@limiter.limit("30/minute")
@limiter.limit("5/minute", deduct_when=_failed)
@pin_tries(lambda: request.form.get("ma"), wrong=_failed)
def look_up() -> tuple[str, int]:
    code = request.form.get("ma", "").strip()[:60]
    pin = "".join(c for c in request.form.get("pin", "") if c.isdigit())[:12]
    if not code:
        wrong = {"ma": "Nhập mã ý kiến ghi trên biên nhận."}
        return render_template("public/status.html", errors=wrong, code="", view=None), 422
    services = house.services()
    token = house.kept_token()
    with house.store().reading() as tx:
        own = conversations.find(tx, channel=Channel.WEB, external_id=token) if token else None
        view = lookup.look_up(
            tx,
            services,
            code_text=code,
            pin=pin or None,
            conversation_id=own.id if own else None,
            now=services.now(),
        )
    if view is None:
        wrong = {"ma": NOT_FOUND}
        return render_template("public/status.html", errors=wrong, code=code, view=None), 404
    # A page that cannot note that it was read is still read.
    with suppress(StoreUnavailable), house.store().transaction() as tx:
        lookup.mark_read(tx, view, now=services.now())
    return mycase.page(view), 200
