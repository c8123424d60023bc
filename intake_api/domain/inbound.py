"""What came in from a channel, in the channel's own words, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

# What a person said: text, quick_reply, postback, attachment. edit: they changed the words of a
# message (``of``). staff_echo: somebody of the Page
# answered in the platform's own inbox. comment: below a post of the Page (``page`` says more).
# page: a post or comment of the Page itself. thread: who holds the conversation now
# (``detail`` "ours" or "theirs"). follow, unfollow: somebody follows the OA, or no longer. The
# own_echo: the platform has what we sent ourselves (``payload``: our mark). The rest is kept only.
Kind = Literal[
    "text", "quick_reply", "postback", "attachment", "edit", "staff_echo", "comment", "page",
    "reaction", "thread", "follow", "unfollow", "own_echo", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """A file that still lies with the platform. ``url`` is empty when there is none to fetch."""

    kind: str
    url: str
    name: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """What happened to a post or a comment.

    ``comment_id`` is the post's own id for a post (``is_post``). ``parent_id``: the comment that
    is answered, "" directly below the post. ``verb``: add, edited, remove, hide or unhide.
    """

    comment_id: str
    post_id: str
    parent_id: str
    verb: str
    permalink: str = ""
    is_post: bool = False


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """One event of a channel.

    ``external_id``: the channel's id of the person, always a string ("" when nobody is named).
    ``natural_key``: the same for every repeat of the same event, at most 200 characters, without
    the channel. ``raw`` can be stored as JSON on every database. ``detail`` says in a few
    characters what an event of kind "other" is ("read"); never any content. ``standby``: another
    application holds the conversation, so nobody here may answer it now. ``of``: the channel's id
    of the message whose new words ``text`` are.
    """

    kind: Kind
    external_id: str
    natural_key: str
    text: str
    payload: str | None
    attachments: tuple[AttachmentRef, ...]
    at: datetime
    raw: dict[str, Any]
    detail: str = ""
    page: PageChange | None = None
    standby: bool = False
    of: str = ""
