"""Questions without a good answer: what most people ask, one press to a draft, what came of it."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.flow import gaps as flow
from intake_api.flow import publish
from intake_api.flow.entries import Refused
from intake_api.staff import accounts
from intake_api.staff.typed import whole
from intake_api.store import gaps

PAGE, SHOWN, MOST_EFFECTS = 25, 8, 20
DECISION = {
    "decline": "chưa trả lời được", "suggest": "phải hỏi lại", "unhelpful": "trả lời chưa đúng ý",
}  # fmt: skip


def _only() -> None:
    if not access.may_write_faq(accounts.me().role):
        abort(403, "Vai trò của anh/chị không xem câu hỏi chưa trả lời được.")


def listed() -> ResponseReturnValue:
    """Clusters by how many people asked, and what new entries did for those drafted before."""
    _only()
    run, now = accounts.runtime(), accounts.runtime().clock.now()
    page = whole(request.args.get("trang", ""), digits=4) or 1
    with run.store.reading() as tx:
        count, kept = gaps.cluster_count(tx), flow.kept_from(tx, run.services, accounts.me())
        found = gaps.clusters(tx, limit=PAGE, offset=(page - 1) * PAGE)
        said = {one.id: _some(gaps.by_ids(tx, one.members[: SHOWN * 3]), kept) for one in found}
        titles = {one.slug: one.title for one in publish.read_entries(tx)}
        effects = [
            flow.effect(tx, run.services, slug, now=now) for slug in gaps.drafted(tx, MOST_EFFECTS)
        ]
        waiting = gaps.mark_of_open(tx)[0]
    return render_template(
        "staff/faq/gaps.html", said=said, kept=kept,
        clusters=[one for one in found if said[one.id] or one.text not in kept],
        titles=titles, effects=effects, count=count, page=page, pages=-(-count // PAGE),
        waiting=waiting, decision=DECISION,
        entries=sorted(titles.items(), key=lambda pair: pair[1]),
    )  # fmt: skip


def _some(found: list[Any], kept: Container[str]) -> list[str]:
    """A few different ways a cluster was asked, without those that are kept from who reads."""
    texts = dict.fromkeys(one.text_masked for one in found)
    return [one for one in texts if one not in kept][:SHOWN]


def draft(number: int) -> ResponseReturnValue:
    """A draft with the ways people really asked: of a new entry or into one that there is."""
    _only()
    run = accounts.runtime()
    try:
        with run.store.transaction() as tx:
            made = flow.draft(
                tx, run.services, number, by=accounts.me(), now=run.clock.now(),
                into=request.form.get("into", ""),
            ).id  # fmt: skip
    except KeyError:
        flash("Nhóm câu hỏi này vừa được xếp lại; chọn lại trong danh sách.")
        return redirect(url_for("staff.gaps"), 303)
    except Refused as refused:
        flash(str(refused))
        return redirect(url_for("staff.gaps"), 303)
    flash("Đã tạo bản nháp với các cách hỏi của người dân; viết câu trả lời rồi gửi duyệt.", "ok")
    return redirect(url_for("staff.faq_write", number=made), 303)


def put_away(number: int) -> ResponseReturnValue:
    """Nothing is to be answered here."""
    _only()
    run = accounts.runtime()
    with run.store.transaction() as tx:
        flow.put_away(tx, number, now=run.clock.now())
    flash("Đã cất nhóm câu hỏi.", "ok")
    return redirect(url_for("staff.gaps"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    add = blueprint.add_url_rule
    add("/hoi-dap/khoang-trong", "gaps", listed)
    add("/hoi-dap/khoang-trong/<int:number>/soan", "gap_draft", draft, methods=["POST"])
    add("/hoi-dap/khoang-trong/<int:number>/cat", "gap_away", put_away, methods=["POST"])
