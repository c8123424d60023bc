"""Many cases at once: what was chosen in the queue, done row by row and told row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain.model import Outcome
from intake_api.flow import answer, assigning, bulk
from intake_api.flow.acting import Acting
from intake_api.flow.bulk import Row, Step, Told
from intake_api.staff import accounts, filters
from intake_api.staff.typed import whole
from intake_api.store import queue, registry
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from vntext import parse_code

if TYPE_CHECKING:
    from intake_api.runtime import Runtime
    from intake_api.store import Session

MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Order:
    """What shall be done with the chosen rows: the step, and the words of the report."""

    step: Step
    done: str
    sends: bool = False
    leaves: str = ""  # the one case that stays as it is, chosen or not


class Incomplete(ValueError):
    """Something is missing; the message is for the officer."""


def _assign(run: Runtime, staff: Staff, form: Mapping[str, str]) -> Order:
    number = whole(form.get("to", ""), digits=8)
    with run.store.reading() as tx:
        to = registry.staff_by_id(tx, staff.id if number is None else number)
    if to is None:
        raise Incomplete("Chọn người nhận.")

    def step(tx: Session, case: Case, by: Acting) -> None:
        assigning.assign(tx, case, by, services=run.services, to=to)

    return Order(step, "đã nhận xử lý" if to.id == staff.id else f"đã giao cho {to.name}")


def _transfer(run: Runtime, _staff: Staff, form: Mapping[str, str]) -> Order:
    unit, reason = form.get("unit", ""), form.get("reason", "").strip()
    target = run.services.catalog.units.get(unit)
    if target is None:
        raise Incomplete("Chọn đơn vị nhận.")
    if not reason or len(reason) > MAX_REASON:
        raise Incomplete(f"Ghi lý do chuyển (tối đa {MAX_REASON} ký tự).")

    def step(tx: Session, case: Case, by: Acting) -> str:
        answer.transfer(tx, case, by, services=run.services, unit=unit, reason=reason)
        return answer.TO_OFFICE if answer.went_to_office(case) else ""

    return Order(step, f"đã chuyển tới {target.name}")


def _close(run: Runtime, _staff: Staff, form: Mapping[str, str]) -> Order:
    outcome, template = form.get("outcome", ""), form.get("template", "")
    if outcome not in list(Outcome):
        raise Incomplete("Chọn kết quả xử lý.")
    if template and template not in run.services.catalog.templates:
        raise Incomplete("Mẫu trả lời này không có.")
    step = bulk.close_with(run.services, outcome=outcome, template=template or None)
    done = "đã trả lời theo mẫu và kết thúc" if template else "đã kết thúc"
    return Order(step, done, sends=True)


def _merge(run: Runtime, staff: Staff, form: Mapping[str, str]) -> Order:
    code = parse_code(form.get("into", ""))
    if code is None:
        raise Incomplete("Ghi mã của ý kiến mà những ý kiến này gộp vào.")
    step = bulk.merge_into(run.services, code=code, staff=staff)
    return Order(step, f"đã gộp vào {code}", sends=True, leaves=code)


ORDERS = {"giao": _assign, "chuyen": _transfer, "ket-thuc": _close, "gop": _merge}


def _chosen(run: Runtime, staff: Staff) -> list[Row]:
    """The rows of the form, or all that the filter of the page finds, up to the limit. What came
    or was changed by others since the page was made was not seen: it is told, not done."""
    form = request.form
    if form.get("all") == "1":
        now = run.clock.now()
        args = dict(parse_qsl(form.get("filter", "")))
        wanted = filters.read(args, run.services.catalog, staff, now)
        with run.store.reading() as tx:
            found = queue.page(
                tx, accounts.my_scope(), wanted.filter, now=now,
                newest_first=wanted.newest_first, limit=bulk.LIMIT,
            ).cases  # fmt: skip
            unseen = _changed_since(tx, staff, form.get("seen", ""))
        return [Row(one.code, bulk.UNSEEN if one.code in unseen else one.version) for one in found]
    rows = []
    for raw in form.getlist("row")[: bulk.LIMIT]:
        code, _, shown = raw.partition(":")
        known, version = parse_code(code), whole(shown)
        if known is None or version is None:
            abort(400)
        rows.append(Row(known, version))
    return rows


def _changed_since(tx: Session, staff: Staff, raw: str) -> set[str]:
    seen, scope = whole(raw, digits=18), accounts.my_scope()
    if seen is None:
        return set()
    happened = queue.changes(tx, scope, seen, limit=10 * bulk.LIMIT)
    return {one.code for one in happened if one.actor != f"staff:{staff.id}"}


def many() -> ResponseReturnValue:
    """Does one thing with every chosen row and reports on each."""
    run, staff = accounts.runtime(), accounts.me()
    order = ORDERS.get(request.form.get("do", ""))
    if order is None:
        abort(400)
    rows = _chosen(run, staff)
    try:
        if not rows:
            raise Incomplete("Chưa chọn ý kiến nào.")
        wanted = order(run, staff, request.form)
    except Incomplete as missing:
        return _report([], str(missing), ""), 422
    told: list[Told] = []
    for portion in bulk.portions([row for row in rows if row.code != wanted.leaves]):
        with run.store.transaction() as tx:
            told += bulk.do(tx, portion, staff=staff, now=run.clock.now(), step=wanted.step)
    if wanted.sends:
        for conversation in {one.conversation_id for one in told if one.done}:
            if conversation:
                run.services.queue.deliver(conversation)
    return _report(told, "", wanted.done)


def _report(told: list[Told], missing: str, done: str) -> str:
    return render_template(
        "staff/bulk.html",
        refused=[one for one in told if not one.done],
        done=[one for one in told if one.done],
        words=done,
        missing=missing,
        back=filters.link(dict(parse_qsl(request.form.get("filter", "")))),
    )


def back() -> ResponseReturnValue:
    """A reloaded report: the queue is the place to be."""
    return redirect(url_for("staff.queue"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts the work with many cases on the door."""
    blueprint.add_url_rule("/hang-loat", "many", many, methods=["POST"])
    blueprint.add_url_rule("/hang-loat", "many_back", back)
