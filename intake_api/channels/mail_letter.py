"""Reads one e-mail as it came over the wire. Pure: bytes in, a letter out; never raises on what
somebody else's program wrote wrong."""

from __future__ import annotations

import re
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from inscriptis import get_text
from inscriptis.model.config import ParserConfig

from intake_api.domain.letters import File, Letter

MAX_TEXT = 100_000
MAX_FILES = 20
_ID = re.compile(r"<[^<>\s]{1,240}>")
_ADDRESS = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,180}")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce[sd]?|khongtraloi)\b",
    re.IGNORECASE,
)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read(raw: bytes, *, own: str = "", whole: bool = True) -> Letter:
    """Reads a letter, however broken. ``own``: our address (what comes from it is a loop);
    ``whole`` False: only the head was fetched, the rest is too big."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what policy.default makes
    text, files = _parts(message)
    failed = _given_back(message)
    return Letter(
        message_id=_first_id(_header(message, "Message-ID")),
        references=_references(message),
        sender=_sender(message),
        subject=_clean(_header(message, "Subject"))[:500],
        text=_clean(text)[:MAX_TEXT],
        sent_at=_date(message),
        files=files,
        automatic="returned" if failed else _automatic(message, own.lower()),
        failed=failed,
        whole=whole,
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "") or "")
    except Exception:
        # The parser of structured headers raises what it likes on a header it cannot read.
        return next((str(v) for k, v in message.raw_items() if k.lower() == name.lower()), "")


def _clean(text: str) -> str:
    return UNSTORABLE.sub("", text)


def _first_id(value: str) -> str:
    found = _ID.search(value)
    return found[0] if found else ""


def _references(message: EmailMessage) -> tuple[str, ...]:
    answered = _ID.findall(_header(message, "In-Reply-To"))
    before = _ID.findall(_header(message, "References"))[-30:]
    return tuple(dict.fromkeys([*answered, *reversed(before)]))


def _sender(message: EmailMessage) -> str:
    for _name, address in getaddresses([_header(message, "From")]):
        if _ADDRESS.fullmatch(address):
            return address.lower()
    return ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else None


def _automatic(message: EmailMessage, own: str) -> str:
    """Why nobody sits behind this letter (RFC 3834, and what older programs do instead)."""
    said = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if said and said != "no":
        return said[:30]
    if _header(message, "Return-Path").strip() == "<>":
        return "null sender"
    if _header(message, "Precedence").strip().lower() in _BULK:
        return "bulk"
    if message.get("List-Id") or message.get("List-Unsubscribe"):
        return "list"
    if message.get("X-Autoreply") or message.get("X-Autorespond"):
        return "auto reply"
    sender = _sender(message)
    if own and own in (sender, _header(message, "X-Loop").strip().lower()):
        return "loop"
    return "robot" if _ROBOT.match(sender) else ""


def _given_back(message: EmailMessage) -> tuple[str, ...]:
    """Message-IDs of letters that a server reports as undelivered (RFC 3464)."""
    if message.get_content_type() != "multipart/report":
        return ()
    final = any(
        part.get_content_type() == "message/delivery-status"
        and "action: failed" in part.as_string().lower()
        for part in message.walk()
    )
    if not final:
        return ()
    found: list[str] = []
    for part in message.walk():
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822"):
            found.extend(
                _ID.findall(
                    "\n".join(
                        line
                        for line in part.as_string().splitlines()
                        if line.lower().startswith("message-id:")
                    )
                )
            )
    return tuple(dict.fromkeys(found))


def _parts(message: EmailMessage) -> tuple[str, tuple[File, ...]]:
    plain: list[str] = []
    html: list[str] = []
    files: list[File] = []
    for part in message.walk():
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        kind, name = part.get_content_type(), _filename(part)
        attached = part.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/plain" and not attached:
            plain.append(_text(part))
        elif kind == "text/html" and not attached:
            html.append(_from_html(_text(part)))
        elif len(files) < MAX_FILES and part.get_content_maintype() != "message":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and data:
                files.append(File(name or f"tep.{part.get_content_subtype()[:10]}", data))
    return "\n".join(plain or html), tuple(files)


def _filename(part: EmailMessage) -> str:
    try:
        return _clean(part.get_filename() or "")
    except Exception:
        return ""


def _text(part: EmailMessage) -> str:
    data: Any = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return str(data or "")
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "windows-1258"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("utf-8", "replace")


def _from_html(html: str) -> str:
    try:
        return str(get_text(html, ParserConfig(display_links=False)))
    except Exception:
        return re.sub(r"<[^>]*>", " ", html)
