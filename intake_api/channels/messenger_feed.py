"""Reads one change of a Page's feed: its posts, the comments below them, and what became of them.

Shapes and verbs as in interfaces 5.6; ``edited``, ``remove``, ``hide`` and ``unhide`` were not
seen in Meta's documentation, so anything else is kept without being acted on.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from intake_api.channels.reading import digest, identity, moment, words
from intake_api.domain.inbound import InboundEvent, Kind, PageChange

MAX_TEXT = 20_000
VERBS = frozenset({"add", "edited", "edit", "remove", "hide", "unhide"})
# What Meta calls a post, by what hangs on it.
POSTS = frozenset({"post", "status", "photo", "video", "share", "link", "note", "event"})


def read_change(page: str, change: dict[str, Any], sent_at: datetime) -> InboundEvent | None:
    """The event of one change, without its raw body; None when it is malformed.

    A comment or post of the Page itself is of kind "page": it is context, nobody's voice. A
    visitor's post on the Page counts as a comment of its own.
    """
    value, field = change.get("value"), identity(change.get("field"))
    if not field or not isinstance(value, dict):
        return None
    verb, item = identity(value.get("verb")), identity(value.get("item"))
    author = value.get("from")
    person = identity(author.get("id")) if isinstance(author, dict) else ""
    created = moment(value.get("created_time"), sent_at, sent_at)
    seen = _seen(value, item, "edited" if verb == "edit" else verb)
    kind: Kind = "other"
    if field == "feed" and seen is not None:
        kind = "page" if person and person == page else "comment"
    # A change says when the comment was written, its entry when it was changed.
    at = created if verb == "add" else sent_at
    return InboundEvent(
        kind, person, _key(field, change, verb, item, sent_at),
        words(value.get("message"), MAX_TEXT), None, (), at, {}, f"{field}.{item}.{verb}"[:60],
        page=seen,
    )  # fmt: skip


def _seen(value: dict[str, Any], item: str, verb: str) -> PageChange | None:
    comment, post = identity(value.get("comment_id")), identity(value.get("post_id"))
    parent = identity(value.get("parent_id"))
    link = words(value.get("permalink_url") or value.get("link"), 1000)
    link = link if link.startswith("https://") else ""
    if verb not in VERBS:
        return None
    if item == "comment" and comment:
        # Below the post itself Meta gives the post as the parent.
        if parent in (post, comment) or _tail(parent) == _tail(post):
            parent = ""
        return PageChange(comment, post or comment.partition("_")[0], parent, verb, link)
    if item in POSTS and post and not comment:
        return PageChange(post, post, "", verb, link, is_post=True)
    return None


def _tail(name: str) -> str:
    return name.rpartition("_")[2]


def _key(field: str, change: dict[str, Any], verb: str, item: str, sent_at: datetime) -> str:
    """The natural key: a comment is added and removed once, but edited, hidden and shown many
    times, and each time counts."""
    value = change["value"]
    name = identity(value.get("comment_id"))
    if not name and item in POSTS:
        name = identity(value.get("post_id"))
    key = digest(change)
    if name and verb:
        short = re.sub(r"\s", "", f"{field}:{name}:{verb}")
        if verb not in ("add", "remove"):
            short = f"{short}:{int(sent_at.timestamp())}:{key[-16:]}"
        key = short if len(short) <= 200 else key
    return key
