"""Entries from files and into files: a file is read, its bad rows named, the rest waits."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from intake_api.domain import access, faq
from intake_api.domain.history import UnreadableFile
from intake_api.flow import faq_import, publish, trying
from intake_api.flow.entries import Refused
from intake_api.imports import faq_files as reader
from intake_api.staff import accounts
from intake_api.staff.faq_pages import only_readers
from intake_api.store import events, registry
from intake_api.store import faq as rows

TYPES = {
    "yml": "application/yaml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def files() -> ResponseReturnValue:
    """What waits for a decision; the form for another file; the ways out."""
    only_readers()
    return _page({})


def _page(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    me = accounts.me()
    with accounts.runtime().store.reading() as tx:
        waiting = rows.waiting_imports(tx)
        names = {one.id: one.name for one in registry.all_staff(tx)}
    page = render_template(
        "staff/faq/files.html", waiting=waiting, names=names, errors=errors,
        writes=access.may_write_faq(me.role),
    )  # fmt: skip
    return page, status


def bring_in() -> ResponseReturnValue:
    """Reads a file; nothing is changed before somebody decides."""
    only_readers()
    run, given = accounts.runtime(), request.files.get("file")
    if given is None or not given.filename:
        return _page({"file": "Chọn một tệp YAML hoặc XLSX."}, 422)
    if not given.filename.lower().endswith((".yml", ".yaml", ".xlsx")):
        return _page({"file": "Tệp cần là YAML (.yml) hoặc XLSX."}, 422)
    try:
        items = reader.read(given.filename, given.read(reader.MAX_BYTES + 1))
        with run.store.transaction() as tx:
            made = faq_import.bring_in(
                tx, run.services, items, name=given.filename, by=accounts.me(),
                now=run.clock.now(),
            ).id  # fmt: skip
    except UnreadableFile as unreadable:
        return _page({"file": str(unreadable)}, 422)
    except Refused as refused:
        abort(403, str(refused))
    return redirect(url_for("staff.faq_import", number=made), 303)


def one_import(number: int) -> ResponseReturnValue:
    """The rows of a file: bad ones first, each with what is wrong."""
    only_readers()
    run, me = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        found = rows.one_import(tx, number)
        if found is None:
            abort(404)
        now = run.clock.now()
        mine = faq_import.waiting_of(tx, run.services, number, by=me, now=now)
        waits = sum(one.stage == faq.Stage.SUBMITTED for one in rows.of_import(tx, number))
    groups: dict[str, list[Any]] = {name: [] for name in faq_import.KIND_TITLE}
    for row in found.rows:
        groups[row["kind"]].append(row)
    checked = bool(mine) and all(one.check and one.check.get("together") for one in mine)
    return render_template(
        "staff/faq/import.html", found=found, groups=groups, kinds=faq_import.KIND_TITLE,
        writes=access.may_write_faq(me.role), mine=mine, waits=waits, checked=checked,
        changes=mine[0].check if checked else None, titles=trying.KIND_TITLE,
    )  # fmt: skip


def decide(number: int, name: str) -> ResponseReturnValue:
    """Takes the good rows, gives the file up, or approves what was submitted of it."""
    only_readers()
    run, me = accounts.runtime(), accounts.me()
    now = run.clock.now()
    if name == "kiem-tra":
        return _check(number)
    try:
        with run.store.transaction() as tx:
            said = _decide(tx, number, name, me, now)
    except KeyError:
        abort(404)
    except Refused as refused:
        said = str(refused)
    flash(said, "ok")
    return redirect(url_for("staff.faq_import", number=number), 303)


def _decide(tx: Any, number: int, name: str, me: Any, now: Any) -> str:
    services = accounts.runtime().services
    if name == "nhan":
        submit = request.form.get("submit") == "1"
        count = faq_import.take(tx, services, number, by=me, now=now, submit=submit)
        return f"Đã tạo {count} bản {'chờ duyệt' if submit else 'nháp'}."
    if name == "bo":
        faq_import.give_up(tx, number, by=me)
        return "Đã bỏ tệp; không mục nào thay đổi."
    if name == "duyet":
        done, left = faq_import.approve_all(tx, services, number, by=me, now=now)
        return f"Đã duyệt và đăng {done} mục." + (
            f" Còn lại: {'; '.join(left[:5])}" if left else ""
        )
    raise NotFound


def _check(number: int) -> ResponseReturnValue:
    """Tries everything of a file that this person may approve, all at once. It may take a minute:
    nobody who writes waits for it."""
    run, me = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        mine = faq_import.waiting_of(tx, run.services, number, by=me, now=now)
        trying.try_out(tx, run.services, mine, now=now)
        tried = {one.id: (one.lock, one.check) for one in mine}
    with run.store.transaction() as tx:
        for key, (lock, result) in tried.items():
            fresh = rows.revision(tx, key, lock=True)
            if fresh is not None and fresh.lock == lock:
                fresh.check = result
    flash(f"Đã hỏi thử với {len(tried)} bản cùng lúc.", "ok")
    return redirect(url_for("staff.faq_import", number=number), 303)


def export(kind: str) -> ResponseReturnValue:
    """Everything that is published, as a file (on record)."""
    only_readers()
    if kind not in TYPES:
        abort(404)
    run, me = accounts.runtime(), accounts.me()
    with run.store.transaction() as tx:
        plain = [faq.to_plain(one) for one in publish.read_entries(tx)]
        events.append(
            tx, at=run.clock.now(), actor=f"staff:{me.id}", action="faq_exported",
            data={"entries": len(plain), "kind": kind},
        )  # fmt: skip
    body = reader.to_xlsx(plain) if kind == "xlsx" else reader.to_yaml(plain)
    name = f"hoi-dap.{kind}"
    return Response(
        body,
        mimetype=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/hoi-dap/tep", "faq_files", files)
    add("/hoi-dap/tep", "faq_bring_in", bring_in, methods=["POST"])
    add("/hoi-dap/tep/<int:number>", "faq_import", one_import)
    add("/hoi-dap/tep/<int:number>/<name>", "faq_import_decide", decide, methods=["POST"])
    add("/hoi-dap/xuat.<kind>", "faq_export", export)
