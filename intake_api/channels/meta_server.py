"""The HTTP side of the simulated Meta: the Send API and a small JSON control for people."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from intake_api.channels.meta_graph import Dropped, GraphError

if TYPE_CHECKING:
    from intake_api.channels.meta_twin import MetaTwin

SEND = re.compile(r"/v\d+\.\d+/(\w+)/messages")
MAX_BODY = 1024 * 1024
USAGE = {
    "GET /twin/messages?psid=2002": "what the Page has sent (psid may be left out)",
    "POST /twin/say": {"psid": "2002", "text": "xin chào", "quick_reply": "optional payload"},
    "POST /twin/press": {"psid": "2002", "payload": "/greet", "title": "Bắt đầu"},
    "POST /twin/attach": {"psid": "2002", "url": "https://…/anh.jpg", "kind": "image"},
    "POST /twin/inbox": {"psid": "2002", "text": "an officer answers in Meta's own inbox"},
    "POST /twin/comment": {"author": "4004", "text": "…", "comment_id": "9_1", "verb": "add"},
    "POST /twin/fail": {"code": 613, "times": 1, "subcode": None, "status": None},
    "POST /twin/delay": {"seconds": 0.2, "times": 1},
    "POST /twin/drop": {"times": 1},
    "POST /twin/block": {"psid": "2002", "blocked": True},
    "POST /twin/subscribe": {},
    "POST /twin/redeliver": {},
    "POST /twin/forget": {},
}


class Server:
    """A running HTTP server on loopback."""

    def __init__(self, http: ThreadingHTTPServer) -> None:
        self._http = http
        self.port: int = http.server_address[1]
        self._thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops listening and waits for the thread."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # Without the name look-up of the base class, which can hang where there is no DNS.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


def serve(twin: MetaTwin, port: int) -> Server:
    """Starts the server of this twin; port 0 takes a free one."""

    class Handler(_Handler):
        meta = twin

    return Server(_Http(("127.0.0.1", port), Handler))


class _Handler(BaseHTTPRequestHandler):
    meta: MetaTwin
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/twin/messages":
            psid = parse_qs(address.query).get("psid", [""])[0]
            sent = self.meta.sent_to(psid) if psid else list(self.meta.received)
            self._answer(200, [one.as_dict() for one in sent])
        else:
            self._answer(200 if address.path in ("/", "/twin") else 404, USAGE)

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        try:
            body = self._body()
        except ValueError:
            self.close_connection = True
            self._answer(400, GraphError(100, "Invalid JSON").as_dict())
            return
        found = SEND.fullmatch(address.path)
        if found:
            self._send_api(found[1], parse_qs(address.query), body)
        elif address.path.startswith("/twin/"):
            self._control(address.path.removeprefix("/twin/"), body)
        else:
            self._answer(404, GraphError(100, "Unknown path components").as_dict())

    def _send_api(self, page: str, query: dict[str, list[str]], body: Any) -> None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        token = bearer or query.get("access_token", [""])[0]
        try:
            answer = self.meta.take(page, token, body)
        except GraphError as error:
            self._answer(error.status, error.as_dict())
        except Dropped:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._answer(200, answer)

    def _control(self, verb: str, body: Any) -> None:
        try:
            self._answer(200, command(self.meta, verb, body if isinstance(body, dict) else {}))
        except (KeyError, TypeError, ValueError) as error:
            self._answer(400, {"error": f"{type(error).__name__}: {error}", "usage": USAGE})

    def _body(self) -> Any:
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 <= size <= MAX_BODY:
            raise ValueError("too large")
        raw = self.rfile.read(size)
        try:
            return json.loads(raw) if raw else {}
        except RecursionError:
            raise ValueError("too deep") from None

    def _answer(self, status: int, body: Any) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        with contextlib.suppress(OSError):  # the caller may have gone
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: whoever wants to see what came in asks for it."""


def command(meta: MetaTwin, verb: str, given: dict[str, Any]) -> Any:
    """Does what a person asks of the twin; raises KeyError, TypeError or ValueError."""
    if verb in ("say", "press", "attach", "inbox", "comment"):
        delivery = _deliver(meta, verb, given)
        return {"status": delivery.status, "answer": delivery.text}
    if verb == "fail":
        meta.fail(
            int(given["code"]),
            times=int(given.get("times", 1)),
            subcode=given.get("subcode"),
            status=given.get("status"),
        )
    elif verb == "delay":
        meta.delay(float(given["seconds"]), times=int(given.get("times", 1)))
    elif verb == "drop":
        meta.drop_answer(times=int(given.get("times", 1)))
    elif verb == "block":
        change = meta.blocked.add if given.get("blocked", True) else meta.blocked.discard
        change(str(given["psid"]))
    elif verb == "subscribe":
        return {"subscribed": meta.subscribe()}
    elif verb == "redeliver":
        return [{"status": one.status, "answer": one.text} for one in meta.redeliver()]
    elif verb == "forget":
        meta.forget()
    else:
        raise KeyError(verb)
    return {"done": True}


def _deliver(meta: MetaTwin, verb: str, given: dict[str, Any]) -> Any:
    if verb == "comment":
        return meta.comment(
            str(given["author"]),
            str(given["text"]),
            comment_id=str(given["comment_id"]),
            verb=str(given.get("verb", "add")),
        )
    psid = str(given["psid"])
    if verb == "press":
        return meta.press(psid, str(given["payload"]), str(given.get("title", "")))
    if verb == "attach":
        return meta.attach(psid, str(given["url"]), kind=str(given.get("kind", "image")))
    if verb == "inbox":
        return meta.answer_in_inbox(psid, str(given["text"]))
    return meta.say(psid, str(given["text"]), quick_reply=given.get("quick_reply"))
