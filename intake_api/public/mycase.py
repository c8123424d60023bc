"""What the sender does with a case on the status page: add, confirm, reopen, withdraw, own data.

The page that showed the case carries a signed ticket for half an hour, so the PIN is not typed
again and nothing of the case stays in the browser once the page is closed.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, current_app, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from intake_api.domain import taps
from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import citizen, erasing, openly, own_data, receive, status, writing
from intake_api.flow.formed import FormFile
from intake_api.limits import limiter
from intake_api.public import blueprint, house
from intake_api.public.form import uploaded
from intake_api.store import cases
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

GOOD_FOR = 30 * 60
MAX_ADDED = 5000


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says about what was just done. ``level``: ok, warn or danger."""

    words: str
    level: str = "ok"
    pin: tuple[str, str] | None = None  # code and PIN of a case that was opened apart


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="case-ticket")


def page(
    view: status.StatusView, said: Said | None = None, errors: dict[str, str] | None = None
) -> str:
    """The case as its sender sees it, with everything that may be done now."""
    return render_template(
        "public/status.html", errors=errors or {}, code=view.code, view=view, said=said,
        ticket=str(_signer().dumps(view.code)), once=uuid.uuid4().hex, marks=taps.MARKS,
        max_text=MAX_ADDED, typed=request.form.get("noi_dung", "") if errors else "",
    )  # fmt: skip


def _code() -> str | None:
    try:
        code = _signer().loads(request.form.get("ve", ""), max_age=GOOD_FOR)
    except BadSignature:
        return None
    return code if isinstance(code, str) else None


def _expired() -> tuple[str, int]:
    wrong = {"ma": "Trang đã mở quá 30 phút nên cần nhập lại mã và PIN. Chưa có gì được gửi đi."}
    typed = request.form.get("noi_dung", "")
    page = render_template("public/status.html", errors=wrong, code="", view=None, kept=typed)
    return page, 403


def _add(tx: Session, case: Case) -> Said:
    form = request.form
    files, refused = uploaded()
    if refused:
        raise Wrong({"tep": refused})
    text = form.get("noi_dung", "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > MAX_ADDED:
        raise Wrong(
            {"noi_dung": f"Nội dung dài {len(text):,} ký tự, quá 5.000.".replace(",", ".", 1)}
        )
    once = f"{form.get('lan', '')[:32]}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    try:
        done = writing.write(
            tx, house.services(), case, text=text, once=once, now=house.services().now(),
            files=[FormFile(f.filename, f.content_type, f.original, f.shown) for f in files],
        )  # fmt: skip
    except receive.TextMissing:
        raise Wrong({"noi_dung": "Viết phần bổ sung."}) from None
    if done.danger:
        words = house.services().catalog.messages["danger"]
        pin = (done.apart.case.code, done.apart.pin or "") if done.apart else None
        return Said(words, "danger", pin)
    if done.apart:
        return Said(
            "Phần vừa viết có nội dung cần bảo vệ nên được đưa vào kênh mật, thành một ý kiến "
            "riêng. Xin ghi lại mã và PIN của ý kiến đó.",
            "warn", (done.apart.case.code, done.apart.pin or ""),
        )  # fmt: skip
    return Said("Sở đã nhận phần bổ sung; nơi đang xử lý sẽ đọc.")


def _confirm(tx: Session, case: Case) -> Said:
    services, mark = house.services(), request.form.get("diem", "")
    rating = int(mark) if mark in ("1", "2", "3", "4", "5") else None
    try:
        citizen.confirm(tx, services, case, now=services.now(), rating=rating)
    except TransitionNotAllowed:
        if rating is None or case.closed_at is None:
            raise
        citizen.rate(tx, case, rating, now=services.now())
        return Said("Sở đã ghi mức hài lòng của anh/chị.")
    return Said("Cảm ơn anh/chị đã xác nhận. Ý kiến đã kết thúc.")


def _reopen(tx: Session, case: Case) -> Said:
    services = house.services()
    done = citizen.reopen(tx, services, case, now=services.now())
    if done == "too_late":
        words = services.catalog.messages["reopen_too_late"].format(code=case.code)
        return Said(words, "warn")
    if done == "asked":
        return Said("Ý kiến đã được mở lại một lần; lãnh đạo đơn vị xử lý sẽ xem đề nghị này.")
    return Said("Ý kiến đã được mở lại. Anh/chị viết chỗ chưa rõ vào phần bổ sung bên dưới.")


def _withdraw(tx: Session, case: Case) -> Said:
    services = house.services()
    if citizen.withdraw(tx, services, case, now=services.now()):
        return Said("Anh/chị đã rút ý kiến; Sở dừng xử lý.")
    return Said(
        "Sở đã ghi đề nghị rút. Ý kiến này cần cán bộ phụ trách xem xét trước khi dừng.", "warn"
    )


def _erase(tx: Session, case: Case) -> Said:
    services = house.services()
    done = erasing.ask(tx, services, case, now=services.now())
    if done == "waiting":
        return Said(
            "Sở đã nhận đề nghị xóa; dữ liệu được xóa trong vòng 72 giờ. Trong 24 giờ đầu, "
            "anh/chị có thể rút đề nghị này ở đây."
        )
    if done == "open":
        return Said("Ý kiến còn đang xử lý nên chưa xóa được; anh/chị rút ý kiến trước.", "warn")
    return Said(
        "Ý kiến này Sở phải giữ hồ sơ theo quy định nên không xóa theo đề nghị. Sở đã ghi nhận đề "
        "nghị; hết thời hạn giữ, dữ liệu được xóa.", "warn",
    )  # fmt: skip


def _keep(tx: Session, case: Case) -> Said:
    if erasing.take_back(tx, case, now=house.services().now()):
        return Said("Anh/chị đã rút đề nghị xóa; dữ liệu được giữ như trước.")
    return Said("Không còn đề nghị xóa nào để rút.", "warn")


def _agree(tx: Session, case: Case) -> Said:
    return _openly(tx, case, yes=True)


def _decline(tx: Session, case: Case) -> Said:
    return _openly(tx, case, yes=False)


def _openly(tx: Session, case: Case, *, yes: bool) -> Said:
    words = {
        "agreed": "Anh/chị đã đồng ý; lãnh đạo đơn vị xem lại rồi đăng. Anh/chị rút lại được bất "
        "cứ lúc nào ở đây.",
        "declined": "Sở không đăng ý kiến này.",
        "taken_back": "Nội dung đã được gỡ khỏi trang công khai.",
    }
    done = openly.agree(tx, case, yes=yes, now=house.services().now())
    if not done:
        return Said("Nội dung sẽ đăng vừa thay đổi; anh/chị xem lại bên dưới.", "warn")
    return Said(words[done])


def _show(_tx: Session, _case: Case) -> None:
    """Only the page again, without asking for the PIN: the way back from one's own data."""


class Wrong(ValueError):
    """Something in the form is missing; ``errors`` names field and sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__()


DEEDS: dict[str, Callable[[Session, Case], Said | None]] = {
    "xem": _show,
    "bo-sung": _add,
    "hai-long": _confirm,
    "mo-lai": _reopen,
    "rut": _withdraw,
    "xoa": _erase,
    "khong-xoa": _keep,
    "cho-dang": _agree,
    "khong-dang": _decline,
}


_NAMES = ", ".join(f"'{name}'" for name in DEEDS)


@blueprint.post(f"/tra-cuu/viec/<any({_NAMES}):name>")
@limiter.limit("30/minute")
def case_deed(name: str) -> tuple[str, int]:
    """One deed, one transaction; the page says what became of it and shows the case anew."""
    code, services = _code(), house.services()
    if code is None:
        return _expired()
    said, errors, status_code = None, {}, 200
    try:
        with house.store().transaction() as tx:
            case = cases.by_code(tx, code, lock=True)
            if case is None:
                return _expired()
            said = DEEDS[name](tx, case)
    except Wrong as wrong:
        errors, status_code = wrong.errors, 422
    except TransitionNotAllowed:
        said = Said(
            "Tình trạng ý kiến vừa thay đổi nên việc đó không còn cần; xem bên dưới.", "warn"
        )
        status_code = 409
    with house.store().reading() as tx:
        case = cases.by_code(tx, code)
        if case is None:
            return _expired()
        view = status.view(tx, services, case, now=services.now())
    if case.conversation_id:
        services.queue.deliver(case.conversation_id)
    return page(view, said, errors), status_code


@blueprint.post("/tra-cuu/du-lieu")
@limiter.limit("10/minute")
def own_data_page() -> Response | tuple[str, int]:
    """One's own data: a page to read and print, or a JSON file to take along."""
    code, services = _code(), house.services()
    if code is None:
        return _expired()
    withheld = False
    with house.store().transaction() as tx:
        case = cases.by_code(tx, code)
        if case is None:
            return _expired()
        try:
            found = own_data.gather(tx, services, case, now=services.now())
        except own_data.Withheld:
            withheld, view = True, status.view(tx, services, case, now=services.now())
    if withheld:
        words = (
            "Vì an toàn của người gửi, nội dung kênh mật không hiện ở đây. Sở đã ghi đề nghị; "
            "anh/chị trình bày trực tiếp với cán bộ phụ trách kênh mật để nhận dữ liệu."
        )
        return page(view, Said(words, "warn")), 200
    if request.form.get("dang") == "json":
        body = json.dumps(found, ensure_ascii=False, indent=2)
        return Response(
            body + "\n",
            mimetype="application/json",
            headers={"Content-Disposition": f'attachment; filename="{code}.json"'},
        )
    return render_template(
        "public/own_data.html", data=found, ticket=request.form.get("ve", "")
    ), 200
