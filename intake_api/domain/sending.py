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

# Zalo OA (interfaces 5.7): consultation messages for so long after the person's last interaction,
# and so many of them for each.
ZALO_WINDOW = timedelta(hours=48)
ZALO_REPLIES = 8
ZALO_TEXT = 2000

# Why a message waits, for staff.
NEVER_WROTE = "người gửi chưa nhắn tin cho Trang; gửi khi người đó nhắn"
WINDOW_OVER = "quá thời hạn nền tảng cho phép trả lời; gửi khi người đó nhắn lại"
REPLY_USED = "bình luận đã được trả lời riêng một lần; gửi khi người đó nhắn tin cho Trang"
REPLY_LATE = "quá 7 ngày kể từ bình luận; gửi khi người đó nhắn tin cho Trang"
GONE = "bình luận đã bị gỡ"
ZALO_NEVER_WROTE = "người gửi chưa nhắn tin cho OA; gửi khi người đó nhắn"
ZALO_WINDOW_OVER = "quá 48 giờ từ lần tương tác cuối trên Zalo; gửi khi người đó nhắn lại"
ZALO_USED_UP = "đã đủ 8 tin trả lời trong 48 giờ trên Zalo; gửi khi người đó nhắn lại"
ZALO_LEFT = "người này không còn quan tâm OA; gửi khi người đó nhắn lại"
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
    utility, consult, hold (until the person writes) or never; ``reason`` is for staff."""

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


def decide_zalo(
    *, now: datetime, last_inbound_at: datetime | None, replies_used: int, left_at: datetime | None
) -> SendMode:
    """Decides for one message through Zalo's OA.

    ``replies_used``: messages (parts of long ones count) since ``last_inbound_at``, the person's
    last interaction. ``left_at``: when she stopped following; whoever left is written to only
    after she wrote again.
    """
    if last_inbound_at is None:
        return SendMode("hold", ZALO_NEVER_WROTE)
    if left_at is not None and left_at >= last_inbound_at:
        return SendMode("hold", ZALO_LEFT)
    if now - last_inbound_at > ZALO_WINDOW:
        return SendMode("hold", ZALO_WINDOW_OVER)
    if replies_used >= ZALO_REPLIES:
        return SendMode("hold", ZALO_USED_UP)
    return SendMode("consult")


def zalo_parts(text: str) -> int:
    """How many consultation messages a text takes."""
    return max(1, -(-len(text) // ZALO_TEXT))


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
