"""Webhook bodies as Meta builds, writes and signs them: for the simulated server and tests."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

JsonObject = dict[str, Any]


def encode(body: Any) -> bytes:
    """JSON as Meta writes it: no spaces, "\\u" for what is not ASCII, slashes escaped."""
    text = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def signature(raw: bytes, app_secret: str) -> str:
    """Value of the ``X-Hub-Signature-256`` header for these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()


def body(page: str, events: Sequence[JsonObject], *, at: int, where: str = "messaging") -> Any:
    """One call with one entry. ``at`` counts milliseconds; ``where`` names the entry's list."""
    return {"object": "page", "entry": [entry(page, events, at=at, where=where)]}


def entry(
    page: str, events: Sequence[JsonObject], *, at: int, where: str = "messaging"
) -> JsonObject:
    """One entry; Meta puts several into a call when it bundles."""
    # The feed counts in seconds, messages in milliseconds.
    time = at // 1000 if where == "changes" else at
    return {"id": page, "time": time, where: list(events)}


def _event(sender: str, recipient: str, at: int, **what: Any) -> JsonObject:
    return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": at, **what}


def text(
    page: str, psid: str, words: str, *, mid: str, at: int, quick_reply: str | None = None
) -> JsonObject:
    """A person writes, or taps a quick reply (``quick_reply``: its payload)."""
    message: JsonObject = {"mid": mid, "text": words}
    if quick_reply is not None:
        message["quick_reply"] = {"payload": quick_reply}
    return _event(psid, page, at, message=message)


def edit(page: str, psid: str, words: str, *, mid: str, number: int, at: int) -> JsonObject:
    """A person changes the words of the message ``mid`` for the ``number``-th time."""
    return _event(psid, page, at, message_edit={"mid": mid, "text": words, "num_edit": number})


def attachment(page: str, psid: str, *, kind: str, url: str, mid: str, at: int) -> JsonObject:
    """A person sends a file: ``kind`` image, video, audio, file …"""
    attachments = [{"type": kind, "payload": {"url": url}}]
    return _event(psid, page, at, message={"mid": mid, "attachments": attachments})


def postback(
    page: str, psid: str, *, title: str, payload: str, mid: str | None, at: int
) -> JsonObject:
    """A person taps a button of the menu; older Pages send no ``mid`` along."""
    tapped = {"title": title, "payload": payload}
    return _event(psid, page, at, postback=tapped if mid is None else {"mid": mid, **tapped})


def reaction(page: str, psid: str, *, mid: str, at: int, action: str = "react") -> JsonObject:
    """A person puts a heart on the message ``mid``."""
    heart = {"reaction": "love", "emoji": "❤", "action": action, "mid": mid}
    return _event(psid, page, at, reaction=heart)


def read(page: str, psid: str, *, at: int) -> JsonObject:
    """The person has seen everything up to now."""
    return _event(psid, page, at, read={"watermark": at})


def delivery(page: str, psid: str, *, mids: Sequence[str], at: int) -> JsonObject:
    """Messages reached the person's device."""
    return _event(psid, page, at, delivery={"mids": list(mids), "watermark": at})


def echo(
    page: str,
    psid: str,
    words: str,
    *,
    mid: str,
    at: int,
    app_id: int | None,
    metadata: str | None = None,
) -> JsonObject:
    """A message of the Page comes back: ours, or one written in the Page's inbox."""
    message: JsonObject = {"is_echo": True, "mid": mid, "text": words}
    if app_id is not None:
        message["app_id"] = app_id
    if metadata is not None:
        message["metadata"] = metadata
    return _event(page, psid, at, message=message)


def comment(
    page: str,
    author: str,
    words: str,
    *,
    comment_id: str,
    at: int,
    verb: str = "add",
    name: str = "Nguyễn A",
) -> JsonObject:
    """A change of the feed: somebody comments below a post (``comment_id``: <post>_<n>)."""
    post = f"{page}_{comment_id.partition('_')[0]}"
    return feed(
        page, author, words, item="comment", verb=verb, comment_id=comment_id, post_id=post,
        parent_id=post, at=at, name=name,
    )  # fmt: skip


def feed(
    page: str,
    author: str,
    words: str,
    *,
    item: str,
    verb: str,
    at: int,
    post_id: str,
    comment_id: str = "",
    parent_id: str = "",
    name: str = "Nguyễn A",
) -> JsonObject:
    """A change of the feed: a post (``item`` status, post, photo …) or a comment. ``at``: when it
    was written, in milliseconds. An empty ``author`` leaves "from" out, as Meta does for Pages
    without the permission to see who wrote."""
    value: JsonObject = {"item": item, "verb": verb, "post_id": post_id, "created_time": at // 1000}
    if author:
        value["from"] = {"id": author, "name": "Sở" if author == page else name}
    if comment_id:
        value |= {"comment_id": comment_id, "parent_id": parent_id or post_id}
    if words:
        value["message"] = words
    value["permalink_url"] = f"https://www.facebook.com/{comment_id or post_id}"
    return {"field": "feed", "value": value}


def thread(page: str, psid: str, verb: str, told: JsonObject, *, at: int) -> JsonObject:
    """Another application took the conversation, or gives it to us."""
    return _event(psid, page, at, **{verb: told})
