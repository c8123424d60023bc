"""The register of legal documents: the list, one document with the answers that stand on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access, faq
from intake_api.flow import documents as flow
from intake_api.flow import faq_telling
from intake_api.flow.documents import Filled
from intake_api.flow.entries import Refused
from intake_api.staff import accounts
from intake_api.staff.faq_pages import only_readers
from intake_api.staff.typed import whole
from intake_api.store import faq as rows
from vntext import fold

_DAYS = {
    "issued_on": "Ngày ban hành", "valid_from": "Ngày có hiệu lực", "valid_to": "Ngày hết hiệu lực",
}  # fmt: skip


def listed() -> ResponseReturnValue:
    """Every document: when it holds, what replaced it, how many answers stand on it."""
    only_readers()
    wanted = fold(request.args.get("tim", "")).lower().split()[:10]
    with accounts.runtime().store.reading() as tx:
        every, flagged = rows.documents(tx), flow.flagged(tx)
    by_id = {one.id: one for one in every}
    work: dict[int, int] = {}
    for flags in flagged.values():
        for number in {flag.document.id for flag in flags}:
            work[number] = work.get(number, 0) + 1
    shown = [
        one
        for one in every
        if all(word in fold(f"{one.title} {one.about} {one.issuer}").lower() for word in wanted)
    ]
    return render_template(
        "staff/faq/documents.html", documents=shown, by_id=by_id, work=work, count=len(every),
        sought=request.args.get("tim", ""), writes=access.may_write_faq(accounts.me().role),
    )  # fmt: skip


def _read(form: Any) -> tuple[Filled, dict[str, str]]:
    wrong: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name, title in _DAYS.items():
        try:
            days[name] = faq.read_day(form.get(name, "").strip())
        except ValueError:
            days[name] = None
            wrong[name] = f"{title} chưa đúng; viết như 15/7/2025."
    filled = Filled(
        title=form.get("title", ""), about=form.get("about", ""), issuer=form.get("issuer", ""),
        replaced_by=whole(form.get("replaced_by", "")), **days,
    )  # fmt: skip
    return filled, wrong


def document(number: int | None = None) -> ResponseReturnValue:
    """One document, or a new one."""
    only_readers()
    run, me = accounts.runtime(), accounts.me()
    errors: dict[str, str] = {}
    if request.method == "POST":
        filled, errors = _read(request.form)
        if not errors:
            try:
                with run.store.transaction() as tx:
                    kept = flow.keep(tx, filled, by=me, now=run.clock.now(), number=number)
                    told = faq_telling.replaced(tx, run.services, kept.id, now=run.clock.now())
                    there = kept.id
                flash("Đã lưu văn bản." + (" Đơn vị phụ trách được báo." if told else ""), "ok")
                return redirect(url_for("staff.document", number=there), 303)
            except KeyError:
                abort(404)
            except Refused as refused:
                errors = refused.errors or {"title": str(refused)}
    return _page(number, errors)


def _page(number: int | None, errors: dict[str, str]) -> ResponseReturnValue:
    run, me = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        row = rows.document(tx, number) if number is not None else None
        if number is not None and row is None:
            abort(404)
        citing = flow.citing(tx, flow.as_rule(row)) if row else []
        others = [one for one in rows.documents(tx) if one.id != number]
    names = ("title", "about", "issuer", *_DAYS, "replaced_by")
    if request.method == "POST":
        shown = {name: request.form.get(name, "") for name in names}
    else:
        shown = dict.fromkeys(names, "")
        if row is not None:
            shown |= {name: getattr(row, name) or "" for name in ("title", "about", "issuer")}
            shown |= {name: str(getattr(row, name) or "") for name in _DAYS}
            shown["replaced_by"] = str(row.replaced_by_id or "")
    page = render_template(
        "staff/faq/document.html", row=row, shown=shown, errors=errors, citing=citing,
        others=[(str(one.id), one.title) for one in others],
        writes=access.may_write_faq(me.role),
    )  # fmt: skip
    return page, 422 if errors else 200


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/hoi-dap/van-ban", "documents", listed)
    add("/hoi-dap/van-ban/moi", "document_new", document, methods=["GET", "POST"])
    add("/hoi-dap/van-ban/<int:number>", "document", document, methods=["GET", "POST"])
