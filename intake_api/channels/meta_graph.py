"""The Send API's rules as the simulated Meta server keeps them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from intake_api.channels.twin_base import Refusal

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
ACTIONS = frozenset({"MARK_SEEN", "TYPING_ON", "TYPING_OFF"})
STATUS = {190: 401, 1: 500, 2: 503, 4: 400}
# Every refusal that this server knows, as Meta words it: for whoever wants to try them all.
ERRORS = {
    1: "An unknown error occurred",
    2: "Service temporarily unavailable",
    4: "Application request limit reached",
    10: "This message is sent outside of allowed window.",
    100: "Invalid parameter",
    190: "Invalid OAuth access token.",
    200: "Permissions error",
    230: "Requires pages_messaging permission to manage the object",
    368: "The action attempted has been deemed abusive or is otherwise disallowed",
    551: "This person isn't available right now.",
    613: "Calls to this api have exceeded the rate limit.",
    1200: "Temporary send message failure. Please try again later.",
    10900: "Activity already replied to.",
    10903: "This user cant reply to this activity.",
    10904: "Page messaging is disabled.",
    80006: "There have been too many calls to this Messenger account.",
}


class GraphError(Refusal):
    """A refusal in the Graph API's shape."""

    def __init__(
        self, code: int, message: str, *, subcode: int | None = None, status: int | None = None
    ) -> None:
        super().__init__(code, message)
        self.subcode = subcode
        self.status = status if status is not None else STATUS.get(code, 400)

    def as_dict(self) -> dict[str, Any]:
        """The body of the answer."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self}",
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "twin",
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error}


@dataclass(frozen=True, slots=True)
class Received:
    """A message that the server took."""

    psid: str
    text: str
    mid: str
    at: datetime
    messaging_type: str
    tag: str | None = None
    metadata: str | None = None
    quick_replies: tuple[dict[str, str], ...] = field(default=())
    comment_id: str | None = None  # the comment that it answers in private
    template: str | None = None

    @property
    def to(self) -> str:
        return self.psid

    def as_dict(self) -> dict[str, Any]:
        """For people who look at the server from outside."""
        return {
            "psid": self.psid,
            "text": self.text,
            "mid": self.mid,
            "at": self.at.isoformat(),
            "messaging_type": self.messaging_type,
            "tag": self.tag,
            "quick_replies": list(self.quick_replies),
            "comment_id": self.comment_id,
            "template": self.template,
        }


def read_message(
    body: Any,
    *,
    mid: str,
    now: datetime,
    last_inbound: Mapping[str, datetime],
    blocked: frozenset[str],
    human_agent_approved: bool,
    private_to: tuple[str, str] | None = None,
    templates: frozenset[str] = frozenset(),
) -> Received:
    """Checks one call of the Send API; raises GraphError as Meta would. ``private_to``: person
    and comment of a private reply, which has no window of its own here."""
    psid = private_to[0] if private_to else recipient(body)
    message = body.get("message")
    if not isinstance(message, dict):
        raise GraphError(100, "The parameter message is required.")
    if psid in blocked:
        raise GraphError(551, "This person isn't available right now.", subcode=1545041)
    template = _template(body, message, templates)
    words = message.get("text") if template is None else f"[{template}]"
    if not isinstance(words, str) or not words.strip():
        raise GraphError(100, "Message cannot be empty, must provide valid attachment or text")
    if len(words) > 2000:
        raise GraphError(100, "Length of param message[text] must be less than or equal to 2000")
    metadata = message.get("metadata")
    if metadata is not None and (not isinstance(metadata, str) or len(metadata) > 1000):
        raise GraphError(100, "Invalid parameter message[metadata]")
    if private_to is None and template is None:
        _check_window(body, now, last_inbound.get(psid), human_agent_approved)
    return Received(
        psid=psid,
        text=words,
        mid=mid,
        at=now,
        messaging_type=body.get("messaging_type", "PRIVATE_REPLY" if private_to else ""),
        tag=body.get("tag"),
        metadata=metadata,
        quick_replies=_quick_replies(message.get("quick_replies")),
        comment_id=private_to[1] if private_to else None,
        template=template,
    )


def _template(
    body: dict[str, Any], message: dict[str, Any], approved: frozenset[str]
) -> str | None:
    """Name and values of an approved template ("UTILITY"), or None for plain words."""
    if body.get("messaging_type") != "UTILITY":
        return None
    given = message.get("template")
    if not isinstance(given, dict) or given.get("name") not in approved:
        raise GraphError(100, "Invalid parameter message[template]")
    values = [
        str(parameter.get("text"))
        for part in given.get("components") or ()
        for parameter in part.get("parameters") or ()
    ]
    return " ".join([str(given["name"]), *values])


def recipient(body: Any) -> str:
    """The PSID that a call names."""
    party = body.get("recipient") if isinstance(body, dict) else None
    psid = party.get("id") if isinstance(party, dict) else None
    if not isinstance(psid, str) or not psid:
        raise GraphError(100, "The parameter recipient is required.")
    return psid


def _check_window(
    body: dict[str, Any], now: datetime, last: datetime | None, human_agent_approved: bool
) -> None:
    kind, tag = body.get("messaging_type"), body.get("tag")
    if kind == "MESSAGE_TAG" and tag == "HUMAN_AGENT":
        if not human_agent_approved:
            raise GraphError(200, "Requires the Human Agent feature to be approved")
        longest = WEEK
    elif kind == "RESPONSE" and tag is None:
        longest = DAY
    else:
        raise GraphError(100, "Invalid parameter messaging_type or tag")
    if last is None or now - last > longest:
        raise GraphError(10, "This message is sent outside of allowed window.", subcode=2018278)


def _quick_replies(given: Any) -> tuple[dict[str, str], ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not 1 <= len(given) <= 13:
        raise GraphError(100, "message[quick_replies] must have between 1 and 13 elements")
    for one in given:
        title = one.get("title") if isinstance(one, dict) else None
        payload = one.get("payload") if isinstance(one, dict) else None
        if not isinstance(title, str) or not 1 <= len(title) <= 20:
            raise GraphError(100, "Quick reply titles must have between 1 and 20 characters")
        if not isinstance(payload, str) or not 1 <= len(payload) <= 1000:
            raise GraphError(100, "Quick reply payloads must have between 1 and 1000 characters")
    return tuple(given)
