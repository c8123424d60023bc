"""The FAQ workbench: the list of entries, one entry with its history, the form to write in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access, faq
from intake_api.domain.faq import Stage
from intake_api.domain.faq_diff import held
from intake_api.domain.model import Entry, Source, Version
from intake_api.domain.worktime import day_in_words
from intake_api.flow import documents, entries, publish
from intake_api.flow.entries import Refused, Stale
from intake_api.flow.services import local_day
from intake_api.staff import accounts, faq_form
from intake_api.staff.typed import whole
from intake_api.store import faq as rows
from intake_api.store import registry
from intake_api.store.faq_tables import FaqRevision
from vntext import fold

if TYPE_CHECKING:
    from intake_api.store import Session

VIEWS = {
    "": "Tất cả", "can-sua": "Cần sửa", "cho-duyet": "Chờ duyệt", "nhap": "Bản nháp",
    "ra-soat": "Đến ngày rà soát", "het-han": "Hết hiệu lực",
}  # fmt: skip


def only_readers() -> None:
    """Closes a page to roles that have no business with approved answers."""
    if not access.may_read_faq(accounts.me().role):
        abort(403, "Vai trò của anh/chị không xem phần hỏi đáp.")


@contextmanager
def or_no_page() -> Iterator[None]:
    """Around a step with one press of a button: 404 where there is nothing to do it with, 403 with
    the reason where it is refused."""
    try:
        yield
    except KeyError:
        abort(404)
    except Refused as refused:
        abort(403, str(refused))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the list shows it."""

    slug: str
    title: str
    unit: str
    topic: str
    held: str
    marks: list[tuple[str, str]] = field(default_factory=list)  # (colour, words)
    views: frozenset[str] = frozenset()
    path: str = ""


def _lines(tx: Session) -> list[Line]:
    run = accounts.runtime()
    today, catalog = local_day(run.clock.now()), run.services.catalog
    live = {one.slug: one for one in publish.read_entries(tx)}
    opened = {one.slug: one for one in rows.open_revisions(tx)}
    flagged = documents.flagged(tx)
    found = []
    for slug in sorted(live.keys() | opened.keys()):
        entry = live.get(slug) or entries.entry_of(opened[slug])
        marks: list[tuple[str, str]] = []
        views = {""}
        if slug in flagged:
            marks.append(("red", f"Cần sửa: {flagged[slug][0].document.title} hết hiệu lực"))
            views.add("can-sua")
        revision = opened.get(slug)
        if revision is not None:
            marks.append(("amber", faq.STAGE_TITLE[revision.stage]))
            views.add("nhap" if revision.stage == Stage.DRAFT else "cho-duyet")
        end = faq.ended_on(entry)
        if slug not in live:
            marks.append(("", "Chưa đăng"))
        elif end is not None and end < today:
            marks.append(("", f"Hết hiệu lực {day_in_words(end)}"))
            views.add("het-han")
        elif entry.review_by and entry.review_by <= today:
            marks.append(("amber", "Đến ngày rà soát"))
            views.add("ra-soat")
        unit = catalog.units.get(entry.owner)
        topic = catalog.topics.get(entry.topic)
        now = entry.version_on(today) if slug in live else None
        path = url_for("staff.faq_entry", slug=slug)
        if slug not in live:
            path = url_for("staff.faq_revision", number=opened[slug].id)
        found.append(Line(
            slug, entry.title, unit.name if unit else entry.owner, topic.name if topic else "",
            faq_held(now), marks, frozenset(views), path,
        ))  # fmt: skip
    return found


def faq_held(version: Version | None) -> str:
    """Until when what is answered today holds."""
    return held(version) if version else "không có câu trả lời hôm nay"


def listed() -> ResponseReturnValue:
    """Every entry, by view, unit and words."""
    only_readers()
    run = accounts.runtime()
    view, unit = request.args.get("xem", ""), request.args.get("don_vi", "")
    wanted = fold(request.args.get("tim", "")).lower().split()[:10]
    with run.store.reading() as tx:
        every = _lines(tx)
    counts = {name: sum(name in one.views for one in every) for name in VIEWS}
    units = sorted({one.unit for one in every})
    shown = [
        one
        for one in every
        if view in one.views
        and (not unit or one.unit == unit)
        and all(word in fold(f"{one.title} {one.slug} {one.topic}").lower() for word in wanted)
    ]
    return render_template(
        "staff/faq/list.html", lines=shown, counts=counts, views=VIEWS, view=view, unit=unit,
        units=units, sought=request.args.get("tim", ""),
        writes=access.may_write_faq(accounts.me().role),
    )  # fmt: skip


def entry(slug: str) -> ResponseReturnValue:
    """One entry: what is answered, until when, on what basis, and how it came to be."""
    only_readers()
    run = accounts.runtime()
    with run.store.reading() as tx:
        live = next((one for one in publish.read_entries(tx) if one.slug == slug), None)
        history, flags = rows.revisions(tx, slug), documents.flagged(tx).get(slug, [])
        names = {one.id: one.name for one in registry.all_staff(tx)}
    if live is None and not history:
        abort(404)
    shown = live or entries.entry_of(history[0])
    opened = next((one for one in history if one.stage in faq.OPEN_STAGES), None)
    return render_template(
        "staff/faq/entry.html", entry=shown, live=live, history=history, flags=flags, names=names,
        opened=opened, stages=faq.STAGE_TITLE, origins=faq.ORIGIN_TITLE, held=faq_held,
        today=local_day(run.clock.now()), units=run.services.catalog.units,
        topics=run.services.catalog.topics, writes=access.may_write_faq(accounts.me().role),
    )  # fmt: skip


# ------------------------------------------------------------------------------- writing


def _blank() -> Entry:
    run, me = accounts.runtime(), accounts.me()
    today = local_day(run.clock.now())
    version = Version(today, None, "", (), "", Source("", "", ""))
    owner = me.unit if me.unit in run.services.catalog.units else ""
    return Entry("", "", owner or "", "", "", (), (version,), review_by=entries.next_review(today))


def _form(
    shown: Entry, revision: FaqRevision | None, errors: dict[str, str], *, status: int = 200,
    extra: int = 0, note: str = "",
) -> ResponseReturnValue:  # fmt: skip
    run = accounts.runtime()
    catalog, today = run.services.catalog, local_day(run.clock.now())
    with run.store.reading() as tx:
        register = rows.documents(tx)
    fields = faq_form.to_fields(shown, register)
    fields["answers"] += [faq_form.blank_answer(run.services) for _ in range(extra)]
    page = render_template(
        "staff/faq/form.html", shown=fields, revision=revision, errors=errors, note=note,
        topics=faq_form.topics_by_group(catalog), register=register, keep=faq_form.KEEP,
        units=[(u.code, u.name) for u in catalog.units.values() if u.exists_on(today)],
        fewest=faq.MIN_VARIANTS, most_answer=faq.MAX_ANSWER,
    )  # fmt: skip
    return page, status


def new() -> ResponseReturnValue:
    """A new entry: what was typed is kept as a draft, right or not."""
    if not access.may_write_faq(accounts.me().role):
        abort(403, "Vai trò của anh/chị không soạn mục hỏi đáp.")
    if request.method == "GET":
        return _form(_blank(), None, {})
    run, form = accounts.runtime(), request.form
    with run.store.reading() as tx:
        made, wrong = faq_form.from_form(tx, form, None)
    if form.get("do") == "add":
        return _form(made, None, {}, extra=1, note=form.get("note", ""))
    if not made.title:
        wrong = {"title": "Ghi tên mục để lưu bản nháp.", **wrong}
    if wrong:
        return _form(made, None, wrong, status=422, note=form.get("note", ""))
    try:
        with run.store.transaction() as tx:
            revision = entries.draft(
                tx, by=accounts.me(), now=run.clock.now(), entry=made,
                note=form.get("note", ""),
            )  # fmt: skip
            number = revision.id
    except Refused as refused:
        return _form(made, None, refused.errors or {"title": str(refused)}, status=422)
    flash("Đã lưu bản nháp.", "ok")
    return redirect(url_for("staff.faq_revision", number=number), 303)


def begin(slug: str) -> ResponseReturnValue:
    """Opens a draft of a published entry, or the one that is open."""
    run = accounts.runtime()
    with or_no_page(), run.store.transaction() as tx:
        revision = entries.reopen(tx, slug, by=accounts.me(), now=run.clock.now())
        number, stage = revision.id, revision.stage
    there = "staff.faq_write" if stage == Stage.DRAFT else "staff.faq_revision"
    return redirect(url_for(there, number=number), 303)


def write(number: int) -> ResponseReturnValue:
    """The form of a draft."""
    if not access.may_write_faq(accounts.me().role):
        abort(403, "Vai trò của anh/chị không soạn mục hỏi đáp.")
    run, form = accounts.runtime(), request.form
    with run.store.reading() as tx:
        revision = rows.revision(tx, number)
        if revision is None:
            abort(404)
        before = entries.entry_of(revision)
        if request.method == "GET":
            return _form(before, revision, {}, note=revision.note)
        made, wrong = faq_form.from_form(tx, form, before)
    note, lock = form.get("note", ""), whole(form.get("lock", "")) or 0
    if form.get("do") == "add":
        return _form(made, revision, {}, extra=1, note=note)
    if wrong:
        return _form(made, revision, wrong, status=422, note=note)
    try:
        with run.store.transaction() as tx:
            fresh = rows.revision(tx, number, lock=True)
            if fresh is None:
                abort(404)
            entries.save(
                tx, fresh, by=accounts.me(), now=run.clock.now(), entry=made, lock=lock, note=note
            )
    except Stale as stale:
        return _form(made, revision, {"title": str(stale)}, status=409, note=note)
    except Refused as refused:
        return _form(made, revision, {"title": str(refused)}, status=409, note=note)
    flash("Đã lưu bản nháp.", "ok")
    return redirect(url_for("staff.faq_revision", number=number), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/hoi-dap", "faq", listed)
    add("/hoi-dap/muc/<slug>", "faq_entry", entry)
    add("/hoi-dap/muc/<slug>/sua", "faq_begin", begin, methods=["POST"])
    add("/hoi-dap/moi", "faq_new", new, methods=["GET", "POST"])
    add("/hoi-dap/ban/<int:number>/soan", "faq_write", write, methods=["GET", "POST"])
