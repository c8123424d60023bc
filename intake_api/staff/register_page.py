"""The register of citizen reception: for those who may keep it, each time on record."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from intake_api.domain import access, period
from intake_api.domain.period import Period, PeriodProblem
from intake_api.flow.services import local_day
from intake_api.reports import register as book
from intake_api.reports import sheets
from intake_api.reports.documents import files
from intake_api.staff import accounts, words
from intake_api.store import events
from vntext import mask

if TYPE_CHECKING:
    from intake_api.store import Session

FORMS = {"xlsx": sheets.KIND, **files.FORMS}


def _only() -> access.Scope:
    me = accounts.me()
    if not access.may_keep_register(me.role):
        abort(403, "Vai trò của anh/chị không lập sổ tiếp nhận.")
    return accounts.my_scope()


def _page(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    today = local_day(accounts.runtime().clock.now())
    typed: Any = request.form or {
        "first": today.replace(day=1).isoformat(), "last": today.isoformat(), "form": "docx",
    }  # fmt: skip
    page = render_template(
        "staff/reports/register.html", errors=errors, typed=typed, columns=book.COLUMNS,
        names=access.may_name_in_register(accounts.me().role),
    )  # fmt: skip
    return page, status


def page() -> ResponseReturnValue:
    """Which days, which file, with names or without."""
    _only()
    return _page({})


def take() -> ResponseReturnValue:
    """The register as a file. Names only with a reason; it is on record as an export."""
    scope, run, me, form = _only(), accounts.runtime(), accounts.me(), request.form
    names = form.get("names") == "1" and access.may_name_in_register(me.role)
    reason = form.get("reason", "").strip()
    kind = form.get("form", "")
    try:
        wanted = period.read("", form.get("first", ""), form.get("last", ""))
    except PeriodProblem as wrong:
        return _page({"first": str(wrong)}, 422)
    if kind not in FORMS:
        return _page({"form": "Chọn loại tệp trong danh sách."}, 422)
    if names and not reason:
        return _page({"reason": "Ghi lý do cần họ tên người gửi; lý do được lưu."}, 422)
    asked = book.Asked(scope, wanted, names, words.without_pin)
    with run.store.transaction() as tx:
        rows = book.count(tx, asked)
        if rows > book.MAX_PRINTED and kind != "xlsx":
            said = f"Thời gian này có {rows} ý kiến; văn bản in tối đa {book.MAX_PRINTED}. "
            return _page({"form": f"{said}Chọn XLSX hoặc ít ngày hơn."}, 422)
        _record(tx, wanted, rows, kind, names=names, reason=reason)
    return _send(asked, kind)


def _record(tx: Session, wanted: Period, rows: int, kind: str, *, names: bool, reason: str) -> None:
    me, now = accounts.me(), accounts.runtime().clock.now()
    events.append(
        tx, at=now, actor=f"staff:{me.id}", action="exported",
        data={
            "register": [wanted.first.isoformat(), wanted.last.isoformat()], "rows": rows,
            "form": kind, "names": names, "sealed": False,
        },
        words={"reason": mask(reason)[:300]},
    )  # fmt: skip


def _send(asked: book.Asked, kind: str) -> ResponseReturnValue:
    run = accounts.runtime()
    now, catalog = run.clock.now(), run.services.catalog
    with run.store.reading() as tx:
        found = book.rows(tx, asked, catalog)
        if kind == "xlsx":
            made = book.sheet(found)
        else:
            whole = book.document(found, catalog, asked, today=local_day(now))
            made = io.BytesIO(files.write(whole, kind, made_at=now))
    days = f"{asked.period.first.isoformat()}-{asked.period.last.isoformat()}"
    return send_file(
        made, mimetype=FORMS[kind], as_attachment=True, download_name=f"so-tiep-nhan-{days}.{kind}"
    )


def register(blueprint: Blueprint) -> None:
    """Puts the register on the door."""
    blueprint.add_url_rule("/so-tiep-nhan", "register", page)
    blueprint.add_url_rule("/so-tiep-nhan", "register_take", take, methods=["POST"])
