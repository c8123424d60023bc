"""Rumours at the desk: what people report as untrue, and its correction."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import faq
from intake_api.flow import documents, entries
from intake_api.flow import rumours as flow
from intake_api.flow.rumours import Rumour
from intake_api.staff import accounts, words
from intake_api.staff.alerts import only
from intake_api.staff.typed import whole
from intake_api.store import Session
from intake_api.store import faq as register_of
from intake_api.store.faq_tables import LegalDocument


def listed() -> str:
    """Rumours of the last two months, most people first."""
    only()
    run = accounts.runtime()
    now = run.clock.now()
    with run.store.reading() as tx:
        found = flow.grouped(tx, accounts.my_scope(), now=now)
    return render_template(
        "staff/watch/rumours.html", found=found, at=lambda moment: words.clock(moment, now),
        topic=lambda one: words.topic_name(run.services.catalog, one.topic),
    )  # fmt: skip


def _page(found: Rumour, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    run = accounts.runtime()
    now = run.clock.now()
    with run.store.reading() as tx:
        known = [(str(one.id), one.title) for one in register_of.documents(tx)]
    typed = request.form or {"questions": "\n".join(flow.questions_of(found))}
    page = render_template(
        "staff/watch/rumour.html", found=found, errors=errors, typed=typed, documents=known,
        fewest=faq.MIN_VARIANTS,
        at=lambda moment: words.clock(moment, now),
        topic=words.topic_name(run.services.catalog, found.topic),
    )  # fmt: skip
    return page, status


def one(number: int) -> ResponseReturnValue:
    """One rumour: what was written, and the form of its correction."""
    only()
    run = accounts.runtime()
    with run.store.reading() as tx:
        found = flow.one(tx, accounts.my_scope(), number, now=run.clock.now())
    if found is None:
        abort(404)
    return _page(found, {})


def _errors() -> dict[str, str]:
    wanted = {
        "title": "Viết câu hỏi mà người dân thắc mắc, ví dụ “Có phải …?”.",
        "answer": "Viết câu trả lời: điều gì không đúng, sự thật là gì.",
        "questions": "Ghi các cách hỏi, mỗi dòng một câu.",
    }
    return {name: text for name, text in wanted.items() if not request.form.get(name, "").strip()}


def _document(tx: Session) -> LegalDocument | None:
    chosen = whole(request.form.get("document", ""))
    return register_of.document(tx, chosen) if chosen is not None else None


def correct(number: int) -> ResponseReturnValue:
    """Drafts the correction and leads to it; another person approves it there."""
    only()
    run, form = accounts.runtime(), request.form
    now = run.clock.now()
    with run.store.reading() as tx:
        found, document = flow.one(tx, accounts.my_scope(), number, now=now), _document(tx)
    if found is None:
        abort(404)
    errors = _errors()
    if document is None:
        errors["document"] = "Chọn văn bản, thông báo làm nguồn; chưa có thì thêm vào danh bạ."
    if errors or document is None:
        return _page(found, errors, 422)
    article = " ".join(form.get("article", "").split())
    try:
        with run.store.transaction() as tx:
            made = flow.correct(
                tx, run.services, found, title=form["title"].strip(),
                answer=form["answer"].strip(), questions=form["questions"].splitlines(),
                source=documents.source_of(document, article=article), by=accounts.me(), now=now,
            )  # fmt: skip
    except entries.Refused as refused:
        return _page(found, {"viec": str(refused)}, 422)
    flash("Đã soạn đính chính; gửi duyệt ở đây, một người khác duyệt thì trợ lý dùng ngay.", "ok")
    return redirect(url_for("staff.faq_revision", number=made.id), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/tin-don", "rumours", listed)
    add("/tin-don/<int:number>", "rumour", one)
    add("/tin-don/<int:number>", "rumour_correct", correct, methods=["POST"])
