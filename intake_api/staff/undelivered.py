"""What could not be delivered: given up, or not known whether it arrived; sent again by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.flow import resend
from intake_api.flow.acting import NotAllowed
from intake_api.staff import accounts, casepage, words
from intake_api.store import cases, outbox, registry, takeovers, transcript
from intake_api.store.registers import Staff
from intake_api.store.tables import Case, Message, Outbox
from vntext import mask

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the list."""

    id: int
    channel: str
    channel_word: str
    who: str
    when: str
    said: str
    why: str
    unknown: bool
    code: str
    href: str


def _case(tx: Session, message: Message) -> Case | None:
    return cases.by_id(tx, message.case_id) if message.case_id else None


def _may_see(tx: Session, staff: Staff) -> Callable[[Outbox, Message], bool]:
    """Whoever may read the case; without one, whoever looks through talks of that lane."""
    reads, lane = casepage.may_see(tx, staff), access.lane_of_talks(staff.role)

    def ask(row: Outbox, message: Message) -> bool:
        case = _case(tx, message)
        if case is not None:
            return reads(case)
        if lane is None or takeovers.is_sealed(tx, row.conversation_id) != lane:
            return False
        return transcript.apart(tx, row.conversation_id, reads, reader=staff.id)(message)

    return ask


def _line(
    tx: Session, row: Outbox, message: Message, staff: Staff, names: dict[int, str], now: datetime
) -> Line:
    case = _case(tx, message)
    looks = access.lane_of_talks(staff.role) is not None
    href = ""
    if case is not None:
        href = url_for("staff.case", code=case.code)
    elif looks:
        href = url_for("staff.direct", name=row.conversation_id)
    authors = {"bot": "Trợ lý tự động", "system": "Hệ thống"}
    return Line(
        id=row.id,
        channel=row.channel,
        channel_word=words.CHANNEL_WORD.get(row.channel, row.channel),
        who=authors.get(message.author) or names.get(message.staff_id or 0, "Cán bộ"),
        when=words.clock(message.created_at, now),
        said=words.first_line(mask(words.without_pin(message.text))),
        why=row.last_error or "kênh từ chối",
        unknown=row.state == "unknown",
        code=case.code if case else "",
        href=href,
    )


def undelivered() -> ResponseReturnValue:
    """The list of one's own lane, newest first."""
    run, staff = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        names = {person.id: person.name for person in registry.all_staff(tx)}
        may_see = _may_see(tx, staff)
        lines = [
            _line(tx, row, message, staff, names, now)
            for row, message in outbox.unsent(tx)
            if may_see(row, message)
        ]
    return render_template("staff/undelivered.html", lines=lines)


def undelivered_do(number: int, verb: str) -> ResponseReturnValue:
    """Sends one again, or lets it go."""
    run, staff = accounts.runtime(), accounts.me()
    step = {"gui-lai": resend.again, "bo": resend.let_go}.get(verb)
    if step is None:
        abort(404)
    told = {"gui-lai": "Đang gửi lại.", "bo": "Đã bỏ khỏi danh sách."}[verb]
    try:
        with run.store.transaction() as tx:
            row = outbox.get(tx, number)
            if row is None or not _may_see(tx, staff)(row, outbox.message_of(tx, row)):
                abort(404)
            step(tx, row, staff=staff, now=run.clock.now())
            name = row.conversation_id
    except NotAllowed as refused:
        flash(str(refused))
        return redirect(url_for("staff.undelivered"), 303)
    run.services.queue.deliver(name)
    flash(told, "ok")
    return redirect(url_for("staff.undelivered"), 303)


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/chua-gui-duoc", "undelivered", undelivered)
    blueprint.add_url_rule(
        "/chua-gui-duoc/<int:number>/<verb>", "undelivered_do", undelivered_do, methods=["POST"]
    )
