"""Webhook bodies as Zalo builds and writes them: for the simulated server and tests."""

from __future__ import annotations

import json
from typing import Any

JsonObject = dict[str, Any]


def encode(body: Any) -> bytes:
    """JSON without spaces; the signature is over these very bytes."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def event(name: str, *, app: str, oa: str, person: str, at: int, **more: Any) -> JsonObject:
    """An event of a person. ``at`` counts milliseconds; Zalo writes it as a string."""
    return {
        "app_id": app,
        "sender": {"id": person},
        "user_id_by_app": f"9{person}",
        "recipient": {"id": oa},
        "event_name": name,
        **more,
        "timestamp": str(at),
    }


def message(text: str, msg_id: str, attachments: list[JsonObject] | None = None) -> JsonObject:
    """What was sent: words, and what hangs on them."""
    made: JsonObject = {"text": text} if text else {}
    if attachments:
        made["attachments"] = attachments
    return {**made, "msg_id": msg_id}


def attachment(kind: str, url: str, name: str = "") -> JsonObject:
    """A file as it comes with ``user_send_image``, ``user_send_file`` and the like."""
    payload: JsonObject = {"url": url}
    if kind == "image":
        payload["thumbnail"] = url
    if name:
        payload |= {"name": name, "size": "1024", "type": name.rpartition(".")[2]}
    return {"type": kind, "payload": payload}


def follow(*, app: str, oa: str, person: str, at: int, leaves: bool = False) -> JsonObject:
    """Somebody follows the OA, or no longer."""
    return {
        "oa_id": oa,
        "follower": {"id": person},
        "user_id_by_app": f"9{person}",
        "event_name": "unfollow" if leaves else "follow",
        "source": "oa_profile",
        "app_id": app,
        "timestamp": str(at),
    }


def oa_said(text: str, *, app: str, oa: str, person: str, msg_id: str, at: int) -> JsonObject:
    """The OA said something, through the API or in its manager."""
    return {
        "app_id": app,
        "sender": {"id": oa},
        "recipient": {"id": person},
        "event_name": "oa_send_text",
        "message": message(text, msg_id),
        "timestamp": str(at),
    }
