"""What stands beside a case and is fetched once the page is there: related cases, approved
answers, notes between colleagues, the answer that is being typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from intake_api.domain.model import STAFF_LABEL, State
from intake_api.flow import ask, noting, similar
from intake_api.flow.acting import Acting, NotAllowed
from intake_api.flow.services import local_day
from intake_api.staff import accounts, casepage, words
from intake_api.store import cases, ledgers, notes, registry
from intake_api.store.registers import Staff
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_TYPED = 8000
_LINKED = 8
_ALIKE = 5


def _part(template: str, code: str, **values: Any) -> str:
    """A part of the case page: by itself for htmx, in a page of its own without script."""
    if request.headers.get("HX-Request"):
        return render_template(template, code=code, **values)
    return render_template("staff/beside.html", part=template, code=code, **values)


@dataclass(frozen=True, slots=True)
class Beside:
    """A related case as one line."""

    code: str
    line: str
    state: str
    why: str
    when: str
    may_merge: bool


def _line(case: Case, why: str, now: datetime, *, may_merge: bool = False) -> Beside:
    return Beside(
        case.code,
        words.first_line(words.without_pin(case.text_masked), 110),
        STAFF_LABEL[State(case.state)],
        why,
        words.clock(case.received_at, now),
        may_merge and words.is_open(case),
    )


def _linked(tx: Session, case: Case, staff: Staff, now: datetime) -> list[Beside]:
    """Cases tied to this one: merged with it, or of the same sender's conversation."""
    ask_me = casepage.may_see(tx, staff)
    found = [
        _line(one, "đã gộp vào ý kiến này", now)
        for one in ledgers.followers(tx, case.id)
        if ask_me(one)
    ]
    head = ledgers.leading(tx, case)
    if head.id != case.id and ask_me(head):
        found.append(_line(head, "ý kiến này đã gộp vào đây", now))
    if case.conversation_id:
        known = {one.code for one in found} | {case.code}
        found += [
            _line(one, "cùng người gửi", now)
            for one in cases.of_conversation(tx, case.conversation_id)
            if one.code not in known and ask_me(one)
        ]
    return found[:_LINKED]


def _alike(one: similar.Alike, now: datetime) -> Beside:
    why = "gần như trùng" if one.same else "cùng sự việc"
    return _line(one.case, why + (", cùng trường" if one.same_place else ""), now, may_merge=True)


def related(code: str) -> ResponseReturnValue:
    """Linked cases and likely duplicates."""
    run, staff = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        case = casepage.find(tx, code, staff)
        linked = _linked(tx, case, staff, now)
        known = {one.code for one in linked}
        found = [
            one
            for one in similar.alike(tx, case, accounts.my_scope())
            if one.case.code not in known
        ]
        same = similar.campaign(found)
        rest = [one for one in found if one not in same][:_ALIKE]
        group, alike = [_alike(one, now) for one in same], [_alike(one, now) for one in rest]
    return _part(
        "staff/_related.html", code, case=case, linked=linked, alike=alike, group=group,
        merge=casepage.may_merge(case, staff),
    )  # fmt: skip


def approved(code: str) -> ResponseReturnValue:
    """Approved answers (FAQ) that may fit, as of today; the officer decides."""
    run, staff = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        case = casepage.find(tx, code, staff)
    today = local_day(run.clock.now())
    index = run.services.knowledge()
    reply = index.answer(case.text_masked, today)
    found = [ask.render(one, today=today, related=[]) for one in reply.answers if not one.past]
    sure = reply.decision == "answer"
    return _part("staff/_approved.html", code, found=found[:3], sure=sure)


# ---------------------------------------------------------------- notes
@dataclass(frozen=True, slots=True)
class Shown:
    """A note as the page shows it."""

    who: str
    initials: str
    at: datetime
    time: str
    text: Markup


def _named(text: str, people: Sequence[Staff]) -> Markup:
    """A note's text with the people named in it by their names."""
    known = {one.username: one.name for one in people}
    parts, at = [], 0
    for found in noting.MENTION.finditer(text):
        name = known.get(found[1].lower())
        if name is None:
            continue
        parts += [escape(text[at : found.start()]), Markup("<b>@{}</b>").format(name)]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])


def initials(name: str) -> str:
    """Two letters that stand for a person: of the last two words of the name."""
    letters = [word[0] for word in re.findall(r"\w+", name)]
    return "".join(letters[-2:]).upper()


def _notes(code: str, *, error: str = "", text: str = "", status: int = 200) -> Any:
    run, staff = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        case = casepage.find(tx, code, staff)
        people = registry.all_staff(tx)
        unseen = notes.unseen(tx, staff.id, case.id)
        found = notes.of_case(tx, case.id)
        readers = noting.readers(tx, case, people)
    names = {one.id: one for one in people}
    shown = [
        Shown(names[one.staff_id].name, initials(names[one.staff_id].name), one.at,
              words.clock(one.at, now), _named(one.text, people))
        for one in found
    ]  # fmt: skip
    offered = [(one.username, one.name) for one in readers if one.id != staff.id]
    part = _part(
        "staff/_notes.html", code, case=case, notes=shown, unseen=unseen, people=offered,
        error=error, text=text,
    )  # fmt: skip
    return part, status


def notes_of(code: str) -> ResponseReturnValue:
    """The notes of a case with the form for another."""
    found: ResponseReturnValue = _notes(code)
    return found


def write_note(code: str) -> ResponseReturnValue:
    """Writes a note; what is wrong with it is said beside it and keeps its words."""
    run, staff = accounts.runtime(), accounts.me()
    text = request.form.get("note", "")
    by = Acting(staff, 0, run.clock.now())
    try:
        with run.store.transaction() as tx:
            case = casepage.find(tx, code, staff)
            noting.write(tx, case, by, text=text)
    except NotAllowed as refused:
        refusal: ResponseReturnValue = _notes(code, error=str(refused), text=text, status=422)
        return refusal
    return _after_note(code)


def read_notes(code: str) -> ResponseReturnValue:
    """Notes that name this person are read."""
    run, staff = accounts.runtime(), accounts.me()
    with run.store.transaction() as tx:
        case = casepage.find(tx, code, staff)
        notes.mark_seen(tx, staff.id, case.id, run.clock.now())
    return _after_note(code)


def _after_note(code: str) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return notes_of(code)
    return redirect(url_for("staff.case", code=code) + "#ghi-chu", 303)


# ---------------------------------------------------------------- what is being typed
def keep_typed(code: str) -> ResponseReturnValue:
    """Keeps the answer as it stands in the field, for this person alone; sealed where the case
    is."""
    run, staff = accounts.runtime(), accounts.me()
    text = request.form.get("text", "")
    if len(text) > MAX_TYPED:
        return "", 413
    with run.store.transaction() as tx:
        case = casepage.find(tx, code, staff)
        notes.keep_typed(tx, staff.id, case.id, text, run.clock.now())
    return "", 204


def register(blueprint: Blueprint) -> None:
    """Puts these parts on the door."""
    for path, name, view, methods in (
        ("lien-quan", "related", related, ["GET"]),
        ("tra-loi-san", "approved", approved, ["GET"]),
        ("ghi-chu", "notes", notes_of, ["GET"]),
        ("ghi-chu", "write_note", write_note, ["POST"]),
        ("ghi-chu/da-doc", "read_notes", read_notes, ["POST"]),
        ("dang-viet", "keep_typed", keep_typed, ["POST"]),
    ):
        blueprint.add_url_rule(f"/y-kien/<code>/{path}", name, view, methods=methods)
