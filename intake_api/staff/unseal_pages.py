"""Unsealing in the workbench: the officer asks, the leader decides, the reader reads."""

from __future__ import annotations

import io

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.flow import unsealing
from intake_api.flow.acting import NotAllowed
from intake_api.staff import accounts, looks, moves, words
from intake_api.staff.more_moves import needs
from intake_api.staff.moves import Move, Work
from intake_api.staff.typed import whole
from intake_api.store import cases, registry, unsealings


def _ask(work: Work) -> None:
    unsealing.ask(
        work.tx, work.case, work.by, services=work.services,
        reader=work.form.get("unseal_reader", ""), reason=work.form.get("unseal_why", ""),
        hours=whole(work.form.get("unseal_hours", ""), digits=3) or 0,
    )  # fmt: skip


def _take_back(work: Work) -> None:
    unsealing.take_back(
        work.tx, work.case, work.by, services=work.services,
        number=whole(work.form.get("unsealing", "")) or 0,
    )  # fmt: skip


UNSEAL: dict[str, Move] = {
    "xin-mo": Move(
        _ask, "unseal_asked", "Đã gửi đề nghị mở niêm phong {code}.",
        needs(unseal_reader="Chọn người đọc.", unseal_why="Ghi lý do mở niêm phong."),
    ),
    "thu-hoi": Move(_take_back, "unseal_ended", "Đã thu hồi lượt đọc {code}."),
}  # fmt: skip


def waiting() -> ResponseReturnValue:
    """What the leader decides about: who, why and for how long, nothing of the case."""
    run, staff = accounts.runtime(), accounts.me()
    now = run.clock.now()
    if not access.may_unseal(staff.role):
        abort(404)
    with run.store.reading() as tx:
        names = {person.id: person.name for person in registry.all_staff(tx)}
        asked = [looks.look(one, names, now) for one in unsealings.asked(tx, staff.id)]
        open_now = [looks.look(one, names, now) for one in unsealings.given(tx, staff.id)]
        given = [one for one in open_now if one.open]
    return render_template("staff/unsealings.html", asked=asked, given=given)


def decide(number: int) -> ResponseReturnValue:
    """The leader's answer."""
    run, staff = accounts.runtime(), accounts.me()
    give = request.form.get("quyet-dinh") == "dong-y"
    try:
        with run.store.transaction() as tx:
            unsealing.decide(tx, run.services, number, staff=staff, now=run.clock.now(), give=give)
    except KeyError:
        abort(404)
    except NotAllowed as refused:
        abort(403, description=str(refused))
    flash("Đã cho phép đọc." if give else "Đã từ chối.", "ok")
    return redirect(url_for("staff.unsealings"), 303)


def read(number: int) -> ResponseReturnValue:
    """The case for its reader: to read, nothing else. Every look is on record."""
    run, staff = accounts.runtime(), accounts.me()
    now = run.clock.now()
    try:
        with run.store.transaction() as tx:
            case = unsealing.read(tx, number, staff=staff, now=now)
            found = unsealings.get(tx, number)
            talk = [
                (words.clock(m.created_at, now), m.author == "citizen", words.without_pin(m.text))
                for m in cases.messages(tx, case)
                if m.case_id == case.id and m.state != "draft"
            ]
            files = cases.attachments(tx, case.id)
    except KeyError:
        abort(404)
    ends = words.clock(found.ends_at, now) if found and found.ends_at else ""
    return render_template(
        "staff/unsealed.html", case=case, number=number, talk=talk, files=files, ends=ends
    )


def file(number: int, file_id: int) -> ResponseReturnValue:
    """A file of the unsealed case, to save."""
    run, staff = accounts.runtime(), accounts.me()
    try:
        with run.store.transaction() as tx:
            case = unsealing.read(tx, number, staff=staff, now=run.clock.now())
            found = cases.attachment(tx, file_id)
            if found is None or found.case_id != case.id or found.shown is None:
                abort(404)
            body, name = found.shown, found.filename
    except KeyError:
        abort(404)
    return send_file(
        io.BytesIO(body), mimetype="application/octet-stream", as_attachment=True,
        download_name="".join(char for char in name if char.isprintable()) or "tep",
    )  # fmt: skip


def register(blueprint: Blueprint) -> None:
    """Puts the pages on the door and the officer's moves beside the others."""
    moves.MOVES.update(UNSEAL)
    blueprint.add_url_rule("/niem-phong", "unsealings", waiting)
    blueprint.add_url_rule("/niem-phong/<int:number>", "unsealed", read)
    blueprint.add_url_rule("/niem-phong/<int:number>", "decide_unsealing", decide, methods=["POST"])
    blueprint.add_url_rule("/niem-phong/<int:number>/tep/<int:file_id>", "unsealed_file", file)
