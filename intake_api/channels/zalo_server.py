"""The HTTP side of the simulated Zalo: open API, tokens, files, and a JSON control for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from intake_api.channels import twin_base
from intake_api.channels.twin_base import Delivery, Dropped, told
from intake_api.channels.twin_http import ControlledHandler
from intake_api.channels.zalo_openapi import OpenApiError

if TYPE_CHECKING:
    from intake_api.channels.zalo_twin import ZaloTwin

SEND = "/v3.0/oa/message/cs"
TOKEN = "/v4/oa/access_token"  # noqa: S105 - an address
USAGE = {
    "GET /twin/messages?person=4004": "what the OA has sent (person may be left out)",
    "POST /twin/say": {"person": "4004", "text": "xin chào"},
    "POST /twin/attach": {"person": "4004", "kind": "image", "url": "https://…/anh.jpg"},
    "POST /twin/follow": {"person": "4004", "leaves": False},
    "POST /twin/manager": {"person": "4004", "text": "an officer answers in Zalo's own manager"},
    "POST /twin/hold": {},
    "POST /twin/release": {"shuffled": True, "repeat": 0.2},
    "POST /twin/expire": {"refresh": False},
    "POST /twin/fail": {"code": -32, "times": 1, "status": None},
    "POST /twin/delay": {"seconds": 0.2, "times": 1},
    "POST /twin/drop": {"times": 1},
    "POST /twin/block": {"person": "4004", "blocked": True},
    "POST /twin/redeliver": {},
    "POST /twin/forget": {},
}


class Broken(Exception):
    """The server answers with this HTTP status and no JSON."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Handler(ControlledHandler):
    """What this platform answers."""

    twin: ZaloTwin
    usage, who = USAGE, "person"

    def look_up(self, path: str) -> Any:
        if not path.startswith("/files/"):
            return None
        return self.twin.files.get(path.removeprefix("/files/"))

    def do(self, verb: str, given: dict[str, Any]) -> Any:
        return command(self.twin, verb, given)

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        try:
            if path == TOKEN:
                self._token()
                return
            body = self.json_body()
        except ValueError:
            self.close_connection = True
            self.answer(200, OpenApiError(-201, "Invalid JSON").as_dict())
            return
        if path == SEND:
            self._send(body)
        elif path.startswith("/twin/"):
            self.control(path, body)
        else:
            self.answer(404, OpenApiError(-205, "empty api").as_dict())

    def _send(self, body: Any) -> None:
        try:
            found = self.twin.take(self.headers.get("access_token", ""), body)
        except OpenApiError as error:
            self.answer(200, error.as_dict())
        except Broken as broken:
            self.answer(broken.status, b"<html>Bad gateway</html>")
        except Dropped:
            self.hang_up()
        else:
            self.answer(200, found)

    def _token(self) -> None:
        form = {name: values[0] for name, values in parse_qs(self.raw_body().decode()).items()}
        try:
            self.answer(200, self.twin.renew(self.headers.get("secret_key", ""), form))
        except Broken as broken:
            self.answer(broken.status, b"<html>Bad gateway</html>")


def command(zalo: ZaloTwin, verb: str, given: dict[str, Any]) -> Any:
    """Does what a person asks of the twin; raises KeyError, TypeError or ValueError."""
    if verb in ("say", "attach", "follow", "manager"):
        return told(_deliver(zalo, verb, given))
    if verb == "release":
        again = zalo.release(
            shuffled=bool(given.get("shuffled")), repeat=float(given.get("repeat", 0))
        )
        return [told(one) for one in again]
    if verb == "expire":
        zalo.expire(refresh=bool(given.get("refresh")))
    elif verb == "fail":
        zalo.fail(
            int(given.get("code", 0)), times=int(given.get("times", 1)), status=given.get("status")
        )
    elif verb == "block":
        blocked = zalo.people.blocked
        change = blocked.add if given.get("blocked", True) else blocked.discard
        change(str(given["person"]))
    else:
        return twin_base.command(zalo, verb, given)
    return {"done": True}


def _deliver(zalo: ZaloTwin, verb: str, given: dict[str, Any]) -> Delivery:
    person = str(given["person"])
    if verb == "attach":
        return zalo.attach(person, str(given["url"]), kind=str(given.get("kind", "image")))
    if verb == "follow":
        return zalo.follow(person, leaves=bool(given.get("leaves")))
    if verb == "manager":
        return zalo.answer_in_manager(person, str(given["text"]))
    return zalo.say(person, str(given["text"]))
