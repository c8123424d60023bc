"""Reads the body of a Zalo OA webhook (interfaces 5.7): one event a call.

Pure, and never raises: what cannot be understood is kept as "other".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intake_api.channels.reading import digest, file_address, identity, moment, storable, words
from intake_api.domain.inbound import AttachmentRef, InboundEvent, Kind

MAX_TEXT = 20_000
MAX_ATTACHMENTS = 30
# What a person sends that carries a file.
FILES = frozenset({"image", "gif", "audio", "video", "file", "sticker"})
# What a person does that counts as an interaction, but says nothing.
TOUCHES = frozenset({"user_click_button", "user_click_link"})
SAID = "user_send_"
ECHO = "oa_send_"


def parse(body: Any, *, now: datetime) -> list[InboundEvent]:
    """The event of a parsed webhook body. ``now`` stands in for an impossible time."""
    if not isinstance(body, dict):
        return [_other(body, "", "malformed", now)]
    name = identity(body.get("event_name"))
    at = moment(body.get("timestamp"), now, now)
    if name.startswith(SAID) or name == "user_submit_info":
        return [_said(body, name, at)]
    if name.startswith(ECHO):
        return [_echo(body, name, at)]
    person = _follower(body) if name in ("follow", "unfollow") else _party(body, "sender")
    kind: Kind = "other"
    if name in TOUCHES and person:
        kind = "reaction"
    elif name == "follow" and person:
        kind = "follow"
    elif name == "unfollow" and person:
        kind = "unfollow"
    return [
        InboundEvent(
            kind, person, digest(body), "", None, (), at, _raw(body), (name or "unknown")[:60]
        )
    ]


def _said(body: dict[str, Any], name: str, at: datetime) -> InboundEvent:
    person = _party(body, "sender")
    message = body.get("message")
    inner = message if isinstance(message, dict) else {}
    what = name.removeprefix(SAID)
    text = words(inner.get("text"), MAX_TEXT)
    attachments: tuple[AttachmentRef, ...] = ()
    if name == "user_submit_info":
        text = _contact(body.get("info"))
    elif what in FILES:
        attachments = _attachments(inner.get("attachments"), what)
    elif what != "text":
        # A link, a place or a card is said in words: nothing is fetched that a stranger names.
        text = "\n".join(part for part in (text, *_shared(inner.get("attachments"))) if part)
    key = identity(inner.get("msg_id")) or identity(inner.get("mid")) or digest(body)
    if not person or not (text.strip() or attachments):
        return _other(body, person, name if person else "no_sender", at)
    kind: Kind = "text" if text.strip() else "attachment"
    return InboundEvent(kind, person, key, text, None, attachments, at, _raw(body))


def _echo(body: dict[str, Any], name: str, at: datetime) -> InboundEvent:
    """The OA said something: we did, or somebody in Zalo's own manager (whoever stores it can
    tell)."""
    person = _party(body, "recipient")
    message = body.get("message")
    inner = message if isinstance(message, dict) else {}
    text = words(inner.get("text"), MAX_TEXT)
    key = identity(inner.get("msg_id")) or digest(body)
    what = name.removeprefix(ECHO)
    attachments = _attachments(inner.get("attachments"), what) if what in FILES else ()
    if not person or not (text.strip() or attachments):
        return _other(body, person, name, at)
    return InboundEvent("staff_echo", person, f"oa:{key}", text, None, attachments, at, _raw(body))


def _other(body: Any, person: str, detail: str, at: datetime) -> InboundEvent:
    return InboundEvent("other", person, digest(body), "", None, (), at, _raw(body), detail[:60])


def _party(body: dict[str, Any], role: str) -> str:
    party = body.get(role)
    return identity(party.get("id")) if isinstance(party, dict) else ""


def _follower(body: dict[str, Any]) -> str:
    return _party(body, "follower") or _party(body, "sender")


def _contact(info: Any) -> str:
    """What somebody filled into Zalo's own contact form, as one line of words."""
    given = info if isinstance(info, dict) else {}
    parts = [words(given.get(name), 300) for name in ("name", "phone", "address")]
    return ", ".join(part.strip() for part in parts if part.strip())


def _attachments(value: Any, what: str) -> tuple[AttachmentRef, ...]:
    found = []
    for one in value[:MAX_ATTACHMENTS] if isinstance(value, list) else ():
        payload = one.get("payload") if isinstance(one, dict) else None
        if not isinstance(payload, dict):
            continue
        url = file_address(payload.get("url"))
        found.append(AttachmentRef(what, url, words(payload.get("name"), 200)))
    return tuple(found)


def _shared(value: Any) -> list[str]:
    lines = []
    for one in value[:MAX_ATTACHMENTS] if isinstance(value, list) else ():
        payload = one.get("payload") if isinstance(one, dict) else None
        if not isinstance(payload, dict):
            continue
        place = payload.get("coordinates")
        if isinstance(place, dict):
            where = [str(place.get(name, ""))[:20] for name in ("latitude", "longitude")]
            lines.append(f"Vị trí: {', '.join(where)}")
            continue
        named = [words(payload.get(name), 500) for name in ("title", "description", "url")]
        lines.append(" – ".join(part for part in named if part))
    return lines


def _raw(body: Any) -> dict[str, Any]:
    return {"event": storable(body)}
