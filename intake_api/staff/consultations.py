"""Consultations on drafts at the desk: prepare, announce, sort what was said, answer, publish."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access, consulting, worktime
from intake_api.flow import consult, consult_comment, files, receive
from intake_api.flow.consult import By, Draft, Plan, Refused
from intake_api.flow.services import local_day
from intake_api.reports import opinions as reporting
from intake_api.reports import sheets
from intake_api.staff import accounts
from intake_api.staff.typed import whole
from intake_api.store import Session, cases, consultations, events, registry, unsealings
from intake_api.store.consult_tables import Consultation, DraftClause
from intake_api.store.registers import Staff
from vntext import parse_code


def by() -> By:
    return By(accounts.me(), accounts.runtime().clock.now())


def _only(allowed: bool) -> None:
    if not allowed:
        abort(403, "Vai trò của anh/chị không xem được trang này.")


def mine(tx: Session, number: int, *, lock: bool = False) -> Consultation:
    """The consultation; 404 alike for what is not there and what this person may not see."""
    found = consultations.get(tx, number, lock=lock)
    me = accounts.me()
    if found is None or not consulting.may_see(me.role, me.unit, found.unit):
        abort(404)
    return found


def _phase(found: Consultation) -> str:
    return consulting.phase(
        found.state, found.opens_at, found.closes_at, accounts.runtime().clock.now()
    )


def _units(me: Staff) -> list[tuple[str, str]]:
    """Units that this person may prepare a draft for."""
    catalog, today = accounts.runtime().services.catalog, local_day(by().now)
    found = [
        (code, one.name)
        for code, one in catalog.units.items()
        if catalog.unit_on(code, today).code == code
    ]
    return [one for one in found if consulting.may_work(me.role, me.unit, one[0])]


# ------------------------------------------------------------------ list and preparation


def drafts() -> ResponseReturnValue:
    """Every consultation of one's own work, newest first."""
    me, run = accounts.me(), accounts.runtime()
    _only(consulting.may_list(me.role))
    units = None if me.role in ("coordinator", "leader") else (me.unit or "",)
    with run.store.reading() as tx:
        found = consultations.listed(tx, units=units)
        counts = consultations.counts(tx, [one.id for one in found])
    return render_template(
        "staff/consult/list.html", found=found, counts=counts, phase=_phase, last_day=_last_day,
        phases=consulting.PHASE, units=run.services.catalog.units,
        makes=consulting.may_make(me.role),
    )  # fmt: skip


def _last_day(found: Consultation) -> str:
    return worktime.day_in_words(consulting.last_day(found.closes_at))


def _blank() -> dict[str, str]:
    today = local_day(by().now)
    return {"tu_ngay": today.isoformat(), "don_vi": accounts.me().unit or ""}


def _editor(
    typed: Mapping[str, str], errors: dict[str, str], status: int = 200,
    found: Consultation | None = None,
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "staff/consult/edit.html", typed=typed, errors=errors, found=found,
        units=_units(accounts.me()), max_mb=files.MAX_FILE // 1024 // 1024,
    )  # fmt: skip
    return page, status


def draft_new() -> ResponseReturnValue:
    _only(consulting.may_make(accounts.me().role))
    return _editor(_blank(), {})


def _plan(form: Mapping[str, str]) -> Plan:
    def day(name: str, words: str) -> date | None:
        given = form.get(name, "").strip()
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            raise Refused(words, name) from None

    given = form.get("so_noi", "").strip()
    count = whole(given, digits=6)
    if given and count is None:
        raise Refused("Số nơi đã gửi xin ý kiến phải là số.", "so_noi")
    return Plan(
        title=form.get("ten", ""), unit=form.get("don_vi", ""), basis=form.get("can_cu", ""),
        first=day("tu_ngay", "Ngày bắt đầu chưa đúng."),
        last=day("den_ngay", "Ngày hết hạn chưa đúng."),
        asked_count=count,
    )  # fmt: skip


def _draft() -> Draft | None:
    """The uploaded draft, looked over and split before any transaction. Raises Refused."""
    sent = request.files.get("tep")
    if sent is None or not sent.filename:
        return None
    # One byte more than allowed tells a file that is too big without reading it all.
    data = sent.stream.read(files.MAX_FILE + 1)
    return consult.read_draft(accounts.runtime().services, sent.filename, data)


def draft_make() -> ResponseReturnValue:
    """Takes the draft in and shows how it was split."""
    _only(consulting.may_make(accounts.me().role))
    run = accounts.runtime()
    try:
        plan = _plan(request.form)
        consult.check(run.services, plan, by())
        draft = _draft()
        if draft is None:
            raise Refused("Chọn tệp dự thảo (.docx).", "tep")
        with run.store.transaction() as tx:
            made = consult.prepare(tx, run.services, plan, draft, by())
    except Refused as refused:
        return _editor(request.form, {refused.field: str(refused)}, 422)
    flash("Đã nhận dự thảo. Kiểm tra cách chia điều, khoản rồi công bố.", "ok")
    return redirect(url_for("staff.draft", number=made.id), 303)


def draft_edit(number: int) -> ResponseReturnValue:
    with accounts.runtime().store.reading() as tx:
        found = mine(tx, number)
    typed = {
        "ten": found.title, "can_cu": found.basis, "don_vi": found.unit,
        "tu_ngay": found.opens_at.astimezone(worktime.LOCAL).date().isoformat(),
        "den_ngay": consulting.last_day(found.closes_at).isoformat(),
        "so_noi": str(found.asked_count or ""),
    }  # fmt: skip
    return _editor(typed, {}, found=found)


def draft_change(number: int) -> ResponseReturnValue:
    run = accounts.runtime()
    found = None
    try:
        plan, draft = _plan(request.form), _draft()
        with run.store.transaction() as tx:
            found = mine(tx, number, lock=True)
            consult.change(tx, run.services, found, plan, by(), draft)
    except Refused as refused:
        with run.store.reading() as tx:
            found = mine(tx, number)
        return _editor(request.form, {refused.field: str(refused)}, 422, found)
    flash("Đã lưu.", "ok")
    return redirect(url_for("staff.draft", number=number), 303)


# ------------------------------------------------------------------ one consultation


def may(found: Consultation) -> dict[str, bool]:
    """What this person may do with it now; the steps themselves check again."""
    me, phase = accounts.me(), _phase(found)
    return {
        "edit": phase in ("preparing", "upcoming", "open", "closed")
        and consulting.may_work(me.role, me.unit, found.unit),
        "announce": phase == "preparing" and consulting.may_announce(me.role, me.unit, found.unit),
        "withdraw": phase in ("preparing", "upcoming", "open", "closed", "waiting")
        and consulting.may_announce(me.role, me.unit, found.unit),
        "sort": found.state == "announced" and consulting.may_work(me.role, me.unit, found.unit),
        "answer": found.state == "announced"
        and consulting.may_answer(me.role, me.unit, found.unit),
        "submit": phase == "closed" and consulting.may_answer(me.role, me.unit, found.unit),
        "decide": phase == "waiting" and consulting.may_decide(me.role, me.id, found.asked_by),
        "take": access.may_export(me.role) and phase not in ("preparing", "upcoming"),
    }


def _page(number: int, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    run = accounts.runtime()
    with run.store.reading() as tx:
        found = mine(tx, number)
        parts = consultations.clauses(tx, found.id)
        table = reporting.gather(tx, found, reader=accounts.me().id)
        loose = consultations.ungrouped(tx, found.id, reader=accounts.me().id)
        names = {one.id: one.name for one in registry.all_staff(tx)}
    page = render_template(
        "staff/consult/one.html", found=found, parts=parts, table=table, loose=loose, names=names,
        errors=errors, may=may(found), phase=_phase(found), phases=consulting.PHASE,
        last_day=_last_day(found), unit=run.services.catalog.units.get(found.unit),
        verdicts=consulting.VERDICT, typed=request.form,
        options=[("0", "Toàn dự thảo"), *((str(one.number), one.place) for one in parts)],
        left=sum(not row.verdict for row in table.rows),
    )  # fmt: skip
    return page, status


def draft(number: int) -> ResponseReturnValue:
    return _page(number, {})


def _announce(tx: Session, found: Consultation) -> str:
    consult.announce(tx, found, by())
    return "Đã công bố lấy ý kiến."


def _withdraw(tx: Session, found: Consultation) -> str:
    consult.withdraw(tx, found, by(), request.form.get("ly_do", ""))
    return "Đã rút. Những ý kiến đã nhận được xem xét như các ý kiến khác."


def _submit(tx: Session, found: Consultation) -> str:
    consult.submit(tx, found, by())
    return "Đã trình lãnh đạo Sở duyệt."


def _give_back(tx: Session, found: Consultation) -> str:
    consult.give_back(tx, found, by(), request.form.get("ly_do", ""))
    return "Đã trả lại đơn vị soạn thảo."


def _publish(tx: Session, found: Consultation) -> str:
    consult.publish(tx, found, by())
    return "Đã công bố. Người góp ý được báo kết quả trong ít phút, mỗi người trên kênh của mình."


def _clause(tx: Session, found: Consultation, chosen: str) -> DraftClause | None:
    """The clause that a form names; None is the draft as a whole."""
    number = whole(chosen)
    return consultations.clause(tx, found.id, number) if number is not None else None


def _letter(tx: Session, found: Consultation) -> str:
    """What an office wrote on paper."""
    me, form, services = accounts.me(), request.form, accounts.runtime().services
    if not consulting.may_work(me.role, me.unit, found.unit) or found.state != "announced":
        raise Refused("Đợt lấy ý kiến này không nhập thêm ý kiến được.")
    organisation = form.get("to_chuc", "").strip()
    if not organisation or len(organisation) > consulting.MAX_ORGANISATION:
        raise Refused("Ghi tên cơ quan, tổ chức, không quá 200 ký tự.", "to_chuc")
    clause = _clause(tx, found, form.get("muc", ""))
    try:
        case = consult_comment.from_letter(
            tx, services, found, clause, text=form.get("noi_dung", ""), organisation=organisation,
            staff_id=me.id, now=by().now,
        )  # fmt: skip
    except receive.TextMissing:
        raise Refused("Viết nội dung góp ý.", "noi_dung") from None
    except receive.TextTooLong:
        words = "Nội dung dài quá 5.000 ký tự; chia thành nhiều ý kiến."
        raise Refused(words, "noi_dung") from None
    return f"Đã ghi ý kiến {case.code}."


def _adopt(tx: Session, found: Consultation) -> str:
    """Takes in what came another way, by e-mail or in a chat, by its code."""
    me, form, run = accounts.me(), request.form, accounts.runtime()
    if not consulting.may_work(me.role, me.unit, found.unit) or found.state != "announced":
        raise Refused("Đợt lấy ý kiến này không nhận thêm ý kiến được.")
    code = parse_code(form.get("ma", "")) or ""
    case = cases.by_code(tx, code, lock=True) if code else None
    if case is None or not access.may_act(
        me.role, me.unit, confidential=case.confidential, case_unit=case.unit
    ) or unsealings.is_named(tx, case.id, me.id):  # fmt: skip
        raise Refused("Không có ý kiến này trong phần việc của anh/chị.", "ma")
    if consultations.opinion(tx, case.id) is not None:
        raise Refused("Ý kiến này đã nằm trong một đợt lấy ý kiến.", "ma")
    clause = _clause(tx, found, form.get("muc_ma", ""))
    consult_comment.adopt(tx, run.services, case, found, clause, asking=False, now=by().now)
    return f"Đã đưa ý kiến {case.code} vào đợt lấy ý kiến."


DEEDS: dict[str, Callable[[Session, Consultation], str]] = {
    "cong-bo": _announce,
    "rut": _withdraw,
    "trinh": _submit,
    "tra-lai": _give_back,
    "duyet": _publish,
    "van-ban": _letter,
    "dua-vao": _adopt,
}


def draft_deed(number: int, name: str) -> ResponseReturnValue:
    """One step, one transaction."""
    run = accounts.runtime()
    if name not in DEEDS:
        abort(404)
    try:
        with run.store.transaction() as tx:
            said = DEEDS[name](tx, mine(tx, number, lock=True))
    except Refused as refused:
        return _page(number, {refused.field: str(refused)}, 409)
    flash(said, "ok")
    return redirect(url_for("staff.draft", number=number), 303)


def draft_table(number: int, form: str) -> ResponseReturnValue:
    """The table to take out of the house, every time on record."""
    _only(access.may_export(accounts.me().role))
    me = by()
    with accounts.runtime().store.transaction() as tx:
        found = mine(tx, number)
        table = reporting.gather(tx, found, reader=me.staff.id)
        data = {"consultation": found.id, "rows": len(table.rows), "form": form}
        events.append(tx, at=me.now, actor=me.actor, action="exported", data=data)
    catalog = accounts.runtime().services.catalog
    if form == "xlsx":
        body, kind = reporting.xlsx(table), sheets.KIND
    else:
        body, kind = reporting.docx(table, catalog, now=me.now), files.DOCX
    name = f"tiep-thu-giai-trinh-{number}.{form}"
    return send_file(io.BytesIO(body), mimetype=kind, as_attachment=True, download_name=name)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/du-thao", "drafts", drafts)
    add("/du-thao/moi", "draft_new", draft_new)
    add("/du-thao/moi", "draft_make", draft_make, methods=["POST"])
    add("/du-thao/<int:number>", "draft", draft)
    add("/du-thao/<int:number>/sua", "draft_edit", draft_edit)
    add("/du-thao/<int:number>/sua", "draft_change", draft_change, methods=["POST"])
    add("/du-thao/<int:number>/viec/<name>", "draft_deed", draft_deed, methods=["POST"])
    add("/du-thao/<int:number>/bang.<any(docx, xlsx):form>", "draft_table", draft_table)
