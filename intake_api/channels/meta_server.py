"""The HTTP side of the simulated Meta: the Send API and a small JSON control for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from intake_api.channels import twin_base
from intake_api.channels.meta_graph import GraphError
from intake_api.channels.twin_base import Delivery, Dropped, told
from intake_api.channels.twin_http import ControlledHandler

if TYPE_CHECKING:
    from intake_api.channels.meta_twin import MetaTwin

CALL = re.compile(
    r"/v\d+\.\d+/(me|\d+(?:_\d+)*)(?:/(messages|comments|pass_thread_control|take_thread_control))?"
)
USAGE = {
    "GET /twin/messages?psid=2002": "what the Page has sent (psid may be left out)",
    "POST /twin/say": {"psid": "2002", "text": "xin chào", "quick_reply": "optional payload"},
    "POST /twin/change": {"psid": "2002", "mid": "m_…", "text": "new words", "number": 1},
    "POST /twin/press": {"psid": "2002", "payload": "/greet", "title": "Bắt đầu"},
    "POST /twin/attach": {"psid": "2002", "url": "https://…/anh.jpg", "kind": "image"},
    "POST /twin/inbox": {"psid": "2002", "text": "an officer answers in Meta's own inbox"},
    "GET /twin/comments": "posts' comments as the platform has them",
    "POST /twin/post": {"text": "the Page publishes", "post_id": "9"},
    "POST /twin/comment": {"author": "4004", "text": "…", "comment_id": "9_1", "parent": ""},
    "POST /twin/edit": {"comment_id": "9_1", "text": "…"},
    "POST /twin/remove": {"comment_id": "9_1"},
    "POST /twin/hide": {"comment_id": "9_1", "hidden": True},
    "POST /twin/thread": {"psid": "2002", "app_id": 263902037430900},
    "POST /twin/hold": {},
    "POST /twin/release": {"shuffled": True, "repeat": 0.2, "batch": 5},
    "POST /twin/token": {"expired": True, "subcode": 463},
    "POST /twin/fail": {"code": 613, "times": 1, "subcode": None, "status": None},
    "POST /twin/delay": {"seconds": 0.2, "times": 1},
    "POST /twin/drop": {"times": 1},
    "POST /twin/block": {"psid": "2002", "blocked": True},
    "POST /twin/subscribe": {},
    "POST /twin/redeliver": {},
    "POST /twin/forget": {},
}


class Handler(ControlledHandler):
    """What this platform answers."""

    twin: MetaTwin
    usage, who = USAGE, "psid"

    def look_up(self, path: str) -> Any:
        if path != "/twin/comments":
            return None
        return [one.as_dict() for one in self.twin.wall.comments.values()]

    def do(self, verb: str, given: dict[str, Any]) -> Any:
        return command(self.twin, verb, given)

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        try:
            body = self.json_body()
        except ValueError:
            self.close_connection = True
            self.answer(400, GraphError(100, "Invalid JSON").as_dict())
            return
        found = CALL.fullmatch(address.path)
        if found:
            self._graph(found[1], found[2] or "", parse_qs(address.query), body)
        elif address.path.startswith("/twin/"):
            self.control(address.path, body)
        else:
            self.answer(404, GraphError(100, "Unknown path components").as_dict())

    def _graph(self, target: str, edge: str, query: dict[str, list[str]], body: Any) -> None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        token = bearer or query.get("access_token", [""])[0]
        try:
            answer = self.twin.take(target, edge, token, body)
        except GraphError as error:
            self.answer(error.status, error.as_dict())
        except Dropped:
            self.hang_up()
        else:
            self.answer(200, answer)


def command(meta: MetaTwin, verb: str, given: dict[str, Any]) -> Any:
    """Does what a person asks of the twin; raises KeyError, TypeError or ValueError."""
    if verb in DELIVERED:
        return told(_deliver(meta, verb, given))
    if verb == "release":
        return {"calls": meta.release(**given)}
    if verb == "subscribe":
        return {"subscribed": meta.subscribe()}
    if verb == "fail":
        meta.fail(
            int(given["code"]),
            times=int(given.get("times", 1)),
            subcode=given.get("subcode"),
            status=given.get("status"),
        )
    elif verb == "block":
        change = meta.blocked.add if given.get("blocked", True) else meta.blocked.discard
        change(str(given["psid"]))
    elif verb == "token":
        if given.get("expired", True):
            meta.expire_token(subcode=int(given.get("subcode", 463)))
        else:
            meta.renew_token()
    else:
        return twin_base.command(meta, verb, given)
    return {"done": True}


DELIVERED = frozenset(
    {
        "say", "change", "press", "attach", "inbox", "post", "comment", "edit", "remove", "hide",
        "thread",
    }
)  # fmt: skip


def _deliver(meta: MetaTwin, verb: str, given: dict[str, Any]) -> Delivery:
    wall, text = meta.wall, str(given.get("text", ""))
    if verb == "post":
        return wall.post(text, post_id=str(given.get("post_id", "")))
    if verb == "comment":
        return wall.comment(
            str(given["author"]), text, comment_id=str(given.get("comment_id", "")),
            post_id=str(given.get("post_id", "")), parent=str(given.get("parent", "")),
        )  # fmt: skip
    if verb == "edit":
        return wall.edit(str(given["comment_id"]), text)
    if verb == "remove":
        return wall.remove(str(given["comment_id"]))
    if verb == "hide":
        return wall.hide(str(given["comment_id"]), hidden=bool(given.get("hidden", True)))
    psid = str(given["psid"])
    if verb == "change":
        number = int(given.get("number", 1))
        return meta.edit(psid, text, mid=str(given["mid"]), number=number)
    if verb == "thread":
        app_id = given.get("app_id")
        return wall.take_thread(psid, int(app_id)) if app_id else wall.give_thread(psid)
    if verb == "press":
        return meta.press(psid, str(given["payload"]), str(given.get("title", "")))
    if verb == "attach":
        return meta.attach(psid, str(given["url"]), kind=str(given.get("kind", "image")))
    if verb == "inbox":
        return meta.answer_in_inbox(psid, str(given["text"]))
    return meta.say(psid, str(given["text"]), quick_reply=given.get("quick_reply"))
