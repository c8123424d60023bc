"""One group of like opinions at the desk: what was said, where it belongs, what becomes of it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import consulting
from intake_api.flow import consult
from intake_api.flow.consult import Refused
from intake_api.reports import opinions as reporting
from intake_api.staff import accounts, casepage
from intake_api.staff.consultations import by, may, mine
from intake_api.staff.typed import whole
from intake_api.store import Session, consultations
from intake_api.store.consult_tables import Consultation, OpinionGroup


def _group(
    tx: Session, found: Consultation, group_id: int
) -> tuple[OpinionGroup, list[consultations.Said]]:
    """A group with what is in it for this person; 404 where that is nothing."""
    group = consultations.group(tx, group_id)
    me = accounts.me().id
    said = consultations.said(tx, found.id, group_id=group_id, reader=me) if group else []
    if group is None or not said:
        abort(404)
    return group, said


def _group_page(
    number: int, group_id: int, errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    with accounts.runtime().store.reading() as tx:
        found = mine(tx, number)
        group, here = _group(tx, found, group_id)
        clause = consultations.clause_of(tx, group.clause_id)
        sees = casepage.may_see(tx, accounts.me())
        said = [(one, sees(one.case)) for one in here]
        table = reporting.gather(tx, found, reader=accounts.me().id)
        rows = [one for one in table.rows if one.group != group.id]
        parts = consultations.clauses(tx, found.id)
    page = render_template(
        "staff/consult/group.html", found=found, group=group, clause=clause, rows=rows,
        said=said, subject=lambda one: consulting.subjects(
            [reporting.who(one)]
        ),
        errors=errors, may=may(found), verdicts=consulting.VERDICT, typed=request.form,
        targets=[
            *((f"nhom:{one.group}", f"{one.place}: {one.said[:60]}") for one in rows),
            ("moi:0", "Nhóm mới: Toàn dự thảo"),
            *((f"moi:{one.number}", f"Nhóm mới: {one.place}") for one in parts),
        ],
    )  # fmt: skip
    return page, status


def draft_group(number: int, group_id: int) -> ResponseReturnValue:
    return _group_page(number, group_id, {})


def draft_answer(number: int, group_id: int) -> ResponseReturnValue:
    """What the drafting unit says to a group."""
    form = request.form
    try:
        with accounts.runtime().store.transaction() as tx:
            found = mine(tx, number, lock=True)
            consult.answer(
                tx, found, _group(tx, found, group_id)[0], by(),
                verdict=form.get("ket_luan", ""), text=form.get("noi_dung", ""),
                summary=form.get("tom_tat", ""),
            )  # fmt: skip
    except Refused as refused:
        return _group_page(number, group_id, {refused.field: str(refused)}, 422)
    flash("Đã lưu tiếp thu, giải trình.", "ok")
    return redirect(url_for("staff.draft", number=number) + f"#nhom-{group_id}", 303)


def draft_regroup(number: int, group_id: int) -> ResponseReturnValue:
    """Moves the chosen opinions; all of a group moved is two groups merged."""
    picked = request.form.getlist("y_kien")[:5000]
    chosen = [one for raw in picked if (one := whole(raw)) is not None]
    kind, _, raw_target = request.form.get("sang", "").partition(":")
    target = whole(raw_target)
    if target is None:
        return _group_page(number, group_id, {"sang": "Chọn nơi chuyển đến."}, 422)
    try:
        with accounts.runtime().store.transaction() as tx:
            found = mine(tx, number, lock=True)
            clause = consultations.clause(tx, found.id, target)
            here = {one.case.id for one in _group(tx, found, group_id)[1]}
            chosen = [one for one in chosen if one in here]
            moved = consult.regroup(
                tx, found, by(), cases=chosen,
                target=_group(tx, found, target)[0] if kind == "nhom" else None,
                clause_id=clause.id if clause else None,
            )  # fmt: skip
            number_of_group = moved.id
    except Refused as refused:
        return _group_page(number, group_id, {refused.field: str(refused)}, 422)
    flash(f"Đã chuyển {len(chosen)} ý kiến.", "ok")
    return redirect(url_for("staff.draft_group", number=number, group_id=number_of_group), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/du-thao/<int:number>/nhom/<int:group_id>", "draft_group", draft_group)
    add(
        "/du-thao/<int:number>/nhom/<int:group_id>/tra-loi", "draft_answer", draft_answer,
        methods=["POST"],
    )  # fmt: skip
    add(
        "/du-thao/<int:number>/nhom/<int:group_id>/chuyen", "draft_regroup", draft_regroup,
        methods=["POST"],
    )  # fmt: skip
