"""Comments below the Page's posts: what was said, in its thread, and what staff may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.domain.commenting import LOOK_TITLE, STEP_TITLE, Step
from intake_api.flow import comment_desk
from intake_api.flow.acting import NotAllowed
from intake_api.staff import accounts, words
from intake_api.staff.typed import whole
from intake_api.store import cases, outbox, pages, registry, unsealings
from intake_api.store.page_tables import PageComment
from intake_api.store.registers import Staff
from vntext import mask

if TYPE_CHECKING:
    from intake_api.store import Session

PAGE = 40
MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One comment as staff read it: masked, with what was done and why somebody should look."""

    id: int
    text: str
    time: str
    at: datetime
    step: str
    look: str
    hidden: bool
    removed: bool
    by_page: bool
    under: bool
    code: str
    permalink: str
    href: str
    edited: bool


def line_of(tx: Session, one: PageComment, staff: Staff, now: datetime) -> Line:
    """A comment in words for a page."""
    case = cases.by_id(tx, one.case_id) if one.case_id else None
    return Line(
        id=one.id,
        text="(người viết đã gỡ bình luận này)" if one.removed_at else mask(one.text),
        time=words.clock(one.created_at, now),
        at=one.created_at,
        step=STEP_TITLE.get(Step(one.step), "") if one.step in list(Step) else "",
        look=LOOK_TITLE.get(one.look, ""),
        hidden=one.hidden,
        removed=one.removed_at is not None,
        by_page=one.by_page,
        under=bool(one.parent_id),
        code=case.code if case and may_open(tx, case, staff) else "",
        permalink=one.permalink,
        href=url_for("staff.comment", number=one.id),
        edited=one.changed_at > one.created_at,
    )


def may_open(tx: Session, case: Any, staff: Staff) -> bool:
    """True when this person may open the case."""
    return not unsealings.is_named(tx, case.id, staff.id) and access.may_see(
        staff.role, staff.unit, confidential=case.confidential, case_unit=case.unit,
        copies=case.copies or (),
    )  # fmt: skip


def _lane() -> bool:
    lane = access.lane_of_talks(accounts.me().role)
    if lane is None:
        abort(403, description="Trang bình luận dành cho Văn phòng, lãnh đạo Sở và kênh mật.")
    return lane


def comments() -> ResponseReturnValue:
    """Comments, newest first; by default those that somebody should look at."""
    run, staff, lane = accounts.runtime(), accounts.me(), _lane()
    everything = request.args.get("xem") == "tat-ca"
    number = whole(request.args.get("trang", ""), digits=5) or 1
    now = run.clock.now()
    with run.store.reading() as tx:
        total = pages.count(tx, sealed=lane, look=not everything, reader=staff.id)
        waiting = pages.count(tx, sealed=lane, look=True, reader=staff.id)
        last = max(1, -(-total // PAGE))
        number = min(max(1, number), last)
        found = pages.listing(
            tx, sealed=lane, look=not everything, reader=staff.id, offset=(number - 1) * PAGE,
            limit=PAGE,
        )  # fmt: skip
        lines = [line_of(tx, one, staff, now) for one in found]
        posts = {one.post_id: pages.post(tx, one.post_id) for one in found}
    titles = {
        name: words.first_line(mask(post.text), 90) if post and post.text else "Bài viết của Trang"
        for name, post in posts.items()
    }
    below = {one.id: titles[one.post_id] for one in found}
    return render_template(
        "staff/comments.html", lines=lines, below=below, total=total, waiting=waiting,
        everything=everything, number=number, last=last, sealed=lane,
    )  # fmt: skip


def _find(tx: Session, number: int, lane: bool) -> PageComment:
    found = pages.comment(tx, number)
    if found is None or found.sealed != lane or found.by_page:
        abort(404)
    if found.case_id and unsealings.is_named(tx, found.case_id, accounts.me().id):
        abort(404)
    return found


def thread_lines(tx: Session, one: PageComment, staff: Staff, now: datetime) -> list[Line]:
    """The thread below the post, of this comment's lane only."""
    known = pages.thread(tx, one.post_id, reader=staff.id)
    seen = [o for o in known if o.sealed == one.sealed or o.by_page]
    begun = {other.remote_id: other.created_at for other in seen}

    def place(other: PageComment) -> tuple[datetime, str, bool, datetime, int]:
        # What answers a comment stands below it, not at the end.
        root = other.parent_id or other.remote_id
        above = begun.get(root, other.created_at)
        return above, root, bool(other.parent_id), other.created_at, other.id

    return [line_of(tx, other, staff, now) for other in sorted(seen, key=place)]


def comment(number: int, typed: str = "", error: str = "") -> ResponseReturnValue:
    """One comment in its thread."""
    run, staff, lane = accounts.runtime(), accounts.me(), _lane()
    now = run.clock.now()
    with run.store.reading() as tx:
        one = _find(tx, number, lane)
        post = pages.post(tx, one.post_id)
        names = {person.id: person.name for person in registry.all_staff(tx)}
        said = pages.answers(tx, one)
        sent = outbox.of_messages(tx, [m.id for m in said])
        values = {
            "one": line_of(tx, one, staff, now),
            "thread": thread_lines(tx, one, staff, now),
            "post_text": mask(post.text) if post else "",
            "post_link": post.permalink if post else "",
            "versions": [
                (words.clock(v.at, now), mask(v.text)) for v in pages.versions(tx, one.id)
            ],
            "answers": [
                (_who(m.author, m.staff_id, names), _where(m.payload), words.without_pin(m.text),
                 words.delivery(m, sent.get(m.id), now))
                for m in said
            ],
            "may": comment_desk.moves(one, role=staff.role),
            "topic": (one.understood or {}).get("topic_name", ""),
        }  # fmt: skip
    status = 422 if error else 200
    return render_template("staff/comment.html", **values, typed=typed, error=error), status


def _who(author: str, staff_id: int | None, names: dict[int, str]) -> str:
    return names.get(staff_id or 0, "Cán bộ") if author == "staff" else "Trợ lý tự động"


def _where(payload: dict[str, Any] | None) -> str:
    given = payload or {}
    if given.get("hide"):
        return "ẩn bình luận"
    return "công khai" if given.get("public") else "nhắn riêng"


def act(number: int, verb: str) -> ResponseReturnValue:
    """Does one thing with a comment; each is on record with who did it."""
    run, staff, lane = accounts.runtime(), accounts.me(), _lane()
    text = request.form.get("text", "")
    try:
        with run.store.transaction() as tx:
            one = _find(tx, number, lane)
            told = comment_desk.act(
                tx, run.services, one, verb, staff=staff, text=text, now=run.clock.now()
            )
            talk = one.conversation_id
    except KeyError:
        abort(404)
    except NotAllowed as refused:
        return comment(number, typed=text, error=str(refused))
    if talk:
        run.services.queue.deliver(talk)
    flash(told, "ok")
    return redirect(url_for("staff.comment", number=number), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/binh-luan", "comments", comments)
    blueprint.add_url_rule("/binh-luan/<int:number>", "comment", comment)
    blueprint.add_url_rule("/binh-luan/<int:number>/<verb>", "comment_act", act, methods=["POST"])
