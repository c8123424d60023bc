"""The staff blueprint and its guard: every page needs a signed-in person except the few named."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_login import current_user, logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from intake_api.domain import access, consulting, people, reporting
from intake_api.domain.model import ROLE_TITLE, Role
from intake_api.flow import sessions
from intake_api.settings import Settings
from intake_api.staff import accounts, oidc, session
from intake_api.store import StoreUnavailable

blueprint = Blueprint("staff", __name__, url_prefix="/can-bo", template_folder="templates")
# The only pages of this door that strangers may ask for.
OPEN_ENDPOINTS = frozenset(
    {
        "staff.sign_in", "staff.second_step", "staff.set_password", "staff.oidc_start",
        "staff.oidc_back",
    }
)  # fmt: skip
# What is left to somebody of whom a second factor is demanded and who has none yet.
ONE_FACTOR_ENDPOINTS = frozenset({"staff.second_setup", "staff.sign_out", "staff.password"})
# What an open page asks for without anybody touching it: no sign of somebody at work.
BY_THEMSELVES = frozenset(
    {
        "staff.news",
        "staff.row",
        "staff.talk",
        "staff.related",
        "staff.approved",
        "staff.notes",
        "staff.report_progress",
    }
)


def init_app(app: Flask, settings: Settings) -> None:
    """Gives the application its sign-in manager, and the house's own sign-in if there is one."""
    accounts.login_manager.init_app(app)
    oidc.init_app(app, settings)
    accounts.warm_up()


@blueprint.before_request
def only_staff() -> ResponseReturnValue | None:
    """Sends strangers, and sessions that have grown old, to the sign-in page."""
    if any("\x00" in value for value in request.values.values()):
        abort(400)  # PostgreSQL cannot hold NUL, and no browser sends it
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    now = accounts.runtime().clock.now()
    touched = request.endpoint not in BY_THEMSELVES
    if current_user.is_authenticated and session.still_good(now, _at_work, touched=touched):
        demanded = accounts.runtime().settings.totp_required and not accounts.is_strong()
        if demanded and request.endpoint not in ONE_FACTOR_ENDPOINTS:
            return redirect(url_for("staff.second_setup"), 303)
        return None
    return _sign_in_first()


def _sign_in_first() -> ResponseReturnValue:
    if "_user_id" in browser_session:
        logout_user()
        session.forget()
        flash("Phiên làm việc đã hết. Mời anh/chị đăng nhập lại; chữ đang viết vẫn được giữ.")
    if request.headers.get("HX-Request"):
        return "", 401  # a part of a page must not become the sign-in page
    return redirect(url_for("staff.sign_in", tiep=_wanted()), 303)


def _wanted() -> str | None:
    """Where somebody goes on after signing in: the page, or the one that a form's address leads
    back to; None where there is none."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    there = current_app.create_url_adapter(request)
    return request.path if there and "GET" in there.allowed_methods() else None


def _at_work() -> None:
    """The list of one's sessions shows when each was used last."""
    run = accounts.runtime()
    with run.store.transaction() as tx:
        sessions.touch(tx, accounts.my_session(), now=run.clock.now())


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Pages with people's matters stay out of every cache, shared computers included."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.context_processor
def everywhere() -> dict[str, Any]:
    """What every staff page shows of the person at work."""
    if not current_user.is_authenticated:
        return {"person": None}
    staff = accounts.me()
    unit = accounts.runtime().services.catalog.units.get(staff.unit or "")
    return {
        "person": staff,
        "reads_talks": access.lane_of_talks(staff.role) is not None,
        "unseals": access.may_unseal(staff.role),
        "sees_holds": access.lane_of_holds(staff.role) is not None,
        "consults": consulting.may_list(staff.role),
        "reads_faq": access.may_read_faq(staff.role),
        "reads_cases": access.scope(staff.role, staff.unit).units != (),
        "keeps_register": access.may_keep_register(staff.role),
        "sees_alerts": access.may_see_alerts(staff.role),
        "reads_reports": reporting.listed(staff.role, staff.unit) != (False, (), False),
        "person_role": ROLE_TITLE.get(Role(staff.role), staff.role),
        "person_unit": unit.name if unit else "",
        "unread": current_user.unread,
        "printed_at": accounts.runtime().clock.now(),
        "manages_people": people.may_manage(staff.role),
        "opens_answers": access.may_propose_open(staff.role),
        "approves_people": staff.role in (Role.ADMIN, Role.LEADER),
    }


def _page(status: int, title: str, words: str) -> ResponseReturnValue:
    return render_template("staff/message.html", title=title, words=words, status=status), status


@blueprint.errorhandler(404)
def not_found(_error: HTTPException) -> ResponseReturnValue:
    """One answer for what is not there and for what this person may not see."""
    return _page(
        404,
        "Không tìm thấy",
        "Không có nội dung này trong phần việc của anh/chị. Mã có thể gõ nhầm, hoặc ý kiến đã "
        "chuyển sang nơi khác.",
    )


@blueprint.errorhandler(403)
def forbidden(error: HTTPException) -> ResponseReturnValue:
    return _page(403, "Không được làm việc này", error.description or "")


@blueprint.errorhandler(429)
def too_many(_error: HTTPException) -> ResponseReturnValue:
    return _page(
        429,
        "Thử quá nhiều lần",
        "Đã có quá nhiều lần thử liên tiếp. Anh/chị đợi ít phút rồi thử lại; nếu quên mật khẩu, "
        "liên hệ quản trị hệ thống của Sở.",
    )


@blueprint.errorhandler(CSRFError)
def old_form(_error: CSRFError) -> ResponseReturnValue:
    if not current_user.is_authenticated and request.endpoint not in OPEN_ENDPOINTS:
        return _sign_in_first()  # the form's key went with the session
    return _page(
        400,
        "Trang đã mở quá lâu",
        "Chưa có gì được gửi đi. Anh/chị quay lại, tải lại trang rồi gửi lần nữa; chữ đang viết "
        "vẫn được giữ trên máy này.",
    )


@blueprint.errorhandler(StoreUnavailable)
def store_away(_error: StoreUnavailable) -> ResponseReturnValue:
    return _page(
        503,
        "Chưa lưu được",
        "Hệ thống lưu trữ tạm thời không ghi được và chưa có gì thay đổi. Chữ đang viết vẫn được "
        "giữ trên máy này; anh/chị thử lại sau ít phút.",
    )


# The views name the blueprint, so they are read once it exists.
from intake_api.staff import (  # noqa: E402
    alerts,
    beside,
    bulk,
    casepage,
    comments_page,
    consultations,
    documents_page,
    export,
    faq_files,
    faq_pages,
    faq_steps,
    figures,
    files,
    gaps_page,
    holds,
    letters_page,
    live,
    me,
    more_moves,
    moves,
    openly,
    opinion_groups,
    own_views,
    queue,
    register_page,
    reminders,
    reports,
    retention,
    rumours,
    secondstep,
    setpassword,
    signin,
    talks,
    undelivered,
    unseal_pages,
)
from intake_api.staff import people as people_pages  # noqa: E402

for room in (
    signin, secondstep, setpassword, oidc, me, people_pages, queue, own_views, bulk, beside,
    live, export, alerts, rumours,
    casepage, moves, more_moves, unseal_pages, files,
    talks, comments_page, undelivered, reminders, retention, holds, reports, figures,
    consultations, opinion_groups,
    register_page, letters_page, openly,
    faq_pages, faq_steps, documents_page, gaps_page, faq_files,
):  # fmt: skip
    room.register(blueprint)
