"""Reads a Page's history as JSON: the Graph API's posts with comments, or a downloaded inbox.

Two shapes are understood: ``{"data": [{"id", "message", "created_time", "comments": {"data":
[…]}}]}`` as the Graph API gives it (posts, comments and answers below them), and
``{"participants": […], "messages": [{"sender_name", "timestamp_ms", "content"}]}`` as Meta's
"Download your information" writes each conversation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from intake_api.domain.history import BadItem, OldItem, UnreadableFile, mark

MAX_BYTES = 300 * 1024 * 1024
# What one person writes within an hour is one matter.
TOGETHER = timedelta(hours=1)


def read(path: Path, *, page_id: str = "", page_name: str = "") -> Iterator[OldItem | BadItem]:
    """Items of an export, in the file's order. ``page_id`` and ``page_name`` say who the Page is;
    without them it is guessed. Raises UnreadableFile."""
    body = _load(path)
    if isinstance(body, dict) and "messages" in body and "participants" in body:
        yield from _inbox(body, page_name)
        return
    if isinstance(body, dict) and isinstance(body.get("posts"), dict):
        body = body["posts"]
    posts = body.get("data") if isinstance(body, dict) else body
    if not isinstance(posts, list):
        raise UnreadableFile(
            "Tệp không phải bản xuất của Trang: cần danh sách bài viết (data) hoặc hộp thư "
            "(participants, messages)."
        )
    yield from _posts(posts, page_id)


def _load(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile("Tệp lớn quá 300 MB; hãy xuất theo từng khoảng thời gian.")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(f"Không mở được tệp: {error.strerror}.") from error
    except (ValueError, RecursionError):
        raise UnreadableFile("Tệp không phải JSON đọc được (UTF-8).") from None


def _posts(posts: list[Any], page_id: str) -> Iterator[OldItem | BadItem]:
    line = 0
    for post in posts:
        line += 1
        name = _word(post, "id")
        at = _time(post.get("created_time")) if isinstance(post, dict) else None
        if not name or at is None:
            yield BadItem(line, "bài viết thiếu id hoặc created_time")
            continue
        page = page_id or name.partition("_")[0]
        text = _word(post, "message") or _word(post, "story")
        link = _word(post, "permalink_url")
        yield OldItem(f"post:{name}", "post", line, text, at, post_id=name, permalink=link)
        for one in _comments(post, name, "", page, line):
            line = one.line
            yield one


def _comments(
    above: Any, post: str, parent: str, page: str, line: int, depth: int = 0
) -> Iterator[OldItem | BadItem]:
    held = above.get("comments") if isinstance(above, dict) else None
    found = held.get("data") if isinstance(held, dict) else None
    for one in found if isinstance(found, list) else ():
        line += 1
        name, text = _word(one, "id"), _word(one, "message")
        at = _time(one.get("created_time")) if isinstance(one, dict) else None
        if not name or at is None:
            yield BadItem(line, "bình luận thiếu id hoặc created_time")
            continue
        who = one.get("from") if isinstance(one.get("from"), dict) else {}
        author = _word(who, "id") or mark(_word(who, "name"))
        made = OldItem(
            f"comment:{name}", "comment", line, text, at, author=author, post_id=post,
            parent_id=parent, by_page=bool(author) and author == page,
            permalink=_word(one, "permalink_url"),
        )  # fmt: skip
        below = list(_comments(one, post, name, page, line, depth + 1)) if depth < 5 else []
        answers = [b for b in below if isinstance(b, OldItem) and b.by_page]
        if answers and not made.by_page:
            made = replace(made, answer=answers[0].text, answered_at=answers[0].at)
        yield made
        for under in below:
            line = max(line, under.line)
            yield under


def _inbox(body: dict[str, Any], page_name: str) -> Iterator[OldItem | BadItem]:
    people = [_whole(_word(one, "name")) for one in body["participants"] if isinstance(one, dict)]
    page = page_name or (people[-1] if people else "")
    given = body["messages"] if isinstance(body["messages"], list) else []
    rows: list[tuple[datetime, str, str, int]] = []
    for line, one in enumerate(given, start=1):
        at = _time(one.get("timestamp_ms")) if isinstance(one, dict) else None
        text = _whole(_word(one, "content"))
        if at is None:
            yield BadItem(line, "tin nhắn thiếu timestamp_ms")
        elif text:
            rows.append((at, _whole(_word(one, "sender_name")), text, line))
    rows.sort(key=lambda row: row[0])
    held: OldItem | None = None
    for at, sender, text, line in rows:
        if sender == page:
            if held is not None and not held.answer:
                held = replace(held, answer=text, answered_at=at)
            continue
        if held is not None and not held.answer and at - held.at <= TOGETHER:
            held = replace(held, text=f"{held.text}\n{text}")
            continue
        if held is not None:
            yield held
        key = hashlib.sha256(f"{mark(sender)}{at.isoformat()}".encode()).hexdigest()[:32]
        held = OldItem(
            f"message:{key}", "message", line, text, at, mark(sender), channel="messenger"
        )
    if held is not None:
        yield held


def _word(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found.replace("\x00", "").strip() if isinstance(found, str) else ""


def _whole(text: str) -> str:
    """Meta writes each byte of UTF-8 as a character of its own in these files."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _time(value: Any) -> datetime | None:
    """ISO 8601 ("2023-05-01T08:00:00+0000"), or seconds or milliseconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**14:
        return datetime.fromtimestamp(value / 1000 if value >= 10**11 else value, UTC)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
