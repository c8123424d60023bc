"""What of a letter is new: the writer's own words, the signature, and what is quoted below.

Nothing is thrown away by this: the whole text stays with the message. Only what is understood and
put on record leaves out words that somebody else wrote, or that stand below every letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

MAX_SIGNATURE_LINES = 10

# "Vào 09:00 Th 2, 23 thg 11, 2026 Sở GDĐT <a@b.vn> đã viết:" and its English sister; mail programs
# break the line anywhere.
_WROTE = re.compile(
    r"^[ \t]*(?:Vào|Ngày|Lúc|On|Am|Le)\b[^\n]{0,200}(?:\n[^\n]{0,200}){0,2}?"
    r"(?:đã viết|viết|wrote|schrieb|a écrit)[ \t]*:[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_RULE = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:Original Message|Thư gốc|Tin nhắn gốc|Tin nhắn ban đầu)[ \t]*-{2,}"
    r"|_{20,})[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
# The head of the letter before, as Outlook writes it: two of these names within four lines.
_HEAD = re.compile(
    r"^[ \t*]*(?:Từ|From)[ \t]*:[^\n]*\n(?:[^\n]*\n){0,2}?[ \t*]*"
    r"(?:Đã gửi|Ngày gửi|Gửi|Ngày|Đến|Tới|Chủ đề|Sent|Date|To|Subject)[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*(?:\n|\Z)", re.MULTILINE)
_FORWARD = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:Forwarded message|Thư chuyển tiếp|Tin nhắn được chuyển tiếp|"
    r"Thư đã chuyển tiếp)[ \t]*-{2,}[ \t]*$|^[ \t]*Begin forwarded message:[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^-- ?$|^[ \t]*(?:Trân trọng|Kính thư|Kính chào|Thân ái|Thân mến|Xin trân trọng cảm ơn|"
    r"Trân trọng cảm ơn|Trân trọng kính chào|Best regards|Regards|Sincerely)[ \t]*[.,!]*[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^[ \t]*(?:(?:Đã )?Gửi từ|Được gửi từ|Sent from|Lấy Outlook|Get Outlook|Tải Outlook|"
    r"Yahoo Mail:)\b.{0,80}$",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class File:
    """Something attached; ``data`` exactly as it was sent."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. ``message_id`` with its angle brackets. ``automatic`` says in a word why no
    person wrote it ("" for a person's letter); ``failed``: our letters that a server gave back.
    """

    message_id: str
    references: tuple[str, ...]  # the letters that it answers, newest first
    sender: str  # the address, lower case; "" when there is none
    subject: str
    text: str
    sent_at: datetime | None
    files: tuple[File, ...] = ()
    automatic: str = ""
    failed: tuple[str, ...] = ()
    whole: bool = True  # False: too big, only its head was fetched


@dataclass(frozen=True, slots=True)
class Parts:
    """``fresh``: the writer's new words; ``signature`` and ``quoted`` as they stood. Each "" when
    there is none."""

    fresh: str
    signature: str = ""
    quoted: str = ""


def split(text: str) -> Parts:
    """Takes a letter's plain text apart. A letter that only passes another one on is all fresh:
    what it passes on is the matter."""
    text = text.replace("\r\n", "\n").replace("\xa0", " ")
    forwarded = _FORWARD.search(text)
    cut = min(
        (found.start() for found in _beginnings(text) if not _inside(found, forwarded)),
        default=len(text),
    )
    own, quoted = text[:cut], text[cut:]
    if forwarded is None:
        # An answer between the quoted lines: they go, the words between them stay.
        loose = [line for line in own.splitlines(keepends=True) if _QUOTED_LINE.match(line)]
        if loose:
            own, quoted = _QUOTED_LINE.sub("", own), "".join(loose) + quoted
    fresh, signature = _without_signature(own) if forwarded is None else (own, "")
    return Parts(_tidy(fresh), signature.strip(), quoted.strip())


def _beginnings(text: str) -> list[re.Match[str]]:
    found = [pattern.search(text) for pattern in (_WROTE, _RULE, _HEAD)]
    return [one for one in found if one is not None]


def _inside(found: re.Match[str], forwarded: re.Match[str] | None) -> bool:
    """The head below "Forwarded message" belongs to what is passed on."""
    return forwarded is not None and found.start() >= forwarded.start()


def _without_signature(text: str) -> tuple[str, str]:
    """Cuts at the last closing formula, when only a few short lines follow it and something stands
    before it; and what a telephone adds."""
    text, device = _DEVICE.sub("", text), "\n".join(one[0] for one in _DEVICE.finditer(text))
    for found in reversed(list(_SIGNATURE.finditer(text))):
        rest = text[found.end() :].strip("\n")
        lines = [line for line in rest.splitlines() if line.strip()]
        short = len(lines) <= MAX_SIGNATURE_LINES and all(len(line) <= 120 for line in lines)
        if short and text[: found.start()].strip():
            return text[: found.start()], f"{text[found.start() :].strip()}\n{device}"
        break
    return text, device


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


_REPLY_MARKS = re.compile(
    r"^(?:\s*(?:re|fw|fwd|tl|trả lời|chuyển tiếp|aw|wg)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE
)


def bare_subject(subject: str) -> str:
    """The subject without "Re:", "Trả lời:" and the like, on one line."""
    return _REPLY_MARKS.sub("", " ".join(subject.split()))[:200]
