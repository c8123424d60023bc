"""Legal holds in the workbench: each lane sees its own, and a leader decides about lifting one of
the confidential lane without seeing what is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.domain.model import CHANNEL_TITLE, Channel
from intake_api.flow import holding
from intake_api.flow.acting import NotAllowed
from intake_api.staff import accounts, words
from intake_api.staff.more_moves import needs
from intake_api.store import holds as store
from intake_api.store import registry
from intake_api.store.registers import Staff
from intake_api.store.retention_tables import LegalHold
from intake_api.store.tables import Conversation
from vntext import parse_code

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class Row:
    """One hold as the page shows it. ``href``: where this person may read what is held, or ""."""

    hold: LegalHold
    name: str
    href: str
    lifts: bool


def _lane(staff: Staff) -> bool:
    lane = access.lane_of_holds(staff.role)
    if lane is None:
        abort(403, description="Vai trò của anh/chị không xem được lệnh giữ.")
    return lane


def _talk_name(talk: Conversation) -> str:
    began = words.clock(talk.created_at, accounts.runtime().clock.now())
    return f"Cuộc trò chuyện bắt đầu lúc {began} ({CHANNEL_TITLE[Channel(talk.channel)]})"


def _rows(tx: Session, staff: Staff, lane: bool) -> list[Row]:
    def lifts(found: LegalHold) -> bool:
        return lane or (access.may_lift_holds(staff.role) and found.placed_by != staff.id)

    found = []
    if access.may_hold_cases(staff.role, sealed=lane):
        reads = access.scope(staff.role, staff.unit).units != ()
        for hold, code in store.on_cases(tx, sealed=lane, reader=staff.id):
            href = url_for("staff.case", code=code) if reads else ""
            found.append(Row(hold, code, href, lifts(hold)))
    reads = access.lane_of_talks(staff.role) is not None
    for hold, talk in store.on_talks(tx, sealed=lane, reader=staff.id):
        href = url_for("staff.direct", name=talk.id) if reads else ""
        found.append(Row(hold, _talk_name(talk), href, lifts(hold)))
    return sorted(found, key=lambda row: row.hold.id)


def _page(errors: dict[str, str], status: int = 200, talk: str = "") -> ResponseReturnValue:
    run, staff = accounts.runtime(), accounts.me()
    lane = _lane(staff)
    with run.store.reading() as tx:
        values: dict[str, Any] = {
            "rows": _rows(tx, staff, lane),
            "asked": store.lifting_asked(tx, reader=staff.id)
            if access.may_unseal(staff.role)
            else (),
            "names": {one.id: one.name for one in registry.all_staff(tx)},
            "talk": _talk_name(_wanted(tx, talk, staff)) if talk else "",
        }
    page = render_template(
        "staff/holds.html", **values, errors=errors, typed=request.form, sealed=lane,
        by_code=access.may_hold_cases(staff.role, sealed=lane), talk_id=talk,
    )  # fmt: skip
    return page, status


def _wanted(tx: Session, name: str, staff: Staff) -> Conversation:
    try:
        return holding.talk_to_hold(tx, name, by=staff)
    except KeyError:
        abort(404)


def holds() -> ResponseReturnValue:
    """The holds in force, and the form for one more: on a case by its code, or on the conversation
    from whose page one comes."""
    return _page({}, talk=request.args.get("talk", ""))


def place() -> ResponseReturnValue:
    """Puts a case or a conversation under a hold."""
    run, staff, form = accounts.runtime(), accounts.me(), request.form
    lane, now, reason = _lane(staff), run.clock.now(), form.get("reason", "")
    code, talk = parse_code(form.get("code", "")) or "", form.get("talk", "")
    if not talk and not access.may_hold_cases(staff.role, sealed=lane):
        abort(403, description="Vai trò của anh/chị chỉ giữ cuộc trò chuyện.")
    try:
        with run.store.transaction() as tx:
            if talk:
                holding.place_on_talk(tx, name=talk, reason=reason, by=staff, now=now)
            else:
                holding.place_on_case(tx, code=code, reason=reason, by=staff, now=now)
    except KeyError:
        abort(404)
    except NotAllowed as refused:
        field = "code" if str(refused) == holding.NO_CASE else "reason"
        return _page({field: str(refused)}, 422, talk)
    flash("Cuộc trò chuyện được giữ lại." if talk else f"Ý kiến {code} được giữ lại.", "ok")
    return redirect(url_for("staff.holds"), 303)


def lift(hold_id: int) -> ResponseReturnValue:
    """Ends a hold that somebody else placed; in the confidential lane asks a leader to."""
    run, staff = accounts.runtime(), accounts.me()
    lane, now, why = _lane(staff), run.clock.now(), f"why{hold_id}"
    if lane and (errors := needs(**{why: "Ghi lý do bỏ lệnh giữ."})(request.form)):
        return _page(errors, 422)
    try:
        with run.store.transaction() as tx:
            if lane:
                reason = request.form[why]
                holding.ask_to_lift(tx, hold_id, reason=reason, by=staff, now=now)
            else:
                holding.lift(tx, run.services, hold_id, by=staff, now=now)
    except NotAllowed as refused:
        return _page({"hieu-luc": str(refused)}, 409)
    flash("Đã gửi đề nghị; chờ lãnh đạo Sở quyết định." if lane else "Đã bỏ lệnh giữ.", "ok")
    return redirect(url_for("staff.holds"), 303)


def decide(hold_id: int) -> ResponseReturnValue:
    """The leader's answer to the confidential officer."""
    run, staff = accounts.runtime(), accounts.me()
    lifts = request.form.get("verdict") == "yes"
    try:
        with run.store.transaction() as tx:
            holding.decide(tx, run.services, hold_id, by=staff, now=run.clock.now(), lifts=lifts)
    except KeyError:
        abort(404)
    except NotAllowed as refused:
        abort(403, description=str(refused))
    flash("Đã bỏ lệnh giữ." if lifts else "Đã từ chối; lệnh giữ còn hiệu lực.", "ok")
    return redirect(url_for("staff.holds"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts this page on the door."""
    add = blueprint.add_url_rule
    add("/lenh-giu", "holds", holds)
    add("/lenh-giu", "hold_place", place, methods=["POST"])
    add("/lenh-giu/<int:hold_id>/bo", "hold_lift", lift, methods=["POST"])
    add("/lenh-giu/<int:hold_id>/quyet-dinh", "hold_decide", decide, methods=["POST"])
