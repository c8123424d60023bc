"""A small intake that speaks the contract of tests/contract/bot_api, for the assistant's tests.

It keeps drafts and answers by key words; every body it returns starts from a contract example, so
the shapes are those the real intake is tested against.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from vntext import find_codes, fold

CONTRACT = Path(__file__).parents[1] / "contract" / "bot_api"
TOKEN = "t" * 40
CODE = "PA-2611-7K3M-9QX4"
PIN = "482913"


def example(name: str) -> dict[str, Any]:
    """One contract example: request and response."""
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


def body(name: str) -> dict[str, Any]:
    """A fresh copy of an example's response body."""
    return copy.deepcopy(example(name)["response"]["body"])


class FakeIntake:
    """State of the fake: drafts, calls seen, and whether it is down."""

    def __init__(self) -> None:
        self.down = False
        self.calls: list[tuple[str, str, dict[str, Any], str]] = []
        self.drafts: dict[str, dict[str, Any]] = {}
        self.with_case: set[str] = set()
        self.answered: dict[str, tuple[int, Any]] = {}
        self.base = ""

    def handle(self, method: str, path: str, sent: dict[str, Any], key: str) -> tuple[int, Any]:
        """Answer one request."""
        if key and key in self.answered:
            return self.answered[key]
        result = self._route(method, path.removeprefix("/bot/v1"), sent)
        if key:
            self.answered[key] = result
        return result

    def _route(self, method: str, path: str, sent: dict[str, Any]) -> tuple[int, Any]:
        draft = re.fullmatch(r"/drafts/([^/]+)(/submit)?", path)
        if draft and draft[1] not in self.drafts:
            return 404, body("draft_gone")
        if draft and draft[2]:
            return 201, self._submit(self.drafts.pop(draft[1]))
        if draft and method == "DELETE":
            del self.drafts[draft[1]]
            return 204, None
        if draft:
            return 200, self._change(self.drafts[draft[1]], sent)
        routes = {
            "/answer": self._answer,
            "/drafts": self._draft,
            "/status": self._status,
            "/handoff": lambda _: (201, body("handoff")),
            "/press": lambda _: (201, body("press")),
            "/danger": lambda _: (201, body("danger")),
        }
        if path not in routes or "sender" not in sent:
            return 422, body("refused")
        return routes[path](sent)

    def _answer(self, sent: dict[str, Any]) -> tuple[int, Any]:
        folded = fold(sent["text"]).lower()
        if sent.get("slug"):
            name = "answer_more" if sent.get("more") else "answer_slug"
            known = [a for a in body("answer_suggest")["answers"] if a["slug"] == sent["slug"]]
            return 200, {**body(name), "answers": known}
        if "mon" in folded and "thi" in folded:
            return 200, body("answer")
        if "tot nghiep" in folded:
            return 200, body("answer_suggest")
        return 200, body("answer_decline")

    def _draft(self, sent: dict[str, Any]) -> tuple[int, Any]:
        folded = fold(sent["text"]).lower()
        name = "draft_no_place"
        for words, chosen in (
            ("an chan|to cao", "draft_confidential"),
            ("chiu khong biet", "draft_question"),
            ("thu .*an (ban tru|trua)", "draft_two_issues"),
            ("cam on|khen", "draft_praise"),
            ("tran phu|ban tru", "draft"),
        ):
            if re.search(words, folded):
                name = chosen
                break
        draft = body(name)
        draft["draft_id"] = f"d-{len(self.calls)}"
        draft["danger"] = "chay mau" in folded
        self.drafts[draft["draft_id"]] = {
            "reply": draft,
            "text": sent["text"],
            "sender": sent["sender"],
            "fields": {},
        }
        return 201, draft

    def _change(self, draft: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        if "text_append" in sent:
            draft["text"] += "\n" + sent["text_append"]
        draft["text"] = sent.get("text_replace", draft["text"])
        draft["fields"].update(sent)
        anonymous = draft["fields"].get("anonymous")
        place = draft["fields"].get("place_text") or draft["reply"]["place"]["school"]
        summary = [
            f"{draft['reply']['kind_name']}: {draft['reply']['matter']}",
            f"Nơi xảy ra: {place or 'chưa rõ'}",
            f"Nội dung: {draft['text']}",
            "Gửi ẩn danh" if anonymous else "Người gửi: có tên hoặc cách liên hệ",
        ]
        if draft["reply"]["confidential"]:
            summary = ["Ý kiến vào kênh riêng", summary[3]]
        kind = "anonymous" if anonymous else "named"
        return {**draft["reply"], "contact_kind": kind, "summary": summary}

    def _submit(self, draft: dict[str, Any]) -> dict[str, Any]:
        assert draft["fields"].get("consent") is True, "submitted without consent"
        self.with_case.add(draft["sender"])
        return body("submit")

    def _status(self, sent: dict[str, Any]) -> tuple[int, Any]:
        if not find_codes(sent["text"]):
            name = "status" if sent["sender"] in self.with_case else "status_none"
        elif "pin" not in sent:
            name = "status_needs_pin"
        else:
            right = find_codes(sent["text"]) == [right_code()] and sent["pin"] == PIN
            name = "status_pin" if right else "status_not_found"
        return 200, body(name)


def right_code() -> str:
    """A code whose check character is right (those in the examples are only illustrations)."""
    from vntext import format_code

    return format_code("2611", "7K3M9QX")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without this each small answer waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    intake: FakeIntake

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(size) or b"{}")
        key = self.headers.get("Idempotency-Key") or ""
        if self.intake.down:
            return self._reply(503, {"title": "down"})
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._reply(401, {"title": "Thiếu quyền", "status": 401})
        self.intake.calls.append((self.command, self.path, sent, key))
        return self._reply(*self.intake.handle(self.command, self.path, sent, key))

    do_POST = do_PATCH = do_DELETE = _serve

    def _reply(self, status: int, content: Any) -> None:
        data = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Stay quiet."""


def start() -> tuple[FakeIntake, ThreadingHTTPServer]:
    """Start a fake intake on a free loopback port."""
    intake = FakeIntake()
    handler = type("Handler", (_Handler,), {"intake": intake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    intake.base = f"http://127.0.0.1:{server.server_port}"
    return intake, server
