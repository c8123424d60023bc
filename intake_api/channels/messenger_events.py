"""Reads the body of a Messenger webhook: every event of every entry, as far as it goes.

Pure, and never raises: what cannot be understood is kept as "other", so that one malformed
piece neither stops the good ones nor is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from intake_api.channels.messenger_feed import read_change
from intake_api.channels.reading import digest, file_address, identity, moment, storable, words
from intake_api.domain.inbound import AttachmentRef, InboundEvent, Kind

MAX_EVENTS = 1000  # Meta bundles up to this many
MAX_TEXT = 20_000
MAX_PAYLOAD = 1000
MAX_ATTACHMENTS = 30
# Marks our own messages: Meta gives it back in the echo.
OURS = "langnghe:"

THREAD = frozenset({"pass_thread_control", "take_thread_control"})
LISTS = ("messaging", "standby", "changes")
# The first of these names in an event says what it is.
NAMES = (
    "message", "postback", "reaction", "read", "delivery", "message_edit", "optin", "referral",
    "account_linking", "pass_thread_control", "take_thread_control", "request_thread_control",
    "app_roles", "policy_enforcement",
)  # fmt: skip


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
        page = identity(entry.get("id")) if isinstance(entry, dict) else ""
        sent_at = moment(entry.get("time"), now, now) if isinstance(entry, dict) else now
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
            return _own_echo(piece, inner) if _is_ours(inner, app_id) else _echo(piece, inner)
        return _message(piece, inner)
    if name == "postback":
        return _postback(piece, inner)
    if name == "message_edit":
        return _edit(piece, inner)
    if name in THREAD and _who(piece, "sender"):
        return _thread(piece, name, inner, app_id)
    if name == "reaction" and piece.where == "messaging" and _who(piece, "sender"):
        return _other(piece, "reaction", kind="reaction")
    return _other(piece, _detail(piece, name))


def _message(piece: _Piece, message: dict[str, Any]) -> InboundEvent:
    text = words(message.get("text"), MAX_TEXT)
    attachments = _attachments(message.get("attachments"))
    quick = message.get("quick_reply")
    payload = words(quick.get("payload"), MAX_PAYLOAD) if isinstance(quick, dict) else ""
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
    payload = words(postback.get("payload"), MAX_PAYLOAD)
    title = words(postback.get("title"), MAX_TEXT)
    if not payload and not title.strip():
        return _other(piece, _detail(piece, "postback"))
    return _said(piece, "postback", postback.get("mid"), title, payload, ())


def _edit(piece: _Piece, edit: dict[str, Any]) -> InboundEvent:
    """A person changes what they sent. Each change has a number of its own."""
    person, mid = _who(piece, "sender"), identity(edit.get("mid"))
    text, number = words(edit.get("text"), MAX_TEXT), identity(edit.get("num_edit"))
    told = text.strip() and mid and number.isascii() and number.isdigit()
    if not told or not person or person == piece.page:
        return _other(piece, _detail(piece, "message_edit"))
    return InboundEvent(
        "edit", person, f"edit:{mid}:{number}", text, None, (), _at(piece), _raw(piece),
        standby=piece.where == "standby", of=mid,
    )  # fmt: skip


def _said(
    piece: _Piece,
    kind: Kind,
    mid: Any,
    text: str,
    payload: str,
    attachments: tuple[AttachmentRef, ...],
) -> InboundEvent:
    """What a person said to the Page. While another app holds the conversation (standby) the
    words are kept and shown, but nobody here may answer them."""
    person = _who(piece, "sender")
    key = identity(mid) or digest(piece.event)
    detail, standby = "", piece.where == "standby"
    if standby:
        # The same message given to us later must not pass for a repeat.
        key = f"standby:{key}"
    if not person:
        kind, detail, key = "other", "no_sender", digest(piece.event)
    return InboundEvent(
        kind, person, key, text, payload or None, attachments, _at(piece), _raw(piece), detail,
        standby=standby,
    )  # fmt: skip


def _is_ours(message: dict[str, Any], app_id: str) -> bool:
    mark = message.get("metadata")
    if isinstance(mark, str) and mark.startswith(OURS):
        return True
    return bool(app_id) and identity(message.get("app_id")) == app_id


def _own_echo(piece: _Piece, message: dict[str, Any]) -> InboundEvent | None:
    """Our own message comes back: the proof that the platform took it, when it carries our mark.
    The words are not kept a second time."""
    mark, mid = message.get("metadata"), identity(message.get("mid"))
    person = _who(piece, "recipient")
    if not isinstance(mark, str) or not mark.startswith(OURS) or not mid or not person:
        return None
    key = mark.removeprefix(OURS)[:100]
    return InboundEvent("own_echo", person, f"own:{mid}", "", key, (), _at(piece), {"mid": mid})


def _echo(piece: _Piece, message: dict[str, Any]) -> InboundEvent:
    person = _who(piece, "recipient")
    if not person:
        return _other(piece, "echo")
    text = words(message.get("text"), MAX_TEXT)
    key = identity(message.get("mid")) or digest(piece.event)
    attachments = _attachments(message.get("attachments"))
    return InboundEvent("staff_echo", person, key, text, None, attachments, _at(piece), _raw(piece))


def _thread(piece: _Piece, name: str, inner: dict[str, Any], app_id: str) -> InboundEvent:
    """Another application gave us the conversation, or took it away."""
    owner = identity(inner.get("new_owner_app_id"))
    ours = name == "pass_thread_control" and bool(app_id) and owner == app_id
    return _other(piece, "ours" if ours else "theirs", kind="thread")


def _change(piece: _Piece, change: dict[str, Any]) -> InboundEvent:
    """A change of the Page: its posts and the comments below them; the rest is only kept."""
    found = read_change(piece.page, change, piece.sent_at)
    if found is None:
        return _other(piece, "malformed")
    return replace(found, raw=_raw(piece))


def _other(piece: _Piece, detail: str, kind: Kind = "other") -> InboundEvent:
    person = _who(piece, "sender")
    return InboundEvent(
        kind, person, digest(piece.event), "", None, (), _at(piece), _raw(piece), detail
    )


def _detail(piece: _Piece, name: str) -> str:
    return f"standby.{name}" if piece.where == "standby" else name


def _who(piece: _Piece, role: str) -> str:
    party = piece.event.get(role) if isinstance(piece.event, dict) else None
    return identity(party.get("id")) if isinstance(party, dict) else ""


def _at(piece: _Piece) -> datetime:
    given = piece.event.get("timestamp") if isinstance(piece.event, dict) else None
    return moment(given, piece.sent_at, piece.sent_at)


def _attachments(value: Any) -> tuple[AttachmentRef, ...]:
    found = []
    for one in value[:MAX_ATTACHMENTS] if isinstance(value, list) else ():
        if not isinstance(one, dict):
            continue
        inner = one.get("payload")
        payload = inner if isinstance(inner, dict) else {}
        url = file_address(payload.get("url") or one.get("url"))
        # The thumb below the writing line comes as an image; it is no evidence.
        kind = "sticker" if payload.get("sticker_id") else identity(one.get("type"))[:30]
        name = words(payload.get("title") or one.get("title"), 200)
        found.append(AttachmentRef(kind or "unknown", url, name))
    return tuple(found)


def _raw(piece: _Piece) -> dict[str, Any]:
    return {"list": piece.where, "page": piece.page, "event": storable(piece.event)}
