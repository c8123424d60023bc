"""One revision: what it changes, how each channel will say it, and the steps it goes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from intake_api.domain import access, faq, faq_diff
from intake_api.domain.faq import Stage
from intake_api.domain.model import Answer, Entry
from intake_api.flow import documents, entries, faq_telling, gaps, preview, trying
from intake_api.flow.entries import Refused
from intake_api.flow.services import local_day
from intake_api.staff import accounts
from intake_api.staff.faq_pages import only_readers, or_no_page
from intake_api.staff.typed import whole
from intake_api.store import faq as rows
from intake_api.store import registry
from intake_api.store.faq_tables import FaqRevision

if TYPE_CHECKING:
    from intake_api.store import Session

STEP_FIELDS = frozenset({"publish_on", "reason"})


def revision(number: int) -> ResponseReturnValue:
    """A revision beside what is published."""
    only_readers()
    return _page(number)


def _page(number: int, errors: dict[str, str] | None = None, status: int = 200) -> tuple[str, int]:
    run, me = accounts.runtime(), accounts.me()
    now, catalog = run.clock.now(), run.services.catalog
    with run.store.reading() as tx:
        found = rows.revision(tx, number)
        if found is None:
            abort(404)
        made = entries.entry_of(found)
        before = _before(tx, found)
        names = {one.id: one.name for one in registry.all_staff(tx)}
        kept, wrong = gaps.kept_from(tx, run.services, me), {}
        if found.stage in faq.OPEN_STAGES:
            wrong = entries.problems(tx, run.services, made)
    page = render_template(
        "staff/faq/revision.html", revision=found, entry=made, before=before, names=names,
        changes=faq_diff.differences(
            before, made, {u.code: u.name for u in catalog.units.values()},
            {t.code: t.name for t in catalog.topics.values()},
        ),
        answers=_previews(made, local_day(now)), wrong=wrong, errors=errors or {},
        stages=faq.STAGE_TITLE, origins=faq.ORIGIN_TITLE, kinds=trying.KIND_TITLE,
        kept=kept, checked=entries.is_checked(found), writes=access.may_write_faq(me.role),
        approves=found.stage == Stage.SUBMITTED
        and entries.may_approve(run.services, me, found, now),
        own=me.id in found.writers, today=local_day(now),
    )  # fmt: skip
    return page, status


def _before(tx: Session, found: FaqRevision) -> Entry | None:
    """What a revision is compared with: what is published, or, for an old one, what came before."""
    if found.stage in faq.OPEN_STAGES:
        current = rows.published(tx, found.slug)
    else:
        older = [
            one
            for one in rows.revisions(tx, found.slug)
            if one.number < found.number and one.published_at is not None
        ]
        current = older[0] if older else None
    return entries.entry_of(current) if current else None


def _previews(made: Entry, today: date) -> list[dict[str, Any]]:
    """Every dated answer as the channels say it to somebody who asks today; the newest first."""
    run = accounts.runtime()
    index = run.services.knowledge()
    found = []
    for version in sorted(made.versions, key=lambda one: one.valid_from, reverse=True):
        answer = Answer(
            made, version, 1.0, past=bool(version.valid_to and version.valid_to < today)
        )
        bubbles = preview.bubbles(run.services, answer, index.related(made, today), today=today)
        found.append({
            "held": faq_diff.held(version), "bubbles": bubbles, "more": version.more,
            "long": len("\n".join([version.answer, *version.details])) > faq.MAX_ANSWER,
        })  # fmt: skip
    return found


def check(number: int) -> ResponseReturnValue:
    """Tries the wording on every known question."""
    only_readers()
    run = accounts.runtime()
    with run.store.reading() as tx:
        found = rows.revision(tx, number)
        if found is None or found.stage not in faq.OPEN_STAGES:
            abort(404)
        # A few seconds of reckoning: nobody who writes waits for it.
        trying.try_out(tx, run.services, [found], now=run.clock.now())
        result, lock = found.check, found.lock
    with run.store.transaction() as tx:
        fresh = rows.revision(tx, number, lock=True)
        if fresh is not None and fresh.lock == lock:
            fresh.check = result
    return redirect(url_for("staff.faq_revision", number=number) + "#kiem-tra", 303)


def step(number: int, name: str) -> ResponseReturnValue:
    """One step of a revision; what keeps it from being done is said on its page."""
    only_readers()
    run = accounts.runtime()
    try:
        with run.store.transaction() as tx:
            found = rows.revision(tx, number, lock=True)
            if found is None:
                abort(404)
            said = _do(tx, found, name)
            slug, stage = found.slug, found.stage
    except Refused as refused:
        # What is wrong with the words stands on the page anyway; here only the step's own fields.
        own = {name: said for name, said in refused.errors.items() if name in STEP_FIELDS}
        return _page(number, own or {"buoc": str(refused)}, 409)
    if name == "gui":
        check(number)
    flash(said, "ok")
    if stage in (Stage.PUBLISHED, Stage.DROPPED):
        return redirect(url_for("staff.faq_entry", slug=slug), 303)
    return redirect(url_for("staff.faq_revision", number=number), 303)


def _do(tx: Session, found: FaqRevision, name: str) -> str:
    run, me, form = accounts.runtime(), accounts.me(), request.form
    services, now = run.services, run.clock.now()
    if name == "gui":
        entries.submit(tx, services, found, by=me, now=now)
        faq_telling.waiting(tx, services, found, now=now)
        return "Đã gửi duyệt; một người khác duyệt."
    if name == "rut":
        entries.take_back(tx, found, by=me, now=now)
        return "Đã rút về bản nháp."
    if name == "bo":
        entries.drop(tx, found, by=me, now=now)
        return "Đã bỏ bản này; vẫn xem lại được trong lịch sử."
    if name == "tra":
        entries.refuse(tx, services, found, by=me, now=now, reason=form.get("reason", ""))
        faq_telling.refused(tx, found, now=now)
        return "Đã trả lại người soạn."
    if name == "duyet":
        entries.approve(
            tx, services, found, by=me, now=now, lock=whole(form.get("lock", "")) or 0,
            publish_on=_day(form.get("publish_on", "")),
        )  # fmt: skip
        if found.stage == Stage.PUBLISHED:
            return "Đã duyệt và đăng; trợ lý trả lời theo bản này sau ít giây."
        return "Đã duyệt; bản này tự đăng vào ngày đã chọn."
    raise NotFound


def _day(raw: str) -> date | None:
    try:
        return faq.read_day(raw)
    except ValueError:
        raise Refused(
            "Ngày đăng chưa đúng.", {"publish_on": "Ngày đăng chưa đúng; viết như 15/7/2026."}
        ) from None


def roll_back(slug: str, number: int) -> ResponseReturnValue:
    """A draft with the words of an earlier revision."""
    only_readers()
    run = accounts.runtime()
    with or_no_page(), run.store.transaction() as tx:
        made = entries.roll_back(tx, slug, number, by=accounts.me(), now=run.clock.now()).id
    flash("Đã tạo bản nháp từ bản cũ; đối chiếu rồi gửi duyệt.", "ok")
    return redirect(url_for("staff.faq_revision", number=made), 303)


def still_right(slug: str, document: int) -> ResponseReturnValue:
    """Somebody looked: the entry holds although its document has ended."""
    only_readers()
    run = accounts.runtime()
    with or_no_page(), run.store.transaction() as tx:
        documents.still_right(
            tx, slug, document, by=accounts.me(), now=run.clock.now(),
            reason=request.form.get("reason", ""),
        )  # fmt: skip
    flash("Đã ghi nhận mục này vẫn đúng.", "ok")
    return redirect(url_for("staff.faq_entry", slug=slug), 303)


def correct(slug: str, document: int) -> ResponseReturnValue:
    """A draft in which the replacement begins where the document ended."""
    only_readers()
    run = accounts.runtime()
    with or_no_page(), run.store.transaction() as tx:
        made = documents.correct(tx, slug, document, by=accounts.me(), now=run.clock.now()).id
    flash("Đã tạo bản nháp theo văn bản mới: sửa lời, kiểm tra ngày, rồi gửi duyệt.", "ok")
    return redirect(url_for("staff.faq_write", number=made), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/hoi-dap/ban/<int:number>", "faq_revision", revision)
    add("/hoi-dap/ban/<int:number>/kiem-tra", "faq_check", check, methods=["POST"])
    add("/hoi-dap/ban/<int:number>/buoc/<name>", "faq_step", step, methods=["POST"])
    add("/hoi-dap/muc/<slug>/khoi-phuc/<int:number>", "faq_roll_back", roll_back, methods=["POST"])
    add("/hoi-dap/muc/<slug>/van-dung/<int:document>", "faq_still", still_right, methods=["POST"])
    add("/hoi-dap/muc/<slug>/theo/<int:document>", "faq_correct", correct, methods=["POST"])
