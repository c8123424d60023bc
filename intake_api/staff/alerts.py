"""The early warning at the desk: what rises, why, who decided what, who spoke."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.flow import alerting
from intake_api.flow import watching as flow
from intake_api.flow.services import local_day
from intake_api.staff import accounts, words
from intake_api.staff.typed import whole
from intake_api.store import Session, registry, watching
from intake_api.store.watch_tables import Alert
from intake_api.watch import telling
from intake_api.watch.model import LEVEL_TITLE, Level

KIND_TITLE = {"topic": "Chủ đề", "school": "Trường", "phrase": "Cụm từ"}
ACTION_TITLE = {
    "opened": "Hệ thống mở cảnh báo",
    "proposed": "Hệ thống đề nghị nâng mức",
    "acknowledged": "Đã nhận",
    "snoozed": "Tạm gác",
    "raised": "Nâng mức",
    "spoke": "Phát ngôn",
    "noted": "Ghi chú",
    "closed": "Đóng",
}
SHOWN_DAYS, SHOWN_CASES = 28, 12


def only() -> None:
    """Stops everybody whose work this is not."""
    if not access.may_see_alerts(accounts.me().role):
        abort(403, "Vai trò của anh/chị không xem được trang này.")


def listed() -> str:
    """What is open, and what was closed lately."""
    only()
    run = accounts.runtime()
    now = run.clock.now()
    with run.store.reading() as tx:
        found = watching.alerts(tx)
        closed = watching.alerts(tx, closed=True, limit=30)
        state = watching.state(tx)
        names = {one.id: one.name for one in registry.all_staff(tx)}
        titles = flow.titles(tx, run.services, accounts.my_scope(), [*found, *closed])
    asleep = [one for one in found if one.snoozed_until is not None and one.snoozed_until > now]
    awake = sorted(
        (one for one in found if one not in asleep), key=lambda one: (-one.proposed, -one.id)
    )
    return render_template(
        "staff/watch/list.html", awake=awake, asleep=asleep, closed=closed, names=names,
        state=state, title=lambda one: titles[one.id], kinds=KIND_TITLE,
        why=lambda one: telling.why(one.evidence), level=_level,
        at=lambda moment: words.clock(moment, now),
    )  # fmt: skip


def _level(number: int) -> str:
    return LEVEL_TITLE[Level(number)]


def _bars(tx: Session, one: Alert) -> list[dict[str, Any]]:
    """People on each of the days up to the alert and after it, for the table and its bars."""
    if one.kind == "phrase":
        return []
    today = local_day(accounts.runtime().clock.now())
    last = min(today, one.day + timedelta(days=7))
    first = last - timedelta(days=SHOWN_DAYS - 1)
    rows = {row.day: row for row in watching.days_of(tx, one.kind, [one.code], first)}
    shown: list[dict[str, Any]] = []
    for after in range(SHOWN_DAYS):
        day = first + timedelta(days=after)
        row = rows.get(day)
        shown.append(
            {
                "day": f"{day.day}/{day.month}",
                "people": min(row.people, row.texts) if row else 0,
                "negative": row.negative if row else 0,
                "fired": day == one.day,
            }
        )
    most = max(1, *(place["people"] for place in shown))
    for place in shown:
        place["height"] = round(60 * place["people"] / most)
    return shown


def _page(number: int, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    run, me = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        found = watching.alert(tx, number)
        if found is None:
            abort(404)
        log = watching.entries(tx, number)
        behind = flow.behind(tx, accounts.my_scope(), found)
        title = flow.titles(tx, run.services, accounts.my_scope(), [found])[found.id]
        names = {one.id: one.name for one in registry.all_staff(tx)}
        bars = _bars(tx, found)
    wanted = found.level + 1 if found.level < Level.CRISIS else None
    page = render_template(
        "staff/watch/one.html", found=found, log=log, cases=behind.cases[:SHOWN_CASES],
        count=len(behind.cases), phrases=behind.phrases, names=names, bars=bars, title=title,
        kinds=KIND_TITLE,
        why=telling.why(found.evidence), level=_level, actions=ACTION_TITLE, errors=errors,
        typed=request.form, at=lambda moment: words.clock(moment, now), wanted=wanted,
        playbook=[
            (_level(one), run.services.catalog.messages[f"alert_playbook_{int(one)}"].splitlines(),
             one == found.level)
            for one in Level
        ],
        raises=wanted is not None and (
            access.may_declare_alerts(me.role)
            if wanted > Level.WARNING else access.may_acknowledge_alerts(me.role)
        ),
        closes=access.may_declare_alerts(me.role), works=access.may_acknowledge_alerts(me.role),
        longest=alerting.LONGEST_SNOOZE,
    )  # fmt: skip
    return page, status


def one(number: int) -> ResponseReturnValue:
    """One alert: why, evidence, what to do, the log."""
    only()
    return _page(number, {})


def _whole(name: str) -> int:
    found = whole(request.form.get(name, ""), digits=5)
    return -1 if found is None else found


def _acknowledge(tx: Session, number: int, given: dict[str, Any]) -> str:
    alerting.acknowledge(tx, number, **given)
    return "Đã nhận cảnh báo."


def _snooze(tx: Session, number: int, given: dict[str, Any]) -> str:
    alerting.snooze(tx, number, days=_whole("days"), **given)
    return "Đã tạm gác; nếu số liệu tăng thêm, cảnh báo hiện lại."


def _raise(tx: Session, number: int, given: dict[str, Any]) -> str:
    level = alerting.raise_level(tx, number, reason=request.form.get("reason", ""), **given)
    return f"Đã nâng lên mức {LEVEL_TITLE[level]}."


def _spoke(tx: Session, number: int, given: dict[str, Any]) -> str:
    form = request.form
    alerting.spoke(
        tx, number, who=form.get("who", ""), where=form.get("where", ""),
        what=form.get("what", ""), authorised=form.get("authorised") == "1", **given,
    )  # fmt: skip
    return "Đã ghi lần phát ngôn."


def _note(tx: Session, number: int, given: dict[str, Any]) -> str:
    alerting.note(tx, number, text=request.form.get("text", ""), **given)
    return "Đã lưu ghi chú."


def _close(tx: Session, number: int, given: dict[str, Any]) -> str:
    alerting.close(tx, number, lesson=request.form.get("lesson", ""), **given)
    return "Đã đóng cảnh báo, bài học được lưu lại."


STEPS: dict[str, Callable[[Session, int, dict[str, Any]], str]] = {
    "nhan": _acknowledge,
    "tam-gac": _snooze,
    "nang-muc": _raise,
    "phat-ngon": _spoke,
    "ghi-chu": _note,
    "dong": _close,
}


def step(number: int, name: str) -> ResponseReturnValue:
    """One step with an alert, checked where it is done."""
    only()
    work = STEPS.get(name)
    if work is None:
        abort(404)
    run = accounts.runtime()
    given = {"by": accounts.me(), "version": _whole("version"), "now": run.clock.now()}
    try:
        with run.store.transaction() as tx:
            told = work(tx, number, given)
    except alerting.Refused as refused:
        return _page(number, {refused.field or "viec": str(refused)}, 422)
    flash(told, "ok")
    return redirect(url_for("staff.alert", number=number), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/canh-bao", "alerts", listed)
    add("/canh-bao/<int:number>", "alert", one)
    add("/canh-bao/<int:number>/<name>", "alert_step", step, methods=["POST"])
