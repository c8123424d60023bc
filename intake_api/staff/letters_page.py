"""The letters that pass a case on: a form filled in beforehand, and the files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.flow import conflict
from intake_api.flow.services import local_day
from intake_api.reports import letters as letter_rules
from intake_api.reports.desk import MAX_NAME, MAX_NUMBER, Refused
from intake_api.reports.documents import files
from intake_api.reports.letters import Said
from intake_api.staff import accounts, casepage, words
from intake_api.staff.typed import day as day_of
from intake_api.store import reports
from intake_api.store.tables import Case
from vntext import fold

if TYPE_CHECKING:
    from intake_api.store import Session


def _find(tx: Session, code: str) -> Case:
    me = accounts.me()
    case = casepage.find(tx, code, me)
    if not may_pass_on(case):
        abort(403, "Vai trò của anh/chị không lập công văn chuyển cho ý kiến này.")
    return case


def may_pass_on(case: Case) -> bool:
    """True when the person at work may write such a letter."""
    me = accounts.me()
    return access.may_pass_on(me.role, me.unit, confidential=case.confidential, case_unit=case.unit)


def _page(
    tx: Session, case: Case, said: Said, errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    run = accounts.runtime()
    catalog, today = run.services.catalog, local_day(run.clock.now())
    accused = conflict.units(run.services, case)
    page = render_template(
        "staff/reports/letters.html", case=case, said=said, errors=errors,
        letters=reports.letters(tx, case.id), earliest=today,
        places=[
            one.name for one in catalog.units.values()
            if one.exists_on(today) and one.code not in accused
        ],
        signers=[(code, " / ".join(lines)) for code, lines in catalog.reports.signers.items()],
        marks=[(one, one or "Thường") for one in letter_rules.MARKS],
    )  # fmt: skip
    return page, status


def page(code: str) -> ResponseReturnValue:
    """The letters of one case, and a new one as the catalogue has it."""
    run = accounts.runtime()
    with run.store.reading() as tx:
        case = _find(tx, code)
        said = letter_rules.prefilled(
            case, run.services.catalog, summary=words.first_line(case.text_masked, 400),
            addressee=request.args.get("den", "")[: letter_rules.MAX_ADDRESSEE],
            today=local_day(run.clock.now()),
        )  # fmt: skip
        return _page(tx, case, said, {})


_FIELDS = ("addressee", "subject", "body", "signer", "signer_name", "mark", "number")


def _said(form: Any) -> Said:
    clean = {name: letter_rules.cleaned(form.get(name, "")) for name in _FIELDS}
    # Written before the addressee was chosen, the text still has a place for it.
    open_place, named = f"đến {letter_rules.NO_ADDRESSEE} ", f"đến {clean['addressee']} "
    body = clean["body"].replace(open_place, named) if clean["addressee"] else clean["body"]
    due_on, run = day_of(form.get("due_on", "")), accounts.runtime()
    if due_on is not None:
        usual = letter_rules.usual_due(run.services.catalog, local_day(run.clock.now()))
        body = letter_rules.with_day(body, usual, due_on)
    return Said(
        clean["addressee"],
        clean["subject"],
        body,
        due_on,
        clean["signer"],
        clean["signer_name"][:MAX_NAME],
        clean["mark"],
        clean["number"][:MAX_NUMBER],
        day_of(form.get("number_on", "")),
        form.get("sure") == "1",
    )


def keep(code: str) -> ResponseReturnValue:
    """Keeps a letter; what is wrong is said at its field and nothing typed is lost."""
    run = accounts.runtime()
    now, catalog, said = run.clock.now(), run.services.catalog, _said(request.form)
    with run.store.transaction() as tx:
        case = _find(tx, code)
        errors = letter_rules.problems(said, catalog, today=local_day(now))
        if "addressee" not in errors and _is_accused(case, said.addressee):
            errors["addressee"] = "Đơn vị bị nêu trong ý kiến không phải là nơi nhận."
        if errors:
            return _page(tx, case, said, errors, 422)
        try:
            letter_rules.keep(tx, case, said, by=accounts.me(), now=now)
        except Refused as refused:
            return _page(tx, case, said, {"addressee": str(refused)}, 409)
    flash("Đã lập công văn; tải tệp ở danh sách dưới đây.", "ok")
    return redirect(url_for("staff.letters", code=code), 303)


def _is_accused(case: Case, addressee: str) -> bool:
    """True when the letter would go to a unit that the case itself criticises."""
    run, wanted = accounts.runtime(), fold(addressee)
    accused = conflict.units(run.services, case)
    return any(
        fold(name) in wanted
        for code in accused
        for name in (run.services.catalog.units[code].name,)
    )


def download(code: str, number: int, form: str) -> ResponseReturnValue:
    """One letter as a file."""
    run = accounts.runtime()
    with run.store.reading() as tx:
        case = _find(tx, code)
        found = reports.letter(tx, number)
        if found is None or found.case_id != case.id:
            abort(404)
        made = letter_rules.document(found, run.services.catalog)
    content = io.BytesIO(files.write(made, form, made_at=found.made_at))
    name = f"cong-van-{case.code}-{found.id}.{form}"
    return send_file(content, mimetype=files.FORMS[form], as_attachment=True, download_name=name)


def register(blueprint: Blueprint) -> None:
    """Puts the letters on the door."""
    add = blueprint.add_url_rule
    add("/y-kien/<code>/cong-van", "letters", page)
    add("/y-kien/<code>/cong-van", "letter_keep", keep, methods=["POST"])
    add("/y-kien/<code>/cong-van/<int:number>.<any(docx, pdf):form>", "letter_file", download)
    blueprint.add_app_template_test(may_pass_on, "passed_on_by_me")
