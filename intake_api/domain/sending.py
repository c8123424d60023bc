"""How a message may be sent now: the platforms' window rules as one pure function.

Decided again at the moment of sending, never when the message was written (interfaces 5.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from intake_api.domain.model import Channel

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
# A Page may answer a comment privately for so long after it was written, once.
PRIVATE_REPLY = timedelta(days=7)

# Why a message waits, for staff.
NEVER_WROTE = "người gửi chưa nhắn tin cho Trang; gửi khi người đó nhắn"
WINDOW_OVER = "quá thời hạn nền tảng cho phép trả lời; gửi khi người đó nhắn lại"
REPLY_USED = "bình luận đã được trả lời riêng một lần; gửi khi người đó nhắn tin cho Trang"
REPLY_LATE = "quá 7 ngày kể từ bình luận; gửi khi người đó nhắn tin cho Trang"
GONE = "bình luận đã bị gỡ"
SEALED_IN_PUBLIC = "nội dung kín không được trả lời công khai"


@dataclass(frozen=True, slots=True)
class CommentOrigin:
    """The comment that a message answers. ``replied``: its one private reply has been used."""

    created_at: datetime
    replied: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class SendMode:
    """``mode``: direct (no platform window), private_reply, public_reply, response, human_agent,
    utility, hold (until the person writes) or never; ``reason`` is for staff."""

    mode: str
    reason: str = ""


def decide(
    channel: str,
    *,
    now: datetime,
    last_inbound_at: datetime | None,
    written_by_person: bool,
    human_agent_approved: bool,
    comment: CommentOrigin | None = None,
    status_notice: bool = False,
    utility_approved: bool = False,
) -> SendMode:
    """Decides for one outgoing private message.

    ``last_inbound_at``: when the person last did something in Messenger (a message, a button, a
    reaction; comments do not count). ``status_notice``: a notice on the state of a case, which
    may use an approved template at any time.
    """
    if channel not in (Channel.MESSENGER, Channel.COMMENT):
        return SendMode("direct")
    if (
        comment is not None
        and not comment.replied
        and not comment.removed
        and now - comment.created_at <= PRIVATE_REPLY
    ):
        return SendMode("private_reply")
    age = None if last_inbound_at is None else now - last_inbound_at
    if age is not None and age <= DAY:
        return SendMode("response")
    if age is not None and age <= WEEK and written_by_person and human_agent_approved:
        return SendMode("human_agent")
    # A template is addressed to a person of Messenger: somebody who only commented is none yet.
    if age is not None and status_notice and utility_approved:
        return SendMode("utility")
    return SendMode("hold", _why(comment, age))


def _why(comment: CommentOrigin | None, age: timedelta | None) -> str:
    if age is not None:
        return WINDOW_OVER
    if comment is None:
        return NEVER_WROTE
    if comment.replied:
        return REPLY_USED
    return GONE if comment.removed else REPLY_LATE


def decide_public(*, sealed: bool, comment: CommentOrigin | None) -> SendMode:
    """Decides for words that everybody shall read below a post: never anything sealed, and
    never below a comment that is not there any more."""
    if sealed:
        return SendMode("never", SEALED_IN_PUBLIC)
    if comment is None or comment.removed:
        return SendMode("never", GONE)
    return SendMode("public_reply")
