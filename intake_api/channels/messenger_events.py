"""Reads the body of a Messenger webhook: every event of every entry, as far as it goes.

Pure, and never raises: what cannot be understood is kept as "other", so that one malformed
piece neither stops the good ones nor is lost.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from intake_api.domain.inbound import AttachmentRef, InboundEvent, Kind

MAX_EVENTS = 1000  # Meta bundles up to this many
MAX_TEXT = 20_000
MAX_PAYLOAD = 1000
MAX_ATTACHMENTS = 30
MAX_URL = 4000
MAX_ID = 150
MAX_DEPTH = 30
# Marks our own messages: Meta gives it back in the echo.
OURS = "langnghe:"

LISTS = ("messaging", "standby", "changes")
# The first of these names in an event says what it is.
NAMES = (
    "message", "postback", "reaction", "read", "delivery", "message_edit", "optin", "referral",
    "account_linking", "pass_thread_control", "take_thread_control", "request_thread_control",
    "app_roles", "policy_enforcement",
)  # fmt: skip
# Characters that a database refuses: NUL, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]")
EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)


class _Piece(NamedTuple):
    """One event where it was found. ``where``: messaging, standby, changes or "" (unknown)."""

    where: str
    page: str
    event: Any
    sent_at: datetime


def parse(body: Any, *, now: datetime, app_id: str = "") -> list[InboundEvent]:
    """Events of a parsed webhook body, oldest first.

    ``now`` stands in for a missing or impossible time. Echoes of our own messages (by
    ``app_id``, or by the mark we send along) are left out; those of any other app mean that
    somebody answered in the Page's inbox and are returned as "staff_echo".
    """
    events: list[InboundEvent] = []
    pieces = _pieces(body, now)
    for piece in pieces:
        if len(events) == MAX_EVENTS:
            rest = [piece.event, *(one.event for one in pieces)]
            events.append(_other(_Piece("", piece.page, rest, now), "too_many"))
            break
        event = _read(piece, app_id)
        if event is not None:
            events.append(event)
    return sorted(events, key=lambda event: event.at)


def unreadable(raw: bytes, *, now: datetime) -> InboundEvent:
    """A body that Meta signed but that is not JSON, kept as it came under its own hash."""
    text = UNSTORABLE.sub("\ufffd", raw.decode("utf-8", "replace"))
    key = f"raw:{hashlib.sha256(raw).hexdigest()}"
    return InboundEvent("other", "", key, "", None, (), now, {"unreadable": text}, "unreadable")


def _pieces(body: Any, now: datetime) -> Iterator[_Piece]:
    if not isinstance(body, dict) or body.get("object") != "page":
        yield _Piece("", "", body, now)
        return
    entries = body.get("entry")
    if not isinstance(entries, list):
        yield _Piece("", "", body, now)
        return
    for entry in entries:
        lists = [name for name in LISTS if isinstance(entry, dict) and name in entry]
        page = _id(entry.get("id")) if isinstance(entry, dict) else ""
        sent_at = _moment(entry.get("time"), now, now) if isinstance(entry, dict) else now
        if not lists:
            yield _Piece("", page, entry, sent_at)
        for name in lists:
            events = entry[name]
            if not isinstance(events, list):
                yield _Piece("", page, {name: events}, sent_at)
                continue
            for event in events:
                yield _Piece(name, page, event, sent_at)


def _read(piece: _Piece, app_id: str) -> InboundEvent | None:
    event = piece.event
    if not isinstance(event, dict) or not piece.where:
        return _other(piece, "malformed" if piece.where else "unknown")
    if piece.where == "changes":
        return _change(piece, event)
    name = next((name for name in NAMES if name in event), "unknown")
    inner = event.get(name)
    if not isinstance(inner, dict):
        return _other(piece, _detail(piece, name))
    if name == "message":
        if inner.get("is_echo") is True:
            return None if _is_ours(inner, app_id) else _echo(piece, inner)
        return _message(piece, inner)
    if name == "postback":
        return _postback(piece, inner)
    if name == "reaction" and piece.where == "messaging" and _who(piece, "sender"):
        return _other(piece, "reaction", kind="reaction")
    return _other(piece, _detail(piece, name))


def _message(piece: _Piece, message: dict[str, Any]) -> InboundEvent:
    text = _text(message.get("text"), MAX_TEXT)
    attachments = _attachments(message.get("attachments"))
    quick = message.get("quick_reply")
    payload = _text(quick.get("payload"), MAX_PAYLOAD) if isinstance(quick, dict) else ""
    if payload:
        kind: Kind = "quick_reply"
    elif text.strip():
        kind = "text"
    elif attachments:
        kind = "attachment"
    else:
        return _other(piece, _detail(piece, "message"))
    return _said(piece, kind, message.get("mid"), text, payload, attachments)


def _postback(piece: _Piece, postback: dict[str, Any]) -> InboundEvent:
    payload = _text(postback.get("payload"), MAX_PAYLOAD)
    title = _text(postback.get("title"), MAX_TEXT)
    if not payload and not title.strip():
        return _other(piece, _detail(piece, "postback"))
    return _said(piece, "postback", postback.get("mid"), title, payload, ())


def _said(
    piece: _Piece,
    kind: Kind,
    mid: Any,
    text: str,
    payload: str,
    attachments: tuple[AttachmentRef, ...],
) -> InboundEvent:
    """What a person said to the Page. While another app holds the conversation (standby) the
    words are kept but nobody here may answer them."""
    person = _who(piece, "sender")
    key = _id(mid) or _digest(piece.event)
    detail = ""
    if piece.where == "standby":
        kind, detail, key = "other", f"standby.{kind}", f"standby:{key}"
    elif not person:
        kind, detail, key = "other", "no_sender", _digest(piece.event)
    return InboundEvent(
        kind, person, key, text, payload or None, attachments, _at(piece), _raw(piece), detail
    )


def _is_ours(message: dict[str, Any], app_id: str) -> bool:
    mark = message.get("metadata")
    if isinstance(mark, str) and mark.startswith(OURS):
        return True
    return bool(app_id) and _id(message.get("app_id")) == app_id


def _echo(piece: _Piece, message: dict[str, Any]) -> InboundEvent:
    person = _who(piece, "recipient")
    if not person:
        return _other(piece, "echo")
    text = _text(message.get("text"), MAX_TEXT)
    key = _id(message.get("mid")) or _digest(piece.event)
    attachments = _attachments(message.get("attachments"))
    return InboundEvent("staff_echo", person, key, text, None, attachments, _at(piece), _raw(piece))


def _change(piece: _Piece, change: dict[str, Any]) -> InboundEvent:
    """A change of the Page: comments by their own key; posts, likes and mentions only kept."""
    value = change.get("value")
    field = _id(change.get("field"))
    if not field or not isinstance(value, dict):
        return _other(piece, "malformed")
    verb, item = _id(value.get("verb")), _id(value.get("item"))
    comment = _id(value.get("comment_id"))
    author = value.get("from")
    person = _id(author.get("id")) if isinstance(author, dict) else ""
    at = _moment(value.get("created_time"), piece.sent_at, piece.sent_at)
    key = _digest(change)
    if comment and verb and item in ("comment", ""):
        key = f"{field}:{comment}:{verb}"
        if verb not in ("add", "remove"):
            # A comment may be edited, hidden and shown many times; each time counts.
            key = f"{key}:{_digest(change)[-16:]}"
        if len(key) > 200:
            key = _digest(change)
    text = _text(value.get("message"), MAX_TEXT)
    kind: Kind = "comment"
    detail = f"{field}.{item}.{verb}"[:60]
    if field != "feed" or item != "comment" or not comment or (person and person == piece.page):
        kind = "other"
    return InboundEvent(kind, person, key, text, None, (), at, _raw(piece), detail)


def _other(piece: _Piece, detail: str, kind: Kind = "other") -> InboundEvent:
    person = _who(piece, "sender")
    return InboundEvent(
        kind, person, _digest(piece.event), "", None, (), _at(piece), _raw(piece), detail
    )


def _detail(piece: _Piece, name: str) -> str:
    return f"standby.{name}" if piece.where == "standby" else name


def _who(piece: _Piece, role: str) -> str:
    party = piece.event.get(role) if isinstance(piece.event, dict) else None
    return _id(party.get("id")) if isinstance(party, dict) else ""


def _at(piece: _Piece) -> datetime:
    given = piece.event.get("timestamp") if isinstance(piece.event, dict) else None
    return _moment(given, piece.sent_at, piece.sent_at)


def _moment(value: Any, otherwise: datetime, latest: datetime) -> datetime:
    """Seconds or milliseconds since 1970 (the feed counts seconds, messages milliseconds)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**14:
        return otherwise
    moment = datetime.fromtimestamp(value / 1000 if value >= 10**11 else value, UTC)
    return moment if EARLIEST <= moment <= latest + timedelta(days=1) else otherwise


def _id(value: Any) -> str:
    """An id as a string (they exceed what a float holds); "" when it cannot be one."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**40:
        return str(value)
    if isinstance(value, str) and len(value) <= MAX_ID and not CONTROL.search(value):
        return value
    return ""


def _text(value: Any, limit: int) -> str:
    return UNSTORABLE.sub("\ufffd", value[:limit]) if isinstance(value, str) else ""


def _attachments(value: Any) -> tuple[AttachmentRef, ...]:
    found = []
    for one in value[:MAX_ATTACHMENTS] if isinstance(value, list) else ():
        if not isinstance(one, dict):
            continue
        inner = one.get("payload")
        payload = inner if isinstance(inner, dict) else {}
        url = _text(payload.get("url") or one.get("url"), MAX_URL + 1)
        if not url.startswith(("https://", "http://")) or len(url) > MAX_URL or CONTROL.search(url):
            url = ""
        # The thumb below the writing line comes as an image; it is no evidence.
        kind = "sticker" if payload.get("sticker_id") else _id(one.get("type"))[:30]
        name = _text(payload.get("title") or one.get("title"), 200)
        found.append(AttachmentRef(kind or "unknown", url, name))
    return tuple(found)


def _digest(value: Any) -> str:
    """The natural key of an event that has none: its own hash, however its keys are ordered."""
    storable = json.dumps(_storable(value), sort_keys=True, allow_nan=False)
    return f"sha256:{hashlib.sha256(storable.encode()).hexdigest()}"


def _raw(piece: _Piece) -> dict[str, Any]:
    return {"list": piece.where, "page": piece.page, "event": _storable(piece.event)}


def _storable(value: Any, depth: int = 0) -> Any:
    """The same value as every database takes it as JSON."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int) and value.bit_length() > 4000:
        return hex(value)  # Python refuses to write very long numbers in decimal
    if depth >= MAX_DEPTH and isinstance(value, dict | list):
        return _flat(value)
    if isinstance(value, dict):
        return {
            UNSTORABLE.sub("\ufffd", str(key)): _storable(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_storable(inner, depth + 1) for inner in value]
    return value


def _flat(value: Any) -> str:
    try:
        return json.dumps(value)
    except (RecursionError, ValueError):
        return "…"
