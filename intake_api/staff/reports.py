"""The pages of reports: the list, one report from its figures to the signature, its files."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import reporting
from intake_api.domain.period import PeriodProblem
from intake_api.domain.reminding import Kind as NoticeKind
from intake_api.domain.reporting import KIND_TITLE, About, Kind
from intake_api.flow import reminding
from intake_api.flow.services import local_day
from intake_api.reports import calendar, desk
from intake_api.reports.documents import files
from intake_api.staff import accounts, report_views
from intake_api.staff.typed import whole
from intake_api.store import notices, registry, reports
from intake_api.store.report_tables import Report

if TYPE_CHECKING:
    from intake_api.store import Session

WHOLE, LANE = "so", "mat"


def _abouts() -> list[tuple[str, str]]:
    """(code, title) of whose cases this person may make a report of."""
    me, catalog = accounts.me(), accounts.runtime().services.catalog
    found = []
    for code, title, about in (
        (WHOLE, "Toàn Sở", About()),
        *((unit.code, unit.name, About(unit.code)) for unit in catalog.units.values()),
        (LANE, "Kênh mật (chỉ số lượng)", About(sealed=True)),
    ):
        if reporting.may_make(me.role, me.unit, about):
            found.append((code, title))
    return found


def _about(code: str) -> About:
    if code == LANE:
        return About(sealed=True)
    return About() if code == WHOLE else About(code)


def _listed(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    run, me = accounts.runtime(), accounts.me()
    whole, units, lane = reporting.listed(me.role, me.unit)
    if not (whole or lane or units):
        abort(403, "Vai trò của anh/chị không xem báo cáo.")
    today = local_day(run.clock.now())
    with run.store.reading() as tx:
        found = reports.listed(tx, whole=whole, units=units, lane=lane)
    catalog = run.services.catalog
    typed = request.form if request.method == "POST" else {}
    page = render_template(
        "staff/reports/list.html", errors=errors, abouts=_abouts(), typed=typed,
        rows=[report_views.row(one, catalog, today) for one in found],
        kinds=[(str(kind), KIND_TITLE[kind]) for kind in Kind], year=today.year,
    )  # fmt: skip
    return page, status


def listed() -> ResponseReturnValue:
    """Every report that this person may read, and the form for a new one."""
    return _listed({})


def _number(raw: str) -> int:
    return whole(raw, digits=5) or 0


def make() -> ResponseReturnValue:
    """A new report: its figures are taken by the jobs process."""
    run, me, form = accounts.runtime(), accounts.me(), request.form
    catalog, now = run.services.catalog, run.clock.now()
    if form.get("about") not in dict(_abouts()):
        return _listed({"about": "Chọn phạm vi trong danh sách."}, 422)
    if form.get("kind") not in list(Kind):
        return _listed({"kind": "Chọn loại báo cáo trong danh sách."}, 422)
    kind = Kind(form["kind"])
    try:
        period = reporting.chosen(
            catalog.reports, kind, year=_number(form.get("year", "")),
            number=_number(form.get("number", "")), first=form.get("first", ""),
            last=form.get("last", ""), today=local_day(now),
        )  # fmt: skip
    except PeriodProblem as wrong:
        return _listed({"first" if kind == Kind.ADHOC else "year": str(wrong)}, 422)
    try:
        with run.store.transaction() as tx:
            made = desk.make(
                tx, catalog, kind=kind, period=period, of=_about(form["about"]), by=me, now=now
            )
    except desk.Refused as refused:
        return _listed({"kind": str(refused)}, 409)
    return redirect(url_for("staff.report", number=made.id), 303)


def _find(tx: Session, number: int, *, lock: bool = False) -> Report:
    try:
        return desk.find(tx, number, accounts.me(), lock=lock)
    except KeyError:
        abort(404)


def _page(
    number: int, *, errors: dict[str, str] | None = None, typed: Any = None, status: int = 200
) -> ResponseReturnValue:
    run, me = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        found = _find(tx, number)
        names = {one.id: one.name for one in registry.all_staff(tx)}
        shown = report_views.whole(
            tx, found, run.services.catalog, me, names, today=local_day(run.clock.now())
        )
    page = render_template(
        "staff/reports/one.html", shown=shown, errors=errors or {}, typed=typed or {}
    )
    return page, status


def report(number: int) -> ResponseReturnValue:
    """One report; what was told of it counts as read."""
    run = accounts.runtime()
    path = url_for("staff.report", number=number)
    with run.store.transaction() as tx:
        notices.read(tx, accounts.me().id, run.clock.now(), path=path)
    return _page(number)


def progress(number: int) -> ResponseReturnValue:
    """How far the figures are, for the page to renew; when they are there it comes whole."""
    run = accounts.runtime()
    with run.store.reading() as tx:
        found = _find(tx, number)
    if found.wanted_at is None:
        return "", 204, {"HX-Refresh": "true"}
    return render_template("staff/reports/_progress.html", report=found)


def _do(
    number: int, action: str, words: str, work: Callable[[Session, Report, desk.By], None]
) -> ResponseReturnValue:
    """One step on the version that the page showed; whom it concerns is told."""
    run, me, form = accounts.runtime(), accounts.me(), request.form
    now = run.clock.now()
    try:
        with run.store.transaction() as tx:
            found = _find(tx, number, lock=True)
            work(tx, found, desk.By(me, now, _number(form.get("version", ""))))
            one = calendar.after(tx, found, action)
            if one is not None:
                reminding.tell_people(
                    tx, NoticeKind.REPORT, [who for who in one.people if who != me.id],
                    words=one.words, path=one.path, once=one.once, now=now,
                )  # fmt: skip
    except desk.Refused as refused:
        return _page(number, errors={action: str(refused)}, typed=form, status=409)
    except desk.Stale:
        said = "Báo cáo vừa có người khác thay đổi; chữ anh/chị viết còn ở các ô dưới đây."
        return _page(number, errors={action: said}, typed=form, status=409)
    flash(words, "ok")
    return redirect(url_for("staff.report", number=number), 303)


def write(number: int) -> ResponseReturnValue:
    """Keeps the text."""
    catalog, form = accounts.runtime().services.catalog, request.form
    said = desk.Written(
        {rule.code: form.get(f"s-{rule.code}", "") for rule in catalog.reports.sections},
        form.get("signer", ""),
        form.get("signer_name", ""),
    )

    def work(tx: Session, found: Report, by: desk.By) -> None:
        desk.write(tx, catalog, found, by, said)

    return _do(number, "write", "Đã lưu.", work)


def take_again(number: int) -> ResponseReturnValue:
    """Has the figures taken anew."""
    return _do(number, "take", "Đang chốt lại số liệu.", desk.take_again)


def check(number: int) -> ResponseReturnValue:
    """Somebody else has read it."""
    return _do(number, "check", "Đã kiểm tra; lãnh đạo Sở được báo để ký.", desk.check)


def sign(number: int) -> ResponseReturnValue:
    """The leader's signature."""
    catalog = accounts.runtime().services.catalog

    def work(tx: Session, found: Report, by: desk.By) -> None:
        desk.sign(tx, catalog, found, by)

    return _do(number, "sign", "Đã ký duyệt; nội dung được khóa.", work)


def give_back(number: int) -> ResponseReturnValue:
    """Back to the writer with a reason."""
    reason = request.form.get("reason", "")

    def work(tx: Session, found: Report, by: desk.By) -> None:
        desk.give_back(tx, found, by, reason=reason)

    return _do(number, "give_back", "Đã trả lại để sửa.", work)


def drop(number: int) -> ResponseReturnValue:
    """Takes a draft away that was made by mistake."""
    run, me, form = accounts.runtime(), accounts.me(), request.form
    try:
        with run.store.transaction() as tx:
            found = _find(tx, number, lock=True)
            by = desk.By(me, run.clock.now(), _number(form.get("version", "")))
            desk.drop(tx, found, by)
    except desk.Refused as refused:
        return _page(number, errors={"drop": str(refused)}, status=409)
    except desk.Stale:
        return _page(number, errors={"drop": "Báo cáo vừa có người khác thay đổi."}, status=409)
    flash("Đã bỏ bản nháp.", "ok")
    return redirect(url_for("staff.reports"), 303)


def give_number(number: int) -> ResponseReturnValue:
    """Number and day from văn thư."""
    form = request.form
    try:
        day = date.fromisoformat(form.get("number_on", "")) if form.get("number_on") else None
    except ValueError:
        return _page(number, errors={"number": "Ngày chưa đúng."}, typed=form, status=422)

    def work(tx: Session, found: Report, by: desk.By) -> None:
        desk.number(tx, found, by, given=form.get("number", ""), day=day)

    return _do(number, "number", "Đã vào số.", work)


def download(number: int, form: str) -> ResponseReturnValue:
    """The document as a file; each time on record."""
    run, me = accounts.runtime(), accounts.me()
    now = run.clock.now()
    try:
        with run.store.transaction() as tx:
            found = _find(tx, number)
            made = desk.document(tx, run.services.catalog, found, today=local_day(now))
            desk.exported(tx, found, desk.By(me, now), form=form)
    except desk.Refused as refused:
        return _page(number, errors={"take": str(refused)}, status=409)
    name = f"bao-cao-{found.first.isoformat()}-{found.last.isoformat()}.{form}"
    content = io.BytesIO(files.write(made, form, made_at=found.signed_at or now))
    return send_file(content, mimetype=files.FORMS[form], as_attachment=True, download_name=name)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/bao-cao", "reports", listed)
    add("/bao-cao", "report_make", make, methods=["POST"])
    add("/bao-cao/<int:number>", "report", report)
    add("/bao-cao/<int:number>/tien-do", "report_progress", progress)
    for path, name, view in (
        ("viet", "report_write", write), ("chot", "report_take", take_again),
        ("kiem-tra", "report_check", check), ("tra-lai", "report_give_back", give_back),
        ("ky", "report_sign", sign), ("vao-so", "report_number", give_number),
        ("bo", "report_drop", drop),
    ):  # fmt: skip
        add(f"/bao-cao/<int:number>/{path}", name, view, methods=["POST"])
    add("/bao-cao/<int:number>/van-ban.<any(docx, pdf):form>", "report_file", download)
