"""When an answer could not be delivered: what else there is to reach the person. Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flask import url_for

from intake_api.domain.model import Channel
from intake_api.staff.comments_page import Line, line_of, thread_lines
from intake_api.store import cases, conversations, outbox, pages
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from vntext import mask

if TYPE_CHECKING:
    from intake_api.store import Session


STUCK = frozenset({"held", *outbox.UNSENT})


@dataclass(frozen=True, slots=True)
class Reach:
    """``why``: what the platform said, "" when everything arrived; ``ways``: (words, address)."""

    why: str = ""
    waits: bool = False
    ways: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """The post and the comments from which a case came."""

    post: str
    link: str
    thread: list[Line]
    this: int


def reach(tx: Session, case: Case, *, sees_comments: bool) -> Reach:
    """Looks at the newest thing that staff said and did not arrive."""
    said = [
        m
        for m in cases.messages(tx, case)
        if m.direction == "out" and m.author == "staff" and m.case_id == case.id
    ]
    rows = outbox.of_messages(tx, [m.id for m in said])
    stuck = [rows[m.id] for m in said if m.id in rows and rows[m.id].state in STUCK]
    if not stuck:
        return Reach()
    last = stuck[-1]
    ways: list[tuple[str, str]] = []
    contact = cases.contact(tx, case.id)
    for value, words in (
        (contact.phone if contact else None, "Gọi điện: số ở mục Người gửi"),
        (contact.email if contact else None, "Gửi thư điện tử: địa chỉ ở mục Người gửi"),
    ):
        if value:
            ways.append((words, "#nguoi-gui-ten"))
    comment = pages.of_case(tx, case.id)
    if comment is not None and comment.removed_at is None and not comment.sealed:
        href = url_for("staff.comment", number=comment.id) if sees_comments else ""
        asked = "" if sees_comments else " (đề nghị Văn phòng Sở thực hiện)"
        ways.append((f"Nhắc dưới bình luận, không nêu nội dung{asked}", href))
    talk = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if talk is not None and talk.channel in (Channel.MESSENGER, Channel.COMMENT):
        ways.append((f"Người gửi đọc được trên trang tra cứu bằng mã {case.code} và mã PIN", ""))
    return Reach(last.last_error or "kênh từ chối", last.state == "held", ways)


def context(tx: Session, case: Case, staff: Staff, now: datetime) -> Context | None:
    """The public side of a case that came from a comment; None for any other."""
    comment = pages.of_case(tx, case.id)
    if comment is None:
        return None
    post = pages.post(tx, comment.post_id)
    lines = thread_lines(tx, comment, staff, now)
    near = [one for one in lines if one.id == comment.id] or [line_of(tx, comment, staff, now)]
    place = next((n for n, one in enumerate(lines) if one.id == comment.id), 0)
    near = lines[max(0, place - 3) : place + 4] or near
    return Context(
        mask(post.text) if post else "", post.permalink if post else "", near, comment.id
    )
