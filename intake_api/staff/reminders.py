"""The list of notices, and how somebody wants to be reminded."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import reminding
from intake_api.domain.reminding import TITLE, WAY_TITLE, Kind, Way
from intake_api.flow import reminding as flow
from intake_api.flow.services import local_day
from intake_api.staff import accounts, casepage, words
from intake_api.staff.typed import day as day_of
from intake_api.store import notices, registry
from intake_api.store.registers import Staff

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def listed() -> str:
    """What this person was told, newest first; a case out of sight by now is not named."""
    run, me = accounts.runtime(), accounts.me()
    now, catalog = run.clock.now(), run.services.catalog
    with run.store.reading() as tx:
        sees = casepage.may_see(tx, me)
        found = [
            (note, case)
            for note, case in notices.of_person(tx, me.id)
            if case is None or sees(case)
        ]
        names = {one.id: one.name for one in registry.all_staff(tx)}
    rows = [
        {
            "note": note,
            "code": case.code if case else "",
            "title": TITLE.get(Kind(note.kind), note.kind),
            "line": words.topic_name(catalog, case.topic) if case else note.words or "",
            "due": words.due(case, now, catalog.calendar) if case else None,
            "at": words.clock(note.at, now),
            "instead": names.get(note.instead_of or 0, ""),
        }
        for note, case in found
    ]
    return render_template("staff/notices.html", rows=rows)


def read_all() -> ResponseReturnValue:
    """Marks everything as read."""
    run = accounts.runtime()
    with run.store.transaction() as tx:
        notices.read(tx, accounts.me().id, run.clock.now())
    return redirect(url_for("staff.notices"), 303)


def open_notice(notice_id: int) -> ResponseReturnValue:
    """Leads to the case, or to what else it tells of, and marks what was told of it as read."""
    run, me = accounts.runtime(), accounts.me()
    with run.store.transaction() as tx:
        found = notices.one(tx, notice_id)
        if found is None or found[0].staff_id != me.id:
            return redirect(url_for("staff.notices"), 303)
        note, case = found
        if case is None:
            notices.read(tx, me.id, run.clock.now(), path=note.path or "")
            return redirect(note.path or url_for("staff.notices"), 303)
        notices.read(tx, me.id, run.clock.now(), case_id=case.id)
        if not casepage.may_see(tx, me)(case):
            return redirect(url_for("staff.notices"), 303)
    return redirect(url_for("staff.case", code=case.code), 303)


def _settings_page(
    errors: dict[str, str], typed: dict[str, Any] | None = None, status: int = 200
) -> ResponseReturnValue:
    run, me = accounts.runtime(), accounts.me()
    with run.store.transaction() as tx:
        reach = notices.reach(tx, me.id)
        everybody = registry.all_staff(tx)
    person = flow.person_of(me, reach)
    shown = typed or {
        "email": reach.email or "",
        "digest": reach.digest,
        "deputy": str(reach.deputy_id or ""),
        "away_from": reach.away_from.isoformat() if reach.away_from else "",
        "away_to": reach.away_to.isoformat() if reach.away_to else "",
        **{kind: str(person.way(kind)) for kind in Kind},
    }
    page = render_template(
        "staff/reminders.html", errors=errors, shown=shown,
        kinds=[(kind, TITLE[kind]) for kind in reminding.choices(me.role)],
        ways=[(str(way), title) for way, title in WAY_TITLE.items()],
        deputies=[(str(one.id), one.name) for one in _deputies(me, everybody)],
        refused=reach.refused, mail_is_on=bool(run.settings.smtp_host),
    )  # fmt: skip
    return page, status


def _deputies(me: Staff, everybody: list[Staff]) -> list[Staff]:
    own = flow.person_of(me, None)
    return [one for one in everybody if reminding.may_stand_in(own, flow.person_of(one, None))]


def settings() -> ResponseReturnValue:
    """How to be reminded, and who stands in while away."""
    if request.method == "GET":
        return _settings_page({})
    form, run, me = request.form, accounts.runtime(), accounts.me()
    email = form.get("email", "").strip()
    first, last = day_of(form.get("away_from", "")), day_of(form.get("away_to", ""))
    errors = _errors(email, form.get("away_from", ""), form.get("away_to", ""), first, last)
    with run.store.reading() as tx:
        allowed = {str(one.id) for one in _deputies(me, registry.all_staff(tx))}
    deputy = form.get("deputy", "")
    if deputy and deputy not in allowed:
        errors["deputy"] = "Chọn một người trong danh sách."
    if errors:
        return _settings_page(errors, dict(form), 422)
    with run.store.transaction() as tx:
        reach = notices.reach(tx, me.id)
        if (reach.email or "") != email:
            reach.email, reach.refused = email or None, None
        reach.ways = {kind: form[kind] for kind in Kind if form.get(kind) in list(Way)}
        reach.digest = form.get("digest") == "1"
        reach.deputy_id = int(deputy) if deputy else None
        reach.away_from, reach.away_to = first, last
    flash("Đã lưu cách nhắc việc.", "ok")
    return redirect(url_for("staff.reminders"), 303)


def _errors(
    email: str, raw_from: str, raw_to: str, first: date | None, last: date | None
) -> dict[str, str]:
    errors = {}
    if email and (len(email) > 200 or not _EMAIL.fullmatch(email)):
        errors["email"] = "Địa chỉ thư điện tử cần dạng ten@vidu.vn."
    if (raw_from or raw_to) and not (first and last):
        errors["away_from"] = "Ghi cả ngày bắt đầu và ngày kết thúc nghỉ."
    elif first and last and last < first:
        errors["away_to"] = "Ngày kết thúc nghỉ cần sau ngày bắt đầu."
    elif last and last < local_day(accounts.runtime().clock.now()):
        errors["away_to"] = "Kỳ nghỉ này đã qua; bỏ trống hai ô ngày."
    return errors


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/thong-bao", "notices", listed)
    add("/thong-bao/da-doc", "notices_read", read_all, methods=["POST"])
    add("/thong-bao/<int:notice_id>", "notice", open_notice, methods=["POST"])
    add("/thong-bao/cach-nhac", "reminders", settings, methods=["GET", "POST"])
