"""After a case was sent: which sentences belong to it, and which are a matter of their own."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.client import intake
from actions.contact import read_contact
from actions.turn import Turn, question_shaped
from vntext import views

_ADDS = re.compile(
    r"^(?:da |a |ah |u |vang |cho (?:em|toi|minh) |em |toi |minh |xin |muon )*"
    r"(?:bo sung|(?:noi|viet|ke|gui|them) them|them (?:nua|la|mot|1|y|vao)|ngoai ra|con nua"
    r"|con thieu"
    r"|xem (?:xet )?lai)\b"
)
_FURTHER = re.compile(
    r"^(?:va |ma |truong |nha truong |ho |co giao )?con (?:thu|bat|ca|nua|mot|1|viec|chuyen"
    r"|them|chua)\b"
)
_NOT_YET = re.compile(r"\b(?:chua thay|van chua|van thu|van con|de nghi .{0,40}xem (?:xet )?lai)\b")
# "chưa thấy trả lời" asks where the case is.
_STATUS = re.compile(r"\b(?:tra loi|phan hoi|hoi am|ket qua|den dau|tra cuu|tinh trang|xu ly)\b")
_BUT = re.compile(r"\b(?:cam on|cam on|thank|tks)\b.*?\bnhung(?: ma)?\b(?P<rest>.+)")
_CONTACT_WORDS = 10


def but(text: str) -> bool:
    """Whether thanks are only the beginning ("cảm ơn, nhưng …")."""
    match = _BUT.search(views(text).folded)
    return match is not None and len(match["rest"].split()) >= 2


def belongs_to_case(turn: Turn) -> bool:
    """Whether the message adds to a case of this conversation."""
    if not turn.metadata.get("has_open_case") or not turn.typed:
        return False
    folded = views(turn.typed).folded
    if _ADDS.match(folded) or but(turn.typed):
        return True
    if turn.words <= _CONTACT_WORDS and not question_shaped(turn.typed):
        contact = read_contact(turn.typed)
        if contact.phone or contact.email:
            return True
    if _FURTHER.match(folded):
        return True
    return (
        bool(_NOT_YET.search(folded))
        and not _STATUS.search(folded)
        and not question_shaped(turn.typed)
    )


async def supplement(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """Add the message to the case and say so."""
    body = turn.body(text=turn.typed, reason="supplement")
    reply = await intake().call("POST", "/handoff", body, key=turn.key("handoff"))
    dispatcher.utter_message(response="utter_handoff", notice=reply["notice"])
